"""Codes, serials, signed ballots, receipts, and the tree of receipts."""

from __future__ import annotations

import base64
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from surveys.box import ballots, merkle

SECRET, OTHER = b"a" * 32, b"b" * 32


def test_a_person_has_one_serial_and_each_edition_its_own_code() -> None:
    person = uuid4()
    assert ballots.serial_of(SECRET, person) == ballots.serial_of(SECRET, person)
    assert ballots.serial_of(SECRET, person) != ballots.serial_of(OTHER, person)
    assert ballots.code_of(SECRET, person, 1) != ballots.code_of(SECRET, person, 2)


def test_codes_are_twelve_characters_without_look_alikes() -> None:
    codes = [ballots.code_of(SECRET, uuid4(), 1) for _ in range(200)]
    assert all(len(code) == 12 and set(code) <= set(ballots.ALPHABET) for code in codes)
    assert len(set(codes)) == 200


@pytest.mark.parametrize(
    ("typed", "meant"),
    [("o1il-ab", "0111AB"), (" abcd efgh ", "ABCDEFGH"), ("u", "V")],
)
def test_what_a_person_types_is_understood(typed: str, meant: str) -> None:
    assert ballots.normalise(typed) == meant


def test_a_ballot_is_verified_by_its_own_wave_only() -> None:
    issued = ballots.Issued(7, 3, ballots.serial_of(SECRET, uuid4()), 200)
    text = ballots.issue(SECRET, issued)
    assert ballots.verify(SECRET, text) == issued
    with pytest.raises(ballots.BadBallot):
        ballots.verify(OTHER, text)


@given(st.text(max_size=150))
def test_no_text_but_an_issued_one_is_a_ballot(text: str) -> None:
    with pytest.raises(ballots.BadBallot):
        ballots.verify(SECRET, text)


@given(st.integers(0, 115))
def test_a_changed_character_breaks_a_ballot(place: int) -> None:
    text = ballots.issue(SECRET, ballots.Issued(7, 3, b"s" * 32, 0))
    assert len(text) == 116
    changed = text[:place] + ("A" if text[place] != "A" else "B") + text[place + 1 :]
    with pytest.raises(ballots.BadBallot):
        ballots.verify(SECRET, changed)


def test_a_page_that_is_kept_does_not_lead_to_the_row_in_the_box() -> None:
    """Whoever holds the form knows the receipt, and neither cell nor serial."""
    serial = ballots.serial_of(SECRET, uuid4())
    text = ballots.issue(SECRET, ballots.Issued(7, 3, serial, 0))
    raw = base64.urlsafe_b64decode(text)
    assert ballots.claimed_receipt(text) == ballots.receipt_of(serial)
    assert serial not in raw
    assert ballots.row_key(serial).bytes not in raw
    assert ballots.issue(SECRET, ballots.verify(SECRET, text)) != text


@given(st.sets(st.text(min_size=1, max_size=8), min_size=1, max_size=40))
def test_every_receipt_has_a_proof_and_nothing_else_does(receipts: set[str]) -> None:
    leaves = [merkle.leaf_of(receipt) for receipt in receipts]
    root = merkle.root_of(leaves)
    for leaf in leaves:
        assert merkle.is_included(leaf, merkle.proof_of(leaves, leaf), root)
    stranger = merkle.leaf_of("x" * 9)
    steps = merkle.proof_of(leaves, leaves[0])
    assert not merkle.is_included(stranger, steps, root)
    with pytest.raises(ValueError, match="not in list"):
        merkle.proof_of(leaves, stranger)


@given(
    st.sets(st.text(min_size=1, max_size=8), min_size=1, max_size=70),
    st.sampled_from([1, 2, 4, 16]),
)
def test_an_outline_proves_the_same_as_the_whole_tree(
    receipts: set[str], size: int
) -> None:
    leaves = sorted(merkle.leaf_of(receipt) for receipt in receipts)
    blocks = [leaves[i : i + size] for i in range(0, len(leaves), size)]
    outline = merkle.outline_of(blocks)
    for leaf in leaves:
        start = leaves.index(outline.first_before(leaf))
        block = leaves[start : start + size]
        assert outline.proof_of(block, leaf) == merkle.proof_of(leaves, leaf)
