"""A file of units is tried, and applied as it was shown, or not at all."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest

from surveys.errors import SurveyError
from surveys.models import FormerUnit, UnitImport, UnitKerja
from surveys.structure.unit_imports import apply_units
from tests.surveys.unit_files import AS_IT_IS, REORGANISED, TODAY, reasons, tried

pytestmark = pytest.mark.django_db


def kinds_of(trial: UnitImport) -> dict[str, set[str]]:
    return {line.code: set(line.kinds) for line in trial.lines.all()}


def tree() -> list[tuple[object, ...]]:
    rows = UnitKerja.objects.order_by("path")
    return list(rows.values_list("path", "name", "parent", "valid_to"))


# --- trying --------------------------------------------------------------------------


def test_a_file_of_the_tree_as_it_is_changes_nothing(
    units: dict[str, UnitKerja], tmp_path: Path
) -> None:
    trial = tried(tmp_path, AS_IT_IS)
    assert not trial.lines.exists()
    assert trial.counts == {"rows": 9, "same": 9}
    assert trial.n_problems == 0


def test_it_tells_what_is_new_renamed_moved_closed_and_missing(
    units: dict[str, UnitKerja], tmp_path: Path
) -> None:
    before = tree()
    trial = tried(tmp_path, REORGANISED)
    assert kinds_of(trial) == {
        "01": {"renamed"},
        "01.01": {"moved"},
        "01.02": {"renamed", "moved"},
        "02.01": {"renamed"},
        "02.02": {"closed"},
        "02.03": {"missing"},
        "04": {"added"},
    }
    assert trial.counts["same"] == 3
    assert tree() == before, "trying writes nothing to the tree"


def test_a_missing_unit_that_is_still_a_parent_is_not_offered_for_closing(
    units: dict[str, UnitKerja], tmp_path: Path
) -> None:
    rows = AS_IT_IS.replace("02,Unit 02,,ESELON_I,KEM,,2022-01-01,\n", "")
    assert kinds_of(tried(tmp_path, rows)) == {"02": {"kept"}}


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ("05,X,,I,XX,,2022-01-01,", "11 kode_induk: induk tidak ada"),
        ("03,X,,I,KEM,,2022-01-01,", "11 kode: kode sudah ada di baris 10"),
        ("05,,,I,KEM,,2022-01-01,", "11 nama: tidak boleh kosong"),
        ("05,X,,I,KEM,,01/02/2022,", "11 berlaku_sejak: tanggal harus"),
        ("05,X,,I,KEM,,44562,", "11 berlaku_sejak: tanggal harus"),
        ("05,X,,I,KEM,,2022-01-02,2022-01-01", "11 berlaku_sampai: lebih awal"),
        ("05,X,,I,05,,2022-01-01,", "11 kode_induk: unit ini menjadi induk"),
        ("05,X,,I,KEM,,2022-01-01", "11 : ada 7 kolom"),
    ],
)
def test_each_fault_names_its_row_and_column(
    units: dict[str, UnitKerja], tmp_path: Path, row: str, reason: str
) -> None:
    trial = tried(tmp_path, f"{AS_IT_IS}{row}\n")
    assert reasons(trial)[0].startswith(reason)
    with pytest.raises(SurveyError, match="Perbaiki dulu"):
        apply_units(trial=trial, applied_by=None)


def test_faults_of_every_sort_come_at_once(
    units: dict[str, UnitKerja], tmp_path: Path
) -> None:
    rows = """
05,X,,ESELON_I,XX,,01/02/2022,
05.01,Y,,ESELON_II,05,,2022-01-01,
05.02,Z,,ESELON_II,05.03,,2022-01-01,
"""
    trial = tried(tmp_path, AS_IT_IS + rows.lstrip())
    assert [reason.partition(":")[0] for reason in reasons(trial)] == [
        "11 kode_induk",
        "11 berlaku_sejak",
        "13 kode_induk",
    ], "a child of a faulty row has its parent in the file"
    assert not trial.lines.exists()


@pytest.mark.parametrize("level", ["Eselon II", "eselon 2", "ESELON-II", "Eselon_ii"])
def test_a_level_is_known_however_it_is_written(
    units: dict[str, UnitKerja], tmp_path: Path, level: str
) -> None:
    trial = tried(tmp_path, AS_IT_IS.replace("ESELON_II", level))
    assert not trial.lines.exists()
    assert "new_levels" not in trial.counts


def test_names_repeat_and_codes_do_not(
    units: dict[str, UnitKerja], tmp_path: Path
) -> None:
    rows = AS_IT_IS + "04,Unit 03,,ESELON_I,KEM,,2026-01-01,\n"
    assert not reasons(tried(tmp_path, rows))


def test_zeros_that_excel_took_are_noticed(
    units: dict[str, UnitKerja], tmp_path: Path
) -> None:
    rows = AS_IT_IS.replace("\n03,", "\n3,")
    assert "mungkin maksudnya 03" in reasons(tried(tmp_path, rows))[0]


def test_a_child_does_not_outlive_its_parent(
    units: dict[str, UnitKerja], tmp_path: Path
) -> None:
    open_ended = "01,Unit 01,,ESELON_I,KEM,,2022-01-01,"
    closed = AS_IT_IS.replace(open_ended, f"{open_ended}2026-01-01")
    found = reasons(tried(tmp_path, closed))
    assert len(found) == 2
    assert "berlaku lebih lama daripada induknya" in found[0]
    found = reasons(tried(tmp_path, f"\n{open_ended}2026-01-01\n"))
    assert "masih ada unit di bawahnya: 01.01" in found[0]


def test_a_change_before_one_that_is_recorded_is_refused(
    units: dict[str, UnitKerja], tmp_path: Path
) -> None:
    apply_units(trial=tried(tmp_path, REORGANISED), applied_by=None)
    earlier = TODAY - timedelta(days=10)
    again = REORGANISED.replace("Badan Satu", "Badan Dua")
    [fault] = reasons(tried(tmp_path, again, starts_on=earlier))
    assert "sesudah perubahan" in fault
    with pytest.raises(SurveyError, match="paling awal"):
        tried(tmp_path, again, starts_on=TODAY + timedelta(days=1))


# --- applying ------------------------------------------------------------------------


def test_exactly_what_was_shown_is_applied(
    units: dict[str, UnitKerja], tmp_path: Path
) -> None:
    trial = tried(tmp_path, REORGANISED)
    apply_units(trial=trial, applied_by=None)
    paths = dict(UnitKerja.objects.values_list("code", "path"))
    assert paths["01.01"] == "KEM/02/01.01/"
    assert paths["01.02"] == "KEM/03/01.02/"
    assert paths["04"] == "KEM/04/"
    assert UnitKerja.objects.get(code="02.02").valid_to == date(2030, 12, 31)
    assert UnitKerja.objects.get(code="02.03").valid_to is None, "nobody asked for it"
    past = {each.unit.code: each for each in FormerUnit.objects.select_related("unit")}
    assert set(past) == {"01", "01.01", "01.02", "02.01"}
    assert past["01.02"].name == "Unit 01.02"
    assert past["01.02"].parent == units["01"]
    assert past["01.02"].valid_to == TODAY - timedelta(days=1)
    assert past["01.02"].reason == "Perpres 1"
    assert kinds_of(tried(tmp_path, REORGANISED)) == {"02.03": {"missing"}}


def test_missing_units_close_on_the_day_that_was_chosen(
    units: dict[str, UnitKerja], tmp_path: Path
) -> None:
    trial = tried(tmp_path, REORGANISED)
    apply_units(trial=trial, applied_by=None, closed_on=date(2026, 6, 30))
    assert UnitKerja.objects.get(code="02.03").valid_to == date(2026, 6, 30)
    early = tried(tmp_path, "\nKEM,Kementerian Contoh,,INSTANSI,,,2022-01-01,\n")
    with pytest.raises(SurveyError, match="Pilih tanggal"):
        apply_units(trial=early, applied_by=None, closed_on=date(2020, 1, 1))


def test_a_correction_leaves_no_past(
    units: dict[str, UnitKerja], tmp_path: Path
) -> None:
    apply_units(trial=tried(tmp_path, REORGANISED, starts_on=None), applied_by=None)
    assert UnitKerja.objects.get(code="01").name == "Badan Satu"
    assert not FormerUnit.objects.exists()


def test_a_tree_that_changed_in_between_is_left_alone(
    units: dict[str, UnitKerja], tmp_path: Path
) -> None:
    first, second = tried(tmp_path, REORGANISED), tried(tmp_path, REORGANISED)
    apply_units(trial=first, applied_by=None)
    before = tree()
    with pytest.raises(SurveyError, match="berubah sejak berkas ini diperiksa"):
        apply_units(trial=second, applied_by=None)
    with pytest.raises(SurveyError, match="sudah diterapkan"):
        apply_units(trial=first, applied_by=None)
    assert tree() == before


def test_a_code_taken_elsewhere_in_between_is_noticed(
    units: dict[str, UnitKerja], tmp_path: Path
) -> None:
    rows = "\n02,Unit 02,,ESELON_I,KEM,,2022-01-01,\n02.9,Baru,,II,02,,2026-01-01,\n"
    trial = tried(tmp_path, rows, root=units["02"])
    UnitKerja.objects.create(
        code="02.9", name="X", level="II", path="KEM/03/02.9/", valid_from=TODAY
    )
    with pytest.raises(SurveyError, match="berubah sejak"):
        apply_units(trial=trial, applied_by=None)


# --- a part of the tree --------------------------------------------------------------


def test_a_part_is_imported_by_itself(
    units: dict[str, UnitKerja], tmp_path: Path
) -> None:
    rows = """
    02,Unit Dua,,ESELON_I,,,2022-01-01,
    02.01,Unit 02.01,,ESELON_II,02,,2022-01-01,
    02.04,Unit 02.04,,ESELON_II,02,,2026-01-01,
    """
    trial = tried(tmp_path, rows, root=units["02"])
    assert not reasons(trial)
    assert kinds_of(trial) == {
        "02": {"renamed"},
        "02.02": {"missing"},
        "02.03": {"missing"},
        "02.04": {"added"},
    }
    apply_units(trial=trial, applied_by=None, closed_on=TODAY)
    assert UnitKerja.objects.get(code="02.04").path == "KEM/02/02.04/"
    assert UnitKerja.objects.get(code="02").parent == units["KEM"]
    assert UnitKerja.objects.filter(valid_to=TODAY).count() == 2


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ("03,Curian,,ESELON_I,02,,2022-01-01,", "sudah dipakai unit di luar"),
        ("02.9,X,,ESELON_II,03,,2022-01-01,", "induk tidak ada"),
        ("02.9,X,,ESELON_II,TIDAK,,2022-01-01,", "induk tidak ada"),
        ("02.9,X,,ESELON_II,,,2022-01-01,", "induk harus diisi"),
        ("02,Unit 02,,ESELON_I,03,,2022-01-01,", "induk tidak ada"),
    ],
)
def test_nothing_outside_of_the_part_is_touched(
    units: dict[str, UnitKerja], tmp_path: Path, row: str, reason: str
) -> None:
    trial = tried(tmp_path, f"\n{row}\n", root=units["02"])
    assert reason in reasons(trial)[0]
