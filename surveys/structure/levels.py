"""Levels of units: stored as ``ESELON_II``, shown as “Eselon II”, typed as may be."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace

from surveys.models import UnitKerja
from surveys.structure.unitfile import UnitRow

USUAL = ("INSTANSI", *(f"ESELON_{roman}" for roman in ("I", "II", "III", "IV", "V")))
ROMAN = {"1": "I", "2": "II", "3": "III", "4": "IV", "5": "V"}

Known = Mapping[str, str]
"""How each known level is stored, by its plain form."""


def as_new(text: str) -> str:
    """A level that nobody has used yet, as it will be stored.

    >>> as_new("Unit  khusus")
    'UNIT_KHUSUS'
    """
    return "_".join(filter(None, re.split(r"[\s_-]+", text.upper())))


def plain(text: str) -> str:
    """What all spellings of a level have in common.

    >>> plain("Eselon II"), plain("eselon 2"), plain("ESELON-II")
    ('ESELON_II', 'ESELON_II', 'ESELON_II')
    """
    return "_".join(ROMAN.get(word, word) for word in as_new(text).split("_"))


def known_levels() -> dict[str, str]:
    """Those that units have, and the usual ones; a plain spelling goes first."""
    used = UnitKerja.objects.order_by("level").values_list("level", flat=True)
    levels = sorted(used.distinct(), key=lambda level: level == plain(level))
    return {plain(level): level for level in (*levels, *USUAL)}


def stored(text: str, known: Known) -> str:
    """The known level that is meant, or a new one."""
    return known.get(plain(text)) or as_new(text)


def with_levels(rows: Mapping[str, UnitRow], known: Known) -> dict[str, UnitRow]:
    """The rows of a file, their levels as they are stored."""
    return {
        code: replace(row, level=stored(row.level, known)) for code, row in rows.items()
    }


def new_ones(levels: Iterable[str], known: Known) -> list[str]:
    """Those that are not known."""
    return sorted({level for level in levels if level} - set(known.values()))
