"""Ranks, and which ranks the data cannot exclude.

Rank sets follow Mogstad, Romano, Shaikh and Wilhelm (Review of Economic Studies,
doi 10.1093/restud/rdad006): all pairs are compared at once, stepping down.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

import numpy as np

from scoring.arrays import Booleans, Floats, Integers

_PAIRS_AT_A_TIME = 4_000_000
"""Differences held in memory at a time."""


@dataclass(frozen=True, eq=False)
class RankSets:
    """First and last rank (K,) of each unit that the data do not exclude."""

    lower: Integers
    upper: Integers


def seed_of(*parts: str) -> int:
    """A seed that depends on the parts alone, for ``numpy.random.default_rng``."""
    digest = hashlib.sha256("\x1f".join(parts).encode()).digest()
    return int.from_bytes(digest[:16], "big")


def competition_ranks(scores: Floats) -> Integers:
    """1 + how many are strictly higher (equation 17); ties share the better rank.

    >>> competition_ranks(np.array([5.0, 5.0, 3.0])).tolist()
    [1, 1, 3]
    """
    ascending = np.sort(scores)
    not_above = np.searchsorted(ascending, scores, side="right")
    ranks: Integers = 1 + len(scores) - not_above
    return ranks


def draw_errors(se: Floats, *, draws: int, seed: int) -> Floats:
    """(draws, K) independent normal errors with the standard errors ``se`` (K,)."""
    generator = np.random.default_rng(seed)
    return generator.standard_normal((draws, len(se))) * se


def simultaneous_sets(
    scores: Floats, se: Floats, errors: Floats, *, confidence: float
) -> RankSets:
    """Rank sets that hold for all K units together (equation 19).

    ``scores``, ``se`` (K,); ``errors`` (R, K) from ``draw_errors``. The lower ends are
    also those of the one-sided sets, which test the same pairs.
    """
    t = _statistics(scores, se)
    spread = _spread(se)
    is_above = t == np.inf
    while True:
        in_play = ~is_above & (spread > 0)
        critical = _critical(errors, spread, in_play, confidence)
        found = in_play & (t > critical)
        if not found.any():
            return _sets(is_above)
        is_above |= found


def marginal_sets(
    scores: Floats, se: Floats, errors: Floats, *, confidence: float
) -> RankSets:
    """Rank sets that hold for each unit by itself (equation 19 with its own pairs)."""
    t, spread = _statistics(scores, se), _spread(se)
    by_unit = np.ascontiguousarray(errors.T)
    lower = np.zeros(len(scores), dtype=np.int64)
    upper = np.zeros(len(scores), dtype=np.int64)
    for unit in range(len(scores)):
        below, above = _compare(unit, t, spread[unit], by_unit, confidence)
        lower[unit] = 1 + above.sum()
        upper[unit] = len(scores) - below.sum()
    return RankSets(lower, upper)


def tau_best(sets: RankSets, tau: int = 1) -> Booleans:
    """(K,) units that cannot be excluded from the best ``tau`` (equation 20).

    ``sets`` must be simultaneous. With ``tau`` 1: the statistical tie for first.
    """
    return sets.lower <= tau


def _spread(se: Floats) -> Floats:
    """(K, K) standard error of each difference; 0 on the diagonal."""
    spread = np.sqrt(se[:, np.newaxis] ** 2 + se**2)
    np.fill_diagonal(spread, 0)
    return spread


def _statistics(scores: Floats, se: Floats) -> Floats:
    """Equation 18; without any error the scores are compared exactly."""
    difference = scores[:, np.newaxis] - scores
    spread = _spread(se)
    t = np.where(difference > 0, np.inf, -np.inf)
    np.divide(difference, spread, out=t, where=spread > 0)
    return t


def _critical(
    errors: Floats, spread: Floats, in_play: Booleans, confidence: float
) -> float:
    """Quantile of the largest studentised error among the pairs in play."""
    first, second = np.nonzero(in_play)
    if not len(first):
        return np.inf
    scale = spread[first, second]
    step = max(1, _PAIRS_AT_A_TIME // len(first))
    largest = [
        ((part[:, first] - part[:, second]) / scale).max(axis=1)
        for part in (errors[at : at + step] for at in range(0, len(errors), step))
    ]
    return float(np.quantile(np.concatenate(largest), confidence))


def _compare(
    unit: int, t: Floats, spread: Floats, errors: Floats, confidence: float
) -> tuple[Booleans, Booleans]:
    """Who is surely below and surely above one unit, from its own pairs.

    ``spread`` (K,) is the unit's row; ``errors`` is (K, R) here.
    """
    is_apart = spread > 0
    below, above = t[unit] == np.inf, t[:, unit] == np.inf
    while True:
        down, up = is_apart & ~below, is_apart & ~above
        if not (down.any() or up.any()):
            return below, above
        critical = np.quantile(_largest(unit, errors, spread, down, up), confidence)
        new_below, new_above = down & (t[unit] > critical), up & (t[:, unit] > critical)
        if not (new_below.any() or new_above.any()):
            return below, above
        below, above = below | new_below, above | new_above


def _largest(
    unit: int, errors: Floats, spread: Floats, down: Booleans, up: Booleans
) -> Floats:
    """(R,) largest studentised error of one unit's pairs in play, in each draw."""
    largest = np.full(errors.shape[1], -np.inf)
    for rival in np.flatnonzero(down | up):
        difference = (errors[unit] - errors[rival]) / spread[rival]
        if down[rival] and up[rival]:
            np.abs(difference, out=difference)
        elif up[rival]:
            np.negative(difference, out=difference)
        np.maximum(largest, difference, out=largest)
    return largest


def _sets(is_above: Booleans) -> RankSets:
    return RankSets(
        lower=1 + is_above.sum(axis=0), upper=len(is_above) - is_above.sum(axis=1)
    )
