"""Shrinkage, probabilities of ranks, weights and change: published and agreed values.

Paule–Mandel agrees with statsmodels, the eight schools with Gelman et al. (2013).
"""

from __future__ import annotations

import numpy as np
import pytest

from scoring.ordering.improvement import covariance_between_units, improvement
from scoring.ordering.posterior import paule_mandel, rank_posterior, shrink
from scoring.ordering.ranks import competition_ranks
from scoring.ordering.sensitivity import (
    difference_range,
    leads_with_any_weights,
    ranks_of_rows,
    vary_weights,
)
from scoring.ordering.size_classes import size_classes

SCORES = np.array([72, 70.5, 70.1, 66, 65.5, 61, 60.8, 60.5, 58, 55, 54, 48])
VARIANCES = np.array([0.8, 0.7, 1.5, 0.6, 2, 0.5, 0.9, 1.2, 0.6, 0.7, 2.5, 0.8]) ** 2
SCHOOLS = np.array([28.0, 8, -3, 7, -1, 1, 18, 12])
SCHOOL_VARIANCES = np.array([15.0, 10, 16, 11, 9, 11, 10, 18]) ** 2
A = np.array([70.0, 72, 65, 68, 75, 55, 66])
B = np.array([66.0, 70, 71, 69, 70, 62, 68])
C = np.array([60.0, 65, 66, 64, 69, 58, 63])
EQUAL = np.full(7, 1 / 7)


def test_twelve_units_shrink_as_agreed() -> None:
    found = shrink(SCORES, VARIANCES)
    assert found.variance == pytest.approx(52.734, abs=1e-4)
    assert found.mean == pytest.approx(61.808767, abs=1e-6)
    assert found.reliability == pytest.approx(
        [
            *[0.9880, 0.9908, 0.9591, 0.9932, 0.9295, 0.9953],
            *[0.9849, 0.9734, 0.9932, 0.9908, 0.8940, 0.9880],
        ],
        abs=5e-5,
    )
    assert found.scores == pytest.approx(
        [
            *[71.878, 70.420, 69.761, 65.972, 65.240, 61.004],
            *[60.815, 60.535, 58.026, 55.063, 54.827, 48.166],
        ],
        abs=5e-4,
    )


def test_units_that_cannot_be_told_apart_have_no_spread() -> None:
    found = shrink(np.array([60.0, 61, 59, 60, 60]), np.full(5, 25.0))
    assert found.variance == 0
    assert found.scores == pytest.approx([60.0] * 5)


def test_ranks_of_twelve_units() -> None:
    found = rank_posterior(SCORES, VARIANCES, draws=40_000, seed=1)
    assert found.tau == pytest.approx(8.274, abs=0.02)
    assert found.mu == pytest.approx(61.806, abs=0.005)
    expected = [0.833, 0.069, 0.098, 0, 0.001]
    assert found.p_first[:5] == pytest.approx(expected, abs=0.01)
    expected = [1.000, 0.997, 0.964, 0.006, 0.033]
    assert found.p_top_three[:5] == pytest.approx(expected, abs=0.01)
    expected = [1.19, 2.27, 2.59, 4.35, 4.65, 6.77, 6.99, 7.25, 9.06, 10.45, 10.43, 12]
    assert found.expected_rank == pytest.approx(expected, abs=0.03)


def test_eight_schools() -> None:
    found = rank_posterior(SCHOOLS, SCHOOL_VARIANCES, draws=100_000, seed=1)
    assert found.tau == pytest.approx(6.57, abs=0.06)
    assert found.mu == pytest.approx(7.93, abs=0.02)
    expected = [11.40, 7.89, 6.13, 7.64, 5.13, 6.14, 10.67, 8.46]
    assert found.mean == pytest.approx(expected, abs=0.08)


def test_the_same_seed_gives_the_same_ranks() -> None:
    one, other = (
        rank_posterior(SCORES, VARIANCES, draws=500, seed=7).expected_rank
        for _ in range(2)
    )
    assert one.tobytes() == other.tobytes()


def test_any_weights_and_nearly_equal_ones() -> None:
    values = np.stack([A, B])
    anything = vary_weights(values, EQUAL, concentration=1, draws=40_000, seed=1)
    near = vary_weights(values, EQUAL, concentration=50, draws=40_000, seed=1)
    assert anything.share_first[0] == pytest.approx(0.330, abs=0.01)
    assert near.share_first[0] == pytest.approx(0.001, abs=0.001)
    three = vary_weights(
        np.stack([A, B, C]), EQUAL, concentration=50, draws=10_000, seed=1
    )
    assert three.range_90[2].tolist() == [3, 3]


def test_identical_units_share_their_rank_under_any_weights() -> None:
    values = np.array([A, B, A, A])
    found = vary_weights(values, EQUAL, concentration=1, draws=500, seed=1)
    first = found.share_first
    assert first[0] == first[2] == first[3]
    assert first[0] + first[1] == pytest.approx(1)
    assert set(found.median_rank[[0, 2, 3]]) == {found.median_rank[0]}
    alone = vary_weights(values[[0, 2]], EQUAL, concentration=50, draws=9, seed=1)
    assert alone.share_first.tolist() == [1, 1]
    assert alone.mean_shift == 0


def test_ranks_of_rows_are_competition_ranks() -> None:
    scores = np.random.default_rng(3).integers(0, 4, (200, 6)).astype(float)
    rows = [competition_ranks(row).tolist() for row in scores]
    assert ranks_of_rows(scores).tolist() == rows


def test_the_range_of_a_difference_is_exact() -> None:
    found = difference_range(A, B, EQUAL, leeway=0.25)
    assert found == pytest.approx((-1.643, 0.214), abs=5e-4)
    assert difference_range(A, B, EQUAL, leeway=0) == pytest.approx([-0.714286] * 2)
    assert not leads_with_any_weights(A, C)
    assert leads_with_any_weights(C + 1, C)


def test_the_most_improved() -> None:
    between = np.array([[25.0, 20], [20, 25]])
    four = np.array([4.0])
    found = improvement(
        np.array([70.0]),
        np.array([75.0]),
        four,
        four,
        means=(62, 63),
        between=between,
    )
    assert found.before[0] == pytest.approx(70.07, abs=0.005)
    assert found.after[0] == pytest.approx(73.29, abs=0.005)
    assert found.change[0] == pytest.approx(3.222, abs=5e-4)
    assert found.sd[0] == pytest.approx(2.108, abs=5e-4)
    assert found.p_above(0)[0] == pytest.approx(0.937, abs=5e-4)
    assert found.p_above(2)[0] == pytest.approx(0.719, abs=5e-4)


def test_the_spread_between_units_of_two_waves() -> None:
    after = SCORES + np.array([1, -1] * 6)
    found = covariance_between_units(SCORES, after, VARIANCES, VARIANCES)
    assert found[0, 0] == pytest.approx(paule_mandel(SCORES, VARIANCES))
    assert found[0, 1] == found[1, 0] > 0
    assert np.linalg.eigvalsh(found).min() > 0


@pytest.mark.parametrize(
    ("sizes", "expected"),
    [
        ([12, 20, 30, 40, 60, 70, 80, 90], [0, 0, 0, 0, 1, 1, 1, 1]),
        ([12, 60, 70, 80, 90, 300, 400, 500, 600], [0] * 5 + [1] * 4),
        ([12, 2000], [0, 0]),
        ([5, 12, 20, 30], [0, 0, 0, 0]),
    ],
)
def test_small_size_classes_join_a_neighbour(
    sizes: list[int], expected: list[int]
) -> None:
    assert size_classes(sizes, (10, 50, 250, 1000)) == expected
