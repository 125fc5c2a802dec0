"""Envelopes of the open box: closed, bound to their place, all of one length."""

from __future__ import annotations

import secrets
from dataclasses import replace
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from surveys.answering.forms import LONGEST_COMMENT
from surveys.box import envelope
from surveys.box.envelope import Content, Tampered
from surveys.instruments.sheet import Sheet, SheetQuestion, SheetSection

SECRET = secrets.token_bytes(32)
PLACE = envelope.place(1, 2, UUID(int=3))
ANSWER = Content([3, 0, 6], ["Saran"], [12], 2, UUID(int=4), None)

answers = st.builds(
    Content,
    answers=st.lists(st.integers(0, 32767)),
    comments=st.lists(st.text()),
    seconds=st.lists(st.integers(0, 32767)),
    longest_run=st.integers(0, 300),
    device=st.none() | st.uuids(),
    network=st.none() | st.uuids(),
)


@given(content=answers, room=st.integers(64, 2048))
def test_what_is_closed_in_comes_out(content: Content, room: int) -> None:
    closed = envelope.close(SECRET, PLACE, content, room)
    assert envelope.unseal(SECRET, PLACE, closed) == content


@pytest.mark.parametrize(
    "place",
    [
        envelope.place(2, 2, UUID(int=3)),
        envelope.place(1, 1, UUID(int=3)),
        envelope.place(1, 2, UUID(int=4)),
    ],
    ids=["wave", "cell", "serial"],
)
def test_it_does_not_open_elsewhere(place: bytes) -> None:
    closed = envelope.close(SECRET, PLACE, ANSWER, 256)
    with pytest.raises(Tampered):
        envelope.unseal(SECRET, place, closed)


def test_neither_another_secret_nor_a_changed_byte_opens_it() -> None:
    closed = envelope.close(SECRET, PLACE, ANSWER, 256)
    for secret, text in (
        (bytes(32), closed),
        (SECRET, closed[:-1] + bytes([closed[-1] ^ 1])),
        (SECRET, b"\x02" + closed[1:]),
        (SECRET, b""),
    ):
        with pytest.raises(Tampered):
            envelope.unseal(secret, PLACE, text)


TEXTS = (
    "",
    "Saran",
    "Rapat terlalu banyak, hasilnya sedikit; “atasan” kurang mendengar — itu saja. ",
    "".join(chr(97 + n * n % 26) + " " * (n % 5 == 0) for n in range(400)),
    "الاجتماعات كثيرة والنتائج قليلة، ونحتاج إلى وقت للعمل. ",
    "ꦥꦿꦺꦴꦒꦿꦩ꧀ ꦲꦶꦏꦶ ꦲꦥꦶꦏ꧀ ",
)


def test_the_length_tells_nothing() -> None:
    sheet = sheet_with_comment()
    for text in TEXTS:
        long = (text * 1000)[:LONGEST_COMMENT]
        content = replace(ANSWER, comments=[long], seconds=[32767] * 9)
        closed = envelope.close(SECRET, PLACE, content, envelope.room_in(sheet))
        assert len(closed) == 1 + 12 + envelope.room_in(sheet) + 16, text


def sheet_with_comment() -> Sheet:
    """A comment and nothing else: the least room that a comment is given."""
    comment = SheetQuestion("S", "comment", {"id": "Saran"}, "B", 0, 0)
    section = SheetSection("B", {"id": "Bagian"})
    return Sheet("uji", 1, "", (), (section,), (comment,))


def test_equal_answers_look_different() -> None:
    closed = {envelope.close(SECRET, PLACE, ANSWER, 256) for _ in range(9)}
    assert len(closed) == 9
