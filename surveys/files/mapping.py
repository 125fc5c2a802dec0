"""How the columns of a foreign answer file become a sheet of slots.

Without a map, a question is answered in the column of its code, by an option's value
or code. A map renames columns, gives positions of options to other cell texts, and
says which columns hold unit, strata, weight and seconds.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from django.utils.translation import gettext as _
from pydantic import Field

from surveys.files.csvfile import Report, Row, TableFile
from surveys.files.problems import InputError, Problem
from surveys.files.yamlfile import read_yaml
from surveys.instruments.document import LARGEST, Part
from surveys.instruments.proofreading import validated
from surveys.instruments.sheet import Sheet, SheetQuestion

NOT_ANSWERED = 0


class UnitColumn(Part):
    """Where the unit stands; ``prefix`` makes its code, e.g. ``LQ-`` + ``7``."""

    column: str = "unit_code"
    prefix: str = ""


class QuestionColumns(Part):
    """Where one question stands, and what its cells mean: text → option position."""

    column: str | None = None
    columns: list[str] = Field(default_factory=list)
    values: dict[str, int] = Field(default_factory=dict)
    absent: bool = False


class ResponseMap(Part):
    """A map file. ``strata`` leads from stratifier to column, in order of keeping."""

    unit: UnitColumn = UnitColumn()
    strata: dict[str, str] = Field(default_factory=dict)
    questions: dict[str, QuestionColumns] = Field(default_factory=dict)
    values: dict[str, int] = Field(default_factory=dict)
    blanks: list[str] = Field(default=["", "NA"])
    weight: str | None = None
    seconds: list[str] = Field(default_factory=list)


def read_map(path: Path) -> ResponseMap:
    """The map in this YAML file; InputError names what is wrong in it."""
    return validated(ResponseMap, read_yaml(path))


@dataclass(frozen=True)
class _Source:
    """Where one slot is read, and what the texts there mean."""

    slot: int
    column: str
    index: int
    code_of: dict[str, int]


class SheetReader:
    """Reads the sheet of each row; constant memory, one look-up for each slot."""

    def __init__(self, file: TableFile, sheet: Sheet, mapping: ResponseMap) -> None:
        _demand_known(sheet, mapping)
        self._width = sheet.width
        self._sources: list[_Source] = []
        for question in sheet.questions:
            code_of = _codes_of(question, mapping)
            columns = _columns_of(question, mapping)
            file.require(columns)
            for slot, column in enumerate(columns, question.slot):
                index = file.index(column)
                self._sources.append(_Source(slot, column, index, code_of))
        self._picks = [q for q in sheet.questions if q.kind == "pick"]

    def read(self, row: Row, report: Report) -> list[int] | None:
        """Codes of all slots; None, and reports, where a cell is not an answer."""
        answers = [NOT_ANSWERED] * self._width
        is_good = True
        for source in self._sources:
            text = row.cells[source.index]
            code = source.code_of.get(text)
            if code is None:
                code = source.code_of.get(_as_integer(text))
            if code is None:
                report(Problem(_("bukan pilihan jawaban"), row.line, source.column))
                is_good = False
            else:
                answers[source.slot] = code
        for question in self._picks:
            is_good &= self._compact(question, answers, row, report)
        return answers if is_good else None

    def _compact(
        self, question: SheetQuestion, answers: list[int], row: Row, report: Report
    ) -> bool:
        """Close gaps between the picks of a question; the same pick twice is wrong."""
        place = slice(question.slot, question.slot + question.n_slots)
        picked = [code for code in answers[place] if code]
        if len(set(picked)) < len(picked):
            reason = _("pilihan yang sama dua kali")
            report(Problem(reason, row.line, question.code))
            return False
        gap = [NOT_ANSWERED] * (question.n_slots - len(picked))
        answers[place] = picked + gap
        return True


def _demand_known(sheet: Sheet, mapping: ResponseMap) -> None:
    """Every question named exists, and every position is one of an option."""
    questions = {question.code: question for question in sheet.questions}
    problems = []
    for code, said in mapping.questions.items():
        if code not in questions:
            reason = _("pertanyaan ini tidak ada dalam instrumen")
            problems.append(Problem(reason, path=f"questions.{code}"))
            continue
        path, most = f"questions.{code}.values", questions[code].n_codes
        problems += _wrong_positions(path, said.values, most)
    most = max((question.n_codes for question in sheet.questions), default=0)
    problems += _wrong_positions("values", mapping.values, most)
    if problems:
        raise InputError(problems)


def _wrong_positions(
    path: str, values: Mapping[str, int], most: int
) -> Iterator[Problem]:
    for text, position in values.items():
        if not 0 <= position <= most:
            yield Problem(_("posisi ini tidak ada"), path=f"{path}.{text}")


def _columns_of(question: SheetQuestion, mapping: ResponseMap) -> list[str]:
    """Column of each slot: none for a comment or an absent question."""
    said = mapping.questions.get(question.code, QuestionColumns())
    if said.absent or not question.n_slots:
        return []
    numbered = [f"{question.code}_{i}" for i in range(1, question.n_slots + 1)]
    one = [said.column or question.code]
    names = said.columns or (numbered if question.kind == "pick" else one)
    if len(names) != question.n_slots:
        reason = _("harus %(n)d kolom") % {"n": question.n_slots}
        raise InputError([Problem(reason, path=f"questions.{question.code}.columns")])
    return names


def _codes_of(question: SheetQuestion, mapping: ResponseMap) -> dict[str, int]:
    """What cell texts mean for this question. Later sources win over earlier ones."""
    code_of: dict[str, int] = {}
    if question.kind == "number":
        numbers = range(question.minimum, question.maximum + 1)
        code_of = {str(number): i for i, number in enumerate(numbers, 1)}
    for option in question.options:
        code_of[option.code] = option.position
    for option in question.options:
        if option.value is not None:
            code_of[str(option.value)] = option.position
    shared = mapping.values.items()
    code_of |= {text: n for text, n in shared if n <= question.n_codes}
    code_of |= mapping.questions.get(question.code, QuestionColumns()).values
    return code_of | dict.fromkeys(mapping.blanks, NOT_ANSWERED)


def _as_integer(text: str) -> str:
    """``"4.0"`` → ``"4"``: what other programs make of a whole number with gaps."""
    head, point, tail = text.partition(".")
    return head if point and head and not tail.strip("0") else text


class ExtrasReader:
    """Reads weight and seconds where the file has them."""

    def __init__(self, file: TableFile, mapping: ResponseMap) -> None:
        weight = [mapping.weight] if mapping.weight else []
        file.require((*weight, *mapping.seconds))
        default = [] if weight or "weight" not in file else ["weight"]
        seconds = mapping.seconds or (["seconds"] if "seconds" in file else [])
        self._weight = [(c, file.index(c)) for c in (*weight, *default)]
        self._seconds = [(c, file.index(c)) for c in seconds]
        self._blanks = frozenset(mapping.blanks)

    def weight(self, row: Row, report: Report) -> float | None:
        """A positive number; None where there is no column, or the cell is reported."""
        for column, index in self._weight:
            weight = _number(row.cells[index])
            if weight is not None and weight > 0:
                return weight
            report(Problem(_("bobot harus angka di atas nol"), row.line, column))
        return None

    def seconds(self, row: Row, report: Report) -> Sequence[int]:
        """Whole seconds of each column, at most what a slot holds; blank is 0."""
        found = []
        for column, index in self._seconds:
            text = row.cells[index]
            seconds = 0.0 if text in self._blanks else _number(text)
            if seconds is None or seconds < 0:
                report(
                    Problem(_("detik harus angka, paling kecil 0"), row.line, column)
                )
                seconds = 0.0
            found.append(min(round(seconds), LARGEST))
        return found


def _number(text: str) -> float | None:
    try:
        number = float(text)
    except ValueError:
        return None
    return number if math.isfinite(number) else None
