"""What the silent could change: hand-computed, and true of any answers of theirs."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring.weighting.bounds import break_even, is_order_certain, worst_case

SCORES = st.floats(0, 100)
RATES = st.floats(0.01, 1)


def one(value: float) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    return np.array([value])


def test_sixty_percent_at_seventy_lie_between_42_and_82() -> None:
    bounds = worst_case(one(70), one(0.6))
    assert bounds.lower == pytest.approx(42)
    assert bounds.upper == pytest.approx(82)


def test_the_silent_need_a_mean_of_65_for_a_fall_to_68() -> None:
    assert break_even(one(70), one(0.6), one(68)) == pytest.approx(65)


@pytest.mark.parametrize("rate", [1.0, 1.2])
def test_nobody_silent_leaves_no_doubt(rate: float) -> None:
    bounds = worst_case(one(70), one(rate))
    assert (bounds.lower[0], bounds.upper[0]) == (70, 70)
    assert np.isnan(break_even(one(70), one(rate), one(68))).all()


def test_without_a_frame_or_a_score_nothing_is_known() -> None:
    bounds = worst_case(np.array([70, np.nan]), np.array([np.nan, 0.6]))
    assert np.isnan([bounds.lower, bounds.upper]).all()
    assert np.isnan(break_even(one(70), one(np.nan), one(68))).all()


def test_one_rival_is_held_against_many_units() -> None:
    found = break_even(np.array([70.0, 80]), np.array([0.6, 0.9]), one(68))
    assert found == pytest.approx([65, -40])


def test_an_order_is_certain_only_if_the_silent_of_both_cannot_turn_it() -> None:
    leader = worst_case(np.array([90.0, 90, 90]), np.array([0.9, 0.9, 1]))
    follower = worst_case(np.array([60.0, 85, 90]), np.array([0.9, 0.9, 1]))
    assert is_order_certain(leader, follower).tolist() == [True, False, False]


@given(SCORES, RATES, SCORES)
def test_any_mean_of_the_silent_keeps_the_score_of_all_within_bounds(
    score: float, rate: float, silent: float
) -> None:
    bounds = worst_case(one(score), one(rate))
    everybody = rate * score + (1 - rate) * silent
    assert bounds.lower[0] - 1e-9 <= everybody <= bounds.upper[0] + 1e-9
    assert bounds.lower[0] <= score + 1e-9
    assert score <= bounds.upper[0] + 1e-9


@given(SCORES, st.floats(0.01, 0.99), SCORES)
def test_with_the_break_even_mean_the_unit_equals_its_rival(
    score: float, rate: float, rival: float
) -> None:
    silent = break_even(one(score), one(rate), one(rival))[0]
    assert rate * score + (1 - rate) * silent == pytest.approx(rival, abs=1e-9)
    bounds = worst_case(one(score), one(rate))
    is_reachable = bounds.lower[0] <= rival <= bounds.upper[0]
    assert is_reachable == pytest.approx(0 <= silent <= 100) or (
        min(abs(silent), abs(silent - 100)) < 1e-9
    )
