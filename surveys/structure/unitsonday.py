"""A whole part of the tree as it was on a day: what a wave freezes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from surveys.models import FormerUnit, UnitKerja


@dataclass(frozen=True)
class UnitOnDay:
    """A unit as it was called and where it stood; ``path`` begins with the root."""

    unit: UnitKerja
    name: str
    acronym: str
    level: str
    kind: str
    path: str
    parent_path: str


def units_on(*, root: UnitKerja, day: date) -> list[UnitOnDay]:
    """The root and what stood below it on the day, in order of path.

    Units that came below it later are not among them; those that have left since are.
    """
    former = {
        each.unit_id: each
        for each in FormerUnit.objects.filter(valid_from__lte=day, valid_to__gte=day)
    }
    units = UnitKerja.objects.on(day).order_by("code")
    if not former:
        units = units.in_subtree(root)
    children: dict[int | None, list[UnitKerja]] = defaultdict(list)
    top = None
    for unit in units.iterator():
        if unit.pk == root.pk:
            top = unit
        state = former.get(unit.pk, unit)
        children[state.parent_id].append(unit)
    found = _below(top, "", former, children) if top else iter(())
    return sorted(found, key=lambda each: each.path)


def _below(
    top: UnitKerja,
    above: str,
    former: dict[int, FormerUnit],
    children: dict[int | None, list[UnitKerja]],
) -> Iterator[UnitOnDay]:
    waiting = [(top, above)]
    for unit, parent_path in waiting:
        state = former.get(unit.pk, unit)
        path = f"{parent_path}{unit.code}/"
        yield UnitOnDay(
            unit=unit,
            name=state.name,
            acronym=state.acronym,
            level=state.level,
            kind=state.kind,
            path=path,
            parent_path=parent_path,
        )
        waiting.extend((child, path) for child in children[unit.pk])
