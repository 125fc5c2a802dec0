"""A file of units: which columns it has, and how a row becomes a unit."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from datetime import date, datetime
from pathlib import Path

from django.utils.translation import gettext as _

from surveys.files.csvfile import Progress, Report, Row, TableFile, open_table
from surveys.files.limits import is_code, longest
from surveys.files.problems import Problem
from surveys.models import UnitKerja

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
IN_INDONESIAN = {
    "kode": "code",
    "nama": "name",
    "singkatan": "acronym",
    "tingkat": "level",
    "kode_induk": "parent_code",
    "jenis": "kind",
    "berlaku_sejak": "valid_from",
    "berlaku_sampai": "valid_to",
}
REQUIRED = ("code", "name", "level", "valid_from")
TEXT_FIELDS = ("code", "name", "acronym", "level", "kind")
STATE_FIELDS = ("name", "acronym", "level", "kind", "parent_code")
"""What may differ from one period of a unit to the next."""

FORMULA_STARTS = "=+-@"


@dataclass(frozen=True)
class UnitRow:
    """One unit as the file or the database has it; ``line`` is 0 for the latter.

    One that is not ``is_whole`` has cells that cannot be read; only its code and its
    parent are to be relied on.
    """

    code: str
    name: str
    acronym: str
    level: str
    kind: str
    parent_code: str
    valid_from: date
    valid_to: date | None
    line: int = field(default=0, compare=False)
    is_whole: bool = field(default=True, compare=False, repr=False)

    def as_json(self) -> dict[str, str]:
        """Every column as text."""
        values = asdict(self)
        return {c: str(values[c]) if values[c] else "" for c in COLUMNS}


def row_of_json(values: dict[str, str]) -> UnitRow:
    """What ``UnitRow.as_json`` gave."""
    days = {
        c: date.fromisoformat(values[c]) if values[c] else None
        for c in ("valid_from", "valid_to")
    }
    return UnitRow(**{**values, **days})  # type: ignore[arg-type]  # the columns' types


def read_units(
    path: Path, report: Report, progress: Progress | None = None
) -> dict[str, UnitRow]:
    """Units of the file by code, faulty ones too; a code that comes twice is one."""
    rows: dict[str, UnitRow] = {}
    lines: dict[str, int] = {}
    with open_table(path) as file:
        file.rename({name: _known(name) for name in file.header})
        file.require(COLUMNS)
        for row in file.rows(report, progress):
            unit = _parse(file, row, report)
            code = row.cells[file.index("code")]
            if code in lines:
                reason = _("kode sudah ada di baris %(line)d") % {"line": lines[code]}
                report(Problem(reason, row.line, "code"))
            lines.setdefault(code, row.line)
            if unit:
                rows[code] = unit
    return rows


def _known(name: str) -> str:
    """``Kode Induk`` and ``kode_induk`` are ``parent_code``."""
    plain = "_".join(name.lower().split())
    return IN_INDONESIAN.get(plain, plain if plain in COLUMNS else name)


def _parse(file: TableFile, row: Row, report: Report) -> UnitRow | None:
    cells = {column: _plain(row.cells[file.index(column)]) for column in COLUMNS}
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
        faults["valid_to"] = _("lebih awal daripada awal berlakunya")
    for column, reason in faults.items():
        report(Problem(reason, row.line, column))
    if not cells["code"]:
        return None
    return UnitRow(
        **{field: cells[field] for field in (*TEXT_FIELDS, "parent_code")},
        valid_from=valid_from or date.min,
        valid_to=valid_to,
        line=row.line,
        is_whole=not faults,
    )


def _plain(cell: str) -> str:
    """One line of text, without the apostrophe that ``safe_cell`` put before it."""
    text = " ".join(cell.split())
    return text[1:] if text[:1] == "'" and text[1:2] in FORMULA_STARTS else text


def safe_cell(text: str) -> str:
    """The text as a spreadsheet will show it and never compute it."""
    return f"'{text}" if text[:1] and text[0] in FORMULA_STARTS else text


def _day(text: str, column: str, faults: dict[str, str]) -> date | None:
    if not text:
        return None
    try:
        return datetime.strptime(text, "%Y-%m-%d").date()  # noqa: DTZ007  # a day has no time zone
    except ValueError:
        faults[column] = _("tanggal harus berbentuk TTTT-BB-HH, misalnya 2026-01-31")
        return None


def table_of(rows: Iterator[UnitRow]) -> Iterator[tuple[str, ...]]:
    """A file's rows, heading first, as ``read_units`` takes them back."""
    yield COLUMNS
    for row in rows:
        values = row.as_json()
        yield tuple(safe_cell(values[column]) for column in COLUMNS)
