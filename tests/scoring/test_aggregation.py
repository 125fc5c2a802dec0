"""Weights of items, and the geometric index, with margins against a jackknife."""

from __future__ import annotations

import numpy as np
import pytest

from scoring.scheme_errors import SchemeError
from tests.scoring.sheets import codes, scheme_of, score_all, sheet_of, tree_of

ONE = tree_of([-1], [0])
ROWS = [
    [6, 5, 4, 2, 3],
    [3, 3, 5, 4, 4],
    [2, 6, 1, 5, 6],
    [4, 4, 4, 2, 1],
    [5, 1, 6, 6, 5],
    [6, 6, 2, 3, 0],
]
DIMENSIONS = {"v": ["a", "b", "c"], "w": ["d", "e"]}


def test_heavier_items_count_more() -> None:
    """Twice 100 and once 0, of three: 66.7; without the second item, 2 of 3 remain."""
    dimensions = [{"code": "v", "items": ["a", "b"], "item_weights": [2, 1]}]
    sheet = sheet_of({"v": ["a", "b"]})
    scheme = scheme_of(dimensions=dimensions)
    found = score_all(
        sheet, scheme, codes([[6, 1], [6, 0]]), np.zeros(2, int), tree=ONE, frame=[2]
    )
    assert found.scores.score[0, 0] == pytest.approx((200 / 3 + 100) / 2)


def test_weights_whose_sums_cannot_be_held_exactly_are_refused() -> None:
    items = [f"q{n}" for n in range(9)]
    weights = list(range(1, 10))
    rule = {"code": "v", "items": items, "item_weights": weights}
    with pytest.raises(SchemeError) as caught:
        score_all(
            sheet_of({"v": items}),
            scheme_of(dimensions=[rule]),
            codes([[1] * 9]),
            np.zeros(1, int),
            tree=ONE,
            frame=[1],
        )
    assert list(caught.value.errors) == ["dimensions[0].item_weights"]


@pytest.mark.parametrize("measure", ["mean", "favourable"])
def test_the_geometric_index_and_its_margin(measure: str) -> None:
    scheme = scheme_of(measure=measure, favourable_from=4, aggregation="geometric")
    sheet, answers = sheet_of(DIMENSIONS), codes(ROWS)

    def index_of(rows: list[int]) -> float:
        chosen = answers[rows]
        found = score_all(
            sheet, scheme, chosen, np.zeros(len(rows), int), tree=ONE, frame=[99]
        )
        assert found.scores.score[0, -1] == pytest.approx(
            np.sqrt(found.scores.score[0, 0] * found.scores.score[0, 1])
        )
        return float(found.scores.score[0, -1])

    people = list(range(len(ROWS)))
    left_out = [index_of([p for p in people if p != out]) for out in people]
    jackknife = np.sqrt(5 / 6 * ((np.array(left_out) - np.mean(left_out)) ** 2).sum())
    whole = score_all(sheet, scheme, answers, np.zeros(6, int), tree=ONE, frame=[99])
    assert whole.margins.se_no_fpc[0, -1] == pytest.approx(jackknife, rel=0.1)


def test_the_published_national_row_of_2022_as_geometric_mean() -> None:
    values = np.array([57.9, 74.1, 56.7, 63.8, 65.8, 38.9, 69.4])
    assert np.prod(values ** (1 / 7)) == pytest.approx(59.87, abs=0.005)
