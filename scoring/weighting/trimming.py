"""No person may stand for too many others: weights are cut and raked again. Pure."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from scoring.arrays import Floats, Integers
from scoring.linearisation import ratio
from scoring.weighting.raking import Raked, rake, sums_of

CYCLES = 50
SLACK = 1e-3
"""Trimming and raking take turns so often, and until weights are so near the limit."""


def trim(weight: Floats, n: Integers, unit: Integers, highest: Floats) -> Floats:
    """Weights of at most ``highest`` (units,), each unit's sum unchanged (equation 42).

    What is cut off goes to the other people of the unit in proportion to their weight.
    """
    total, cap = sums_of(unit, n * weight, len(highest)), highest[unit]
    is_cut, spread = np.zeros(len(n), dtype=np.bool_), weight
    while (is_over := ~is_cut & (n > 0) & (spread > cap)).any():
        is_cut |= is_over
        left = total - sums_of(unit, np.where(is_cut, n * cap, 0), len(highest))
        free = sums_of(unit, np.where(is_cut, 0, n * weight), len(highest))
        spread = np.where(is_cut, cap, weight * ratio(left, free)[unit])
    return spread


def highest_weights(
    weight: Floats, n: Integers, unit: Integers, limit: float
) -> Floats:
    """(units,) ``limit`` times the median over the unit's people, or their mean.

    The mean, if it is larger: nobody can be below it when all are at most that.
    """
    answered, n_units = np.where(weight > 0, n, 0), unit.max() + 1
    order = np.lexsort((weight, unit))
    reached = np.cumsum(answered[order])
    size = sums_of(unit, answered, n_units)
    first = np.cumsum(size) - size
    middle = first + np.maximum([(size - 1) // 2, size // 2], 0)
    places = np.searchsorted(reached, middle, side="right").clip(max=len(order) - 1)
    median = weight[order][places].mean(axis=0)
    mean = ratio(sums_of(unit, n * weight, n_units), size)
    highest: Floats = np.maximum(limit * median, mean)
    return highest


def trim_and_rake(
    raked: Raked, n: Integers, unit: Integers, limit: float
) -> tuple[Raked, bool]:
    """Trimming and raking in turn; the margins have the last word."""
    highest = highest_weights(raked.weight, n, unit, limit)
    for _ in range(CYCLES):
        if (raked.weight <= (1 + SLACK) * highest[unit]).all():
            return raked, True
        again = rake(n, raked.margins, trim(raked.weight, n, unit, highest))
        if again.collapses or not again.is_converged:
            break
        raked = replace(again, collapses=raked.collapses)
    return raked, False
