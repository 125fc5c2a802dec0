"""Merging small cells: the frozen order, case by case."""

from __future__ import annotations

from collections import defaultdict

from hypothesis import given, settings
from hypothesis import strategies as st

from surveys.box.cells import Key, merge, parent_of


def merged(people: dict[Key, int], **options: object) -> dict[Key, int]:
    return merge(people, minimum=10, **options).counts(people)  # type: ignore[arg-type]


def test_large_cells_stay_apart() -> None:
    people: dict[Key, int] = {("K/A/", ("F",)): 10, ("K/A/", ("M",)): 12}
    assert merged(people) == people


def test_the_last_stratifier_is_dropped_first() -> None:
    people: dict[Key, int] = {
        ("K/A/", ("F", "I")): 4,
        ("K/A/", ("F", "II")): 11,
        ("K/A/", ("M", "I")): 14,
    }
    assert merged(people) == {("K/A/", ("F",)): 15, ("K/A/", ("M",)): 14}


def test_small_siblings_join_one_group_and_the_next_smallest_helps() -> None:
    people: dict[Key, int] = {
        ("K/A/", ()): 3,
        ("K/B/", ()): 4,
        ("K/C/", ()): 20,
        ("K/D/", ()): 50,
    }
    assert merged(people) == {("K/+/", ()): 27, ("K/D/", ()): 50}


def test_a_unit_whose_children_are_all_small_is_one_cell() -> None:
    people: dict[Key, int] = {("K/A/", ()): 6, ("K/B/", ()): 7}
    assert merged(people) == {("K/", ()): 13}


def test_staff_of_the_parent_itself_join_a_child() -> None:
    people: dict[Key, int] = {
        ("K/", ()): 3,
        ("K/A/", ()): 12,
        ("K/B/", ()): 30,
    }
    assert merged(people) == {("K/+/", ()): 15, ("K/B/", ()): 30}


def test_competing_units_are_never_merged_with_each_other() -> None:
    people: dict[Key, int] = {("K/A/", ()): 3, ("K/B/", ()): 40}
    assert merged(people, competing=["K/A/", "K/B/"]) == people


def test_below_a_competing_unit_merging_goes_on() -> None:
    people: dict[Key, int] = {
        ("K/A/1/", ()): 3,
        ("K/A/2/", ()): 4,
        ("K/B/", ()): 40,
    }
    assert merged(people, competing=["K/A/", "K/B/"]) == {
        ("K/A/", ()): 7,
        ("K/B/", ()): 40,
    }


paths = st.lists(st.sampled_from("ABC"), min_size=1, max_size=3).map(
    lambda parts: "K/" + "/".join(parts) + "/"
)
registers = st.dictionaries(
    st.tuples(paths, st.tuples(st.sampled_from("FM"), st.sampled_from("12"))),
    st.integers(0, 30),
    min_size=1,
    max_size=25,
)


@settings(max_examples=300)
@given(registers)
def test_nobody_is_lost_and_every_cell_is_large(people: dict[Key, int]) -> None:
    counts = merged(people)
    assert sum(counts.values()) == sum(people.values())
    assert len(counts) == 1 or min(counts.values()) >= 10


@settings(max_examples=100)
@given(registers)
def test_people_only_ever_move_up_or_sideways(people: dict[Key, int]) -> None:
    merging = merge(people, minimum=10)
    for (unit, strata), (home, kept) in merging.cell_of.items():
        assert strata[: len(kept)] == kept
        assert unit.startswith((home, parent_of(home)))


@settings(max_examples=100)
@given(registers)
def test_a_unit_is_never_in_a_group_and_shown_alone(people: dict[Key, int]) -> None:
    merging = merge(people, minimum=10)
    homes = defaultdict(set)
    for (unit, _strata), (home, _kept) in merging.cell_of.items():
        homes[unit].add(home)
    assert all(len(found) == 1 for found in homes.values())
    for unit, group in merging.group_of.items():
        assert homes.get(unit, {group}) == {group}


@settings(max_examples=200)
@given(registers, st.data())
def test_sealing_merges_on_from_what_opening_left(
    people: dict[Key, int], data: st.DataObject
) -> None:
    """The answers of the merged cells are fewer; groups stay groups of their own."""
    opened = merge(people, minimum=10).counts(people)
    answers = {cell: data.draw(st.integers(0, n)) for cell, n in opened.items()}
    merging = merge(answers, minimum=10)
    counts = merging.counts(answers)
    assert sum(counts.values()) == sum(answers.values())
    assert len(counts) == 1 or min(counts.values()) >= 10
    assert all(member != group for member, group in merging.group_of.items())
    assert not {home for home, _kept in counts} & merging.group_of.keys()
