"""Whether the instrument measures one thing, and whether people of a unit agree. Pure.

Everything is computed from sums that add up over cells: moments of complete sheets,
variances of items, and sums of squares between and within units.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.stats import f

from scoring.arrays import Floats

LEAST_PEOPLE = 5
"""Fewer people of a unit tell nothing of their agreement."""


def covariance_of(n: float, sums: Floats, products: Floats) -> Floats:
    """(k, k) sample covariance from n, Σx (k,) and Σx xᵀ (k, k)."""
    covariance: Floats = (products - np.outer(sums, sums) / n) / (n - 1)
    return covariance


def alpha(covariance: Floats) -> float:
    """Cronbach's alpha; items without variance must be left out (equation 28)."""
    total = float(covariance.sum())
    return alpha_of(len(covariance), float(np.trace(covariance)), total)


def alpha_of(k: int, item_variances: float, total_variance: float) -> float:
    """The same from the sum of the variances of k items and that of their total."""
    if k < 2 or total_variance <= 0:
        return float("nan")
    return k / (k - 1) * (1 - item_variances / total_variance)


def alpha_interval(
    alpha: float, *, n: float, k: int, confidence: float
) -> tuple[float, float]:
    """Feldt's interval: (1 - alpha) over that of everybody is F distributed (71)."""
    tail, df = (1 - confidence) / 2, (n - 1, (n - 1) * (k - 1))
    lower, upper = f.isf(tail, *df), f.ppf(tail, *df)
    return float(1 - (1 - alpha) * lower), float(1 - (1 - alpha) * upper)


def omega_of_three(covariance: Floats) -> float:
    """Omega total of three items with one factor; NaN for a Heywood case (eq. 29)."""
    off = np.array([covariance[0, 1], covariance[0, 2], covariance[1, 2]])
    if (off <= 0).any():
        return float("nan")
    ab, ac, bc = off
    loadings = np.sqrt(np.array([ab * ac / bc, ab * bc / ac, ac * bc / ab]))
    unique = np.diag(covariance) - loadings**2
    if (unique < 0).any():
        return float("nan")
    common = loadings.sum() ** 2
    return float(common / (common + unique.sum()))


def uniform_null(n_points: int) -> float:
    """Variance of an answer when every point is equally likely (equation 30)."""
    return (n_points**2 - 1) / 12


def null_variance(shares: Floats) -> float:
    """Variance of an answer under given shares of the points 1, 2, … (equation 30)."""
    points = np.arange(1, len(shares) + 1)
    mean = shares @ points
    return float(shares @ points**2 - mean**2)


def rwg_j(item_variances: Floats, null: float) -> float:
    """Agreement of a unit's people over J items (equation 30).

    Near 1 with answers all at the top is a sign of coaching, not a merit.
    """
    n_items = len(item_variances)
    q = min(1.0, float(item_variances.mean()) / null)
    return n_items * (1 - q) / (n_items * (1 - q) + q)


def stretched(shares: Floats, n_points: int) -> Floats:
    """A null answer given for some number of points, on another number (equation 72).

    >>> stretched(np.array([0.25, 0.75]), 2).tolist()
    [0.25, 0.75]
    """
    given = np.linspace(0, 1, 1 + len(shares))
    asked = np.linspace(0, 1, 1 + n_points)
    below = np.interp(asked, given, np.concatenate([[0.0], np.cumsum(shares)]))
    found: Floats = np.diff(below)
    return found


def average_deviation(counts: Floats) -> float:
    """Mean distance of an item's answers from their mean, in points (equation 72).

    ``counts`` are people at the points 1, 2, …; NaN where there are none.
    """
    if not counts.sum():
        return float("nan")
    points = np.arange(1, len(counts) + 1)
    shares = counts / counts.sum()
    return float(shares @ np.abs(points - shares @ points))


def effective_weights(values: Floats, weights: Floats) -> Floats:
    """(D,) share of each value in the spread of the index between units (equation 74).

    ``values`` (K, D) are scores of units; the shares add up to 1. NaN where all units
    have the same index.
    """
    covariance = np.atleast_2d(np.cov(values.T))
    with_index = covariance @ weights
    spread = float(weights @ with_index)
    if spread <= 0:
        return np.full(len(weights), np.nan)
    shares: Floats = weights * with_index / spread
    return shares


@dataclass(frozen=True)
class Icc:
    """Spread between units against spread within (equations 31 and 32)."""

    between: float
    """Mean square between units."""
    within: float
    """Mean square within units."""
    icc1: float
    """With n₀, the size that unequal units amount to."""
    icc1_mean_size: float
    """With the mean size: the variant that R's multilevel prints."""
    icc2: float


def icc(n: Floats, sums: Floats, squares: Floats) -> Icc:
    """From n, Σy and Σy² of people in each unit (K,); negative values count as 0."""
    total, k = n.sum(), len(n)
    means = sums / n
    grand = sums.sum() / total
    between = float(n @ (means - grand) ** 2 / (k - 1))
    within = float((squares - sums * means).sum() / (total - k))
    size = float((total - (n @ n) / total) / (k - 1))
    return Icc(
        between=between,
        within=within,
        icc1=_icc1(between, within, size),
        icc1_mean_size=_icc1(between, within, float(total / k)),
        icc2=max(0.0, (between - within) / between) if between > 0 else 0.0,
    )


def _icc1(between: float, within: float, size: float) -> float:
    below = between + (size - 1) * within
    return max(0.0, (between - within) / below) if below > 0 else 0.0
