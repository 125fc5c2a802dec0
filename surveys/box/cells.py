"""Which groups answers may be traced to: the frozen order of merging small cells.

Cells start as unit × stratum. Until every cell holds ``minimum`` people, a unit with a
small cell drops its last stratifier, then the next; a unit that is still too small
joins its small siblings (and, if need be, the next smallest sibling) in a named group;
where no sibling is left, it joins its parent. A competing unit is never merged with
another one. The same order is used at opening, with the people registered, and at
sealing, with the answers received.

Pure: no Django, no I/O.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

Strata = tuple[str, ...]
Key = tuple[str, Strata]
"""Path of a unit (or group), and the categories still told apart within it."""

GROUP = "+"
"""Last path part of the sibling group below a parent."""


@dataclass(frozen=True)
class Merging:
    """``cell_of`` leads from each finest key to the cell that holds it."""

    cell_of: Mapping[Key, Key]
    group_of: Mapping[str, str]

    def counts(self, people: Mapping[Key, int]) -> dict[Key, int]:
        """People in each merged cell."""
        total: dict[Key, int] = defaultdict(int)
        for key, cell in self.cell_of.items():
            total[cell] += people.get(key, 0)
        return dict(total)


def parent_of(path: str) -> str:
    """``"A/B/"`` → ``"A/"``; a root has the parent ``""``."""
    return path[: path.rstrip("/").rfind("/") + 1]


def group_path(parent: str) -> str:
    return f"{parent}{GROUP}/"


def merge(
    people: Mapping[Key, int],
    *,
    minimum: int,
    competing: Iterable[str] = (),
) -> Merging:
    """Merge until each cell holds ``minimum`` people or is a whole competing unit.

    ``people`` counts the finest cells: path of the unit × categories, in the order in
    which stratifiers are kept (the last is dropped first). ``competing`` holds the
    paths of units that are ranked against each other.

    >>> merge({("A/X/", ("F",)): 4, ("A/X/", ("M",)): 9}, minimum=10).cell_of
    {('A/X/', ('F',)): ('A/X/', ()), ('A/X/', ('M',)): ('A/X/', ())}
    """
    tree = _Tree(people, minimum, frozenset(competing))
    for unit in sorted(tree.keys_of):
        tree.drop_strata(unit)
    for parent in sorted(tree.size, key=lambda path: (-path.count("/"), path)):
        tree.join_small_children(parent)
    return Merging(tree.cell_of, tree.group_of)


class _Tree:
    """The merging under way. ``size`` counts the people of each subtree."""

    def __init__(
        self, people: Mapping[Key, int], minimum: int, competing: frozenset[str]
    ) -> None:
        self.people = people
        self.minimum = minimum
        self.competing = competing
        self.cell_of: dict[Key, Key] = {key: key for key in people}
        self.group_of: dict[str, str] = {}
        self.keys_of: dict[str, list[Key]] = defaultdict(list)
        self.children: dict[str, set[str]] = defaultdict(set)
        self.size: dict[str, int] = defaultdict(int)
        for key, n in people.items():
            self.keys_of[key[0]].append(key)
            self._count(key[0], n)

    def _count(self, path: str, n: int) -> None:
        while path:
            self.size[path] += n
            parent = parent_of(path)
            if parent:
                self.children[parent].add(path)
            path = parent

    def drop_strata(self, unit: str) -> None:
        keys = self.keys_of[unit]
        kept = max(len(strata) for _, strata in keys)
        while kept and self._smallest_cell(keys) < self.minimum:
            kept -= 1
            for key in keys:
                self.cell_of[key] = (unit, key[1][:kept])

    def _smallest_cell(self, keys: list[Key]) -> int:
        sums: dict[Key, int] = defaultdict(int)
        for key in keys:
            sums[self.cell_of[key]] += self.people[key]
        return min(sums.values())

    def join_small_children(self, parent: str) -> None:
        """Deepest parents come first, so a small child is one cell already.

        Staff of the parent itself stand among its children, under its own path.
        """
        free = {c: self.size[c] for c in self.children[parent] - self.competing}
        if parent in self.keys_of:
            free[parent] = sum(self.people[key] for key in self.keys_of[parent])
        if not self.children[parent]:
            return
        joined = sorted(c for c, n in free.items() if n < self.minimum)
        rest = sorted((n, c) for c, n in free.items() if c not in joined)
        while joined and sum(free[c] for c in joined) < self.minimum and rest:
            joined.append(rest.pop(0)[1])
        everyone = not rest and not self.children[parent] & self.competing
        target = parent if everyone or len(joined) == 1 else group_path(parent)
        for child in joined:
            self._move(child, parent, target)

    def _move(self, child: str, parent: str, target: str) -> None:
        inside = [child] if child == parent else list(self._subtree(child))
        for unit in inside:
            for key in self.keys_of.get(unit, ()):
                self.cell_of[key] = (target, ())
            self.group_of.pop(unit, None)
            if target != parent and unit not in (parent, target):
                self.group_of[unit] = target

    def _subtree(self, path: str) -> Iterable[str]:
        yield path
        for child in self.children[path]:
            yield from self._subtree(child)
