"""Raking: values of R survey and svy, and what is joined when it cannot fit."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import strategies as st

from scoring.arrays import Floats
from scoring.indices import score_nodes
from scoring.weighting.calibration import (
    design_effects,
)
from scoring.weighting.raking import Collapse, Margin, margin_of, rake
from scoring.weighting.residuals import Sampling, residual_errors
from tests.scoring.sheets import (
    TWO_VALUES,
    Scored,
    scheme_of,
    score_all,
    tree_of,
    unit_codes,
    unit_sexes,
)

FJ, FS, MJ, MS = range(4)
INDEX = -1
SEX, GRADE, UNIT = np.array([0, 0, 1, 1]), np.array([0, 1, 0, 1]), np.zeros(4, int)
SEXES = Margin("sex", SEX, np.array([18.0, 22]))
GRADES = Margin("grade", GRADE, np.array([28.0, 12]))
NOBODY_OR_SOME = st.integers(0, 30)
WEIGHTS = st.just(0.0) | st.floats(0.01, 50)


def unit_a(frame: list[int]) -> Scored:
    """Unit A of the fixture in four cells; every fourth of them is a senior."""
    is_male = np.array([sex == "M" for sex in unit_sexes("A")])
    is_senior = np.arange(25) % 4 == 0
    return score_all(
        TWO_VALUES,
        scheme_of(),
        unit_codes("A"),
        2 * is_male + is_senior,
        tree=tree_of([-1], [0] * 4),
        frame=frame,
    )


def index_and_error(unit: Scored, weight: Floats, margins: list[Margin]) -> list[float]:
    weights = replace(unit.weights, base=weight, lift=np.ones(1))
    scores = score_nodes(unit.plan, unit.tally, unit.tree, weights, minimum_n=1)
    sampling = Sampling(UNIT, np.array([40.0]), np.full(4, 1.6))
    error = residual_errors(unit.plan, unit.tally, unit.tree, weight, margins, sampling)
    return [float(scores.score[0, INDEX]), float(error[0, INDEX])]


def test_unit_a_raked_to_sex_and_grade() -> None:
    unit = unit_a([12, 6, 16, 6])
    raked = rake(unit.tally.n_usable, [SEXES, GRADES])
    assert raked.weight == pytest.approx([1.751082, 1.914141, 1.431129, 1.564394])
    assert raked.is_converged
    assert raked.collapses == ()
    found = index_and_error(unit, raked.weight, [SEXES, GRADES])
    assert found == pytest.approx([63.4851887, 1.0502378], abs=1e-7)
    effect, effective = design_effects(raked.weight, unit.tally.n_usable, UNIT)
    assert effect == pytest.approx(1.012103, abs=1e-6)
    assert effective == pytest.approx(25 / 1.012103, abs=1e-4)


def test_unit_a_post_stratified_by_sex() -> None:
    unit = unit_a([12, 6, 16, 6])
    raked = rake(unit.tally.n_usable, [SEXES])
    found = index_and_error(unit, raked.weight, [SEXES])
    assert found == pytest.approx([63.5444444, 1.0626618734], abs=1e-7)


def test_raking_keeps_the_odds_of_the_weights_before() -> None:
    start = np.array([1.0, 3, 2, 5])
    weight = rake(np.array([5, 4, 9, 7]), [SEXES, GRADES], start).weight
    before, after = ((w[FJ] * w[MS] / w[FS] / w[MJ]) for w in (start, weight))
    assert after == pytest.approx(before)


def test_one_category_gives_everybody_the_same() -> None:
    raked = rake(np.array([4, 6]), [Margin("unit", np.array([0, 0]), np.array([40.0]))])
    assert raked.weight.tolist() == [4, 4]


def test_more_answers_than_people_weigh_less_than_one() -> None:
    weight = rake(
        np.array([20, 10]), [margin_of("c", np.arange(2), np.array([10, 30]))]
    )
    assert weight.weight.tolist() == [0.5, 3]


def test_people_whom_the_frame_does_not_know_weigh_nothing() -> None:
    nobody = Margin("grade", GRADE, np.array([40.0, 0]))
    raked = rake(np.array([5, 4, 9, 7]), [SEXES, nobody])
    assert raked.weight == pytest.approx([18 / 5, 0, 22 / 9, 0])
    assert raked.collapses == ()


def test_an_empty_category_joins_the_one_with_the_most_answers() -> None:
    grade = Margin("grade", np.array([0, 1, 2, 3]), np.array([8.0, 12, 9, 13]))
    raked = rake(np.array([5, 9, 0, 6]), [grade])
    assert raked.collapses == (Collapse("grade", 2, 1, "empty"),)
    assert raked.weight == pytest.approx([8 / 5, 21 / 9, 0, 13 / 6])
    assert raked.margins[0].target.tolist() == [8, 21, 0, 13]


@pytest.mark.parametrize(("targets", "into"), [([7.0, 9, 2], 1), ([8.0, 8, 2], 0)])
def test_of_equal_neighbours_the_larger_and_then_the_first_is_joined(
    targets: list[float], into: int
) -> None:
    margin = Margin("grade", np.arange(3), np.array(targets))
    assert rake(np.array([5, 5, 0]), [margin]).collapses[0].into == into


def test_answers_that_do_not_count_leave_a_category_empty() -> None:
    """All women who answered are seniors, and the frame has no seniors."""
    nobody = Margin("grade", GRADE, np.array([40.0, 0]))
    raked = rake(np.array([0, 30, 9, 7]), [SEXES, nobody])
    assert raked.collapses == (Collapse("sex", 0, 1, "empty"),)
    assert raked.weight == pytest.approx([0, 0, 40 / 9, 0])


def test_totals_that_contradict_each_other_are_joined_and_logged() -> None:
    """Women are juniors and men seniors, but the totals of the two differ."""
    raked = rake(np.array([5, 0, 0, 8]), [SEXES, GRADES])
    assert raked.collapses == (Collapse("grade", 1, 0, "unfit"),)
    assert raked.weight == pytest.approx([18 / 5, 0, 0, 22 / 8])
    assert raked.is_converged


def test_the_category_furthest_off_is_joined_first() -> None:
    """Of three grades the third misses its total by most, and joins the largest."""
    sex = Margin("sex", np.array([0, 1, 2]), np.array([10.0, 10, 10]))
    grade = Margin("grade", np.array([0, 1, 2]), np.array([12.0, 13, 5]))
    raked = rake(np.array([4, 6, 5]), [sex, grade])
    assert raked.collapses[0] == Collapse("grade", 2, 1, "unfit")
    assert raked.is_converged


def test_nobody_answered() -> None:
    raked = rake(np.zeros(4, dtype=np.int64), [SEXES, GRADES])
    assert raked.weight.tolist() == [0, 0, 0, 0]
    assert not raked.is_converged
    assert raked.collapses == ()


def test_margins_of_different_populations_are_refused() -> None:
    with pytest.raises(ValueError, match="different size"):
        rake(np.array([5, 4, 9, 7]), [SEXES, Margin("g", GRADE, np.array([28.0, 13]))])


def test_without_a_frame_there_is_no_margin() -> None:
    with pytest.raises(ValueError, match="frame"):
        margin_of("unit", UNIT, np.array([3, 4, -1, 6]))
