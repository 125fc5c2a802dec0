"""The first sheet of an XLSX workbook as rows of text.

Dates become ISO days, whole numbers lose their ``.0``, formulas give the value that
Excel has computed last. Nothing of the workbook is executed.
"""

from __future__ import annotations

import re
import zipfile
import zlib
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime, time
from typing import IO

from django.utils.translation import gettext as _
from python_calamine import CalamineError, CalamineSheet, load_workbook

from surveys.files.problems import InputError

ZIP = b"PK\x03\x04"
OLD_EXCEL = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
MOST_PACKED = 50_000_000
MOST_UNPACKED = 1_500_000_000
MOST_ROWS = 1_000_000
MOST_IN_A_FORM = 50_000_000
"""Unpacked bytes of a workbook that is read as a whole, while somebody waits."""

MOST_CELLS = 30_000_000
"""A sheet is held as a rectangle, with a place for each empty cell."""
CHUNK = 1 << 20
PLACE = re.compile(rb"""\sr=["']([A-Z]{0,3})([0-9]{1,7})["']""")
LONGEST_PLACE = 16
"""Bytes of a place at most, which two chunks may share."""

Record = tuple[int, Sequence[str]]
"""Line number as Excel shows it, and the cells as text."""

EXACT_BELOW = 10**15
"""Excel keeps fifteen digits; a longer number has become another one."""

LOST_DIGITS = "\0"
"""Stands in a cell whose number is too long to have survived."""


class Sheet:
    """An open sheet; the library holds it in memory, rows are handed out one by one."""

    def __init__(self, sheet: CalamineSheet, size: int) -> None:
        self._sheet, self._size = sheet, size
        self._n_read = 0

    def n_bytes(self) -> int:
        """How far we are, as a part of the file's size."""
        return self._size * self._n_read // max(1, self._sheet.height)

    def records(self) -> Iterator[tuple[int, Sequence[str]]]:
        """Line number as Excel shows it, and the cells as text."""
        first = self._sheet.start[0] if self._sheet.start else 0
        for line, cells in enumerate(self._sheet.iter_rows(), first + 1):
            self._n_read += 1
            yield line, [_text(cell) for cell in cells]


def _text(cell: object) -> str:
    if isinstance(cell, str):
        return cell.replace(LOST_DIGITS, "")
    if isinstance(cell, bool):
        return str(cell).upper()
    if isinstance(cell, int | float):
        return _number(cell)
    if isinstance(cell, datetime):
        is_day = cell.time() == time()
        return cell.date().isoformat() if is_day else cell.isoformat(" ", "seconds")
    return cell.isoformat() if isinstance(cell, date | time) else str(cell)


def _number(number: float) -> str:
    if abs(number) >= EXACT_BELOW:
        return LOST_DIGITS
    return str(int(number)) if number == int(number) else repr(number)


@contextmanager
def open_sheet(raw: IO[bytes]) -> Iterator[Sheet]:
    """The first sheet; no workbook, or too large a one, is refused with a sentence."""
    size = raw.seek(0, 2)
    _demand_workbook(raw, size, MOST_UNPACKED)
    raw.seek(0)
    try:
        workbook = load_workbook(raw)
        with workbook:
            sheet = workbook.get_sheet_by_index(0)
            if sheet.height > MOST_ROWS + 1:
                raise InputError(
                    _(
                        "Lembar Excel ini lebih dari satu juta baris. Simpan sebagai"
                        " CSV UTF-8, lalu unggah CSV itu."
                    )
                )
            yield Sheet(sheet, size)
    except CalamineError as error:
        raise InputError(_damaged()) from error


def read_sheets(raw: IO[bytes], names: Collection[str]) -> dict[str, list[Record]]:
    """Those sheets of a small workbook that have one of these names, as text."""
    size = raw.seek(0, 2)
    _demand_workbook(raw, size, MOST_IN_A_FORM)
    raw.seek(0)
    try:
        with load_workbook(raw) as workbook:
            return {
                name: list(Sheet(workbook.get_sheet_by_name(name), size).records())
                for name in workbook.sheet_names
                if name in names
            }
    except CalamineError as error:
        raise InputError(_damaged()) from error


def _demand_workbook(raw: IO[bytes], size: int, most: int) -> None:
    raw.seek(0)
    if raw.read(len(OLD_EXCEL)) == OLD_EXCEL:
        raise InputError(
            _(
                "Berkas ini Excel lama (.xls) atau bersandi. Simpan sebagai .xlsx"
                " tanpa sandi, lalu coba lagi."
            )
        )
    try:
        with zipfile.ZipFile(raw) as packed:
            unpacked = sum(entry.file_size for entry in packed.infolist())
            if "xl/workbook.xml" not in packed.namelist():
                raise InputError(
                    _("Berkas ini bukan .xlsx. Simpan ulang sebagai .xlsx.")
                )
            if size > MOST_PACKED or unpacked > most:
                raise InputError(
                    _(
                        "Berkas Excel ini terlalu besar (paling banyak 50 MB). Simpan"
                        " sebagai CSV UTF-8, lalu unggah CSV itu."
                    )
                )
            _demand_narrow(packed)
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError) as error:
        raise InputError(_damaged()) from error


def _demand_narrow(packed: zipfile.ZipFile) -> None:
    """A cell far out makes the library hold every empty one before it.

    Whatever an entry says of its size, no more of it is read here; a sum that is then
    wrong makes a BadZipFile.
    """
    for entry in packed.infolist():
        n_rows, column = 0, b"A"
        with packed.open(entry) as part:
            rest = b""
            while chunk := part.read(CHUNK):
                rows, columns = _extent(rest + chunk)
                n_rows, column = max(n_rows, rows), max(column, columns, key=_place)
                rest = chunk[-LONGEST_PLACE:]
        if n_rows * _place(column) > MOST_CELLS:
            raise InputError(
                _(
                    "Ada sel yang jauh di luar tabel (sampai kolom %(column)s, baris"
                    " %(row)d). Hapus kolom dan baris kosong itu, atau simpan sebagai"
                    " CSV UTF-8."
                )
                % {"column": column.decode(), "row": n_rows}
            )


def _extent(xml: bytes) -> tuple[int, bytes]:
    """The lowest row and the outermost column that a stretch of a sheet names."""
    places = PLACE.findall(xml)
    n_rows = max((int(row) for _column, row in places), default=0)
    return n_rows, max({column for column, _row in places}, key=_place, default=b"A")


def _place(column: bytes) -> int:
    """``b"A"`` is 1, ``b"XFD"`` 16,384."""
    place = 0
    for letter in column:
        place = 26 * place + letter - ord("A") + 1
    return place


def _damaged() -> str:
    return _(
        "Berkas Excel ini rusak atau terpotong. Buka dan simpan ulang, lalu unggah"
        " lagi sampai selesai."
    )
