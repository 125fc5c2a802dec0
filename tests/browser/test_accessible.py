"""Every page and state a respondent meets: axe-core, dark, 320 pixels, large text."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from surveys.fieldwork import waves
from surveys.models import Participant, Wave
from surveys.people.invitations import link_for
from tests.browser.accessible import Inspector
from tests.browser.answering import open_link, pick, press, rate, receipt_on, start
from tests.browser.every_kind import (
    CHOICE,
    COMMENT,
    NUMBER,
    PICK,
    SHEET,
    STATEMENT,
)
from tests.browser.line import Line
from tests.surveys.box import answer, people_of

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.browser]

RECEIVED = "Jawaban Anda sudah diterima"
CLOSED = "Survei ini sudah ditutup"
REVIEW = "Periksa sebelum mengirim"


@pytest.fixture
def ani(every_kind: Wave) -> Participant:
    return people_of(every_kind)[0]


def test_the_cards_from_promise_to_receipt(
    ani: Participant, narrow: Any, line: Line
) -> None:
    inspector = Inspector()
    open_link(narrow, line.url, ani)
    narrow.get_by_text("Baca janji lengkap").click()
    inspector.look(narrow, ani.wave.name)
    narrow.get_by_role("link", name="Mulai mengisi").click()
    look_at_the_cards(inspector, narrow)
    look_at_the_review(inspector, narrow)
    line.cut()
    press(narrow, "Kirim jawaban")
    inspector.look(narrow, "Menunggu sinyal untuk mengirim")
    line.mend()
    press(narrow, "Coba kirim sekarang")
    receipt_on(narrow)
    inspector.look(narrow, RECEIVED)
    assert inspector.report() == ""


def look_at_the_cards(inspector: Inspector, page: Any) -> None:
    rate(page, "Setuju")
    inspector.look(page, STATEMENT)
    press(page, "Lanjut")
    inspector.look(page, CHOICE)
    press(page, "Lanjut")
    pick(page, "Silo", "Pertanggungjawaban", "Jujur")
    page.get_by_label("Cari kata").fill("me")
    page.locator(".tick:visible", has_text="Mengontrol").click()
    page.get_by_text("Sudah 3 pilihan").wait_for()
    inspector.look(page, PICK)
    press(page, "Lanjut")
    page.locator("input[type=number]:visible").fill("99")
    press(page, "Lanjut")
    page.get_by_text("Isi angka bulat dari 0 sampai 45").wait_for()
    inspector.look(page, NUMBER)
    # As if this page were older than the questionnaire: the server has to notice.
    page.eval_on_selector("input[type=number]", "one => { one.max = 99 }")
    press(page, "Lanjut")
    page.locator("textarea:visible").fill("Pak Budi sering terlambat, 0812-3456-7890")
    press(page, "Lanjut")
    page.locator(".warning:visible").wait_for()
    inspector.look(page, COMMENT)
    press(page, "Biarkan dan lanjut")


def look_at_the_review(inspector: Inspector, page: Any) -> None:
    inspector.look(page, REVIEW)  # the choice is required and still missing
    page.get_by_role("link", name=f"Jawab sekarang: {CHOICE}").click()
    rate(page, "Di lapangan")
    press(page, "Kembali ke ringkasan")
    press(page, "Kirim jawaban")
    page.locator(".wrong:visible").wait_for()
    inspector.look(page, REVIEW)
    page.locator(".wrong a").click()
    page.locator("input[type=number]:visible").fill("9")
    press(page, "Kembali ke ringkasan")


def test_the_states_of_a_phone(ani: Participant, narrow: Any, line: Line) -> None:
    inspector = Inspector()
    start(narrow, line.url, ani)
    rate(narrow, "Setuju")
    press(narrow, "Lanjut")
    press(narrow, "Lanjutkan di ponsel lain")
    narrow.locator(".qr svg").wait_for()
    inspector.look(narrow, "Lanjutkan di ponsel lain")
    press(narrow, "Kembali ke isian")
    second = narrow.context.new_page()
    open_link(second, line.url, ani)
    inspector.look(second, "Survei ini terbuka di tab lain")
    press(second, "Lanjutkan di sini")
    second.get_by_role("link", name="Lanjutkan mengisi").wait_for()
    inspector.look(second, ani.wave.name)
    second.add_init_script("IDBFactory.prototype.open = () => { throw new Error() }")
    second.reload()
    second.locator(":text('tidak dapat menyimpan jawaban'):visible").wait_for()
    second.get_by_role("link", name="Mulai mengisi").click()
    inspector.look(second, STATEMENT)
    look_at_refusals(inspector, second, ani.wave)
    assert inspector.report() == ""


def look_at_refusals(inspector: Inspector, page: Any, wave: Wave) -> None:
    press(page, "Lanjut")
    rate(page, "Di lapangan")
    press(page, "Lanjut")
    press(page, "Lewati pertanyaan ini")
    press(page, "Lanjut")
    press(page, "Lanjut")
    past = timezone.now() - timedelta(hours=1)
    Wave.objects.filter(pk=wave.pk).update(closes_at=past, seals_at=past)
    waves.close_wave(wave=wave)
    press(page, "Kirim jawaban")
    page.get_by_text("Jawaban Anda belum sempat terkirim").wait_for()
    inspector.look(page, CLOSED)
    page.evaluate(
        "document.getElementById('layar').replaceChildren("
        "document.getElementById('layar-tolak').content)"
    )
    inspector.look(page, "Jawaban ini tidak diterima")


def test_the_one_page_without_scripts(
    ani: Participant, narrow: Any, home: str, every_kind: Wave
) -> None:
    inspector = Inspector()
    narrow.route("**/js/**", lambda route: route.abort())
    open_link(narrow, home, ani)
    inspector.look(narrow, every_kind.name)
    pick(narrow, "Silo", "Jujur")
    narrow.locator("input[type=number]").evaluate("one => { one.type = 'text' }")
    narrow.locator("[name=q-TAHUN]").fill("99")
    press(narrow, "Kirim jawaban")
    inspector.look(narrow, "Jawaban belum terkirim")
    assert narrow.locator(".error-text").count() == 2
    narrow.locator("[name=q-TAHUN]").fill("9")
    narrow.get_by_text("Di lapangan").click()
    press(narrow, "Kirim jawaban")
    inspector.look(narrow, "Belum semua dijawab")
    narrow.goto(f"{home}{link_for(wave=every_kind, participant=ani)}?bahasa=en")
    inspector.look(narrow, every_kind.name)
    assert narrow.locator("html").get_attribute("lang") == "en"
    answer(ani, *SHEET)
    narrow.goto(home + link_for(wave=every_kind, participant=ani))
    inspector.look(narrow, "Your answer")
    assert inspector.report() == ""
