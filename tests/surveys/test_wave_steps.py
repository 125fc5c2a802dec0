"""What a wave's page asks for next: one step first, and nobody reminded too early."""

from __future__ import annotations

import pytest
from django.urls import reverse

from surveys.fieldwork import waves
from surveys.fieldwork.steps import buttons_for
from surveys.models import UnitKerja, User
from surveys.people.invitations import record_printing
from tests.desk import cast_at_desk, signed_in, text_of
from tests.surveys.box import make_draft, make_units, register

pytestmark = pytest.mark.django_db

PEOPLE = {"01.01": "F" * 25, "02": "M" * 30}


@pytest.fixture
def units() -> dict[str, UnitKerja]:
    units = make_units({"01": ["01.01"], "02": []})
    cast_at_desk(units)
    return units


def test_the_next_step_stands_first_and_what_ends_something_last(
    units: dict[str, UnitKerja],
) -> None:
    ani = User.objects.get(name="Ani")
    wave = make_draft(units)
    labels = [button.label for button in buttons_for(ani, wave)]
    assert (labels[0], labels[-1]) == ("Muat daftar pegawai", "Hapus rancangan")
    assert "Daftar pegawai" not in labels, "the same page once"
    register(wave, units, PEOPLE)
    labels = [button.label for button in buttons_for(ani, wave)]
    assert (labels[0], labels[-1]) == ("Buka gelombang", "Hapus rancangan")
    wave = waves.open_wave(wave=wave)
    labels = [button.label for button in buttons_for(ani, wave)]
    assert (labels[0], labels[-1]) == ("Kirim undangan", "Tutup gelombang")
    wave = waves.close_wave(wave=wave)
    assert buttons_for(ani, wave)[0].label == "Segel kotak"


def test_nobody_is_reminded_before_anybody_was_invited(
    units: dict[str, UnitKerja],
) -> None:
    wave = make_draft(units)
    register(wave, units, PEOPLE)
    wave = waves.open_wave(wave=wave)
    ani, console = (
        signed_in("Ani"),
        reverse("admin:surveys_wave_change", args=[wave.pk]),
    )
    page = text_of(ani, console)
    assert "Undangan belum dikirim." in page
    assert "Kirim pengingat" not in page
    assert "Tulis pengingat" not in page
    record_printing(wave=wave, operator="Ani", reason="tanpa surel", n_links=55)
    page = text_of(ani, console)
    assert "Undangan belum dikirim." not in page
    assert "Kirim pengingat" in page
    assert "Kirim undangan" not in page
