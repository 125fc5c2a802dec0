"""Sealing: everything taken is in the sealed box, and nothing leads back."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from unittest.mock import patch

import pytest
from django.db import IntegrityError, connection, connections
from django.db.models import ProtectedError, RestrictedError

from surveys.answering.responding import (
    NotOpen,
    UnknownCode,
    invitation_for,
    submit_response,
)
from surveys.box import merkle, moving, sealing
from surveys.box.ballots import in_groups, normalise
from surveys.box.merging import merge_cells
from surveys.box.proofs import find_proof
from surveys.box.wave_secret import path_of
from surveys.errors import SealingWaits, SurveyError, WrongState
from surveys.fieldwork import waves
from surveys.models import (
    Answer,
    Arrival,
    Ballot,
    Cell,
    Comment,
    Participant,
    Receipt,
    Wave,
)
from surveys.monitoring import progress
from surveys.monitoring.progress import count_arrivals, mark_finished
from tests.conftest import environment_of_tests
from tests.surveys.box import (
    answer,
    ballot_of,
    code_of,
    fill,
    make_draft,
    make_open_wave,
    make_units,
    opened,
    people_of,
    register,
)

pytestmark = pytest.mark.django_db(transaction=True)


def close_and_seal(wave: Wave) -> Wave:
    waves.close_wave(wave=wave)
    return sealing.seal_wave(wave=waves.start_sealing(wave=wave))


def answered_wave(n: int = 24) -> tuple[Wave, list[str]]:
    wave = make_open_wave({"01": "F" * 15 + "M" * 15, "02": "M" * 20})
    people = people_of(wave)[:n]
    receipts = [
        answer(person, 1 + number % 4, comment=f"Saran {number}" if number < 3 else "")
        for number, person in enumerate(people)
    ]
    return wave, receipts


def test_what_was_sent_is_in_the_sealed_box_and_nowhere_else() -> None:
    wave, receipts = answered_wave()
    sent = Counter(tuple(content.answers) for content in opened(wave))
    wave = close_and_seal(wave)
    assert wave.state == Wave.State.SEALED
    assert Counter(tuple(row.answers) for row in Answer.objects.all()) == sent
    assert wave.n_answers == len(receipts) == Receipt.objects.count()
    assert not Ballot.objects.exists()
    assert sorted(Comment.objects.values_list("text", flat=True)) == [
        "Saran 0",
        "Saran 1",
        "Saran 2",
    ]


def test_every_receipt_can_be_proved_against_the_published_root() -> None:
    wave, receipts = answered_wave()
    wave = close_and_seal(wave)
    for receipt in receipts:
        proof = find_proof(normalise(in_groups(receipt)))
        assert proof is not None
        steps = [(side, bytes.fromhex(sibling)) for side, sibling in proof.steps]
        root = bytes.fromhex(wave.merkle_root)
        assert merkle.is_included(merkle.leaf_of(receipt), steps, root)
    assert find_proof("0" * 16) is None


def test_secret_codes_and_finished_marks_are_gone() -> None:
    wave, _receipts = answered_wave()
    person = people_of(wave)[0]
    code = code_of(person)
    mark_finished(wave=wave)
    close_and_seal(wave)
    assert not path_of(wave).exists()
    states = Participant.objects.values_list("state", "code_hash").distinct()
    assert list(states) == [("invited", None)]
    with pytest.raises(UnknownCode):
        invitation_for(code)


def test_a_resend_after_sealing_gets_its_receipt_and_a_late_send_a_refusal() -> None:
    wave, _receipts = answered_wave(20)
    early, late = people_of(wave)[5], people_of(wave)[25]
    sent, unsent = ballot_of(early), ballot_of(late)
    receipt = submit_response(ballot=sent, filled=fill(wave))
    close_and_seal(wave)
    assert submit_response(ballot=sent, filled=fill(wave)) == receipt
    with pytest.raises(NotOpen):
        submit_response(ballot=unsent, filled=fill(wave))
    assert Answer.objects.count() == 20


def test_cells_end_with_ten_answers_or_are_whole_competing_units() -> None:
    wave = make_open_wave(
        {"01.01": "F" * 12, "01.02": "M" * 12, "01.03": "F" * 30, "02": "M" * 20}
    )
    for unit, n in (("01.01", 4), ("01.02", 5), ("01.03", 25), ("02", 7)):
        for person in people_of(wave, unit)[:n]:
            answer(person)
    close_and_seal(wave)
    n_of = Counter(Answer.objects.values_list("cell__unit__code", flat=True))
    assert n_of == {"01": 34, "02": 7}
    frame = dict(
        Cell.objects.filter(merged_into=None).values_list("unit__code", "n_registered")
    )
    assert frame == {"01": 54, "02": 20}


@pytest.mark.parametrize("n_done", range(6))
def test_sealing_goes_on_where_it_stopped(n_done: int) -> None:
    wave, receipts = answered_wave()
    waves.close_wave(wave=wave)
    wave = waves.start_sealing(wave=wave)
    for step, act in sealing.steps_of(wave)[:n_done]:
        sealing.take_step(wave, step, act)
    wave = sealing.seal_wave(wave=wave)
    assert (wave.state, wave.n_answers) == (Wave.State.SEALED, len(receipts))
    assert not path_of(wave).exists()
    assert all(find_proof(receipt) for receipt in receipts)


def test_a_sealing_killed_again_and_again_ends_sealed() -> None:
    wave, receipts = answered_wave()
    waves.close_wave(wave=wave)
    waves.start_sealing(wave=wave)
    command = [sys.executable, "manage.py", "wave", "seal", wave.code]
    for delay in (0.9, 1.2, 1.5):
        process = subprocess.Popen(
            command,
            env=environment_of_tests("owner"),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        time.sleep(delay)
        os.kill(process.pid, signal.SIGKILL)
        process.wait()
    wave = sealing.seal_wave(wave=wave)
    assert (wave.state, wave.n_answers) == (Wave.State.SEALED, len(receipts))
    assert all(find_proof(receipt) for receipt in receipts)


def test_two_hundred_sends_around_closing_and_sealing() -> None:
    """Each ends in the sealed box with a receipt, or is refused: never both."""
    wave = make_open_wave({"01": "F" * 120, "02": "M" * 80})
    ballots = [ballot_of(person) for person in people_of(wave)]
    receipts: dict[int, str] = {}
    refused: set[int] = set()
    go = threading.Barrier(9)

    def send(numbers: range) -> None:
        go.wait()
        for number in numbers:
            try:
                receipts[number] = submit_response(
                    ballot=ballots[number], filled=fill(wave)
                )
            except NotOpen:
                refused.add(number)
            time.sleep(0.004)
        connections.close_all()

    threads = [
        threading.Thread(target=send, args=(range(start, 200, 8),))
        for start in range(8)
    ]
    for thread in threads:
        thread.start()
    go.wait()
    time.sleep(0.03)
    sealed = close_and_seal(wave)
    for thread in threads:
        thread.join()
    assert len(receipts) + len(refused) == 200
    assert receipts
    assert refused
    assert sealed.n_answers == len(receipts) == Answer.objects.count()
    assert all(find_proof(receipt) for receipt in receipts.values())


def test_the_wave_only_moves_forward() -> None:
    wave, _receipts = answered_wave()
    with pytest.raises(WrongState):
        waves.open_wave(wave=wave)
    with pytest.raises(WrongState):
        waves.start_sealing(wave=wave)
    waves.close_wave(wave=wave)
    with pytest.raises(WrongState):
        waves.close_wave(wave=wave)


def test_a_wave_of_real_people_waits_for_its_last_hour() -> None:
    units = make_units({"01": []})
    wave = make_draft(units, is_simulated=False)
    register(wave, units, {"01": "F" * 20})
    waves.open_wave(wave=wave)
    waves.close_wave(wave=wave, reason="uji coba")
    with pytest.raises(SurveyError, match="masih diterima"):
        waves.start_sealing(wave=wave)


def test_finished_marks_come_ten_at_a_time() -> None:
    wave = make_open_wave({"01": "F" * 20, "02": "M" * 20})
    for person in people_of(wave, "01")[:9]:
        answer(person)
    for person in people_of(wave, "02")[:11]:
        answer(person)
    assert mark_finished(wave=wave) == 11
    answer(people_of(wave, "01")[9])
    assert mark_finished(wave=wave) == 10
    assert mark_finished(wave=wave) == 0


def test_a_late_mark_does_not_outlive_sealing() -> None:
    wave, _receipts = answered_wave()
    close_and_seal(wave)
    ready = list(Participant.objects.filter(wave=wave).values_list("pk", flat=True))
    assert progress._mark(wave, ready) == 0
    assert not Participant.objects.filter(state="finished").exists()


def test_sealing_waits_for_those_who_still_read_the_open_box(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    wave, _receipts = answered_wave()
    monkeypatch.setattr(sealing, "PATIENCE", 0.3)
    waves.close_wave(wave=wave)
    waves.start_sealing(wave=wave)
    reader = connections.create_connection("default")
    reader.set_autocommit(False)
    with reader.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        cursor.execute("SELECT count(*) FROM surveys_ballot")
    with pytest.raises(SealingWaits):
        sealing.seal_wave(wave=wave)
    wave.refresh_from_db()
    assert (wave.state, wave.sealing_step) == ("sealing", "merged")
    assert path_of(wave).exists()
    assert Ballot.objects.exists()
    reader.close()
    assert sealing.seal_wave(wave=wave).state == Wave.State.SEALED


def test_while_one_wave_is_sealed_another_takes_answers() -> None:
    """Only the emptying of the box keeps others out, not the work before it."""
    wave, _receipts = answered_wave()
    waves.close_wave(wave=wave)
    wave = waves.start_sealing(wave=wave)
    sealing.take_step(wave, sealing.Step.MERGED, merge_cells)
    held: list[bool] = []

    def look(*_: object) -> None:
        with connections.create_connection("default").cursor() as cursor:
            cursor.execute("SET lock_timeout = '1s'")
            cursor.execute("SELECT count(*) FROM surveys_ballot")
            held.append(True)

    with patch.object(moving, "_check_counts", look):
        sealing.take_step(wave, sealing.Step.MOVED, moving.move_answers)
    assert held == [True]


def test_what_is_sealed_stays_sealed_whoever_asks() -> None:
    wave, _receipts = answered_wave()
    close_and_seal(wave)
    sealed = Wave.objects.filter(pk=wave.pk)
    cell = Answer.objects.all()[0].cell
    attempts = (
        lambda: sealed.update(state="open"),
        lambda: sealed.update(promise={}),
        lambda: sealed.update(min_cell=11),
        lambda: sealed.update(answers_digest="0" * 64),
        sealed.delete,
        lambda: Answer.objects.update(longest_run=9),
        lambda: Answer.objects.all().delete(),
        lambda: Answer.objects.create(wave=wave, cell=cell, answers=[1, 1, 1]),
    )
    for attempt in attempts:
        with pytest.raises((IntegrityError, RestrictedError, ProtectedError)):
            attempt()


def test_arrivals_are_counted_by_quarter_hours_then_by_days() -> None:
    wave = make_open_wave({"01": "F" * 20, "02": "M" * 20})
    for person in people_of(wave, "01")[:3]:
        answer(person)
    count_arrivals(wave=wave)
    count_arrivals(wave=wave)
    answer(people_of(wave, "01")[3])
    count_arrivals(wave=wave)
    assert sum(Arrival.objects.values_list("n_new", flat=True)) == 4
    assert all(a.quarter_hour.minute % 15 == 0 for a in Arrival.objects.all())
    close_and_seal(wave)
    arrival = Arrival.objects.get()
    local = arrival.quarter_hour.astimezone()
    assert arrival.n_new == 4
    assert (local.minute, local.second) == (0, 0)


def test_answers_lie_in_an_order_that_is_not_that_of_arrival() -> None:
    wave = make_open_wave({"01": "F" * 60})
    for number, person in enumerate(people_of(wave)):
        answer(person, 1 + number // 15)
    close_and_seal(wave)
    with connection.cursor() as cursor:
        cursor.execute("SELECT answers[1] FROM surveys_answer ORDER BY ctid")
        by_place = [row[0] for row in cursor.fetchall()]
        cursor.execute("SELECT count(DISTINCT xmin::text) FROM surveys_answer")
        assert cursor.fetchone() == (1,)
    assert by_place != sorted(by_place)
