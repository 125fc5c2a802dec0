"""What the server does not take: said where it belongs, and nothing typed is lost."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

import pytest

from surveys.answering import kiosk
from surveys.fieldwork import waves
from surveys.models import Participant, Wave
from tests.browser.answering import (
    ALL,
    PHONE,
    answers,
    fill_all,
    heading,
    open_link,
    pick,
    press,
    rate,
    receipt_on,
    start,
)
from tests.browser.line import Line
from tests.surveys.box import code_of, people_of

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.browser,
    pytest.mark.usefixtures("as_app"),
]

SEND = "**/survei/kirim/"
ANY_NUMBER = "document.querySelector('input[type=number]').max = '999'"


@pytest.fixture
def phone(open_browser: Any) -> Any:
    return open_browser(**PHONE)


@pytest.fixture
def ani(answering_wave: Wave) -> Participant:
    return people_of(answering_wave)[0]


def to_review_with(page: Any, years: str) -> None:
    """All filled in; a broken page lets a number pass that the sheet does not have."""
    page.evaluate(ANY_NUMBER)
    fill_all(page)
    go_back_to_number(page)
    page.locator("input[type=number]:visible").fill(years)
    for _ in range(2):
        press(page, "Lanjut")


def go_back_to_number(page: Any) -> None:
    for _ in range(2):
        press(page, "Kembali")
    page.locator("input[type=number]:visible").wait_for()


def test_a_fault_comes_back_to_its_card_with_the_sentence(
    ani: Participant, phone: Any, line: Line
) -> None:
    sentence = "Isi dengan bilangan bulat dari 0 sampai 45."
    start(phone, line.url, ani)
    to_review_with(phone, "99")
    press(phone, "Kirim jawaban")
    wrong = phone.locator(".banner.error:visible a")
    wrong.wait_for()
    assert heading(phone) == "Periksa sebelum mengirim"
    assert wrong.inner_text() == f"Berapa tahun masa kerja Anda?: {sentence}"
    assert answers() == []
    wrong.click()
    assert heading(phone) == "Berapa tahun masa kerja Anda?"
    said = phone.locator("fieldset:visible .error-text")
    assert said.inner_text() == sentence
    field = phone.locator("input[type=number]:visible")
    assert field.get_attribute("aria-invalid") == "true"
    assert field.input_value() == "99"
    field.fill("12")
    assert said.count() == 0
    press(phone, "Kembali ke ringkasan")
    assert phone.locator(".banner.error:visible").count() == 0
    press(phone, "Kirim jawaban")
    receipt_on(phone)
    assert answers() == [ALL]


def test_a_refused_ballot_is_said_and_the_answers_stay_on_the_phone(
    ani: Participant, phone: Any, line: Line
) -> None:
    """As if something on the way had damaged what was sent."""
    start(phone, line.url, ani)
    fill_all(phone)
    damaged = urlencode({"surat_suara": "rusak", "q-A1": "3"})
    phone.route(SEND, lambda route: route.continue_(post_data=damaged))
    press(phone, "Kirim jawaban")
    phone.get_by_role("heading", name="Jawaban ini tidak diterima").wait_for()
    phone.get_by_text("tidak berasal dari tautan survei yang kami kenali").wait_for()
    phone.get_by_text("Isian Anda masih ada di ponsel ini.").wait_for()
    assert answers() == []
    other = phone.context.new_page()
    phone.close()
    open_link(other, line.url, ani)
    other.get_by_text("4 dari 4 sudah dijawab").wait_for()
    other.get_by_role("link", name="Lanjutkan mengisi").click()
    assert heading(other) == "Periksa sebelum mengirim"
    press(other, "Kirim jawaban")
    receipt_on(other)
    assert answers() == [ALL]


def test_a_page_of_somebody_else_is_no_answer(
    ani: Participant, phone: Any, line: Line
) -> None:
    """A Wi-Fi gate answers with its own page: the answer waits, and goes later."""
    start(phone, line.url, ani)
    fill_all(phone)
    gate = {"status": 400, "content_type": "text/html", "body": "<h1>Masuk Wi-Fi</h1>"}
    phone.route(SEND, lambda route: route.fulfill(**gate))
    press(phone, "Kirim jawaban")
    phone.get_by_role("heading", name="Menunggu sinyal untuk mengirim").wait_for()
    phone.unroute(SEND)
    press(phone, "Coba kirim sekarang")
    receipt_on(phone)
    assert answers() == [ALL]


def test_a_wave_closed_early_is_told_with_its_real_end(
    ani: Participant, answering_wave: Wave, phone: Any, line: Line
) -> None:
    start(phone, line.url, ani)
    fill_all(phone)
    waves.close_wave(wave=answering_wave)
    now = "2026-01-02T03:04:05Z"
    Wave.objects.update(closes_at=now, seals_at=now)
    press(phone, "Kirim jawaban")
    phone.get_by_role("heading", name="Survei ini sudah ditutup").wait_for()
    assert phone.get_by_text("Pengisian berakhir 2 Januari 2026 pukul").is_visible()


# -- Without scripts -------------------------------------------------------------------


@pytest.fixture
def unscripted(open_browser: Any) -> Any:
    return open_browser(**PHONE, java_script_enabled=False)


def test_enter_sends_nothing_by_accident(
    ani: Participant, unscripted: Any, line: Line
) -> None:
    page = unscripted
    open_link(page, line.url, ani)
    page.locator("input[type=number]").fill("12")
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="Belum semua dijawab").wait_for()
    assert page.get_by_text("3 dari 4 pertanyaan belum dijawab lengkap.").is_visible()
    page.locator("input[type=number]").focus()
    page.keyboard.press("Enter")
    page.wait_for_timeout(300)
    assert page.locator("h1").inner_text() == "Belum semua dijawab"
    assert page.locator("input[type=number]").input_value() == "12"
    assert answers() == []


def test_what_was_left_out_can_be_completed(
    ani: Participant, unscripted: Any, line: Line
) -> None:
    page = unscripted
    open_link(page, line.url, ani)
    for question in page.locator("fieldset:has([type=radio])").all():
        question.get_by_text("Setuju", exact=True).click()
    pick(page, "Silo", "Melayani")
    press(page, "Kirim jawaban")
    page.get_by_role("link", name="Lengkapi dahulu").click()
    assert page.url.endswith("#q-KATA")
    pick(page, "Jujur")
    page.locator("input[type=number]").fill("12")
    press(page, "Kirim jawaban")
    page.get_by_role("heading", name="Jawaban Anda sudah diterima").wait_for()
    (row,) = answers()
    assert (row[:2], sorted(row[2:5]), row[5]) == ([3, 3], [1, 2, 4], 13)


def test_who_wants_to_leave_gaps_sends_it_as_it_is(
    ani: Participant, unscripted: Any, line: Line
) -> None:
    page = unscripted
    open_link(page, line.url, ani)
    first = page.locator("fieldset:has([type=radio])").first
    first.get_by_text("Setuju", exact=True).click()
    press(page, "Kirim jawaban")
    press(page, "Kirim seperti ini")
    page.get_by_role("heading", name="Jawaban Anda sudah diterima").wait_for()
    (row,) = answers()
    assert sorted(row) == [0, 0, 0, 0, 0, 3]


def test_a_kiosk_with_scripts_is_not_asked_twice(
    ani: Participant, answering_wave: Wave, phone: Any, line: Line
) -> None:
    phone.goto(line.url + kiosk.start(wave=answering_wave).start_url)
    phone.get_by_label("Kode survei").fill(code_of(ani))
    press(phone, "Lanjut")
    phone.get_by_role("link", name="Mulai mengisi").click()
    rate(phone, "Setuju")
    for _ in range(3):
        skip = phone.locator("[data-skip]:visible")
        (skip if skip.count() else phone.locator("[data-next]:visible")).click()
    for _ in range(2):
        press(phone, "Lanjut")
    press(phone, "Kirim jawaban")
    phone.get_by_role("heading", name="Jawaban Anda sudah diterima").wait_for()
    assert sorted(answers()[0]) == [0, 0, 0, 0, 0, 3]
