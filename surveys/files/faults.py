"""What is wrong with the rows of a file: counted, and written down as it is found."""

from __future__ import annotations

import csv
import io
from array import array
from bisect import insort
from collections.abc import Iterable
from operator import attrgetter
from pathlib import Path
from types import TracebackType
from typing import IO

from django.utils.translation import gettext as _

from surveys.files.problems import Problem

DANGEROUS = ("=", "+", "-", "@", "\t", "\r")


def neutral(text: str) -> str:
    """A cell that a spreadsheet shows and does not compute.

    >>> neutral("=1+1"), neutral("+62812"), neutral("Ani")
    ("'=1+1", "'+62812", 'Ani')
    """
    return f"'{text}" if text.startswith(DANGEROUS) else text


class Faults:
    """Takes problems one by one: keeps the first, writes all of them to a file.

    The file is CSV as Excel of Indonesia opens it: byte-order mark, semicolons. What a
    cell held stands there and nowhere else. Both are in the order of the rows, however
    late a fault is found.
    """

    def __init__(self, path: Path | None = None, *, keep: int = 100_000) -> None:
        self.first: list[Problem] = []
        self.n = 0
        self._path, self._keep = path, keep
        self._file: IO[bytes] | None = None
        self._lines, self._ends = array("q"), array("q")

    def __enter__(self) -> Faults:
        if self._path:
            self._file = self._path.open("wb+")
            head = (_("baris"), _("kolom"), _("isi"), _("yang keliru"))
            self._write(0, head, "utf-8-sig")
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._file:
            with self._file as file:
                self._put_in_order(file)

    def __call__(self, problem: Problem, content: str = "") -> None:
        self.n += 1
        insort(self.first, problem, key=attrgetter("line"))
        del self.first[self._keep :]
        cells = (str(problem.line), problem.column, content, problem.reason)
        self._write(problem.line, cells)

    def _write(self, line: int, cells: Iterable[str], encoding: str = "utf-8") -> None:
        if self._file:
            row = io.StringIO(newline="")
            csv.writer(row, delimiter=";").writerow(map(neutral, cells))
            self._file.write(row.getvalue().encode(encoding))
            self._lines.append(line)
            self._ends.append(self._file.tell())

    def _put_in_order(self, file: IO[bytes]) -> None:
        """Write the rows anew by line; what stood first among equals stays first."""
        file.seek(0)
        content = file.read()
        file.seek(0)
        starts = [0, *self._ends]
        for nth in sorted(range(len(self._lines)), key=self._lines.__getitem__):
            file.write(content[starts[nth] : self._ends[nth]])
