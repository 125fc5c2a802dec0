"""What no form of ours sends is refused in plain words, and leaves nothing behind."""

from __future__ import annotations

import base64
import socket
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from surveys.answering.posted import LARGEST_BODY, MOST_FIELDS
from surveys.models import Ballot, Participant, Wave
from tests.surveys.box import (
    ballot_of,
    make_draft,
    make_open_wave,
    opened,
    people_of,
)
from tests.surveys.served import (
    SEND,
    connect,
    exchange,
    form,
    gunicorn,
    request,
)

FORM = "application/x-www-form-urlencoded"
PLANTED = "sisipan-7731"
"""Stands in everything posted here; no reply may hold it."""


@pytest.fixture
def wave(db: None) -> Wave:
    return make_open_wave({"01": "F" * 12, "02": "M" * 12})


@pytest.fixture
def person(wave: Wave) -> Participant:
    return people_of(wave)[0]


def send(body: bytes, content_type: str = FORM, *, as_json: bool = False) -> Any:
    headers = {"Accept": "application/json"} if as_json else {}
    return Client().post(SEND, body, content_type=content_type, headers=headers)


def is_refused(body: bytes, status: int, content_type: str = FORM) -> None:
    """By the page and by JSON alike: in words, reflecting nothing, writing nothing."""
    for as_json in (False, True):
        with CaptureQueriesContext(connection) as queries:
            reply = send(body, content_type, as_json=as_json)
        text = reply.content.decode()
        assert reply.status_code == status, text
        assert PLANTED not in text
        assert "Traceback" not in text
        assert not any("INSERT" in query["sql"] for query in queries)
        if as_json:
            assert set(reply.json()) in ({"reason", "text"}, {"errors"})
        else:
            assert '<html lang="id">' in text
    assert not Ballot.objects.exists()


def test_a_body_over_64_kb_is_too_large(person: Participant) -> None:
    body = form(ballot_of(person)) + b"&q-SARAN=" + b"a" * LARGEST_BODY
    is_refused(body + PLANTED.encode(), 413)


def test_too_many_fields_are_no_form_of_ours(person: Participant) -> None:
    is_refused(form(ballot_of(person)) + b"&a=" * MOST_FIELDS, 400)


@pytest.mark.parametrize("value", [b"%FF%FE", b"\xff\xfe", b"a%00b", b"a\0b"])
def test_what_is_not_utf_8_text_is_refused(person: Participant, value: bytes) -> None:
    is_refused(form(ballot_of(person)) + b"&q-SARAN=" + value, 400)


@pytest.mark.parametrize(
    "content_type",
    [
        "application/json",
        "text/plain",
        "multipart/form-data; boundary=x",
        "",
        "x" * 200,
        f"{FORM}; charset=utf-16",
        f"{FORM}; charset=latin-1",
    ],
)
def test_another_kind_of_body_is_refused(
    person: Participant, content_type: str
) -> None:
    is_refused(form(ballot_of(person)), 415, content_type)


def test_a_forged_ballot_is_refused(person: Participant) -> None:
    ballot = ballot_of(person)
    for forged in (PLANTED, "", "A" * len(ballot), ballot[:-4] + "AAAA", "=" * 50):
        is_refused(form(forged), 400)


@pytest.mark.parametrize(
    "place", [7, 15, 40, 48], ids=["wave", "cell", "serial", "seed"]
)
def test_a_ballot_changed_in_one_bit_is_refused(
    person: Participant, place: int
) -> None:
    raw = bytearray(base64.urlsafe_b64decode(ballot_of(person) + "=="))
    raw[place] ^= 1
    is_refused(form(base64.urlsafe_b64encode(raw).decode().rstrip("=")), 400)


def test_a_ballot_of_another_wave_is_refused(person: Participant) -> None:
    """Its wave stands in what is signed, with a key that is the wave's own."""
    ballot = bytearray(base64.urlsafe_b64decode(ballot_of(person) + "=="))
    other = make_draft({"01": person.unit}, "W2")
    ballot[:8] = other.pk.to_bytes(8)
    is_refused(form(base64.urlsafe_b64encode(ballot).decode().rstrip("=")), 400)


def test_an_unknown_option_is_shown_on_the_form_again(person: Participant) -> None:
    codes = {"A1": "1", "A2": "9", "A3": PLANTED}
    is_refused(form(ballot_of(person), codes), 422)
    reply = send(form(ballot_of(person), codes), as_json=True)
    sentence = "Pilihan ini tidak ada pada pertanyaan. Pilih lagi."
    assert reply.json() == {"errors": {"q-A2": sentence, "q-A3": sentence}}


def test_markup_in_a_comment_is_kept_as_text_and_shown_as_text(
    person: Participant,
) -> None:
    markup = "<script>alert(1)</script>&<b>"
    codes = {"A1": "9", "SARAN": markup}
    text = send(form(ballot_of(person), codes)).content.decode()
    assert "<script>alert" not in text
    assert "&lt;script&gt;alert(1)&lt;/script&gt;&amp;&lt;b&gt;" in text
    send(form(ballot_of(person), {**codes, "A1": "1", "A2": "1", "A3": "1"}))
    assert opened(person.wave)[0].comments == [markup]


def test_other_methods_are_refused(db: None) -> None:
    assert Client().put(SEND).status_code == 405


def test_a_typed_code_is_read_as_strictly(db: None) -> None:
    def typed(body: bytes) -> Any:
        return Client().post("/survei/", body, content_type=FORM)

    assert typed(b"kode=%FF").status_code == 400
    assert typed(b"kode=" + b"A" * LARGEST_BODY).status_code == 413
    wrong = typed(f"kode=<b>{PLANTED}</b>".encode())
    assert wrong.status_code == 400
    assert PLANTED not in wrong.content.decode()


# -- Through the real server -----------------------------------------------------------


@pytest.fixture(scope="module")
def port(django_db_setup: None) -> Iterator[int]:
    with gunicorn() as port:
        yield port


def chunked(body: bytes) -> bytes:
    chunks = (body[i : i + 60_000] for i in range(0, len(body), 60_000))
    framed = b"".join(b"%x\r\n%s\r\n" % (len(chunk), chunk) for chunk in chunks)
    raw = request(b"", length=-1, more="Transfer-Encoding: chunked\r\n")
    return raw + framed + b"0\r\n\r\n"


@pytest.mark.django_db(transaction=True)
def test_the_server_hears_out_what_is_too_large_and_says_so(port: int) -> None:
    person = people_of(make_open_wave({"01": "F" * 12}))[0]
    small = form(ballot_of(person))
    large = small + b"&q-SARAN=" + b"a" * 10_000_000
    for raw, status in (
        (request(large), 413),
        (chunked(large), 413),
        (chunked(small), 411),
    ):
        got, reply = exchange(port, raw)
        assert got == status
        assert reply["reason"] == "refused"
    assert not Ballot.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_a_length_that_lies_leaves_nothing(port: int) -> None:
    person = people_of(make_open_wave({"01": "F" * 12}))[0]
    body = form(ballot_of(person))
    assert exchange(port, request(body, length=40))[0] == 400
    with connect(port) as connection:
        connection.sendall(request(body, length=len(body) + 20))
        connection.shutdown(socket.SHUT_WR)
        assert b" 200 " not in connection.recv(65536).split(b"\r\n")[0]
    assert not Ballot.objects.exists()
