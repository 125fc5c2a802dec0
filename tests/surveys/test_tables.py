"""Tables that people send: CSV and XLSX are read alike, and refused in sentences."""

from __future__ import annotations

import gzip
import struct
import zipfile
from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path

import openpyxl
import pytest

from surveys.files import csvfile, xlsxfile
from surveys.files.csvfile import Row, open_table
from surveys.files.problems import InputError, Problem


def workbook(folder: Path, *rows: Sequence[object]) -> Path:
    book = openpyxl.Workbook()
    for row in rows:
        book.worksheets[0].append(list(row))
    book.create_sheet("lain").append(["bukan ini"])
    path = folder / "tabel.xlsx"
    book.save(path)
    return path


def read(path: Path) -> tuple[list[str], list[Row], list[Problem]]:
    problems: list[Problem] = []
    with open_table(path) as table:
        rows = list(table.rows(problems.append))
        return table.header, rows, problems


def refusal(path: Path) -> str:
    with pytest.raises(InputError) as caught:
        read(path)
    return str(caught.value)


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
def test_commas_semicolons_and_tabs_are_found_out(
    tmp_path: Path, delimiter: str, mark: bytes
) -> None:
    path = tmp_path / "a.csv"
    text = 'nip;nama;unit\r\n1;"Ani; M.Si";A\r\n\r\n2;Budi;B\r\n'
    path.write_bytes(mark + text.replace(";", delimiter).encode())
    header, rows, problems = read(path)
    assert header == ["nip", "nama", "unit"]
    assert rows[0] == Row(2, ["1", f"Ani{delimiter} M.Si", "A"])
    assert rows[1] == Row(4, ["2", "Budi", "B"])
    assert not problems


def test_a_workbook_gives_the_same_rows_as_a_csv(tmp_path: Path) -> None:
    path = workbook(
        tmp_path,
        ["nip", "nama", "sejak", "jam", "n", "bagian", "aktif", None],
        [],
        [
            "007",
            " Ani ",
            date(2026, 11, 20),
            datetime(2026, 1, 1, 10, 0),  # noqa: DTZ001  # cells know no zone
            12,
            1.5,
            True,
        ],
    )
    header, rows, problems = read(path)
    assert header == ["nip", "nama", "sejak", "jam", "n", "bagian", "aktif"]
    cells = ["007", "Ani", "2026-11-20", "2026-01-01 10:00:00", "12", "1.5", "TRUE"]
    assert rows == [Row(3, cells)]
    assert not problems


def test_a_number_that_excel_has_cut_is_named_by_its_place(tmp_path: Path) -> None:
    path = workbook(tmp_path, ["nip", "nama"], [198609262015051001, "Ani"], ["1", "B"])
    _header, rows, problems = read(path)
    assert [row.line for row in rows] == [3]
    assert problems[0].where == "baris 2, kolom nip"
    assert "format Teks" in problems[0].reason


def test_a_formula_gives_its_last_value_or_nothing(tmp_path: Path) -> None:
    path = workbook(tmp_path, ["a", "b"], ["=1+1", "x"])
    assert read(path)[1] == [Row(2, ["", "x"])]


def test_empty_columns_at_the_end_are_none(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("nip,nama,,\n1,Ani,,\n2,Budi,,x\n3\n")
    header, rows, problems = read(path)
    assert header == ["nip", "nama"]
    assert rows == [Row(2, ["1", "Ani"])]
    assert [problem.line for problem in problems] == [3, 4]


@pytest.mark.parametrize("encoding", ["cp1252", "utf-16"])
def test_another_encoding_is_refused_with_what_to_do(
    tmp_path: Path, encoding: str
) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes("nip,nama\n1,Zoë\n".encode(encoding))
    assert "Simpan ulang sebagai “CSV UTF-8”" in refusal(path)


def test_half_a_workbook_is_refused(tmp_path: Path) -> None:
    path = workbook(tmp_path, ["nip"], *([n] for n in range(3000)))
    path.write_bytes(path.read_bytes()[:-500])
    assert "rusak atau terpotong" in refusal(path)


def test_half_a_gzip_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.csv.gz"
    text = "nip\n" + "\n".join(str(n * n) for n in range(9000))
    path.write_bytes(gzip.compress(text.encode())[:-100])
    assert "terpotong" in refusal(path)


def test_an_old_workbook_is_refused_with_what_to_do(tmp_path: Path) -> None:
    path = tmp_path / "a.xls"
    path.write_bytes(xlsxfile.OLD_EXCEL + b"x" * 512)
    assert "Simpan sebagai .xlsx" in refusal(path)


def test_another_archive_is_no_workbook(tmp_path: Path) -> None:
    import zipfile

    path = tmp_path / "a.docx"
    with zipfile.ZipFile(path, "w") as packed:
        packed.writestr("word/document.xml", "<x/>")
    assert "bukan .xlsx" in refusal(path)


@pytest.mark.parametrize("limit", ["MOST_PACKED", "MOST_UNPACKED", "MOST_ROWS"])
def test_too_large_a_workbook_should_come_as_csv(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, limit: str
) -> None:
    monkeypatch.setattr(xlsxfile, limit, 2)
    path = workbook(tmp_path, ["nip"], *([n] for n in range(9)))
    assert "CSV UTF-8" in refusal(path)


@pytest.mark.parametrize("far", ["XFD1048576", "AAA300000"])
def test_one_cell_far_out_does_not_fill_the_memory(tmp_path: Path, far: str) -> None:
    path = tmp_path / "luas.xlsx"
    book = openpyxl.Workbook()
    book.active["A1"] = "kode"  # type: ignore[index]  # a new workbook has a sheet
    book.active[far] = "x"  # type: ignore[index]
    book.save(path)
    assert "jauh di luar tabel" in refusal(path)
    with path.open("rb") as raw, pytest.raises(InputError, match="jauh di luar"):
        xlsxfile.read_sheets(raw, ["Sheet"])


def test_an_entry_that_lies_about_its_size_is_damaged(tmp_path: Path) -> None:
    path = workbook(tmp_path, ["kode"], *(["A" * 50] for _ in range(200)))
    with zipfile.ZipFile(path) as packed:
        sheet = packed.getinfo("xl/worksheets/sheet1.xml")
    content = bytearray(path.read_bytes())
    declared = struct.pack("<I", sheet.file_size)
    content = content.replace(declared, struct.pack("<I", 100))
    path.write_bytes(content)
    assert "rusak" in refusal(path)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (",".join(f"k{n}" for n in range(501)), "lebih dari 500 kolom"),
        ("kode,nama\n" + "a" * 1_000_001, "barisnya terlalu panjang"),
    ],
)
def test_what_no_table_has_is_refused_before_it_is_held(
    tmp_path: Path, text: str, words: str
) -> None:
    path = tmp_path / "bom.csv.gz"
    path.write_bytes(gzip.compress(text.encode()))
    assert words in refusal(path)


def test_a_small_archive_of_a_huge_file_is_not_read_to_its_end(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(csvfile, "MOST_UNPACKED", 10_000)
    path = tmp_path / "bom.csv.gz"
    path.write_bytes(gzip.compress(b"kode,nama\n" + b"A,B\n" * 5_000))
    assert "Berkas terlalu besar" in refusal(path)
