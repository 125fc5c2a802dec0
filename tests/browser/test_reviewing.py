"""An administrator decides on a flagged unit before the scores are opened."""

from __future__ import annotations

from typing import Any

import pytest
from django.urls import reverse

from scoring.models import Review, ScoringRun
from surveys.models import User
from tests.browser.accessible import violations
from tests.browser.signing_in import signed_in_already
from tests.desk import cast_at_desk
from tests.factories import make_units
from tests.scoring.steered import CODES, make_steered_wave, run_of

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.browser]


def test_a_flagged_unit_is_withheld(live_server: Any, open_browser: Any) -> None:
    units = make_units(dict.fromkeys(CODES, ()))
    cast_at_desk(units)
    run = run_of(make_steered_wave(units))
    home, page = live_server.url.replace("127.0.0.1", "localhost"), open_browser()
    signed_in_already(page, home, User.objects.get(name="Ani"))
    page.goto(home + reverse("admin:scoring_scoringrun_change", args=[run.pk]))
    page.get_by_role("link", name="Periksa unit bertanda").click()
    assert page.get_by_role("heading", name="Unit 03").is_visible()
    assert violations(page) == []
    page.get_by_label("Ditahan").check()
    page.get_by_label("Alasan").fill("Lima belas lembar dari satu perangkat.")
    page.get_by_role("button", name="Catat putusan").click()
    page.get_by_text("Unit 03: Ditahan.").wait_for()
    page.get_by_role("button", name="Selesaikan pemeriksaan").click()
    page.get_by_text("Pemeriksaan diselesaikan.").wait_for()
    run.refresh_from_db()
    assert run.state != ScoringRun.State.REVIEWING
    assert Review.objects.get(run=run).decision == Review.Decision.WITHHELD
