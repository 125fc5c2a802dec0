"""Reading such a workbook back; every fault is named by sheet, row and column."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from surveys.files.csvfile import open_to_read
from surveys.files.problems import InputError, Problem
from surveys.files.xlsxfile import read_sheets
from surveys.instruments.document import Document
from surveys.instruments.proofreading import faults_in, validated
from surveys.instruments.xlsform import (
    CHOICES,
    DIMENSIONS,
    LIKERT,
    OWN,
    SETTINGS,
    SURVEY,
)
from surveys.instruments.xlsform_lines import (
    COLUMNS,
    Line,
    Reading,
    languages_in,
    lines_of,
)

KINDS = {"select_multiple": "pick", "integer": "number", "text": "comment"}

Part = dict[str, Any]
Lists = dict[str, list[tuple[Part, Line]]]
"""The options of each list, with the row each stands in."""


def read_xlsx_draft(path: Path) -> Document:
    """A document that may have gaps; InputError names the cell of every fault."""
    with open_to_read(path) as raw:
        sheets = read_sheets(raw, COLUMNS)
    missing = [name for name in (SURVEY, CHOICES, SETTINGS) if name not in sheets]
    if missing:
        raise InputError(
            _("Lembar %(names)s tidak ada di berkas ini.")
            % {"names": ", ".join(missing)}
        )
    reading = Reading()
    lines = {
        name: list(lines_of(name, sheets.get(name, []), reading)) for name in COLUMNS
    }
    _stop_at(reading.problems)
    content = _content(lines, languages_in(sheets[SURVEY]), reading)
    _stop_at(reading.problems)
    try:
        document = validated(Document, content)
    except InputError as error:
        raise InputError([reading.located(p) for p in error.problems]) from error
    _stop_at([reading.located(problem) for problem in faults_in(document)])
    return document


def _stop_at(problems: Sequence[Problem]) -> None:
    if problems:
        raise InputError(problems)


def _content(
    lines: Mapping[str, Sequence[Line]], languages: list[str], reading: Reading
) -> Part:
    if len(lines[SETTINGS]) != 1:
        raise InputError(_("Lembar settings harus berisi tepat satu baris."))
    settings = lines[SETTINGS][0]
    reading.lines[""] = settings
    for name in ("code", "version", "languages", "title", "note"):
        reading.lines[name] = settings
    lists = _lists(lines[CHOICES], reading)
    sections = _sections(lines[SURVEY], lists, reading)
    used = {part["scale"] for s in sections for part in s["questions"]}
    own = {part["list"] for s in sections for part in s["questions"]}
    _mark_lists(sections, lists, reading)
    for section in sections:
        for part in section["questions"]:
            del part["list"]
    return {
        "code": settings["form_id"],
        "version": reading.number(settings, "version") or 1,
        "languages": languages,
        "title": settings.text("form_title"),
        "note": settings.text("note"),
        "scales": {
            name: [option for option, _line in options]
            for name, options in lists.items()
            if name in used or name not in own
        },
        "dimensions": [
            _dimension(number, line, reading)
            for number, line in enumerate(lines[DIMENSIONS])
        ],
        "sections": sections,
    }


def _dimension(number: int, line: Line, reading: Reading) -> Part:
    reading.lines[f"dimensions[{number}]"] = line
    return {
        "code": line["name"],
        "name": line.text("label"),
        "definition": line.text("definition"),
    }


def _lists(lines: Sequence[Line], reading: Reading) -> Lists:
    lists: Lists = {}
    for line in lines:
        name = line["list_name"]
        if not name:
            reading.fault(line, "list_name", _("tidak boleh kosong"))
        option = {
            "code": line["name"],
            "label": line.text("label"),
            "value": reading.number(line, "value"),
            "missing": reading.flag(line, "missing"),
            "dimension": line["dimension"] or None,
            "polarity": reading.number(line, "polarity") or 0,
        }
        lists.setdefault(name, []).append((option, line))
    return lists


def _mark_lists(sections: Sequence[Part], lists: Lists, reading: Reading) -> None:
    """Where the options of each scale, and of each question's own list, stand."""
    for name, options in lists.items():
        for k, (_option, line) in enumerate(options):
            reading.lines[f"scales.{name}[{k}]"] = line
            reading.lines.setdefault(f"scales.{name}", line)
    for i, section in enumerate(sections):
        for j, part in enumerate(section["questions"]):
            if not part["scale"]:
                for k, (_option, line) in enumerate(lists.get(part["list"], [])):
                    path = f"sections[{i}].questions[{j}].options[{k}]"
                    reading.lines[path] = line


def _sections(lines: Sequence[Line], lists: Lists, reading: Reading) -> list[Part]:
    sections: list[Part] = []
    is_open = False
    n_users = _n_users(lines)
    for line in lines:
        kind = line["type"].replace("begin group", "begin_group")
        if kind == "begin_group":
            if is_open:
                reading.fault(line, "type", _("bagian sebelumnya belum ditutup"))
            is_open = True
            reading.lines[f"sections[{len(sections)}]"] = line
            sections.append(_section(line))
        elif kind in ("end_group", "end group"):
            if not is_open:
                reading.fault(line, "type", _("tidak ada bagian yang dibuka"))
            is_open = False
        elif not is_open:
            words = _("pertanyaan harus berada di antara begin_group dan end_group")
            reading.fault(line, "type", words)
        else:
            questions = sections[-1]["questions"]
            path = f"sections[{len(sections) - 1}].questions[{len(questions)}]"
            reading.lines[path] = line
            questions.append(_question(line, lists, n_users, reading))
    return sections


def _n_users(lines: Sequence[Line]) -> dict[str, int]:
    """How many questions are answered from each list."""
    names = [line["type"].partition(" ")[2].strip() for line in lines]
    return {name: names.count(name) for name in names}


def _section(line: Line) -> Part:
    return {
        "code": line["name"],
        "title": line.text("label"),
        "intro": line.text("intro"),
        "dimension": line["dimension"] or None,
        "questions": [],
    }


def _question(
    line: Line, lists: Lists, n_users: Mapping[str, int], reading: Reading
) -> Part:
    kind, _blank, list_name = line["type"].partition(" ")
    list_name, code = list_name.strip(), line["name"]
    is_likert = LIKERT in line["appearance"].split()
    known = {**KINDS, "select_one": "rating" if is_likert else "choice"}
    if kind not in known:
        reading.fault(line, "type", _("jenis ini tidak dikenal"))
    is_own = list_name in (code, f"{code}{OWN}") and n_users[list_name] == 1
    return {
        "code": code,
        "kind": known.get(kind, "comment"),
        "label": line.text("label"),
        "dimension": line["dimension"] or None,
        "reversed": reading.flag(line, "reversed"),
        "required": reading.flag(line, "required"),
        "scale": None if is_own else list_name or None,
        "options": [o for o, _line in lists.get(list_name, [])] if is_own else [],
        "picks": reading.number(line, "picks") or 0,
        "minimum": reading.number(line, "minimum"),
        "maximum": reading.number(line, "maximum"),
        "list": list_name,
    }
