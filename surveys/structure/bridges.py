"""Which units of one day correspond to which of another, across reorganisations.

Pure: plain values in and out. ``reorganisation`` records and reads the bridges.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from itertools import groupby

Share = float | None
"""Part of a unit's people in 0–1; None where nobody counted."""

ROUNDING = 1e-6


@dataclass(frozen=True)
class Step:
    """One recorded bridge: from its day on, the targets stand for the sources.

    ``shares`` gives the part of a source's people that went to a target. A unit that
    goes on under its code stands on both sides.
    """

    day: date
    sources: frozenset[str]
    targets: frozenset[str]
    shares: Mapping[tuple[str, str], float] = field(default_factory=dict)


@dataclass(frozen=True)
class Correspondence:
    """The smallest groups of units that can be compared across the two days.

    Nothing after: closed without a successor. Nothing before: new. ``shares`` holds the
    part of each unit before that each unit after took over.
    """

    before: frozenset[str]
    after: frozenset[str]
    shares: Mapping[tuple[str, str], Share] = field(default_factory=dict)

    @property
    def is_same(self) -> bool:
        """The same single unit on both days, with all of its people."""
        return len(self.before) == 1 and self.before == self.after

    @property
    def is_comparable(self) -> bool:
        """Whether there is something on both sides."""
        return bool(self.before and self.after)


def bridge_between(
    *,
    steps: Iterable[Step],
    start: date,
    end: date,
    before: Collection[str],
    after: Collection[str],
) -> list[Correspondence]:
    """Who of ``before`` (as of ``start``) is who of ``after`` (as of ``end``).

    Every unit is in exactly one correspondence. A merger puts its sources together, a
    split its targets; a unit split from one and merged into another joins both. Units
    that no step names correspond to themselves. Steps of the same day act together.

    >>> merger = Step(date(2026, 1, 1), frozenset("AB"), frozenset("C"))
    >>> days = {"start": date(2025, 10, 1), "end": date(2026, 10, 1)}
    >>> found = bridge_between(steps=[merger], before="ABD", after="CD", **days)
    >>> [("".join(sorted(c.before)), "".join(sorted(c.after))) for c in found]
    [('AB', 'C'), ('D', 'D')]
    """
    if start > end:
        raise ValueError("The first day lies after the last.")
    crossed = sorted((s for s in steps if start < s.day <= end), key=lambda s: s.day)
    whereabouts: dict[str, dict[str, Share]] = {unit: {unit: 1.0} for unit in before}
    for _day, same_day in groupby(crossed, key=lambda s: s.day):
        moves = _moves(same_day)
        whereabouts = {u: _moved(held, moves) for u, held in whereabouts.items()}
    existing = set(after)
    links = {
        (unit, successor): share
        for unit, held in whereabouts.items()
        for successor, share in held.items()
        if successor in existing
    }
    return _grouped(before, after, links)


def _moves(steps: Iterable[Step]) -> dict[str, dict[str, Share]]:
    """Where the people of each source go on one day, and which part of them.

    The part of a single target that nobody counted is the rest. A rest that was given
    to nobody stays where it was.
    """
    moves: dict[str, dict[str, Share]] = defaultdict(dict)
    for step in steps:
        for source in step.sources:
            for target in step.targets:
                moves[source][target] = step.shares.get((source, target))
    for source, targets in moves.items():
        rest = 1.0 - sum(share or 0.0 for share in targets.values())
        uncounted = [target for target, share in targets.items() if share is None]
        if len(uncounted) == 1:
            targets[uncounted[0]] = max(0.0, rest)
        elif not uncounted and rest > ROUNDING:
            targets.setdefault(source, rest)
    return moves


def _moved(
    held: Mapping[str, Share], moves: Mapping[str, Mapping[str, Share]]
) -> dict[str, Share]:
    """Where somebody's people are after one day, given where they were."""
    result: dict[str, Share] = {}
    for unit, part in held.items():
        for target, share in moves.get(unit, {unit: 1.0}).items():
            product = None if part is None or share is None else part * share
            if target in result:
                result[target] = _sum(result[target], product)
            else:
                result[target] = product
    return result


def _sum(one: Share, other: Share) -> Share:
    return None if one is None or other is None else one + other


def _grouped(
    before: Collection[str],
    after: Collection[str],
    links: Mapping[tuple[str, str], Share],
) -> list[Correspondence]:
    """Connected groups of units before and after, in order of their codes."""
    joined: dict[tuple[str, str], set[tuple[str, str]]] = defaultdict(set)
    for old, new in links:
        joined["before", old].add(("after", new))
        joined["after", new].add(("before", old))
    sides = [("before", c) for c in sorted(before)] + [
        ("after", c) for c in sorted(after)
    ]
    seen: set[tuple[str, str]] = set()
    found = []
    for first in sides:
        if first in seen:
            continue
        group, waiting = {first}, [first]
        for node in waiting:
            waiting.extend(joined[node] - group)
            group |= joined[node]
        seen |= group
        olds = frozenset(code for side, code in group if side == "before")
        news = frozenset(code for side, code in group if side == "after")
        shares = {pair: links[pair] for pair in links if pair[0] in olds}
        found.append(Correspondence(olds, news, shares))
    return found
