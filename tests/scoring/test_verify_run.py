"""A run is computed again from its sealed answers and compared to the last bit."""

from __future__ import annotations

import math
import subprocess
import sys
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from scoring.management.commands.verify_run import Command
from scoring.models import PublishedScore, ScoringRun, Shard, UnitScore
from scoring.verification import PRIVATE, PUBLISHED, Difference, is_same
from scoring.version import sources
from surveys.models import Wave
from tests.conftest import environment_of_tests
from tests.factories import make_run, make_wave
from tests.scoring.test_runs import computed_run, sealed_wave

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def run() -> ScoringRun:
    """Computed in three shards."""
    return computed_run(sealed_wave(), shard_size=5)


def verify(run: ScoringRun) -> str:
    """What the command says of a run that has not changed."""
    said = StringIO()
    call_command("verify_run", str(run.pk), stdout=said)
    return said.getvalue()


def refused(run: ScoringRun) -> str:
    """What it says of one that has; it must refuse."""
    said = StringIO()
    with pytest.raises(CommandError, match="berbeda dari yang tersimpan"):
        call_command("verify_run", str(run.pk), stdout=said)
    return said.getvalue()


CHANGE_ONE = """
UPDATE surveys_answer SET answers[1] = 3 WHERE id = (
    SELECT min(answer.id) FROM surveys_answer AS answer
    JOIN surveys_cell AS cell ON cell.id = answer.cell_id
    JOIN surveys_waveunit AS unit ON unit.id = cell.unit_id WHERE unit.code = '02'
)
"""


def tamper(table: str, statement: str) -> None:
    """As only the owner of the database could, its triggers switched off."""
    with connection.cursor() as cursor:
        cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        cursor.execute(statement)
        cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")


# --- what agrees ---------------------------------------------------------------------


def test_it_agrees_in_a_fresh_process_as_the_app(run: ScoringRun) -> None:
    told = subprocess.run(
        [sys.executable, "manage.py", "verify_run", str(run.pk)],
        env=environment_of_tests("app"),
        capture_output=True,
        text=True,
        check=True,
    )
    for line in ("sidik masukan", "sidik hasil", "skor unit", "skor yang boleh tampil"):
        assert f"Cocok: {line}\n" in told.stdout
    assert "sampai bit terakhir" in told.stdout
    assert "BERBEDA" not in told.stdout
    assert "Perhatian" not in told.stdout


def test_stored_tallies_are_not_believed(run: ScoringRun) -> None:
    Shard.objects.update(tally=b"rubbish")
    assert "sampai bit terakhir" in verify(run)


# --- what differs --------------------------------------------------------------------


def test_the_last_bit_of_a_private_score_is_seen(run: ScoringRun) -> None:
    row = UnitScore.objects.filter(run=run, unit__code="02", dimension="A")
    row.update(score=math.nextafter(row.get().score or 0, 100))
    said = refused(run)
    assert "BERBEDA: skor unit\n  02: score (A)\n" in said
    assert "Cocok: skor yang boleh tampil" in said


def test_the_last_bit_of_a_published_score_is_seen(run: ScoringRun) -> None:
    row = PublishedScore.objects.filter(run=run, unit__code="01", dimension="index")
    row.update(upper=math.nextafter(row.get().upper or 0, 0), band="Z")
    said = refused(run)
    assert "BERBEDA: skor yang boleh tampil\n  01: upper, band (index)\n" in said
    assert "Cocok: skor unit\n" in said


def test_every_column_counts(run: ScoringRun) -> None:
    others: dict[str, Any] = {"band": "Z", "flags": ["folded"], "reason": "x"}
    for model, columns in ((UnitScore, PRIVATE), (PublishedScore, PUBLISHED)):
        other = {name: others.get(name, 7) for name in columns if name != "is_hidden"}
        model._default_manager.filter(unit__code="01").update(**other)
    said = refused(run)
    assert f"  01: {', '.join(PRIVATE)} (A, index)\n" in said
    assert f"  01: {', '.join(c for c in PUBLISHED if c != 'is_hidden')} (A" in said


def test_a_hidden_row_that_was_opened_is_seen(run: ScoringRun) -> None:
    hidden = PublishedScore.objects.filter(run=run, unit__code="03")
    hidden.update(is_hidden=False, reason="")
    assert "  03: is_hidden, reason (A, index)\n" in refused(run)


def test_one_answer_that_changed_is_seen_and_its_unit_named(run: ScoringRun) -> None:
    tamper("surveys_answer", CHANGE_ONE)
    said = refused(run)
    assert "BERBEDA: sidik jawaban tersegel" in said
    assert "BERBEDA: sidik hasil" in said
    assert "  02: score" in said
    assert "  01: se_model (" in said, "it borrows from all units; its score does not"


def test_answers_that_cannot_be_computed_are_named_so(run: ScoringRun) -> None:
    tamper("surveys_answer", "UPDATE surveys_answer SET answers = '{1}'")
    with pytest.raises(CommandError, match="tidak dapat dihitung lagi"):
        verify(run)


def test_rows_that_are_missing_or_too_many_are_seen(run: ScoringRun) -> None:
    UnitScore.objects.filter(run=run, unit__code="01", dimension="A").delete()
    known = run.wave.units.get(code="02")
    PublishedScore.objects.create(run=run, unit=known, dimension="Z")
    elsewhere = make_wave({"KEM": run.wave.root}, "W2").units.get(code="01")
    PublishedScore.objects.create(run=run, unit=elsewhere, dimension="A")
    said = refused(run)
    assert "BERBEDA: skor unit\n  01: barisnya hilang atau berlebih (A)\n" in said
    assert "  02: barisnya hilang atau berlebih (Z)\n  01: barisnya" in said


@pytest.mark.parametrize("column", ["input_digest", "result_digest", "seed"])
def test_what_stands_with_the_run_counts(run: ScoringRun, column: str) -> None:
    other: Any = 7 if column == "seed" else "0" * 64
    ScoringRun.objects.update(**{column: other})
    run.refresh_from_db()
    names = {"input_digest": "sidik masukan", "result_digest": "sidik hasil"}
    said = refused(run)
    assert said.count("BERBEDA") == 1
    assert f"BERBEDA: {names.get(column, 'benih')}" in said


def test_a_promise_that_changed_is_seen(run: ScoringRun) -> None:
    tamper("surveys_wave", "UPDATE surveys_wave SET promise = '{}'")
    assert "BERBEDA: sidik janji" in refused(run)


def test_shards_that_leave_out_a_cell_are_refused(run: ScoringRun) -> None:
    Shard.objects.filter(number=0).update(cell_ids=[])
    with pytest.raises(CommandError, match="tidak berisi setiap sel"):
        verify(run)


# --- what is said --------------------------------------------------------------------


def test_other_code_and_libraries_are_told_before(run: ScoringRun) -> None:
    versions = {**run.library_versions, "numpy": "1.0"}
    ScoringRun.objects.update(code_version="sources-0", library_versions=versions)
    said = verify(run)
    for name in ("code_version dulu sources-0", "numpy dulu 1.0"):
        assert 0 < said.index(name) < said.index("Cocok")


def test_twenty_units_are_named_and_the_others_counted() -> None:
    said = StringIO()
    wrong = [
        Difference(f"{unit:02}", dimension, ("score",))
        for unit in range(23)
        for dimension in ("A", "index")
    ]
    assert not Command(stdout=said).compare_rows("skor unit", wrong)
    assert "  19: score (A, index)\n  dan 3 unit lain\n" in said.getvalue()


def test_only_a_computed_run_is_verified(wave: Wave) -> None:
    run = make_run(wave, {}, state=ScoringRun.State.RUNNING, result_digest="")
    with pytest.raises(CommandError, match="belum selesai"):
        verify(run)
    with pytest.raises(CommandError, match="tidak ada"):
        call_command("verify_run", "0")


def test_a_bit_is_a_bit() -> None:
    assert is_same((0.1 + 0.2, None), (0.30000000000000004, None))
    assert not is_same(-0.0, 0.0)
    assert not is_same(1, 1.0)


def test_whatever_a_run_imports_is_part_of_its_version() -> None:
    found = {*sources()}
    for name in ("items", "rules", "unit_flags", "load", "results/publication", "runs"):
        assert f"scoring/{name}.py" in found, name
    assert {"surveys/box/cells.py", "surveys/instruments/sheet.py"} <= found
    assert not [name for name in found if "desk" in name or "_page" in name]
