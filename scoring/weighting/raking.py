"""Weights of cells that reproduce known totals: iterative proportional fitting. Pure.

Everybody of a cell weighs the same, so all that is needed is how many answered there.
The order of the cells changes results by rounding alone; the order of the margins is
the caller's, and the first of them has the last word.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from scoring.arrays import Booleans, Floats, Integers
from scoring.linearisation import ratio

TOLERANCE = 1e-8
"""Largest relative error of a total that counts as reproduced."""

ROUNDS = 100


@dataclass(frozen=True, eq=False)
class Margin:
    """One way of sorting the cells, and how many people each category really has."""

    name: str
    category: Integers
    """(cells,) numbers from 0."""
    target: Floats
    """(categories,) people; all margins must describe the same population."""

    def sums(self, per_cell: Floats | Integers) -> Floats:
        """(categories,) sums over the cells of each category."""
        return sums_of(self.category, per_cell, len(self.target))


@dataclass(frozen=True)
class Collapse:
    """A category that was joined to another one of its margin.

    ``empty``: people are registered there, but nobody who counts answered. ``unfit``:
    its total was the worst when the fitting ended without success.
    """

    margin: str
    category: int
    into: int
    why: Literal["empty", "unfit"]


@dataclass(frozen=True, eq=False)
class Raked:
    """Weights that reproduce ``margins``, which may have been collapsed."""

    weight: Floats
    """(cells,) what one answer stands for; 0 where nobody is registered or answered."""
    margins: tuple[Margin, ...]
    """Numbered as before; a category that was joined to another has target 0."""
    collapses: tuple[Collapse, ...]
    """In the order in which they were made."""
    error: float
    """Largest relative error of a total; 1 if nobody answered at all."""

    @property
    def is_converged(self) -> bool:
        return self.error < TOLERANCE


def sums_of(group: Integers, per_cell: Floats | Integers, n_groups: int) -> Floats:
    """(groups,) sums over the cells of each group, numbered from 0."""
    sums: Floats = np.bincount(group, per_cell, n_groups).astype(np.float64)
    return sums


def margin_of(name: str, category: Integers, frame: Integers) -> Margin:
    """The margin whose targets are the people of the frame (cells,)."""
    if (frame < 0).any():
        raise ValueError("a cell without a frame has no known total")
    return Margin(name, category, sums_of(category, frame, category.max() + 1))


def rake(n: Integers, margins: Sequence[Margin], start: Floats | None = None) -> Raked:
    """Weights (cells,) for the ``n`` people of each cell (equations 40 and 41).

    ``start`` (cells,) are the weights before, 1 in a census. ValueError if the margins
    describe populations of different size.
    """
    _check(margins)
    before = n * (np.ones(len(n)) if start is None else start)
    answered = np.where(before > 0, n, 0)
    kept, collapses = tuple(margins), list[Collapse]()
    while True:
        found = _empty(answered, kept)
        if found is None:
            people = _fit(before, kept)
            error = max(float(_errors(people, margin).max()) for margin in kept)
            is_done = error < TOLERANCE or not answered.any()
            found = None if is_done else _unfit(answered, people, kept)
        if found is None:
            return Raked(
                ratio(people, n.astype(np.float64)), kept, tuple(collapses), error
            )
        collapses.append(found)
        kept = tuple(_join(margin, found) for margin in kept)


def _check(margins: Sequence[Margin]) -> None:
    totals = np.array([margin.target.sum() for margin in margins])
    if not np.allclose(totals, totals[0], rtol=TOLERANCE, atol=0):
        raise ValueError("the margins describe populations of different size")


def _fit(people: Floats, margins: Sequence[Margin]) -> Floats:
    """(cells,) weighted people after at most ``ROUNDS`` of equation 40.

    The first margin is fitted last, so its totals hold whatever happens.
    """
    for _ in range(ROUNDS):
        for margin in reversed(margins):
            people = people * ratio(margin.target, margin.sums(people))[margin.category]
        if all((_errors(people, margin) < TOLERANCE).all() for margin in margins):
            break
    return people


def _errors(people: Floats, margin: Margin) -> Floats:
    """(categories,) relative errors of the totals; 0 where nobody is registered."""
    return ratio(np.abs(margin.sums(people) - margin.target), margin.target)


def _is_registered(margins: Sequence[Margin]) -> Booleans:
    """(cells,) none of the cell's categories is without people in the frame."""
    targets = [margin.target[margin.category] for margin in margins]
    registered: Booleans = np.min(targets, axis=0) > 0
    return registered


def _empty(n: Integers, margins: Sequence[Margin]) -> Collapse | None:
    """The first category with people but without answers that count, if one has."""
    counted = np.where(_is_registered(margins), n, 0)
    for margin in margins:
        empty = np.flatnonzero((margin.target > 0) & (margin.sums(counted) == 0))
        if len(empty) and counted.any():
            category = int(empty[0])
            into = _neighbour(counted, margin, category)
            return Collapse(margin.name, category, into, "empty")
    return None


def _unfit(n: Integers, people: Floats, margins: Sequence[Margin]) -> Collapse | None:
    """The category with the largest error that has a neighbour; the first of equals.

    Errors are compared to nine decimals, so that rounding decides nothing.
    """
    largest, found = 0.0, None
    counted = np.where(_is_registered(margins), n, 0)
    for margin in margins:
        error = np.round(_errors(people, margin), 9)
        category = int(error.argmax())
        if error[category] > largest and (margin.target > 0).sum() > 1:
            largest = error[category]
            into = _neighbour(counted, margin, category)
            found = Collapse(margin.name, category, into, "unfit")
    return found


def _neighbour(n: Integers, margin: Margin, category: int) -> int:
    """The category of the margin with the most people who answered, but this one.

    Of equals the one with more people registered, then the lowest number.
    """
    answered = margin.sums(n)
    answered[category] = -1
    return int(np.lexsort((-margin.target, -answered))[0])


def _join(margin: Margin, collapse: Collapse) -> Margin:
    if margin.name != collapse.margin:
        return margin
    target = margin.target.copy()
    target[collapse.into] += target[collapse.category]
    target[collapse.category] = 0
    is_moved = margin.category == collapse.category
    category = np.where(is_moved, collapse.into, margin.category)
    return replace(margin, category=category, target=target)
