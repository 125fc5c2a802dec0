"""An administrator sets up a wave, sees its groups, opens, watches and extends it."""

from __future__ import annotations

from typing import Any

import pytest

from surveys.models import Extension, UnitKerja, User, Wave
from surveys.monitoring.progress import count_arrivals
from tests.browser.accessible import violations
from tests.browser.desk_forms import choose, day, press
from tests.browser.signing_in import signed_in_already
from tests.desk import cast_at_desk
from tests.surveys.box import (
    answer,
    make_instrument,
    make_units,
    people_of,
    register,
)

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.browser,
    pytest.mark.usefixtures("as_app"),
]

PEOPLE = {"01.01": "F" * 60 + "M" * 60, "01.02": "F" * 4, "01.03": "M" * 7}


@pytest.fixture
def units() -> dict[str, UnitKerja]:
    units = make_units({"01": ["01.01", "01.02", "01.03"], "02": []})
    make_instrument("berakhlak")
    cast_at_desk(units)
    return units


def set_up(page: Any, home: str) -> None:
    page.goto(f"{home}/desk/surveys/wave/add/")
    page.get_by_label("Nama", exact=True).fill("Survei 2026")
    page.get_by_label("Kode").fill("S-2026")
    page.get_by_label("Instrumen").select_option(index=1)
    choose(page, "root", "Unit KEM")
    page.locator("#id_reference_date").fill(day(0))
    page.locator("#id_closes_at_0").fill(day(7))
    page.locator("#id_closes_at_1").fill("23.59.00")
    page.get_by_label("Penyelenggara").fill("Biro Kepegawaian")
    page.get_by_label("Tujuan").fill("Mengukur nilai A.")
    page.get_by_label("Slovin").check()
    page.locator("#id_slovin_error").fill("10")
    page.get_by_label("Data simulasi").check(force=True)
    assert violations(page) == []


def test_from_an_empty_form_to_an_extended_wave(
    units: dict[str, UnitKerja], live_server: Any, open_browser: Any
) -> None:
    home = live_server.url.replace("127.0.0.1", "localhost")
    page = open_browser(width=1280)
    signed_in_already(page, home, User.objects.get(name="Ani"))
    set_up(page, home)
    press(page, "Simpan dan tambah batch")
    page.locator("#id_batch-0-name").fill("Unit dua")
    page.locator("#id_batch-0-closes_at_0").fill(day(5))
    page.locator("#id_batch-0-closes_at_1").fill("23.59.00")
    choose(page, "batch-0-units", "Unit 02")
    press(page, "Simpan rancangan")
    page.get_by_text("Rancangan disimpan.").wait_for()
    wave = Wave.objects.get(code="S-2026")
    assert (wave.minimum_rule, wave.minimum_figure) == ("slovin", 10.0)
    register(wave, units, {**PEOPLE, "02": "F" * 30})
    press(page, "Pratinjau kelompok")
    page.get_by_role("heading", name="Unit kecil di Unit 01, digabung").wait_for()
    press(page, "Kembali ke gelombang")
    press(page, "Buka gelombang")
    press(page, "Buka sekarang")
    page.get_by_text("Gelombang dibuka.").wait_for()
    watch(page, home, wave)
    extend(page, wave)


def watch(page: Any, home: str, wave: Wave) -> None:
    """Counts in steps, needs by the rule, and the way down and up the tree."""
    wave.refresh_from_db()
    for person in people_of(wave, "01.01")[:23]:
        answer(person)
    count_arrivals(wave=wave)
    page.goto(f"{home}/desk/surveys/wave/{wave.pk}/change/")
    row = page.locator("table.reach tr", has_text="Unit 01")
    assert "131" in row.inner_text()
    assert violations(page) == []
    row.get_by_role("link", name="Unit 01").click()
    inner = page.locator("table.reach tr", has_text="Unit 01.01").inner_text()
    for number in ("120", "20", "55", "35"):  # invited, reached, needed, lacking
        assert number in inner.split()
    assert page.locator("table.reach tr", has_text="Unit 01.02").count() == 0
    page.locator(".hours svg").wait_for()
    page.set_viewport_size({"width": 360, "height": 800})
    assert page.evaluate("document.scrollingElement.scrollWidth") <= 360
    page.set_viewport_size({"width": 1280, "height": 800})
    page.locator(".sheet-head").get_by_role("link", name="Unit KEM").click()


def extend(page: Any, wave: Wave) -> None:
    press(page, "Perpanjang")
    page.locator("#id_closes_at_0").fill(day(9))
    page.locator("#id_closes_at_1").fill("23.59.00")
    page.get_by_label("Alasan").fill("Jaringan terputus.")
    page.get_by_role("button", name="Perpanjang").click()
    page.get_by_text("Jaringan terputus.").wait_for()
    assert Extension.objects.get().wave == wave
