"""Inclusion proofs for receipts of sealed waves, on the page and as a document."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from threading import Lock
from typing import Any

from django.db import connection
from django.db.models import QuerySet

from surveys.box import merkle
from surveys.files.copying import batched
from surveys.models import Receipt, Wave


@dataclass(frozen=True)
class Proof:
    """The way from one receipt's leaf to the root published for its wave (all hex)."""

    wave: Wave
    leaf: str
    steps: list[tuple[str, str]]
    root: str


class BoxDoesNotMatch(RuntimeError):
    """The receipts of a sealed wave do not lead to the root published for it."""


def find_proof(receipt: str) -> Proof | None:
    """The proof for a receipt, or None where no sealed box holds it."""
    leaf = merkle.leaf_of(receipt)
    boxes = {wave.pk: wave for wave in sealed_boxes()}
    # By wave and leaf, as the index has them; by leaf alone all receipts would be read.
    found = Receipt.objects.filter(wave__in=list(boxes), leaf=leaf)
    keys = found.values_list("wave", flat=True)[:1]
    return _proof(boxes[keys[0]], leaf) if keys else None


def _proof(wave: Wave, leaf: bytes) -> Proof:
    outline = _outline(wave)
    first = outline.first_before(leaf)
    steps = outline.proof_of(_leaves(wave, first, BLOCK), leaf)
    if not merkle.is_included(leaf, steps, bytes.fromhex(wave.merkle_root)):
        raise BoxDoesNotMatch(wave.code)
    return Proof(
        wave=wave,
        leaf=leaf.hex(),
        steps=[(side, sibling.hex()) for side, sibling in steps],
        root=wave.merkle_root,
    )


BLOCK = 1024
"""Leaves under one node of an outline, and so read and hashed for each proof."""

BLOCKS_AT_ONCE = 16
MOST_OUTLINES = 64

_outlines: dict[tuple[int, str], merkle.Outline] = {}
_drawing = Lock()


def _outline(wave: Wave) -> merkle.Outline:
    """A sealed wave never changes: drawn once in a process, and by one thread."""
    key = (wave.pk, wave.merkle_root)
    found = _outlines.get(key)
    if found is None:
        with _drawing:
            found = _outlines.get(key) or merkle.outline_of(_blocks(wave))
            _outlines[key] = found
            if len(_outlines) > MOST_OUTLINES:
                del _outlines[next(iter(_outlines))]
    return found


def _blocks(wave: Wave) -> Iterator[list[bytes]]:
    """All leaves in order, in blocks, few of them in memory at a time."""
    start = b""
    while leaves := _leaves(wave, start, BLOCKS_AT_ONCE * BLOCK):
        yield from batched(leaves, BLOCK)
        start = leaves[-1] + b"\0"


LEAVES = """
SELECT string_agg(leaf, '' ORDER BY leaf) FROM (
    SELECT leaf FROM surveys_receipt WHERE wave_id = %s AND leaf >= %s
    ORDER BY leaf LIMIT %s
) AS batch
"""
"""One value for many leaves: four million rows would take longer to receive than to
hash."""


def _leaves(wave: Wave, start: bytes, n: int) -> list[bytes]:
    """The first ``n`` leaves of the wave from ``start`` on, in order."""
    with connection.cursor() as cursor:
        cursor.execute(LEAVES, [wave.pk, start, n])
        (joined,) = cursor.fetchone()
    data = bytes(joined or b"")
    return [data[i : i + merkle.SIZE] for i in range(0, len(data), merkle.SIZE)]


def root_of_box(wave: Wave) -> bytes:
    """The root over all receipts of a wave, however many; that of nothing if none."""
    outline = merkle.outline_of(_blocks(wave))
    return outline.levels[-1][0] if outline.levels[-1] else merkle.root_of([])


def document_of(proof: Proof) -> dict[str, Any]:
    """What ``docs/verify_receipt.py`` reads; the receipt itself is not in it."""
    return {
        "wave": proof.wave.code,
        "n_answers": proof.wave.n_answers,
        "leaf": proof.leaf,
        "steps": [[side, sibling] for side, sibling in proof.steps],
        "root": proof.root,
    }


def unsealed_boxes() -> QuerySet[Wave]:
    """The waves whose receipts exist and cannot be looked up yet, first come first."""
    return Wave.objects.filter(
        state__in=(Wave.State.OPEN, Wave.State.CLOSED, Wave.State.SEALING),
        source=Wave.Source.ONLINE,
    ).order_by("seals_at")


def sealed_boxes() -> QuerySet[Wave]:
    """The waves whose count and root are public, newest first."""
    return Wave.objects.filter(
        state=Wave.State.SEALED, source=Wave.Source.ONLINE
    ).order_by("-sealed_at")
