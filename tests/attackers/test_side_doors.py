"""Side doors: who took part, who shared a telephone, what the server has just done."""

from __future__ import annotations

import math
import struct
import threading
import time
from collections.abc import Iterable, Iterator
from contextlib import closing
from datetime import timedelta
from itertools import pairwise

import psycopg2
import pytest
from django.db import connection, connections

from berakhlak.engines import APP
from surveys.answering.responding import Filled, submit_response
from surveys.box import ballots
from surveys.models import Participant, Wave
from tests.attackers.conftest import Tell
from tests.attackers.leaks import ShuffledInPlace
from tests.attackers.people import Person, Product, Story, dice
from tests.attackers.reading import Row, heap_files, log_since
from tests.surveys.box import answer, make_open_wave, people_of

pytestmark = pytest.mark.django_db(transaction=True)

# -- Who took part ---------------------------------------------------------------------

MANY = {"01": "F" * 130 + "M" * 120, "02": "F" * 110 + "M" * 140}
"""Enough people for a register of many pages."""


def test_after_sealing_the_register_does_not_tell_who_took_part(tell_one: Tell) -> None:
    """Knows of each person whether the one whose row lies before took part."""
    story = tell_one(Product(), timedelta(seconds=8), register=MANY, share=0.5)
    came = {str(person) for person in story.known.arrivals}
    rows = sorted(story.sealed.of("surveys_participant"), key=lambda row: row.place)
    took_part = [row.values["id"] in came for row in rows]
    right = sum(a == b for a, b in pairwise(took_part))
    n = len(took_part) - 1
    limit = 0.5 * n + 3 * math.sqrt(0.25 * n)
    assert right <= limit, f"{right} of {n} right, limit {limit:.0f}"


# -- What is left of the open box ------------------------------------------------------


def left_in(files: Iterable[bytes], story: Story) -> int:
    """How many of the wave's ballots still lie there, deleted or not."""
    content = b"\n".join(files)
    serials = (ballots.serial_of(story.known.secret, p) for p in story.known.arrivals)
    return sum(ballots.row_key(serial).bytes in content for serial in serials)


def test_whoever_reads_files_finds_ballots_that_were_only_deleted(
    tell_one: Tell,
) -> None:
    """Without this the next two would prove nothing."""
    story = tell_one(ShuffledInPlace())
    assert left_in(heap_files(), story) == len(story.known.arrivals)


def test_a_writer_in_another_database_does_not_keep_old_ballots(tell_one: Tell) -> None:
    """One server, two databases: rows deleted here stay as long as it writes there."""
    parameters = connection.get_connection_params() | {"dbname": "postgres"}
    with closing(psycopg2.connect(**parameters)) as elsewhere:
        with elsewhere.cursor() as cursor:
            cursor.execute("SELECT pg_current_xact_id()")
        story = tell_one(Product())
    assert left_in(heap_files(), story) == 0


def test_after_sealing_the_log_does_not_hold_the_ballots(tell_one: Tell) -> None:
    """Reads the files of the write-ahead log on the server after sealing."""
    since = time.time() - 1
    story = tell_one(Product())
    assert left_in([log_since(since)], story) == 0


# -- Who was reminded ------------------------------------------------------------------


class Looking(Product):
    """Looks for people in deliveries, deleted or not, as soon as the wave is sealed."""

    n_found = -1

    def seal(self, wave: Wave) -> None:
        people = list(
            Participant.objects.filter(wave=wave).values_list("pk", flat=True)
        )
        super().seal(wave)
        content = b"\n".join(heap_files())
        heads = [struct.pack("<q", mailing) for mailing in self.mailings]
        keys = (person.bytes for person in people)
        self.n_found = sum(any(h + key in content for h in heads) for key in keys)


class LookingIntoOldFiles(Looking, ShuffledInPlace):
    """The same where sealing leaves the emptied files alone."""


def test_whoever_reads_files_finds_deliveries_that_were_only_deleted(
    tell_one: Tell,
) -> None:
    """Without this the next one would prove nothing."""
    product = LookingIntoOldFiles()
    story = tell_one(product)
    assert product.n_found == len(story.known.cells)


def test_after_sealing_nothing_tells_who_was_reminded(tell_one: Tell) -> None:
    product = Looking()
    story = tell_one(product)
    assert story.midway.of("surveys_delivery")
    assert not story.sealed.of("surveys_delivery")
    assert product.n_found == 0


# -- Who shared a telephone ------------------------------------------------------------


class SharedPhone(Product):
    """The first two who answer in each cell do so on one telephone."""

    def __init__(self) -> None:
        super().__init__()
        self.pairs: dict[int, list[Person]] = {}

    def send(self, person: Person, ballot: str) -> None:
        pair = self.pairs.setdefault(person.cell, [])
        if len(pair) < 2:
            pair.append(person)
        device = f"{person.cell}" if person in pair else f"{person.id}"
        filled = Filled([*person.answers], [person.comment], device=device)
        submit_response(ballot=ballot, filled=filled)


def clusters_of(story: Story, cell: int) -> Iterator[list[Row]]:
    """Answers of a cell by the number of the device they came from."""
    rows = [
        row
        for row in story.sealed.of("surveys_answer")
        if row.values["cell_id"] == story.sealed.home(cell)
    ]
    for number in {row.values["device_cluster"] for row in rows} - {0}:
        yield [row for row in rows if row.values["device_cluster"] == number]


def test_after_sealing_a_shared_telephone_does_not_narrow_down(tell_one: Tell) -> None:
    """Knows who shared one; guesses among the answers of the clusters of two."""
    rng = dice(2)
    hits = n = 0
    for _ in range(4):
        phone = SharedPhone()
        story = tell_one(phone)
        for cell, pair in phone.pairs.items():
            rows = [row for c in clusters_of(story, cell) if len(c) == 2 for row in c]
            rng.shuffle(rows)
            guessed = dict(zip((p.id for p in pair), rows, strict=False))
            hits += sum(
                guessed[p.id].answers == p.answers for p in pair if p.id in guessed
            )
            n += len(pair)
    limit = n / 10 + 3 * math.sqrt(n * 0.09)
    assert hits <= limit, f"{hits} of {n} linked, limit {limit:.1f}"


# -- What the server has just done -----------------------------------------------------


def test_the_servers_activity_shows_no_answer() -> None:
    """A web process that has just taken an answer and waits for the next one."""
    wave = make_open_wave({"01": "F" * 12})
    person = people_of(wave)[0]
    is_sent, is_read = threading.Event(), threading.Event()

    def send() -> None:
        connection.settings_dict = {**connection.settings_dict, "USER": APP}
        try:
            answer(person, 1, 2, 4)
            is_sent.set()
            is_read.wait(20)
        finally:
            connections.close_all()

    web = threading.Thread(target=send)
    web.start()
    assert is_sent.wait(20)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT query FROM pg_stat_activity WHERE pid <> pg_backend_pid()"
            " AND datname = current_database()"
        )
        seen = [query for (query,) in cursor.fetchall()]
    is_read.set()
    web.join()
    assert seen
    assert not [query for query in seen if "surveys_ballot" in query]
