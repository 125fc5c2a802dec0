"""The clock opens and closes waves, and says why where it cannot."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from surveys.fieldwork import clock, waves
from surveys.models import UnitKerja, Wave
from surveys.tasks import close_due_wave, open_due_wave, open_due_waves
from tests.desk import cast_at_desk, signed_in, text_of
from tests.surveys.box import (
    make_draft,
    make_units,
    people_of,
    register,
)

pytestmark = pytest.mark.django_db

PEOPLE = {"01.01": "F" * 25, "01.02": "F" * 4, "01.03": "M" * 7, "02": "M" * 30}
ADD = "admin:surveys_wave_add"


@pytest.fixture
def units() -> dict[str, UnitKerja]:
    units = make_units({"01": ["01.01", "01.02", "01.03"], "02": []})
    cast_at_desk(units)
    return units


def due(units: dict[str, UnitKerja], **more: Any) -> Wave:
    more.setdefault("opens_at", timezone.now() - timedelta(minutes=1))
    return make_draft(units, **more)


def test_a_ready_draft_opens_by_the_clock(
    units: dict[str, UnitKerja],
    django_capture_on_commit_callbacks: Callable[..., Any],
) -> None:
    wave = due(units)
    register(wave, units, PEOPLE)
    later = make_draft(units, "W2", opens_at=timezone.now() + timedelta(hours=1))
    register(later, units, PEOPLE)
    assert [each.pk for each in clock.due_to_open()] == [wave.pk]
    for each in (wave, later):
        open_due_wave(each.pk)
    states = dict(Wave.objects.values_list("code", "state"))
    assert states == {"W1": "open", "W2": "draft"}
    open_due_wave(wave.pk)


def test_why_the_clock_could_not_open_is_shown_and_tried_again_after_a_change(
    units: dict[str, UnitKerja],
) -> None:
    wave = due(units)
    open_due_wave(wave.pk)
    wave.refresh_from_db()
    assert wave.state == Wave.State.DRAFT
    page = reverse("admin:surveys_wave_change", args=[wave.pk])
    shown = text_of(signed_in("Ani"), page)
    assert "Tidak dapat dibuka sendiri pada" in shown
    assert "Daftar pegawai gelombang ini masih kosong." in shown
    register(wave, units, PEOPLE)
    assert not clock.due_to_open().exists(), "not behind the administrator's back"
    waves.change_draft(wave=wave, opens_at=timezone.now())
    open_due_wave(wave.pk)
    wave.refresh_from_db()
    assert (wave.state, wave.opening_problem) == ("open", "")


def test_opened_by_hand_it_begins_at_once(units: dict[str, UnitKerja]) -> None:
    from surveys.answering.responding import invitation_for
    from tests.surveys.box import code_of

    wave = make_draft(units, opens_at=timezone.now() + timedelta(days=2))
    register(wave, units, PEOPLE)
    wave = waves.open_wave(wave=wave)
    assert wave.opened_at is not None
    assert wave.opens_at == wave.opened_at
    assert invitation_for(code_of(people_of(wave)[0])).wave == wave


def test_the_clock_does_not_close_what_was_extended_meanwhile(
    units: dict[str, UnitKerja],
) -> None:
    wave = make_draft(units)
    register(wave, units, PEOPLE)
    waves.open_wave(wave=wave)
    close_due_wave(wave.pk)
    wave.refresh_from_db()
    assert wave.state == Wave.State.OPEN
    Wave.objects.update(closes_at=timezone.now() - timedelta(minutes=1))
    close_due_wave(wave.pk)
    close_due_wave(wave.pk)
    wave.refresh_from_db()
    assert wave.state == Wave.State.CLOSED


@pytest.mark.django_db(transaction=True)
def test_beat_and_a_worker_open_it(worker: Any) -> None:
    import time

    units = make_units({"01": [], "02": []})
    wave = due(units)
    register(wave, units, {"01": "F" * 12, "02": "M" * 12})
    open_due_waves.delay()
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        wave.refresh_from_db()
        if wave.state == Wave.State.OPEN:
            break
        time.sleep(0.3)
    assert wave.state == Wave.State.OPEN
