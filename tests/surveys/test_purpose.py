"""What a wave is for: asked for in the draft, seen before opening, fixed by it."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import DatabaseError, transaction
from django.urls import reverse

from surveys.errors import SurveyError
from surveys.fieldwork import promise, waves
from surveys.instruments.authoring import store_instrument
from surveys.instruments.proofreading import read_document
from surveys.models import Instrument, UnitKerja, Wave
from tests.desk import cast_at_desk, signed_in, text_of
from tests.surveys.box import make_draft, make_instrument, make_units, register

pytestmark = pytest.mark.django_db

DATA = Path(settings.BASE_DIR) / "surveys" / "data"
WHY = "Mengukur suasana kerja sesudah pindah gedung."


@pytest.fixture
def units() -> dict[str, UnitKerja]:
    units = make_units({"01": []})
    cast_at_desk(units)
    return units


def draft_with(units: dict[str, UnitKerja], **more: Any) -> Wave:
    wave = make_draft(units, **more)
    register(wave, units, {"01": "F" * 12})
    return wave


def berakhlak() -> Instrument:
    document = read_document(DATA / "instruments" / "berakhlak-21.yaml")
    return store_instrument(document=document).instrument


def test_the_promise_says_what_the_wave_is_for(units: dict[str, UnitKerja]) -> None:
    wave = waves.open_wave(wave=draft_with(units, purpose=WHY))
    assert wave.promise["purpose"] == WHY
    assert promise.digest_of(wave.promise) == wave.promise_digest


def test_nobody_is_asked_without_being_told_what_for(
    units: dict[str, UnitKerja],
) -> None:
    wave = draft_with(units, purpose="")
    with pytest.raises(SurveyError, match="Tujuan survei belum ditulis"):
        waves.open_wave(wave=wave)
    assert not wave.cells.exists()
    ani = signed_in("Ani")
    for name, more in (("preview", []), ("step", ["buka"]), ("promise", [])):
        url = reverse(f"admin:surveys_wave_{name}", args=[wave.pk, *more])
        assert "Tujuan survei belum ditulis." in text_of(ani, url)


def test_an_instrument_with_the_seven_values_brings_its_purpose(
    units: dict[str, UnitKerja],
) -> None:
    instrument = berakhlak()
    wave = draft_with(units, purpose="", instrument=instrument)
    ani, edit = signed_in("Ani"), reverse("admin:surveys_wave_edit", args=[wave.pk])
    assert promise.USUAL_PURPOSE in text_of(ani, edit)
    assert promise.usual_purposes(Instrument.objects.all()) == {
        str(instrument.pk): promise.USUAL_PURPOSE
    }
    wave = waves.open_wave(wave=wave)
    assert wave.promise["purpose"] == wave.purpose == promise.USUAL_PURPOSE


def test_ani_reads_the_whole_promise_before_it_is_frozen(
    units: dict[str, UnitKerja],
) -> None:
    wave = draft_with(units, purpose=WHY)
    url = reverse("admin:surveys_wave_promise", args=[wave.pk])
    ani = signed_in("Ani")
    console = reverse("admin:surveys_wave_change", args=[wave.pk])
    opening = reverse("admin:surveys_wave_step", args=[wave.pk, "buka"])
    for page in (console, opening):
        assert url in text_of(ani, page)
    assert WHY in text_of(ani, opening)
    seen = ani.get(url).context["canonical"]
    wave = waves.open_wave(wave=Wave.objects.get(pk=wave.pk))
    assert seen == promise.canonical_text(wave.promise)
    after = ani.get(url)
    assert after.headers["Location"] == reverse("respond:promise", args=[wave.code])
    assert signed_in("Dewi").get(url).status_code in (302, 403, 404)


def test_it_stays_as_promised_at_every_door(units: dict[str, UnitKerja]) -> None:
    wave = waves.open_wave(wave=draft_with(units, purpose=WHY))
    with pytest.raises(SurveyError):
        waves.change_draft(wave=wave, purpose="Lain.")
    refused = pytest.raises(DatabaseError, match="keeps what it promised")
    with refused, transaction.atomic():
        Wave.objects.filter(pk=wave.pk).update(purpose="Lain.")


def test_the_shell_asks_for_it(units: dict[str, UnitKerja]) -> None:
    make_instrument("lain")
    said = io.StringIO()
    facts = ("--name", "Satu", "--instrument", "lain", "--root", "KEM")
    call_command("wave", "create", "A1", *facts, stderr=said)
    assert "--purpose" in said.getvalue()
    call_command("wave", "create", "A2", *facts, "--purpose", WHY)
    assert Wave.objects.get(code="A2").purpose == WHY


def test_the_page_knows_the_usual_purposes(units: dict[str, UnitKerja]) -> None:
    instrument = berakhlak()
    make_instrument("lain")
    form = signed_in("Ani").get(reverse("admin:surveys_wave_add")).context["form"]
    assert list(json.loads(form.usual_purposes())) == [str(instrument.pk)]
