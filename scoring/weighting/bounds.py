"""What those who said nothing could change about a score. Pure.

No assumption is made about them but that they, too, would score from 0 to 100. The
response rate here is the share of the registered people whose answers count; above 1
(a stale frame) it is taken as 1, and NaN, without a frame, gives NaN.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from scoring.arrays import Booleans, Floats

HIGHEST = 100.0


@dataclass(frozen=True, eq=False)
class Bounds:
    """Lowest and highest score (units,) that everybody together could have."""

    lower: Floats
    upper: Floats


def worst_case(score: Floats, response_rate: Floats) -> Bounds:
    """Bounds (units,) if all silent people gave 0, or all gave 100 (equation 46).

    >>> bounds = worst_case(np.array([70.0]), np.array([0.6]))
    >>> bounds.lower.round(9).tolist(), bounds.upper.round(9).tolist()
    ([42.0], [82.0])
    """
    rate = np.minimum(response_rate, 1.0)
    lower = rate * score
    return Bounds(lower, lower + HIGHEST * (1 - rate))


def break_even(score: Floats, response_rate: Floats, rival: Floats) -> Floats:
    """Mean (units,) of the silent at which a unit equals ``rival`` (equation 47).

    Below 0 or above 100 no answers of theirs can bring the two together. NaN where
    nobody is silent.

    >>> mean = break_even(np.array([70.0]), np.array([0.6]), np.array([68.0]))
    >>> mean.round(9).tolist()
    [65.0]
    """
    rate = np.minimum(response_rate, 1.0)
    mean = np.full(np.broadcast_shapes(score.shape, rate.shape, rival.shape), np.nan)
    np.divide(rival - rate * score, 1 - rate, out=mean, where=rate < 1)
    return mean


def is_order_certain(leader: Bounds, follower: Bounds) -> Booleans:
    """(units,) whether the leader stays above whatever the silent of both would say."""
    certain: Booleans = leader.lower > follower.upper
    return certain
