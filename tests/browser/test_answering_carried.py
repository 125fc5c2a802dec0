"""Another device: the draft travels sealed, with a key the server never sees."""

from __future__ import annotations

from typing import Any

import pytest
from django.apps import apps

from surveys.models import Wave
from surveys.people.invitations import code_for
from tests.browser.answering import (
    ALL,
    PHONE,
    answers,
    heading,
    pick,
    press,
    rate,
    receipt_on,
    start,
    wait_saved,
)
from tests.browser.line import Line
from tests.surveys.box import people_of

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.browser,
    pytest.mark.usefixtures("as_app"),
]


@pytest.fixture
def first(answering_wave: Wave, open_browser: Any, line: Line) -> Any:
    """Ani's phone, two ratings answered, asked to carry over."""
    page = open_browser(**PHONE)
    start(page, line.url, people_of(answering_wave)[0])
    for _ in range(2):
        rate(page, "Setuju")
        press(page, "Lanjut")
    pick(page, "Silo")
    wait_saved(page)
    press(page, "Lanjutkan di ponsel lain")
    page.locator(".qr svg").wait_for()
    return page


def finish(page: Any) -> None:
    page.get_by_role("link", name="Lanjutkan mengisi").click()
    assert heading(page) == "Tiga kata mana yang cocok?"
    pick(page, "Melayani", "Jujur")
    press(page, "Lanjut")
    page.locator("input[type=number]:visible").fill("12")
    press(page, "Lanjut")
    press(page, "Lanjut")
    press(page, "Kirim jawaban")
    receipt_on(page)
    assert answers() == [ALL]


def test_by_link_or_camera(first: Any, open_browser: Any) -> None:
    link = first.locator("[data-link]").get_attribute("href")
    second = open_browser(**PHONE)
    second.goto(link)
    finish(second)


def test_by_a_key_typed_with_slips(first: Any, open_browser: Any, line: Line) -> None:
    key = first.locator("[data-key]").inner_text()
    assert len(key.replace("-", "")) == 28
    second = open_browser(**PHONE)
    second.goto(f"{line.url}/survei/pindah/")
    second.get_by_label("Kunci lanjutan").fill("A" + key[1:-1] + "7")
    press(second, "Lanjutkan")
    second.get_by_text("salah ketik").wait_for()
    typed = key.lower().replace("-", " ").replace("0", "o").replace("1", "l")
    second.get_by_label("Kunci lanjutan").fill(typed)
    press(second, "Lanjutkan")
    finish(second)


def test_a_key_cut_short_is_called_that_and_the_whole_is_seen(
    first: Any, open_browser: Any, line: Line
) -> None:
    key = first.locator("[data-key]").inner_text()
    second = open_browser(**PHONE)
    second.goto(f"{line.url}/survei/pindah/")
    field = second.get_by_label("Kunci lanjutan")
    field.fill(key)
    assert field.evaluate(
        "one => one.scrollWidth <= one.clientWidth"
        " && one.scrollHeight <= one.clientHeight"
    )
    field.fill(key[:-1])
    field.press("Enter")
    second.get_by_text("Kunci belum lengkap").wait_for()


def test_back_leads_to_the_card_where_it_was_asked_for(first: Any) -> None:
    first.go_back()
    first.locator("fieldset:visible").wait_for()
    assert heading(first) == "Tiga kata mana yang cocok?"


def test_the_server_keeps_what_it_cannot_read(first: Any, answering_wave: Wave) -> None:
    draft = apps.get_model("surveys", "Draft").objects.get()
    sealed = bytes(draft.ciphertext)
    assert len(sealed) == 4096
    person = people_of(answering_wave)[0]
    code = code_for(wave=answering_wave, participant=person)
    key = first.locator("[data-key]").inner_text()
    for secret in (code, "q-A1", key, key.replace("-", "")):
        assert secret.encode() not in sealed
    assert draft.pk.hex not in key.lower()


def test_an_unknown_key_and_a_dead_line_are_said(
    first: Any, open_browser: Any, line: Line
) -> None:
    link = first.locator("[data-link]").get_attribute("href")
    apps.get_model("surveys", "Draft").objects.all().delete()
    second = open_browser(**PHONE)
    second.goto(link)
    second.get_by_text("tidak ada, atau sudah lewat masanya").wait_for()
    press(first, "Kembali ke isian")
    assert heading(first) == "Tiga kata mana yang cocok?"
    line.cut()
    press(first, "Lanjutkan di ponsel lain")
    first.get_by_text("Belum ada sinyal untuk menitipkan").wait_for()
