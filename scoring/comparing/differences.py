"""Whether a score differs from another one: unit and whole, wave and wave.

Everything here follows from two published scores and their standard errors. What is
hidden beside them is not asked for, so no comparison can give it away.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, TypeVar

from scipy.special import ndtr
from scipy.stats import false_discovery_control

from scoring.rules import ComparisonRule
from scoring.scheme import TRUSTED_DECIMALS

Mark = Literal["up", "down", "same"]
Key = TypeVar("Key")


@dataclass(frozen=True, slots=True)
class Estimate:
    """A score in 0-100 and its standard error, in points."""

    score: float
    se: float


@dataclass(frozen=True, slots=True)
class Difference:
    """Points between two scores, unrounded, and their standard error."""

    size: float
    se: float

    @property
    def p(self) -> float:
        """Two-sided, normal (equation 84); without an error any difference is sure.

        >>> round(Difference(1.96, 1.0).p, 3)
        0.05
        """
        if round(self.size, TRUSTED_DECIMALS) == 0:
            return 1.0
        return 2 * float(ndtr(-abs(self.size) / self.se)) if self.se > 0 else 0.0


def from_whole(unit: Estimate, whole: Estimate, share: float) -> Difference:
    """A unit against the whole that contains it (equation 81).

    ``share`` is the unit's part of the whole, in 0-1. What the unit adds to the whole's
    variance is taken out of it; what the others add is the rest of the same number.
    """
    others = max(whole.se**2 - (share * unit.se) ** 2, 0.0)
    variance = ((1 - share) * unit.se) ** 2 + others
    return Difference(unit.score - whole.score, math.sqrt(variance))


def from_rest(unit: Estimate, whole: Estimate, share: float) -> Difference:
    """The unit against the whole without it: the same z as ``from_whole``.

    ``share`` below 1.
    """
    found = from_whole(unit, whole, share)
    return Difference(found.size / (1 - share), found.se / (1 - share))


def from_earlier(now: Estimate, before: Estimate) -> Difference:
    """Two waves (equation 82); the same people in both make the true error smaller."""
    return Difference(now.score - before.score, math.hypot(now.se, before.se))


def pooled(parts: Sequence[Estimate], sizes: Sequence[float]) -> Estimate:
    """Disjoint units as one, each by its number of people (equation 83)."""
    total = math.fsum(sizes)
    shares = [size / total for size in sizes]
    pairs = list(zip(shares, parts, strict=True))
    score = math.fsum(share * part.score for share, part in pairs)
    return Estimate(score, math.hypot(*(share * part.se for share, part in pairs)))


def marks(
    differences: Mapping[Key, Difference], rule: ComparisonRule
) -> dict[Key, Mark]:
    """Which differences of one page are shown as such (equations 84 and 85)."""
    if not differences:
        return {}
    adjusted = false_discovery_control([each.p for each in differences.values()])
    return {
        key: _mark(each, float(p), rule)
        for (key, each), p in zip(differences.items(), adjusted, strict=True)
    }


def _mark(difference: Difference, p: float, rule: ComparisonRule) -> Mark:
    is_large = round(abs(difference.size), TRUSTED_DECIMALS) >= rule.minimum_difference
    if p >= rule.false_discoveries or not is_large:
        return "same"
    return "up" if difference.size > 0 else "down"
