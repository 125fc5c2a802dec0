"""Additive sums behind reliability, agreement and drivers. Pure (equation 70).

One row per cell, packed: (1) of complete sheets the number of people, Σx of each item,
Σ x x' of items of one dimension and Σ of the squared total; (2) of people with every
dimension valid the upper triangle of Σ (1, y)(1, y)ᵀ; (3) the same with the outcome o
beside y, of those who gave it. Everybody counts once, whatever weight was given, and
all sums are of whole numbers: exact, for every order and partition of the answers.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from scoring.arrays import Codes, Floats, Integers
from scoring.measurement.table import Measured
from scoring.plan import Plan


@dataclass(frozen=True, eq=False)
class Moments:
    """The sums of some set of people, on the scale 0 to 100.

    Leading axes are those of the packed rows they were unpacked from.
    """

    n_complete: Floats
    item_sums: Floats
    """(..., I)"""
    item_products: Floats
    """(..., I, I) Σ x x'; 0 for items of different dimensions."""
    total_squares: Floats
    """Σ (Σ_k x_k)² of complete sheets."""
    dimensions: Floats
    """(..., 1 + D, 1 + D) Σ (1, y)(1, y)ᵀ of people with all dimensions valid."""
    outcome: Floats
    """(..., 2 + D, 2 + D) Σ (1, y, o)(1, y, o)ᵀ; of size 0 without an outcome."""


def width(plan: Plan) -> int:
    """Length of a packed row; 0 under votes, which have no items."""
    return _ends(plan, plan.measured)[-1] if plan.measured else 0


def _pairs(plan: Plan) -> tuple[Integers, Integers]:
    """Items of one dimension, each pair once, each item with itself."""
    of = plan.dimension_of_item
    rows, columns = np.nonzero(np.triu(of[:, np.newaxis] == of))
    return rows, columns


def _triangle(size: int) -> int:
    return size * (size + 1) // 2


def _ends(plan: Plan, table: Measured) -> list[int]:
    """Where each part of a packed row ends."""
    n_dimensions = len(plan.dimensions)
    parts = [1, len(plan.items), len(_pairs(plan)[0]), 1, _triangle(1 + n_dimensions)]
    parts.append(_triangle(2 + n_dimensions) if table.outcome else 0)
    return [sum(parts[: place + 1]) for place in range(len(parts))]


def outcome_codes(plan: Plan, sheets: Codes) -> Codes:
    """(n,) codes of the outcome; 0 where the scheme names none."""
    asked = plan.measured.outcome if plan.measured else None
    return sheets[:, asked.slot] if asked else np.zeros(len(sheets), dtype=np.int16)


def add_people(
    target: Floats, plan: Plan, codes: Codes, outcome: Codes, cell: Integers
) -> None:
    """Add usable people, sorted by cell, to packed rows ``target`` (cells, width).

    ``codes`` (n, I) are their answers to the items, ``outcome`` (n,) to the outcome.
    """
    if plan.measured is None:
        return
    present, starts = np.unique(cell, return_index=True)
    columns = _columns(plan, plan.measured, codes, outcome)
    for place, column in enumerate(columns):
        target[present, place] += np.add.reduceat(column, starts)


def _columns(plan: Plan, table: Measured, codes: Codes, outcome: Codes) -> list[Floats]:
    """(n,) per place of a packed row: what each person adds to it."""
    items = range(len(plan.items))
    valid = np.stack([plan.is_valid[k][codes[:, k]] for k in items])
    steps = np.stack([table.steps[k][codes[:, k]] for k in items])
    is_complete: Floats = np.array(valid.all(axis=0), dtype=np.float64)
    found: list[Floats] = [is_complete]
    complete = steps * is_complete
    found.extend(complete)
    found += [complete[a] * complete[b] for a, b in zip(*_pairs(plan), strict=True)]
    found.append((_common_scale(table) @ complete) ** 2)
    vectors, is_whole = _dimensions(plan, table, valid, steps)
    found += _products([is_whole, *vectors])
    if asked := table.outcome:
        has_outcome = is_whole * asked.is_valid[outcome]
        vectors = [vector * has_outcome for vector in vectors]
        found += _products([has_outcome, *vectors, asked.steps[outcome] * has_outcome])
    return found


def _dimensions(
    plan: Plan, table: Measured, valid: Floats, steps: Floats
) -> tuple[list[Floats], Floats]:
    """Dimensions of people who have all of them valid, in 1/unit, and who has."""
    vectors = []
    is_whole = np.ones(valid.shape[1])
    for dimension, needed in enumerate(plan.n_needed):
        mine = plan.dimension_of_item == dimension
        is_whole *= valid[mine].sum(axis=0) >= needed
        answered = table.weights[mine] @ valid[mine]
        vectors.append(table.scale[mine] @ steps[mine] / np.maximum(answered, 1))
    return [vector * is_whole for vector in vectors], is_whole


def _products(vectors: list[Floats]) -> list[Floats]:
    return [
        first * second
        for place, first in enumerate(vectors)
        for second in vectors[place:]
    ]


def _common_scale(table: Measured) -> Floats:
    """(I,) whole numbers that make one step of every item the same share of 0..100."""
    common = math.lcm(*table.spans.tolist())
    scale: Floats = common / table.spans
    return scale


def unpack(plan: Plan, table: Measured, packed: Floats) -> Moments:
    """The sums in points of 0 to 100; ``packed`` is (..., width)."""
    complete, items, pairs, total, whole, outcome = np.split(
        packed, _ends(plan, table)[:-1], axis=-1
    )
    points = 100 / table.spans
    rows, columns = _pairs(plan)
    products = np.zeros((*packed.shape[:-1], len(points), len(points)))
    products[..., rows, columns] = pairs * points[rows] * points[columns]
    products[..., columns, rows] = products[..., rows, columns]
    per_unit = np.array([1.0, *(100 / table.unit)])
    common = 100 / math.lcm(*table.spans.tolist())
    with_outcome = np.zeros((*packed.shape[:-1], 0, 0))
    if asked := table.outcome:
        span = float(asked.steps.max())
        with_outcome = _square(outcome, np.array([*per_unit, 100 / span]))
    return Moments(
        n_complete=complete[..., 0],
        item_sums=items * points,
        item_products=products,
        total_squares=total[..., 0] * common**2,
        dimensions=_square(whole, per_unit),
        outcome=with_outcome,
    )


def _square(triangle: Floats, scale: Floats) -> Floats:
    """(..., m, m) from the packed upper triangle, rows and columns times ``scale``."""
    rows, columns = np.triu_indices(len(scale))
    found = np.zeros((*triangle.shape[:-1], len(scale), len(scale)))
    found[..., rows, columns] = triangle * scale[rows] * scale[columns]
    found[..., columns, rows] = found[..., rows, columns]
    return found
