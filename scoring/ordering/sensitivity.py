"""How far the order of units hangs on the weights of the values. Pure."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from scoring.arrays import Floats, Integers
from scoring.ordering.ranks import competition_ranks
from scoring.scheme import TRUSTED_DECIMALS


@dataclass(frozen=True, eq=False)
class WeightSensitivity:
    """Ranks (K,) over many sets of weights, and how much they move (equation 25)."""

    median_rank: Floats
    range_90: Floats
    """(K, 2) the 5 % and 95 % points of the rank."""
    share_first: Floats
    share_top_three: Floats
    mean_shift: float
    """Mean over units and draws of |rank − rank with the scheme's own weights|."""


def vary_weights(
    values: Floats, weights: Floats, *, concentration: float, draws: int, seed: int
) -> WeightSensitivity:
    """Ranks of units with ``values`` (K, D) under weights drawn around ``weights``.

    Dirichlet with parameters ``concentration`` · D · ω_v: 50 means a relative spread
    of 13 % for each of seven equal weights; 1 allows any weights. Equation 25.
    """
    generator = np.random.default_rng(seed)
    own = weights / weights.sum()
    sets = generator.dirichlet(concentration * len(own) * own, size=draws)
    scores = (sets @ values.T).round(TRUSTED_DECIMALS)
    ranks = ranks_of_rows(scores)
    base = competition_ranks((values @ own).round(TRUSTED_DECIMALS))
    return WeightSensitivity(
        median_rank=np.median(ranks, axis=0),
        range_90=np.quantile(ranks, (0.05, 0.95), axis=0, method="nearest").T,
        share_first=(ranks == 1).mean(axis=0),
        share_top_three=(ranks <= 3).mean(axis=0),
        mean_shift=float(np.abs(ranks - base).mean()),
    )


def ranks_of_rows(scores: Floats) -> Integers:
    """``competition_ranks`` of each row of (draws, K): ties share the better rank.

    In falling order a rank begins where a score is lower than the one before it.
    """
    order = np.argsort(-scores, axis=1, kind="stable")
    falling = np.take_along_axis(scores, order, axis=1)
    begins = np.ones(scores.shape, dtype=np.int64)
    begins[:, 1:] = np.where(
        falling[:, 1:] < falling[:, :-1], np.arange(2, scores.shape[1] + 1), 1
    )
    ranks = np.empty_like(begins)
    np.put_along_axis(ranks, order, np.maximum.accumulate(begins, axis=1), axis=1)
    return ranks


def leads_with_any_weights(one: Floats, other: Floats) -> bool:
    """Whether ``one`` (D,) is at least as good as ``other`` in every value."""
    return bool((one >= other).all())


def difference_range(
    one: Floats, other: Floats, weights: Floats, *, leeway: float
) -> tuple[float, float]:
    """Least and largest index of ``one`` minus ``other`` within ± ``leeway`` (share).

    The linear programme: weights between (1 ± leeway) ω_v that sum to 1. With one
    equality and bounds its solution fills the values in the order of their gain.
    Equation 26.
    """
    own = weights / weights.sum()
    gain = one - other
    return _largest(-gain, own, leeway) * -1.0, _largest(gain, own, leeway)


def _largest(gain: Floats, own: Floats, leeway: float) -> float:
    lower, room = own * (1 - leeway), 2 * leeway * own
    left = 1 - lower.sum()
    total = float(lower @ gain)
    for value in np.argsort(-gain, kind="stable"):
        step = min(room[value], left)
        total += step * gain[value]
        left -= step
    return float(total)
