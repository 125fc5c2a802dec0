"""Weights that fit the staff: values of R survey and svy, hand cases, and laws."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scoring.arrays import Integers
from scoring.indices import score_nodes
from scoring.rules import WeightingRule
from scoring.weighting.calibration import (
    Calibrated,
    Verdict,
    both_ways,
    calibrate,
    rank_change,
)
from scoring.weighting.raking import Collapse, Margin, margin_of, rake
from scoring.weighting.residuals import Sampling, residual_errors
from scoring.weighting.trimming import highest_weights, trim
from tests.scoring.sheets import (
    codes,
    scheme_of,
    score_all,
    sheet_of,
    tree_of,
)
from tests.scoring.test_raking import FJ, FS, GRADE, GRADES, SEX, SEXES, UNIT, unit_a

INDEX = -1
ALWAYS_RAKED = WeightingRule(least_answers=99)
NOBODY_OR_SOME = st.integers(0, 30)
WEIGHTS = st.just(0.0) | st.floats(0.01, 50)


# -- Trimming --------------------------------------------------------------------------


def test_what_is_cut_off_goes_to_the_others_of_the_unit() -> None:
    n, weight, unit = np.array([9, 1, 3]), np.array([1.0, 21, 0.5]), np.array([0, 0, 1])
    highest = highest_weights(weight, n, unit, 5)
    assert highest.tolist() == [5, 2.5]
    assert trim(weight, n, unit, highest) == pytest.approx([25 / 9, 5, 0.5])


def test_the_median_is_that_of_people_and_not_of_cells() -> None:
    n, weight = np.array([2, 1, 1]), np.array([1.0, 3, 4])
    assert highest_weights(weight, n, np.zeros(3, int), 5).tolist() == [10]


def test_others_lifted_over_the_limit_are_cut_too() -> None:
    n, weight = np.array([6, 4, 1]), np.array([1.0, 4.5, 30])
    found = trim(weight, n, np.zeros(3, int), np.array([5.0]))
    assert found == pytest.approx([29 / 6, 5, 5])


def test_where_the_mean_exceeds_the_limit_all_weigh_the_mean() -> None:
    n, weight, unit = np.array([3, 1]), np.array([1.0, 997]), np.zeros(2, int)
    highest = highest_weights(weight, n, unit, 5)
    assert highest.tolist() == [250]
    assert trim(weight, n, unit, highest) == pytest.approx([250, 250])


def test_trimmed_weights_still_reproduce_the_margins() -> None:
    median = rare_seniors(limit=30).raked.weight[FJ]
    assert rare_seniors(limit=30).raked.weight[FS] > 2.8 * median
    found = rare_seniors(limit=2.5)
    assert found.is_within_limit
    assert found.raked.weight.max() <= 1.001 * 2.5 * median
    assert found.raked.is_converged
    assert found.raked.collapses == ()


def test_what_was_joined_stays_on_record_after_trimming() -> None:
    n, unit = np.array([40, 2, 20, 20, 0]), np.zeros(5, int)
    sexes = Margin("sex", np.array([0, 0, 1, 1, 0]), np.array([46.0, 60]))
    grades = Margin("grade", np.array([0, 1, 0, 1, 2]), np.array([55.0, 50, 1]))
    frame = np.array([38, 7, 18, 42, 1])
    found, free = (
        calibrate(n, frame, unit, [sexes, grades], rule=WeightingRule(trim_at=limit))
        for limit in (2.5, 30)
    )
    assert found.raked.weight.max() < 0.99 * free.raked.weight.max()
    assert found.raked.collapses == (Collapse("grade", 2, 0, "empty"),)


def test_calibration_starts_from_the_weights_before() -> None:
    n, frame, start = np.array([5, 4, 9, 7]), np.full(4, 10), np.array([1.0, 3, 2, 5])
    margins = [margin_of("sex", SEX, frame), margin_of("grade", GRADE, frame)]
    found = calibrate(n, frame, UNIT, margins, start=start)
    assert found.raked.weight == pytest.approx(rake(n, margins, start).weight)
    assert found.raked.weight != pytest.approx(rake(n, margins).weight)


def rare_seniors(limit: float) -> Calibrated:
    n, unit = np.array([40, 2, 20, 20]), np.zeros(4, int)
    margins = [
        Margin("sex", SEX, np.array([46.0, 60])),
        Margin("grade", GRADE, np.array([56.0, 50])),
    ]
    frame = np.array([38, 8, 18, 42])
    return calibrate(n, frame, unit, margins, rule=WeightingRule(trim_at=limit))


def test_margins_that_ask_for_more_than_the_limit_win() -> None:
    found = calibrate(np.array([90, 10]), np.array([90, 100]), np.zeros(2, int), [])
    assert found.raked.weight == pytest.approx([1, 10])
    assert not found.is_within_limit


# -- What the weights cost -------------------------------------------------------------


@pytest.mark.parametrize(
    ("last", "effect", "verdict"),
    [
        (10, 1, Verdict.USED),
        (20, 13000 / 110**2, Verdict.USED),
        (50, 34000 / 140**2, Verdict.WARNED),
        (100, 109000 / 190**2, Verdict.UNUSED),
    ],
)
def test_verdict_by_the_design_effect(
    last: int, effect: float, verdict: Verdict
) -> None:
    found = calibrate(np.array([90, 10]), np.array([90, last]), np.zeros(2, int), [])
    assert found.design_effect == pytest.approx(effect)
    assert found.effective_n == pytest.approx(100 / effect)
    assert found.verdict == (verdict,)
    mean = (90 + last) / 100
    used = [mean, mean] if verdict is Verdict.UNUSED else [1, last / 10]
    assert found.weight == pytest.approx(used)
    assert found.plain == pytest.approx([mean, mean])


def test_a_unit_without_answers_has_no_verdict_and_goes_to_the_largest() -> None:
    unit, frame = np.array([0, 1, 2]), np.array([30, 50, 20])
    found = calibrate(np.array([9, 20, 0]), frame, unit, [margin_of("u", unit, frame)])
    assert found.verdict == (Verdict.USED, Verdict.USED, Verdict.NOBODY)
    assert found.raked.collapses == (Collapse("u", 2, 1, "empty"),)
    assert found.weight == pytest.approx([30 / 9, 70 / 20, 0])
    assert np.isnan(found.design_effect[2])
    assert found.effective_n[2] == 0


def test_ten_answers_in_every_cell_are_enough_to_post_stratify() -> None:
    frame = np.array([30, 20, 40, 0])
    margin = margin_of("all", np.zeros(4, int), frame)
    for least in (10, 9):
        n = np.array([10, 12, least, 0])
        found = calibrate(n, frame, np.zeros(4, int), [margin])
        cells = np.array([3, 20 / 12, 40 / 10, 0])
        expected = cells if least == 10 else np.where(n > 0, 90 / 31, 0)
        assert found.raked.weight == pytest.approx(expected)


def test_scores_and_ranks_with_the_weights_and_without() -> None:
    """Few of the many satisfied men of A answered, and few of the unhappy ones of B."""
    answers = [[81]] * 10 + [[41]] * 10 + [[71]] * 10 + [[51]] * 10 + [[61]]
    found = score_all(
        sheet_of({"v": ["q"]}, n_points=101),
        scheme_of(),
        codes(answers),
        np.repeat(np.arange(5), [10, 10, 10, 10, 1]),
        tree=tree_of([-1, 0, 0], [1, 1, 2, 2, 2]),
        frame=[30, 10, 10, 20, 0],
    )
    cells = np.array([0, 0, 1, 1, 1])
    calibrated = calibrate(
        found.tally.n_usable, np.array([30, 10, 10, 20, 0]), cells, []
    )
    with_weights, without = (
        score_nodes(found.plan, found.tally, found.tree, weights, minimum_n=1).score
        for weights in both_ways(found.weights, calibrated)
    )
    assert with_weights[1:, 0] == pytest.approx([70, 170 / 3])
    assert without[1:, 0] == pytest.approx([60, 60])
    assert with_weights[0, 0] == pytest.approx((40 * 70 + 30 * 170 / 3) / 70)
    change = rank_change(with_weights[1:, 0].round(1), without[1:, 0].round(1))
    assert change.tolist() == [0, -1]


def test_folded_people_are_not_counted_twice() -> None:
    unit = unit_a([12, 6, 16, 6])
    folded = replace(unit.weights, lift=np.array([1.5]))
    calibrated = calibrate(unit.tally.n_usable, np.full(4, 10), UNIT, [SEXES, GRADES])
    for weights in both_ways(folded, calibrated):
        assert weights.lift.tolist() == [1]


# -- Errors ----------------------------------------------------------------------------


def test_a_stratum_of_one_person_counts_its_whole_residual() -> None:
    """Points 0, 50, 100, and 100 alone; one margin takes the mean of all off."""
    found = score_all(
        sheet_of({"v": ["q"]}, n_points=3),
        scheme_of(),
        codes([[1], [2], [3], [3]]),
        np.array([0, 0, 0, 1]),
        tree=tree_of([-1], [0, 0]),
        frame=[6, 4],
    )
    margin = Margin("all", np.array([0, 0]), np.array([10.0]))
    sampling = Sampling(np.array([0, 1]), np.array([6.0, 4]), np.ones(2))
    weight = np.array([2.5, 2.5])
    error = residual_errors(
        found.plan, found.tally, found.tree, weight, [margin], sampling
    )
    residuals = np.array([0, 50, 100, 100]) - 62.5
    first = 0.5 * 3 / 2 * ((residuals[:3] - residuals[:3].mean()) ** 2).sum()
    variance = (first + 0.75 * residuals[3] ** 2) / 16
    assert error[0] == pytest.approx(np.sqrt([variance, variance]))


def test_a_census_has_no_error_and_a_node_without_answers_none() -> None:
    found = score_all(
        sheet_of({"v": ["q"]}),
        scheme_of(),
        codes([[1], [6], [3]]),
        np.array([0, 0, 0]),
        tree=tree_of([-1, -1], [0, 1]),
        frame=[3, 5],
    )
    margin = Margin("unit", np.array([0, 1]), np.array([3.0, 0]))
    for size, expected in ((3, 0), (2, 0), (-1, np.std([0, 100, 40], ddof=1) / 3**0.5)):
        error = residual_errors(
            found.plan,
            found.tally,
            found.tree,
            np.array([1.0, 0]),
            [margin],
            Sampling(np.array([0, 1]), np.array([size, 5.0]), np.ones(2)),
        )
        assert error[0, 0] == pytest.approx(expected)
        assert np.isnan(error[1]).all()


# -- Laws ------------------------------------------------------------------------------


@st.composite
def staffs(draw: st.DrawFn) -> tuple[Integers, Integers, Integers, list[Margin]]:
    """Answers and frame of two sexes and three grades in one to three units."""
    n_units = draw(st.integers(1, 3))
    shape = (n_units, 2, 3)
    length = 6 * n_units
    frame = np.array(draw(st.lists(NOBODY_OR_SOME, min_size=length, max_size=length)))
    shares = draw(st.lists(st.floats(0, 1), min_size=length, max_size=length))
    n = np.floor(frame * shares).astype(np.int64)
    unit, sex, grade = (axis.ravel() for axis in np.indices(shape))
    groups = {"unit": unit, "sex": sex, "grade": grade}
    return n, frame, unit, [margin_of(*group, frame) for group in groups.items()]


@settings(max_examples=30, deadline=None)
@given(staffs())
def test_weights_reproduce_what_they_say(
    staff: tuple[Integers, Integers, Integers, list[Margin]],
) -> None:
    n, frame, unit, margins = staff
    found = calibrate(n, frame, unit, margins)
    assert (found.raked.weight >= 0).all()
    assert found.raked.is_converged == bool(n.any() or not frame.any())
    for margin in found.raked.margins if n.any() else ():
        assert margin.sums(n * found.raked.weight) == pytest.approx(margin.target)
        assert margin.target.sum() == pytest.approx(frame.sum())
    for weight in (found.raked.weight, found.weight, found.plain) if n.any() else ():
        assert n @ weight == pytest.approx(frame.sum())
    answered = ~np.isnan(found.design_effect)
    assert (found.design_effect[answered] >= 1 - 1e-12).all()
    people = np.bincount(unit, n)
    assert (found.effective_n <= people + 1e-9).all()


@settings(max_examples=30, deadline=None)
@given(staffs(), st.integers(0, 99))
def test_the_order_of_the_cells_changes_nothing(
    staff: tuple[Integers, Integers, Integers, list[Margin]], seed: int
) -> None:
    n, frame, unit, margins = staff
    order = np.random.default_rng(seed).permutation(len(n))
    moved = [replace(margin, category=margin.category[order]) for margin in margins]
    before = calibrate(n, frame, unit, margins, rule=ALWAYS_RAKED)
    after = calibrate(n[order], frame[order], unit[order], moved, rule=ALWAYS_RAKED)
    assert after.raked.weight == pytest.approx(before.raked.weight[order], rel=1e-6)
    assert after.weight == pytest.approx(before.weight[order], rel=1e-6)
    assert after.raked.collapses == before.raked.collapses
    assert after.verdict == before.verdict


@settings(max_examples=30, deadline=None)
@given(staffs())
def test_splitting_a_cell_changes_no_weight(
    staff: tuple[Integers, Integers, Integers, list[Margin]],
) -> None:
    n, frame, unit, margins = staff
    twice = np.repeat(np.arange(len(n)), 2)
    halves = np.ravel([n // 2, n - n // 2], order="F")
    doubled = [replace(margin, category=margin.category[twice]) for margin in margins]
    whole = calibrate(n, frame, unit, margins, rule=ALWAYS_RAKED).weight
    split = calibrate(
        halves, frame[twice], unit[twice], doubled, rule=ALWAYS_RAKED
    ).weight
    assert split[halves > 0] == pytest.approx(whole[twice][halves > 0], rel=1e-6)


@given(st.lists(st.tuples(NOBODY_OR_SOME, WEIGHTS, st.integers(0, 2)), min_size=1))
def test_trimming_keeps_the_sum_of_each_unit_and_the_order_of_weights(
    cells: list[tuple[int, float, int]],
) -> None:
    n, weight, unit = (np.array(column) for column in zip(*cells, strict=True))
    highest = highest_weights(weight, n, unit, 5)
    found = trim(weight, n, unit, highest)
    kept = np.bincount(unit, n * weight)
    assert np.bincount(unit, n * found) == pytest.approx(kept)
    assert (found <= highest[unit] * (1 + 1e-9))[n > 0].all()
    for place in np.unique(unit):
        here = (unit == place) & (n > 0)
        by_weight = found[here][np.argsort(weight[here], kind="stable")]
        assert (np.diff(by_weight) >= -1e-9).all()
