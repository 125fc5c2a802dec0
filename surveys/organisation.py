"""Load the dated tree of units. Codes identify; parents may come later in the file."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import groupby
from pathlib import Path

from django.db import transaction
from django.utils.translation import gettext as _

from surveys.csvfile import CsvFile, Report, Row, open_csv
from surveys.limits import is_code, longest
from surveys.models import UnitKerja
from surveys.problems import InputError, Problem, demand_none

COLUMNS = (
    "code",
    "name",
    "acronym",
    "level",
    "parent_code",
    "kind",
    "valid_from",
    "valid_to",
)
REQUIRED = ("code", "name", "level", "valid_from")
TEXT_FIELDS = ("code", "name", "acronym", "level", "kind")
BATCH = 2000


@dataclass(frozen=True)
class Loaded:
    """How many rows were new, different from before, or the same."""

    n_added: int = 0
    n_changed: int = 0
    n_unchanged: int = 0


@dataclass(frozen=True)
class UnitRow:
    """One unit as the file or the database has it; ``line`` is 0 for the latter."""

    code: str
    name: str
    acronym: str
    level: str
    kind: str
    parent_code: str
    valid_from: date
    valid_to: date | None
    line: int = field(default=0, compare=False)


@transaction.atomic
def load_units(*, path: Path) -> Loaded:
    """Add units and update those whose code is known; InputError writes nothing.

    Moving a unit rewrites the paths of everything below it.
    """
    problems: list[Problem] = []
    rows = _read(path, problems.append)
    if not (rows or problems):
        raise InputError(_("Tidak ada satu unit pun di berkas ini."))
    known = {u.code: u for u in UnitKerja.objects.select_for_update()}
    codes = {u.pk: u.code for u in known.values()}
    before = {c: _row_of(u, codes) for c, u in known.items()}
    tree = {**before, **rows}
    for row in rows.values():
        if row.parent_code and row.parent_code not in tree:
            reason = _("induk tidak ada dalam berkas maupun pangkalan data")
            problems.append(Problem(reason, row.line, "parent_code"))
    demand_none(problems)
    paths = paths_of(tree, problems.append)
    demand_none(problems)
    changed = [c for c in rows.keys() & before.keys() if rows[c] != before[c]]
    _write(tree, paths, known, changed)
    n_added = len(rows.keys() - before.keys())
    return Loaded(n_added, len(changed), len(rows) - n_added - len(changed))


def _read(path: Path, report: Report) -> dict[str, UnitRow]:
    rows: dict[str, UnitRow] = {}
    lines: dict[str, int] = {}
    with open_csv(path) as file:
        file.require(COLUMNS)
        for row in file.rows(report):
            unit = _parse(file, row, report)
            code = row.cells[file.index("code")]
            if code in lines:
                reason = _("kode sudah ada di baris %(line)d") % {"line": lines[code]}
                report(Problem(reason, row.line, "code"))
            lines.setdefault(code, row.line)
            if unit:
                rows[code] = unit
    return rows


def _parse(file: CsvFile, row: Row, report: Report) -> UnitRow | None:
    cells = {column: row.cells[file.index(column)] for column in COLUMNS}
    faults = {c: _("tidak boleh kosong") for c in REQUIRED if not cells[c]}
    if cells["code"] and not is_code(cells["code"]):
        faults["code"] = _("kode hanya boleh memuat huruf, angka, . _ -")
    for column in TEXT_FIELDS:
        most = longest(UnitKerja, column)
        if len(cells[column]) > most:
            faults[column] = _("lebih dari %(n)d karakter") % {"n": most}
    valid_from = _day(cells["valid_from"], "valid_from", faults)
    valid_to = _day(cells["valid_to"], "valid_to", faults)
    if valid_from and valid_to and valid_to < valid_from:
        faults["valid_to"] = _("lebih awal daripada valid_from")
    for column, reason in faults.items():
        report(Problem(reason, row.line, column))
    if faults or valid_from is None:
        return None
    texts = {field: cells[field] for field in (*TEXT_FIELDS, "parent_code")}
    return UnitRow(**texts, valid_from=valid_from, valid_to=valid_to, line=row.line)


def _day(text: str, column: str, faults: dict[str, str]) -> date | None:
    if not text:
        return None
    try:
        return datetime.strptime(text, "%Y-%m-%d").date()  # noqa: DTZ007  # a day has no time zone
    except ValueError:
        faults[column] = _("tanggal harus berbentuk TTTT-BB-HH, misalnya 2026-01-31")
        return None


def _row_of(unit: UnitKerja, codes: Mapping[int, str]) -> UnitRow:
    return UnitRow(
        code=unit.code,
        name=unit.name,
        acronym=unit.acronym,
        level=unit.level,
        kind=unit.kind,
        parent_code=codes[unit.parent_id] if unit.parent_id else "",
        valid_from=unit.valid_from,
        valid_to=unit.valid_to,
    )


def paths_of(tree: Mapping[str, UnitRow], report: Report) -> dict[str, str]:
    """Path of each unit, parents first; units in a circle are reported instead."""
    children: dict[str, list[str]] = defaultdict(list)
    for code in sorted(tree):
        children[tree[code].parent_code].append(code)
    most = longest(UnitKerja, "path")
    paths: dict[str, str] = {"": ""}
    waiting = [""]
    for parent in waiting:
        for code in children[parent]:
            paths[code] = f"{paths[parent]}{code}/"
            waiting.append(code)
            if len(paths[code]) > most:
                reason = _("pohon terlalu dalam untuk unit ini")
                report(Problem(reason, tree[code].line, "parent_code"))
    for code in tree.keys() - paths.keys():
        if tree[code].line and code in _ancestors(tree, code):
            reason = _("unit ini menjadi induk dari induknya sendiri")
            report(Problem(reason, tree[code].line, "parent_code"))
    del paths[""]
    return paths


def _ancestors(tree: Mapping[str, UnitRow], code: str) -> set[str]:
    seen: set[str] = set()
    above = tree[code].parent_code
    while above and above not in seen:
        seen.add(above)
        above = tree[above].parent_code
    return seen


def _write(
    tree: Mapping[str, UnitRow],
    paths: Mapping[str, str],
    known: dict[str, UnitKerja],
    changed: Iterable[str],
) -> None:
    """Insert level by level, so that each parent has its key; then update."""
    moved = [c for c, unit in known.items() if unit.path != paths[c]]
    fresh = sorted(paths.keys() - known.keys(), key=lambda c: paths[c].count("/"))
    for _depth, codes in groupby(fresh, key=lambda c: paths[c].count("/")):
        units = [_fill(UnitKerja(), tree[c], paths[c], known) for c in codes]
        for unit in UnitKerja.objects.bulk_create(units, batch_size=BATCH):
            known[unit.code] = unit
    UnitKerja.objects.bulk_update(
        [_fill(known[c], tree[c], paths[c], known) for c in sorted({*changed, *moved})],
        (*TEXT_FIELDS, "parent", "path", "valid_from", "valid_to"),
        batch_size=BATCH,
    )


def _fill(
    unit: UnitKerja, row: UnitRow, path: str, known: Mapping[str, UnitKerja]
) -> UnitKerja:
    for name in (*TEXT_FIELDS, "valid_from", "valid_to"):
        setattr(unit, name, getattr(row, name))
    unit.parent = known[row.parent_code] if row.parent_code else None
    unit.path = path
    return unit
