"""Additive sums of the answers of each cell: all that scores and margins need.

Tallies of two sets of answers are added field by field, so shards, units, levels and
the nation are sums of tallies (equation 3). A further additive sum is one more field
with a leading axis of cells: adding, regrouping and storing follow by themselves.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Any

import numpy as np
from numpy.typing import NDArray

from scoring.arrays import Booleans, Codes, Floats, Integers
from scoring.measurement import sums
from scoring.packing import pack, unpack
from scoring.plan import Plan
from scoring.votes import GROUPS, LENSES, cast, group_of, limiting_of, points_of

CHUNK = 1 << 16
"""Answers held as points at a time."""


@dataclass(frozen=True, eq=False)
class Tally:
    """Sums per cell (leading axis of every field), over usable people (equation 3).

    With b the given weight or 1, r the validity and y the points (in the plan's units)
    of the C components, a person is the vector t = b (1, r y, r) of length T = 1 + 2C.
    For the limiting share r is the number of votes (equation 51).
    """

    n_received: Integers
    """Sheets received, usable or not."""
    n_usable: Integers
    n_valid: Integers
    """(cells, D + E) people whose dimension, or extra output, is valid."""
    weight: Floats
    """Sum of b."""
    weight_squared: Floats
    """Sum of b squared."""
    linear: Floats
    """(cells, T) sum of t."""
    products: Floats
    """(cells, T (T + 1) / 2) upper triangle, by rows, of the sum of t tᵀ."""
    option_counts: Integers
    """(cells, I, K) how many people chose each option of each item; 0 = none."""
    option_weights: Floats
    """(cells, I, K) the same, weighted by b."""
    n_voters: Integers
    """(cells, 3) people who voted through each lens, or (cells, 0)."""
    votes: NDArray[np.int32]
    """(cells, G, 3V) votes through each lens by group of people, or (cells, 0, 0)."""

    moments: Floats
    """(cells, M) what measurement needs, packed by ``scoring.measurement.sums``."""

    @property
    def n_cells(self) -> int:
        return len(self.n_received)


@dataclass(frozen=True, eq=False)
class _People:
    """Usable people of one chunk, sorted by cell."""

    cell: Integers
    codes: Codes
    weight: Floats
    vectors: Floats
    is_valid: Booleans
    """(n, D + E)"""
    votes: Booleans
    """(n, 3, V)"""
    outcome: Codes
    """(n,) answers to a question outside the score, for measurement."""
    group: Integers
    """(n,) of the G groups that margins of lenses are drawn from."""


def tally_answers(
    plan: Plan,
    answers: Codes,
    cell_index: Integers,
    n_cells: int,
    given_weight: Floats | None = None,
) -> Tally:
    """The tally of ``answers`` (n, sheet width), each in the cell of ``cell_index``.

    ``given_weight`` (n,) is used only if the scheme says so. Without it all sums are
    of whole numbers: exact, and the same for every order and partition of the answers.
    With it the last bits depend on the order of rows inside a cell, which the caller
    keeps fixed. Equation 3.
    """
    if plan.uses_given_weight and given_weight is None:
        raise ValueError("the scheme uses a given weight, and none was handed over")
    cell_index = cell_index.astype(np.int64, copy=False)
    tally = empty(plan, n_cells)
    tally.n_received[:] = np.bincount(cell_index, minlength=n_cells)
    order = np.argsort(cell_index, kind="stable")
    for start in range(0, len(order), CHUNK):
        rows = order[start : start + CHUNK]
        weight = np.ones(len(rows))
        if plan.uses_given_weight and given_weight is not None:
            weight = given_weight[rows].astype(np.float64)
        people = _people(plan, answers[rows], cell_index[rows], weight)
        _add_people(tally, plan, people)
    return tally


def empty(plan: Plan, n_cells: int) -> Tally:
    """The tally of nobody."""
    n_items, n_codes = plan.points.shape
    length = 1 + 2 * plan.n_components
    n_votes = plan.lenses.n_votes if plan.lenses else 0
    return Tally(
        n_received=np.zeros(n_cells, dtype=np.int64),
        n_usable=np.zeros(n_cells, dtype=np.int64),
        n_valid=np.zeros((n_cells, len(plan.counted)), dtype=np.int64),
        weight=np.zeros(n_cells),
        weight_squared=np.zeros(n_cells),
        linear=np.zeros((n_cells, length)),
        products=np.zeros((n_cells, length * (length + 1) // 2)),
        option_counts=np.zeros((n_cells, n_items, n_codes), dtype=np.int64),
        option_weights=np.zeros((n_cells, n_items, n_codes)),
        n_voters=np.zeros((n_cells, len(LENSES) if n_votes else 0), dtype=np.int64),
        votes=np.zeros((n_cells, GROUPS if n_votes else 0, n_votes), np.int32),
        moments=np.zeros((n_cells, sums.width(plan))),
    )


def _people(plan: Plan, sheets: Codes, cell: Integers, weight: Floats) -> _People:
    """Points and validity of persons (equations 1, 2, 50), unusable people left out."""
    votes = np.zeros((len(sheets), 0, 0), dtype=np.bool_)
    if plan.lenses:
        votes = cast(plan.lenses, sheets)
    if plan.lenses and plan.is_by_votes:
        points, is_usable = points_of(plan.lenses, votes)
        is_valid = np.repeat(is_usable[:, np.newaxis], len(plan.dimensions), axis=1)
        points, valid = points * is_valid, is_valid.astype(np.float64)
    else:
        codes = _by_columns(sheets, plan.slots)
        points, valid, is_valid, is_usable = _rated(plan, codes)
    if plan.lenses:
        limiting, n_votes = limiting_of(plan.lenses, votes)
        points = np.column_stack([points, limiting])
        valid = np.column_stack([valid, n_votes])
        is_valid = np.column_stack([is_valid, n_votes > 0])
    usable = np.flatnonzero(is_usable)
    weight = weight[usable]
    vectors = np.column_stack([np.ones(len(usable)), points[usable], valid[usable]])
    if plan.uses_given_weight:
        vectors *= weight[:, np.newaxis]
    return _People(
        cell=cell[usable],
        codes=_by_columns(sheets[usable], plan.slots),
        weight=weight,
        vectors=vectors,
        is_valid=is_valid[usable],
        votes=votes[usable],
        outcome=sums.outcome_codes(plan, sheets[usable]),
        group=group_of(sheets[usable]) if plan.lenses else np.zeros(0, np.int64),
    )


def _by_columns(sheets: Codes, slots: Integers) -> Codes:
    """(n, I) codes of these slots, those of an item side by side in memory."""
    columns = np.empty((len(slots), len(sheets)), dtype=sheets.dtype)
    for item, slot in enumerate(slots):
        columns[item] = sheets[:, slot]
    return columns.T


def _rated(plan: Plan, codes: Codes) -> tuple[Floats, Floats, Booleans, Booleans]:
    """Points and validity (n, C) of ratings, of dimensions (n, D), and who is usable.

    Equations 1 and 2.
    """
    n_people, n_items = codes.shape
    n_answered = np.zeros((len(plan.dimensions), n_people), dtype=np.int64)
    answered = np.zeros(n_answered.shape)
    n_components = n_items if plan.is_by_item else len(plan.dimensions)
    points = np.zeros((n_components, n_people))
    valid = np.zeros((n_components, n_people))
    for item in range(n_items):
        is_valid = plan.is_valid[item][codes[:, item]]
        dimension = plan.dimension_of_item[item]
        component = item if plan.is_by_item else dimension
        n_answered[dimension] += is_valid
        answered[dimension] += plan.item_weight[item] * is_valid
        points[component] += plan.points[item][codes[:, item]]
        valid[component] += is_valid
    is_dimension_valid = n_answered >= plan.n_needed[:, np.newaxis]
    if not plan.is_by_item:
        points = np.where(is_dimension_valid, points / np.maximum(answered, 1), 0)
        valid = is_dimension_valid.astype(np.float64)
    is_usable = (n_answered.sum(axis=0) >= plan.n_usable_items) & (
        is_dimension_valid.sum(axis=0) >= plan.n_usable_dimensions
    )
    return points.T, valid.T, is_dimension_valid.T, is_usable


def _add_people(tally: Tally, plan: Plan, people: _People) -> None:
    if not len(people.cell):
        return
    present, starts = np.unique(people.cell, return_index=True)
    stops = np.append(starts[1:], len(people.cell))
    spans = [slice(*span) for span in zip(starts, stops, strict=True)]
    tally.n_usable[present] += stops - starts
    is_valid = people.is_valid.astype(np.int64)
    tally.n_valid[present] += np.add.reduceat(is_valid, starts, axis=0)
    vectors = [people.vectors[mine] for mine in spans]
    tally.linear[present] += [mine.sum(axis=0) for mine in vectors]
    tally.products[present] += _products(vectors)
    weights = [people.weight[mine] for mine in spans]
    tally.weight[present] += [mine.sum() for mine in weights]
    tally.weight_squared[present] += [mine @ mine for mine in weights]
    if plan.lenses:
        for cell, mine in zip(present, spans, strict=True):
            _add_votes(tally, cell, people.votes[mine], people.group[mine])
    _add_options(tally, plan, people)
    sums.add_people(tally.moments, plan, people.codes, people.outcome, people.cell)


def _products(vectors: list[Floats]) -> Floats:
    """(cells, T (T + 1) / 2) upper triangles of Σ t tᵀ over the people of each cell."""
    length = vectors[0].shape[1]
    whole = np.empty((len(vectors), length, length))
    for place, mine in enumerate(vectors):
        np.matmul(mine.T, mine, out=whole[place])
    rows, columns = np.triu_indices(length)
    return whole[:, rows, columns]


def _add_votes(tally: Tally, cell: int, votes: Booleans, group: Integers) -> None:
    tally.n_voters[cell] += votes.any(axis=2).sum(axis=0)
    is_in = (group == np.arange(GROUPS)[:, np.newaxis]).astype(np.float32)
    counts = is_in @ votes.reshape(len(votes), -1).astype(np.float32)
    tally.votes[cell] += counts.astype(np.int32)


def _add_options(tally: Tally, plan: Plan, people: _People) -> None:
    """Histograms; people are sorted by cell, so one run of cells is touched."""
    n_items, n_codes = plan.points.shape
    first, beyond = people.cell[0], people.cell[-1] + 1
    shape = (beyond - first, n_codes)
    n_bins = int(np.prod(shape))
    base = (people.cell - first) * n_codes
    for item in range(n_items):
        bins = base + people.codes[:, item]
        counts = np.bincount(bins, minlength=n_bins).reshape(shape)
        tally.option_counts[first:beyond, item] += counts
        weights = counts.astype(np.float64)
        if plan.uses_given_weight:
            weights = np.bincount(bins, people.weight, n_bins).reshape(shape)
        tally.option_weights[first:beyond, item] += weights


def add(first: Tally, second: Tally) -> Tally:
    """The tally of both sets of answers, over the same cells."""
    return Tally(
        **{
            name: value + getattr(second, name)
            for name, value in arrays_of(first).items()
        }
    )


def regroup(tally: Tally, target: Integers, n_targets: int) -> Tally:
    """Sums over groups of cells: cell c goes to ``target[c]`` (n_cells,).

    Puts the cells of a shard in their places among those of the wave, and cells
    together in units. Targets nobody goes to stay empty.
    """
    summed: dict[str, Any] = {}
    for name, value in arrays_of(tally).items():
        summed[name] = np.zeros((n_targets, *value.shape[1:]), dtype=value.dtype)
        np.add.at(summed[name], target, value)
    return Tally(**summed)


def arrays_of(tally: Tally) -> dict[str, NDArray[Any]]:
    """The fields of a tally by name, in their fixed order."""
    return {field.name: getattr(tally, field.name) for field in fields(Tally)}


def to_bytes(tally: Tally) -> bytes:
    """A tally as bytes; equal tallies give equal bytes on every machine."""
    return pack(arrays_of(tally))


def from_bytes(data: bytes) -> Tally:
    """The tally that ``to_bytes`` wrote; ValueError for anything else."""
    return Tally(**unpack(data))
