"""Most improved, without rewarding last wave's bad luck. Pure (equation 27)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.stats import norm

from scoring.arrays import Floats
from scoring.ordering.posterior import paule_mandel


@dataclass(frozen=True, eq=False)
class Improvement:
    """Shrunken change of each unit (K,) between two waves, and how sure it is."""

    before: Floats
    after: Floats
    change: Floats
    sd: Floats

    def p_above(self, points: float) -> Floats:
        """(K,) probability that the true change is more than so many points."""
        probability: Floats = norm.sf(points, self.change, self.sd)
        return probability


def covariance_between_units(
    before: Floats, after: Floats, variance_before: Floats, variance_after: Floats
) -> Floats:
    """(2, 2) spread of true scores: τ² of each wave, covariance of the scores.

    Errors of two waves are independent, so the covariance needs no correction; it is
    held within ± 0.99 τ₁τ₂.
    """
    first = paule_mandel(before, variance_before)
    second = paule_mandel(after, variance_after)
    limit = 0.99 * np.sqrt(first * second)
    shared = float(np.clip(np.cov(before, after)[0, 1], -limit, limit))
    return np.array([[first, shared], [shared, second]])


def improvement(
    before: Floats,
    after: Floats,
    variance_before: Floats,
    variance_after: Floats,
    *,
    means: tuple[float, float],
    between: Floats,
) -> Improvement:
    """Posterior of both true scores of each unit, given ``between`` (2, 2)."""
    observed = np.stack([before, after], axis=1) - means
    errors = np.zeros((len(before), 2, 2))
    errors[:, 0, 0], errors[:, 1, 1] = variance_before, variance_after
    gain = between @ np.linalg.inv(between + errors)
    centre = means + (gain @ observed[:, :, np.newaxis])[:, :, 0]
    spread = between - gain @ between
    step = np.array([-1.0, 1.0])
    return Improvement(
        before=centre[:, 0],
        after=centre[:, 1],
        change=centre @ step,
        sd=np.sqrt(step @ spread @ step),
    )
