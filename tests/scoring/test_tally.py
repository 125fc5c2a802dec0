"""Points, usability and additive sums."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from scoring.arrays import Codes, Integers
from scoring.plan import plan_of
from scoring.scheme import parse_scheme
from scoring.scheme_errors import SchemeError
from scoring.tally import (
    Tally,
    add,
    arrays_of,
    empty,
    from_bytes,
    regroup,
    tally_answers,
    to_bytes,
)
from tests.scoring.sheets import codes, scheme_of, sheet_of, shipped

SHEET = sheet_of(
    {"v": ["v1", "v2", "v3"], "w": ["w1", "w2"]},
    reversed_items=["v2"],
    has_dont_know=True,
)
SCHEME = scheme_of(favourable_from=5, missing={"rule": "share", "usable_dimensions": 2})
PLAN = plan_of(SHEET, SCHEME)
BY_ITEM = plan_of(SHEET, scheme_of(measure="favourable", favourable_from=5))
N_CELLS = 3

sheets = arrays(
    np.int16, st.tuples(st.integers(0, 30), st.just(5)), elements=st.integers(0, 7)
)


def same(first: Tally, second: Tally) -> bool:
    return to_bytes(first) == to_bytes(second)


def cells_for(answers: Codes) -> Integers:
    cells: Integers = answers.sum(axis=1).astype(np.int64) % N_CELLS
    return cells


def tally(answers: Codes) -> Tally:
    return tally_answers(PLAN, answers, cells_for(answers), N_CELLS)


def test_points_by_hand() -> None:
    """v1 = 6 → 100, v2 = 1 reversed → 100, v3 don't know: v = 100; w = (20 + 40)/2."""
    one = tally_answers(PLAN, codes([[6, 1, 7, 2, 3]]), np.array([0]), 1)
    points = one.linear[0, 1:3] / PLAN.unit
    assert points.tolist() == [100, 30]
    assert one.linear[0, 3:].tolist() == [1, 1]
    assert one.products.shape == (1, 15)
    assert one.products[0, :5].tolist() == one.linear[0].tolist()
    assert one.option_counts[0, 2].tolist() == [0, 0, 0, 0, 0, 0, 0, 1]
    assert PLAN.is_favourable[1].tolist() == [False, True, True, *[False] * 5]


@pytest.mark.parametrize(
    ("answers", "n_usable", "n_valid"),
    [
        ([1, 1, 1, 1, 1], 1, [1, 1]),
        ([1, 1, 7, 1, 7], 0, [0, 0]),  # three of five items, two thirds are four
        ([1, 1, 7, 1, 1], 1, [1, 1]),
        ([1, 1, 1, 7, 7], 0, [0, 0]),  # one dimension of two
        ([0, 0, 0, 0, 0], 0, [0, 0]),
    ],
)
def test_unusable_people_are_received_and_nothing_more(
    answers: list[int], n_usable: int, n_valid: list[int]
) -> None:
    found = tally_answers(PLAN, codes([answers]), np.array([0]), 1)
    assert found.n_received.tolist() == [1]
    assert found.n_usable.tolist() == [n_usable]
    assert found.n_valid.tolist() == [n_valid]
    assert found.option_counts.sum() == 5 * n_usable


def test_seven_values_need_two_of_three_behaviours() -> None:
    values = {
        code: [f"{code}{i}" for i in (1, 2, 3)]
        for code in ("BP", "AK", "KP", "HM", "LY", "AD", "KL")
    }
    sheet = sheet_of(values, has_dont_know=True)
    plan = plan_of(sheet, parse_scheme(shipped("berakhlak-rata-rata-6.yaml")))
    answers = np.full((2, 21), 6, dtype=np.int16)
    answers[0, [0, 1, 3]] = 7  # one of three left, and two of three
    answers[1, [0, 1, 3, 4, 6, 7]] = 7  # four values left
    found = tally_answers(plan, answers, np.array([0, 0]), 1)
    assert found.n_usable.tolist() == [1]
    assert found.n_valid.tolist() == [[0, 1, 1, 1, 1, 1, 1]]


@settings(max_examples=60, deadline=None)
@given(sheets, st.integers(0, 30), st.permutations(range(30)))
def test_any_partition_and_order_give_the_same_bytes(
    answers: Codes, cut: int, order: list[int]
) -> None:
    shuffled = answers[[i for i in order if i < len(answers)]]
    parts = add(tally(shuffled[cut:]), tally(shuffled[:cut]))
    assert same(parts, tally(answers))


@settings(max_examples=40, deadline=None)
@given(sheets.filter(len), st.data())
def test_weight_two_equals_the_row_twice(answers: Codes, data: st.DataObject) -> None:
    weight = np.array(
        data.draw(
            st.lists(st.integers(1, 2), min_size=len(answers), max_size=len(answers))
        )
    )
    plan = replace(BY_ITEM, uses_given_weight=True)
    once = tally_answers(
        plan, answers, cells_for(answers), N_CELLS, weight.astype(np.float64)
    )
    twice = np.repeat(answers, weight, axis=0)
    doubled = tally_answers(plan, twice, cells_for(twice), N_CELLS, np.ones(len(twice)))
    assert np.array_equal(once.linear, doubled.linear)
    assert np.array_equal(once.weight, doubled.weight)
    assert np.array_equal(once.option_weights, doubled.option_weights)


@settings(max_examples=40, deadline=None)
@given(sheets)
def test_cells_together_are_the_unit(answers: Codes) -> None:
    whole = tally_answers(PLAN, answers, np.zeros(len(answers), dtype=np.int64), 1)
    together = regroup(tally(answers), np.zeros(N_CELLS, dtype=np.int64), 1)
    assert same(whole, together)


def test_products_are_those_of_the_people() -> None:
    generator = np.random.default_rng(4)
    answers = generator.integers(0, 8, (500, 5)).astype(np.int16)
    for plan in (PLAN, BY_ITEM):
        people = [
            tally_answers(plan, row[np.newaxis], np.array([0]), 1) for row in answers
        ]
        vectors = np.vstack([one.linear for one in people])
        whole = tally_answers(plan, answers, np.zeros(500, dtype=np.int64), 1)
        expected = vectors.T @ vectors
        assert np.array_equal(
            whole.products[0], expected[np.triu_indices(len(expected))]
        )


def test_bytes_read_back() -> None:
    found = tally(codes([[6, 1, 7, 2, 3], [1, 2, 3, 4, 5]]))
    again = from_bytes(to_bytes(found))
    assert same(again, found)
    for name, value in arrays_of(again).items():
        assert value.dtype == getattr(found, name).dtype
        assert value.flags.writeable
    with pytest.raises(ValueError, match="not packed arrays"):
        from_bytes(b"something else")


def test_nobody_changes_nothing() -> None:
    found = tally(codes([[6, 1, 7, 2, 3]]))
    assert same(add(found, empty(PLAN, N_CELLS)), found)


def test_given_weight_must_be_handed_over_if_used() -> None:
    plan = replace(PLAN, uses_given_weight=True)
    with pytest.raises(ValueError, match="given weight"):
        tally_answers(plan, codes([[1] * 5]), np.array([0]), 1)


@pytest.mark.parametrize(
    ("dimensions", "path"),
    [
        ([{"code": "x"}], "dimensions[0].code"),
        (
            [{"code": "x", "items": ["v1"]}, {"code": "y", "items": ["no"]}],
            "dimensions[1].items",
        ),
    ],
)
def test_a_scheme_that_does_not_fit_names_the_field(
    dimensions: list[dict[str, object]], path: str
) -> None:
    with pytest.raises(SchemeError) as caught:
        plan_of(SHEET, scheme_of(dimensions=dimensions))
    assert list(caught.value.errors) == [path]
