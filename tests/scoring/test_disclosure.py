"""Disclosure: the tabled cases, competing units, dimensions, and an attacker."""

from __future__ import annotations

import random
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace
from typing import TypeAlias

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scoring.plan import INDEX
from scoring.results.disclosure import (
    CONFIDENTIAL,
    NARROWEST,
    Node,
    decide,
    exposures,
)
from tests.scoring.attacker import exposed_groups, width_of

MINIMUM = 10
Rule: TypeAlias = Callable[[Sequence[Node]], frozenset[str]]


def family(*sizes: int, direct: int = 0, competing: Collection[int] = ()) -> list[Node]:
    """A parent and children of these sizes; a child is named after its size."""
    total = sum(sizes) + direct
    children = [
        Node(str(size), "top", size, {"v": size}, is_competing=size in competing)
        for size in sizes
    ]
    return [Node("top", None, total, {"v": total}), *children]


def shown_of(nodes: Sequence[Node]) -> frozenset[str]:
    decision = decide(nodes, ["v"], minimum=MINIMUM)
    return frozenset(node.id for node in nodes if decision.is_shown(node.id, "v"))


@pytest.mark.parametrize(
    ("sizes", "shown"),
    [
        ((40, 25, 12, 4), {"top", "40", "25"}),
        ((40, 4), {"top"}),
        ((30, 20, 6, 5), {"top", "30", "20"}),
        ((27, 3), {"top"}),
        ((40, 25, 12), {"top", "40", "25", "12"}),
    ],
)
def test_children(sizes: tuple[int, ...], shown: set[str]) -> None:
    assert shown_of(family(*sizes)) == shown


def test_three_people_beside_a_visible_child_would_be_44_points() -> None:
    nodes = family(27, 3)
    counts = {node.id: node.n for node in nodes}
    found = exposures(nodes, counts, {"top", "27"}, minimum=MINIMUM)
    assert found == {"top": 3}
    assert (30 * 62 - 27 * 64) / 3 == 44


def test_staff_attached_directly_count_as_hidden() -> None:
    assert shown_of(family(40, 25, direct=4)) == {"top", "40"}
    assert shown_of(family(40, 25, direct=10)) == {"top", "40", "25"}
    assert shown_of(family(40, 25, 4, direct=5)) == {"top", "40"}
    assert shown_of(family(40, 25, 4, direct=6)) == {"top", "40", "25"}


def test_a_child_equal_to_its_parent_is_the_same_node() -> None:
    assert shown_of(family(30)) == {"top", "30"}
    assert shown_of(family(30, 0)) == {"top", "30"}


def test_companions_come_first_from_units_that_do_not_compete() -> None:
    assert shown_of(family(40, 25, 12, 4, competing=[12])) == {"top", "40", "12"}
    everybody = [40, 25, 12]
    assert shown_of(family(40, 25, 12, 4, competing=everybody)) == {"top", "40", "25"}


def test_a_hidden_unit_hides_its_subtree() -> None:
    nodes = [
        *family(60, 12, 4),
        Node("60a", "60", 30, {"v": 30}),
        Node("60b", "60", 30, {"v": 30}),
        Node("12a", "12", 12, {"v": 12}),
    ]
    assert shown_of(nodes) == {"top", "60", "60a", "60b"}


def keeping_back(nodes: Sequence[Node], *ids: str) -> list[Node]:
    """The same with these nodes, and all below them, withheld."""
    kept_back = set(ids)
    for node in nodes:
        if node.parent in kept_back:
            kept_back.add(node.id)
    return [replace(node, is_withheld=node.id in kept_back) for node in nodes]


@pytest.mark.parametrize(
    ("sizes", "direct", "shown"),
    [
        ((500, 100, 2), 0, {"top"}),  # 100 and 2 people: known within 20.4 points
        ((500, 10, 400), 0, {"top", "10"}),
        ((500, 10, 20, 90, 300), 0, {"top", "10", "300"}),
        ((500, 30, 40, 50), 0, {"top"}),
        ((500, 10, 20), 0, set()),
        ((50, 100), 3, {"top"}),
        ((50, 100), 10, {"top", "100"}),
        ((50,), 0, set()),
        ((50,), 9, set()),
        ((50,), 10, {"top"}),
    ],
)
def test_others_cover_who_is_withheld(
    sizes: tuple[int, ...], direct: int, shown: set[str]
) -> None:
    nodes = family(*sizes, direct=direct)
    assert shown_of(keeping_back(nodes, str(sizes[0]))) == shown


def test_companions_of_the_withheld_come_first_from_who_does_not_compete() -> None:
    nodes = family(500, 60, 70, 300, competing=[60, 70])
    assert shown_of(keeping_back(nodes, "500")) == {"top", "60", "70"}


def test_a_node_that_does_not_cover_the_withheld_is_hidden_too() -> None:
    nodes = [
        *family(60, 90, 200),
        Node("60a", "60", 55, {"v": 55}),
        Node("60b", "60", 5, {"v": 5}),
    ]
    assert shown_of(keeping_back(nodes, "60a")) == {"top", "200"}
    assert shown_of(keeping_back(nodes, "60a", "60b")) == {"top", "200"}


def test_a_group_of_siblings_covers_the_withheld_among_them() -> None:
    nodes = [
        *family(80, 50),
        Node("group", "top", 20, {"v": 20}, is_group=True),
        Node("member", "group", 18, {"v": 18}),
    ]
    nodes[0] = replace(nodes[0], n=150, n_by_dimension={"v": 150})
    assert "group" in shown_of(nodes)
    assert shown_of(keeping_back(nodes, "member")) == {"top", "80"}


def test_who_answered_little_but_weighs_much_needs_heavier_cover() -> None:
    nodes = keeping_back(family(50, 20, 40, 90), "50")
    weights = {"top": 600, "50": 450, "20": 20, "40": 40, "90": 90}
    weighed = [replace(node, weight=weights[node.id]) for node in nodes]
    assert shown_of(nodes) == {"top", "40", "90"}
    assert shown_of(weighed) == {"top", "20", "40"}


def test_each_dimension_is_covered_by_its_own_people() -> None:
    nodes = [
        Node("top", None, 200, {"v": 200, "w": 153, "x": 200}),
        Node("a", "top", 100, {"v": 100, "w": 100, "x": 90}, is_withheld=True),
        Node("b", "top", 30, {"v": 30, "w": 13, "x": 30}),
        Node("c", "top", 70, {"v": 70, "w": 40, "x": 80}),
    ]
    shown = decide(nodes, ["v", "w"], minimum=MINIMUM, extras=["x"]).shown
    assert shown == {
        "top": {"v", "w", "x", INDEX},
        "a": set(),
        "b": {"w"},
        "c": {"v", "x"},
    }


def test_members_of_a_group_are_not_shown_beside_it() -> None:
    nodes = [
        Node("top", None, 80, {"v": 80}),
        Node("big", "top", 50, {"v": 50}),
        Node("group", "top", 30, {"v": 30}, is_group=True),
        Node("member", "group", 15, {"v": 15}),
        Node("other", "group", 15, {"v": 15}),
    ]
    assert shown_of(nodes) == {"top", "big", "group"}


def test_a_dimension_with_few_people_hides_itself_a_companion_and_the_index() -> None:
    nodes = [
        Node("top", None, 90, {"v": 90, "w": 79}),
        Node("a", "top", 40, {"v": 40, "w": 40}),
        Node("b", "top", 30, {"v": 30, "w": 30}),
        Node("c", "top", 20, {"v": 20, "w": 9}),
    ]
    decision = decide(nodes, ["v", "w"], minimum=MINIMUM)
    assert decision.shown == {
        "top": {"v", "w", INDEX},
        "a": {"v", "w", INDEX},
        "b": {"v"},
        "c": {"v"},
    }
    assert decision.reason("b", "w") == decision.reason("c", "w") == CONFIDENTIAL
    assert decision.reason("a", "w") == ""


# --- the attacker -------------------------------------------------------------------


def random_tree(chance: random.Random, n_nodes: int) -> list[Node]:
    """Nodes with direct staff of 0 to 40, parents first."""
    parents = [None, *(chance.randrange(i) for i in range(1, n_nodes))]
    sizes = [chance.choice([0, 0, 3, 5, 9, 12, 20, 40]) for _ in range(n_nodes)]
    totals = sizes.copy()
    for child in range(n_nodes - 1, 0, -1):
        totals[parents[child] or 0] += totals[child]
    return [
        Node(
            f"n{number:02}",
            None if parent is None else f"n{parent:02}",
            total,
            {"v": total},
            is_competing=chance.random() < 0.3,
        )
        for number, (parent, total) in enumerate(zip(parents, totals, strict=True))
    ]


def threshold_only(nodes: Sequence[Node]) -> frozenset[str]:
    return frozenset(node.id for node in nodes if node.n >= MINIMUM)


def one_level(nodes: Sequence[Node]) -> frozenset[str]:
    """Hides the smallest sibling of a lone hidden child, and looks no further."""
    shown = set(threshold_only(nodes))
    for parent in nodes:
        children = [node for node in nodes if node.parent == parent.id and node.n]
        hidden = [node for node in children if node.n < MINIMUM]
        rest = sorted((n.n, n.id) for n in children if n.n >= MINIMUM)
        if len(hidden) == 1 and rest:
            shown.discard(rest[0][1])
    return frozenset(shown)


def counts_of(nodes: Sequence[Node]) -> Mapping[str, int]:
    return {node.id: node.n for node in nodes}


def test_nothing_is_exposed_on_2000_random_trees() -> None:
    chance = random.Random(20)  # noqa: S311 - a reproducible test, not a secret
    for _ in range(2000):
        nodes = random_tree(chance, chance.randint(1, 60))
        shown = shown_of(nodes)
        assert not exposures(nodes, counts_of(nodes), shown, minimum=MINIMUM)


@pytest.mark.parametrize("rule", [threshold_only, one_level])
def test_the_attacker_breaks_weaker_rules(rule: Rule) -> None:
    chance = random.Random(21)  # noqa: S311 - a reproducible test, not a secret
    trees = [random_tree(chance, 8) for _ in range(100)]
    broken = [
        bool(exposed_groups(nodes, counts_of(nodes), rule(nodes), MINIMUM))
        for nodes in trees
    ]
    assert sum(broken) > 50


@settings(max_examples=150, deadline=None)
@given(st.randoms(use_true_random=False), st.integers(1, 9))
def test_the_attacker_finds_nothing_in_what_is_shown(
    chance: random.Random, n_nodes: int
) -> None:
    nodes = random_tree(chance, n_nodes)
    assert not exposed_groups(nodes, counts_of(nodes), shown_of(nodes), MINIMUM)


@settings(max_examples=150, deadline=None)
@given(st.randoms(use_true_random=False), st.integers(1, 8))
def test_the_verifier_sees_what_the_attacker_sees(
    chance: random.Random, n_nodes: int
) -> None:
    """For any set of shown nodes, not only sensible ones."""
    nodes = random_tree(chance, n_nodes)
    shown = {node.id for node in nodes if node.n and chance.random() < 0.6}
    by_remainder = exposures(nodes, counts_of(nodes), shown, minimum=MINIMUM)
    by_row_space = exposed_groups(nodes, counts_of(nodes), shown, MINIMUM)
    assert bool(by_remainder) == bool(by_row_space)


def mid_means(chance: random.Random, nodes: Sequence[Node]) -> dict[str, float]:
    """Means away from both ends: at an end a published mean tells all by itself."""
    return {node.id: chance.uniform(NARROWEST, 100 - NARROWEST) for node in nodes}


def some_withheld(chance: random.Random, nodes: Sequence[Node]) -> list[Node]:
    drawn = [node.id for node in nodes if chance.random() < 0.25]
    return keeping_back(nodes, *drawn)


def narrowest(
    nodes: Sequence[Node],
    held: Mapping[str, float],
    shown: Collection[str],
    means: Mapping[str, float],
) -> float:
    """How well the attacker knows any one withheld unit, or all of them together."""
    units = [node.id for node in nodes if node.is_withheld and held[node.id] > 0]
    groups = [*([unit] for unit in units), units] if units else []
    return min(
        (width_of(nodes, held, shown, group, means) for group in groups), default=100.0
    )


@settings(max_examples=300, deadline=None)
@given(st.randoms(use_true_random=False), st.integers(1, 12))
def test_nobody_computes_who_is_withheld(chance: random.Random, n_nodes: int) -> None:
    nodes = some_withheld(chance, random_tree(chance, n_nodes))
    shown, means = shown_of(nodes), mid_means(chance, nodes)
    assert narrowest(nodes, counts_of(nodes), shown, means) >= NARROWEST - 1e-6
    assert not exposures(nodes, counts_of(nodes), shown, minimum=MINIMUM)


@settings(max_examples=200, deadline=None)
@given(st.randoms(use_true_random=False), st.integers(1, 12))
def test_nor_by_what_the_answers_weigh(chance: random.Random, n_nodes: int) -> None:
    nodes = some_withheld(chance, random_tree(chance, n_nodes))
    held = weights_of(chance, nodes)
    nodes = [replace(node, weight=held[node.id]) for node in nodes]
    shown, means = shown_of(nodes), mid_means(chance, nodes)
    assert narrowest(nodes, held, shown, means) >= NARROWEST - 1e-6


def weights_of(chance: random.Random, nodes: Sequence[Node]) -> dict[str, float]:
    """Each node's own people weigh 1 to 10 times their number."""
    direct = {node.id: float(node.n) for node in nodes}
    for node in nodes:
        if node.parent is not None:
            direct[node.parent] -= node.n
    held = {id_: n * chance.uniform(1, 10) for id_, n in direct.items()}
    for node in reversed(nodes):
        if node.parent is not None:
            held[node.parent] += held[node.id]
    return held


def test_hiding_one_sibling_of_the_withheld_is_broken() -> None:
    nodes = keeping_back(family(500, 10, 400), "500")
    means = dict.fromkeys(counts_of(nodes), 50.0)
    shown = ["top", "400"]
    assert narrowest(nodes, counts_of(nodes), shown, means) == pytest.approx(2)
