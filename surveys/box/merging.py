"""Sealing, first step: merge cells until each holds enough answers."""

from __future__ import annotations

from collections.abc import Mapping

from django.db import connection

from surveys.box.cells import Key, merge
from surveys.errors import SealingBroken
from surveys.fieldwork.frames import cell_code, ensure_groups
from surveys.models import Answer, Ballot, Cell, Wave

ANSWERS_PER_CELL = """
SELECT cell_id, count(*) FROM {table} WHERE wave_id = %s GROUP BY cell_id
"""

FOLLOW_HOME = """
UPDATE surveys_cell AS cell SET merged_into_id = home.merged_into_id
FROM surveys_cell AS home
WHERE cell.wave_id = %s AND home.id = cell.merged_into_id
  AND home.merged_into_id IS NOT NULL
"""
"""A home that has itself found a home since takes those it held with it."""

FOLLOW_MERGED_CELLS = """
UPDATE surveys_answer AS answer SET cell_id = cell.merged_into_id
FROM surveys_cell AS cell
WHERE answer.wave_id = %s AND cell.id = answer.cell_id
  AND cell.merged_into_id IS NOT NULL
"""


def merge_cells(wave: Wave, received: Mapping[int, int] | None = None) -> None:
    """Merge on, in the frozen order; ballots keep their cell, which leads further.

    ``received``: answers of each cell that stands for itself, where fewer are to be
    sealed than lie in the box. Ballots of a cell of nowhere are left to the next step.
    """
    cells = list(wave.cells.filter(merged_into=None).select_related("unit"))
    codes = list(wave.stratifiers.values_list("code", flat=True))
    received = _answers_per_cell(wave) if received is None else received
    if not wave.is_online and received.keys() - {cell.pk for cell in cells}:
        raise SealingBroken("Ada jawaban dengan sel yang tidak dikenal.")
    finest = {_key_of(cell, codes): cell for cell in cells}
    counts = {key: received.get(cell.pk, 0) for key, cell in finest.items()}
    _write_merging(wave, codes, finest, counts)
    with connection.cursor() as cursor:
        cursor.execute(FOLLOW_HOME, (wave.pk,))
        if not wave.is_online:
            cursor.execute(FOLLOW_MERGED_CELLS, (wave.pk,))


def _answers_per_cell(wave: Wave) -> dict[int, int]:
    table = (Ballot if wave.is_online else Answer)._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute(ANSWERS_PER_CELL.format(table=table), (wave.pk,))
        return dict(cursor.fetchall())


def _key_of(cell: Cell, codes: list[str]) -> Key:
    kept = tuple(cell.strata[code] for code in codes if code in cell.strata)
    return cell.unit.path, kept


def _write_merging(
    wave: Wave, codes: list[str], finest: dict[Key, Cell], counts: Mapping[Key, int]
) -> None:
    units = {unit.path: unit for unit in wave.units.all()}
    competing = [p for p, u in units.items() if u.level == wave.competing_level]
    merging = merge(counts, minimum=wave.min_cell, competing=competing)
    ensure_groups(wave=wave, merging=merging, units=units)
    homes = dict(finest)
    for key, cell in sorted(finest.items()):
        target = merging.cell_of[key]
        if target == key:
            continue
        if target not in homes:
            unit = units[target[0]]
            strata = dict(zip(codes, target[1], strict=False))
            code = cell_code(unit, target)
            homes[target] = Cell(wave=wave, unit=unit, strata=strata, code=code)
        _join(cell, homes[target])


def _join(cell: Cell, home: Cell) -> None:
    if cell.n_registered is not None:
        home.n_registered = (home.n_registered or 0) + cell.n_registered
    home.save()
    cell.merged_into = home
    cell.save(update_fields=("merged_into",))
