"""Freeze what a wave is measured against: its tree, its cells and its frame."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping

from django.db import connection, transaction
from django.db.models import Count
from django.utils.translation import gettext as _

from surveys.box.cells import Key, Merging, merge, parent_of
from surveys.errors import SurveyError
from surveys.models import (
    BatchUnit,
    Cell,
    Frame,
    Participant,
    Stratifier,
    Wave,
    WaveUnit,
)
from surveys.structure.unitsonday import units_on

ATTACH_CELLS = """
UPDATE surveys_participant AS person
SET cell_id = frame.cell_id
FROM surveys_frame AS frame
JOIN surveys_waveunit AS unit ON unit.id = frame.unit_id
WHERE person.wave_id = %(wave)s AND frame.wave_id = %(wave)s
  AND unit.unit_id = person.unit_id AND frame.strata = person.strata
"""


@transaction.atomic
def freeze_tree(*, wave: Wave) -> dict[str, WaveUnit]:
    """Copy the units of the reference date; returns them by path."""
    frozen = planned_tree(wave)
    tops = dict(BatchUnit.objects.filter(wave=wave).values_list("unit", "batch"))
    levels: dict[int, list[WaveUnit]] = defaultdict(list)
    for path, unit in frozen.items():
        levels[unit.depth].append(unit)
        above = frozen.get(parent_of(path))
        inherited = above.batch_id if above else None
        unit.batch_id = tops.get(unit.unit_id or 0) or inherited
    for depth in sorted(levels):
        for unit in levels[depth]:
            unit.parent = frozen.get(parent_of(unit.path))
        WaveUnit.objects.bulk_create(levels[depth], batch_size=5000)
    return frozen


def planned_tree(wave: Wave) -> dict[str, WaveUnit]:
    """What ``freeze_tree`` would write, by path, parents first; nothing is written."""
    planned = (
        WaveUnit(
            wave=wave,
            unit=each.unit,
            code=each.unit.code,
            name=each.name,
            acronym=each.acronym,
            level=each.level,
            kind=each.kind,
            path=each.path,
        )
        for each in units_on(root=wave.root, day=wave.reference_date)
    )
    return {unit.path: unit for unit in planned}


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
            name=group_name(parent),
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


def group_name(parent: WaveUnit) -> str:
    """What the group of small siblings below this unit is called."""
    return _("Unit kecil di %(parent)s, digabung") % {"parent": parent}


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


def freeze_register(wave: Wave) -> None:
    """Cells and frame of the people registered now, each of whom gets their cell."""
    frozen = wave.units.values_list("unit_id", "path")
    people = registered_people(wave, {unit or 0: path for unit, path in frozen})
    if not people:
        raise SurveyError(_("Daftar pegawai gelombang ini masih kosong."))
    build_cells(wave=wave, people=people, known=True)
    with connection.cursor() as cursor:
        cursor.execute(ATTACH_CELLS, {"wave": wave.pk})
    small = too_small(wave=wave)
    if small:
        names = ", ".join(f"{cell.unit} ({cell.n_registered})" for cell in small[:5])
        raise SurveyError(
            _("Kelompok di bawah %(least)d pegawai tidak dapat digabung: %(names)s.")
            % {"least": wave.min_cell, "names": names}
        )


def registered_people(wave: Wave, paths: Mapping[int, str]) -> dict[Key, int]:
    """People of the register by unit path and categories, leavers left out.

    ``paths`` leads from the live units to those of the wave's tree.
    """
    stratifiers = list(wave.stratifiers.all())
    rows = (
        Participant.objects.filter(wave=wave, has_left=False)
        .values_list("unit_id", "strata")
        .annotate(n=Count("pk"))
        .order_by()
    )
    people: dict[Key, int] = {}
    for unit_id, strata, n in rows:
        if unit_id not in paths:
            raise SurveyError(
                _("%(n)d pegawai tercatat di unit di luar pohon gelombang.") % {"n": n}
            )
        people[paths[unit_id], strata_key(stratifiers, strata)] = n
    return people
