"""Freeze what a wave is measured against: its tree, its cells and its frame."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from django.db import transaction
from django.utils.translation import gettext as _

from surveys.cells import Key, Merging, merge, parent_of
from surveys.models import Cell, Frame, Stratifier, UnitKerja, Wave, WaveUnit


@transaction.atomic
def freeze_tree(*, wave: Wave) -> dict[str, WaveUnit]:
    """Copy the units of the reference date; returns them by path."""
    frozen: dict[str, WaveUnit] = {}
    units = UnitKerja.objects.in_subtree(wave.root).on(wave.reference_date)
    above = wave.root.path[: -len(wave.root.code) - 1]
    for unit in units.order_by("path"):
        path = unit.path.removeprefix(above)
        frozen[path] = WaveUnit.objects.create(
            wave=wave,
            unit=unit,
            code=unit.code,
            name=unit.name,
            acronym=unit.acronym,
            level=unit.level,
            kind=unit.kind,
            parent=frozen.get(parent_of(path)),
            path=path,
        )
    return frozen


@transaction.atomic
def build_cells(*, wave: Wave, people: Mapping[Key, int], known: bool) -> Merging:
    """Merge the finest groups and write the wave's cells and frame.

    ``people`` counts them by path and categories: people of the register, or, where
    ``known`` is False, answers (the frame's numbers then stay empty).
    """
    units = {unit.path: unit for unit in wave.units.all()}
    competing = [p for p, u in units.items() if u.level == wave.competing_level]
    merging = merge(people, minimum=wave.min_cell, competing=competing)
    ensure_groups(wave=wave, merging=merging, units=units)
    codes = list(wave.stratifiers.values_list("code", flat=True))
    counts = merging.counts(people)
    cells = {
        key: Cell(
            wave=wave,
            code=cell_code(units[key[0]], key),
            unit=units[key[0]],
            strata=dict(zip(codes, key[1], strict=False)),
            n_registered=n if known else None,
        )
        for key, n in sorted(counts.items())
    }
    Cell.objects.bulk_create(cells.values(), batch_size=5000)
    Frame.objects.bulk_create(
        (
            Frame(
                wave=wave,
                unit=units[key[0]],
                strata=dict(zip(codes, key[1], strict=True)),
                cell=cells[merging.cell_of[key]],
                n=n if known else None,
            )
            for key, n in sorted(people.items())
        ),
        batch_size=5000,
    )
    return merging


def ensure_groups(*, wave: Wave, merging: Merging, units: dict[str, WaveUnit]) -> None:
    """Create the sibling groups a merging names, and point their members at them."""
    targets = {path for path, _strata in merging.cell_of.values()}
    for path in sorted(targets - units.keys()):
        parent = units[parent_of(path)]
        units[path] = WaveUnit.objects.create(
            wave=wave,
            code=f"{parent.code}+",
            name=_("Unit kecil di %(parent)s, digabung") % {"parent": parent},
            level=_level_below(parent, units.values()),
            kind=parent.kind,
            parent=parent,
            path=path,
            is_group=True,
        )
    for member, group in merging.group_of.items():
        unit = units[member]
        if unit.group_id != units[group].id:
            unit.group = units[group]
            unit.save(update_fields=("group",))


def _level_below(parent: WaveUnit, units: Iterable[WaveUnit]) -> str:
    children = [u.level for u in units if u.parent_id == parent.id and not u.is_group]
    return children[0] if children else parent.level


def cell_code(unit: WaveUnit, key: Key) -> str:
    """Published name of a cell, e.g. ``03.02|F|III``."""
    return "|".join((unit.code, *key[1]))


def too_small(*, wave: Wave) -> list[Cell]:
    """Cells that no merging could bring up to the wave's minimum."""
    return list(
        wave.cells.filter(n_registered__lt=wave.min_cell).select_related("unit")
    )


def strata_key(
    stratifiers: Iterable[Stratifier], strata: Mapping[str, str]
) -> tuple[str, ...]:
    """Categories in the order in which they are kept."""
    return tuple(strata[s.code] for s in stratifiers)
