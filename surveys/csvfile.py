"""Reading a CSV file row by row: plain or gzip, commas or semicolons, UTF-8 only."""

from __future__ import annotations

import csv
import gzip
import io
import zlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, cast

from django.utils.translation import gettext as _

from surveys.problems import InputError, Problem

GZIP_MAGIC = b"\x1f\x8b"

Report = Callable[[Problem], object]
"""Takes one problem; ``list.append`` will do."""

Progress = Callable[[int], object]
"""Told now and then how many bytes of the file have been read."""

ROWS_PER_STEP = 500


@dataclass(frozen=True, slots=True)
class Row:
    """One data row: the line it starts on, and its stripped cells in header order."""

    line: int
    cells: Sequence[str]


class CsvFile:
    """An open CSV file: ``header`` is read, ``rows`` streams what follows."""

    def __init__(self, raw: IO[bytes], text: IO[str]) -> None:
        self._raw = raw
        lines = _lines(text)
        first = next(lines, "")
        self._delimiter = ";" if first.count(";") > first.count(",") else ","
        self.header = self._read_header(first)
        self.n_rows = 0
        """Rows met so far that are not blank."""
        self._index = {name: i for i, name in enumerate(self.header)}
        self._reader = csv.reader(lines, delimiter=self._delimiter, strict=True)

    def _read_header(self, first: str) -> list[str]:
        cells = next(csv.reader([first], delimiter=self._delimiter), [])
        header = [cell.strip() for cell in cells]
        if not any(header):
            raise InputError([Problem(_("judul kolom tidak ada"), 1)])
        twice = sorted({name for name in header if header.count(name) > 1})
        if twice:
            raise InputError([Problem(_("kolom ada dua kali"), 1, c) for c in twice])
        return header

    def __contains__(self, column: str) -> bool:
        return column in self._index

    def index(self, column: str) -> int:
        """Position of a column that ``require`` has seen."""
        return self._index[column]

    def require(self, columns: Sequence[str]) -> None:
        """Raise InputError naming each column that the header lacks."""
        missing = [c for c in columns if c not in self._index]
        if missing:
            raise InputError([Problem(_("kolom tidak ada"), 1, c) for c in missing])

    def rows(self, report: Report, progress: Progress | None = None) -> Iterator[Row]:
        """Each whole row that is not blank; others go to ``report``."""
        line = 2
        try:
            for n_rows, cells in enumerate(self._reader):
                if progress and n_rows % ROWS_PER_STEP == 0:
                    progress(self._raw.tell())
                stripped = list(map(str.strip, cells))
                if any(stripped):
                    self.n_rows += 1
                    if len(stripped) == len(self.header):
                        yield Row(line, stripped)
                    else:
                        report(self._wrong_width(line, len(stripped)))
                line = self._reader.line_num + 2
        except csv.Error as error:
            reason = _("tanda kutip tidak berpasangan atau sel terlalu panjang")
            raise InputError([Problem(reason, line)]) from error

    def _wrong_width(self, line: int, found: int) -> Problem:
        numbers = {"found": found, "expected": len(self.header)}
        reason = _("ada %(found)d kolom, seharusnya %(expected)d") % numbers
        return Problem(reason, line)


def _lines(text: IO[str]) -> Iterator[str]:
    """Lines of the file; what is not UTF-8 text is refused with a sentence."""
    try:
        for line in text:
            if "\0" in line:
                raise InputError(_("Berkas memuat karakter NUL; ini bukan berkas CSV."))
            yield line
    except UnicodeDecodeError as error:
        raise InputError(
            _("Berkas bukan UTF-8. Simpan ulang sebagai “CSV UTF-8”, lalu coba lagi.")
        ) from error
    except (EOFError, gzip.BadGzipFile, zlib.error) as error:
        raise InputError(_("Berkas gzip rusak atau terpotong.")) from error


@contextmanager
def open_csv(path: Path) -> Iterator[CsvFile]:
    """Open a CSV file, gzipped or not; it is closed at the end of the block."""
    with open_to_read(path) as raw:
        is_gzip = raw.read(2) == GZIP_MAGIC
        raw.seek(0)
        unpacked = cast(IO[bytes], gzip.GzipFile(fileobj=raw)) if is_gzip else raw
        with io.TextIOWrapper(unpacked, encoding="utf-8-sig", newline="") as text:
            yield CsvFile(raw, text)


def open_to_read(path: Path) -> IO[bytes]:
    """The file's bytes; a file that cannot be read is refused with a sentence."""
    try:
        return path.open("rb")
    except OSError as error:
        raise InputError(
            _("Berkas %(path)s tidak dapat dibaca.") % {"path": path}
        ) from error
