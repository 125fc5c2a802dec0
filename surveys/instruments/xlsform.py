"""An instrument as a workbook, named as XLSForm names things where that fits.

``survey`` holds sections (``begin_group`` … ``end_group``) and questions, ``choices``
the lists of options, ``settings`` title and version; ``dimensions`` is ours. A rating
is a ``select_one`` that looks ``likert``, a pick a ``select_multiple``, a number an
``integer``, a comment a ``text``. Columns XLSForm does not know carry our own terms.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from openpyxl import Workbook
from openpyxl.styles import Font
from openpyxl.worksheet.worksheet import Worksheet

from surveys.answering.language import NAMES
from surveys.instruments.document import Document, OptionPart, QuestionPart

SURVEY, CHOICES, DIMENSIONS, SETTINGS = "survey", "choices", "dimensions", "settings"
LIKERT: Final = "likert"
OWN = "-pilihan"
"""Ends the name of a question's own list where a scale has the question's code."""

TYPES: Mapping[str, str] = {
    "rating": "select_one",
    "choice": "select_one",
    "pick": "select_multiple",
    "number": "integer",
    "comment": "text",
}
SURVEY_COLUMNS = (
    "type",
    "name",
    "label",
    "intro",
    "appearance",
    "required",
    "dimension",
    "reversed",
    "picks",
    "minimum",
    "maximum",
)
CHOICES_COLUMNS = (
    "list_name",
    "name",
    "label",
    "value",
    "missing",
    "dimension",
    "polarity",
)
DIMENSIONS_COLUMNS = ("name", "label", "definition")
SETTINGS_COLUMNS = ("form_id", "version", "default_language", "form_title", "note")
TEXTS = {"label", "intro", "definition", "form_title", "note"}
_ESCAPE = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")
_WIDE, _NARROW = 44, 14

Cells = dict[str, Any]


def language_name(code: str) -> str:
    """``Indonesia (id)``, as XLSForm writes a language."""
    name = NAMES.get(code, code).removeprefix("Bahasa ")
    return f"{name} ({code})"


def headed(columns: Sequence[str], languages: Sequence[str]) -> list[str]:
    """The columns of a sheet; each text has one for every language."""
    return [
        head
        for column in columns
        for head in (
            [f"{column}::{language_name(code)}" for code in languages]
            if column in TEXTS
            else [column]
        )
    ]


def to_xlsx(document: Document) -> bytes:
    """The workbook of a document; nothing in it is a formula."""
    workbook = Workbook()
    workbook.remove(workbook.worksheets[0])
    lists = _list_names(document)
    sheets = (
        (SURVEY, SURVEY_COLUMNS, _survey_rows(document, lists)),
        (CHOICES, CHOICES_COLUMNS, _choice_rows(document, lists)),
        (DIMENSIONS, DIMENSIONS_COLUMNS, _dimension_rows(document)),
        (SETTINGS, SETTINGS_COLUMNS, _settings_rows(document)),
    )
    for name, columns, rows in sheets:
        head = headed(columns, document.languages)
        _fill(workbook.create_sheet(name), head, rows)
    file = io.BytesIO()
    workbook.save(file)
    return file.getvalue()


def _fill(sheet: Worksheet, head: Sequence[str], rows: Iterable[Cells]) -> None:
    for column, name in enumerate(head, 1):
        cell = sheet.cell(1, column, name)
        cell.font = Font(bold=True)
        is_text = name.partition("::")[0] in TEXTS
        sheet.column_dimensions[cell.column_letter].width = (
            _WIDE if is_text else _NARROW
        )
    for line, cells in enumerate(rows, 2):
        for column, name in enumerate(head, 1):
            value = cells.get(name)
            if value not in (None, ""):
                _write(sheet, line, column, value)
    sheet.freeze_panes = "A2"


def _write(sheet: Worksheet, line: int, column: int, value: int | str) -> None:
    """A number as one; a text as it is, also where it begins like a formula."""
    cell = sheet.cell(line, column)
    if isinstance(value, int):
        cell.value = value
        return
    cell.value = _ESCAPE.sub("_x005F_", value)
    cell.data_type = "s"
    cell.quotePrefix = value.startswith(("=", "+", "-", "@"))


def _texts(column: str, text: Mapping[str, str]) -> Cells:
    return {f"{column}::{language_name(code)}": words for code, words in text.items()}


def _yes(flag: bool) -> str:
    return "yes" if flag else ""


def _list_names(document: Document) -> dict[str, str]:
    """The name of the list each question is answered from."""
    return {
        part.code: part.scale
        or (f"{part.code}{OWN}" if part.code in document.scales else part.code)
        for part in document.questions
    }


def _survey_rows(document: Document, lists: Mapping[str, str]) -> Iterable[Cells]:
    for section in document.sections:
        yield {
            "type": "begin_group",
            "name": section.code,
            **_texts("label", section.title),
            **_texts("intro", section.intro),
            "dimension": section.dimension,
        }
        for question in section.questions:
            yield _question_cells(question, lists[question.code])
        yield {"type": "end_group"}


def _question_cells(question: QuestionPart, list_name: str) -> Cells:
    is_listed = TYPES[question.kind].startswith("select_")
    return {
        "type": TYPES[question.kind] + (f" {list_name}" if is_listed else ""),
        "name": question.code,
        **_texts("label", question.label),
        "appearance": LIKERT if question.kind == "rating" else "",
        "required": _yes(question.required),
        "dimension": question.dimension,
        "reversed": _yes(question.reversed),
        "picks": question.picks or None,
        "minimum": question.minimum,
        "maximum": question.maximum,
    }


def _choice_rows(document: Document, lists: Mapping[str, str]) -> Iterable[Cells]:
    """Lists in the order in which they are first used, then those not used."""
    shown: set[str] = set()
    for question in document.questions:
        name = lists[question.code]
        if name not in shown:
            shown.add(name)
            yield from _option_rows(name, document.options_of(question))
    for name in sorted(document.scales.keys() - shown):
        yield from _option_rows(name, document.scales[name])


def _option_rows(name: str, options: Iterable[OptionPart]) -> Iterable[Cells]:
    for option in options:
        yield {
            "list_name": name,
            "name": option.code,
            **_texts("label", option.label),
            "value": option.value,
            "missing": _yes(option.missing),
            "dimension": option.dimension,
            "polarity": option.polarity or None,
        }


def _dimension_rows(document: Document) -> Iterable[Cells]:
    for dimension in document.dimensions:
        yield {
            "name": dimension.code,
            **_texts("label", dimension.name),
            **_texts("definition", dimension.definition),
        }


def _settings_rows(document: Document) -> Iterable[Cells]:
    yield {
        "form_id": document.code,
        "version": document.version,
        "default_language": language_name(document.languages[0]),
        **_texts("form_title", document.title),
        **_texts("note", document.note),
    }
