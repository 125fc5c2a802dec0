"""Mask what names a person in a comment before anyone reads it. Pure.

Numbers (NIP, NIK, telephone) and addresses are masked here; amounts are left, and names
are not recognised, which the form says.
"""

from __future__ import annotations

import re

_EMAIL = re.compile(r"[^\s@]+@[^\s@]+\.\w+")
_NUMBER = re.compile(r"[+(]{0,2}(?:\d[\s().+\-–/]{0,3}){8,}\d")
_LONG = 14
"""Digits of a NIP (18), a NIK (16) or two numbers in a row: more than an amount has."""
_GAP = r"[\s().+\-–/]{0,3}"
_PHONE = re.compile(rf"(?<![\d.])(?:[08]{_GAP}[1-9]|6{_GAP}2)(?:{_GAP}\d){{7}}")
_DAYS = re.compile(r"(?:(?:^|\s*[-–/]\s*)(?:\d{1,2}[./-]\d{1,2}[./-])?(?:19|20)\d\d)+")


def mask(text: str) -> str:
    """``text`` with e-mail addresses, telephone and staff numbers masked.

    A number has nine digits or more, with up to three blanks, dots, strokes or brackets
    between two. It is a telephone's if it holds one that begins with 0, 62, +62 or, as
    that of a mobile does without its 0, with 8; and somebody's own from fourteen digits
    on. Amounts are left, and so are years or dates joined by a stroke
    ("2021/2022/2023").

    >>> mask("Anggaran 1250000000")
    'Anggaran 1250000000'
    >>> mask("Hubungi 0812-3456-7890 atau a.b@kantor.go.id")
    'Hubungi [nomor disamarkan] atau [surel disamarkan]'
    """
    return _NUMBER.sub(_masked, _EMAIL.sub("[surel disamarkan]", text))


def _masked(number: re.Match[str]) -> str:
    text = number[0]
    is_long = sum(letter.isdigit() for letter in text) >= _LONG
    names = (is_long or _PHONE.search(text)) and not _DAYS.fullmatch(text)
    return "[nomor disamarkan]" if names else text
