"""Reading a table row by row, from CSV (plain or gzip) or XLSX alike.

CSV has to be UTF-8, with or without a byte-order mark; commas, semicolons or tabs are
found out. Of a workbook the first sheet is read: see ``surveys.files.xlsxfile``.
"""

from __future__ import annotations

import csv
import gzip
import io
import zlib
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, cast

from django.utils.translation import gettext as _

from surveys.files import xlsxfile
from surveys.files.problems import InputError, Problem

GZIP_MAGIC = b"\x1f\x8b"
UTF_16 = (b"\xff\xfe", b"\xfe\xff")
CONTROLS = frozenset(range(32)) - frozenset(b"\t\n\v\f\r\x1a")
"""Bytes that no text has; the last one ends the files of old programs."""

LOOKED_AT = 1024
"""So many first bytes tell what sort of file it is."""

DELIMITERS = ",;\t"
MOST_COLUMNS = 500
LONGEST_LINE = 1_000_000
MOST_UNPACKED = 5_000_000_000
"""Letters of a file, however small it was packed."""


Report = Callable[[Problem], object]
"""Takes one problem; ``list.append`` will do."""

Progress = Callable[[int], object]
"""Told now and then how many bytes of the file have been read."""

Record = tuple[int, Sequence[str]]
"""The line a row starts on, and its cells."""

ROWS_PER_STEP = 500


@dataclass(frozen=True, slots=True)
class Row:
    """One data row: the line it starts on, and its stripped cells in header order."""

    line: int
    cells: Sequence[str]


class TableFile:
    """An open table: ``header`` is read, ``rows`` streams what follows."""

    def __init__(self, records: Iterator[Record], n_bytes: Callable[[], int]) -> None:
        self._records, self._n_bytes = records, n_bytes
        self.header = self._own = _header(*next(records, (1, ())))
        self.n_rows = 0
        """Rows met so far that are not blank."""
        self._index = {name: i for i, name in enumerate(self.header)}

    def __contains__(self, column: str) -> bool:
        return column in self._index

    def index(self, column: str) -> int:
        """Position of a column that ``require`` has seen."""
        return self._index[column]

    def rename(self, names: dict[str, str]) -> None:
        """Call columns by other names from here on; the first of two keeps it."""
        header: list[str] = []
        for column in self.header:
            name = names.get(column, column)
            header.append(column if name in header else name)
        self.header = header
        self._index = {name: i for i, name in enumerate(header)}

    def called(self, column: str) -> str:
        """What the file itself calls a column."""
        return self._own[self._index[column]] if column in self._index else column

    def require(self, columns: Sequence[str]) -> None:
        """Raise InputError naming each column that the header lacks."""
        missing = [c for c in columns if c not in self._index]
        if missing:
            raise InputError([Problem(_("kolom tidak ada"), 1, c) for c in missing])

    def rows(self, report: Report, progress: Progress | None = None) -> Iterator[Row]:
        """Each whole row that is not blank; others go to ``report``."""
        width = len(self.header)
        for n_read, (line, cells) in enumerate(self._records):
            if progress and n_read % ROWS_PER_STEP == 0:
                progress(self._n_bytes())
            stripped = list(map(str.strip, cells))
            if not any(stripped):
                continue
            self.n_rows += 1
            while len(stripped) > width and not stripped[-1]:
                del stripped[-1]
            if len(stripped) != width:
                report(self._wrong_width(line, len(stripped)))
            elif xlsxfile.LOST_DIGITS in stripped:
                report(self._lost_digits(line, stripped))
            else:
                yield Row(line, stripped)

    def _wrong_width(self, line: int, found: int) -> Problem:
        numbers = {"found": found, "expected": len(self.header)}
        reason = _("ada %(found)d kolom, seharusnya %(expected)d") % numbers
        return Problem(reason, line)

    def _lost_digits(self, line: int, cells: Sequence[str]) -> Problem:
        reason = _(
            "angka sepanjang ini kehilangan digit di Excel; ubah kolomnya menjadi"
            " format Teks, lalu isi ulang"
        )
        column = self._own[cells.index(xlsxfile.LOST_DIGITS)]
        return Problem(reason, line, column)


def _header(line: int, cells: Sequence[str]) -> list[str]:
    """Names of the columns; empty ones at the end are none."""
    header = [cell.strip() for cell in cells]
    while header and not header[-1]:
        del header[-1]
    if not header:
        raise InputError([Problem(_("judul kolom tidak ada"), line)])
    if len(header) > MOST_COLUMNS:
        reason = _("lebih dari %(n)d kolom") % {"n": MOST_COLUMNS}
        raise InputError([Problem(reason, line)])
    twice = sorted(name for name, n in Counter(header).items() if n > 1)
    if twice:
        raise InputError([Problem(_("kolom ada dua kali"), line, c) for c in twice])
    return header


def _csv_records(text: IO[str]) -> Iterator[Record]:
    lines = _lines(text)
    first = next(lines, "")
    delimiter = max(DELIMITERS, key=first.count)
    yield 1, next(csv.reader([first], delimiter=delimiter), [])
    reader = csv.reader(lines, delimiter=delimiter, strict=True)
    line = 2
    try:
        for cells in reader:
            yield line, cells
            line = reader.line_num + 2
    except csv.Error as error:
        reason = _("tanda kutip tidak berpasangan atau sel terlalu panjang")
        raise InputError([Problem(reason, line)]) from error


def _lines(text: IO[str]) -> Iterator[str]:
    """Lines of the file; what is not UTF-8 text is refused with a sentence."""
    n_read = 0
    try:
        while line := text.readline(LONGEST_LINE):
            n_read += len(line)
            if "\0" in line:
                raise InputError(_("Berkas memuat karakter NUL; ini bukan berkas CSV."))
            if len(line) == LONGEST_LINE or n_read > MOST_UNPACKED:
                raise InputError(
                    _("Berkas terlalu besar, atau barisnya terlalu panjang.")
                )
            yield line
    except UnicodeDecodeError as error:
        raise InputError(
            _("Berkas bukan UTF-8. Simpan ulang sebagai “CSV UTF-8”, lalu coba lagi.")
        ) from error
    except (EOFError, gzip.BadGzipFile, zlib.error) as error:
        raise InputError(_("Berkas gzip rusak atau terpotong.")) from error


def may_be_table(start: bytes) -> bool:
    """Whether a file that begins so can be a table: no PDF, and no picture.

    Text in whatever encoding is let through: what is wrong with it is told later.

    >>> may_be_table(b"NIP;Nama"), may_be_table(b"%PDF-1.7"), may_be_table(b"RIFF\\0")
    (True, False, False)
    """
    if start.startswith((xlsxfile.ZIP, xlsxfile.OLD_EXCEL, GZIP_MAGIC, *UTF_16)):
        return True
    return not start.startswith(b"%PDF") and not CONTROLS.intersection(start)


@contextmanager
def open_table(path: Path) -> Iterator[TableFile]:
    """Open CSV, gzipped CSV or XLSX, told apart by content, not by name."""
    with open_to_read(path) as raw:
        start = raw.read(len(xlsxfile.OLD_EXCEL))
        raw.seek(0)
        if start.startswith((xlsxfile.ZIP, xlsxfile.OLD_EXCEL)):
            with xlsxfile.open_sheet(raw) as sheet:
                yield TableFile(sheet.records(), sheet.n_bytes)
            return
        is_gzip = start.startswith(GZIP_MAGIC)
        unpacked = cast(IO[bytes], gzip.GzipFile(fileobj=raw)) if is_gzip else raw
        with io.TextIOWrapper(unpacked, encoding="utf-8-sig", newline="") as text:
            yield TableFile(_csv_records(text), raw.tell)


def open_to_read(path: Path) -> IO[bytes]:
    """The file's bytes; a file that cannot be read is refused with a sentence."""
    try:
        return path.open("rb")
    except OSError as error:
        raise InputError(
            _("Berkas %(path)s tidak dapat dibaca.") % {"path": path}
        ) from error
