"""The product with one leak planted in each: what the attackers must find.

Each overrides one step of ``Product``; the rest is the product as it is.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Any
from unittest.mock import patch

from django.db import connection, transaction

from surveys.box import moving, sealing, wave_secret
from surveys.fieldwork import waves
from surveys.models import Ballot, Cell, Comment, Delivery, Participant, Wave
from tests.attackers.people import Person, Product
from tests.surveys.box import opened

DELETE_BALLOTS = "DELETE FROM surveys_ballot WHERE wave_id = %(wave)s"


def _run(statement: str, *values: Any) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)


class OpenAnswers(Product):
    """Each answer also lies open in the box, written in the ballot's transaction."""

    def prepare(self, wave: Wave) -> None:
        _run(
            "CREATE TABLE surveys_planted (id serial, wave_id bigint, cell_id bigint,"
            " answers smallint[], comments text[])"
        )

    def send(self, person: Person, ballot: str) -> None:
        with transaction.atomic(savepoint=False):
            wave = Participant.objects.get(pk=person.id).wave_id
            _run(
                "INSERT INTO surveys_planted (wave_id, cell_id, answers, comments)"
                " VALUES (%s, %s, %s::smallint[], %s)",
                *(wave, cell_now(person), list(person.answers), [person.comment]),
            )
            super().send(person, ballot)


def cell_now(person: Person) -> int:
    """A leak may have put the person elsewhere since."""
    return Participant.objects.get(pk=person.id).cell_id or 0


class StartedMark(OpenAnswers):
    """Opening the form touches the register in real time."""

    def open(self, person: Person) -> str:
        Participant.objects.filter(pk=person.id).update(has_left=False)
        return super().open(person)

    def work(self, wave: Wave, now: datetime) -> None:
        """Without marks of finishers, which would hide those of starters."""


class ToldToTheMailer(OpenAnswers):
    """Whoever has just answered is taken off the mailing list at once."""

    def remind(self, wave: Wave) -> None:
        """Each message of theirs is written by itself, and would hide the mark."""

    def send(self, person: Person, ballot: str) -> None:
        super().send(person, ballot)
        Delivery.objects.filter(participant=person.id).update(error="sudah")


class NamedComment(OpenAnswers):
    """A comment that names its author is stored in the ballot's own transaction."""

    def prepare(self, wave: Wave) -> None:
        super().prepare(wave)
        _run("CREATE TABLE surveys_planted_2 (wave_id bigint, author uuid, text text)")

    def send(self, person: Person, ballot: str) -> None:
        with transaction.atomic():
            wave = Participant.objects.get(pk=person.id).wave_id
            row = (wave, str(person.id), person.comment)
            _run("INSERT INTO surveys_planted_2 VALUES (%s, %s, %s)", *row)
            super().send(person, ballot)


class KeptSerial(Product):
    """Sealed answers keep the serial of their ballot."""

    def seal(self, wave: Wave) -> None:
        _run(
            "CREATE TABLE surveys_planted"
            " (serial uuid, wave_id bigint, cell_id bigint, answers smallint[])"
        )
        insert = "INSERT INTO surveys_planted VALUES (%s, %s, %s, %s::smallint[])"
        rows = Ballot.objects.filter(wave=wave).order_by("serial")
        for row, content in zip(rows, opened(wave), strict=True):
            _run(insert, row.serial, wave.pk, row.cell_id, list(content.answers))
        super().seal(wave)


class SecretInTheDatabase(Product):
    """The wave's secret is kept where a setting would be."""

    def prepare(self, wave: Wave) -> None:
        secret = wave_secret.read(wave).hex()
        _run(f"CREATE TABLE surveys_planted AS SELECT '{secret}' AS value")


class ShuffledInPlace(Product):
    """Sealing moves the answers in random order and leaves the emptied files alone."""

    def seal(self, wave: Wave) -> None:
        waves.close_wave(wave=wave)
        wave = waves.start_sealing(wave=wave)
        with patch.object(moving, "EMPTY_BOX", DELETE_BALLOTS):
            for step, act in sealing.steps_of(wave):
                if act is sealing.scrub_disk:
                    Wave.objects.filter(pk=wave.pk).update(sealing_step=step)
                else:
                    sealing.take_step(wave, step, act)


Order = Callable[[Wave, Sequence[Person]], Sequence[Person]]


class SealedInOrder(Product):
    """Sealed answers lie, one by one, in an order that leads to people."""

    def __init__(self, order: Order) -> None:
        super().__init__()
        self.order = order
        self.people: list[Person] = []

    def send(self, person: Person, ballot: str) -> None:
        super().send(person, ballot)
        self.people.append(person)

    def seal(self, wave: Wave) -> None:
        super().seal(wave)
        _run(
            "CREATE TABLE surveys_planted"
            " (id serial, wave_id bigint, cell_id bigint, answers smallint[])"
        )
        insert = (
            "INSERT INTO surveys_planted (wave_id, cell_id, answers)"
            " VALUES (%s, %s, %s::smallint[])"
        )
        for person in self.order(wave, self.people):
            _run(insert, wave.pk, person.cell, list(person.answers))


def as_they_came(wave: Wave, people: Sequence[Person]) -> Sequence[Person]:
    return people


def as_registered(wave: Wave, people: Sequence[Person]) -> Sequence[Person]:
    """As the rows of the register lie."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT id FROM surveys_participant ORDER BY ctid")
        place = {person: n for n, (person,) in enumerate(cursor.fetchall())}
    return sorted(people, key=lambda person: place[person.id])


def as_receipts(wave: Wave, people: Sequence[Person]) -> Sequence[Person]:
    """As the leaves of the sealed receipts lie."""
    return sorted(people, key=lambda person: person.leaf)


def as_comments(wave: Wave, people: Sequence[Person]) -> Sequence[Person]:
    """As the sealed comments lie."""
    texts = list(Comment.objects.filter(wave=wave).order_by("pk"))
    place = {comment.text: n for n, comment in enumerate(texts)}
    return sorted(people, key=lambda person: place[person.comment])


class ShuffledOpenly(OpenAnswers):
    """The opened answers lay in a table in order of arrival, and were deleted there."""

    def seal(self, wave: Wave) -> None:
        super().seal(wave)
        _run("DELETE FROM surveys_planted")


class CellOfOne(OpenAnswers):
    """Unit by sex by a finer and finer grade, with nobody else in the group."""

    def prepare(self, wave: Wave) -> None:
        super().prepare(wave)
        for person in Participant.objects.filter(wave=wave).select_related("cell"):
            if person.cell is not None:
                code = f"{person.cell.code}|{person.pk.hex[:12]}"
                unit = person.cell.unit
                person.cell = Cell.objects.create(
                    wave=wave, code=code, unit=unit, n_registered=1
                )
                person.save()


class AccessLog(OpenAnswers):
    """The web server writes each address it was asked for, with the time."""

    def open(self, person: Person) -> str:
        time = datetime(2026, 11, 2, 8) + timedelta(minutes=4 * len(self.texts))  # noqa: DTZ001  # as a log writes it
        self.texts.append(f'{time} "GET /survei/{person.code}/ HTTP/1.1" 200')
        return super().open(person)
