"""What may be shown: no published numbers may yield those of a small group.

The attacker knows the tree, every count, and everything published. What is hidden is
hidden for one stated reason, so that nobody learns which unit forced another's hiding.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from scoring.plan import INDEX

CONFIDENTIAL = "confidential"
"""The only reason ever given for hiding what is small, or what would tell it."""
WITHHELD = "withheld"
"""The reason of units whose answers were looked at and found not to be told."""
NARROWEST = 20
"""Points within which the mean of what is withheld may at best be known."""
_NOISE = 1e-9
"""Parts of a node's weight that are rounding and nothing else."""


@dataclass(frozen=True)
class Node:
    """A node of the organisation and how many people stand behind its scores.

    Parents come before their children. Staff attached directly to a node are what its
    counts exceed the sum of its children's by. Members of a named group of siblings,
    if listed at all, are children of the group; they are never shown beside it.

    ``weight`` is what these people weigh in the scores of the nodes above, by the same
    scale in all nodes; without it everybody weighs the same.
    """

    id: str
    parent: str | None
    n: int
    n_by_dimension: Mapping[str, int] = field(default_factory=dict)
    is_group: bool = False
    is_competing: bool = False
    is_withheld: bool = False
    weight: float | None = None


@dataclass(frozen=True)
class Disclosure:
    """What may be shown of a run: outputs (dimensions, index) by node."""

    shown: Mapping[str, frozenset[str]]
    withheld: frozenset[str] = frozenset()

    def is_shown(self, node: str, output: str) -> bool:
        return output in self.shown[node]

    def reason(self, node: str, output: str) -> str:
        """Why an output is hidden: empty if it is shown."""
        if self.is_shown(node, output):
            return ""
        return WITHHELD if node in self.withheld else CONFIDENTIAL


class DisclosureError(RuntimeError):
    """The counts are no tree, or the decision would expose a small group."""


def decide(
    nodes: Sequence[Node],
    dimensions: Sequence[str],
    *,
    minimum: int,
    extras: Collection[str] = (),
) -> Disclosure:
    """Which outputs of which nodes may be shown (equation 15).

    Every dimension is decided with its own counts. The index is shown where all
    dimensions are: then it adds nothing to what they already tell, and where one
    dimension is hidden the others and the index cannot give it away. ``extras`` are
    decided likewise and are no part of the index.
    """
    allowed = {}
    for dimension in (*dimensions, *extras):
        counts = {node.id: node.n_by_dimension.get(dimension, 0) for node in nodes}
        shown = _decide_one(nodes, counts, minimum)
        if exposed := exposures(nodes, counts, shown, minimum=minimum):
            raise DisclosureError(f"{len(exposed)} small groups would be exposed")
        allowed[dimension] = shown
    return Disclosure(
        {node.id: _outputs(node.id, allowed, dimensions) for node in nodes},
        frozenset(node.id for node in nodes if node.is_withheld),
    )


def _outputs(
    node: str, allowed: Mapping[str, Collection[str]], dimensions: Sequence[str]
) -> frozenset[str]:
    outputs = {output for output, shown in allowed.items() if node in shown}
    return frozenset(outputs | {INDEX} if outputs.issuperset(dimensions) else outputs)


@dataclass(frozen=True)
class _Measure:
    """What the nodes hold by one measure, people or weight, and what is withheld."""

    held: Mapping[str, float]
    withheld: Mapping[str, float]

    def is_covered(self, node: str, shown: Collection[str]) -> bool:
        """Whether ``node`` without the ``shown`` of its children covers the withheld.

        Scores run from 0 to 100. So if others weigh a share r of the withheld within
        what remains, the mean of the withheld is known within 100 r points.
        """
        left = self.held[node] - sum(self.held[child] for child in shown)
        back = self.withheld[node] - sum(self.withheld[child] for child in shown)
        if back <= _NOISE * self.held[node]:
            return True
        return 100 * (left - back) >= NARROWEST * back


@dataclass(frozen=True)
class _Family:
    """A node, its children, and what its counts exceed theirs by."""

    node: Node
    children: Sequence[Node]
    counts: Mapping[str, int]
    measures: Sequence[_Measure]
    minimum: int

    @property
    def direct(self) -> int:
        held = sum(self.counts[child.id] for child in self.children)
        return self.counts[self.node.id] - held

    def is_covered(self, kept: Collection[str]) -> bool:
        return all(measure.is_covered(self.node.id, kept) for measure in self.measures)

    def is_safe(self, kept: Collection[str]) -> bool:
        """Whether showing these children tells nothing of the others."""
        hidden = [self.counts[one.id] for one in self.children if one.id not in kept]
        mass = self.direct + sum(hidden)
        is_single = self.direct == 0 and sum(n > 0 for n in hidden) == 1
        return not (0 < mass < self.minimum or is_single) and self.is_covered(kept)


def _decide_one(
    nodes: Sequence[Node], counts: Mapping[str, int], minimum: int
) -> frozenset[str]:
    """Top-down: a hidden node hides its subtree; a shown one may need companions.

    Where all that a node holds does not cover what is withheld in it, it is hidden
    too, and so on upwards.
    """
    children = _children_of(nodes)
    measures = _measures_of(nodes, counts)
    families = {
        node.id: _Family(node, children[node.id], counts, measures, minimum)
        for node in nodes
    }
    barred: set[str] = {node.id for node in nodes if node.is_withheld}
    while True:
        kept = dict(_top_down(families, barred))
        bare = {node for node in kept if not families[node].is_covered(kept[node])}
        if not bare:
            return frozenset(kept)
        barred |= bare


def _top_down(
    families: Mapping[str, _Family], barred: Collection[str]
) -> Iterator[tuple[str, set[str]]]:
    """The nodes that may be shown, each with its children that may."""
    shown: set[str] = set()
    for id_, family in families.items():
        if family.direct < 0:
            raise DisclosureError("children hold more people than their parent")
        if family.node.parent is None and _is_large(family, family.node, barred):
            shown.add(id_)
        if id_ in shown:
            kept = set() if family.node.is_group else _keep(family, barred)
            shown |= kept
            yield id_, kept


def _is_large(family: _Family, node: Node, barred: Collection[str]) -> bool:
    n = min(node.n, family.counts[node.id])
    return node.id not in barred and n >= family.minimum


def _keep(family: _Family, barred: Collection[str]) -> set[str]:
    """The children to show; companions are hidden from the smallest on.

    Those that do not compete come first. Who is not needed in the end is shown after
    all: one large companion may cover what several small ones did not.
    """
    large = [node for node in family.children if _is_large(family, node, barred)]
    large.sort(key=lambda node: (node.is_competing, family.counts[node.id], node.id))
    kept = {node.id for node in large}
    companions = []
    for node in large:
        if family.is_safe(kept):
            break
        kept.remove(node.id)
        companions.append(node.id)
    for companion in companions:
        if family.is_safe({*kept, companion}):
            kept.add(companion)
    return kept


def _measures_of(nodes: Sequence[Node], counts: Mapping[str, int]) -> list[_Measure]:
    """People and, where it is known of all nodes, what they weigh."""
    weights = {node.id: node.weight for node in nodes if node.weight is not None}
    measures = [_Measure(counts, _withheld_of(nodes, counts))]
    if len(weights) == len(nodes):
        measures.append(_Measure(weights, _withheld_of(nodes, weights)))
    return measures


def _withheld_of(
    nodes: Sequence[Node], held: Mapping[str, float]
) -> Mapping[str, float]:
    """How much each node holds that is withheld: itself, or what lies below it."""
    withheld = dict.fromkeys(held, 0.0)
    for node in reversed(nodes):
        if node.is_withheld:
            withheld[node.id] = held[node.id]
        if node.parent is not None:
            withheld[node.parent] += withheld[node.id]
    return withheld


def exposures(
    nodes: Sequence[Node],
    counts: Mapping[str, int],
    shown: Collection[str],
    *,
    minimum: int,
) -> dict[str, int]:
    """Shown nodes that, less what is shown below them, leave a group too small.

    Take from each shown node the highest shown nodes below it. What remains are
    disjoint groups; each published sum is a sum of them, and each of them follows from
    the published sums. So the groups of people whose sum can be computed are exactly
    the unions of these remainders, and no other combination need be tried: the check is
    complete, for any ``shown`` (equation 16). The result maps node to remainder.
    """
    remainder = {node: counts[node] for node in shown}
    nearest: dict[str, str | None] = {}
    for node in nodes:
        above = nearest[node.parent] if node.parent is not None else None
        if node.id in remainder and above is not None:
            remainder[above] -= counts[node.id]
        nearest[node.id] = node.id if node.id in remainder else above
    return {node: left for node, left in remainder.items() if 0 < left < minimum}


def _children_of(nodes: Sequence[Node]) -> dict[str, list[Node]]:
    children: dict[str, list[Node]] = {node.id: [] for node in nodes}
    for node in nodes:
        if node.parent is not None:
            children[node.parent].append(node)
    return children
