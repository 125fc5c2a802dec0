"""Weights made to fit the known make-up of the staff, and whether they are worth it.

Pure. Post-stratification is raking with the cells as the only margin. Comparing the
scores with these weights and without them says what they change.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

import numpy as np

from scoring.arrays import Floats, Integers
from scoring.linearisation import ratio
from scoring.ordering.ranks import competition_ranks
from scoring.rules import WeightingRule
from scoring.weighting.cells import CellWeights
from scoring.weighting.raking import Margin, Raked, margin_of, rake, sums_of
from scoring.weighting.trimming import trim_and_rake

DEFAULTS = WeightingRule()


class Verdict(StrEnum):
    """Whether the weights of a unit are worth the precision that they cost."""

    USED = "used"
    WARNED = "warned"
    UNUSED = "unused"
    """Everybody of the unit weighs the same instead."""
    NOBODY = "nobody"


@dataclass(frozen=True, eq=False)
class Calibrated:
    """Weights that fit the frame, with their cost to each unit."""

    raked: Raked
    """Its ``weight`` is after trimming and before the verdict."""
    weight: Floats
    """(cells,) the weights to use, after the verdict."""
    plain: Floats
    """(cells,) the same people of each unit, all weighing alike."""
    is_within_limit: bool
    """False where the margins ask for more than the limit: they win."""
    design_effect: Floats
    """(units,) Kish's; NaN where nobody answered."""
    effective_n: Floats
    """(units,) answers of equal weight that would tell as much."""
    verdict: tuple[Verdict, ...]
    """(units,)"""


def calibrate(
    n: Integers,
    frame: Integers,
    unit: Integers,
    margins: Sequence[Margin],
    *,
    start: Floats | None = None,
    rule: WeightingRule = DEFAULTS,
) -> Calibrated:
    """Weights for the ``n`` usable people of each cell; arrays are (cells,).

    If every cell with people in the ``frame`` has ``least_answers`` it is its own
    margin; otherwise the weights are raked to ``margins``. Equations 40 to 43.
    """
    if (n >= rule.least_answers)[frame > 0].all():
        margins = [margin_of("cell", np.arange(len(n)), frame)]
    raked = rake(n, margins, start)
    raked, is_within = trim_and_rake(raked, n, unit, rule.trim_at)
    effect, effective = design_effects(raked.weight, n, unit)
    verdict = tuple(_verdict(value, rule) for value in effect.tolist())
    plain = plain_weights(raked.weight, n, unit)
    is_unused = np.array([found is Verdict.UNUSED for found in verdict], dtype=np.bool_)
    return Calibrated(
        raked=raked,
        weight=np.where(is_unused[unit], plain, raked.weight),
        plain=plain,
        is_within_limit=is_within,
        design_effect=effect,
        effective_n=effective,
        verdict=verdict,
    )


def design_effects(
    weight: Floats, n: Integers, unit: Integers
) -> tuple[Floats, Floats]:
    """Kish's design effect and effective n (units,), NaN and 0 where nobody answered.

    Equations 8 and 43.
    """
    people, total, squares = (
        sums_of(unit, n * weight**power, unit.max() + 1) for power in (0, 1, 2)
    )
    effect = np.full(len(people), np.nan)
    np.divide(people * squares, total**2, out=effect, where=total > 0)
    return effect, ratio(total**2, squares)


def _verdict(effect: float, rule: WeightingRule) -> Verdict:
    if np.isnan(effect):
        return Verdict.NOBODY
    if effect > rule.largest_effect:
        return Verdict.UNUSED
    return Verdict.WARNED if effect > rule.warning_effect else Verdict.USED


def plain_weights(weight: Floats, n: Integers, unit: Integers) -> Floats:
    """(cells,) each unit's weight spread evenly over its people (equation 44)."""
    people, total = (
        sums_of(unit, n * weight**power, unit.max() + 1) for power in (0, 1)
    )
    return np.where(n > 0, ratio(total, people)[unit], 0)


def both_ways(
    weights: CellWeights, calibrated: Calibrated
) -> tuple[CellWeights, CellWeights]:
    """Weights for ``score_nodes`` with the calibration and without it.

    Silent people are in the totals already, so nothing is folded in on top of them.
    """
    lift = np.ones_like(weights.lift)
    return (
        replace(weights, base=calibrated.weight, lift=lift),
        replace(weights, base=calibrated.plain, lift=lift),
    )


def rank_change(with_weights: Floats, without: Floats) -> Integers:
    """(K,) ranks that each unit gains by the weights, from scores as printed.

    Equation 44; negative where it loses.

    >>> rank_change(np.array([70.0, 71.0]), np.array([72.0, 71.0])).tolist()
    [-1, 1]
    """
    change: Integers = competition_ranks(without) - competition_ranks(with_weights)
    return change
