"""Ani writes an invitation in a browser, looks at it, tries it out and sends it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.core.cache import cache

from surveys.messages import demo_mailbox, posting
from surveys.models import Mailing, UnitKerja, Wave
from tests.desk import cast_at_desk, signed_in
from tests.surveys.box import make_open_wave

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def wave(settings: Any, tmp_path: Path) -> Wave:
    cache.clear()
    settings.DATA_DIR = tmp_path
    settings.EMBEDDED, settings.HAS_EMAIL = True, False
    settings.EMAIL_PER_MINUTE = 60_000
    wave = make_open_wave({"01": "F" * 12, "02": "F" * 12})
    cast_at_desk({unit.code: unit for unit in UnitKerja.objects.all()})
    return wave


def signed_in_browser(page: Any, home: str) -> None:
    """The browser gets the session of a client that has signed in."""
    cookie = signed_in("Ani").cookies["sessionid"]
    kept = {"name": "sessionid", "value": cookie.value, "url": home}
    page.context.add_cookies([kept])


def write_words(page: Any) -> None:
    """The default follows kind and channel, until somebody has changed it."""
    body = page.get_by_label("Isi pesan")
    assert "Abaikan surat ini bila Anda sudah mengisi" in body.input_value()
    page.get_by_role("radio", name="Undangan").check()
    assert "mengundang Anda" in body.input_value()
    page.get_by_role("radio", name="WhatsApp atau SMS").check()
    assert len(body.input_value()) < 200
    assert not page.get_by_label("Perihal").is_visible()
    page.get_by_role("radio", name="Surel").check()
    body.fill("Yth. \n\n{tautan}")
    body.evaluate("box => box.setSelectionRange(5, 5)")
    page.get_by_role("button", name="{nama}").click()
    assert body.input_value() == "Yth. {nama}\n\n{tautan}"
    page.get_by_role("radio", name="Pengingat").check()
    assert body.input_value().startswith("Yth. {nama}")
    page.get_by_role("radio", name="Undangan").check()


def test_writing_looking_trying_and_sending(wave: Wave, page: Any, home: str) -> None:
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    signed_in_browser(page, home)
    page.goto(f"{home}/desk/surveys/wave/{wave.pk}/change/")
    page.get_by_role("link", name="Kirim undangan").click()

    page.get_by_role("radio", name="Pengingat").check()
    write_words(page)
    page.get_by_role("radio", name="Unit pilihan").check()
    page.get_by_label("Cari unit dalam daftar ini").fill("unit 02")
    assert not page.get_by_label("Unit 01 (01)").is_visible()
    page.get_by_label("Unit 02 (02)").check()
    page.get_by_role("button", name="Simpan dan lihat hasilnya").click()

    letter = page.frame_locator("iframe")
    assert letter.get_by_text("Yth. Siti Rahayu").is_visible()
    assert letter.get_by_role("link", name="Buka survei").is_visible()
    assert letter.get_by_text("Cara memastikan pesan ini asli").count() == 1
    page.get_by_role("button", name="Kirim uji").click()
    assert page.get_by_text("Pesan uji dikirim ke kotak surat demo").is_visible()
    page.get_by_role("button", name="Kirim kepada 12 orang").click()
    assert page.get_by_text("Pengiriman dimulai").is_visible()

    mailing = Mailing.objects.get()
    for _ in range(2):
        posting.send_batch(mailing_id=mailing.pk)
    page.get_by_role("heading", name="Selesai", exact=True).wait_for()
    assert len(list(demo_mailbox.messages_of({wave.pk}))) == 13
    assert said == []
