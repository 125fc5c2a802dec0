"""From an empty system to a wave that people answer, by an administrator's hands alone.

Nothing is prepared behind the pages, and nothing waits but for a real worker.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from surveys.models import Ballot, Participant, User, Wave
from tests.browser.desk_forms import choose, day, press
from tests.browser.signing_in import signed_in_already
from tests.browser.test_main_job import answer_on_a_phone

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.browser,
    pytest.mark.usefixtures("worker", "as_app"),
]

UNITS = """kode,nama,singkatan,tingkat,kode_induk,jenis,berlaku_sejak,berlaku_sampai
KEM,Kementerian Contoh,,INSTANSI,,,2025-01-01,
01,Sekretariat Jenderal,,ESELON_I,KEM,,2025-01-01,
02,Inspektorat Jenderal,,ESELON_I,KEM,,2025-01-01,
"""
PEOPLE = "NIP,nama,unit,surel,HP\n" + "".join(
    f"{198001012005011000 + n},Pegawai {n},{1 + n % 2:02},pegawai{n}@contoh.go.id,\n"
    for n in range(24)
)
WORKS = 60_000
"""Milliseconds that a worker may take over a small file."""


@pytest.fixture
def desk(live_server: Any, open_browser: Any) -> Any:
    """The desk of whoever installed it, with nothing in it."""
    fajar = User.objects.create_superuser("fajar@contoh.go.id", "sandi", name="Fajar")
    page = open_browser(width=1280)
    home = live_server.url.replace("127.0.0.1", "localhost")
    signed_in_already(page, home, fajar)
    page.goto(f"{home}/desk/")
    page.get_by_text("Selamat datang").wait_for()
    return page


def test_an_afternoon_from_nothing_to_the_first_answer(
    desk: Any, open_browser: Any, tmp_path: Path
) -> None:
    load_units(desk, written(tmp_path, "unit.csv", UNITS))
    publish_the_example(desk)
    draft_a_wave(desk)
    load_people(desk, written(tmp_path, "pegawai.csv", PEOPLE))
    open_it(desk)
    wave = Wave.objects.get()
    people = Participant.objects.filter(wave=wave)
    assert people.count() == 24
    home = desk.url.split("/desk/")[0]
    answer_on_a_phone(open_browser(width=360), home, people[0])
    assert Ballot.objects.filter(wave=wave).count() == 1


def written(folder: Path, name: str, text: str) -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def load_units(page: Any, path: Path) -> None:
    press(page, "Muat unit kerja")
    page.get_by_label("Berkas").set_input_files(path)
    page.get_by_label("Dasar atau alasan").fill("Susunan awal")
    press(page, "Periksa berkas")
    page.get_by_role("link", name="Lihat perubahan").click(timeout=WORKS)
    press(page, "Terapkan")
    page.get_by_role("link", name="Ke pohon unit").click(timeout=WORKS)
    page.get_by_role("link", name="Kementerian Contoh").first.wait_for()


def go_on(page: Any, step: str) -> None:
    """From the front page, which knows what comes next."""
    page.goto(page.url.split("/desk/")[0] + "/desk/")
    press(page, step)


def publish_the_example(page: Any) -> None:
    go_on(page, "Susun instrumen")
    press(page, "Mulai dari 21 perilaku BerAKHLAK")
    press(page, "Buat rancangan")
    press(page, "Periksa dan terbitkan")
    press(page, "Terbitkan versi 1")
    page.get_by_text("Isinya dibekukan").first.wait_for()


def draft_a_wave(page: Any) -> None:
    go_on(page, "Buat gelombang")
    page.get_by_label("Nama", exact=True).fill("Survei 2026")
    page.get_by_label("Kode").fill("S-2026")
    page.get_by_label("Instrumen").select_option(index=1)
    choose(page, "root", "Kementerian Contoh")
    page.locator("#id_closes_at_0").fill(day(7))
    page.locator("#id_closes_at_1").fill("23.59.00")
    page.get_by_label("Penyelenggara").fill("Biro Kepegawaian")
    page.get_by_label("Narahubung").fill("survei@contoh.go.id")
    press(page, "Simpan rancangan")
    page.get_by_text("Rancangan disimpan.", exact=True).wait_for()


def load_people(page: Any, path: Path) -> None:
    go_on(page, "Muat daftar pegawai")
    page.get_by_label("Berkas CSV").set_input_files(path)
    press(page, "Periksa berkas")
    page.get_by_role("button", name="Terapkan").click(timeout=WORKS)
    page.get_by_text("Daftar pegawai diperbarui").wait_for(timeout=WORKS)


def open_it(page: Any) -> None:
    page.goto(page.url.split("/desk/")[0] + "/desk/")
    press(page, "Buka gelombang")
    assert "Mengukur penerapan tujuh nilai" in page.locator("main").inner_text()
    press(page, "Buka sekarang")
    page.get_by_text("Gelombang dibuka.").wait_for()
