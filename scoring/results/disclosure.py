"""What may be shown: no published numbers may yield those of a small group.

The attacker knows the tree, every count, and everything published. What is hidden is
hidden for one stated reason, so that nobody learns which unit forced another's hiding.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

from scoring.plan import INDEX

CONFIDENTIAL = "confidential"
"""The only reason ever given for hiding what is small, or what would tell it."""
WITHHELD = "withheld"
"""The reason of units whose answers were looked at and found not to be told."""


@dataclass(frozen=True)
class Node:
    """A node of the organisation and how many people stand behind its scores.

    Parents come before their children. Staff attached directly to a node are what its
    counts exceed the sum of its children's by. Members of a named group of siblings,
    if listed at all, are children of the group; they are never shown beside it.
    """

    id: str
    parent: str | None
    n: int
    n_by_dimension: Mapping[str, int] = field(default_factory=dict)
    is_group: bool = False
    is_competing: bool = False
    is_withheld: bool = False


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


def _decide_one(
    nodes: Sequence[Node], counts: Mapping[str, int], minimum: int
) -> frozenset[str]:
    """Top-down: a hidden node hides its subtree; a shown one may need companions."""
    children = _children_of(nodes)
    by_id = {node.id: node for node in nodes}
    shown: set[str] = set()
    for node in nodes:
        if node.parent is None and _is_large(node, counts, minimum):
            shown.add(node.id)
        if node.id in shown and not node.is_group:
            large = [
                by_id[child]
                for child in children[node.id]
                if _is_large(by_id[child], counts, minimum)
            ]
            large.sort(key=lambda n: (n.is_competing, counts[n.id], n.id))
            kept = _keep(node, children[node.id], large, counts, minimum)
            shown |= kept
    return frozenset(shown)


def _is_large(node: Node, counts: Mapping[str, int], minimum: int) -> bool:
    return not node.is_withheld and min(node.n, counts[node.id]) >= minimum


def _keep(
    parent: Node,
    children: Sequence[str],
    large: Sequence[Node],
    counts: Mapping[str, int],
    minimum: int,
) -> set[str]:
    """The children to show: companions are hidden in the order of ``large``."""
    kept = [node.id for node in large]
    direct = counts[parent.id] - sum(counts[child] for child in children)
    if direct < 0:
        raise DisclosureError("children hold more people than their parent")
    while kept:
        hidden = [c for c in children if c not in kept and counts[c] > 0]
        mass = direct + sum(counts[child] for child in hidden)
        is_single = len(hidden) == 1 and direct == 0
        if not (0 < mass < minimum or is_single):
            break
        kept.pop(0)
    return set(kept)


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


def _children_of(nodes: Sequence[Node]) -> dict[str, list[str]]:
    children: dict[str, list[str]] = {node.id: [] for node in nodes}
    for node in nodes:
        if node.parent is not None:
            children[node.parent].append(node.id)
    return children
