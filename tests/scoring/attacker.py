"""Someone who knows every count and all that is published, and does linear algebra."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from fractions import Fraction
from itertools import combinations

from scoring.results.disclosure import Node


def exposed_groups(
    nodes: Sequence[Node],
    counts: Mapping[str, int],
    shown: Collection[str],
    minimum: int,
) -> list[tuple[str, ...]]:
    """All small groups whose sum follows from the published sums, by exact row space.

    A group is a set of nodes' directly attached people (nobody can be told apart within
    one); it is exposed if its 0/1 vector is a combination of the published ones.
    """
    under = {node.id: {node.id} for node in nodes}
    direct = {node.id: counts[node.id] for node in nodes}
    for node in reversed(nodes):
        if node.parent is not None:
            under[node.parent] |= under[node.id]
            direct[node.parent] -= counts[node.id]
    atoms = [node.id for node in nodes if direct[node.id] > 0]
    basis = _reduced([[Fraction(a in under[s]) for a in atoms] for s in shown])
    return [
        group
        for size in range(1, len(atoms) + 1)
        for group in combinations(atoms, size)
        if 0 < sum(direct[a] for a in group) < minimum
        and _is_in(basis, [Fraction(a in group) for a in atoms])
    ]


def _reduced(rows: list[list[Fraction]]) -> dict[int, list[Fraction]]:
    """Rows in echelon form, by the column of their leading one."""
    basis: dict[int, list[Fraction]] = {}
    for row in rows:
        left = _remainder(basis, row)
        lead = next((i for i, value in enumerate(left) if value), None)
        if lead is not None:
            basis[lead] = [value / left[lead] for value in left]
    return basis


def _remainder(
    basis: Mapping[int, list[Fraction]], row: list[Fraction]
) -> list[Fraction]:
    left = row
    for lead in sorted(basis):
        times = left[lead]
        if times:
            left = [a - times * b for a, b in zip(left, basis[lead], strict=True)]
    return left


def _is_in(basis: Mapping[int, list[Fraction]], row: list[Fraction]) -> bool:
    return not any(_remainder(basis, row))
