"""Windows of batches, and extensions: they grow, for a reason, and never shrink."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format

from surveys.answering import known_waves
from surveys.answering.responding import NotOpen, invitation_for
from surveys.errors import SurveyError, WrongState
from surveys.fieldwork import waves, windows
from surveys.fieldwork.windows import BatchPlan
from surveys.models import Batch, Extension, UnitKerja, Wave, WaveUnit
from tests.desk import cast_at_desk, said, signed_in, text_of
from tests.surveys.box import (
    answer,
    ballot_of,
    code_of,
    fill,
    make_draft,
    make_units,
    people_of,
    register,
)

pytestmark = pytest.mark.django_db

PEOPLE = {"01.01": "F" * 12, "01.02": "F" * 12, "02": "M" * 12, "03": "M" * 12}
DAY = timedelta(days=1)


@pytest.fixture
def units() -> dict[str, UnitKerja]:
    return make_units({"01": ["01.01", "01.02"], "02": [], "03": []})


def plan(name: str, *units: UnitKerja, begins: float = 0, ends: float = 3) -> BatchPlan:
    """Days from now."""
    now = timezone.now()
    opens_at = now + begins * DAY if begins else None
    return BatchPlan(name, now + ends * DAY, opens_at, units)


@pytest.fixture
def wave(units: dict[str, UnitKerja]) -> Wave:
    """01 answers later, but 01.02 at once for three days; 02 two days; 03 with all."""
    draft = make_draft(units, is_simulated=False)
    register(draft, units, PEOPLE)
    plans = [
        plan("Barat", units["01"], begins=2, ends=5),
        plan("Tengah", units["01.02"], ends=3),
        plan("Timur", units["02"], ends=2),
    ]
    windows.set_batches(wave=draft, plans=plans)
    return waves.open_wave(wave=draft)


def first(wave: Wave, unit: str) -> str:
    return code_of(people_of(wave, unit)[0])


def later(monkeypatch: pytest.MonkeyPatch, span: timedelta) -> None:
    """The clock of this process; that of the database stays."""
    now = timezone.now() + span
    monkeypatch.setattr(timezone, "now", lambda: now)


def words(at: datetime) -> str:
    local = timezone.localtime(at)
    return f"{date_format(local, 'j F Y')} pukul {date_format(local, 'H.i T')}"


# --- whose window --------------------------------------------------------------------


def test_each_unit_answers_in_the_window_of_its_nearest_batch(wave: Wave) -> None:
    batch_of = dict(WaveUnit.objects.values_list("code", "batch__name"))
    assert batch_of == {
        "KEM": None,
        "01": "Barat",
        "01.01": "Barat",
        "01.02": "Tengah",
        "02": "Timur",
        "03": None,
    }
    with pytest.raises(NotOpen):
        invitation_for(first(wave, "01.01"))
    for unit in ("01.02", "02", "03"):
        assert invitation_for(first(wave, unit)).wave == wave


def test_outside_the_window_the_page_says_when(
    wave: Wave, monkeypatch: pytest.MonkeyPatch
) -> None:
    west, east = Batch.objects.get(name="Barat"), Batch.objects.get(name="Timur")
    assert west.opens_at is not None
    early = Client().get(reverse("respond:open", args=[first(wave, "01.01")]))
    page = " ".join(early.content.decode().split())
    assert early.status_code == 410
    assert "Survei ini belum dibuka" in page
    assert f"Pengisian mulai {words(west.opens_at)}" in page
    assert f"Dapat diisi sampai {words(west.closes_at)}" in page
    later(monkeypatch, 2.5 * DAY)
    late = Client().get(reverse("respond:open", args=[first(wave, "02")]))
    page = " ".join(late.content.decode().split())
    assert late.status_code == 410
    assert "Survei ini sudah ditutup" in page
    assert f"Pengisian berakhir {words(east.closes_at)}" in page
    assert invitation_for(first(wave, "01.01")).wave == wave


def test_the_form_names_the_end_of_the_own_window(wave: Wave) -> None:
    for unit, end in (
        ("02", Batch.objects.get(name="Timur").closes_at),
        ("03", wave.closes_at),
        ("01.02", Batch.objects.get(name="Tengah").closes_at),
    ):
        page = Client().get(reverse("respond:open", args=[first(wave, unit)]))
        assert f"Dapat diisi sampai {words(end)}" in " ".join(
            page.content.decode().split()
        )


def test_a_window_that_is_over_still_takes_what_was_begun(
    wave: Wave, monkeypatch: pytest.MonkeyPatch
) -> None:
    from surveys.answering.responding import submit_response

    person = people_of(wave, "02")[0]
    ballot = ballot_of(person)
    later(monkeypatch, 2.5 * DAY)
    with pytest.raises(NotOpen):
        invitation_for(code_of(person))
    assert submit_response(ballot=ballot, filled=fill(wave))


def test_windows_cost_a_respondent_no_statement(wave: Wave) -> None:
    code, plain = first(wave, "02"), first(wave, "03")
    known_waves.with_codes(anew=True)
    invitation_for(code)
    for each in (code, plain):
        with CaptureQueriesContext(connection) as queries:
            invitation_for(each)
        assert len(queries) == 2


def test_a_draft_says_when_it_begins_for_this_unit(
    units: dict[str, UnitKerja],
) -> None:
    draft = make_draft(units, opens_at=timezone.now() + DAY)
    register(draft, units, PEOPLE)
    windows.set_batches(
        wave=draft, plans=[plan("Barat", units["01"], begins=2, ends=5)]
    )
    for unit, days in (("01.01", 2), ("03", 1)):
        with pytest.raises(NotOpen) as refusal:
            invitation_for(first(draft, unit))
        seen = refusal.value.wave.opens_at
        assert seen is not None
        assert abs(seen - timezone.now() - days * DAY) < timedelta(minutes=1)


# --- what a batch may be -------------------------------------------------------------


def test_batches_lie_within_the_wave_and_share_no_unit(
    units: dict[str, UnitKerja],
) -> None:
    other = make_units({"91": []}, root="LAIN")["91"]
    draft = make_draft(units, opens_at=timezone.now() + DAY)
    wrong = {
        "berakhir sesudah gelombang": [plan("A", units["01"], ends=8)],
        "mulai sebelum gelombang": [plan("A", units["01"], begins=0.5)],
        "belum punya unit": [plan("A")],
        "di luar organisasi": [plan("A", other)],
        "ada di dua batch": [plan("A", units["01"]), plan("B", units["01"])],
        "dipakai dua kali": [plan("A", units["01"]), plan("A", units["02"])],
        "berakhir sebelum mulai": [plan("A", units["01"], begins=3, ends=2)],
    }
    for sentence, plans in wrong.items():
        with pytest.raises(SurveyError, match=sentence):
            windows.set_batches(wave=draft, plans=plans)
    assert not Batch.objects.exists()


def test_batches_are_set_in_a_draft_alone(
    wave: Wave, units: dict[str, UnitKerja]
) -> None:
    with pytest.raises(WrongState):
        windows.set_batches(wave=wave, plans=[plan("Baru", units["03"])])


# --- extension -----------------------------------------------------------------------


def extended(wave: Wave, days: float, **more: Any) -> list[Extension]:
    more.setdefault("reason", "Jaringan di timur terputus dua hari.")
    more.setdefault("extended_by", None)
    return windows.extend(wave=wave, closes_at=timezone.now() + days * DAY, **more)


def test_an_extension_is_recorded_and_the_promise_stands(wave: Wave) -> None:
    before = Wave.objects.get(pk=wave.pk)
    (record,) = extended(wave, 9)
    wave.refresh_from_db()
    assert (record.closed_at_before, record.closes_at) == (
        before.closes_at,
        wave.closes_at,
    )
    assert wave.seals_at - wave.closes_at == before.seals_at - before.closes_at
    assert (wave.promise, wave.promise_digest) == (
        before.promise,
        before.promise_digest,
    )
    assert invitation_for(first(wave, "03")).wave.closes_at == wave.closes_at
    with pytest.raises(NotOpen):
        invitation_for(first(wave, "01.01"))


def test_a_batch_is_extended_alone_and_takes_the_wave_along_only_past_its_end(
    wave: Wave, monkeypatch: pytest.MonkeyPatch
) -> None:
    east = Batch.objects.get(name="Timur")
    end = wave.closes_at
    assert [each.batch for each in extended(wave, 4, batches=[east])] == [east]
    wave.refresh_from_db()
    assert wave.closes_at == end
    both = extended(wave, 10, batches=[east])
    assert {each.batch for each in both} == {east, None}
    wave.refresh_from_db()
    east.refresh_from_db()
    assert wave.closes_at == east.closes_at > end
    later(monkeypatch, 8 * DAY)
    assert invitation_for(first(wave, "02")).wave == wave
    with pytest.raises(NotOpen):
        invitation_for(first(wave, "01.02"))


def test_what_is_over_can_be_opened_again_for_a_batch(
    wave: Wave, monkeypatch: pytest.MonkeyPatch
) -> None:
    later(monkeypatch, 2.5 * DAY)
    with pytest.raises(NotOpen):
        invitation_for(first(wave, "02"))
    extended(wave, 1, batches=[Batch.objects.get(name="Timur")])
    assert invitation_for(first(wave, "02")).wave == wave


@pytest.mark.parametrize(
    ("days", "reason", "sentence"),
    [
        (6, "Salah ketik.", "hanya dapat diperpanjang"),
        (-1, "Sudah cukup.", "sudah lewat"),
        (9, "   ", "Sebutkan alasan"),
    ],
)
def test_shorter_or_without_a_reason_is_refused(
    wave: Wave, days: float, reason: str, sentence: str
) -> None:
    with pytest.raises(SurveyError, match=sentence):
        extended(wave, days, reason=reason)
    with pytest.raises(SurveyError, match="hanya dapat diperpanjang"):
        extended(wave, 1, batches=[Batch.objects.get(name="Timur")])
    assert not Extension.objects.exists()


def test_a_closed_wave_is_extended_no_more(wave: Wave) -> None:
    waves.close_wave(wave=wave, reason="Salah instrumen.")
    with pytest.raises(WrongState):
        extended(wave, 9)


LOOSENED = {
    "closes_at": "UPDATE surveys_wave SET closes_at = closes_at - interval '1 day'",
    "seals_at": "UPDATE surveys_wave SET seals_at = closes_at",
    "longer": "UPDATE surveys_wave SET closes_at = closes_at + interval '1 hour',"
    " seals_at = seals_at + interval '1 hour'",
    "minimum": "UPDATE surveys_wave SET minimum_figure = 1",
    "min_cell": "UPDATE surveys_wave SET min_cell = 11",
    "promise": "UPDATE surveys_wave SET promise = '{}'",
    "strata": "INSERT INTO surveys_stratifier (wave_id, position, code, name,"
    " categories) SELECT id, 9, 'nip', 'NIP', '[]' FROM surveys_wave",
    "batch": "UPDATE surveys_batch SET closes_at = now()",
    "batch gone": "DELETE FROM surveys_batchunit",
    "other batch": "UPDATE surveys_waveunit SET batch_id = NULL",
    "other units": "INSERT INTO surveys_batch (wave_id, name, closes_at)"
    " SELECT id, 'Baru', now() FROM surveys_wave",
}


@pytest.mark.parametrize("door", LOOSENED)
@pytest.mark.parametrize("role", ["owner", "app"])
def test_the_database_refuses_what_loosens_the_promise(
    wave: Wave, door: str, role: str, request: pytest.FixtureRequest
) -> None:
    if role == "app":
        request.getfixturevalue("as_app")
    with pytest.raises(DatabaseError), transaction.atomic():  # noqa: SIM117  # one block each
        with connection.cursor() as cursor:
            cursor.execute(LOOSENED[door])


def test_the_record_of_an_extension_stays(wave: Wave) -> None:
    extended(wave, 9)
    for attempt in (
        lambda: Extension.objects.update(reason="Lain."),
        lambda: Extension.objects.all().delete(),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            attempt()


def test_the_shell_extends_and_says_no_like_the_desk(wave: Wave) -> None:
    end = (timezone.localtime(wave.closes_at) + DAY).strftime("%Y-%m-%dT%H:%M")
    with pytest.raises(CommandError, match="Sebutkan alasan"):
        call_command("wave", "extend", wave.code, "--closes-at", end)
    call_command("wave", "extend", wave.code, "--closes-at", end, "--reason", "Banjir.")
    assert Extension.objects.get().reason == "Banjir."
    with pytest.raises(CommandError, match="hanya dapat diperpanjang"):
        call_command(
            "wave", "extend", wave.code, "--closes-at", end, "--reason", "Lagi."
        )


# --- at the desk ---------------------------------------------------------------------


def test_ani_extends_and_everybody_reads_why(
    wave: Wave, units: dict[str, UnitKerja]
) -> None:
    cast_at_desk(units)
    ani = signed_in("Ani")
    url = reverse("admin:surveys_wave_extend", args=[wave.pk])
    end = timezone.localtime(wave.closes_at) + DAY
    typed = {
        "closes_at_0": end.strftime("%d-%m-%Y"),
        "closes_at_1": "23.59.00",
        "reason": "Jaringan terputus.",
    }
    assert "hanya dapat menjadi lebih panjang" in text_of(ani, url)
    assert "Diperpanjang sampai" in said(ani, url, typed)[0]
    console = text_of(ani, reverse("admin:surveys_wave_change", args=[wave.pk]))
    record = Extension.objects.get()
    for shown in ("Jaringan terputus.", "Ani", str(timezone.localdate().year)):
        assert shown in console
    assert record.extended_by is not None
    assert record.extended_by.name == "Ani"
    promise = Client().get(reverse("respond:promise", args=[wave.code]))
    assert "Jaringan terputus." in promise.content.decode()
    earlier = {**typed, "closes_at_0": timezone.localdate().strftime("%d-%m-%Y")}
    again = ani.post(url, {**earlier, "reason": "Maju."}, follow=True)
    assert "hanya dapat diperpanjang" in again.content.decode()
    assert Extension.objects.count() == 1
    assert signed_in("Budi").post(url, typed).status_code == 403
    assert signed_in("Dewi").post(url, typed).status_code in (302, 403)


def test_closing_real_people_early_takes_a_reason(
    wave: Wave, units: dict[str, UnitKerja]
) -> None:
    cast_at_desk(units)
    ani = signed_in("Ani")
    url = reverse("admin:surveys_wave_step", args=[wave.pk, "tutup"])
    assert "Alasan menutup sebelum waktunya" in text_of(ani, url)
    assert "Sebutkan alasan" in said(ani, url)[0]
    wave.refresh_from_db()
    assert wave.state == Wave.State.OPEN
    said(ani, url, {"alasan": "Instrumen keliru."})
    wave.refresh_from_db()
    assert (wave.state, wave.closing_reason) == ("closed", "Instrumen keliru.")
    promise = Client().get(reverse("respond:promise", args=[wave.code]))
    assert "Instrumen keliru." in promise.content.decode()


def test_answers_count_in_whichever_window_they_came(wave: Wave) -> None:
    for unit in ("01.02", "02", "03"):
        answer(people_of(wave, unit)[0])
