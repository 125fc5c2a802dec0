"""Ranks and rank sets: the twelve units of R csranks, ties, and properties."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scoring.arrays import Floats
from scoring.ordering.ranks import (
    RankSets,
    competition_ranks,
    draw_errors,
    marginal_sets,
    seed_of,
    simultaneous_sets,
    tau_best,
)

SCORES = np.array([72, 70.5, 70.1, 66, 65.5, 61, 60.8, 60.5, 58, 55, 54, 48])
ERRORS = np.array([0.8, 0.7, 1.5, 0.6, 2.0, 0.5, 0.9, 1.2, 0.6, 0.7, 2.5, 0.8])
SIMULTANEOUS = [
    *[[1, 4], [1, 4], [1, 5], [3, 5], [1, 8], [5, 9]],
    *[[5, 10], [5, 10], [7, 10], [10, 11], [6, 12], [11, 12]],
]
MARGINAL = [
    *[[1, 3], [1, 4], [1, 4], [3, 5], [2, 8], [5, 8]],
    *[[5, 10], [5, 10], [7, 10], [10, 11], [8, 12], [11, 12]],
]


def _pairs(sets: RankSets) -> list[list[int]]:
    return [list(ends) for ends in zip(sets.lower, sets.upper, strict=True)]


@pytest.fixture(scope="module")
def drawn() -> Floats:
    return draw_errors(ERRORS, draws=10_000, seed=seed_of("uji", "dua belas unit"))


def test_simultaneous_sets_equal_csranks(drawn: Floats) -> None:
    found = simultaneous_sets(SCORES, ERRORS, drawn, confidence=0.95)
    assert _pairs(found) == SIMULTANEOUS


def test_marginal_sets_equal_csranks() -> None:
    """One end lies near its critical value: ten thousand draws do not settle it."""
    errors = draw_errors(ERRORS, draws=200_000, seed=seed_of("uji", "sendiri-sendiri"))
    found = marginal_sets(SCORES, ERRORS, errors, confidence=0.95)
    assert _pairs(found) == MARGINAL


@pytest.mark.parametrize(
    ("tau", "members"), [(1, [1, 2, 3, 5]), (2, [1, 2, 3, 5]), (3, [1, 2, 3, 4, 5])]
)
def test_tau_best_equals_csranks(drawn: Floats, tau: int, members: list[int]) -> None:
    sets = simultaneous_sets(SCORES, ERRORS, drawn, confidence=0.95)
    assert (1 + np.flatnonzero(tau_best(sets, tau))).tolist() == members


def test_ties_share_the_better_rank() -> None:
    assert competition_ranks(np.array([5.0, 5.0, 3.0])).tolist() == [1, 1, 3]
    assert competition_ranks(np.array([1.0, 2.0, 2.0, 9.0])).tolist() == [4, 2, 2, 1]


def test_without_errors_scores_are_compared_exactly() -> None:
    se = np.zeros(3)
    errors = draw_errors(se, draws=100, seed=1)
    for rule in (simultaneous_sets, marginal_sets):
        found = rule(np.array([5.0, 5.0, 3.0]), se, errors, confidence=0.95)
        assert _pairs(found) == [[1, 2], [1, 2], [3, 3]]


def test_equal_scores_are_one_tie() -> None:
    se = np.ones(4)
    errors = draw_errors(se, draws=500, seed=1)
    found = simultaneous_sets(np.full(4, 60.0), se, errors, confidence=0.95)
    assert _pairs(found) == [[1, 4]] * 4
    assert tau_best(found).all()


def test_seed_depends_on_each_part() -> None:
    assert seed_of("a", "bc") == seed_of("a", "bc") != seed_of("ab", "c")


@settings(max_examples=50, deadline=None)
@given(
    st.lists(st.tuples(st.integers(0, 20), st.integers(0, 5)), min_size=1, max_size=8)
)
def test_sets_hold_the_rank_and_simultaneous_ones_are_no_narrower_at_the_ends(
    units: list[tuple[int, int]],
) -> None:
    scores, se = np.array(units, dtype=np.float64).T
    errors = draw_errors(se, draws=200, seed=7)
    ranks = competition_ranks(scores)
    for rule in (simultaneous_sets, marginal_sets):
        found = rule(scores, se, errors, confidence=0.95)
        assert (found.lower <= ranks).all()
        assert (ranks <= found.upper).all()
