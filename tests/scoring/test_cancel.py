"""A run is cancelled once, with a reason, and then never has a result."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from threading import Barrier
from typing import Any

import pytest
from django.contrib.admin.models import LogEntry
from django.core.management import CommandError
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from scoring import runs, tasks, upkeep
from scoring.management.commands.score import Command
from scoring.models import PublishedScore, ScoringRun, UnitScore
from scoring.results.releases import release
from scoring.scheme import parse_scheme
from scoring.schemes_store import store_scheme
from surveys.errors import SurveyError, WrongState
from surveys.models import Role, UnitKerja, Wave
from surveys.staff.permissions import grant_role
from tests.desk import cast_at_desk, said, signed_in, text_of
from tests.factories import make_run, make_user
from tests.scoring.test_desk import page_of, running
from tests.scoring.test_runs import SCHEME, computed_run, sealed_wave

State = ScoringRun.State


def started_run(wave: Wave) -> ScoringRun:
    """Of three shards, none of them tallied."""
    scheme = store_scheme(parse_scheme(SCHEME))
    return runs.start_run(wave=wave, scheme=scheme, shard_size=5)


def tallied_run(wave: Wave) -> ScoringRun:
    """All that is left to do is to finish it."""
    run = started_run(wave)
    for _pass in ("tally", "check"):
        assert all(runs.work_on_shard(shard.pk) for shard in run.shards.all())
    return run


def has_scores(run: ScoringRun) -> bool:
    rows = (UnitScore.objects.filter(run=run), PublishedScore.objects.filter(run=run))
    return any(found.exists() for found in rows)


# --- what it means -------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_workers_stop_at_the_next_shard_and_nobody_calls_them_again() -> None:
    run = started_run(sealed_wave())
    first, second, _third = run.shards.all()
    assert runs.work_on_shard(first.pk)
    upkeep.cancel(run=run, reason=" Salah metode ")
    assert (run.state, run.error) == (State.CANCELLED, "Salah metode")
    assert not runs.work_on_shard(second.pk)
    assert not upkeep.may_be_queued(run)
    tasks.go_on_with_runs()
    upkeep.fail(run.pk, ValueError())
    run.refresh_from_db()
    assert (run.state, run.n_done) == (State.CANCELLED, 1)


@pytest.mark.django_db(transaction=True)
def test_it_is_never_finished_nor_opened() -> None:
    run = tallied_run(sealed_wave())
    upkeep.cancel(run=run, reason="Salah metode")
    assert not runs.finish_run(run.pk)
    run.refresh_from_db()
    assert (run.state, run.result_digest) == (State.CANCELLED, "")
    assert not has_scores(run)
    with pytest.raises(SurveyError, match="belum selesai"):
        release(run=run, audiences=["public"], released_by="Ani")


@pytest.mark.django_db(transaction=True)
def test_only_a_run_under_way_is_cancelled_and_only_with_a_reason() -> None:
    wave = sealed_wave()
    with pytest.raises(SurveyError, match="alasan"):
        upkeep.cancel(run=started_run(wave), reason="  ")
    run = computed_run(wave)
    with pytest.raises(WrongState, match="sudah berakhir"):
        upkeep.cancel(run=run, reason="Terlambat")
    run.refresh_from_db()
    assert run.state == State.COMPUTED


@pytest.mark.django_db
@pytest.mark.parametrize(
    "more", [{"error": ""}, {"error": "x", "computed_at": timezone.now()}]
)
def test_the_database_refuses_one_without_a_reason_or_published(
    wave: Wave, more: dict[str, object]
) -> None:
    wrong: dict[str, Any] = {"computed_at": None, "state": State.CANCELLED, **more}
    with pytest.raises(IntegrityError, match="cancelled_run"), transaction.atomic():
        make_run(wave, {}, **wrong)


# --- races ---------------------------------------------------------------------------


@contextmanager
def locked(table: str) -> Iterator[None]:
    """Whoever reads or writes this table waits until the block ends."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"LOCK TABLE {table} IN ACCESS EXCLUSIVE MODE")
        yield


def elsewhere(act: Callable[[], object]) -> Callable[[], object]:
    """The same, on a connection of its own; for another thread."""

    def act_and_leave() -> object:
        try:
            return act()
        finally:
            connection.close()

    return act_and_leave


WAITING = """
SELECT count(*) FROM pg_stat_activity
WHERE datname = current_database() AND wait_event_type = 'Lock' AND query LIKE %s
"""


def wait_until_waiting(what: str) -> None:
    """Until some session's statement, which says this, waits for a lock."""
    deadline = time.monotonic() + 20
    with connection.cursor() as cursor:
        while True:
            cursor.execute("SELECT pg_stat_clear_snapshot()")
            cursor.execute(WAITING, [f"%{what}%"])
            if cursor.fetchone() != (0,):
                return
            assert time.monotonic() < deadline, f"nobody waits in {what}"
            time.sleep(0.02)


@pytest.fixture
def others() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor() as pool:
        yield pool


@pytest.mark.django_db(transaction=True)
def test_cancelled_while_it_is_computed_it_is_not_written(
    others: ThreadPoolExecutor,
) -> None:
    run = tallied_run(sealed_wave())
    with locked("surveys_answer"):
        finishing = others.submit(elsewhere(lambda: runs.finish_run(run.pk)))
        wait_until_waiting("COPY")
        cancelling = elsewhere(lambda: upkeep.cancel(run=run, reason="Salah metode"))
        others.submit(cancelling).result()
    assert finishing.result() is False
    run.refresh_from_db()
    assert run.state == State.CANCELLED
    assert not has_scores(run)


@pytest.mark.django_db(transaction=True)
def test_cancelled_while_it_is_written_it_stays_computed(
    others: ThreadPoolExecutor,
) -> None:
    run = tallied_run(sealed_wave())
    with locked("scoring_unitscore"):
        finishing = others.submit(elsewhere(lambda: runs.finish_run(run.pk)))
        wait_until_waiting("COPY")
        cancelling = others.submit(
            elsewhere(lambda: upkeep.cancel(run=run, reason="Salah metode"))
        )
        wait_until_waiting('UPDATE "scoring_scoringrun" SET')
    assert finishing.result() is True
    with pytest.raises(WrongState, match="sudah berakhir"):
        cancelling.result()
    run.refresh_from_db()
    assert (run.state, run.error) == (State.COMPUTED, "")
    assert has_scores(run)


@pytest.mark.django_db(transaction=True)
def test_at_the_same_moment_one_of_the_two_wins(others: ThreadPoolExecutor) -> None:
    wave = sealed_wave()
    for _attempt in range(10):
        run, start = tallied_run(wave), Barrier(2)
        finishing, cancelling = at_once(others, run, start)
        is_finished = finishing.result() is True
        is_cancelled = cancelling.exception() is None
        assert is_finished != is_cancelled
        run.refresh_from_db()
        assert run.state == (State.COMPUTED if is_finished else State.CANCELLED)
        assert has_scores(run) == is_finished


def at_once(
    others: ThreadPoolExecutor, run: ScoringRun, start: Barrier
) -> tuple[Future[object], Future[object]]:
    def finish() -> bool:
        start.wait()
        return runs.finish_run(run.pk)

    def cancel() -> None:
        start.wait()
        upkeep.cancel(run=run, reason="Salah metode")

    return others.submit(elsewhere(finish)), others.submit(elsewhere(cancel))


@pytest.mark.django_db(transaction=True)
def test_the_command_that_waits_for_it_says_so() -> None:
    run = started_run(sealed_wave())
    upkeep.cancel(run=ScoringRun.objects.get(), reason="Salah metode")
    with pytest.raises(CommandError, match="dibatalkan: Salah metode"):
        Command().wait_for(run)


# --- at the desk ---------------------------------------------------------------------


def under_way(wave: Wave) -> ScoringRun:
    """Without the result that the factory gives."""
    running(wave)
    ScoringRun.objects.update(result_digest="")
    return ScoringRun.objects.get()


@pytest.fixture
def staff(units: dict[str, UnitKerja]) -> None:
    """Eka computes for the whole ministry, Fajar for unit 01 alone."""
    cast_at_desk(units)
    for name, code in (("Eka", "KEM"), ("Fajar", "01")):
        person = make_user(name)
        grant_role(user=person, kind=Role.Kind.OPERATOR, unit=units[code])


@pytest.mark.django_db
@pytest.mark.usefixtures("staff")
def test_the_operator_cancels_after_saying_why(wave: Wave) -> None:
    run, eka = under_way(wave), signed_in("Eka")
    url = page_of(run, "cancel")
    assert url in text_of(eka, page_of(run))
    assert "Batalkan perhitungan ini?" in text_of(eka, url)
    eka.post(url, {"reason": " "})
    run.refresh_from_db()
    assert run.state == State.RUNNING
    words = said(eka, url, {"reason": "Salah metode"})
    assert words == ["Perhitungan dibatalkan. Alasan: Salah metode"]
    run.refresh_from_db()
    assert run.state == State.CANCELLED
    assert LogEntry.objects.get().change_message == words[0]


@pytest.mark.django_db
@pytest.mark.usefixtures("staff")
def test_the_monitor_says_that_and_why_it_was_cancelled(wave: Wave) -> None:
    run, ani = under_way(wave), signed_in("Ani")
    upkeep.cancel(run=run, reason="Salah metode")
    assert "HX-Refresh" in ani.get(page_of(run, "progress")).headers
    page = text_of(ani, page_of(run))
    for words in ("Perhitungan dibatalkan", "Alasan: Salah metode", "Hitung lagi"):
        assert words in page
    for url in (page_of(run, "cancel"), page_of(run, "open"), "every 2s"):
        assert url not in page
    assert said(ani, page_of(run, "cancel"), {"reason": "Lagi"}) == [
        "Perhitungan ini sudah berakhir."
    ]


@pytest.mark.django_db
@pytest.mark.usefixtures("staff")
def test_who_may_not_start_a_run_does_not_cancel_it(wave: Wave) -> None:
    run = under_way(wave)
    url = page_of(run, "cancel")
    for name in ("Budi", "Citra", "Dewi"):
        assert signed_in(name).post(url, {"reason": "x"}).status_code in (302, 403, 404)
    fajar = signed_in("Fajar")
    assert url not in text_of(fajar, page_of(run))
    assert fajar.post(url, {"reason": "x"}).status_code == 403
    run.refresh_from_db()
    assert run.state == State.RUNNING


@pytest.mark.django_db(transaction=True)
def test_of_two_methods_opened_at_once_one_waits_and_is_refused(
    others: ThreadPoolExecutor,
) -> None:
    wave = sealed_wave()
    first = computed_run(wave)
    scheme = store_scheme(parse_scheme(SCHEME | {"version": 2}))
    second = runs.start_run(wave=wave, scheme=scheme)
    list(runs.work_through(second))
    second.refresh_from_db()

    def open_second() -> object:
        return release(run=second, audiences=["public"], released_by="Budi")

    with transaction.atomic():
        release(run=first, audiences=["public"], released_by="Ani")
        waiting = others.submit(elsewhere(open_second))
        wait_until_waiting("surveys_wave")
    with pytest.raises(SurveyError, match="dengan metode lain"):
        waiting.result(timeout=20)
