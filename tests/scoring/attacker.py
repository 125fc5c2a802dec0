"""Someone who knows every count and all that is published, and does linear algebra."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from fractions import Fraction
from itertools import combinations

import numpy as np
from scipy.optimize import linprog

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
    under, direct = _atoms(nodes, counts)
    atoms = [node.id for node in nodes if direct[node.id] > 0]
    basis = _reduced([[Fraction(a in under[s]) for a in atoms] for s in shown])
    return [
        group
        for size in range(1, len(atoms) + 1)
        for group in combinations(atoms, size)
        if 0 < sum(direct[a] for a in group) < minimum
        and _is_in(basis, [Fraction(a in group) for a in atoms])
    ]


def width_of(
    nodes: Sequence[Node],
    held: Mapping[str, float],
    shown: Collection[str],
    group: Collection[str],
    means: Mapping[str, float],
) -> float:
    """Points between the least and the largest mean that ``group`` may have.

    By linear programme: scores run from 0 to 100, and the published means are those
    that follow from ``means``, the mean of each node's directly attached people.
    ``held`` is how much each node weighs in them.
    """
    under, direct = _atoms(nodes, held)
    members = set().union(*(under[one] for one in group))
    aim = np.array([direct[n.id] * (n.id in members) for n in nodes])
    rows = [[direct[n.id] * (n.id in under[one]) for n in nodes] for one in shown]
    sums = np.array(rows).reshape(-1, len(nodes)) @ [means[n.id] for n in nodes]
    least, most = (
        linprog(
            sign * aim, A_eq=rows or None, b_eq=sums if rows else None, bounds=(0, 100)
        ).fun
        for sign in (1, -1)
    )
    return float((-most - least) / aim.sum())


def _atoms(
    nodes: Sequence[Node], held: Mapping[str, float]
) -> tuple[dict[str, set[str]], dict[str, float]]:
    """The nodes below each node, itself included, and what is attached to it alone."""
    under = {node.id: {node.id} for node in nodes}
    direct = dict(held)
    for node in reversed(nodes):
        if node.parent is not None:
            under[node.parent] |= under[node.id]
            direct[node.parent] -= held[node.id]
    return under, direct


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
