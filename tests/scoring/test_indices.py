"""Weights, folding of silent cells, scores of nodes and what is flagged."""

from __future__ import annotations

import random
from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scoring.tree import Tree
from scoring.weighting.cells import UNKNOWN
from tests.scoring.sheets import (
    TWO_VALUES,
    Scored,
    codes,
    scheme_of,
    score_all,
    sheet_of,
    tree_of,
)

ONE = sheet_of({"v": ["q"]})
TOP, LEFT, RIGHT = range(3)


def scored(
    per_cell: Sequence[Sequence[int]],
    tree: Tree,
    frame: Sequence[int],
    **changes: object,
) -> Scored:
    """Cells of people answering one question with these codes."""
    answers = [[code] for people in per_cell for code in people]
    cells = np.repeat(np.arange(len(per_cell)), [len(people) for people in per_cell])
    return score_all(
        ONE,
        scheme_of(**changes),
        codes(answers).reshape(-1, 1),
        cells,
        tree=tree,
        frame=frame,
    )


def test_cells_count_by_their_frame() -> None:
    """Points 0 and 100; 30 people stand behind the first and 10 behind the second."""
    found = scored([[1, 1], [6, 6]], tree_of([-1], [0, 0]), [30, 10])
    assert found.scores.score[0].tolist() == [25, 25]
    assert found.scores.response_rate[0] == 0.1
    assert found.scores.design_effect[0] == pytest.approx(
        4 * (2 * 15**2 + 2 * 5**2) / 40**2
    )


def test_a_silent_cell_is_folded_into_its_siblings_in_the_same_unit() -> None:
    found = scored([[1], [6], []], tree_of([-1], [0, 0, 0]), [30, 10, 20])
    assert found.scores.score[0, 0] == 25
    assert found.weights.lift.tolist() == [1.5]
    assert found.scores.is_folded.tolist() == [True]
    assert found.scores.frame.tolist() == [60]


def test_a_silent_unit_is_folded_into_its_parent_and_touches_no_sister() -> None:
    """LEFT keeps its own census; seen from TOP its people stand for the silent too."""
    tree = tree_of([-1, 0, 0], [LEFT, RIGHT])
    found = scored([[1, 2, 6], []], tree, [3, 9])
    assert found.scores.is_folded.tolist() == [True, False, False]
    assert found.margins.se_fpc[LEFT, 0] == 0
    assert found.margins.se_fpc[TOP, 0] == pytest.approx(
        np.sqrt(1 - 3 / 12) * found.margins.se_no_fpc[LEFT, 0]
    )
    assert found.scores.score[TOP, 0] == pytest.approx(found.scores.score[LEFT, 0])
    assert np.isnan(found.scores.score[RIGHT, 0])
    assert found.scores.has_no_responses.tolist() == [False, False, True]


def test_folded_people_keep_their_weight_one_level_higher() -> None:
    """Two ministries of 20; half of the first is silent, and it still weighs 20."""
    tree = tree_of([-1, 0, 0, 1, 1], [3, 4, 2])
    found = scored([[1] * 5, [], [6] * 5], tree, [10, 10, 20])
    assert found.scores.score[TOP, 0] == 50


def test_without_a_frame_everybody_counts_once() -> None:
    tree = tree_of([-1, 0, 0], [LEFT, RIGHT])
    found = scored([[1, 6, 6], [1]], tree, [UNKNOWN, 3])
    assert found.scores.score[:, 0] == pytest.approx([200 / 6, 200 / 3, 0])
    assert found.scores.is_frame_missing.tolist() == [True, True, False]
    assert found.scores.frame.tolist() == [UNKNOWN, UNKNOWN, 3]
    assert np.isnan(found.scores.response_rate[:2]).all()
    assert found.margins.se_fpc[LEFT, 0] == found.margins.se_no_fpc[LEFT, 0]


def test_more_answers_than_people_is_a_stale_frame() -> None:
    found = scored([[1, 3, 6]], tree_of([-1], [0]), [2])
    assert found.scores.is_frame_stale.tolist() == [True]
    assert found.scores.response_rate.tolist() == [1]
    assert found.margins.se_fpc[0, 0] == 0
    assert found.margins.se_model[0, 0] > 0


def test_index_is_not_computed_where_a_dimension_is_short() -> None:
    answers = codes([[6, 6, 6, 1, 1, 1]] * 2 + [[6, 6, 6, 0, 0, 0]])
    tree, cells = tree_of([-1], [0]), np.zeros(3, dtype=np.int64)
    for minimum, index in ((2, 50.0), (3, np.nan)):
        found = score_all(
            TWO_VALUES,
            scheme_of(minimum_cell=minimum, favourable_from=5),
            answers,
            cells,
            tree=tree,
            frame=[5],
        )
        assert np.array_equal(found.scores.score[0], [100, 0, index], equal_nan=True)
        assert found.scores.favourable[0] == pytest.approx([100, 0, index], nan_ok=True)
        assert found.scores.n[0].tolist() == [3, 2, 3]


def test_a_dimension_nobody_answered_is_missing() -> None:
    found = score_all(
        TWO_VALUES,
        scheme_of(),
        codes([[6, 6, 6, 0, 0, 0]] * 4),
        np.zeros(4, dtype=np.int64),
        tree=tree_of([-1], [0]),
        frame=[9],
    )
    assert np.array_equal(found.scores.score[0], [100, np.nan, np.nan], equal_nan=True)
    assert np.isnan(found.margins.se_model[0, 1:]).all()
    assert found.margins.is_zero_variance[0].tolist() == [True, False, False]


def test_favourable_is_the_mean_over_items_of_their_shares() -> None:
    """q1: 2 of 2; q2: 1 of 4; their mean is 62.5, pooled answers would give 50."""
    found = score_all(
        sheet_of({"v": ["q1", "q2"]}),
        scheme_of(favourable_from=5),
        codes([[5, 6], [6, 4], [0, 1], [0, 1]]),
        np.zeros(4, dtype=np.int64),
        tree=tree_of([-1], [0]),
        frame=[4],
    )
    assert found.scores.favourable[0].tolist() == [62.5, 62.5]


def test_dimension_weights_are_those_of_the_scheme() -> None:
    found = score_all(
        TWO_VALUES,
        scheme_of(dimensions=[{"code": "v1", "weight": 3}, {"code": "v2"}]),
        codes([[6, 6, 6, 1, 1, 1]]),
        np.zeros(1, dtype=np.int64),
        tree=tree_of([-1], [0]),
        frame=[4],
    )
    assert found.scores.score[0].tolist() == [100, 0, 75]


def test_a_parent_comes_before_its_children() -> None:
    with pytest.raises(ValueError, match="before"):
        tree_of([1, -1], [0])


@settings(max_examples=60, deadline=None)
@given(st.integers(1, 12), st.randoms(use_true_random=False), st.integers(0, 20))
def test_the_cells_of_a_node_lie_side_by_side(
    n_nodes: int, chance: random.Random, n_cells: int
) -> None:
    pick = chance.randrange
    parent = [-1, *(pick(-1, node) for node in range(1, n_nodes))]
    tree = tree_of(parent, [pick(n_nodes) for _ in range(n_cells)])
    starts, stops = tree.spans
    for node in range(n_nodes):
        mine = set()
        for cell in range(n_cells):
            above = int(tree.node_of_cell[cell])
            while above not in (node, -1):
                above = parent[above]
            if above == node:
                mine.add(cell)
        assert set(tree.cell_order[starts[node] : stops[node]].tolist()) == mine
