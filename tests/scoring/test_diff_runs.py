"""Two runs are compared: why they may differ, and in which units they do."""

from __future__ import annotations

import csv
import math
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from scoring import runs
from scoring.extract import input_digest
from scoring.models import PrivateReading, PublishedScore, ScoringRun, UnitScore
from surveys.models import UnitKerja, Wave
from tests.factories import HIDDEN, SCORES, make_run, make_wave, open_run
from tests.scoring.test_runs import computed_run, other_scheme, sealed_wave
from tests.scoring.test_verify_run import tamper

pytestmark = pytest.mark.django_db

PRIVATELY = ["--private", "--operator", "Ani", "--reason", "memeriksa metode"]


def told(was: ScoringRun, now: ScoringRun, *options: str) -> str:
    said = StringIO()
    call_command("diff_runs", str(was.pk), str(now.pk), *options, stdout=said)
    return said.getvalue()


@pytest.fixture
def second(units: dict[str, UnitKerja], run: ScoringRun) -> ScoringRun:
    """A year later: 01 rose by 2, 02 fell by 5.5, 03 may be shown now."""
    scores = {**SCORES, "01": 66.6, "02": 52.3}
    return make_run(make_wave(units, "W2"), scores, input_digest="2" * 64)


def opened(*found: ScoringRun) -> None:
    for each in found:
        open_run(each, "committee")


# --- causes --------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_another_method_is_told_field_by_field() -> None:
    wave = sealed_wave()
    was = computed_run(wave)
    now = runs.start_run(wave=wave, scheme=other_scheme(minimum_cell=4))
    list(runs.work_through(now))
    now.refresh_from_db()
    said = told(was, now, *PRIVATELY)
    assert "  metode minimum_cell: 10 → 4\n  metode version: 1 → 2\n\n" in said
    assert "masukan" not in said
    assert "versi kode" not in said
    assert "Unit yang berubah: 0" in said, "ten is promised, whatever the method says"


@pytest.mark.django_db(transaction=True)
def test_a_repetition_has_no_cause_and_no_change() -> None:
    wave = sealed_wave()
    said = told(computed_run(wave), computed_run(wave), *PRIVATELY)
    assert "Masukan, metode, kode, dan pustaka sama." in said
    assert said.endswith("Unit yang berubah: 0\n")


def test_other_code_and_libraries_are_causes(wave: Wave, run: ScoringRun) -> None:
    now = make_run(wave, SCORES, code_version="baru", library_versions={"numpy": "3"})
    said = told(run, now, *PRIVATELY)
    assert "  versi kode: uji → baru\n  pustaka numpy: – → 3\n" in said


@pytest.mark.django_db(transaction=True)
def test_another_wave_and_its_input_are_causes(
    wave: Wave, run: ScoringRun, second: ScoringRun
) -> None:
    tamper("surveys_wave", "UPDATE surveys_wave SET answers_digest = code || 'abc'")
    said = told(run, second, *PRIVATELY)
    assert "  gelombang: W1 → W2\n" in said
    assert "  masukan jawaban: W1abc → W2abc\n" in said
    assert "masukan janji" not in said


def test_a_wave_that_changed_after_a_run_is_a_cause(
    wave: Wave, run: ScoringRun
) -> None:
    now = make_run(wave, SCORES, input_digest=input_digest(wave, None))
    said = told(run, now, *PRIVATELY)
    words = f"masukan gelombang W1 berubah setelah #{run.pk} dihitung: 111111111111"
    assert words in said
    assert f"setelah #{now.pk}" not in said


# --- units ---------------------------------------------------------------------------


def units_in(said: str) -> list[str]:
    """Units of the table, each once, in its order."""
    lines = said.partition("Unit yang berubah")[2].splitlines()[2:]
    return list(dict.fromkeys(line.split()[0] for line in lines))


def test_units_come_by_how_far_their_index_moved(
    run: ScoringRun, second: ScoringRun
) -> None:
    opened(run, second)
    said = told(run, second)
    assert "Unit yang berubah: 3\n" in said
    assert units_in(said) == ["03", "02", "01"]
    (line,) = [line for line in said.splitlines() if line.startswith("02 ")][:1]
    words = "02 index -5.5 57.80 52.30 1.80 1.80 B B tampil tampil"
    assert " ".join(line.split()) == words


def test_a_margin_or_a_band_alone_is_a_change(wave: Wave, run: ScoringRun) -> None:
    now = make_run(wave, {**SCORES, "03": HIDDEN})
    row = UnitScore.objects.filter(run=now, dimension="index")
    row.filter(unit__code="01").update(upper=66.5)
    row.filter(unit__code="02").update(band="Z")
    row.filter(unit__code="02.01").update(score=math.nextafter(SCORES["02.01"], 0))
    said = told(run, now, *PRIVATELY)
    assert units_in(said) == ["02.01", "01", "02"]
    assert "e-15" in said, "no change is too small to be told"


def test_the_file_holds_every_digit(
    run: ScoringRun, second: ScoringRun, tmp_path: Path
) -> None:
    file = tmp_path / "beda.csv"
    opened(run, second)
    assert "baris ditulis ke" in told(run, second, "--csv", str(file))
    with file.open(encoding="utf-8") as text:
        rows = {(r["unit_code"], r["dimension"]): r for r in csv.DictReader(text)}
    assert rows["01", "index"]["change"] == repr(66.6 - 64.6)
    assert rows["03", "AD"]["state_was"] == "hidden"
    assert rows["03", "AD"]["score_was"] == ""
    assert file.stat().st_mode & 0o777 == 0o600


# --- what is not told ----------------------------------------------------------------


def test_scores_that_are_not_open_need_a_name_and_a_reason(
    run: ScoringRun, second: ScoringRun
) -> None:
    opened(run)
    said = StringIO()
    with pytest.raises(CommandError, match=f"#{second.pk} belum dibuka"):
        call_command("diff_runs", str(run.pk), str(second.pk), stdout=said)
    assert "gelombang: W1 → W2" in said.getvalue()
    assert "Unit yang berubah" not in said.getvalue()
    with pytest.raises(CommandError, match="--operator"):
        told(run, second, "--private", "--operator", "Ani")
    assert not PrivateReading.objects.exists()
    told(run, second, *PRIVATELY)
    readings = PrivateReading.objects.filter(operator="Ani", reason="memeriksa metode")
    assert set(readings.values_list("run", flat=True)) == {run.pk, second.pk}


def test_hidden_scores_are_told_on_the_record_only(
    run: ScoringRun, second: ScoringRun
) -> None:
    opened(run, second)
    said = told(run, second)
    assert "12.35" not in said
    assert "disembunyikan  tampil" in said
    assert "12.35" in told(run, second, *PRIVATELY)


def test_only_computed_runs_are_compared(wave: Wave, run: ScoringRun) -> None:
    other = make_run(wave, {}, state=ScoringRun.State.RUNNING, result_digest="")
    with pytest.raises(CommandError, match="belum selesai"):
        told(run, other)
    assert not PublishedScore.objects.filter(run=other).exists()
