"""The console of a wave that runs, and of one that ended before its time."""

from __future__ import annotations

import pytest
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format

from surveys.fieldwork import waves
from surveys.models import UnitKerja, Wave
from tests.desk import cast_at_desk, signed_in, text_of
from tests.surveys.box import make_draft, make_units, register

pytestmark = pytest.mark.django_db

KIOSK = '<a class="button link" href="/kios/">Mulai kios</a>'


@pytest.fixture
def units() -> dict[str, UnitKerja]:
    return make_units({"01": ["01.01"]})


@pytest.fixture
def draft(units: dict[str, UnitKerja]) -> Wave:
    cast_at_desk(units)
    wave = make_draft(units)
    register(wave, units, {"01.01": "F" * 15 + "M" * 15})
    return wave


def console_of(wave: Wave, name: str) -> str:
    address = reverse("admin:surveys_wave_change", args=[wave.pk])
    return " ".join(text_of(signed_in(name), address).split())


def test_a_coordinator_finds_the_kiosk_while_the_wave_is_open(draft: Wave) -> None:
    wave = waves.open_wave(wave=draft)
    assert KIOSK in console_of(wave, "Budi")
    assert "Jadikan perangkat ini kios" in text_of(signed_in("Budi"), "/kios/")
    waves.close_wave(wave=wave)
    assert KIOSK not in console_of(wave, "Budi")


def test_a_wave_closed_early_shows_when_it_ended_and_what_was_planned(
    draft: Wave,
) -> None:
    wave = waves.open_wave(wave=draft)
    assert "lebih awal dari rencana" not in console_of(wave, "Ani")
    wave = waves.close_wave(wave=wave)
    assert wave.closed_at is not None
    ended, planned = (
        date_format(timezone.localtime(at), "j F Y H.i T")
        for at in (wave.closed_at, wave.closes_at)
    )
    assert f"<dd>{ended}, lebih awal dari rencana ({planned})</dd>" in console_of(
        wave, "Ani"
    )
