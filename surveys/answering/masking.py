"""Mask what names a person in a comment before anyone reads it. Pure.

Numbers (NIP, NIK, telephone) and addresses are masked here; names are not recognised,
which the form says.
"""

from __future__ import annotations

import re

_EMAIL = re.compile(r"[^\s@]+@[^\s@]+\.\w+")
_NUMBER = re.compile(r"[+(]{0,2}(?:\d[\s().+\-–/]{0,3}){8,}\d")
_DAYS = re.compile(r"(?:(?:^|\s*[-–/]\s*)(?:\d{1,2}[./-]\d{1,2}[./-])?(?:19|20)\d\d)+")


def mask(text: str) -> str:
    """``text`` with e-mail addresses and numbers of nine or more digits masked.

    Between two digits may stand up to three blanks, dots, strokes or brackets. Only
    years or dates joined by a stroke are spared ("2021/2022/2023").

    >>> mask("Hubungi 0812-3456-7890 atau a.b@kantor.go.id")
    'Hubungi [nomor disamarkan] atau [surel disamarkan]'
    """
    return _NUMBER.sub(_masked, _EMAIL.sub("[surel disamarkan]", text))


def _masked(number: re.Match[str]) -> str:
    return number[0] if _DAYS.fullmatch(number[0]) else "[nomor disamarkan]"
