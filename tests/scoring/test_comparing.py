"""Differences and bands against the reference values of docs/method.md."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.special import ndtri

from scoring.comparing.bands import band_probabilities, likely_bands
from scoring.comparing.differences import (
    Difference,
    Estimate,
    from_earlier,
    from_rest,
    from_whole,
    marks,
    pooled,
)
from scoring.rules import ComparisonRule

A = Estimate(65.2, 2.3126463918)
B = Estimate(44.5, 3.8099592483)
C = Estimate(82.8888889, 0.0)
PARENT = Estimate(53.5569892, 2.5294537838)
FRAMES = [40.0, 100.0, 15.0]
RULE = ComparisonRule()


# --- differences ---------------------------------------------------------------------


def test_a_unit_is_compared_with_the_whole_it_is_a_part_of() -> None:
    found = from_whole(B, PARENT, 100 / 155)
    assert found.size == pytest.approx(-9.0569892, abs=1e-7)
    assert found.se == pytest.approx(1.4777939586, abs=1e-9)
    independent = math.hypot(B.se, PARENT.se)
    assert independent > 3 * found.se, "taking them for independent is wrong"


def test_against_the_rest_it_is_as_sure() -> None:
    found, whole = from_rest(B, PARENT, 100 / 155), from_whole(B, PARENT, 100 / 155)
    assert found.size == pytest.approx(-25.5242424, abs=1e-6)
    assert found.se == pytest.approx(4.1646920651, abs=1e-9)
    assert found.p == pytest.approx(whole.p)


def test_units_pooled_are_their_parent() -> None:
    whole = pooled([A, B, C], FRAMES)
    assert whole.score == pytest.approx(PARENT.score, abs=1e-7)
    assert whole.se == pytest.approx(PARENT.se, abs=1e-9)


@given(
    st.lists(
        st.tuples(st.floats(0, 100), st.floats(0, 30), st.integers(1, 5000).map(float)),
        min_size=2,
        max_size=6,
    )
)
def test_part_and_whole_agree_with_all_parts_written_out(
    parts: list[tuple[float, float, float]],
) -> None:
    """Var = (1-W)² V of the unit, and W² V of each other one."""
    estimates = [Estimate(score, se) for score, se, _size in parts]
    sizes = [size for _score, _se, size in parts]
    shares = [size / sum(sizes) for size in sizes]
    found = from_whole(estimates[0], pooled(estimates, sizes), shares[0])
    own = ((1 - shares[0]) * estimates[0].se) ** 2
    rest = zip(shares[1:], estimates[1:], strict=True)
    others = sum((share * each.se) ** 2 for share, each in rest)
    assert found.se**2 == pytest.approx(own + others, rel=1e-6, abs=1e-6)


def test_two_waves_add_their_variances() -> None:
    assert from_earlier(Estimate(65, 3), Estimate(62.5, 4)) == Difference(2.5, 5.0)


def test_without_an_error_only_equal_scores_are_equal() -> None:
    assert Difference(0.1, 0.0).p == 0.0
    assert Difference(0.0, 0.0).p == Difference(1e-13, 0.0).p == 1.0


# --- what is shown -------------------------------------------------------------------


def of_p(p: float, size: float = 5.0) -> Difference:
    """A difference whose two-sided p is about this."""
    return Difference(size, abs(size) / -float(ndtri(p / 2)))


def test_an_arrow_needs_two_points_and_its_place_among_all_of_the_page() -> None:
    """Benjamini and Hochberg 1995, section 3.2: of these fifteen, four are found."""
    values = [0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344]
    values += [0.0459, 0.3240, 0.4262, 0.5719, 0.6528, 0.7590, 1.0]
    found = marks(dict(enumerate(map(of_p, values[:-1]))) | {14: of_p(0.999999)}, RULE)
    assert [key for key, mark in found.items() if mark == "up"] == [0, 1, 2, 3]


@pytest.mark.parametrize(
    ("difference", "mark"),
    [
        (Difference(2.0, 0.1), "up"),
        (Difference(66.3 - 64.3, 0.1), "up"),
        (Difference(1.99, 0.1), "same"),
        (Difference(-7.0, 1.0), "down"),
        (Difference(-7.0, 4.0), "same"),
        (Difference(0.2, 0.0), "same"),
    ],
)
def test_small_or_unsure_differences_are_none(
    difference: Difference, mark: str
) -> None:
    assert marks({"one": difference}, RULE) == {"one": mark}


def test_a_page_without_comparisons_has_no_marks() -> None:
    assert marks({}, RULE) == {}


def test_thresholds_are_those_of_the_scheme() -> None:
    strict = ComparisonRule(minimum_difference=6, false_discoveries=0.01)
    assert marks({"a": Difference(5, 1)}, strict) == {"a": "same"}
    assert marks({"a": of_p(0.02, 7)}, strict) == {"a": "same"}
    assert marks({"a": of_p(0.005, 7)}, strict) == {"a": "up"}


# --- bands ---------------------------------------------------------------------------

LIMITS = [75.0, 50.0, 25.0, 0.0]


def test_the_probability_of_a_band() -> None:
    found = band_probabilities(75.3, 1.5, math.inf, LIMITS)
    assert found[0] == pytest.approx(0.579, abs=5e-4)
    assert math.fsum(found) == pytest.approx(1.0)


def test_few_degrees_of_freedom_make_it_less_sure() -> None:
    """t with 4 degrees of freedom is below 2.776445 with .975."""
    (above, _b, _c, _d) = band_probabilities(75 + 2.776445, 1.0, 4, LIMITS)
    assert above == pytest.approx(0.975, abs=1e-6)


def test_what_lies_below_all_bands_is_left_out() -> None:
    assert math.fsum(band_probabilities(50.0, 1.0, 10, [60, 50])) == pytest.approx(0.5)


@given(st.floats(0, 100), st.floats(0.01, 40), st.floats(1, 500))
def test_bands_from_0_to_100_are_one_in_all(score: float, se: float, df: float) -> None:
    found = band_probabilities(score, se, df, LIMITS)
    assert min(found) >= 0
    assert math.fsum(found) == pytest.approx(1.0)
    assert math.fsum(found[i] for i in likely_bands(found, 0.8)) >= 0.8


def test_a_band_that_reaches_the_threshold_stands_alone() -> None:
    assert likely_bands([0.15, 0.85, 0, 0], 0.8) == (1,)
    assert likely_bands([0.421, 0.579, 0, 0], 0.8) == (0, 1)
    assert likely_bands([0.3, 0.4, 0.3, 0], 0.8) == (0, 1, 2)
