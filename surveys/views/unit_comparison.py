"""What a file of units would change, or has changed, as a page shows it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from django.core.paginator import Paginator
from django.db.models import Q
from django.http import HttpRequest
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy

from surveys.models import UnitImport, UnitImportLine, UnitKerja
from surveys.structure.unitchanges import COLUMNS_OF
from surveys.structure.unitfile import IN_INDONESIAN
from surveys.views.desk import level_words

Kind = UnitImportLine.Kind

LINES_A_PAGE = 50
SHOWN_OF_A_KIND = 10
PROBLEMS_SHOWN = 200
LABELS = {english: indonesian for indonesian, english in IN_INDONESIAN.items()}
"""Columns as the file calls them."""

WORDS = {
    "name": gettext_lazy("Nama"),
    "acronym": gettext_lazy("Singkatan"),
    "level": gettext_lazy("Tingkat"),
    "parent_code": gettext_lazy("Induk"),
    "kind": gettext_lazy("Jenis"),
    "valid_from": gettext_lazy("Berlaku sejak"),
    "valid_to": gettext_lazy("Berlaku sampai"),
}
"""Columns as the comparison calls them."""


def compared(request: HttpRequest, trial: UnitImport) -> dict[str, Any]:
    """A few lines of every kind, or one kind page by page."""
    chosen = request.GET.get("jenis", "")
    words = request.GET.get("cari", "").strip()
    shown: dict[str, Any] = {"chosen": "", "words": words}
    if chosen in Kind.values:
        lines = trial.lines.filter(kinds__contains=[chosen])
        if words:
            named = Q(code__icontains=words) | Q(after__name__icontains=words)
            lines = lines.filter(named | Q(before__name__icontains=words))
        page = Paginator(lines, LINES_A_PAGE).get_page(request.GET.get("p"))
        found = [(Kind(chosen), list(page), 0)]
        shown |= {"chosen": chosen, "page": page}
    else:
        found = [
            (kind, first, trial.counts[kind] - SHOWN_OF_A_KIND)
            for kind in Kind
            if (first := _first(trial, kind))
        ]
    parents = _parents([line for _kind, lines, _n in found for line in lines], trial)
    sections = [_section(*each, parents) for each in found]
    return {**shown, **_counted(trial), "sections": sections}


def _first(trial: UnitImport, kind: UnitImportLine.Kind) -> list[UnitImportLine]:
    if not trial.counts.get(kind):
        return []
    return list(trial.lines.filter(kinds__contains=[kind])[:SHOWN_OF_A_KIND])


def _counted(trial: UnitImport) -> dict[str, Any]:
    always = (Kind.ADDED, Kind.RENAMED, Kind.MOVED, Kind.CLOSED)
    return {
        "kinds": [
            {"kind": kind, "n": trial.counts.get(kind, 0), "label": Kind(kind).label}
            for kind in Kind
            if trial.counts.get(kind) or kind in always
        ],
        "n_same": trial.counts.get("same", 0),
        "n_missing": trial.counts.get(Kind.MISSING, 0),
        "new_levels": [
            level_words(each) for each in trial.counts.get("new_levels", ())
        ],
        "n_changes": trial.counts.get("rows", 0) - trial.counts.get("same", 0),
        "problems": [
            {**each, "column": LABELS.get(str(each["column"]), each["column"])}
            for each in trial.problems[:PROBLEMS_SHOWN]
        ],
        "n_more_problems": max(0, trial.n_problems - PROBLEMS_SHOWN),
    }


def _parents(lines: list[UnitImportLine], trial: UnitImport) -> dict[str, str]:
    """Names of the parents that are spoken of; the trial's own names come first."""
    codes = {
        str(state["parent_code"])
        for line in lines
        for state in (line.before, line.after)
        if state
    }
    known = UnitKerja.objects.filter(code__in=codes)
    names = {unit.code: str(unit) for unit in known}
    new = trial.lines.filter(code__in=codes - names.keys()).exclude(after=None)
    names |= {line.code: line.after["name"] for line in new if line.after}
    return {code: f"{code} {name}" for code, name in names.items()}


def _section(
    kind: UnitImportLine.Kind,
    lines: list[UnitImportLine],
    n_more: int,
    parents: dict[str, str],
) -> dict[str, Any]:
    return {
        "kind": kind,
        "label": kind.label,
        "n_more": max(0, n_more),
        "rows": [
            {
                "line": line,
                "name": (line.before or line.after or {}).get("name", ""),
                "pairs": list(_pairs(line, kind, parents)),
            }
            for line in lines
        ],
    }


def _pairs(
    line: UnitImportLine, kind: UnitImportLine.Kind, parents: dict[str, str]
) -> Iterator[dict[str, Any]]:
    """What differs, column by column; of a new or missing unit what it is."""
    before, after = line.before, line.after
    if before and after:
        for column in COLUMNS_OF[kind]:
            if before[column] != after[column]:
                yield {
                    "column": WORDS[column],
                    "before": _words(column, before[column], parents),
                    "after": _words(column, after[column], parents),
                }
        return
    state = after or before or {}
    for column in ("level", "parent_code", "valid_from", "valid_to"):
        if state.get(column):
            value = _words(column, state[column], parents)
            yield {"column": WORDS[column], "value": value}


def _words(column: str, text: str, parents: dict[str, str]) -> str:
    if column == "level":
        return level_words(text)
    if column in ("valid_from", "valid_to") and text:
        return date_format(date.fromisoformat(text), "j F Y")
    return parents.get(text, text) if column == "parent_code" else text
