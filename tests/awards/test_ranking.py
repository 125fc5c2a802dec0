"""The ranking of units: places, ties, intervals, and who is not ranked."""

from __future__ import annotations

import math
import random

from hypothesis import given, settings
from hypothesis import strategies as st

from awards.ranking import (
    NO_STANDARD_ERROR,
    NOT_COMPUTED,
    SINGLE_UNIT,
    Entry,
    Standing,
    rank,
)
from scoring.ordering.ranks import seed_of
from scoring.results.disclosure import CONFIDENTIAL
from scoring.rules import RankingRule

RULE = RankingRule(draws=2_000)
SEED = seed_of("gelombang", "peringkat")

SCORES = [72, 70.5, 70.1, 66, 65.5, 61, 60.8, 60.5, 58, 55, 54, 48]
ERRORS = [0.8, 0.7, 1.5, 0.6, 2.0, 0.5, 0.9, 1.2, 0.6, 0.7, 2.5, 0.8]
TWELVE = [
    Entry(f"U{number:02}", score, se)
    for number, (score, se) in enumerate(zip(SCORES, ERRORS, strict=True), start=1)
]


def ranking(entries: list[Entry], rule: RankingRule = RULE) -> dict[str, Standing]:
    found = rank(entries, rule=rule, decimals=1, seed=SEED)
    return {standing.unit: standing for standing in found}


def test_it_ranks_twelve_units_with_their_simultaneous_sets() -> None:
    found = ranking(TWELVE)
    assert [standing.rank for standing in found.values()] == list(range(1, 13))
    ends = [(s.rank_lower, s.rank_upper) for s in found.values()]
    assert ends[:5] == [(1, 4), (1, 4), (1, 5), (3, 5), (1, 8)]
    assert ends[-2:] == [(6, 12), (11, 12)]
    assert [u for u, s in found.items() if s.is_in_first_set] == [
        "U01",
        "U02",
        "U03",
        "U05",
    ]


def test_it_gives_equal_printed_scores_the_same_rank() -> None:
    found = ranking([Entry("a", 70.04, 1), Entry("b", 69.96, 1), Entry("c", 60, 1)])
    assert [(s.rank, s.is_tied) for s in found.values()] == [
        (1, True),
        (1, True),
        (3, False),
    ]
    assert list(found) == ["a", "b", "c"]


def test_it_keeps_a_rank_shared_by_rounding_inside_its_interval() -> None:
    found = ranking([Entry("a", 70.04, 0), Entry("b", 69.96, 0)])
    assert (found["b"].rank, found["b"].rank_lower, found["b"].rank_upper) == (1, 1, 2)


def test_it_says_why_a_unit_is_not_ranked() -> None:
    found = ranking(
        [
            Entry("b", 50, 1),
            Entry("a", 60, 1),
            Entry("z", 90, 1, is_shown=False),
            Entry("x", None, None),
            Entry("y", 80, math.nan),
        ]
    )
    assert list(found) == ["a", "b", "x", "y", "z"]
    assert found["z"] == Standing("z", reason=CONFIDENTIAL)
    assert found["x"].reason == NOT_COMPUTED
    assert found["y"].reason == NO_STANDARD_ERROR
    assert found["b"].rank == 2


def test_it_does_not_rank_a_single_unit() -> None:
    assert ranking([Entry("a", 60, 1)])["a"] == Standing("a", reason=SINGLE_UNIT)
    assert ranking([]) == {}


def test_it_gives_large_sets_marginal_intervals_and_very_large_ones_none() -> None:
    few = RankingRule(draws=2_000, simultaneous_up_to=5, largest_set=12)
    found = ranking(TWELVE, few)
    assert found["U01"].rank_upper == 3
    assert not any(standing.is_in_first_set for standing in found.values())
    none = ranking(TWELVE, RankingRule(simultaneous_up_to=5, largest_set=11))
    assert {standing.rank_lower for standing in none.values()} == {None}
    assert none["U12"].rank == 12


@settings(max_examples=30, deadline=None)
@given(
    st.lists(
        st.tuples(st.floats(0, 100), st.floats(0, 20)),
        min_size=2,
        max_size=9,
        unique=True,
    ),
    st.randoms(use_true_random=False),
)
def test_neither_order_nor_names_of_units_change_a_result(
    units: list[tuple[float, float]], chance: random.Random
) -> None:
    names = [f"unit {number}" for number in range(len(units))]
    new_names = names.copy()
    chance.shuffle(new_names)
    entries = [Entry(n, *unit) for n, unit in zip(names, units, strict=True)]
    renamed = [Entry(n, *unit) for n, unit in zip(new_names, units, strict=True)]
    chance.shuffle(renamed)
    before, after = ranking(entries), ranking(renamed)
    for old, new in zip(names, new_names, strict=True):
        assert _numbers(before[old]) == _numbers(after[new])


def _numbers(standing: Standing) -> tuple[object, ...]:
    return (
        standing.score,
        standing.rank,
        standing.is_tied,
        standing.rank_lower,
        standing.rank_upper,
        standing.is_in_first_set,
    )
