"""Independently computed values on which R survey 4.1 and numpy agree."""

from __future__ import annotations

import numpy as np
import pytest

from scoring.arrays import Codes
from surveys.instruments.sheet import Sheet
from tests.scoring.sheets import (
    FRAME,
    TWO_VALUES,
    Scored,
    codes,
    scheme_of,
    score_all,
    sheet_of,
    tree_of,
    unit_codes,
    unit_sexes,
)

PARENT, A, B, C = range(4)
V1, V2, INDEX = range(3)


@pytest.fixture(scope="module")
def units() -> Scored:
    """Units A, B, C under one parent, one cell each."""
    answers = [unit_codes(unit) for unit in FRAME]
    return score_all(
        TWO_VALUES,
        scheme_of(),
        np.vstack(answers),
        np.repeat([0, 1, 2], [len(rows) for rows in answers]),
        tree=tree_of([-1, 0, 0, 0], [A, B, C]),
        frame=list(FRAME.values()),
    )


@pytest.mark.parametrize(
    ("node", "score", "se_fpc", "se_no_fpc"),
    [
        (A, 65.2, 2.3126463918, 3.7765357354),
        (B, 44.5, 3.8099592483, 4.2596639353),
        (C, 82.8888889, 0, 4.1895140791),
        (PARENT, 53.5569892, 2.5294537838, 2.9439164972),
    ],
)
def test_fixture(
    units: Scored, node: int, score: float, se_fpc: float, se_no_fpc: float
) -> None:
    assert units.scores.score[node, INDEX] == pytest.approx(score, abs=1e-7)
    assert units.margins.se_fpc[node, INDEX] == pytest.approx(se_fpc, abs=1e-9)
    assert units.margins.se_no_fpc[node, INDEX] == pytest.approx(se_no_fpc, abs=1e-7)


def test_moderated_standard_errors(units: Scored) -> None:
    assert units.margins.se_model[[A, B, C], INDEX] == pytest.approx(
        [3.760769, 4.231876, 4.315760], abs=1e-6
    )


def test_moderated_parent_is_the_weighted_sum_of_its_cells(units: Scored) -> None:
    variances = np.array([353.584610, 358.175467, 279.386759])
    shares = np.array([40, 100, 15]) / 155
    expected = np.sqrt((shares**2 * variances / np.array([25, 20, 15])).sum())
    assert units.margins.se_model[PARENT, INDEX] == pytest.approx(expected, abs=1e-6)


def test_satterthwaite_degrees_of_freedom(units: Scored) -> None:
    assert units.margins.df[PARENT, INDEX] == pytest.approx(24.6945, abs=1e-4)
    assert units.margins.df[A, INDEX] == pytest.approx(24)


def test_response_rate_and_index_as_mean_of_the_values(units: Scored) -> None:
    assert units.scores.frame.tolist() == [155, 40, 100, 15]
    assert units.scores.response_rate == pytest.approx([60 / 155, 0.625, 0.2, 1])
    assert units.scores.score[:, :2].mean(axis=1) == pytest.approx(
        units.scores.score[:, INDEX]
    )


def test_one_item_with_three_missing() -> None:
    answers = unit_codes("A")
    answers[[0, 4, 8], 0] = 0
    sheet = sheet_of({"v1": ["q1"], "v2": ["q2", "q3", "q4", "q5", "q6"]})
    found = _alone(sheet, answers, frame=40)
    assert found.scores.score[0, V1] == pytest.approx(67.2727273, abs=1e-7)
    assert found.margins.se_fpc[0, V1] == pytest.approx(2.9573254563, abs=1e-9)
    assert found.scores.n[0].tolist() == [22, 25, 25]


def test_two_values_missing_for_different_people() -> None:
    answers = unit_codes("A")
    answers[[1, 6], :3] = 0
    answers[4, 3:] = 0
    found = _alone(TWO_VALUES, answers, frame=40)
    assert found.scores.score[0, INDEX] == pytest.approx(64.7886473, abs=1e-7)
    assert found.margins.se_fpc[0, INDEX] == pytest.approx(2.2538140721, abs=1e-9)
    assert found.margins.se_no_fpc[0, INDEX] == pytest.approx(3.6804629677, abs=1e-9)


def test_cells_by_sex_give_the_post_stratified_score() -> None:
    is_male = np.array([sex == "M" for sex in unit_sexes("A")])
    found = score_all(
        TWO_VALUES,
        scheme_of(),
        unit_codes("A"),
        is_male.astype(np.int64),
        tree=tree_of([-1], [0, 0]),
        frame=[18, 22],
    )
    assert found.scores.score[0, INDEX] == pytest.approx(63.5444444, abs=1e-7)


def test_hand_case_of_five_people() -> None:
    found = _alone(
        sheet_of({"v": ["q"]}, n_points=11),
        codes([[7], [8], [9], [10], [11]]),
        frame=20,
    )
    assert found.scores.score[0].tolist() == [80, 80]
    assert found.margins.se_fpc[0, 0] == pytest.approx(6.123724, abs=1e-6)
    assert found.margins.df[0, 0] == pytest.approx(4)
    margin = found.scores.score[0, 0] - found.margins.lower[0, 0]
    assert margin == pytest.approx(17.002185, abs=1e-6)
    assert found.margins.upper[0, 0] == pytest.approx(97.002185, abs=1e-6)


def test_everybody_alike_and_one_person_borrow_the_variance_of_the_wave() -> None:
    """A, B, C give s0² = 335.758934; units of 15 alike and of one person lean on it."""
    answers = [unit_codes(unit) for unit in FRAME]
    alike, single = codes([[6] * 6] * 15), codes([[3] * 6])
    cells = np.repeat(np.arange(5), [25, 20, 15, 15, 1])
    found = score_all(
        TWO_VALUES,
        scheme_of(),
        np.vstack([*answers, alike, single]),
        cells,
        tree=tree_of([-1, -1, -1, -1, -1], [0, 1, 2, 3, 4]),
        frame=[40, 100, 15, 30, 2],
    )
    pooled = (57 * 335.758934 + 0) / (57 + 14)
    assert found.margins.se_model[3, INDEX] == pytest.approx(
        np.sqrt(4 * pooled / 18 / 15), rel=1e-6
    )
    assert found.margins.se_model[4, INDEX] == pytest.approx(np.sqrt(pooled), rel=1e-6)
    assert found.margins.se_fpc[3, INDEX] == 0
    assert found.margins.se_fpc[4, INDEX] == pytest.approx(np.sqrt(pooled / 2))
    assert found.margins.is_zero_variance[:, INDEX].tolist() == [
        False,
        False,
        False,
        True,
        False,
    ]
    assert np.sqrt(4 * 335.758934 / 18 / 15) == pytest.approx(2.230293, abs=1e-6)
    assert np.sqrt(335.758934) == pytest.approx(18.323726, abs=1e-6)


def test_missingness_makes_the_ratio_differ_from_the_mean_of_children() -> None:
    """Half of a unit lacks the value: its people count, not its size."""
    sheet = sheet_of({"v": ["q"], "other": ["o"]}, n_points=101)
    large = [[41, 1]] * 10 + [[0, 1]] * 10
    small = [[69, 1]] * 20
    found = score_all(
        sheet,
        scheme_of(),
        codes(large + small),
        np.repeat([0, 1], [20, 20]),
        tree=tree_of([-1, 0, 0], [1, 2]),
        frame=[100, 100],
    )
    by_people = (10 * 5 * 40 + 20 * 5 * 68) / (10 * 5 + 20 * 5)
    assert found.scores.score[0, V1] == pytest.approx(by_people)
    assert found.scores.score[1:, V1].mean() == pytest.approx(54)


def test_kish_design_effect_of_given_weights() -> None:
    weight = np.array([1.564394, 1.431129, 1.751082, 1.914141])
    found = score_all(
        sheet_of({"v": ["q"]}),
        scheme_of(use_given_weight=True, variance={"strata": "none"}),
        codes([[1], [2], [3], [4]]),
        np.zeros(4, dtype=np.int64),
        tree=tree_of([-1], [0]),
        frame=[-1],
        given_weight=weight,
    )
    kish = 4 * (weight**2).sum() / weight.sum() ** 2
    assert found.scores.design_effect[0] == pytest.approx(kish)


def _alone(sheet: Sheet, answers: Codes, *, frame: int) -> Scored:
    return score_all(
        sheet,
        scheme_of(),
        answers,
        np.zeros(len(answers), dtype=np.int64),
        tree=tree_of([-1], [0]),
        frame=[frame],
    )
