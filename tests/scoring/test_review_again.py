"""What was withheld stays so: in other runs, in late finishers, under changed code."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.core.management import call_command
from django.utils import timezone

from scoring import runs, upkeep
from scoring.differences import causes
from scoring.indices import score_nodes
from scoring.load import COLUMNS
from scoring.models import Analysis, PublishedScore, Review, ScoringRun, UnitScore
from scoring.results.releases import release
from scoring.results.reviews import cases_of, complete, decide
from surveys.errors import SurveyError, WrongState
from surveys.models import User, Wave
from tests.desk import cast_at_desk, signed_in, text_of
from tests.factories import make_units
from tests.scoring.steered import CODES, STEERED, make_steered_wave, run_of
from tests.scoring.test_reviews import page_of

pytestmark = pytest.mark.django_db

State = ScoringRun.State
WITHHELD, CLEARED = Review.Decision.WITHHELD, Review.Decision.CLEARED
LOOSE: dict[str, Any] = {"duplicates": {"pool": 1000}, "families": 4}


@pytest.fixture
def wave() -> Wave:
    units = make_units(dict.fromkeys(CODES, ()))
    cast_at_desk(units)
    return make_steered_wave(units)


def decided(run: ScoringRun, decision: str, reason: str = "satu perangkat") -> None:
    unit = run.wave.units.get(code=STEERED)
    ani = User.objects.get(name="Ani")
    decide(run=run, unit=unit, decision=decision, reason=reason, decided_by=ani)


def withheld(run: ScoringRun) -> ScoringRun:
    """Published, without the steered unit."""
    decided(run, WITHHELD)
    return finished(run)


def finished(run: ScoringRun) -> ScoringRun:
    complete(run=run)
    assert runs.finish_run(run.pk)
    run.refresh_from_db()
    assert run.state == State.COMPUTED
    return run


def index_of(model: Any, run: ScoringRun, code: str = STEERED) -> Any:
    return model.objects.get(run=run, unit__code=code, dimension="index")


# --- other runs ----------------------------------------------------------------------


def test_a_looser_method_asks_again_about_what_was_withheld(wave: Wave) -> None:
    first = withheld(run_of(wave))
    second = run_of(wave, version=2, quality=LOOSE)
    assert second.state == State.REVIEWING
    (case,) = cases_of(second)
    assert case.unit.code == STEERED
    assert len(case.families) < LOOSE["families"], "by its flags it would not be here"
    page = text_of(signed_in("Ani"), page_of(second))
    assert f"Ditahan pada perhitungan #{first.pk} oleh Ani dengan" in page
    with pytest.raises(SurveyError, match="belum diputuskan"):
        complete(run=second)
    decided(second, CLEARED, "perangkat bersama di loket, dibuktikan")
    assert not index_of(PublishedScore, finished(second)).is_hidden


def test_a_run_that_ended_before_the_decision_is_not_opened(wave: Wave) -> None:
    first = run_of(wave)
    second = run_of(wave, version=2, quality=LOOSE)
    assert second.state == State.COMPUTED
    withheld(first)
    with pytest.raises(SurveyError, match=f"ditahan pada perhitungan #{first.pk}"):
        release(run=second, audiences=["public"], released_by="Ani")
    release(run=first, audiences=["public"], released_by="Ani")


def test_one_who_was_cleared_later_is_free(wave: Wave) -> None:
    withheld(run_of(wave))
    second = run_of(wave, version=2)
    decided(second, CLEARED)
    finished(second)
    assert run_of(wave, version=3, quality=LOOSE).state == State.COMPUTED


def test_a_unit_is_withheld_after_the_results_were_opened(wave: Wave) -> None:
    """It leaves them; nothing that was hidden before takes its place."""
    first = run_of(wave)
    decided(first, CLEARED)
    release(run=finished(first), audiences=["public"], released_by="Ani")
    hide(first, "01")
    second = run_of(wave)
    decided(second, WITHHELD)
    assert f"#{first.pk} sudah dibuka untuk" in text_of(
        signed_in("Ani"), page_of(second)
    )
    finished(second)
    told = {row.unit.code for row in shown_in(second)}
    assert STEERED not in told
    assert "01" not in told
    assert told
    release(run=second, audiences=["public"], released_by="Ani")
    (difference,) = (c for c in causes(first, second) if c.name == "Unit 03")
    assert (difference.was, difference.now) == ("Ditampilkan", "Ditahan")
    call_command("verify_run", str(second.pk))


def hide(run: ScoringRun, code: str) -> None:
    """As if disclosure had hidden this unit in a result that was opened."""
    empty = dict.fromkeys(COLUMNS[2:-1], None)
    rows = PublishedScore.objects.filter(run=run, unit__code=code)
    rows.update(is_hidden=True, reason="confidential", band="", **empty)


def shown_in(run: ScoringRun) -> list[PublishedScore]:
    rows = PublishedScore.objects.filter(run=run, dimension="index", is_hidden=False)
    return list(rows.select_related("unit"))


# --- late finishers ------------------------------------------------------------------


def test_a_late_finisher_tells_nothing_that_was_withheld_meanwhile(
    wave: Wave, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its lease runs out while it computes; another one ends, and people decide."""
    examine, finish = runs.examine_run, runs.finish_run

    def slow(run: ScoringRun, *more: Any) -> Any:
        found = examine(run, *more)
        monkeypatch.setattr(runs, "examine_run", examine)
        late = timezone.now() - timedelta(seconds=1)
        ScoringRun.objects.filter(pk=run.pk).update(leased_until=late)
        assert finish(run.pk)
        again = ScoringRun.objects.get(pk=run.pk)
        decided(again, WITHHELD)
        complete(run=again)
        return found

    monkeypatch.setattr(runs, "examine_run", slow)
    run = run_of(wave)
    assert run.state == State.COMPUTED
    assert index_of(PublishedScore, run).is_hidden
    orders = Analysis.objects.filter(run=run, kind=Analysis.Kind.ORDER)
    told = {unit["unit"] for row in orders for unit in row.document["units"]}
    assert told
    assert STEERED not in told


def test_scores_that_changed_since_the_review_are_not_published(
    wave: Wave, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = run_of(wave)
    decided(run, CLEARED)

    def higher(*args: Any, **named: Any) -> Any:
        found = score_nodes(*args, **named)
        return replace(found, score=found.score + 1)

    monkeypatch.setattr("scoring.runs.score_nodes", higher)
    complete(run=run)
    with pytest.raises(SurveyError, match="bukan lagi yang diperiksa"):
        runs.finish_run(run.pk)
    assert not PublishedScore.objects.filter(run=run).exists()
    assert UnitScore.objects.filter(run=run).exists()


def test_a_host_with_another_program_leaves_the_run_alone(wave: Wave) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(runs, "code_version", lambda: "sources-0")
        scheme = run_of(wave).scheme
        run = runs.start_run(wave=wave, scheme=scheme)
    shard = run.shards.first()
    assert shard is not None
    with pytest.raises(SurveyError, match="Program berubah"):
        runs.work_on_shard(shard.pk)


# --- ending one ----------------------------------------------------------------------


def test_a_run_under_review_is_cancelled_with_a_reason(wave: Wave) -> None:
    run = run_of(wave)
    upkeep.cancel(run=run, reason="Salah metode")
    assert (run.state, run.computed_at) == (State.CANCELLED, None)
    with pytest.raises(WrongState):
        decided(run, CLEARED)


def test_between_the_review_and_its_end_it_can_still_be_cancelled(wave: Wave) -> None:
    run = run_of(wave)
    decided(run, CLEARED)
    complete(run=run)
    upkeep.cancel(run=run, reason="Salah metode")
    assert not runs.finish_run(run.pk)
    assert not PublishedScore.objects.filter(run=run).exists()
