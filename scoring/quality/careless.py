"""Signs that one sheet was filled in without reading. Pure; nothing is deleted here.

Rows are people, columns items in canonical order, NaN where nothing counts. Formulas
as in the R package careless (Yentes and Wilhelm; MIT), written anew from its papers.
"""

from __future__ import annotations

import numpy as np
from scipy.stats import chi2

from scoring.arrays import Booleans, Floats, Integers


def longest_run(rows: Floats) -> Integers:
    """(n,) most equal answers in a row, in the order of the columns (equation 35)."""
    longest = np.zeros(len(rows), dtype=np.int64)
    run = np.zeros(len(rows), dtype=np.int64)
    before = np.full(len(rows), np.nan)
    for column in rows.T:
        run = np.where(column == before, run + 1, 1)
        run[np.isnan(column)] = 0
        longest = np.maximum(longest, run)
        before = column
    return longest


def within_person_sd(rows: Floats) -> Floats:
    """(n,) standard deviation over a person's items, n − 1 below (equation 36)."""
    valid = ~np.isnan(rows)
    n = valid.sum(axis=1)
    filled = np.where(valid, rows, 0)
    mean = filled.sum(axis=1) / np.maximum(n, 1)
    deviation = np.where(valid, filled - mean[:, np.newaxis], 0)
    variance = (deviation**2).sum(axis=1) / np.maximum(n - 1, 1)
    return np.where(n > 1, np.sqrt(variance), np.nan)


def mahalanobis(rows: Floats, mean: Floats, covariance: Floats) -> Floats:
    """(n,) squared distance from the mean of all; NaN for a gap (equation 37)."""
    inverse = np.linalg.pinv(covariance, hermitian=True)
    deviation = rows - mean
    distance: Floats = np.einsum("ij,jk,ik->i", deviation, inverse, deviation)
    return distance


def mahalanobis_limit(n_items: int, level: float = 0.999) -> float:
    """The distance that only one in a thousand honest sheets exceeds."""
    return float(chi2.ppf(level, n_items))


def synonym_pairs(correlation: Floats, above: float = 0.60) -> Integers:
    """(m, 2) pairs of items that people answer alike."""
    first, second = np.nonzero(np.triu(correlation, k=1) > above)
    return np.stack([first, second], axis=1)


def synonym_correlation(rows: Floats, pairs: Integers) -> Floats:
    """(n,) correlation within a person over synonym pairs (equation 38).

    NaN for straight-liners, and where fewer than three pairs are known.
    """
    if len(pairs) < 3:
        return np.full(len(rows), np.nan)
    return row_correlation(rows[:, pairs[:, 0]], rows[:, pairs[:, 1]])


def row_correlation(left: Floats, right: Floats) -> Floats:
    """(n,) correlation of the rows of two matrices; NaN without variance."""
    left = left - left.mean(axis=1, keepdims=True)
    right = right - right.mean(axis=1, keepdims=True)
    scale = np.sqrt((left**2).sum(axis=1) * (right**2).sum(axis=1))
    found = np.full(len(left), np.nan)
    np.divide((left * right).sum(axis=1), scale, out=found, where=scale > 0)
    return found


def even_odd(halves_even: Floats, halves_odd: Floats) -> Floats:
    """(n,) consistency of half means over the values, stepped up (equation 39).

    Spearman–Brown 2r / (1 + r) with a floor at −1; here high is consistent.
    """
    r = row_correlation(halves_even, halves_odd)
    return np.maximum(2 * r / (1 + np.clip(r, -0.999, None)), -1)


def is_too_fast(seconds: Floats, n_items: Floats, limit: float) -> Booleans:
    """Whether a person spent less than ``limit`` seconds on each item in all."""
    total = np.nansum(seconds, axis=1)
    fast: Booleans = (total > 0) & (total < limit * n_items.sum())
    return fast
