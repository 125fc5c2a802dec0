"""Flagged units are decided on before a score is opened; withheld ones stay closed."""

from __future__ import annotations

from io import StringIO
from pathlib import Path

import pytest
import yaml
from django.core.management import CommandError, call_command
from django.db import DatabaseError, transaction
from django.test import Client
from django.urls import reverse

from scoring import runs, tasks
from scoring.models import (
    PublishedScore,
    Release,
    Review,
    ScenarioScore,
    ScoringRun,
    UnitFlag,
    UnitScore,
)
from scoring.results.releases import release
from scoring.results.reviews import cases_of, complete, decide
from surveys.errors import SurveyError, WrongState
from surveys.models import Role, User, Wave
from surveys.staff.permissions import grant_role
from tests.desk import cast_at_desk, said, signed_in, text_of
from tests.factories import make_units, make_user
from tests.scoring.steered import (
    CODES,
    COPIES,
    SCHEME,
    STEERED,
    N,
    make_steered_wave,
    run_of,
)
from tests.surveys.files import refusal

pytestmark = pytest.mark.django_db

WITHHELD, CLEARED = Review.Decision.WITHHELD, Review.Decision.CLEARED


@pytest.fixture
def wave() -> Wave:
    units = make_units(dict.fromkeys(CODES, ()))
    cast_at_desk(units)
    grant_role(user=make_user("Eka"), kind=Role.Kind.OPERATOR, unit=units["KEM"])
    return make_steered_wave(units)


@pytest.fixture
def run(wave: Wave) -> ScoringRun:
    return run_of(wave)


def decide_as_ani(run: ScoringRun, decision: str, reason: str = "diperiksa") -> None:
    unit = run.wave.units.get(code=STEERED)
    ani = User.objects.get(name="Ani")
    decide(run=run, unit=unit, decision=decision, reason=reason, decided_by=ani)


def finished(run: ScoringRun) -> ScoringRun:
    complete(run=run)
    assert runs.finish_run(run.pk)
    run.refresh_from_db()
    return run


# --- what is found -------------------------------------------------------------------


def test_the_planted_unit_is_found_and_no_other(run: ScoringRun) -> None:
    assert run.state == ScoringRun.State.REVIEWING
    (case,) = cases_of(run)
    assert case.unit.code == STEERED
    assert {"devices", "timing", "answers"} <= set(case.families)
    kinds = {flag.kind: flag.figures for flag in case.flags}
    assert kinds["devices"]["largest"] == COPIES
    assert kinds["duplicates"]["pairs"] >= COPIES * (COPIES - 1) // 2
    assert UnitScore.objects.filter(run=run).exists()
    assert not PublishedScore.objects.filter(run=run).exists()


def test_the_whole_wave_and_small_units_have_no_flag(wave: Wave) -> None:
    run = run_of(wave, minimum_cell=N + 1)
    assert run.state == ScoringRun.State.COMPUTED
    assert not UnitFlag.objects.filter(run=run).exists()


def test_scenarios_say_who_would_rank_where(run: ScoringRun) -> None:
    rows = ScenarioScore.objects.filter(run=run, unit__code=STEERED)
    found = {row.scenario: row for row in rows}
    assert list(found) == ["S0", "S1", "S2", "S3", "S4", "S5"]
    stored = UnitScore.objects.get(run=run, unit__code=STEERED, dimension="index")
    assert (found["S0"].score, found["S0"].n_removed) == (stored.score, 0)
    assert found["S3"].n_removed == COPIES - 1
    assert found["S3"].score != found["S0"].score
    ranks = ScenarioScore.objects.filter(run=run, scenario="S3", unit__code__in=CODES)
    assert sorted(row.rank or 0 for row in ranks) == list(range(1, 9))
    assert (
        ScenarioScore.objects.get(run=run, scenario="S3", unit__code="KEM").rank is None
    )
    assert UnitFlag.objects.get(run=run, kind="removal").unit.code == STEERED


def test_shards_of_any_size_find_the_same(run: ScoringRun) -> None:
    parts = run_of(run.wave, shard_size=1)
    assert parts.n_shards == len(CODES)
    assert parts.quality_digest == run.quality_digest
    assert parts.result_digest == run.result_digest


# --- decisions -----------------------------------------------------------------------


def test_nothing_is_opened_before_every_flagged_unit_is_decided(
    run: ScoringRun,
) -> None:
    with pytest.raises(SurveyError, match="1 unit bertanda belum diputuskan: Unit 03"):
        release(run=run, audiences=["public"], released_by="Ani")
    with pytest.raises(SurveyError, match="belum diputuskan"):
        complete(run=run)
    decide_as_ani(run, CLEARED)
    with pytest.raises(SurveyError, match="belum diselesaikan"):
        release(run=run, audiences=["public"], released_by="Ani")
    release(run=finished(run), audiences=["public"], released_by="Ani")
    assert Release.objects.count() == 1


def test_a_cleared_unit_is_shown_like_any_other(run: ScoringRun) -> None:
    decide_as_ani(run, WITHHELD)
    decide_as_ani(run, CLEARED, "satu kios bersama")
    finished(run)
    assert run.state == ScoringRun.State.COMPUTED
    assert not PublishedScore.objects.filter(run=run, is_hidden=True).exists()
    assert Review.objects.filter(run=run).count() == 2, "nothing is overwritten"


def test_a_withheld_unit_is_hidden_with_its_reason_and_a_companion(
    run: ScoringRun,
) -> None:
    decide_as_ani(run, WITHHELD)
    finished(run)
    hidden = PublishedScore.objects.filter(run=run, dimension="index", is_hidden=True)
    reasons = dict(hidden.values_list("unit__code", "reason"))
    assert reasons == {STEERED: "withheld", "01": "confidential"}
    said = StringIO()
    call_command("verify_run", str(run.pk), stdout=said)
    assert "Cocok: tanda dan skenario" in said.getvalue()
    assert "Cocok: skor yang boleh tampil" in said.getvalue()


def test_a_flag_that_was_taken_away_is_seen(run: ScoringRun) -> None:
    decide_as_ani(run, CLEARED)
    finished(run)
    UnitFlag.objects.filter(run=run, kind="devices").delete()
    ScenarioScore.objects.filter(run=run, unit__code="05").update(n_removed=7)
    said = StringIO()
    with pytest.raises(CommandError, match="berbeda dari yang tersimpan"):
        call_command("verify_run", str(run.pk), stdout=said)
    assert "BERBEDA: tanda dan skenario" in said.getvalue()
    assert "03: kind, figures (devices)" in said.getvalue()


def test_decisions_need_a_reason_and_end_with_the_review(run: ScoringRun) -> None:
    with pytest.raises(SurveyError, match="alasan"):
        decide_as_ani(run, CLEARED, "  ")
    ani, other = User.objects.get(name="Ani"), run.wave.units.get(code="01")
    with pytest.raises(SurveyError, match="tidak sedang diperiksa"):
        decide(run=run, unit=other, decision=CLEARED, reason="x", decided_by=ani)
    decide_as_ani(run, CLEARED)
    finished(run)
    with pytest.raises(WrongState):
        decide_as_ani(run, WITHHELD)
    with pytest.raises(WrongState):
        complete(run=run)


def test_the_app_can_neither_change_nor_delete_what_was_decided(
    run: ScoringRun, as_app: None
) -> None:
    decide_as_ani(run, CLEARED)
    for model in (Review, UnitFlag, ScenarioScore):
        rows = model._default_manager.all()
        for act in (rows.delete, lambda rows=rows: rows.update(unit=rows[0].unit)):
            with pytest.raises(DatabaseError), transaction.atomic():
                act()


# --- the desk ------------------------------------------------------------------------


def page_of(run: ScoringRun) -> str:
    return reverse("admin:scoring_scoringrun_review", args=[run.pk])


def test_the_queue_says_why_and_tells_no_score(run: ScoringRun) -> None:
    page = text_of(signed_in("Ani"), page_of(run))
    assert "Unit 03" in page
    assert "Unit 05" not in page
    assert "Banyak jawaban dari satu perangkat" in page
    assert "di atas 15 %" not in page, "careless sheets are few"
    for score in UnitScore.objects.filter(run=run, score__isnull=False):
        for shown in (f"{score.score:.1f}", f"{score.score:.1f}".replace(".", ",")):
            assert f">{shown}" not in page
            assert f" {shown} " not in page


def test_an_administrator_decides_at_the_desk(run: ScoringRun) -> None:
    ani = signed_in("Ani")
    assert "Periksa unit bertanda" in text_of(
        ani, reverse("admin:scoring_scoringrun_change", args=[run.pk])
    )
    assert said(ani, page_of(run), {"complete": "1"}) == [
        "1 unit bertanda belum diputuskan: Unit 03."
    ]
    decision = {"unit": STEERED, "decision": WITHHELD, "reason": "satu perangkat"}
    without = {**decision, "reason": ""}
    assert "sebutkan alasannya" in ani.post(page_of(run), without).content.decode()
    assert said(ani, page_of(run), decision) == [
        "Unit 03: Ditahan. Alasan: satu perangkat"
    ]
    assert "satu perangkat" in text_of(ani, page_of(run))
    assert said(ani, page_of(run), {"complete": "1"}) == ["Pemeriksaan diselesaikan."]
    run.refresh_from_db()
    assert run.state == ScoringRun.State.FINISHING


def test_nobody_else_decides(run: ScoringRun) -> None:
    text_of(signed_in("Budi"), page_of(run), 404)
    text_of(signed_in("Eka"), page_of(run), 403)
    decision = {"unit": STEERED, "decision": CLEARED, "reason": "x"}
    assert signed_in("Eka").post(page_of(run), decision).status_code == 403
    assert not Review.objects.exists()


# --- the shell and the public page ---------------------------------------------------


def test_the_shell_decides_and_completes(run: ScoringRun) -> None:
    said = StringIO()
    call_command("review", str(run.pk), stdout=said)
    assert "03 Unit 03: burst, devices, duplicates" in said.getvalue()
    assert "belum diputuskan" in said.getvalue()
    with pytest.raises(CommandError, match="belum diputuskan"):
        call_command("review", str(run.pk), "--complete")
    who = ["--unit", STEERED, "--by", "ani@example.org", "--reason", "diperiksa"]
    call_command("review", str(run.pk), *who, "--decision", WITHHELD, "--complete")
    run.refresh_from_db()
    assert run.state == ScoringRun.State.COMPUTED


def test_a_withheld_unit_is_told_as_withheld(run: ScoringRun, client: Client) -> None:
    decide_as_ani(run, WITHHELD)
    release(run=finished(run), audiences=["public"], released_by="Ani")
    page = text_of(client, reverse("results:wave", args=[run.wave.code]))
    assert page.count("Ditahan setelah pemeriksaan mutu jawaban") == 1
    unit = text_of(client, reverse("results:unit", args=[run.wave.code, STEERED]))
    assert "ditahan setelah pemeriksaan" in unit


def test_the_command_that_scores_says_that_units_wait(
    wave: Wave, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tasks.queue_run, "delay", lambda run_id: None)
    method, out = tmp_path / "metode.yaml", tmp_path / "hasil.csv"
    method.write_text(yaml.safe_dump(SCHEME))
    said = refusal(
        *("score", "--wave", wave.code, "--scheme", method),
        *("--release", "public", "--out", out),
    )
    assert "menunggu pemeriksaan 1 unit bertanda" in said
    assert not out.exists()
    assert not Release.objects.exists()
