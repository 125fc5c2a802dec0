"""Which values go with a separate outcome. Pure; says "goes with", never "causes"."""

from __future__ import annotations

from itertools import combinations
from math import comb

import numpy as np

from scoring.arrays import Floats


def explained(among: Floats, with_outcome: Floats) -> float:
    """R² from correlations ``among`` (p, p) values and ``with_outcome`` (p,)."""
    if not len(with_outcome):
        return 0.0
    return float(with_outcome @ np.linalg.pinv(among, hermitian=True) @ with_outcome)


def shapley_shares(among: Floats, with_outcome: Floats) -> Floats:
    """Each value's part of R², averaged over all orders of entry (equation 33).

    Exact: 2^p regressions from one correlation matrix; the parts add up to R².
    """
    p = len(with_outcome)
    r2: dict[frozenset[int], float] = {}
    for size in range(p + 1):
        for chosen in combinations(range(p), size):
            index = np.array(chosen, dtype=np.int64)
            part = among[np.ix_(index, index)]
            r2[frozenset(chosen)] = explained(part, with_outcome[index])
    shares = np.zeros(p)
    for group, alone in r2.items():
        for value in set(range(p)) - group:
            weight = 1 / (p * comb(p - 1, len(group)))
            shares[value] += weight * (r2[group | {value}] - alone)
    return shares


def relative_weights(among: Floats, with_outcome: Floats) -> Floats:
    """Johnson's weights, a quick companion of the Shapley shares (equation 34)."""
    roots, vectors = np.linalg.eigh(among)
    half = vectors @ np.diag(np.sqrt(np.clip(roots, 0, None))) @ vectors.T
    beta = np.linalg.pinv(half, hermitian=True) @ with_outcome
    weights: Floats = half**2 @ beta**2
    return weights
