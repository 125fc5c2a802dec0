"""The tree of units as it is, and as it was on a day; level by level, for one reader.

Every question costs the same number of statements however large the tree is.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from operator import attrgetter
from typing import Any

from django.db.models import Case, Count, Exists, OuterRef, Q, QuerySet, When
from django.utils import timezone

from surveys.models import FormerUnit, UnitKerja
from surveys.staff.permissions import EVERYWHERE, under

AT_ONCE = 200
"""So many units of a level are shown before somebody asks for more."""

HITS = 20


@dataclass(frozen=True)
class Node:
    """A unit as it is called on the day, and what is opened below it."""

    pk: int
    code: str
    name: str
    acronym: str
    level: str
    parent_pk: int | None
    n_children: int = 0
    children: Sequence[Node] = ()
    n_more: int = 0
    """How many children are left to show."""


@dataclass(frozen=True)
class Hit:
    """A unit that was looked for, and what it stands below."""

    node: Node
    above: Sequence[str]


@dataclass(frozen=True)
class Tree:
    """The tree of one day as one reader may see it."""

    paths: Sequence[str]
    day: date | None = None
    """None: as it is."""

    _today: date = field(default_factory=timezone.localdate)

    # -- which units there are ---------------------------------------------------------

    def _units(self) -> QuerySet[UnitKerja]:
        """Existing on the day, and called and placed then as they are now."""
        units = self._existing()
        if self.day is None:
            return units
        return units.filter(~Exists(self._then().filter(unit=OuterRef("pk"))))

    def _existing(self) -> QuerySet[UnitKerja]:
        mine = UnitKerja.objects.filter(under(self.paths, "path"))
        return mine.on(self.day or self._today).order_by("code")

    def _then(self) -> QuerySet[FormerUnit]:
        """Former states that held on the day."""
        return FormerUnit.objects.filter(
            valid_from__lte=self.day, valid_to__gte=self.day
        )

    def _former(self) -> QuerySet[FormerUnit]:
        mine = self._then().filter(under(self.paths, "unit__path"))
        return mine.select_related("unit").order_by("unit__code")

    def _nodes(self, where: Q, limit: int | None = None) -> list[Node]:
        """In order of code; ``where`` speaks of ``parent``, ``name`` and so on."""
        nodes = [_node(unit, unit) for unit in self._units().filter(where)[:limit]]
        if self.day is not None:
            former = self._former().filter(where)[:limit]
            nodes += [_node(each.unit, each) for each in former]
            nodes = sorted(nodes, key=attrgetter("code"))[:limit]
        return nodes

    # -- levels ------------------------------------------------------------------------

    def tops(self) -> list[Node]:
        """Where the reader's part of the tree begins."""
        if self.day is not None:
            mine = self._existing().order_by().filter(pk=OuterRef("parent"))
            return self.counted(self._nodes(Q(~Exists(mine)), AT_ONCE))
        if EVERYWHERE in self.paths:
            return self.counted(self._nodes(Q(parent=None), AT_ONCE))
        return self.counted(self._nodes(Q(path__in=topmost(self.paths))))

    def children_of(self, pk: int, start: int = 0) -> tuple[list[Node], int]:
        """The next children of a unit, and how many more there are."""
        nodes = self._nodes(Q(parent=pk), start + AT_ONCE + 1)[start:]
        n_more = 0
        if len(nodes) > AT_ONCE:
            n_more = self._counts([pk])[pk] - start - AT_ONCE
        return self.counted(nodes[:AT_ONCE]), n_more

    def counted(self, nodes: Iterable[Node]) -> list[Node]:
        """The same, each with the number of units right below it."""
        nodes = list(nodes)
        counts = self._counts([node.pk for node in nodes])
        return [replace(node, n_children=counts[node.pk]) for node in nodes]

    def _counts(self, parents: Collection[int]) -> Counter[int]:
        counts: Counter[int] = Counter()
        below: list[QuerySet[Any]] = [self._units()]
        if self.day is not None:
            below.append(self._former().select_related(None))
        for rows in below:
            pairs = rows.filter(parent__in=parents).order_by().values_list("parent")
            counts.update(dict(pairs.annotate(n=Count("pk"))))
        return counts

    # -- opening -----------------------------------------------------------------------

    def opened_to(self, pk: int | None) -> list[Node]:
        """The top levels, opened down to a unit; one top alone is open anyway."""
        tops = self.tops()
        way = self.way_to(pk) if pk else []
        if not way and len(tops) == 1:
            way = tops
        return [self._opened(node, way) for node in _with(tops, way[:1])]

    def _opened(self, node: Node, way: Sequence[Node]) -> Node:
        """With its children, if the way leads through it and further."""
        if not way or node.pk != way[0].pk or not node.n_children:
            return node
        children, n_more = self.children_of(node.pk)
        shown = _with(children, way[1:2])
        opened = [self._opened(child, way[1:]) for child in shown]
        n_more -= len(shown) - len(children)
        return replace(node, children=opened, n_more=n_more)

    def find(self, pk: int) -> Node | None:
        """This unit as it is on the day; None if there is none for this reader."""
        nodes = self._nodes_of([pk])
        return nodes[0] if nodes else None

    def _nodes_of(self, pks: Collection[int]) -> list[Node]:
        nodes = [_node(unit, unit) for unit in self._units().filter(pk__in=pks)]
        if self.day is not None:
            former = self._former().filter(unit__in=pks)
            nodes += [_node(each.unit, each) for each in former]
        return nodes

    def way_to(self, pk: int) -> list[Node]:
        """From a top down to the unit, each with its count."""
        way: list[Node] = []
        node = self.find(pk)
        while node is not None and node.pk not in {each.pk for each in way}:
            way.insert(0, node)
            node = self.find(node.parent_pk) if node.parent_pk else None
        return self.counted(way)

    # -- searching ---------------------------------------------------------------------

    def search(self, words: str) -> list[Hit]:
        """Units of the day by code, name or acronym, a few; exact ones come first."""
        units = _best_first(self._units(), words, "code")[:HITS]
        nodes = [_node(unit, unit) for unit in units]
        if self.day is None:
            return self._below_their_parents(units, nodes)
        former = _best_first(self._former(), words, "unit__code")[: HITS - len(nodes)]
        nodes += [_node(each.unit, each) for each in former]
        parents = {node.parent_pk for node in nodes if node.parent_pk}
        names = {n.pk: n.acronym or n.name for n in self._nodes_of(parents)}
        return [
            Hit(node, [names[pk]] if (pk := node.parent_pk) in names else [])
            for node in nodes
        ]

    def _below_their_parents(
        self, units: Iterable[UnitKerja], nodes: Iterable[Node]
    ) -> list[Hit]:
        """With the way down, as far as the reader may see it."""
        above = {unit.code: unit.path.split("/")[:-2] for unit in units}
        codes = {code for trail in above.values() for code in trail}
        mine = UnitKerja.objects.filter(under(self.paths, "path"), code__in=codes)
        names = {unit.code: str(unit) for unit in mine}
        return [
            Hit(node, [names[code] for code in above[node.code] if code in names])
            for node in nodes
        ]


def topmost(paths: Iterable[str]) -> list[str]:
    """Without those that lie below another one."""
    found: list[str] = []
    for path in sorted(paths):
        if not found or not path.startswith(found[-1]):
            found.append(path)
    return found


def _node(unit: UnitKerja, state: UnitKerja | FormerUnit) -> Node:
    return Node(
        pk=unit.pk,
        code=unit.code,
        name=state.name,
        acronym=state.acronym,
        level=state.level,
        parent_pk=state.parent_id,
    )


def _with(nodes: Sequence[Node], wanted: Sequence[Node]) -> list[Node]:
    """The nodes, and the wanted one even if it is not among the first."""
    missing = [each for each in wanted if each.pk not in {node.pk for node in nodes}]
    return sorted([*nodes, *missing], key=attrgetter("code"))


def _best_first(rows: QuerySet[Any], words: str, code: str) -> QuerySet[Any]:
    where = Q()
    for word in words.split():
        where &= (
            Q(name__icontains=word)
            | Q(acronym__icontains=word)
            | Q(**{f"{code}__istartswith": word})
        )
    exact = Q(**{f"{code}__iexact": words}) | Q(acronym__iexact=words)
    rank = Case(When(exact, then=0), When(name__istartswith=words, then=1), default=2)
    return rows.filter(where).order_by(rank, code)
