"""What an attacker reads: every row with its traces, every byte of the heap files."""

from __future__ import annotations

import json
import os
import re
import struct
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.db import connection

from berakhlak import embedded

Vector = tuple[int, ...]
"""An answer: the codes of one sheet."""

WIDTH = 9
"""Slots of the sheet that the simulated people fill in."""


@dataclass(frozen=True)
class Row:
    """A row of any table, with what PostgreSQL keeps beside it."""

    table: str
    place: tuple[int, int]
    xmin: int
    values: dict[str, Any]

    @property
    def answers(self) -> Vector | None:
        """The sheet in it, if it has one."""
        found = self.values.get("answers")
        is_sheet = isinstance(found, list) and len(found) == WIDTH
        return tuple(found or ()) if is_sheet else None


@dataclass(frozen=True)
class Remnant:
    """A sheet found in raw bytes: in a live row, a deleted one or a forgotten file."""

    file: str
    position: tuple[int, int]
    cell: int
    answers: Vector


@dataclass(frozen=True)
class View:
    """Everything one reader sees at one moment of one wave."""

    rows: Sequence[Row]
    remnants: Sequence[Remnant] = ()
    texts: Sequence[str] = ()
    homes: dict[int, int] = field(default_factory=dict)

    def of(self, table: str) -> list[Row]:
        return [row for row in self.rows if row.table == table]

    def home(self, cell: int) -> int:
        """The cell that a cell was merged into, or itself."""
        while cell in self.homes:
            cell = self.homes[cell]
        return cell


TABLES = """
SELECT format('SELECT %%L::text, ctid::text, xmin::text::bigint, to_jsonb(t)
               FROM %%s AS t WHERE coalesce((to_jsonb(t)->>''wave_id'')::bigint,
               %%s) = %%s', relname, oid::regclass, %(wave)s, %(wave)s)
FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace
  AND relname NOT LIKE 'django_%%' AND relname NOT LIKE 'auth_%%'
"""


def read_everything(wave: int, texts: Iterable[str] = ()) -> View:
    """Every table, transaction numbers and places included, and the files below."""
    with connection.cursor() as cursor:
        cursor.execute(TABLES, {"wave": wave})
        selects = [select for (select,) in cursor.fetchall()]
        cursor.execute(" UNION ALL ".join(selects))
        rows = [
            Row(table, _place(ctid), xmin, _values(values))
            for table, ctid, xmin, values in cursor.fetchall()
        ]
        cursor.execute("CHECKPOINT")
    merged = {
        row.values["id"]: row.values["merged_into_id"]
        for row in rows
        if row.table == "surveys_cell"
    }
    homes = {cell: home for cell, home in merged.items() if home}
    remnants = list(remnants_in(database_folder(), wave, merged))
    return View(rows, remnants, list(texts), homes)


def database_folder() -> Path:
    """Where the heap files of this database lie."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT oid::bigint FROM pg_database WHERE datname = current_database()"
        )
        return embedded.data_dir() / "postgres" / "base" / str(cursor.fetchone()[0])


def _place(ctid: str) -> tuple[int, int]:
    page, line = re.findall(r"\d+", ctid)
    return int(page), int(line)


def _values(values: Any) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(values) if isinstance(values, str) else values
    return found


PAGE = 8192
SHEET = struct.pack("<iiIii", 1, 0, 21, WIDTH, 1)
"""How an array of ``WIDTH`` smallints begins on disk."""

ROW_LENGTH = 400
"""Bytes of a ballot behind its sheet, at most: comment, keys, wave and cell."""


def remnants_in(folder: Path, wave: int, cells: Iterable[int]) -> Iterator[Remnant]:
    """Sheets in all files of a database, whether or not a table still knows them."""
    wanted = _wanted(wave, cells)
    for path in sorted(folder.iterdir()):
        with suppress(FileNotFoundError):  # another test run has just dropped it
            content = path.read_bytes()
            for start, cell, answers in _found_in(content, wanted):
                # A page is filled from its end towards its beginning.
                position = (start // PAGE, -start)
                yield Remnant(path.name, position, cell, answers)


LOG_PAGE = struct.Struct("<HHIQ")
"""How a page of the write-ahead log begins: the flags second, its address last."""


def heap_files() -> Iterator[bytes]:
    """The bytes of every file of this database, whether a table knows it or not."""
    with connection.cursor() as cursor:
        cursor.execute("CHECKPOINT")
    for path in sorted(database_folder().iterdir()):
        with suppress(FileNotFoundError):  # another test run has just dropped it
            yield path.read_bytes()


def log_since(moment: float) -> bytes:
    """The write-ahead log written since, kept or put aside for new use."""
    pages: list[tuple[int, bytes]] = []
    for path in (embedded.data_dir() / "postgres" / "pg_wal").iterdir():
        if path.is_file() and path.stat().st_mtime >= moment:
            content = path.read_bytes()
            for start in range(0, len(content), PAGE):
                _magic, flags, _line, address = LOG_PAGE.unpack_from(content, start)
                head = 40 if flags & 2 else 24
                pages.append((address, content[start + head : start + PAGE]))
    return b"".join(page for address, page in sorted(pages) if address)


def _wanted(wave: int, cells: Iterable[int]) -> dict[bytes, int]:
    """Wave and cell side by side, whichever column comes first."""
    wanted: dict[bytes, int] = {}
    for cell in cells:
        wanted[struct.pack("<qq", wave, cell)] = cell
        wanted[struct.pack("<qq", cell, wave)] = cell
    return wanted


def _found_in(
    content: bytes, wanted: dict[bytes, int]
) -> Iterator[tuple[int, int, Vector]]:
    for start in _sheets_in(content):
        cell = _cell_around(content, start, wanted)
        if cell is not None:
            answers = struct.unpack_from(f"<{WIDTH}h", content, start + len(SHEET))
            yield start, cell, answers


def _sheets_in(content: bytes) -> Iterator[int]:
    start = content.find(SHEET)
    while start >= 0 and start + len(SHEET) + 2 * WIDTH <= len(content):
        yield start
        start = content.find(SHEET, start + 1)


def _cell_around(content: bytes, start: int, wanted: dict[bytes, int]) -> int | None:
    """Wave and cell stand side by side right before the sheet, or else behind it."""
    before = content[max(0, start - 17) : start]
    behind = content[start : start + ROW_LENGTH]
    for part in (before, behind):
        found = [(part.find(key), wanted[key]) for key in wanted if key in part]
        if found:
            return min(found)[1]
    return None


def can_read_files() -> bool:
    """The heap files belong to the engines' account; root and that account read."""
    return os.access(embedded.data_dir() / "postgres" / "base", os.R_OK | os.X_OK)
