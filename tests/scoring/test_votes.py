"""Votes through three lenses: points, limiting share, chance floor, overlap."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from scoring.arrays import Codes
from scoring.indices import NodeScores
from scoring.overlap import matches, most_picked, overlaps, profiles
from scoring.plan import Plan, plan_of
from scoring.scheme_errors import SchemeError
from scoring.tally import Tally, add, tally_answers, to_bytes
from scoring.uncertainty import Margins
from scoring.votes import LIMITING
from scoring.weighting.cells import weigh_cells
from surveys.instruments.sheet import Sheet, SheetDimension, SheetOption, SheetQuestion
from tests.scoring.sheets import margins_from, scheme_of, sheet_of, tree_of

V, W = "v", "w"
CATALOGUE = (
    ("v1", V, 1),
    ("v2", V, 1),
    ("w1", W, 1),
    ("w2", W, 1),
    ("w3", W, 1),
    ("x", None, -1),
)
LENSES = {"personal": "P", "present": "N", "desired": "D"}
STATISTICS = ("reach_present", "reach_either", "reach_mean", "share_mean")


def pick_sheet(n_picks: int = 3) -> Sheet:
    """Three pick questions over one catalogue of two values and one that limits."""
    options = tuple(
        SheetOption(p, code, {"id": code}, dimension=dimension, polarity=polarity)
        for p, (code, dimension, polarity) in enumerate(CATALOGUE, start=1)
    )
    questions = tuple(
        SheetQuestion(
            code, "pick", {"id": code}, "", i * n_picks, n_picks, options=options
        )
        for i, code in enumerate(LENSES.values())
    )
    dimensions = (SheetDimension(V, {"id": V}), SheetDimension(W, {"id": W}))
    return Sheet("uji", 1, "", dimensions, (), questions)


def plan(statistic: str = "reach_present", **changes: Any) -> Plan:
    lenses = {**LENSES, "statistic": statistic, "top": 3}
    return plan_of(
        pick_sheet(), scheme_of(**{"measure": "votes", "lenses": lenses} | changes)
    )


def filled(*people: Sequence[Sequence[int]]) -> Codes:
    """Each person: the options picked through each lens, 1-based."""
    rows = [
        [code for picks in person for code in (*picks, *[0] * (3 - len(picks)))]
        for person in people
    ]
    return np.array(rows, dtype=np.int16)


def scored(plan_: Plan, tally: Tally, n_staff: int) -> tuple[NodeScores, Margins]:
    """Scores and margins of one unit with so many people."""
    tree = tree_of([-1], [0])
    found = margins_from(plan_, scheme_of(), tally, tree, np.array([n_staff]))
    return found.scores, found.margins


ANI = ((1, 3), (3, 4, 6), (1, 2))
BUDI = ((), (1, 2), (3,))
CITRA = ((1,), (), (3,))
"""Ani and Budi say how their unit is; Citra does not."""


@pytest.mark.parametrize(
    ("statistic", "points", "n"),
    [
        ("reach_present", [50, 50], 2),
        ("reach_either", [100, 100], 1),  # Budi says nothing of himself
        ("reach_mean", [50, 100], 1),
        ("share_mean", [50, 100 / 3], 2),
    ],
)
def test_points_by_hand(statistic: str, points: list[float], n: int) -> None:
    plan_ = plan(statistic)
    tally = tally_answers(plan_, filled(ANI, BUDI, CITRA), np.zeros(3, int), 1)
    assert tally.n_received.tolist() == [3]
    assert tally.n_usable.tolist() == [n]
    scores, _ = scored(plan_, tally, 3)
    assert scores.score[0, :2] == pytest.approx(points)
    assert scores.score[0, -1] == pytest.approx(np.mean(points))


def test_who_picked_too_few_does_not_count() -> None:
    lenses = {**LENSES, "minimum_picks": 3}
    plan_ = plan_of(pick_sheet(), scheme_of(measure="votes", lenses=lenses))
    tally = tally_answers(plan_, filled(ANI, BUDI), np.zeros(2, int), 1)
    assert (tally.n_received[0], tally.n_usable[0]) == (2, 1)


def test_limiting_share_of_the_toy() -> None:
    """Limiting 1, 0, 2, 0 of three votes each: .25, standard error .159571."""
    options = [(1, 2, 6), (1, 2, 3), (6, 5, 4), (1, 2, 3)]
    sheet = pick_sheet()
    present = sheet.questions[1]
    last = [replace(o, polarity=-1) if o.code == "w3" else o for o in present.options]
    questions = (
        sheet.questions[0],
        replace(present, options=tuple(last)),
        sheet.questions[2],
    )
    plan_ = plan_of(
        replace(sheet, questions=tuple(questions)),
        scheme_of(measure="votes", lenses=LENSES),
    )
    answers = filled(*[((), picks, ()) for picks in options])
    tally = tally_answers(plan_, answers, np.zeros(4, int), 1)
    scores, margins = scored(plan_, tally, 4)
    place = plan_.outputs.index(LIMITING)
    assert scores.score[0, place] == pytest.approx(25)
    assert margins.se_no_fpc[0, place] == pytest.approx(15.9571185, abs=1e-6)
    assert margins.se_fpc[0, place] == 0  # everybody answered


def test_the_limiting_share_counts_in_no_index_and_needs_no_band() -> None:
    both = (ANI, BUDI)
    plan_ = plan()
    tally = tally_answers(plan_, filled(*both), np.zeros(2, int), 1)
    scores, _ = scored(plan_, tally, 2)
    place = plan_.outputs.index(LIMITING)
    assert scores.score[0, place] == pytest.approx(20)
    assert scores.score[0, -1] == pytest.approx(50)
    assert np.isnan(scores.favourable[0]).all()


@pytest.mark.parametrize("statistic", STATISTICS)
def test_the_floor_is_what_random_ticking_gives(statistic: str) -> None:
    plan_ = plan(statistic)
    assert plan_.lenses is not None
    generator = np.random.default_rng(1)
    n = 20_000
    picks = [
        generator.permuted(np.tile(np.arange(1, 7), (n, 1)), axis=1)[:, :3]
        for _ in "PND"
    ]
    answers = np.hstack(picks).astype(np.int16)
    tally = tally_answers(plan_, answers, np.zeros(n, int), 1)
    scores, margins = scored(plan_, tally, n)
    off = (scores.score[0, :2] - plan_.lenses.floor) / margins.se_no_fpc[0, :2]
    assert (np.abs(off) < 4).all()


@pytest.mark.parametrize("statistic", STATISTICS)
def test_any_order_and_partition_gives_the_same_sums(statistic: str) -> None:
    generator = np.random.default_rng(2)
    plan_ = plan(statistic)
    people = [
        [list(generator.permutation(6)[: generator.integers(4)] + 1) for _ in "PND"]
        for _ in range(60)
    ]
    answers, cells = filled(*people), generator.integers(3, size=60)
    whole = tally_answers(plan_, answers, cells, 3)
    order = generator.permutation(60)
    first, second = order[:23], order[23:]
    parts = [
        tally_answers(plan_, answers[rows], cells[rows], 3) for rows in (first, second)
    ]
    assert to_bytes(add(*parts)) == to_bytes(whole)


# -- Three lenses ----------------------------------------------------------------------


def test_overlap_and_matches_by_hand() -> None:
    share = np.array([[0.5, 0.5, 0, 0], [0.5, 0.25, 0.25, 0], [0, 0, 0.5, 0.5]])
    assert overlaps(share).tolist() == [75, 25]
    tops = most_picked(share, 2)
    assert tops.tolist() == [
        [1, 1, 0, 0],
        [1, 1, 1, 0],
        [0, 0, 1, 1],
    ]  # a tie is all in
    assert matches(tops).tolist() == [2, 1]


def test_a_profile_is_what_people_picked() -> None:
    plan_ = plan()
    assert plan_.lenses is not None
    people = [ANI, BUDI] * 10
    tally = tally_answers(plan_, filled(*people), np.zeros(20, int), 1)
    tree = tree_of([-1], [0])
    weights = weigh_cells(tally, tree, np.array([40]), uses_given_weight=False)
    ((_, found),) = profiles(
        plan_.lenses, tally, tree, weights, confidence=0.95, seed=1
    )
    assert found.n.tolist() == [10, 20, 20]
    assert found.share[1].tolist() == [0.2, 0.2, 0.2, 0.2, 0, 0.2]
    assert found.reach[1].tolist() == [0.5, 0.5, 0.5, 0.5, 0, 0.5]
    assert found.overlap == pytest.approx([40, 60])
    assert (found.overlap_range[:, 0] <= found.overlap).all()
    assert (found.overlap <= found.overlap_range[:, 1]).all()


def test_the_draws_are_as_wide_as_chance_among_people() -> None:
    """200 people of the same tastes, many times: by chance overlaps spread so widely.

    7.72 and 7.31 are 2 · 1.96 standard deviations over 300 such populations.
    """
    plan_, tree = plan(), tree_of([-1], [0])
    lenses = plan_.lenses
    assert lenses is not None
    tastes: list[list[float]] = [
        [5, 4, 3, 2, 1, 1],
        [1, 2, 3, 4, 5, 2],
        [3, 3, 1, 1, 1, 0.1],
    ]
    chances = [np.array(taste, dtype=np.float64) / sum(taste) for taste in tastes]
    widths = []
    for seed in range(15):
        draw = np.random.default_rng(seed).choice
        people = [
            [list(draw(6, 3, replace=False, p=p) + 1) for p in chances]
            for _ in range(200)
        ]
        tally = tally_answers(plan_, filled(*people), np.zeros(200, int), 1)
        weights = weigh_cells(tally, tree, np.array([10**6]), uses_given_weight=False)
        ((_, one),) = profiles(lenses, tally, tree, weights, confidence=0.95, seed=1)
        widths.append(one.overlap_range[:, 1] - one.overlap_range[:, 0])
    assert np.mean(widths, axis=0) == pytest.approx([7.72, 7.31], rel=0.1)


@pytest.mark.parametrize(
    ("lenses", "path"),
    [
        ({**LENSES, "personal": "Z"}, "lenses.personal"),
        ({**LENSES, "statistic": "vibes"}, "lenses.statistic"),
        ({"personal": "P", "present": "N"}, "lenses.desired"),
        ({**LENSES, "top": 1}, "lenses.top"),
    ],
)
def test_wrong_lenses_are_named(lenses: dict[str, Any], path: str) -> None:
    with pytest.raises(SchemeError) as caught:
        plan_of(pick_sheet(), scheme_of(measure="votes", lenses=lenses))
    assert list(caught.value.errors) == [path]


def refused(sheet: Sheet, **changes: Any) -> dict[str, str]:
    with pytest.raises(SchemeError) as caught:
        plan_of(sheet, scheme_of(**{"measure": "votes", "lenses": LENSES} | changes))
    return caught.value.errors


def test_a_lens_is_a_pick_question_with_options_for_each_dimension() -> None:
    rated = sheet_of({V: ["P", "N", "D"]})
    found = refused(rated, dimensions=[{"code": V}])
    assert found == {"lenses.personal": "“P” bukan pertanyaan pilih-k"}
    assert list(refused(pick_sheet(), dimensions=[{"code": "z"}])) == [
        "dimensions[0].code"
    ]
    assert "lenses wajib diisi" in str(refused(pick_sheet(), lenses=None))
