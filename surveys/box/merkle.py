"""The sealed box's Merkle tree over sorted receipt leaves (RFC 6962 hashing). Pure.

``leaf = SHA-256(0x00 ‖ receipt)``; inner nodes are ``SHA-256(0x01 ‖ left ‖ right)``; a
node without a neighbour moves up unchanged.
"""

from __future__ import annotations

import hashlib
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

SIZE = 32
"""Bytes of a leaf and of every node above it."""


def leaf_of(receipt: str) -> bytes:
    return hashlib.sha256(b"\0" + receipt.encode()).digest()


def _node(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(b"\1" + left + right).digest()


def _next_level(level: Sequence[bytes]) -> list[bytes]:
    pairs = [_node(level[i], level[i + 1]) for i in range(0, len(level) - 1, 2)]
    return pairs + list(level[len(level) - len(level) % 2 :])


def root_of(leaves: Sequence[bytes]) -> bytes:
    """Root over leaves in sorted order; the hash of nothing for an empty box."""
    return _levels(sorted(leaves))[-1][0] if leaves else hashlib.sha256(b"").digest()


def _levels(level: Sequence[bytes]) -> list[Sequence[bytes]]:
    """This level, which is not empty, and those above it, up to the root alone."""
    levels = [level]
    while len(levels[-1]) > 1:
        levels.append(_next_level(levels[-1]))
    return levels


Step = tuple[str, bytes]
"""``("left" | "right", sibling hash)``: the side on which the sibling stands."""


def proof_of(leaves: Sequence[bytes], leaf: bytes) -> list[Step]:
    """The siblings from ``leaf`` up to the root; ValueError if it is not there."""
    level = sorted(leaves)
    return _steps(_levels(level), level.index(leaf))


def _steps(levels: Sequence[Sequence[bytes]], index: int) -> list[Step]:
    """The siblings above the node at this place of the lowest level."""
    steps: list[Step] = []
    for level in levels:
        sibling = index ^ 1
        if sibling < len(level):
            steps.append(("left" if sibling < index else "right", level[sibling]))
        index //= 2
    return steps


@dataclass(frozen=True)
class Outline:
    """A tree without its lowest levels, which cost a thousand times as much to keep.

    The sorted leaves are cut into blocks of a power of two, so that every block is a
    subtree: kept are the first leaf of each, and the levels from their roots upward.
    """

    firsts: Sequence[bytes]
    levels: Sequence[Sequence[bytes]]

    def first_before(self, leaf: bytes) -> bytes:
        """The first leaf of the block in which this leaf must stand, if anywhere."""
        return self.firsts[max(0, bisect_right(self.firsts, leaf) - 1)]

    def proof_of(self, block: Sequence[bytes], leaf: bytes) -> list[Step]:
        """As ``proof_of`` of all leaves, from those of its block in sorted order."""
        place = bisect_right(self.firsts, leaf) - 1
        inside = _steps(_levels(block), block.index(leaf))
        return inside + _steps(self.levels, place)


def outline_of(blocks: Iterable[Sequence[bytes]]) -> Outline:
    """Over blocks of sorted leaves, all of the same size but perhaps the last."""
    firsts, roots = [], []
    for block in blocks:
        firsts.append(block[0])
        roots.append(_levels(block)[-1][0])
    return Outline(firsts, _levels(roots))


def is_included(leaf: bytes, steps: Sequence[Step], root: bytes) -> bool:
    """Whether the steps lead from this leaf to this root."""
    digest = leaf
    for side, sibling in steps:
        digest = _node(sibling, digest) if side == "left" else _node(digest, sibling)
    return digest == root
