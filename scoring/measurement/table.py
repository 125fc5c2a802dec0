"""What measurement reads off a sheet: item steps, and a separate outcome. Pure.

Scores may be means or shares of favourable answers; whether the questionnaire measures
is asked of the answers themselves, as steps above the lowest point.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from scoring.arrays import Booleans, Floats, Integers


@dataclass(frozen=True, eq=False)
class Outcome:
    """A rating that the score leaves out."""

    code: str
    slot: int
    steps: Floats
    """(K,) steps of each code above the lowest point; 0 if missing."""
    is_valid: Booleans


@dataclass(frozen=True, eq=False)
class Measured:
    """Lookup tables for I items of D dimensions, and for the outcome if one is named.

    A person's dimension is kept as whole numbers of 1/``unit``, so its sums are exact.
    """

    steps: Floats
    """(I, K) steps of each code above the item's lowest point; 0 if missing."""
    spans: Integers
    """(I,) steps from the lowest point to the highest."""
    weights: Integers
    """(I,) of the items in their dimension."""
    scale: Floats
    """(I,) units of its dimension in a step of an item, times the weights answered."""
    unit: Floats
    """(D,) units of a dimension from its lowest score to its highest."""
    outcome: Outcome | None = None


def measured_items(
    columns: Sequence[tuple[Mapping[int, int], int, int]],
    parts: Sequence[int],
    n_codes: int,
) -> Measured:
    """Tables for items, each of ``values`` (position to value, reversed), a dimension
    and a weight in it.

    ``parts`` (D,) are multiples of every sum of weights that a valid dimension can
    have; codes run from 0 to ``n_codes`` - 1.
    """
    values = [one for one, _dimension, _weight in columns]
    steps = np.zeros((len(values), n_codes))
    for row, one in enumerate(values):
        for position, value in one.items():
            steps[row, position] = value - min(one.values())
    spans = np.array([max(o.values()) - min(o.values()) for o in values], np.int64)
    common = math.lcm(*spans.tolist())
    scale = [
        weight * parts[dimension] * common / span
        for (_values, dimension, weight), span in zip(columns, spans, strict=True)
    ]
    weights = [weight for _values, _dimension, weight in columns]
    unit = np.array(parts, dtype=np.float64) * common
    return Measured(steps, spans, np.array(weights), np.array(scale), unit)
