"""Mask what names a person in a comment before anyone reads it. Pure.

Numbers (NIP, NIK, telephone) and addresses are masked here; names are not recognised,
which the form says.
"""

from __future__ import annotations

import re

_EMAIL = re.compile(r"[^\s@]+@[^\s@]+\.\w+")
_NUMBER = re.compile(r"(?:\+?\d[\s.-]?){8,}\d")


def mask(text: str) -> str:
    """``text`` with e-mail addresses and numbers of nine or more digits masked.

    >>> mask("Hubungi 0812-3456-7890 atau a.b@kantor.go.id")
    'Hubungi [nomor disamarkan] atau [surel disamarkan]'
    """
    return _NUMBER.sub("[nomor disamarkan]", _EMAIL.sub("[surel disamarkan]", text))
