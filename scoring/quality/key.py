"""How codes are read when sheets are compared: values as whole numbers, no points."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from scoring.arrays import Booleans, Codes, Floats, Integers
from scoring.plan import Plan
from scoring.votes import cast, points_of
from surveys.instruments.sheet import Sheet, SheetQuestion

LEVELS = 10_000
"""A person's mean is counted in this many steps between lowest and highest."""


@dataclass(frozen=True, eq=False)
class Key:
    """Lookup tables over I items and K codes; a missing answer is -1.

    Items are those of the plan; of a plan by votes, every rating question there is.
    Every item runs from 0 to ``top``, whatever its number of options.
    """

    plan: Plan
    slots: Integers
    """(I,)"""
    dimension_of_item: Integers
    """(I,) -1 for an item of no dimension that counts."""
    raw: Integers
    """(I, K) as ticked: equal ticks on a reversed item stay equal."""
    scored: Integers
    """(I, K) reversed items turned."""
    top: int
    n_items_of_page: Integers
    """(S,) questions on each page that was timed."""

    def read(self, codes: Codes, table: Integers) -> Integers:
        """(n, I) values of item codes (n, I)."""
        return np.take_along_axis(table.T, codes.astype(np.int64), axis=0)

    def as_floats(self, values: Integers) -> Floats:
        """The same with NaN where nothing counts."""
        floats: Floats = np.where(values < 0, np.nan, values.astype(np.float64))
        return floats

    def is_usable(self, sheets: Codes) -> Booleans:
        """(n,) whether a sheet (n, width) counts at all (equations 2 and 50)."""
        plan = self.plan
        if plan.lenses and plan.is_by_votes:
            return points_of(plan.lenses, cast(plan.lenses, sheets))[1]
        valid = self.read(sheets[:, self.slots], self.raw) >= 0
        of_dimension = plan.dimension_of_item[:, np.newaxis] == np.arange(
            len(plan.dimensions)
        )
        answered = valid.astype(np.int64) @ of_dimension.astype(np.int64)
        n_dimensions = (answered >= plan.n_needed).sum(axis=1)
        usable: Booleans = (answered.sum(axis=1) >= plan.n_usable_items) & (
            n_dimensions >= plan.n_usable_dimensions
        )
        return usable

    def level(self, values: Integers) -> Integers:
        """(n,) a person's mean in ``LEVELS`` steps, rounded down; 0 without answers."""
        valid = values >= 0
        total = np.where(valid, values, 0).sum(axis=1)
        n = np.maximum(valid.sum(axis=1), 1)
        steps: Integers = (total * LEVELS) // (n * self.top)
        return steps


def key_of(sheet: Sheet, plan: Plan, *, has_pages: bool = True) -> Key:
    """The tables of the items of ``plan``; without pages the sheet is timed as one."""
    questions = [sheet.question(code) for code in plan.items]
    if plan.is_by_votes:
        rated = [q for q in sheet.questions if q.kind == "rating"]
        questions = [q for q in rated if len(set(_values(q).values())) > 1]
    ranges = [max(v.values()) - min(v.values()) for v in map(_values, questions)]
    top = math.lcm(*ranges)
    width = 1 + max((question.n_codes for question in questions), default=0)
    raw = np.full((len(questions), width), -1, dtype=np.int64)
    scored = raw.copy()
    for row, question in enumerate(questions):
        found = _values(question)
        lowest, step = min(found.values()), top // ranges[row]
        for position, value in found.items():
            own = raw[row, position] = step * (value - lowest)
            scored[row, position] = top - own if question.is_reversed else own
    place = {code: at for at, code in enumerate(plan.dimensions)}
    dimensions = [place.get(q.dimension or "", -1) for q in questions]
    own_dimensions = np.array(dimensions, dtype=np.int64)
    return Key(
        plan,
        np.array([question.slot for question in questions], dtype=np.int64),
        own_dimensions if plan.is_by_votes else plan.dimension_of_item,
        raw,
        scored,
        top,
        _pages(sheet, has_pages=has_pages),
    )


def _values(question: SheetQuestion) -> Mapping[int, int]:
    """Position to value, missing options left out."""
    return {
        option.position: option.value
        for option in question.options
        if option.value is not None and not option.is_missing
    }


def _pages(sheet: Sheet, *, has_pages: bool) -> Integers:
    counts = [
        sum(question.kind != "comment" for question in sheet.in_section(section.code))
        for section in sheet.sections
    ]
    pages = counts if has_pages and counts else [sum(counts)]
    return np.array(pages, dtype=np.int64)
