"""Flags of units. Each is a reason to look, never a proof, and removes nothing.

Rows are units of one level. Whatever a unit is held against is taken from the others
alone, so that a unit cannot hide behind its own numbers. NaN and False where too little
is known.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import stats
from scipy.special import digamma, polygamma

from scoring.arrays import Booleans, Floats, Integers
from scoring.quality.rules import QualityRule

DEVICES, TIMING, ANSWERS, LEVEL = "devices", "timing", "answers", "level"
FAMILIES = (DEVICES, TIMING, ANSWERS, LEVEL)
FAMILY_OF = {
    "devices": DEVICES,
    "burst": TIMING,
    "even_pace": TIMING,
    "duplicates": ANSWERS,
    "ceiling": LEVEL,
    "even_spread": LEVEL,
    "flat_profile": LEVEL,
    "jump": LEVEL,
}
"""Kinds of flags. Those of one family may have one and the same honest cause."""


def n_families(kinds: frozenset[str] | set[str]) -> int:
    """How many independent families the kinds belong to."""
    return len({FAMILY_OF[kind] for kind in kinds})


# --- level ---------------------------------------------------------------------------


def ceiling(n: Integers, highest: Integers) -> Floats:
    """(units,) chance of so many all-highest sheets (equation 64).

    Beta-binomial with the mean and the intraclass correlation of the other units.
    """
    others = _Shares(n, highest)
    mean, together = others.mean, others.together
    chance = stats.binom.sf(highest - 1, n, mean)
    spread = together > 1e-6
    first = (mean * (1 - together))[spread] / together[spread]
    second = ((1 - mean) * (1 - together))[spread] / together[spread]
    chance[spread] = stats.betabinom.sf(highest[spread] - 1, n[spread], first, second)
    return np.where(n > 0, chance, np.nan)


@dataclass(frozen=True, eq=False)
class _Shares:
    """Mean and intraclass correlation of yes-or-no, seen without each unit."""

    n: Integers
    yes: Integers

    def _of_others(self, values: Floats) -> Floats:
        rest: Floats = values.sum() - values
        return rest

    @property
    def mean(self) -> Floats:
        n, yes = self.n.astype(np.float64), self.yes.astype(np.float64)
        mean: Floats = (self._of_others(yes) + 0.5) / (self._of_others(n) + 1)
        return mean

    @property
    def together(self) -> Floats:
        """Equation (31) for a variable that is 0 or 1, not below 0."""
        n, yes = self.n.astype(np.float64), self.yes.astype(np.float64)
        squares = yes**2 / np.maximum(n, 1)
        total, k = self._of_others(n), max(len(n) - 2, 1)
        all_yes, within = self._of_others(yes), self._of_others(yes - squares)
        between = self._of_others(squares) - all_yes**2 / np.maximum(total, 1)
        between /= k
        within /= np.maximum(total - k - 1, 1)
        size = (total - self._of_others(n**2) / np.maximum(total, 1)) / k
        top, bottom = between - within, between + (size - 1) * within
        found = np.zeros(len(n))
        np.divide(top, bottom, out=found, where=bottom > 0)
        return np.clip(found, 0, 0.999)


def evenness(n: Integers, sums: Integers, squares: Integers) -> Floats:
    """(units,) chance of so small a variance within the unit (equation 65).

    The variance is held against that of the others by an F distribution whose second
    degrees of freedom say how much variances differ between units anyway.
    """
    chance = np.full(len(n), np.nan)
    df = n.astype(np.float64) - 1
    enough = df > 0
    mass = squares - sums.astype(np.float64) ** 2 / np.maximum(n, 1)
    mass = np.where(enough, np.maximum(mass, 0), 0)
    own = np.where(enough, df, 0)
    others = (mass.sum() - mass) / np.maximum(own.sum() - own, 1)
    judged = enough & (others > 0)
    ratio = mass[judged] / df[judged] / others[judged]
    chance[judged] = stats.f.cdf(ratio, df[judged], _prior_df(mass[judged], df[judged]))
    return chance


def _prior_df(mass: Floats, df: Floats) -> float:
    """Degrees of freedom of the variances between units, from their logarithms."""
    positive = mass > 0
    df = df[positive]
    if len(df) < 3:
        return 4.0
    logs = np.log(mass[positive] / df) - digamma(df / 2) + np.log(df / 2)
    centred = np.abs(logs - np.median(logs))
    excess = (1.4826 * np.median(centred)) ** 2 - np.mean(polygamma(1, df / 2))
    return 2 * _inverse_trigamma(float(excess)) if excess > 1e-6 else 1e6


def _inverse_trigamma(value: float) -> float:
    """x with trigamma(x) = value > 0, by Newton's method on its reciprocal."""
    x = 0.5 + 1 / value
    for _round in range(50):
        first = float(polygamma(1, x))
        step = first * (1 - first / value) / float(polygamma(2, x))
        x += step
        if abs(step) < 1e-9 * x:
            break
    return x


def is_flat(dimensions: Floats, nation: Floats, share: float) -> Booleans:
    """(units,) whether scores (units, D) hardly differ where the nation's do (66)."""
    if len(nation) < 3 or np.isnan(nation).any():
        return np.zeros(len(dimensions), dtype=np.bool_)
    spread = np.std(dimensions, axis=1)
    flat: Booleans = spread < share * np.std(nation)
    return flat


@dataclass(frozen=True, eq=False)
class Before:
    """The same units in an earlier wave; NaN where they did not exist."""

    score: Floats
    error: Floats
    response: Floats


def is_jump(
    now: Before, then: Before, is_even: Booleans, rule: QualityRule
) -> Booleans:
    """(units,) a rise beyond error, with many more answers or all alike (67)."""
    error = np.hypot(now.error, then.error)
    rise = now.score - then.score > rule.jump_errors * error
    more = now.response - then.response > rule.jump_response
    jump: Booleans = rise & (more | is_even)
    return jump


# --- timing --------------------------------------------------------------------------


def bursts(counts: Integers, window: int) -> Floats:
    """(units,) chance of the fullest ``window`` of the arrivals (units, bins).

    A unit's answers are expected when the others' came; what offices do together
    anyway widens the Poisson to a negative binomial. All windows count (equation 68).
    """
    if counts.shape[1] < 2 * window:
        return np.full(len(counts), np.nan)
    n = counts.sum(axis=1, keepdims=True)
    others = counts.sum(axis=0) - counts + 1.0
    expected = n * others / others.sum(axis=1, keepdims=True)
    found, wanted = _windows(counts, window), _windows(expected, window)
    excess = ((found - wanted) ** 2 - wanted).sum(axis=1)
    scale = (wanted**2).sum(axis=1)
    widening = (excess.sum() - excess) / np.maximum(scale.sum() - scale, 1e-9)
    size = 1 / np.maximum(widening, 1e-6)[:, np.newaxis]
    chance = stats.nbinom.sf(found - 1, size, size / (size + wanted))
    smallest = np.minimum(chance.min(axis=1) * found.shape[1], 1)
    return np.where(n[:, 0] > 0, smallest, np.nan)


def _windows(rows: Integers | Floats, width: int) -> Floats:
    """Sums over every ``width`` neighbouring columns."""
    total = np.cumsum(np.pad(rows, ((0, 0), (1, 0))), axis=1)
    found: Floats = (total[:, width:] - total[:, :-width]).astype(np.float64)
    return found


# --- from units up -------------------------------------------------------------------


def carried(flagged: Integers, everybody: Integers, share: float) -> Booleans:
    """(nodes,) whether flagged units hold that share of a node's answers (62)."""
    found: Booleans = (flagged > 0) & (flagged >= share * everybody)
    return found
