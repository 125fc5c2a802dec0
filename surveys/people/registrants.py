"""How people are written in registers: staff numbers, telephones, posts, leaving.

Each function takes a cell as somebody has typed it, and gives what we keep of it, or
says that it cannot be.
"""

from __future__ import annotations

import re
from datetime import date
from functools import lru_cache

from django.core.exceptions import ValidationError
from django.core.validators import validate_email

NIP_DIGITS = 18
OLDEST_BIRTH_YEAR = 1930
SEXES = "12"

ACTING = re.compile(r"(plt|plh|pjs?|pgs)\b[. ]", re.IGNORECASE)
DOUBLE = frozenset(
    ("rangkap", "jabatan rangkap", "tambahan", "plt", "plh", "pj", "pjs")
)

PLAIN_EMAIL = re.compile(
    r"[A-Za-z0-9_+-]+(\.[A-Za-z0-9_+-]+)*@([A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+"
    r"[A-Za-z]{2,20}"
)
"""What nearly all look like, told at once."""

STAYS = frozenset(
    ("", "aktif", "ya", "y", "1", "pns", "cpns", "pppk", "asn", "tugas belajar", "cuti")
)
LEAVES = frozenset(
    (
        "keluar",
        "pensiun",
        "meninggal",
        "meninggal dunia",
        "berhenti",
        "diberhentikan",
        "mengundurkan diri",
        "mutasi keluar",
        "pindah instansi",
        "tidak aktif",
        "nonaktif",
        "non aktif",
        "tidak",
        "0",
    )
)


def plain_key(text: str) -> str:
    """A person key as it is compared; blanks and dots within a number say nothing.

    >>> plain_key("19860926 201505 1 001"), plain_key("a.b-7")
    ('198609262015051001', 'a.b-7')
    """
    digits = re.sub(r"[\s.'`]", "", text)
    return digits if digits.isdecimal() else text


def is_nip(digits: str) -> bool:
    """Whether this is a staff number of the civil service, of a PNS or of a PPPK.

    Birth date, year of appointment, then a month (PNS) or the number of a contract
    (PPPK), sex, serial. So digits 13 and 14 may be anything.

    >>> is_nip("198609262015051001"), is_nip("198609262023211002")
    (True, True)
    >>> is_nip("198613262015051001"), is_nip("198609262015053001"), is_nip("1986")
    (False, False, False)
    """
    if re.fullmatch(r"[0-9]{18}", digits) is None or digits[14] not in SEXES:
        return False
    born, appointed = _day(digits[:8]), int(digits[8:12])
    this_year = date.today().year  # noqa: DTZ011  # a year either way says nothing
    if born is None or not OLDEST_BIRTH_YEAR <= born.year < appointed:
        return False
    return appointed <= this_year + 1


@lru_cache(maxsize=50_000)
def _day(digits: str) -> date | None:
    try:
        return date(int(digits[:4]), int(digits[4:6]), int(digits[6:]))
    except ValueError:
        return None


def phone_of(text: str) -> str | None:
    """A telephone number with its country, Indonesia where none is said.

    >>> phone_of("0812-3456.789"), phone_of("62 812 3456 789"), phone_of("8123456789")
    ('+628123456789', '+628123456789', '+628123456789')
    >>> phone_of("(021) 345 0038"), phone_of("+65 9123 4567"), phone_of("")
    ('+62213450038', '+6591234567', '')
    >>> phone_of("0811"), phone_of("0812-x"), phone_of("0" * 16)
    (None, None, None)
    """
    digits = re.sub(r"[\s().'/-]", "", text)
    if not digits:
        return ""
    is_abroad = digits.startswith(("+", "00")) and not digits.startswith("000")
    digits = digits.removeprefix("00") if is_abroad else digits
    digits = digits.removeprefix("+")
    if re.fullmatch(r"[0-9]{8,15}", digits) is None:
        return None
    if not is_abroad:
        digits = f"62{digits.removeprefix('0').removeprefix('62')}"
    elif digits.startswith("620"):
        digits = f"62{digits[3:]}"
    is_number = 8 <= len(digits) <= 15 and not digits.startswith("0")
    return f"+{digits}" if is_number and digits[2:3] != "0" else None


def is_email(text: str) -> bool:
    """Whether a message can be addressed to it.

    >>> is_email("ani@contoh.go.id"), is_email("ani@contoh"), is_email("ani..b@a.id")
    (True, False, False)
    """
    if PLAIN_EMAIL.fullmatch(text):
        return True
    try:
        validate_email(text)
    except ValidationError:
        return False
    return True


def has_left(status: str) -> bool | None:
    """Whether the status says that somebody is gone; None where it is not known.

    >>> has_left("Pensiun"), has_left("Aktif"), has_left(""), has_left("???")
    (True, False, False, None)
    """
    words = " ".join(status.casefold().replace(".", " ").split())
    if words in LEAVES:
        return True
    return False if words in STAYS else None


def is_second_post(post: str) -> bool:
    """Whether a row tells of an acting or additional post, not of the definite one.

    >>> is_second_post("Plt. Kepala Biro"), is_second_post("PLH Sekretaris")
    (True, True)
    >>> is_second_post("Rangkap"), is_second_post("Pranata Komputer Ahli Muda")
    (True, False)
    """
    words = post.strip().casefold()
    return words.rstrip(".") in DOUBLE or ACTING.match(words) is not None
