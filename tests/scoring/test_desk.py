"""The desk around a run: start it, watch it, open what it found, take it back."""

from __future__ import annotations

import time
from datetime import timedelta

import pytest
from django.contrib.admin.models import LogEntry
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from scoring.models import Release, ScoringRun, Shard
from scoring.results.releases import record_private_reading
from scoring.scheme import parse_scheme
from scoring.schemes_store import store_scheme
from surveys.models import Role, UnitKerja, Wave
from surveys.staff.permissions import grant_role
from tests.conftest import Worker
from tests.desk import cast_at_desk, said, signed_in, text_of
from tests.factories import (
    HIDDEN,
    PRIVATE,
    SCORES,
    Cast,
    make_run,
    make_units,
    make_user,
    make_wave,
    open_run,
)
from tests.scoring.test_runs import SCHEME
from tests.surveys import box

pytestmark = pytest.mark.django_db

AUDIENCES = Release.Audience


@pytest.fixture
def units() -> dict[str, UnitKerja]:
    return make_units()


@pytest.fixture
def cast(units: dict[str, UnitKerja]) -> Cast:
    """Ani administers, Budi coordinates 01; Eka is added as scoring operator."""
    cast = cast_at_desk(units)
    eka = make_user("Eka")
    grant_role(user=eka, kind=Role.Kind.OPERATOR, unit=units["KEM"])
    return cast


@pytest.fixture
def wave(units: dict[str, UnitKerja]) -> Wave:
    return make_wave(units, sealed_at=timezone.now(), n_answers=358)


@pytest.fixture
def run(wave: Wave) -> ScoringRun:
    """Computed, not released; unit 02.01 hidden."""
    return make_run(wave, {**SCORES, "02.01": HIDDEN})


def start_of(wave: Wave) -> str:
    return reverse("admin:scoring_scoringrun_start", args=[wave.pk])


def page_of(run: ScoringRun, name: str = "change") -> str:
    return reverse(f"admin:scoring_scoringrun_{name}", args=[run.pk])


def console_of(wave: Wave) -> str:
    return reverse("admin:surveys_wave_change", args=[wave.pk])


def withdrawing(release: Release) -> str:
    return reverse("admin:scoring_release_withdraw", args=[release.pk])


# --- start ---------------------------------------------------------------------------


def test_a_wave_that_is_not_sealed_is_not_computed(
    units: dict[str, UnitKerja], cast: Cast
) -> None:
    wave = make_wave(units, state=Wave.State.CLOSED, closed_at=timezone.now())
    sentence = "Hanya gelombang yang sudah disegel dapat dihitung."
    ani = signed_in("Ani")
    shown = text_of(ani, start_of(wave))
    assert "Sudah ditutup, belum disegel. Segel lebih dulu." in shown
    assert "Hitung sekarang" not in shown
    assert said(ani, start_of(wave)) == [sentence]
    assert not ScoringRun.objects.exists()
    assert start_of(wave) not in text_of(signed_in("Ani"), console_of(wave))


def test_the_operator_computes_and_does_not_open(
    wave: Wave, run: ScoringRun, cast: Cast
) -> None:
    eka = signed_in("Eka")
    assert "Hitung gelombang ini?" in text_of(eka, start_of(wave))
    assert page_of(run, "open") not in text_of(eka, page_of(run))
    assert eka.post(page_of(run, "open"), {"audiences": "public"}).status_code == 403
    assert not Release.objects.exists()


def test_the_coordinator_sees_no_run(wave: Wave, run: ScoringRun, cast: Cast) -> None:
    budi = signed_in("Budi")
    text_of(budi, reverse("admin:scoring_scoringrun_changelist"), 403)
    text_of(budi, page_of(run), 404)
    assert budi.post(start_of(wave)).status_code == 404
    assert ScoringRun.objects.count() == 1


def test_runs_of_another_ministry_do_not_exist(cast: Cast) -> None:
    other = make_units({"91": ()}, root="LAIN")
    foreign = make_wave({"KEM": other["LAIN"]}, "LAIN-1")
    run = make_run(foreign, {"91": 60.0})
    (release,) = open_run(run, AUDIENCES.PUBLIC)
    ani = signed_in("Ani")
    for url in (
        start_of(foreign),
        *(page_of(run, name) for name in ("change", "progress", "open", "history")),
        withdrawing(release),
    ):
        text_of(ani, url, 404)
    for noun in ("scoringrun", "release"):
        url = reverse(f"admin:scoring_{noun}_changelist")
        assert foreign.name not in text_of(ani, url)


# --- watch ---------------------------------------------------------------------------


def running(wave: Wave, *, seconds_ago: int = 0) -> ScoringRun:
    """Two of three shards still waiting."""
    started_at = timezone.now() - timedelta(seconds=seconds_ago)
    state = ScoringRun.State.RUNNING
    run = make_run(wave, {}, state=state, started_at=started_at, n_shards=3)
    for number in range(3):
        Shard.objects.create(run=run, number=number, cell_ids=[], n_answers=100)
    run.shards.filter(number=0).update(state=Shard.State.DONE, tally=b"x")
    return run


def test_the_monitor_says_how_far_a_run_is(wave: Wave, cast: Cast) -> None:
    run = running(wave)
    page = text_of(signed_in("Ani"), page_of(run))
    assert "1 dari 3 bagian, 100 dari 300 jawaban" in page
    assert 'hx-trigger="every 2s"' in page
    assert "Belum ada pekerja" not in page
    assert page_of(run, "open") not in page


def test_the_monitor_says_when_no_worker_is_there(wave: Wave, cast: Cast) -> None:
    run, ani = running(wave, seconds_ago=60), signed_in("Ani")
    run.shards.update(state=Shard.State.WAITING)
    notice = "Belum ada pekerja yang mengambil bagian ini."
    assert notice in text_of(ani, page_of(run))
    soon = timezone.now() + timedelta(seconds=60)
    run.shards.filter(number=1).update(leased_until=soon)
    assert notice not in text_of(ani, page_of(run, "progress"))


def test_a_finished_run_reloads_the_page_once(run: ScoringRun, cast: Cast) -> None:
    ScoringRun.objects.update(warnings=["3 unit tanpa jawaban."])
    response = signed_in("Ani").get(page_of(run, "progress"))
    assert response.headers["HX-Refresh"] == "true"
    page = text_of(signed_in("Ani"), page_of(run))
    assert "every 2s" not in page
    assert "3 unit tanpa jawaban." in page
    assert page_of(run, "open") in page


def test_a_failed_run_says_what_is_safe(run: ScoringRun, cast: Cast) -> None:
    ScoringRun.objects.update(state=ScoringRun.State.FAILED, error="Skema tidak cocok.")
    page = text_of(signed_in("Ani"), page_of(run))
    assert "Jawaban tetap tersegel" in page
    assert "Skema tidak cocok." in page
    words = said(signed_in("Ani"), page_of(run, "open"), {"audiences": ["public"]})
    assert words == ["Perhitungan ini belum selesai."]


# --- open and withdraw ---------------------------------------------------------------


def test_opening_says_who_then_sees_what(run: ScoringRun, cast: Cast) -> None:
    page = text_of(signed_in("Ani"), page_of(run, "open"))
    for words in (
        "Anggota komite membaca",
        "unitnya sendiri dan unit di bawahnya",
        "Siapa pun membaca semua unit",
    ):
        assert words in page
    assert " checked" not in page, "nothing is chosen beforehand"
    assert not Release.objects.exists()


def test_results_are_opened_to_the_chosen_audiences(
    run: ScoringRun, cast: Cast
) -> None:
    ani = signed_in("Ani")
    words = said(ani, page_of(run, "open"), {"audiences": ["committee", "own_unit"]})
    assert words == ["Hasil dibuka untuk: Komite, Pimpinan, unitnya sendiri."]
    opened = Release.objects.in_force()
    assert set(opened.values_list("audience", "released_by")) == {
        ("committee", "Ani"),
        ("own_unit", "Ani"),
    }
    results = reverse("results:wave", args=[run.wave.code])
    assert results not in text_of(ani, page_of(run)), "Ani may not read these"
    said(ani, page_of(run, "open"), {"audiences": ["leaders"]})
    assert results in text_of(ani, page_of(run))


@pytest.mark.parametrize("audiences", [[], ["semua"]])
def test_nothing_is_opened_to_nobody_or_to_the_unknown(
    run: ScoringRun, cast: Cast, audiences: list[str]
) -> None:
    url = page_of(run, "open")
    response = signed_in("Ani").post(url, {"audiences": audiences})
    assert "Pilih paling sedikit satu pembaca." in response.content.decode()
    assert not Release.objects.exists()


def test_a_release_waits_for_its_hour(run: ScoringRun, cast: Cast) -> None:
    later = timezone.localtime() + timedelta(days=2)
    data = {
        "audiences": ["public"],
        "not_before_0": later.strftime("%d-%m-%Y"),
        "not_before_1": "08.00.00",
    }
    said(signed_in("Ani"), page_of(run, "open"), data)
    assert Release.objects.exists()
    assert not Release.objects.in_force().exists()
    assert "Menunggu" in text_of(signed_in("Ani"), page_of(run))


def test_withdrawing_needs_a_reason_and_keeps_it(run: ScoringRun, cast: Cast) -> None:
    (release,) = open_run(run, AUDIENCES.PUBLIC)
    ani, url = signed_in("Ani"), withdrawing(release)
    assert url in text_of(ani, reverse("admin:scoring_release_changelist"))
    ani.post(url, {"reason": " "})
    assert Release.objects.in_force().exists()
    words = said(ani, url, {"reason": "Salah metode"})
    assert words == ["Hasil ditarik dari: Umum. Alasan: Salah metode"]
    assert not Release.objects.in_force().exists()
    shown = ani.get(url, follow=True)
    assert [str(m) for m in shown.context["messages"]] == ["Hasil ini sudah ditarik."]
    assert LogEntry.objects.get().change_message == words[0]
    history = reverse("admin:scoring_release_history", args=[release.pk])
    assert "Salah metode" in text_of(ani, history)


# --- what is never shown -------------------------------------------------------------


def test_no_page_of_the_desk_shows_a_score(
    wave: Wave, run: ScoringRun, cast: Cast
) -> None:
    open_run(run, AUDIENCES.COMMITTEE)
    record_private_reading(run=run, operator="Eka", reason="Pemeriksaan")
    ani = signed_in("Ani")
    names = ("scoringrun", "release", "scheme", "privatereading")
    pages = {
        name: text_of(ani, reverse(f"admin:scoring_{name}_changelist"))
        for name in names
    }
    assert "Pemeriksaan" in pages["privatereading"]
    for english in ("Scheme", "Run", "Read at"):
        assert english not in pages["scoringrun"] + pages["privatereading"]
    for name in ("change", "progress", "open", "history"):
        pages[name] = text_of(ani, page_of(run, name))
    pages["console"] = text_of(ani, console_of(wave))
    pages["scheme"] += text_of(
        ani, reverse("admin:scoring_scheme_change", args=[run.scheme_id])
    )
    numbers = {*(str(score) for score in SCORES.values()), str(PRIVATE), "12.34"}
    numbers |= {number.replace(".", ",") for number in numbers}
    shown = {(name, n) for name, page in pages.items() for n in numbers if n in page}
    assert not shown


# --- the whole way, with real workers ------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_ani_follows_a_wave_from_draft_to_open_results(
    worker: Worker, sealer: Worker
) -> None:
    units = box.make_units({"01": ["01.01"], "02": ["02.01"]})
    ani = make_user("Ani")
    grant_role(user=ani, kind=Role.Kind.ADMINISTRATOR, unit=units["KEM"])
    wave = box.make_draft(units)
    box.register(wave, units, {"01.01": "F" * 15 + "M" * 15, "02.01": "F" * 24})
    client = signed_in("Ani")
    step = "admin:surveys_wave_step"
    client.post(reverse(step, args=[wave.pk, "buka"]))
    wave.refresh_from_db()
    for person in box.people_of(wave)[:40]:
        box.answer(person, 3, 2, 3)
    client.post(reverse(step, args=[wave.pk, "tutup"]))
    client.post(reverse(step, args=[wave.pk, "segel"]))
    poll = reverse("admin:surveys_wave_sealing", args=[wave.pk])
    _wait_for_refresh(client, poll)
    assert "Jawaban disegel" in text_of(client, console_of(wave))

    assert start_of(wave) in text_of(client, console_of(wave))
    method = store_scheme(parse_scheme(SCHEME))
    client.post(start_of(wave), {"scheme": method.digest})
    run = ScoringRun.objects.get()
    assert run.started_by == ani
    _wait_for_refresh(client, page_of(run, "progress"))
    run.refresh_from_db()
    assert run.state == ScoringRun.State.COMPUTED, run.error
    assert page_of(run, "open") in text_of(client, console_of(wave))
    said(client, page_of(run, "open"), {"audiences": ["leaders"]})
    results = client.get(reverse("results:wave", args=[wave.code]))
    assert results.status_code == 200


def _wait_for_refresh(client: Client, url: str, seconds: float = 60) -> None:
    deadline = time.monotonic() + seconds
    while "HX-Refresh" not in client.get(url).headers:
        assert time.monotonic() < deadline, "nobody finished it"
        time.sleep(0.2)
