"""What is masked in a comment, however it is spelled, and what is left."""

from __future__ import annotations

import time

import pytest

from surveys.answering.forms import LONGEST_COMMENT
from surveys.answering.masking import mask

NUMBERS = (
    "0812-3456-7890",
    "0812 - 3456 - 7890",
    "0812–3456–7890",
    "0812/3456/7890",
    "0812.3456.7890",
    "(0812) 3456 7890",
    "(+62) 812 3456 7890",
    "+62 (812) 3456-7890",
    "021-3456789",
    "19860926 201505 1 001",
    "6281234567890",
    "812-3456-7890",
    "3 0812 3456 7890",
)
HARMLESS = (
    "2021 - 2022",
    "2021/2022/2023",
    "2019–2020–2021",
    "01/02/2023 - 05/02/2023",
    "17.08.2024",
    "10.000.000",
    "100.000.000",
    "1250000000",
    "Rp125.000.000.000",
    "1 2 3 4 5 6 7 8 9",
    "pukul 07.30 - 16.00",
)


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("NIP 19860926 201505 1 001 itu", "NIP [nomor disamarkan] itu"),
        ("hubungi +62 812-3456-7890", "hubungi [nomor disamarkan]"),
        ("ani@kemendagri.go.id", "[surel disamarkan]"),
        ("Rapat 3 jam, 12 orang, tahun 2026", "Rapat 3 jam, 12 orang, tahun 2026"),
        ("kantor +62 (0)21-345-6789.", "kantor [nomor disamarkan]."),
        ("2021 - 2022 0812 3456 7890", "[nomor disamarkan]"),
    ],
)
def test_numbers_and_addresses_in_comments_are_masked(written: str, kept: str) -> None:
    assert mask(written) == kept


@pytest.mark.parametrize("number", NUMBERS)
def test_a_number_is_masked_however_it_is_spelled(number: str) -> None:
    assert mask(f"Tanya {number} saja") == "Tanya [nomor disamarkan] saja"


@pytest.mark.parametrize("harmless", HARMLESS)
def test_years_dates_and_amounts_are_left(harmless: str) -> None:
    assert mask(f"Pada {harmless} saja") == f"Pada {harmless} saja"


def test_fourteen_digits_in_a_row_are_masked_whatever_they_mean() -> None:
    assert mask("Rp1.250.000.000.000.000") == "Rp[nomor disamarkan]"


def test_masking_takes_no_time_over_a_comment_made_for_it() -> None:
    began = time.perf_counter()
    for piece in ("1((( ", "1 - - ", "(+(+", "12345678x", "2021/"):
        mask((piece * LONGEST_COMMENT)[:LONGEST_COMMENT])
    assert time.perf_counter() - began < 1
