"""``load_participants``: who is invited; nobody is named in an error."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from surveys.box.wave_secret import read
from surveys.fieldwork import waves
from surveys.models import Contact, Participant, UnitKerja, Wave
from surveys.people.invitations import code_hash
from tests.surveys.box import make_draft, make_units, people_of
from tests.surveys.files import refusal, run, write

pytestmark = pytest.mark.django_db

HEADER = "person_key,unit_code,name,email,phone,sex,grade"


@pytest.fixture
def wave() -> Wave:
    """A draft over ``01`` with ``01.01`` and ``01.02``; ``X`` stands outside."""
    units = make_units({"01": ["01.01", "01.02"], "02": []})
    wave = make_draft(units)
    old = units["02"]
    old.valid_to = date(2023, 1, 1)
    old.save()
    make_units({}, root="X")
    return wave


def people(folder: Path, *rows: str) -> Path:
    return write(folder, "\n".join((HEADER, *rows)))


def load(path: Path, *more: object) -> str:
    return run("load_participants", "--wave", "W1", path, *more)


def twelve(unit: str = "01.01") -> list[str]:
    return [f"{unit}-{n},{unit},Nama {n},,,F,III" for n in range(12)]


def test_it_registers_people_with_their_code_and_strata(
    wave: Wave, tmp_path: Path
) -> None:
    rows = ("7,01.01,Ani,ani@contoh.id,081112345678,F,III", "8,01.02,Budi,,,M,IV")
    assert load(people(tmp_path, *rows)).startswith("2 orang ditambahkan")
    ani, budi = people_of(wave)
    assert (ani.unit.code, ani.strata) == ("01.01", {"sex": "F", "grade": "III"})
    assert ani.contact.email == "ani@contoh.id"
    assert ani.state == Participant.State.INVITED
    assert budi.code_hash == code_hash(read(wave), budi.pk, 1)
    assert ani.pk.version == 4
    stratifiers = list(wave.stratifiers.all())
    assert [s.code for s in stratifiers] == ["sex", "grade"]
    assert stratifiers[1].categories == [
        {"code": "III", "label": "III"},
        {"code": "IV", "label": "IV"},
    ]


@pytest.mark.parametrize("phone", ["abc", "0811", "08-11-x-12345", "0" * 16])
def test_a_phone_that_cannot_be_called_is_named_by_its_line(
    wave: Wave, tmp_path: Path, phone: str
) -> None:
    rows = ("7,01.01,Ani,,+62 812-3456.7890,F,III", f"8,01.01,Budi,,{phone},M,IV")
    said = refusal("load_participants", "--wave", "W1", people(tmp_path, *rows))
    assert "baris 3, kolom phone" in said
    assert phone not in said
    assert not Participant.objects.exists()


def test_a_file_of_headings_alone_is_refused(wave: Wave, tmp_path: Path) -> None:
    said = refusal("load_participants", "--wave", "W1", people(tmp_path))
    assert "Tidak ada satu orang pun" in said


def test_every_column_that_is_missing_is_named_at_once(
    wave: Wave, tmp_path: Path
) -> None:
    path = write(tmp_path, "person_key,unit_code,name,email\n7,01.01,Ani,")
    order = ("--wave", "W1", path, "--strata", "sex,grade")
    said = refusal("load_participants", *order)
    for column in ("phone", "sex", "grade"):
        assert f"kolom {column}" in said


def test_loading_again_changes_nothing(wave: Wave, tmp_path: Path) -> None:
    path = people(tmp_path, *twelve())
    load(path)
    before = list(Participant.objects.order_by("pk").values())
    said = load(path)
    assert said == "0 orang ditambahkan, 0 berubah, 12 tidak berubah."
    assert list(Participant.objects.order_by("pk").values()) == before


def test_a_draft_follows_the_file_but_keeps_ids_and_codes(
    wave: Wave, tmp_path: Path
) -> None:
    load(people(tmp_path, "7,01.01,Ani,,,F,III", "8,01.02,Budi,,,M,IV"))
    ani = people_of(wave)[0]
    said = load(people(tmp_path, "7,01.02,Ani Baru,,,F,II", "8,01.02,Budi B,,,M,IV"))
    assert said == "0 orang ditambahkan, 2 berubah, 0 tidak berubah."
    again = people_of(wave)[0]
    assert (again.pk, again.code_hash) == (ani.pk, ani.code_hash)
    assert (again.unit.code, again.strata["grade"]) == ("01.02", "II")
    assert again.contact.name == "Ani Baru"
    grade = wave.stratifiers.get(code="grade")
    assert [c["code"] for c in grade.categories] == ["II", "III", "IV"]


def test_strata_can_be_chosen_ordered_and_named(wave: Wave, tmp_path: Path) -> None:
    labels = tmp_path / "label.yaml"
    labels.write_text("sex: {name: Jenis kelamin, categories: {F: Perempuan}}\n")
    path = people(tmp_path, "7,01.01,Ani,,,F,III")
    said = load(path, "--strata", "sex", "--strata-labels", labels)
    assert "Kolom yang tidak dipakai: grade." in said
    (sex,) = wave.stratifiers.all()
    assert sex.name == "Jenis kelamin"
    assert sex.label_of("F") == "Perempuan"
    said = refusal("load_participants", "--wave", "W1", path, "--strata", "grade,sex")
    assert "sudah ditetapkan: sex" in said


def test_a_number_written_with_blanks_is_the_same_person(
    wave: Wave, tmp_path: Path
) -> None:
    load(people(tmp_path, "19860926 201505 1 001,01.01,Ani,,,F,III"))
    said = load(people(tmp_path, "198609262015051001,01.01,Ani,,,F,III"))
    assert said.endswith("1 tidak berubah.")
    assert Contact.objects.get().person_key == "198609262015051001"


@pytest.mark.parametrize(
    ("row", "place"),
    [
        ("7,01.02,Rahasia,,,F,III", "kolom person_key: orang ini sudah ada"),
        (",01.01,Rahasia,,,F,III", "kolom person_key: tidak boleh kosong"),
        ("8,99,Rahasia,,,F,III", "kolom unit_code: unit ini tidak dikenal"),
        ("8,X,Rahasia,,,F,III", "kolom unit_code: unit ini di luar"),
        ("8,02,Rahasia,,,F,III", "kolom unit_code: unit ini tidak berlaku"),
        ("8,01.01,Rahasia,,,,III", "kolom sex: strata tidak boleh kosong"),
        ("8,01.01,Rahasia,rahasia@,,F,III", "kolom email: bukan alamat"),
        (f"8,01.01,Rahasia,,{'0' * 21},F,III", "kolom phone: harus nomor telepon"),
        (f"8,01.01,{'Rahasia' * 30},,,F,III", "kolom name: lebih dari 200"),
        ("8,01.01,Rahasia,,,F", ": ada 6 kolom, seharusnya 7"),
    ],
)
def test_a_bad_row_names_line_and_column_but_nobody(
    wave: Wave, tmp_path: Path, row: str, place: str
) -> None:
    path = people(tmp_path, "7,01.01,Ani,,,F,III", row)
    said = refusal("load_participants", "--wave", "W1", path)
    assert "baris 3" in said
    assert place in said
    assert "rahasia" not in said.lower()
    assert not Participant.objects.exists()
    assert not wave.stratifiers.exists()


def test_a_unit_counts_as_it_was_on_the_reference_date(
    wave: Wave, tmp_path: Path
) -> None:
    Wave.objects.update(reference_date=date(2022, 6, 1))
    load(people(tmp_path, "8,02,Budi,,,F,III"))
    assert people_of(wave)[0].unit == UnitKerja.objects.get(code="02")


def test_an_open_wave_takes_new_people_and_moves_nobody(
    wave: Wave, tmp_path: Path
) -> None:
    load(people(tmp_path, *twelve("01.01"), *twelve("01.02")))
    waves.open_wave(wave=wave)
    rows = ("01.01-0,01.02,Nama Baru,,,F,III", "baru,01.02,Dewi,,,F,III")
    said = load(people(tmp_path, *rows))
    assert said.startswith("1 orang ditambahkan")
    assert "1 orang tetap di unit" in said
    stayed = Participant.objects.get(contact__person_key="01.01-0")
    fresh = Participant.objects.get(contact__person_key="baru")
    assert (stayed.unit.code, stayed.contact.name) == ("01.01", "Nama Baru")
    assert fresh.cell
    assert fresh.cell.unit.code == "01.02"
    assert fresh.cell.n_registered == 12


def test_an_open_wave_has_no_place_outside_its_frame(
    wave: Wave, tmp_path: Path
) -> None:
    load(people(tmp_path, *twelve("01.01"), *twelve("01.02")))
    waves.open_wave(wave=wave)
    path = people(tmp_path, "baru,01.02,Rahasia,,,M,III")
    said = refusal("load_participants", "--wave", "W1", path)
    assert "baris 2, kolom unit_code: unit dan strata ini tidak ada" in said
    waves.close_wave(wave=wave)
    said = refusal("load_participants", "--wave", "W1", path)
    assert "tidak dapat diubah lagi" in said


def test_an_imported_wave_has_no_register(wave: Wave, tmp_path: Path) -> None:
    Wave.objects.update(source=Wave.Source.IMPORTED)
    path = people(tmp_path, "7,01.01,Ani,,,F,III")
    assert "load_frame" in refusal("load_participants", "--wave", "W1", path)


def test_an_unknown_wave_gets_a_sentence(tmp_path: Path) -> None:
    said = refusal("load_participants", "--wave", "TIDAK", people(tmp_path))
    assert "Tidak ada gelombang berkode TIDAK" in said


def test_a_thousand_people_do_not_disturb_each_other(
    wave: Wave, tmp_path: Path
) -> None:
    rows = (f"{n},01.0{n % 2 + 1},Nama \\ {n},,,{'FM'[n % 2]},III" for n in range(1000))
    load(people(tmp_path, *rows))
    assert Participant.objects.values("code_hash").distinct().count() == 1000
    contact = Contact.objects.get(person_key="11")
    assert contact.name == r"Nama \ 11"
    assert contact.participant.unit.code == "01.02"
