"""Results on a phone: short, and no words about a chart that is not there."""

from __future__ import annotations

from typing import Any

import pytest

from surveys.models import Wave
from tests.factories import make_run, open_run

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.browser]


def test_values_of_a_unit_open_by_a_touch(
    wave: Wave, live_server: Any, open_browser: Any
) -> None:
    open_run(make_run(wave), "public")
    phone = open_browser(width=360, height=800)
    phone.goto(f"{live_server.url}/hasil/W1/")
    assert phone.get_by_text("Garis tebal").is_hidden()
    row = phone.get_by_role("row").filter(has_text="Unit 01")
    value = row.locator(".value").first
    assert value.is_hidden()
    row.get_by_text("Tujuh nilai").click()
    assert value.is_visible()
    assert phone.evaluate("document.body.scrollWidth") <= 360
    phone.goto(f"{live_server.url}/anugerah/W1/")
    assert phone.get_by_text("Titik: peringkat").is_hidden()


def test_on_a_desk_everything_stands_open(
    wave: Wave, live_server: Any, open_browser: Any
) -> None:
    open_run(make_run(wave), "public")
    page = open_browser(width=1280)
    page.goto(f"{live_server.url}/hasil/W1/")
    assert page.get_by_text("Garis tebal").is_visible()
    row = page.get_by_role("row").filter(has_text="Unit 01")
    assert row.locator(".value").first.is_visible()
    assert row.locator(".more").is_hidden()
