"""One person, one answer, whatever the network does: real processes, real sockets."""

from __future__ import annotations

import socket
import struct
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from surveys.box import sealing
from surveys.fieldwork import waves
from surveys.models import Answer, Ballot, Participant, Receipt, Wave
from tests.surveys.box import answer, ballot_of, make_open_wave, opened, people_of
from tests.surveys.served import connect, exchange, form, gunicorn, request

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(scope="module")
def port(django_db_setup: None) -> Iterator[int]:
    with gunicorn() as port:
        yield port


@pytest.fixture
def person() -> Participant:
    wave = make_open_wave({"01": "F" * 12, "02": "M" * 12})
    return people_of(wave)[0]


def seal(wave: Wave) -> None:
    waves.close_wave(wave=wave)
    sealing.seal_wave(wave=waves.start_sealing(wave=wave))


def test_fifty_parallel_sends_leave_one_row_and_fifty_equal_receipts(
    port: int, person: Participant
) -> None:
    raw = request(form(ballot_of(person)))
    with ThreadPoolExecutor(50) as threads:
        replies = list(threads.map(lambda _: exchange(port, raw), range(50)))
    assert {status for status, _ in replies} == {200}
    assert len({reply["receipt"] for _, reply in replies}) == 1
    assert sum(not reply["is_repeat"] for _, reply in replies) == 1
    assert Ballot.objects.count() == 1


def test_two_phones_are_one_answer_and_the_first_one_counts(
    port: int, person: Participant
) -> None:
    first, second = ballot_of(person), ballot_of(person)
    filled = {"A1": "1", "A2": "1", "A3": "1"}, {"A1": "2", "A2": "2", "A3": "2"}
    one = exchange(port, request(form(first, filled[0])))[1]
    other = exchange(port, request(form(second, filled[1])))[1]
    assert one["receipt"] == other["receipt"]
    assert (one["is_repeat"], other["is_repeat"]) == (False, True)
    assert opened(person.wave)[0].answers == [1, 1, 1]


def test_a_lost_reply_is_had_again(port: int, person: Participant) -> None:
    raw = request(form(ballot_of(person)))
    connection = connect(port)
    connection.sendall(raw)
    deadline = time.monotonic() + 30
    while not Ballot.objects.exists() and time.monotonic() < deadline:
        time.sleep(0.01)
    _cut(connection)
    status, reply = exchange(port, raw)
    assert status == 200
    assert reply["is_repeat"]
    assert Ballot.objects.count() == 1


def _cut(connection: socket.socket) -> None:
    """Reset the connection: what the server has answered is never read."""
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    connection.close()


def test_half_a_form_is_no_answer(port: int, person: Participant) -> None:
    body = form(ballot_of(person))
    connection = connect(port)
    connection.sendall(request(body[:-8], length=len(body)))
    connection.shutdown(socket.SHUT_WR)
    reply = connection.recv(65536)
    connection.close()
    assert reply == b"" or b" 400 " in reply.split(b"\r\n")[0]
    assert not Ballot.objects.exists()
    assert exchange(port, request(body))[0] == 200
    assert opened(person.wave)[0].answers == [1, 2, 3]


def test_a_resend_after_sealing_gets_its_receipt_and_a_late_one_a_refusal(
    port: int, person: Participant
) -> None:
    people = people_of(person.wave)
    for other in people[2:]:
        answer(other)
    sent, unsent = form(ballot_of(person)), form(ballot_of(people[1]))
    receipt = exchange(port, request(sent))[1]["receipt"]
    seal(person.wave)
    status, reply = exchange(port, request(sent))
    assert (status, reply["receipt"], reply["is_repeat"]) == (200, receipt, True)
    status, reply = exchange(port, request(unsent))
    assert (status, reply["reason"]) == (410, "closed")
    assert Answer.objects.count() == Receipt.objects.count() == len(people) - 1


def test_sends_while_the_wave_is_sealed_are_counted_or_refused(
    port: int, person: Participant
) -> None:
    people = people_of(person.wave)
    for other in people[:10]:
        answer(other)
    bodies = [request(form(ballot_of(other))) for other in people[10:]]
    waves.close_wave(wave=person.wave)
    with ThreadPoolExecutor(14) as threads:
        sends = [threads.submit(exchange, port, body) for body in bodies]
        time.sleep(0.02)
        sealing.seal_wave(wave=waves.start_sealing(wave=person.wave))
        statuses = [send.result()[0] for send in sends]
    assert set(statuses) <= {200, 410}
    assert Answer.objects.count() == 10 + statuses.count(200)
