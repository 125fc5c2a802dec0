"""A unit over the waves in a real browser: in words on a phone, drawn on a desk."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from surveys.models import UnitKerja
from tests.browser.accessible import violations
from tests.factories import HIDDEN, SCORES, make_run, make_wave, open_run

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.browser]


@pytest.fixture
def _two_waves(units: dict[str, UnitKerja]) -> None:
    """The ministry rose by 6.7; unit 03 is hidden now, 02.01 was before."""
    before = make_wave(units, "W0", reference_date=date(2024, 10, 1))
    open_run(make_run(before, {**SCORES, "KEM": 55.0, "02.01": HIDDEN}), "public")
    open_run(make_run(make_wave(units), {**SCORES, "03": HIDDEN}), "public")


@pytest.mark.usefixtures("_two_waves")
def test_from_the_result_to_the_journey(live_server: Any, open_browser: Any) -> None:
    page = open_browser(width=1280, reduced_motion="reduce")
    page.goto(f"{live_server.url}/hasil/W1/")
    page.get_by_role("link", name="Perjalanan").click()
    title = "Indeks Kementerian Contoh naik 6,7 sejak Gelombang W0"
    page.get_by_role("heading", level=1, name=title).wait_for()
    drawn = page.locator(".journey-chart svg")
    assert drawn.bounding_box()["width"] < 1280
    assert drawn.get_by_text("55,0", exact=True).is_visible()
    assert violations(page) == []
    page.emulate_media(color_scheme="dark")
    assert violations(page, ["color-contrast"]) == []


@pytest.mark.usefixtures("_two_waves")
def test_on_a_phone_it_is_told_in_words(live_server: Any, open_browser: Any) -> None:
    phone = open_browser(width=360, height=800)
    for address in ("01/", "KEM/perjalanan/", "02/perjalanan/"):
        phone.goto(f"{live_server.url}/hasil/W1/{address}")
        assert phone.evaluate("document.body.scrollWidth") <= 360, address
        assert violations(phone) == [], address
    assert phone.locator(".journey-chart").is_hidden()
    row = phone.get_by_role("row").filter(has_text="Unit 02.01")
    assert row.get_by_text("55,2").is_visible()
