"""Registers as ministries send them: headers, numbers, posts, and what must not be."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import openpyxl
import pytest

from surveys.files.faults import Faults, neutral
from surveys.files.problems import InputError
from surveys.models import Contact, Participant, Wave
from surveys.people.register import (
    USUAL,
    Registered,
    check_participants,
    load_participants,
)
from tests.surveys.box import make_draft, make_units, people_of
from tests.surveys.files import write

pytestmark = pytest.mark.django_db

HEADER = "NIP;Nama Lengkap;Kode Unit;E-mail;No. HP;Jenis Kelamin;Jabatan;Status"
ANI, BUDI = "19860926 201505 2 001", "19900117.202421.1.002"
CITRA, DEWI = "197001011995032003", "198812122010011004"


@pytest.fixture
def wave() -> Wave:
    return make_draft(make_units({"01": ["01.01", "01.02"]}))


def line(nip: str, unit: str = "01.01", **more: str) -> str:
    cells = {
        "nama": "Nama",
        "surel": "",
        "hp": "",
        "jk": "P",
        "jabatan": "",
        "status": "",
    }
    cells |= more
    first = (nip, cells["nama"], unit)
    return ";".join(
        (*first, *(cells[c] for c in ("surel", "hp", "jk", "jabatan", "status")))
    )


def staff(n: int, unit: str = "01.01") -> list[str]:
    return [line(f"19860926{2000 + k:04}012{k:03}", unit) for k in range(n)]


def file(folder: Path, *lines: str) -> Path:
    return write(folder, "\n".join((HEADER, *lines)))


def load(wave: Wave, path: Path, **more: object) -> Registered:
    options = {"strata": USUAL, **more}
    return load_participants(wave=wave, path=path, **options)  # type: ignore[arg-type]


def faults_of(wave: Wave, path: Path) -> list[str]:
    faults = Faults()
    check_participants(wave=wave, path=path, strata=USUAL, faults=faults)
    return [str(problem) for problem in faults.first]


def contact_of(nip: str) -> Contact:
    return Contact.objects.get(person_key=nip)


# --- cells ---------------------------------------------------------------------------


def test_usual_headers_are_understood_and_numbers_made_uniform(
    wave: Wave, tmp_path: Path
) -> None:
    path = file(
        tmp_path,
        line(ANI, nama="Ani, S.E.", surel="ani@contoh.go.id", hp="0812-3456-7890"),
        line(BUDI, "01.02", hp="(021) 345 0038", jk="L"),
    )
    loaded = load(wave, path)
    assert (loaded.n_added, loaded.strata, loaded.unused_columns) == (2, ("sex",), ())
    ani = contact_of("198609262015052001")
    assert (ani.name, ani.email) == ("Ani, S.E.", "ani@contoh.go.id")
    assert (ani.phone, ani.participant.strata) == ("+6281234567890", {"sex": "P"})
    assert contact_of("199001172024211002").phone == "+62213450038"


def test_a_pppk_is_a_person_though_13_and_14_are_no_month(
    wave: Wave, tmp_path: Path
) -> None:
    assert load(wave, file(tmp_path, line("199001172024991002"))).n_added == 1


@pytest.mark.parametrize(
    ("bad", "place"),
    [
        (line("1986092620150520"), "kolom NIP: bukan NIP"),
        (line("198613262015052001"), "kolom NIP: bukan NIP"),
        (line("198609262015053001"), "kolom NIP: bukan NIP"),
        (line(""), "kolom NIP: tidak boleh kosong"),
        (line(ANI, "99"), "kolom Kode Unit: unit ini tidak dikenal"),
        (line(ANI, "Unit 01.01"), "kolom Kode Unit: ini nama unit; tulis kodenya"),
        (line(ANI, surel="ani(at)contoh"), "kolom E-mail: bukan alamat surel"),
        (line(ANI, hp="0812"), "kolom No. HP: harus nomor telepon"),
        (line(ANI, jk=""), "kolom Jenis Kelamin: strata tidak boleh kosong"),
        (line(ANI, status="entah"), "kolom Status: status tidak dikenal"),
        (line(BUDI, nama="Lagi"), "sudah ada di baris sebelumnya (2)"),
    ],
)
def test_each_wrong_cell_is_named_and_nothing_is_written(
    wave: Wave, tmp_path: Path, bad: str, place: str
) -> None:
    path = file(tmp_path, line(BUDI), bad)
    faults = faults_of(wave, path)
    assert len(faults) == 1
    assert faults[0].startswith("baris 3")
    assert place in faults[0]
    with pytest.raises(InputError):
        load(wave, path)
    assert not Participant.objects.exists()


def test_faults_are_written_with_their_content_which_no_spreadsheet_computes(
    wave: Wave, tmp_path: Path
) -> None:
    path = file(tmp_path, line("=cmd|'/c calc'!A1"), line(ANI, "@SUM(1)"))
    target = tmp_path / "kesalahan.csv"
    with Faults(target) as faults:
        check_participants(wave=wave, path=path, strata=USUAL, faults=faults)
    rows = target.read_bytes().decode("utf-8").splitlines()
    assert rows[0] == "\ufeffbaris;kolom;isi;yang keliru"
    assert rows[1].startswith("2;NIP;'=cmd|'/c calc'!A1;")
    assert rows[2].startswith("3;Kode Unit;'@SUM(1);")
    assert [neutral(text) for text in ("+1", "-1", "\t1", "1")] == [
        "'+1",
        "'-1",
        "'\t1",
        "1",
    ]


def test_a_workbook_is_a_register_too(wave: Wave, tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    sheet.append(["NIP", "Nama", "Unit", "Surel", "HP", "Golongan", "Lahir"])
    sheet.append(
        [
            "198609262015052001",
            "Ani",
            "01.01",
            None,
            81234567890,
            "III",
            date(1986, 9, 26),
        ]
    )
    path = tmp_path / "daftar.xlsx"
    book.save(path)
    loaded = load(wave, path)
    assert (loaded.strata, loaded.unused_columns) == (("grade",), ("Lahir",))
    assert contact_of("198609262015052001").phone == "+6281234567890"


def test_a_nip_that_excel_made_a_number_is_refused(wave: Wave, tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.worksheets[0].append(["NIP", "Nama", "Unit", "Surel", "HP"])
    book.worksheets[0].append([198609262015052001, "Ani", "01.01", None, None])
    path = tmp_path / "daftar.xlsx"
    book.save(path)
    (fault,) = faults_of(wave, path)
    assert "baris 2, kolom NIP" in fault
    assert "format Teks" in fault


def test_other_staff_numbers_are_taken_under_another_name(
    wave: Wave, tmp_path: Path
) -> None:
    path = write(tmp_path, "Nomor Pegawai,Nama,Unit,Surel,HP\nA-7,Ani,01.01,,\n")
    assert load(wave, path).n_added == 1


def test_strata_can_be_chosen_by_the_name_in_the_file(
    wave: Wave, tmp_path: Path
) -> None:
    path = write(
        tmp_path,
        "NIP,Nama,Unit,Surel,HP,JK,Kelompok Umur\n" + f"{ANI},Ani,01.01,,,P,30\n",
    )
    loaded = load(wave, path, strata=("kelompok umur", "jenis kelamin"))
    assert loaded.strata == ("kelompok_umur", "sex")
    assert people_of(wave)[0].strata == {"kelompok_umur": "30", "sex": "P"}
    with pytest.raises(InputError, match="sudah ditetapkan"):
        load(wave, path, strata=("jenis kelamin",))
    assert load(wave, path).n_unchanged == 1


# --- posts, leavers, transferees -----------------------------------------------------


def test_an_acting_post_gives_way_to_the_definite_one(
    wave: Wave, tmp_path: Path
) -> None:
    path = file(
        tmp_path,
        line(ANI, "01.02", jabatan="Plt. Kepala Biro"),
        line(ANI, "01.01", jabatan="Kepala Bagian"),
        line(ANI, "01.02", jabatan="Jabatan Rangkap"),
        line(BUDI, "01.02", jabatan="Plh. Sekretaris"),
    )
    loaded = load(wave, path)
    assert (loaded.n_added, loaded.n_second_posts) == (2, 2)
    assert contact_of("198609262015052001").participant.unit.code == "01.01"
    assert contact_of("199001172024211002").participant.unit.code == "01.02"


def test_who_is_marked_as_having_left_needs_no_unit_and_can_come_back(
    wave: Wave, tmp_path: Path
) -> None:
    load(wave, file(tmp_path, line(ANI, nama="Ani"), line(BUDI)))
    gone = line(ANI, "", nama="", jk="", status="Pensiun")
    stranger = line(CITRA, "", jk="", status="Keluar")
    loaded = load(wave, file(tmp_path, gone, stranger))
    assert (loaded.n_left, loaded.n_strangers_who_left, loaded.n_gone) == (1, 1, 1)
    ani = contact_of("198609262015052001")
    assert (ani.participant.has_left, ani.name) == (True, "Ani")
    assert load(wave, file(tmp_path, line(ANI))).n_returned == 1
    assert not contact_of("198609262015052001").participant.has_left


def test_a_transferee_with_two_rows_stands_where_the_open_one_says(
    wave: Wave, tmp_path: Path
) -> None:
    path = file(tmp_path, line(ANI, "01.01", status="Keluar"), line(ANI, "01.02"))
    assert load(wave, path).n_added == 1
    assert people_of(wave)[0].unit.code == "01.02"


def test_whoever_a_complete_file_lacks_has_left(wave: Wave, tmp_path: Path) -> None:
    load(wave, file(tmp_path, line(ANI), line(BUDI)))
    path = file(tmp_path, line(BUDI))
    assert load(wave, path).n_gone == 1
    assert not contact_of("198609262015052001").participant.has_left
    assert load(wave, path, marks_gone=True).n_gone == 1
    assert contact_of("198609262015052001").participant.has_left
    assert not contact_of("199001172024211002").participant.has_left
