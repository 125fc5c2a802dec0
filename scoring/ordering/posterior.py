"""Shrinkage, and how probable each rank is, from scores with their errors. Pure.

Model: score_j ~ N(θ_j, V_j) and θ_j ~ N(μ, τ²). V_j is the square of ``se_model``.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.optimize import brentq

from scoring.arrays import Floats

LEAST_UNITS = 5
"""Fewer units tell nothing of their spread: only intervals are shown."""

GRID_POINTS = 2_000
GRID_REACH = 10.0
"""The grid of τ ends at so many times the spread of the scores and their errors."""


@dataclass(frozen=True, eq=False)
class Shrunken:
    """Scores drawn to their common mean as far as their errors ask (equation 22)."""

    mean: float
    variance: float
    """τ²; 0 where the units cannot be told apart."""
    reliability: Floats
    """(K,) λ = τ² / (τ² + V)."""
    scores: Floats


@dataclass(frozen=True, eq=False)
class RankPosterior:
    """What the draws of equation 23 say of each unit (K,)."""

    p_first: Floats
    p_top_three: Floats
    expected_rank: Floats
    range_90: Floats
    """(K, 2) the 5 % and 95 % points of the rank."""
    mean: Floats
    """(K,) E[θ]."""
    tau: float
    """E[τ]."""
    mu: float
    """E[μ]."""


def paule_mandel(scores: Floats, variances: Floats) -> float:
    """τ² with Σ (score − μ(τ²))² / (V + τ²) = K − 1; 0 if none is (equation 21)."""

    def excess(tau2: float) -> float:
        weights = 1 / (variances + tau2)
        mean = weights @ scores / weights.sum()
        return float(weights @ (scores - mean) ** 2 - (len(scores) - 1))

    if excess(0.0) <= 0:
        return 0.0
    upper = float(np.ptp(scores) ** 2 + variances.max())
    return float(brentq(excess, 0.0, upper, xtol=1e-12, rtol=1e-14))


def shrink(scores: Floats, variances: Floats) -> Shrunken:
    """Scores (K,) drawn to their mean; all variances must be positive."""
    tau2 = paule_mandel(scores, variances)
    weights = 1 / (variances + tau2)
    mean = float(weights @ scores / weights.sum())
    reliability = tau2 / (variances + tau2)
    return Shrunken(mean, tau2, reliability, mean + reliability * (scores - mean))


def rank_posterior(
    scores: Floats, variances: Floats, *, draws: int, seed: int
) -> RankPosterior:
    """Equation 23: τ on a grid with a flat prior, then μ, then every θ, then ranks."""
    generator = np.random.default_rng(seed)
    tau = _draw_tau(scores, variances, draws, generator)
    weights = 1 / (variances + tau[:, np.newaxis] ** 2)
    total = weights.sum(axis=1)
    mu_hat = weights @ scores / total
    mu = mu_hat + generator.standard_normal(draws) / np.sqrt(total)
    share = tau[:, np.newaxis] ** 2 * weights
    centre = mu[:, np.newaxis] + share * (scores - mu[:, np.newaxis])
    spread = np.sqrt(share * variances)
    theta = centre + spread * generator.standard_normal(centre.shape)
    ranks = 1 + np.argsort(np.argsort(-theta, axis=1), axis=1)
    return RankPosterior(
        p_first=(ranks == 1).mean(axis=0),
        p_top_three=(ranks <= 3).mean(axis=0),
        expected_rank=ranks.mean(axis=0),
        range_90=np.quantile(ranks, (0.05, 0.95), axis=0, method="nearest").T,
        mean=centre.mean(axis=0),
        tau=float(tau.mean()),
        mu=float(mu_hat.mean()),
    )


def _draw_tau(
    scores: Floats, variances: Floats, draws: int, generator: np.random.Generator
) -> Floats:
    """Evenly spread over the posterior of τ, in random order."""
    reach = GRID_REACH * float(scores.std() + np.sqrt(variances.max()))
    grid = (np.arange(GRID_POINTS) + 0.5) * reach / GRID_POINTS
    weights = 1 / (variances + grid[:, np.newaxis] ** 2)
    total = weights.sum(axis=1)
    mu = weights @ scores / total
    misfit = (weights * (scores - mu[:, np.newaxis]) ** 2).sum(axis=1)
    log_p = 0.5 * (np.log(weights).sum(axis=1) - np.log(total) - misfit)
    cumulative = np.cumsum(np.exp(log_p - log_p.max()))
    points = (np.arange(draws) + 0.5) / draws * cumulative[-1]
    tau: Floats = np.interp(points, cumulative, grid + reach / GRID_POINTS / 2)
    return generator.permutation(tau)
