"""``load_units``: the tree comes in whole, or not at all."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest

from surveys.models import UnitKerja
from tests.surveys.files import refusal, run, write

pytestmark = pytest.mark.django_db

OWN_COPY = Path(__file__).parents[2] / "surveys" / "data" / "kemendagri_units.csv"
HEADER = "code,name,acronym,level,parent_code,kind,valid_from,valid_to"


def units(folder: Path, *rows: str) -> Path:
    return write(folder, "\n".join((HEADER, *rows)))


def paths() -> dict[str, str]:
    return dict(UnitKerja.objects.values_list("code", "path"))


def test_it_loads_the_ministry_and_changes_nothing_the_second_time() -> None:
    assert run("load_units", OWN_COPY).startswith("46 unit ditambahkan, 0 berubah")
    keys = dict(UnitKerja.objects.values_list("code", "pk"))
    said = run("load_units", OWN_COPY)
    assert said == "0 unit ditambahkan, 0 berubah, 46 tidak berubah."
    assert dict(UnitKerja.objects.values_list("code", "pk")) == keys
    assert UnitKerja.objects.filter(level="ESELON_I").count() == 11
    assert paths()["03.02"] == "KEMENDAGRI/03/03.02/"


def test_a_parent_may_come_later_in_the_file(tmp_path: Path) -> None:
    rows = ("B,Biro,,II,A,,2022-01-01,", "A,Atas,,I,,,2022-01-01,")
    run("load_units", units(tmp_path, *rows))
    assert paths() == {"A": "A/", "B": "A/B/"}


def test_moving_a_unit_rewrites_the_paths_below_it(tmp_path: Path) -> None:
    tree = ("A,A,,I,,,2022-01-01,", "B,B,,I,,,2022-01-01,")
    low = ("A1,A1,,II,A,,2022-01-01,", "A11,A11,,III,A1,,2022-01-01,")
    run("load_units", units(tmp_path, *tree, *low))
    said = run("load_units", units(tmp_path, "A1,A1,,II,B,,2022-01-01,"))
    assert said == "0 unit ditambahkan, 1 berubah, 0 tidak berubah."
    assert paths() == {"A": "A/", "B": "B/", "A1": "B/A1/", "A11": "B/A1/A11/"}
    assert UnitKerja.objects.get(code="A1").parent == UnitKerja.objects.get(code="B")


def test_a_known_unit_may_move_below_a_new_one(tmp_path: Path) -> None:
    run("load_units", units(tmp_path, "A,A,,II,,,2022-01-01,"))
    rows = ("Z,Z,,I,,,2022-01-01,", "A,A baru,,II,Z,,2022-01-01,2026-12-31")
    said = run("load_units", units(tmp_path, *rows))
    assert said == "1 unit ditambahkan, 1 berubah, 0 tidak berubah."
    unit = UnitKerja.objects.get(code="A")
    assert (unit.name, unit.path, str(unit.valid_to)) == (
        "A baru",
        "Z/A/",
        "2026-12-31",
    )


@pytest.mark.parametrize(
    ("row", "place", "reason"),
    [
        ("X,X,,II,TIDAK,,2022-01-01,", "kolom parent_code", "induk tidak ada"),
        ("A,Lagi,,I,,,2022-01-01,", "kolom code", "sudah ada di baris 2"),
        ("X Y,X,,II,A,,2022-01-01,", "kolom code", "hanya boleh memuat"),
        (",X,,II,A,,2022-01-01,", "kolom code", "tidak boleh kosong"),
        ("X,,,II,A,,2022-01-01,", "kolom name", "tidak boleh kosong"),
        ("X,X,,II,A,,,", "kolom valid_from", "tidak boleh kosong"),
        ("X,X,,II,A,,01-02-2022,", "kolom valid_from", "TTTT-BB-HH"),
        ("X,X,,II,A,,2022-02-30,", "kolom valid_from", "TTTT-BB-HH"),
        ("X,X,,II,A,,2022-01-02,2022-01-01", "kolom valid_to", "lebih awal"),
        ("X,X,,II,X,,2022-01-01,", "kolom parent_code", "induk dari induknya"),
        (f"X,X,,{'L' * 31},A,,2022-01-01,", "kolom level", "lebih dari 30"),
        ("X,X,,II,A,,2022-01-01", "baris 3", "ada 7 kolom, seharusnya 8"),
    ],
)
def test_a_bad_row_names_line_and_column_and_nothing_is_written(
    tmp_path: Path, row: str, place: str, reason: str
) -> None:
    said = refusal("load_units", units(tmp_path, "A,Atas,,I,,,2022-01-01,", row))
    assert f"baris 3, {place}" in said or place == "baris 3"
    assert "baris 3" in said
    assert reason in said
    assert not UnitKerja.objects.exists()


def test_every_unit_of_a_circle_is_named_and_those_below_it_are_not(
    tmp_path: Path,
) -> None:
    circle = ("A,A,,I,B,,2022-01-01,", "B,B,,I,A,,2022-01-01,")
    said = refusal("load_units", units(tmp_path, *circle, "C,C,,I,B,,2022-01-01,"))
    assert "baris 2, kolom parent_code" in said
    assert "baris 3, kolom parent_code" in said
    assert "baris 4" not in said


def test_a_circle_through_units_already_known_is_seen(tmp_path: Path) -> None:
    rows = ("A,A,,I,,,2022-01-01,", "B,B,,I,A,,2022-01-01,")
    run("load_units", units(tmp_path, *rows))
    said = refusal("load_units", units(tmp_path, "A,A,,I,B,,2022-01-01,"))
    assert "baris 2, kolom parent_code" in said
    assert paths()["B"] == "A/B/"


def test_at_most_twenty_errors_are_listed(tmp_path: Path) -> None:
    rows = (f"X{n},X,,II,TIDAK,,2022-01-01," for n in range(25))
    said = refusal("load_units", units(tmp_path, *rows))
    assert said.count("kolom parent_code") == 20
    assert "… dan 5 kesalahan lagi" in said


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig"])
@pytest.mark.parametrize("delimiter", [",", ";"])
@pytest.mark.parametrize("is_packed", [False, True])
def test_it_reads_what_spreadsheets_write(
    tmp_path: Path, encoding: str, delimiter: str, *, is_packed: bool
) -> None:
    row = 'A,"Biro ""Ékonomi""",,I,,,2022-01-01,'
    text = "\r\n".join((HEADER, row, ",,,,,,,")).replace(",", delimiter)
    path = tmp_path / "berkas"
    raw = text.encode(encoding)
    path.write_bytes(gzip.compress(raw) if is_packed else raw)
    run("load_units", path)
    assert UnitKerja.objects.get().name == 'Biro "Ékonomi"'


@pytest.mark.parametrize(
    ("raw", "sentence"),
    [
        (HEADER.encode() + "\nA,É".encode("latin-1"), "bukan UTF-8"),
        (HEADER.encode("utf-16"), "bukan UTF-8"),
        (HEADER.encode() + b"\nA\0,", "NUL"),
        (gzip.compress(HEADER.encode() * 50)[:-12], "gzip rusak"),
        (HEADER.encode() + b'\n"A,A', "tanda kutip"),
        (b"", "judul kolom tidak ada"),
        (b"code,name,code\n", "kolom code: kolom ada dua kali"),
        (b"code,name\n", "kolom valid_to: kolom tidak ada"),
    ],
)
def test_a_file_it_cannot_read_gets_a_sentence(
    tmp_path: Path, raw: bytes, sentence: str
) -> None:
    path = tmp_path / "berkas.csv"
    path.write_bytes(raw)
    assert sentence in refusal("load_units", path)


def test_a_missing_file_gets_a_sentence(tmp_path: Path) -> None:
    assert "tidak dapat dibaca" in refusal("load_units", tmp_path / "tidak-ada.csv")


def test_a_line_is_counted_where_the_row_begins(tmp_path: Path) -> None:
    rows = ('A,"Dua\nbaris",,I,,,2022-01-01,', "X,X,,II,TIDAK,,2022-01-01,")
    assert "baris 4, kolom parent_code" in refusal("load_units", units(tmp_path, *rows))


def test_a_file_of_headings_alone_is_refused(tmp_path: Path) -> None:
    assert "Tidak ada satu unit pun" in refusal("load_units", units(tmp_path))
