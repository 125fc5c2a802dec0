"""The sealed box's Merkle tree over sorted receipt leaves (RFC 6962 hashing). Pure.

``leaf = SHA-256(0x00 ‖ receipt)``; inner nodes are ``SHA-256(0x01 ‖ left ‖ right)``; a
node without a neighbour moves up unchanged.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence


def leaf_of(receipt: str) -> bytes:
    return hashlib.sha256(b"\0" + receipt.encode()).digest()


def _node(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(b"\1" + left + right).digest()


def _next_level(level: Sequence[bytes]) -> list[bytes]:
    pairs = [_node(level[i], level[i + 1]) for i in range(0, len(level) - 1, 2)]
    return pairs + list(level[len(level) - len(level) % 2 :])


def root_of(leaves: Sequence[bytes]) -> bytes:
    """Root over leaves in sorted order; the hash of nothing for an empty box."""
    level = sorted(leaves)
    if not level:
        return hashlib.sha256(b"").digest()
    while len(level) > 1:
        level = _next_level(level)
    return level[0]


Step = tuple[str, bytes]
"""``("left" | "right", sibling hash)``: the side on which the sibling stands."""


def proof_of(leaves: Sequence[bytes], leaf: bytes) -> list[Step]:
    """The siblings from ``leaf`` up to the root; ValueError if it is not there."""
    level = sorted(leaves)
    index = level.index(leaf)
    steps: list[Step] = []
    while len(level) > 1:
        sibling = index ^ 1
        if sibling < len(level):
            steps.append(("left" if sibling < index else "right", level[sibling]))
        level = _next_level(level)
        index //= 2
    return steps


def is_included(leaf: bytes, steps: Sequence[Step], root: bytes) -> bool:
    """Whether the steps lead from this leaf to this root."""
    digest = leaf
    for side, sibling in steps:
        digest = _node(sibling, digest) if side == "left" else _node(digest, sibling)
    return digest == root
