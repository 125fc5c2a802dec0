"""What is wrong with the rows of a file: counted, and written down as it is found."""

from __future__ import annotations

import csv
from collections.abc import Iterable
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
    cell held stands there and nowhere else.
    """

    def __init__(self, path: Path | None = None, *, keep: int = 100_000) -> None:
        self.first: list[Problem] = []
        self.n = 0
        self._path, self._keep = path, keep
        self._file: IO[str] | None = None

    def __enter__(self) -> Faults:
        if self._path:
            self._file = self._path.open("w", encoding="utf-8-sig", newline="")
            self._write((_("baris"), _("kolom"), _("isi"), _("yang keliru")))
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._file:
            self._file.close()

    def __call__(self, problem: Problem, content: str = "") -> None:
        self.n += 1
        if len(self.first) < self._keep:
            self.first.append(problem)
        self._write((str(problem.line), problem.column, content, problem.reason))

    def _write(self, cells: Iterable[str]) -> None:
        if self._file:
            csv.writer(self._file, delimiter=";").writerow(map(neutral, cells))
