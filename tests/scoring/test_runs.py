"""A whole run on real rows: sealed wave in, private and published scores out."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.utils import timezone

from scoring import models, runs, tasks
from scoring.models import (
    PrivateReading,
    PublishedScore,
    Release,
    ScoringRun,
    Shard,
    UnitScore,
)
from scoring.results.releases import release, withdraw
from scoring.scheme import parse_scheme
from scoring.schemes_store import store_scheme
from surveys.box import sealing
from surveys.errors import SurveyError, WrongState
from surveys.fieldwork import waves
from surveys.models import Wave
from tests.conftest import Worker
from tests.surveys.box import answer, make_open_wave, people_of

pytestmark = pytest.mark.django_db(transaction=True)

SCHEME = {
    "code": "kecil",
    "version": 1,
    "name": {"id": "Kecil", "en": "Small"},
    "note": {"id": "Bukan metode resmi.", "en": "Not official."},
    "measure": "mean",
    "favourable_from": 3,
    "dimensions": [{"code": "A"}],
    "missing": {"rule": "share", "item_share": "1/2", "usable_dimensions": 1},
    "bands": [{"lower": 0, "letter": "A", "label": {"id": "Ada", "en": "There"}}],
}


def sealed_wave() -> Wave:
    """Unit 01: 15 of 20 answer 3, 3, 1; unit 02: 12 of 16; unit 03: 4 of 12."""
    wave = make_open_wave({"01": "F" * 20, "02": "M" * 16, "03": "M" * 12})
    for unit, n, codes in (("01", 15, (3, 3, 1)), ("02", 12, (1, 2, 4)), ("03", 4, ())):
        for person in people_of(wave, unit)[:n]:
            answer(person, *codes)
    waves.close_wave(wave=wave)
    return sealing.seal_wave(wave=waves.start_sealing(wave=wave))


def computed_run(wave: Wave, shard_size: int = runs.SHARD_SIZE) -> ScoringRun:
    scheme = store_scheme(parse_scheme(SCHEME))
    run = runs.start_run(wave=wave, scheme=scheme, shard_size=shard_size)
    list(runs.work_through(run))
    run.refresh_from_db()
    return run


def test_scores_are_means_of_people_rescaled_to_0_100() -> None:
    run = computed_run(sealed_wave())
    assert run.state == ScoringRun.State.COMPUTED
    scores = {s.unit.code: s for s in UnitScore.objects.filter(dimension="A")}
    assert scores["01"].score == pytest.approx(200 / 3)
    assert scores["02"].score == pytest.approx(25)
    assert (scores["01"].n, scores["01"].frame) == (15, 20)
    assert scores["01"].response_rate == pytest.approx(0.75)
    everyone = (20 * 200 / 3 + 16 * 25 + 12 * 100) / 48
    assert scores["KEM"].score == pytest.approx(everyone)


def test_a_unit_under_the_minimum_is_hidden_with_a_companion() -> None:
    run = computed_run(sealed_wave())
    hidden = PublishedScore.objects.filter(run=run, is_hidden=True, dimension="A")
    assert sorted(hidden.values_list("unit__code", flat=True)) == ["02", "03"]
    assert set(hidden.values_list("n", "score", "frame", "reason")) == {
        (None, None, None, "confidential")
    }
    assert UnitScore.objects.get(unit__code="03", dimension="A").score == 100


def test_shards_of_any_size_give_the_same_result() -> None:
    wave = sealed_wave()
    whole, parts = computed_run(wave), computed_run(wave, shard_size=5)
    assert (whole.n_shards, parts.n_shards) == (1, 3)
    assert whole.result_digest == parts.result_digest
    assert whole.quality_digest == parts.quality_digest
    assert whole.seed == parts.seed


def test_a_shard_is_worked_on_once_and_stored_once() -> None:
    wave = sealed_wave()
    run = runs.start_run(wave=wave, scheme=store_scheme(parse_scheme(SCHEME)))
    shard = run.shards.get()
    Shard.objects.update(leased_until=timezone.now() + runs.LEASE)
    assert not runs.work_on_shard(shard.pk)
    Shard.objects.update(leased_until=timezone.now() - runs.LEASE)
    assert runs.work_on_shard(shard.pk) == Shard.State.DONE
    assert not runs.finish_run(run.pk)
    assert runs.work_on_shard(shard.pk) == Shard.State.CHECKED
    assert not runs.work_on_shard(shard.pk)
    assert runs.finish_run(run.pk)
    assert not runs.finish_run(run.pk)


def test_a_wave_that_is_not_sealed_cannot_be_scored() -> None:
    wave = make_open_wave({"01": "F" * 20})
    with pytest.raises(WrongState):
        runs.start_run(wave=wave, scheme=store_scheme(parse_scheme(SCHEME)))


def is_readable(audience: str) -> bool:
    return PublishedScore.objects.released_to([audience]).exists()


def test_nothing_is_readable_before_a_release_or_after_its_withdrawal() -> None:
    run = computed_run(sealed_wave())
    assert not is_readable("public")
    later = timezone.now() + runs.LEASE
    release(run=run, audiences=["public"], released_by="Ani", not_before=later)
    assert not is_readable("public")
    release(run=run, audiences=["public"], released_by="Ani")
    assert is_readable("public")
    assert not is_readable("committee")
    withdraw(release=Release.objects.get())
    assert not is_readable("public")


def test_only_computed_runs_are_released_and_only_to_known_readers() -> None:
    run = computed_run(sealed_wave())
    with pytest.raises(SurveyError):
        release(run=run, audiences=["everybody"], released_by="Ani")
    run.state = ScoringRun.State.RUNNING
    with pytest.raises(SurveyError):
        release(run=run, audiences=["public"], released_by="Ani")


@pytest.fixture
def scheme_file(tmp_path: Path) -> Path:
    import yaml

    path = tmp_path / "kecil.yaml"
    path.write_text(yaml.safe_dump(SCHEME), encoding="utf-8")
    return path


def test_the_command_writes_released_rows_only(
    tmp_path: Path, scheme_file: Path
) -> None:
    wave, out = sealed_wave(), tmp_path / "hasil.csv"
    common = ["--wave", wave.code, "--scheme", str(scheme_file), "--out", str(out)]
    with pytest.raises(CommandError, match="--release"):
        call_command("score", *common)
    assert not out.exists()
    call_command("score", *common, "--release", "public")
    lines = out.read_text(encoding="utf-8").splitlines()
    assert lines[0].startswith("unit_code,level,dimension,n,frame,response_rate,score")
    assert "03,ESELON_I,A,,,,,,,,,,,no,confidential" in lines
    assert any(line.startswith("01,ESELON_I,A,15,20,0.75,66.66") for line in lines)


def test_private_reading_needs_a_name_and_a_reason_and_is_recorded(
    tmp_path: Path, scheme_file: Path
) -> None:
    wave, out = sealed_wave(), tmp_path / "hasil.csv"
    common = ["--wave", wave.code, "--scheme", str(scheme_file), "--out", str(out)]
    with pytest.raises(CommandError, match="--operator"):
        call_command("score", *common, "--private")
    who = ["--private", "--operator", "Ani", "--reason", "memeriksa bobot"]
    call_command("score", *common, *who)
    assert "03,ESELON_I,A,4,12" in out.read_text(encoding="utf-8")
    assert PrivateReading.objects.get().reason == "memeriksa bobot"


@pytest.mark.usefixtures("worker")
def test_a_real_worker_computes_a_queued_run() -> None:
    wave = sealed_wave()
    scheme = store_scheme(parse_scheme(SCHEME))
    run = runs.start_run(wave=wave, scheme=scheme, shard_size=5)
    tasks.queue_run.delay(run.pk)
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline and run.state != ScoringRun.State.COMPUTED:
        time.sleep(0.1)
        run.refresh_from_db()
    assert run.state == ScoringRun.State.COMPUTED
    assert run.result_digest == computed_run(wave).result_digest


def test_a_run_left_behind_by_a_dead_worker_is_taken_up_again(worker: Worker) -> None:
    wave = sealed_wave()
    run = runs.start_run(
        wave=wave, scheme=store_scheme(parse_scheme(SCHEME)), shard_size=5
    )
    dead = timezone.now() - runs.LEASE
    Shard.objects.filter(run=run).update(leased_until=dead)
    tasks.go_on_with_runs()
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline and run.state != ScoringRun.State.COMPUTED:
        time.sleep(0.1)
        run.refresh_from_db()
    assert run.state == ScoringRun.State.COMPUTED


def test_the_digest_of_a_run_is_that_of_a_fresh_process() -> None:
    from tests.conftest import environment_of_tests

    run = computed_run(sealed_wave())
    code = (
        "import django; django.setup()\n"
        "from scoring import runs; from scoring.models import ScoringRun\n"
        f"run = ScoringRun.objects.get(pk={run.pk})\n"
        "again = runs.start_run(wave=run.wave, scheme=run.scheme)\n"
        "list(runs.work_through(again)); again.refresh_from_db()\n"
        "print(again.result_digest)\n"
    )
    environment = environment_of_tests("owner")
    environment["DJANGO_SETTINGS_MODULE"] = "berakhlak.settings"
    printed = subprocess.run(
        [sys.executable, "-c", code],
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    assert printed.strip() == run.result_digest


def other_scheme(**changes: object) -> models.Scheme:
    return store_scheme(parse_scheme({**SCHEME, "version": 2, **changes}))


def test_a_wave_is_opened_by_one_method_only() -> None:
    wave = sealed_wave()
    first = computed_run(wave)
    release(run=first, audiences=["public"], released_by="Ani")
    second = runs.start_run(wave=wave, scheme=other_scheme(missing={"rule": "any"}))
    list(runs.work_through(second))
    second.refresh_from_db()
    with pytest.raises(SurveyError, match="metode lain"):
        release(run=second, audiences=["public"], released_by="Ani")
    withdraw(release=Release.objects.get())
    with pytest.raises(SurveyError, match="metode lain"):
        release(run=second, audiences=["committee"], released_by="Ani")


def test_the_same_method_again_may_be_opened_to_more_readers() -> None:
    wave = sealed_wave()
    release(run=computed_run(wave), audiences=["public"], released_by="Ani")
    release(run=computed_run(wave), audiences=["committee"], released_by="Ani")
    assert is_readable("committee")


def test_a_repetition_that_differs_by_few_people_is_not_opened() -> None:
    wave = sealed_wave()
    release(run=computed_run(wave), audiences=["public"], released_by="Ani")
    again = computed_run(wave)
    PublishedScore.objects.filter(run=again, unit__code="01").update(n=14)
    with pytest.raises(SurveyError, match="dulu disembunyikan"):
        release(run=again, audiences=["committee"], released_by="Ani")


def test_answers_that_are_not_those_that_were_sealed_are_not_scored() -> None:
    wave = sealed_wave()
    change_answers()
    run = runs.start_run(wave=wave, scheme=other_scheme())
    with pytest.raises(SurveyError, match="sidiknya"):
        list(runs.work_through(run))
    assert not UnitScore.objects.exists()


def test_answers_are_read_once_more_beside_the_tallies_and_not_again() -> None:
    wave = sealed_wave()
    run = runs.start_run(wave=wave, scheme=other_scheme())
    tasks.check_answers(run.pk)
    run.refresh_from_db()
    checked_at = run.checked_at
    assert checked_at is not None
    list(runs.work_through(run))
    run.refresh_from_db()
    assert (run.state, run.checked_at) == (ScoringRun.State.COMPUTED, checked_at)


def test_a_worker_that_finds_other_answers_ends_the_run() -> None:
    run = runs.start_run(wave=sealed_wave(), scheme=other_scheme())
    change_answers()
    with pytest.raises(SurveyError, match="sidiknya"):
        tasks.check_answers(run.pk)
    run.refresh_from_db()
    assert (run.state, run.checked_at) == (ScoringRun.State.FAILED, None)
    assert not runs.finish_run(run.pk)


def change_answers() -> None:
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE surveys_answer DISABLE TRIGGER USER")
        cursor.execute("UPDATE surveys_answer SET answers[1] = 2 WHERE answers[1] = 1")
        cursor.execute("ALTER TABLE surveys_answer ENABLE TRIGGER USER")


def test_a_share_of_favourable_answers_needs_people_behind_every_item() -> None:
    """Twenty answer the dimension; all but one say "tidak tahu" to its third item."""
    wave = make_open_wave({"01": "F" * 20, "02": "M" * 30})
    for number, person in enumerate(people_of(wave)):
        is_in_01 = number < 20
        answer(person, 3, 1, 3 if number == 0 or not is_in_01 else 4)
    waves.close_wave(wave=wave)
    wave = sealing.seal_wave(wave=waves.start_sealing(wave=wave))
    computed_run(wave)
    shown = PublishedScore.objects.get(unit__code="01", dimension="A")
    assert (shown.is_hidden, shown.n, shown.favourable) == (False, 20, None)
    run = runs.start_run(
        wave=wave,
        scheme=other_scheme(measure="favourable", missing={"rule": "any"}),
    )
    list(runs.work_through(run))
    assert PublishedScore.objects.get(run=run, unit__code="01", dimension="A").is_hidden
