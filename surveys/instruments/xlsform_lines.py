"""The rows of such a workbook: cells by column, texts by language, faults by place."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from surveys.answering.language import NAMES
from surveys.files.problems import Problem
from surveys.instruments.document import LARGEST
from surveys.instruments.xlsform import (
    CHOICES,
    CHOICES_COLUMNS,
    DIMENSIONS,
    DIMENSIONS_COLUMNS,
    SETTINGS,
    SETTINGS_COLUMNS,
    SURVEY,
    SURVEY_COLUMNS,
    TEXTS,
)

COLUMNS: Mapping[str, Sequence[str]] = {
    SURVEY: SURVEY_COLUMNS,
    CHOICES: CHOICES_COLUMNS,
    DIMENSIONS: DIMENSIONS_COLUMNS,
    SETTINGS: SETTINGS_COLUMNS,
}
YES = {"yes": True, "true": True, "ya": True, "": False, "no": False, "false": False}
CODE_COLUMN = {"code": "name", "kind": "type", "scale": "type", "options": "type"}
TEXT_COLUMN = {"title": "label", "name": "label"}
SETTINGS_COLUMN = {"code": "form_id", "title": "form_title"}
_LANGUAGE = re.compile(r"\(([a-z]{2,3})\)\s*$")
_WHOLE = re.compile(r"-?\d{1,9}")
_STEP = re.compile(r"[.\[]")


@dataclass(frozen=True)
class Line:
    """One row of a sheet: its number and its cells by column, texts by language."""

    sheet: str
    number: int
    cells: Mapping[str, str]
    texts: Mapping[str, Mapping[str, str]]
    heads: Mapping[str, str]
    """How the sheet itself spells each column, such as ``label::English (en)``."""

    def __getitem__(self, column: str) -> str:
        return self.cells.get(column, "").strip()

    def text(self, column: str) -> dict[str, str]:
        return dict(self.texts.get(column, {}))


@dataclass
class Reading:
    """What has been understood so far, where it stands, and what was not."""

    problems: list[Problem] = field(default_factory=list)
    lines: dict[str, Line] = field(default_factory=dict)
    """The row of each part, by its path in the document."""

    def fault(self, line: Line, column: str, reason: str) -> None:
        head = line.heads.get(column, column)
        problem = Problem(reason, line.number, head, sheet=line.sheet)
        self.problems.append(problem)

    def number(self, line: Line, column: str) -> int | None:
        """A whole number, None where the cell is empty."""
        text = line[column]
        if text and not (_WHOLE.fullmatch(text) and abs(int(text)) <= LARGEST):
            self.fault(line, column, _("harus bilangan bulat"))
            return None
        return int(text) if text else None

    def flag(self, line: Line, column: str) -> bool:
        found = YES.get(line[column].lower())
        if found is None:
            self.fault(line, column, _("harus yes atau no"))
        return bool(found)

    def located(self, problem: Problem) -> Problem:
        """A problem of the document, at the row and column it came from."""
        path = problem.path
        while path and path not in self.lines:
            path = path[: max(path.rfind("."), path.rfind("["), 0)]
        line = self.lines.get(path)
        if line is None:
            return problem
        below = problem.path if line.sheet == SETTINGS else problem.path[len(path) :]
        rest = [step for step in _STEP.split(below) if step]
        column = _column(line.sheet, rest)
        head = line.heads.get(column, column)
        return Problem(problem.reason, line.number, head, sheet=line.sheet)


def _column(sheet: str, steps: Sequence[str]) -> str:
    if not steps:
        return ""
    name = steps[0]
    if sheet == SETTINGS:
        name = SETTINGS_COLUMN.get(name, name)
    else:
        name = CODE_COLUMN.get(name) or TEXT_COLUMN.get(name, name)
    return f"{name}::{steps[1]}" if name in TEXTS and len(steps) > 1 else name


Records = Sequence[tuple[int, Sequence[str]]]


def languages_in(records: Records) -> list[str]:
    """In the order of the label columns of the sheet ``survey``."""
    heads = records[0][1] if records else []
    found = [_head(head) for head in heads if head.strip()]
    return list(dict.fromkeys(code for name, code in found if name == "label" and code))


def _head(head: str) -> tuple[str, str]:
    """``label::English (en)`` → ``("label", "en")``; no language for other columns."""
    name, _colons, language = head.strip().partition("::")
    name = name.strip()
    if name not in TEXTS:
        return name, ""
    if not language:
        return name, "id"
    coded = _LANGUAGE.search(language)
    if coded:
        return name, coded[1]
    spoken = language.strip().lower()
    known = (c for c, n in NAMES.items() if spoken in (n.lower(), n.lower()[7:], c))
    return name, next(known, "?")


def lines_of(sheet: str, records: Records, reading: Reading) -> Iterator[Line]:
    """The rows of a sheet below its header, without blank ones."""
    if not records:
        return
    number, row = records[0]
    columns = [_head(head) for head in row]
    heads = {
        f"{name}::{code}" if code else name: head.strip()
        for (name, code), head in zip(columns, row, strict=True)
    }
    top = Line(sheet, number, {}, {}, heads)
    _check_heads(columns, row, top, reading)
    for line_number, cells in records[1:]:
        if any(cell.strip() for cell in cells):
            line = _line(top, line_number, columns, cells)
            _check_cells(line, COLUMNS[sheet], reading)
            yield line


def _check_heads(
    columns: Sequence[tuple[str, str]],
    row: Sequence[str],
    top: Line,
    reading: Reading,
) -> None:
    named = [column for column in columns if column[0]]
    for column, head in zip(columns, row, strict=True):
        if column[1] == "?":
            reading.fault(top, head, _("bahasa ini tidak dikenal"))
        elif column[0] and named.count(column) > 1:
            reading.fault(top, head, _("kolom ada dua kali"))
    required = {SURVEY: "type", CHOICES: "list_name", SETTINGS: "form_id"}
    first = required.get(top.sheet, "name")
    if first not in {name for name, _code in columns}:
        reading.fault(top, first, _("kolom tidak ada"))


def _line(
    top: Line, number: int, columns: Sequence[tuple[str, str]], cells: Sequence[str]
) -> Line:
    plain: dict[str, str] = {}
    texts: dict[str, dict[str, str]] = {}
    for (name, code), cell in zip(columns, cells, strict=False):
        if code and cell.strip():
            texts.setdefault(name, {})[code] = cell
        elif not code:
            plain[name] = cell
    return Line(top.sheet, number, plain, texts, top.heads)


def _check_cells(line: Line, known: Sequence[str], reading: Reading) -> None:
    """What stands in a column we do not know would be lost: it is refused."""
    for name, cell in line.cells.items():
        if cell.strip() and name not in known:
            reading.fault(line, name, _("kolom ini tidak dipakai di sini; kosongkan"))
