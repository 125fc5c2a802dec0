"""An administrator's reorganisation in a browser: try, look, apply, see the tree.

The worker is a real one; what it needs and what it tells goes through the database.
"""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from surveys.models import FormerUnit, UnitKerja, User, Wave
from tests.browser.signing_in import signed_in_already
from tests.desk import cast_at_desk
from tests.factories import make_units, make_wave
from tests.surveys.box import make_draft

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.browser,
    pytest.mark.usefixtures("worker", "as_app"),
]

HEADER = "kode;nama;singkatan;tingkat;kode_induk;jenis;berlaku_sejak;berlaku_sampai"
ROWS = """
KEM;Kementerian Contoh;;INSTANSI;;;2022-01-01;
01;Unit 01;;ESELON_I;KEM;;2022-01-01;
01.01;Unit 01.01;;ESELON_II;02;;2022-01-01;
02;Badan Dua;;ESELON_I;KEM;;2022-01-01;
02.01;Unit 02.01;;ESELON_II;02;;2022-01-01;
02.02;Unit 02.02;;ESELON_II;02;;2022-01-01;
02.03;Unit 02.03;;ESELON_II;02;;2022-01-01;
03;Unit 03;;ESELON_I;KEM;;2022-01-01;
"""


@pytest.fixture
def home(live_server: Any) -> str:
    cast_at_desk(make_units())
    return str(live_server.url.replace("127.0.0.1", "localhost"))


def write(folder: Path, text: str) -> Path:
    path = folder / "unit 2026.csv"
    path.write_text(HEADER + text, encoding="utf-8-sig")
    return path


def upload(page: Any, path: Path) -> None:
    page.get_by_role("link", name="Impor", exact=True).click()
    page.get_by_label("Berkas").set_input_files(path)
    page.get_by_label("Dasar atau alasan").fill("Perpres 1")
    page.get_by_role("button", name="Periksa berkas").click()


def test_ani_tries_a_file_looks_and_applies_it(
    home: str, open_browser: Any, tmp_path: Path
) -> None:
    page = open_browser(width=1280)
    signed_in_already(page, home, User.objects.get(name="Ani"))
    page.goto(f"{home}/desk/surveys/unitkerja/")
    upload(page, write(tmp_path, ROWS.replace(";KEM;;2022-01-01;\n0", ";X;;2022;\n0")))
    page.get_by_role("link", name="Lihat kesalahan").click(timeout=30_000)
    assert "TTTT-BB-HH" in page.locator("#content").inner_text()
    assert not page.get_by_role("button", name="Terapkan").is_visible()
    page.get_by_role("link", name="Unggah lagi").click()
    upload(page, write(tmp_path, ROWS))
    page.get_by_role("link", name="Lihat perubahan").click(timeout=30_000)
    shown = page.locator("#content").inner_text()
    for words in ("Badan Dua", "01 Unit 01", "02 Unit 02", "Unit 01.02"):
        assert words in shown
    assert UnitKerja.objects.get(code="02").name == "Unit 02"
    page.get_by_label("Tutup 1 unit").check()
    page.get_by_role("button", name="Terapkan").click()
    page.get_by_role("link", name="Ke pohon unit").click(timeout=30_000)
    page.get_by_role("button", name="Unit di bawah Badan Dua").click()
    page.get_by_role("link", name="Unit 01.01").wait_for()
    assert UnitKerja.objects.get(code="01.02").valid_to is not None
    assert FormerUnit.objects.count() == 2


def test_the_tree_is_walked_with_keys_on_a_narrow_screen(
    home: str, open_browser: Any
) -> None:
    page = open_browser(width=360)
    signed_in_already(page, home, User.objects.get(name="Ani"))
    page.goto(f"{home}/desk/surveys/unitkerja/pohon/?cari=02")
    page.get_by_role("link", name="Unit 02.02").first.click()
    page.wait_for_url("**#unit-*")
    focused = page.locator(":focus")
    assert "Unit 02.02" in focused.inner_text()
    page.keyboard.press("ArrowUp")
    assert "Unit 02.01" in focused.inner_text()
    page.keyboard.press("ArrowLeft")
    assert "Unit 02" in focused.inner_text()
    page.keyboard.press("ArrowLeft")
    assert not page.get_by_role("link", name="Unit 02.01").is_visible()
    page.keyboard.press("ArrowUp")
    assert "Unit 01" in focused.inner_text()
    page.keyboard.press("ArrowRight")
    page.get_by_role("link", name="Unit 01.01").wait_for()
    page.keyboard.press("ArrowDown")
    assert "Unit 01.01" in focused.inner_text()
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="Unit 01.01").wait_for()
    wide = page.evaluate("document.scrollingElement.scrollWidth")
    assert wide == page.viewport_size["width"]


@pytest.mark.parametrize("where", ["unitkerja/impor/", "wave/{wave}/pegawai/"])
def test_choosing_a_file_touches_no_other_field(
    home: str, open_browser: Any, tmp_path: Path, where: str
) -> None:
    wave = make_draft({u.code: u for u in UnitKerja.objects.all()})
    page = open_browser(width=1280)
    signed_in_already(page, home, User.objects.get(name="Ani"))
    page.goto(f"{home}/desk/surveys/{where.format(wave=wave.pk)}")
    page.wait_for_load_state("load")
    form = page.locator("form[enctype]")
    others = "input:not([type=hidden], [type=file])"
    before = form.locator(others).evaluate_all("all => all.map(each => each.value)")
    form.locator("input[type=file]").set_input_files(write(tmp_path, ROWS))
    after = form.locator(others).evaluate_all("all => all.map(each => each.value)")
    assert after == before
    assert "" in after
    assert form.locator("[value*='unit 2026']").count() == 0


def test_a_reason_looks_like_something_to_fill_in(home: str, open_browser: Any) -> None:
    units = {unit.code: unit for unit in UnitKerja.objects.all()}
    later = timezone.now() + timedelta(days=9)
    wave = make_wave(units, state=Wave.State.OPEN, closes_at=later)
    page = open_browser(width=360)
    signed_in_already(page, home, User.objects.get(name="Ani"))
    unit = units["03"].pk
    for where in (f"wave/{wave.pk}/langkah/tutup/", f"unitkerja/{unit}/langkah/tutup/"):
        page.goto(f"{home}/desk/surveys/{where}")
        field = page.get_by_label("lasan")
        edge = field.evaluate("each => getComputedStyle(each).borderTopWidth")
        assert float(edge.removesuffix("px")) >= 1, where
