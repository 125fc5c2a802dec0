"""The rows of an option list: read from posted fields, steered by buttons, checked.

Every row posts the same names, so that the order on the page is the order of the list:
rows can be moved and dropped by a script, or by buttons that come back here.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from django.http import QueryDict
from django.utils.translation import gettext as _

from surveys.instruments.document import LARGEST, SMALLEST, OptionPart

N_BLANK = 3
"""Empty rows offered below those that are filled."""

_CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{,39}")
_WHOLE = re.compile(r"-?\d{1,6}")


@dataclass
class Row:
    """One option as it was typed."""

    code: str = ""
    label: dict[str, str] = field(default_factory=dict)
    value: str = ""
    missing: str = ""
    dimension: str = ""
    polarity: str = ""
    errors: list[str] = field(default_factory=list)

    @property
    def is_blank(self) -> bool:
        return not (self.code or self.value or any(self.label.values()))


def rows_of(options: Iterable[OptionPart]) -> list[Row]:
    """The options as they are shown to be changed."""
    return [
        Row(
            code=option.code,
            label=dict(option.label),
            value="" if option.value is None else str(option.value),
            missing="1" if option.missing else "",
            dimension=option.dimension or "",
            polarity=str(option.polarity or ""),
        )
        for option in options
    ]


def posted_rows(data: QueryDict, languages: Sequence[str]) -> list[Row]:
    """The filled rows in the order of the page, after the button that was pressed."""
    columns = {
        name: data.getlist(f"option_{name}")
        for name in ("code", "value", "missing", "dimension", "polarity")
    }
    labels = {code: data.getlist(f"option_label_{code}") for code in languages}
    n = max(map(len, (*columns.values(), *labels.values())), default=0)

    def cell(values: Sequence[str], i: int) -> str:
        return values[i].strip() if i < len(values) else ""

    rows = [
        Row(
            code=cell(columns["code"], i),
            label={code: cell(labels[code], i) for code in languages},
            value=cell(columns["value"], i),
            missing=cell(columns["missing"], i),
            dimension=cell(columns["dimension"], i),
            polarity=cell(columns["polarity"], i),
        )
        for i in range(n)
    ]
    return [row for row in _steered(rows, data.get("row", "")) if not row.is_blank]


def _steered(rows: list[Row], button: str) -> list[Row]:
    """``up:2``, ``down:2`` and ``drop:2`` act on the third row."""
    act, _colon, place = button.partition(":")
    if not place.isdecimal() or int(place) >= len(rows):
        return rows
    row = rows.pop(int(place))
    if act != "drop":
        rows.insert(max(0, int(place) + (1 if act == "down" else -1)), row)
    return rows


def options_from(rows: Sequence[Row], dimensions: Iterable[str]) -> list[OptionPart]:
    """The options; each row with a fault tells it in ``errors`` and is left out."""
    known, seen = set(dimensions), set[str]()
    options: list[OptionPart] = []
    for row in rows:
        row.code = row.code or _next_code(rows)
        row.errors = list(_faults(row, known, seen))
        seen.add(row.code)
        if not row.errors:
            options.append(_option(row))
    return options


def _next_code(rows: Sequence[Row]) -> str:
    taken = {row.code for row in rows}
    return next(str(n) for n in range(1, len(rows) + 2) if str(n) not in taken)


def _faults(row: Row, known: set[str], seen: set[str]) -> Iterable[str]:
    if not _CODE.fullmatch(row.code):
        yield _("kode hanya boleh memuat huruf, angka, . _ -")
    if row.code in seen:
        yield _("kode %(code)s ada dua kali") % {"code": row.code}
    if not any(row.label.values()):
        yield _("bunyi pilihan belum diisi")
    is_whole = _WHOLE.fullmatch(row.value)
    if row.value and not (is_whole and SMALLEST <= int(row.value) <= LARGEST):
        yield _("angka harus bilangan bulat")
    if row.value and row.missing:
        yield _("pilihan yang tidak dihitung tidak boleh berangka")
    if row.dimension and row.dimension not in known:
        yield _("nilai ini tidak ada lagi")
    if row.polarity not in ("", "0", "1", "-1"):
        yield _("arah ini tidak dikenal")


def _option(row: Row) -> OptionPart:
    return OptionPart.model_validate(
        {
            "code": row.code,
            "label": {code: words for code, words in row.label.items() if words},
            "value": int(row.value) if row.value else None,
            "missing": bool(row.missing),
            "dimension": row.dimension or None,
            "polarity": int(row.polarity or 0),
        }
    )
