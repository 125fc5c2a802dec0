"""What is wrong with a file, and where. Never repeats what a cell holds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from surveys.errors import SurveyError

N_LISTED = 20


@dataclass(frozen=True)
class Problem:
    """One fault: by line and column of a table, or by path in a document."""

    reason: str
    line: int = 0
    column: str = ""
    path: str = ""
    sheet: str = ""

    @property
    def where(self) -> str:
        if not self.line:
            return self.path
        place = {"line": self.line, "column": self.column, "sheet": self.sheet}
        if self.sheet and self.column:
            return _("lembar %(sheet)s, baris %(line)d, kolom %(column)s") % place
        if self.sheet:
            return _("lembar %(sheet)s, baris %(line)d") % place
        if self.column:
            return _("baris %(line)d, kolom %(column)s") % place
        return _("baris %(line)d") % place

    def __str__(self) -> str:
        where = self.where
        if self.line and self.path:
            where += f", {self.path}"
        return f"{where}: {self.reason}" if where else self.reason


class InputError(SurveyError):
    """A file that cannot be taken. Nothing has been written."""

    def __init__(self, problems: Sequence[Problem] | str) -> None:
        self.problems = (
            [Problem(problems)] if isinstance(problems, str) else list(problems)
        )
        super().__init__(self.text())

    def text(self) -> str:
        """The first problems, one a line, and how many more there are."""
        lines = [str(problem) for problem in self.problems[:N_LISTED]]
        rest = len(self.problems) - len(lines)
        if rest:
            more = ngettext("… dan %d kesalahan lagi", "… dan %d kesalahan lagi", rest)
            lines.append(more % rest)
        return "\n".join(lines)


def demand_none(problems: Sequence[Problem]) -> None:
    """Raise InputError with these problems, in order of line, if there are any."""
    if problems:
        raise InputError(sorted(problems, key=lambda p: (p.line, p.column)))
