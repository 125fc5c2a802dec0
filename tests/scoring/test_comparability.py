"""The gate before units are compared, and what measurement reports say of answers."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from scoring.arrays import Codes, Floats
from scoring.measurement import reliability
from scoring.measurement.comparability import between_waves
from scoring.measurement.sums import unpack
from scoring.ordering.report import Contest, agree_at_the_top, order_report
from scoring.plan import plan_of
from scoring.results.order_page import moved_by_weights
from scoring.scheme_errors import SchemeError
from scoring.tally import tally_answers
from tests.scoring.analysed import SCHEME, SHEET, drawn, drawn_answers
from tests.scoring.sheets import TWO_VALUES, codes, scheme_of, sheet_of

UNITS = [f"{n:02}" for n in range(1, 9)]
N_PEOPLE = 300


def gate_of(answers: Codes) -> dict[str, Any]:
    return {found.kind: found.document for found in drawn(UNITS, answers)}[
        "comparability"
    ]


def report_of(answers: Codes) -> dict[str, Any]:
    return {found.kind: found.document for found in drawn(UNITS, answers)}[
        "measurement"
    ]


@pytest.fixture
def answers() -> Codes:
    return drawn_answers(len(UNITS), N_PEOPLE)


def flagged(gate: dict[str, Any]) -> set[str]:
    groups = gate["by_size"]
    return {i["item"] for group in groups for i in group["items"] if i["biased"]}


# --- items that work otherwise -------------------------------------------------------


def test_fair_items_pass_though_units_differ(answers: Codes) -> None:
    gate = gate_of(answers)
    assert len(gate["by_size"]) > 1
    assert flagged(gate) == set()
    assert gate["by_unit"] == []
    assert gate["passes"]
    assert gate["checks"] == {
        "reliability": True,
        "separation": True,
        "items_by_size": True,
    }


def test_a_biased_item_planted_in_the_large_units_is_caught(answers: Codes) -> None:
    biased = answers.copy()
    large = slice(4 * N_PEOPLE, None)
    biased[large, 7] = np.where(answers[large, 7] < 6, answers[large, 7] + 1, 6)
    gate = gate_of(biased)
    assert "KP2" in flagged(gate)
    assert flagged(gate) <= {"KP1", "KP2", "KP3"}
    assert not gate["checks"]["items_by_size"]
    assert not gate["passes"]


def test_a_biased_item_planted_in_one_unit_is_caught_there(answers: Codes) -> None:
    biased = answers.copy()
    mine = slice(2 * N_PEOPLE, 3 * N_PEOPLE)
    biased[mine, 0] = np.where(answers[mine, 0] > 2, answers[mine, 0] - 2, 1)
    found = gate_of(biased)["by_unit"]
    assert {row["unit"] for row in found} == {"03"}
    worst = min(found, key=lambda row: row["difference"])
    assert worst["item"] == "BP1"


def test_an_item_that_moved_alone_between_waves_is_caught(answers: Codes) -> None:
    later = drawn_answers(len(UNITS), N_PEOPLE, seed=2)
    rule = SCHEME.comparability
    before = gate_of(answers)["profile"]
    fair = between_waves(before, gate_of(later)["profile"], rule)
    assert len(fair) == 21
    assert not any(item["biased"] for item in fair)
    later[:, 10] = np.where(later[:, 10] > 1, later[:, 10] - 1, later[:, 10])
    moved = between_waves(before, gate_of(later)["profile"], rule)
    assert "HM2" in {item["item"] for item in moved if item["biased"]}


# --- what is doubted -----------------------------------------------------------------


def doubts(report: dict[str, Any]) -> set[str]:
    return {doubt["code"] for doubt in report["doubts"]}


def test_an_item_that_many_do_not_know_is_named(answers: Codes) -> None:
    found = report_of(answers)["doubts"]
    assert {"code": "unknown_item", "about": ["AK3"]} in found


def test_units_that_chance_alone_tells_apart_are_not_to_be_ranked() -> None:
    same = drawn_answers(len(UNITS), 40, spread=0)
    report = report_of(same)
    assert report["spread"][0]["icc2"] < 0.5
    assert "not_separated" in doubts(report)
    assert gate_of(same)["checks"]["separation"] is False


def test_values_that_are_answered_alike_and_straight_lines_are_doubted(
    answers: Codes,
) -> None:
    alike = answers.copy()
    alike[:, 1:21] = alike[:, [0]]
    alike[::9, 3] = 1
    report = report_of(alike)
    assert {"redundant", "alike_values"} <= doubts(report)
    low = answers.copy()
    low[:, 0] = np.random.default_rng(3).integers(1, 7, len(low))
    low[:, 1] = np.random.default_rng(4).integers(1, 7, len(low))
    assert {"code": "low_alpha", "about": ["BP"]} in report_of(low)["doubts"]


def test_few_complete_sheets_tell_no_alpha() -> None:
    report = report_of(drawn_answers(len(UNITS), 3))
    assert report["scales"] == []
    assert "few_complete" in doubts(report)


# --- the formulas --------------------------------------------------------------------


def test_feldts_interval_holds_as_often_as_it_says() -> None:
    """Three parallel items correlated .5: alpha .75 of all, 60 people a sample."""
    rng = np.random.default_rng(1)
    held = 0
    for _ in range(400):
        rows = rng.normal(size=(60, 1)) + rng.normal(size=(60, 3))
        found = reliability.alpha(np.cov(rows.T))
        lower, upper = reliability.alpha_interval(found, n=60, k=3, confidence=0.95)
        held += lower < 0.75 < upper
    assert held / 400 == pytest.approx(0.95, abs=0.02)


def test_a_null_answer_is_stretched_to_more_points() -> None:
    shares = np.array([0.05, 0.15, 0.20, 0.35, 0.25])
    assert reliability.stretched(shares, 5) == pytest.approx(shares)
    longer = reliability.stretched(shares, 6)
    assert longer.sum() == pytest.approx(1)
    assert reliability.null_variance(longer) == pytest.approx(2.0266667)


def test_average_deviation_by_hand() -> None:
    """Two at 1, two at 3: everybody is one point from the mean."""
    assert reliability.average_deviation(np.array([2.0, 0, 2])) == pytest.approx(1)
    assert np.isnan(reliability.average_deviation(np.zeros(3)))


def test_a_value_without_spread_has_no_effective_weight() -> None:
    values: Floats = np.array([[50.0, 10], [50, 20], [50, 60]])
    found = reliability.effective_weights(values, np.array([0.5, 0.5]))
    assert found == pytest.approx([0, 1])


def test_sums_are_those_of_the_sheets_whatever_the_item_weights() -> None:
    weighted = scheme_of(
        dimensions=[
            {"code": "v1", "items": ["q1", "q2", "q3"], "item_weights": [2, 1, 1]},
            {"code": "v2"},
        ]
    )
    plan = plan_of(TWO_VALUES, weighted)
    sheets = codes([[6, 1, 1, 2, 2, 2], [0, 3, 5, 1, 1, 4]])
    tally = tally_answers(plan, sheets, np.array([0, 0]), 1)
    assert plan.measured is not None
    moments = unpack(plan, plan.measured, tally.moments[0])
    assert moments.n_complete == 1
    values = np.array([[1, 50, 20], [1, 60, 20.0]])
    assert moments.dimensions == pytest.approx(values.T @ values)
    assert moments.item_sums == pytest.approx(np.array([100, 0, 0, 20, 20, 20]))


def test_an_outcome_must_stand_outside_the_score() -> None:
    with pytest.raises(SchemeError, match="sudah dihitung"):
        plan_of(TWO_VALUES, scheme_of(drivers={"outcome": "q1"}))
    with pytest.raises(SchemeError, match="tidak ada"):
        plan_of(TWO_VALUES, scheme_of(drivers={"outcome": "entah"}))
    sheet = sheet_of({"v1": ["q1", "q2"], "": ["luar"]})
    scheme = scheme_of(dimensions=[{"code": "v1"}], drivers={"outcome": "luar"})
    assert plan_of(sheet, scheme).measured is not None
    assert SHEET.width == 22


# --- the order -----------------------------------------------------------------------

SCORES = np.array([72, 70.5, 70.1, 66, 65.5, 61, 60.8, 60.5, 58, 55, 54, 48])
ERRORS = np.array([0.8, 0.7, 1.5, 0.6, 2.0, 0.5, 0.9, 1.2, 0.6, 0.7, 2.5, 0.8])


def contest(scores: Floats = SCORES, se: Floats = ERRORS) -> Contest:
    values = np.column_stack([scores + 1, scores - 1])
    weights = np.array([0.5, 0.5])
    names = tuple(f"{n:02}" for n in range(len(scores)))
    sizes = (100,) * len(scores)
    return Contest(names, scores, se, values, weights, sizes, 5, unweighted=scores)


def test_the_published_twelve_units() -> None:
    report = order_report(contest(), scheme_of())
    assert report["best"]["1"] == ["00", "01", "02", "04"]
    assert report["best"]["3"] == ["00", "01", "02", "03", "04"]
    assert report["tau2"] == pytest.approx(52.734, abs=1e-4)
    assert report["units"][4]["simultaneous"] == [1, 8]
    assert report["units"][0]["p_first"] == pytest.approx(0.833, abs=0.01)
    assert report["doubts"] == []


def test_a_rank_without_weights_stands_beside_the_rank_with_them() -> None:
    given = contest()
    swapped = replace(given, unweighted=np.roll(SCORES, 1))
    units = order_report(swapped, scheme_of())["units"]
    assert [unit["rank"] for unit in units] == [*range(1, 13)]
    assert [unit["unweighted_rank"] for unit in units] == [12, *range(1, 12)]
    page = [{**unit, "name": unit["unit"]} for unit in units]
    assert len(moved_by_weights(page) or []) == 12
    assert moved_by_weights([{"rank": 1}]) is None


def test_a_small_winner_is_not_supported() -> None:
    se = ERRORS.copy()
    se[0] = 6
    report = order_report(contest(se=se), scheme_of())
    assert report["doubts"] == ["not_supported"]
    assert not agree_at_the_top(np.array([3.0, 2, 1]), np.array([2.0, 3, 1]))
    assert agree_at_the_top(np.array([4.0, 3, 2, 1, 0]), np.array([4.0, 3, 2, 0, 1]))


def test_the_order_of_the_units_handed_over_changes_nothing() -> None:
    given = contest()
    turned = Contest(
        given.units[::-1],
        given.scores[::-1],
        given.se[::-1],
        given.values[::-1],
        given.weights,
        given.sizes,
        given.seed,
        given.unweighted[::-1],
    )
    assert order_report(given, scheme_of()) == order_report(turned, scheme_of())


def test_sets_too_small_or_too_large_have_no_order() -> None:
    rule = scheme_of(ranking={"largest_set": 11})
    assert order_report(contest(), rule)["doubts"] == ["too_many"]
    one = contest(SCORES[:1], ERRORS[:1])
    assert order_report(one, scheme_of())["doubts"] == ["too_few"]
    four = order_report(contest(SCORES[:4], ERRORS[:4]), scheme_of())
    assert four["doubts"] == ["not_shrunken"]
    assert "p_first" not in four["units"][0]
