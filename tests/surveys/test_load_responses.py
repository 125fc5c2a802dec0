"""``load_frame`` and ``load_responses``: answers gathered elsewhere."""

from __future__ import annotations

import csv
from collections import Counter
from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone

from surveys.fieldwork import waves
from surveys.files.imported import Rejects
from surveys.files.problems import Problem
from surveys.instruments.authoring import store_instrument
from surveys.instruments.document import Document
from surveys.models import Answer, Cell, Frame, Wave, WaveUnit
from tests.surveys.box import make_draft, make_units
from tests.surveys.files import refusal, run, write
from tests.surveys.test_load_instrument import EVERY_KIND

pytestmark = pytest.mark.django_db

HEADER = "unit_code,A1,A2,A3"


@pytest.fixture
def wave() -> Wave:
    """Open and imported, over ``01`` with two units; three questions of 1 to 3."""
    units = make_units({"01": ["01.01", "01.02"], "02": []})
    past = timezone.now() - timedelta(days=1)
    draft = make_draft(units, source=Wave.Source.IMPORTED, closes_at=past)
    return waves.open_wave(wave=draft)


def answers(folder: Path, *rows: str, header: str = HEADER) -> Path:
    return write(folder, "\n".join((header, *rows)), "jawaban.csv")


def many(unit: str, n: int = 12) -> list[str]:
    return [f"{unit},1,2,3"] * n


def arguments(folder: Path, *rows: str, header: str = HEADER) -> list[object]:
    path = answers(folder, *rows, header=header)
    return ["--wave", "W1", path, "--rejects", folder / "ditolak.csv"]


def rejects(folder: Path) -> list[list[str]]:
    with (folder / "ditolak.csv").open(encoding="utf-8") as file:
        return list(csv.reader(file))


def with_map(folder: Path, text: str) -> list[object]:
    (folder / "peta.yaml").write_text(text, encoding="utf-8")
    return ["--map", folder / "peta.yaml"]


def test_answers_become_sheets_in_the_cells_of_their_units(
    wave: Wave, tmp_path: Path
) -> None:
    rows = [*many("01.01"), *many("01.02", 11), "01.02,TT,,NA"]
    said = run("load_responses", *arguments(tmp_path, *rows))
    assert said == "24 jawaban dimuat, 0 baris ditolak."
    found = Counter((a.cell.unit.code, *a.answers) for a in Answer.objects.all())
    assert found == {
        ("01.01", 1, 2, 3): 12,
        ("01.02", 1, 2, 3): 11,
        ("01.02", 4, 0, 0): 1,
    }
    assert not (tmp_path / "ditolak.csv").exists()
    assert set(Cell.objects.values_list("n_registered", flat=True)) == {None}
    assert set(Frame.objects.values_list("n", flat=True)) == {None}


def test_a_second_file_is_refused_so_that_nothing_is_doubled(
    wave: Wave, tmp_path: Path
) -> None:
    order = arguments(tmp_path, *many("01.01"))
    run("load_responses", *order)
    assert "sudah berisi jawaban" in refusal("load_responses", *order)
    assert Answer.objects.count() == 12


def test_the_order_of_the_file_is_gone(wave: Wave, tmp_path: Path) -> None:
    rows = [f"01.01,{3 - n % 3},{n % 3 + 1},1" for n in range(30)]
    run("load_responses", *arguments(tmp_path, *rows))
    stored = list(Answer.objects.order_by("pk").values_list("answers", flat=True))
    assert stored == sorted(stored)


@pytest.mark.parametrize(
    ("row", "column", "reason"),
    [
        ("99,1,1,1", "unit_code", "tidak dikenal"),
        ("01.01,1,4,1", "A2", "bukan pilihan"),
        ("01.01,1,1,Setuju", "A3", "bukan pilihan"),
        ("01.01,1,1", "", "ada 3 kolom, seharusnya 4"),
    ],
)
def test_a_bad_row_is_named_in_the_reject_file_and_nothing_is_written(
    wave: Wave, tmp_path: Path, row: str, column: str, reason: str
) -> None:
    order = arguments(tmp_path, *many("01.01"), row)
    said = refusal("load_responses", *order)
    assert "baris 14" in said
    assert reason in said
    assert "1 baris ditolak" in said
    head, (line, named, why) = rejects(tmp_path)
    assert head == ["baris", "kolom", "alasan"]
    assert (line, named) == ("14", column)
    assert reason in why
    assert not Answer.objects.exists()
    assert not Cell.objects.exists()
    said = run("load_responses", *order, "--allow-rejects")
    assert said.startswith("12 jawaban dimuat, 1 baris ditolak. Daftar:")
    assert Answer.objects.count() == 12


def test_the_reject_file_is_for_its_owner_alone(wave: Wave, tmp_path: Path) -> None:
    (tmp_path / "ditolak.csv").touch(mode=0o644)
    refusal("load_responses", *arguments(tmp_path, *many("01.01"), "99,1,1,1"))
    assert (tmp_path / "ditolak.csv").stat().st_mode & 0o777 == 0o600


def test_a_row_stands_in_the_reject_file_once_for_each_column(tmp_path: Path) -> None:
    path = tmp_path / "ditolak.csv"
    with Rejects(path) as rejected:
        for column in ("A1", "A2", "A1"):
            rejected(Problem("bukan pilihan", 14, column))
        rejected(Problem("bukan pilihan", 15, "A1"))
    found = [line[:2] for line in rejects(tmp_path)[1:]]
    assert found == [["14", "A1"], ["14", "A2"], ["15", "A1"]]
    assert rejected.n_rows == 2


def test_a_row_with_several_faults_is_one_rejected_row(
    wave: Wave, tmp_path: Path
) -> None:
    order = arguments(tmp_path, *many("01.01"), "99,9,9,9", "99,1,1,1")
    assert "2 baris ditolak" in refusal("load_responses", *order)
    assert [r[:2] for r in rejects(tmp_path)[1:]] == [
        ["14", "unit_code"],
        ["14", "A1"],
        ["14", "A2"],
        ["14", "A3"],
        ["15", "unit_code"],
    ]


def test_a_map_says_what_columns_and_cells_mean(wave: Wave, tmp_path: Path) -> None:
    mapping = """
unit: {column: kode, prefix: "01."}
strata: {sex: jk}
values: {Ya: 3, Tidak: 1}
questions:
  A1: {column: satu}
  A2: {column: dua, values: {Ya: 2}}
  A3: {absent: true}
blanks: ["-"]
weight: bobot
seconds: [detik]
"""
    header = "kode,jk,satu,dua,bobot,detik"
    rows = ["01,F,Ya,Ya,1.5,61.4"] * 10 + ["01,M,Tidak,-,2,-"] * 11
    order = arguments(tmp_path, *rows, header=header)
    run("load_responses", *order, *with_map(tmp_path, mapping))
    first, last = Answer.objects.order_by("cell__code").distinct("cell__code")
    assert (first.answers, first.weight, first.seconds) == ([3, 2, 0], 1.5, [61])
    assert (last.answers, last.weight, last.seconds) == ([1, 0, 0], 2.0, [0])
    assert [c.code for c in Cell.objects.all()] == ["01.01|F", "01.01|M"]
    assert wave.stratifiers.get().categories[0] == {"code": "F", "label": "F"}


@pytest.mark.parametrize("weight", ["0", "-1", "", "x", "nan", "inf"])
def test_a_weight_has_to_be_a_positive_number(
    wave: Wave, tmp_path: Path, weight: str
) -> None:
    order = arguments(tmp_path, f"01.01,1,2,3,{weight}", header=f"{HEADER},weight")
    assert "kolom weight: bobot harus angka" in refusal("load_responses", *order)


def test_whole_numbers_may_be_written_with_a_point(wave: Wave, tmp_path: Path) -> None:
    run("load_responses", *arguments(tmp_path, *["01.01,1.0,2.00,3."] * 10))
    assert Answer.objects.all()[0].answers == [1, 2, 3]
    assert "bukan pilihan" in refusal("load_responses", *_in_second_wave(tmp_path))


def _in_second_wave(folder: Path) -> list[object]:
    Answer.objects.all().delete()
    return arguments(folder, "01.01,1.5,2,3")


def test_a_frame_gives_the_cells_and_the_people(wave: Wave, tmp_path: Path) -> None:
    rows = ("01.01,F,40", "01.01,M,4", "01.02,F,20", "01.02,M,0", "02,F,9")
    path = write(tmp_path, "\n".join(("unit_code,sex,n", *rows)), "kerangka.csv")
    order = ["--wave", "W1", path]
    said = run("load_frame", *order)
    assert said == "Kerangka 73 orang dalam 4 baris dimuat."
    assert "tidak berubah" in run("load_frame", *order)
    cells = {c.code: c.n_registered for c in Cell.objects.all()}
    assert cells == {"01.01": 44, "01.02|F": 20, "02": 9}
    header = "unit_code,sex,A1,A2,A3"
    good = ["01.01,M,1,1,1", "01.01,F,1,1,1", "02,F,2,2,2"]
    bad = arguments(tmp_path, *good, "01.02,M,1,1,1", header=header)
    assert "baris 5, kolom unit_code: unit dan strata" in refusal(
        "load_responses", *bad
    )
    run("load_responses", *arguments(tmp_path, *good, header=header))
    found = Counter(a.cell.code for a in Answer.objects.all())
    assert found == {"01.01": 2, "02": 1}


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ("99,F,5", "baris 3, kolom unit_code: unit ini tidak dikenal"),
        ("01.02,F,-1", "baris 3, kolom n: harus bilangan bulat"),
        ("01.02,F,1.5", "baris 3, kolom n: harus bilangan bulat"),
        ("01.02,,5", "baris 3, kolom sex: strata tidak boleh kosong"),
        ("01.01,F,5", "baris 3: unit dan strata ini sudah ada"),
    ],
)
def test_a_bad_row_of_a_frame_is_named(
    wave: Wave, tmp_path: Path, row: str, said: str
) -> None:
    path = write(tmp_path, f"unit_code,sex,n\n01.01,F,40\n{row}")
    assert said in refusal("load_frame", "--wave", "W1", path)
    assert not Frame.objects.exists()
    assert not wave.stratifiers.exists()


def test_another_frame_is_refused(wave: Wave, tmp_path: Path) -> None:
    run("load_frame", "--wave", "W1", write(tmp_path, "unit_code,n\n01.01,40"))
    other = write(tmp_path, "unit_code,n\n01.01,41")
    assert "kerangka lain" in refusal("load_frame", "--wave", "W1", other)


def test_small_units_join_a_named_group(wave: Wave, tmp_path: Path) -> None:
    rows = [*many("01.01", 6), *many("01.02", 7), *many("01", 30)]
    run("load_responses", *arguments(tmp_path, *rows))
    group = WaveUnit.objects.get(is_group=True)
    assert {u.code for u in group.members.all()} == {"01.01", "01.02"}
    assert Answer.objects.filter(cell__unit=group).count() == 13


@pytest.mark.parametrize("command", ["load_responses", "load_frame"])
def test_an_online_wave_takes_nothing_from_elsewhere(
    wave: Wave, tmp_path: Path, command: str
) -> None:
    make_draft({"KEM": wave.root}, "W2")
    path = answers(tmp_path, *many("01.01"))
    said = refusal(command, "--wave", "W2", path)
    assert "jawaban dari luar tidak diterima" in said


@pytest.mark.parametrize("command", ["load_responses", "load_frame"])
def test_a_wave_that_is_not_open_takes_nothing(
    wave: Wave, tmp_path: Path, command: str
) -> None:
    waves.close_wave(wave=wave)
    path = answers(tmp_path, *many("01.01"))
    assert "tidak sedang terbuka" in refusal(command, "--wave", "W1", path)


def test_a_file_without_answers_is_refused(wave: Wave, tmp_path: Path) -> None:
    assert "Tidak ada satu jawaban" in refusal("load_responses", *arguments(tmp_path))


def test_a_file_that_breaks_off_half_way_leaves_nothing(
    wave: Wave, tmp_path: Path
) -> None:
    order = arguments(tmp_path, *many("01.01", 30_000))
    with (tmp_path / "jawaban.csv").open("ab") as file:
        file.write("01.01,1,2,é\n".encode("latin-1"))
    assert "bukan UTF-8" in refusal("load_responses", *order)
    assert not Answer.objects.exists()
    (tmp_path / "jawaban.csv").write_text(f"{HEADER}\n01.01,1,2,3\n")
    assert run("load_responses", *order).startswith("1 jawaban dimuat")


def test_a_missing_question_column_is_named(wave: Wave, tmp_path: Path) -> None:
    order = arguments(tmp_path, "01.01,1,2", header="unit_code,A1,A2")
    assert "baris 1, kolom A3: kolom tidak ada" in refusal("load_responses", *order)


@pytest.mark.parametrize(
    ("mapping", "said"),
    [
        ("questions: {Z9: {column: a}}", "questions.Z9: pertanyaan ini tidak ada"),
        ("questions: {A1: {values: {Ya: 5}}}", "questions.A1.values.Ya: posisi"),
        ("values: {Ya: -1}", "values.Ya: posisi ini tidak ada"),
        ("bobot: x", "bobot: tidak dikenal"),
        ("weight: bobot", "baris 1, kolom bobot: kolom tidak ada"),
    ],
)
def test_a_wrong_map_is_named(
    wave: Wave, tmp_path: Path, mapping: str, said: str
) -> None:
    order = arguments(tmp_path, *many("01.01"))
    assert said in refusal("load_responses", *order, *with_map(tmp_path, mapping))


def test_every_kind_of_question_can_be_loaded(tmp_path: Path) -> None:
    document = Document.model_validate(EVERY_KIND)
    draft = make_draft(
        make_units({"01": []}),
        source=Wave.Source.IMPORTED,
        instrument=store_instrument(document=document).instrument,
    )
    waves.open_wave(wave=draft)
    header = "unit_code,R,C,P_1,P_2,N"
    rows = ["01,2,y,p3,p1,-2"] * 9 + ["01,TT,x,,p2,40"]
    run("load_responses", *arguments(tmp_path, *rows, header=header))
    found = Counter(tuple(a.answers) for a in Answer.objects.all())
    assert found == {(2, 2, 3, 1, 1): 9, (3, 1, 2, 0, 43): 1}
    Answer.objects.all().delete()
    order = arguments(tmp_path, "01,2,y,p1,p1,41", header=header)
    said = refusal("load_responses", *order)
    assert "kolom P: pilihan yang sama dua kali" in said
    assert "kolom N: bukan pilihan" in said
