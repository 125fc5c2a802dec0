"""Whether the instrument measures one thing, and whether people of a unit agree. Pure.

Everything is computed from sums that add up over cells: moments of complete sheets,
variances of items, and sums of squares between and within units.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from scoring.arrays import Floats

LEAST_PEOPLE = 5
"""Fewer people of a unit tell nothing of their agreement."""


def covariance_of(n: float, sums: Floats, products: Floats) -> Floats:
    """(k, k) sample covariance from n, Σx (k,) and Σx xᵀ (k, k)."""
    covariance: Floats = (products - np.outer(sums, sums) / n) / (n - 1)
    return covariance


def alpha(covariance: Floats) -> float:
    """Cronbach's alpha; items without variance must be left out (equation 28)."""
    k = len(covariance)
    if k < 2 or covariance.sum() <= 0:
        return float("nan")
    return float(k / (k - 1) * (1 - np.trace(covariance) / covariance.sum()))


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
