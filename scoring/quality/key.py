"""How codes are read when sheets are compared: values as whole numbers, no points."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from scoring.arrays import Booleans, Codes, Floats, Integers
from scoring.plan import Plan
from surveys.instruments.sheet import Sheet

LEVELS = 10_000
"""A person's mean is counted in this many steps between lowest and highest."""


@dataclass(frozen=True, eq=False)
class Key:
    """Lookup tables over I items and K codes; a missing answer is -1.

    Every item runs from 0 to ``top``, whatever its number of options.
    """

    plan: Plan
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

    def is_usable(self, codes: Codes) -> Booleans:
        """(n,) whether the sheet counts at all (equation 2)."""
        plan = self.plan
        valid = self.read(codes, self.raw) >= 0
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
    values = [
        {
            option.position: option.value
            for option in question.options
            if option.value is not None and not option.is_missing
        }
        for question in questions
    ]
    ranges = [max(found.values()) - min(found.values()) for found in values]
    top = math.lcm(*ranges)
    raw = np.full(plan.is_valid.shape, -1, dtype=np.int64)
    scored = np.full(plan.is_valid.shape, -1, dtype=np.int64)
    for row, (question, found) in enumerate(zip(questions, values, strict=True)):
        lowest, step = min(found.values()), top // ranges[row]
        for position, value in found.items():
            raw[row, position] = step * (value - lowest)
            turned = top - raw[row, position]
            scored[row, position] = (
                turned if question.is_reversed else raw[row, position]
            )
    counts = [
        sum(question.kind != "comment" for question in sheet.in_section(section.code))
        for section in sheet.sections
    ]
    pages = counts if has_pages and counts else [sum(counts)]
    return Key(plan, raw, scored, top, np.array(pages, dtype=np.int64))
