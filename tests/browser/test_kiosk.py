"""A kiosk in a real browser: nothing stays on the device, and an idle page empties."""

from __future__ import annotations

import re
from typing import Any

import pytest

from surveys.answering import kiosk
from surveys.models import Ballot, Wave
from tests.surveys.box import code_of, make_open_wave, opened, people_of

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.browser,
    pytest.mark.usefixtures("as_app"),
]

TYPED = "Lorong gelap"
KEPT = """async () => ({
  databases: (await indexedDB.databases()).length,
  local: localStorage.length,
  session: sessionStorage.length,
  workers: (await navigator.serviceWorker.getRegistrations()).length,
  caches: (await caches.keys()).length,
})"""


@pytest.fixture
def wave() -> Wave:
    return make_open_wave({"01": "F" * 12})


@pytest.fixture
def start(wave: Wave, live_server: Any) -> str:
    home = live_server.url.replace("127.0.0.1", "localhost")
    return f"{home}{kiosk.start(wave=wave).start_url}"


def type_code(page: Any, start: str, code: str) -> None:
    page.goto(start)
    page.get_by_label("Kode survei").fill(code)
    page.get_by_role("button", name="Lanjut").click()
    page.wait_for_url(re.compile("/isi/$"))


def answer(page: Any) -> None:
    """Through the cards, an answer on each, to the receipt."""
    page.get_by_role("link", name="Mulai mengisi").click()
    for _ in range(3):
        page.get_by_label("Setuju", exact=True).locator("visible=true").click()
        page.get_by_role("button", name="Lanjut").click()
    while not page.get_by_role("button", name="Kirim jawaban").is_visible():
        page.get_by_role("button", name=re.compile("Lewati|Lanjut|Ke pem")).click()
    page.get_by_role("button", name="Kirim jawaban").click()
    page.get_by_role("heading", name="Jawaban Anda sudah diterima").wait_for()


def test_after_an_answer_nothing_is_left_for_the_next(
    wave: Wave, start: str, open_browser: Any
) -> None:
    page = open_browser(width=820, height=1180)
    type_code(page, start, code_of(people_of(wave)[0]))
    answer(page)
    assert Ballot.objects.count() == 1
    assert opened(wave)[0].device is None
    page.get_by_role("link", name="Selesai").click()
    page.get_by_label("Kode survei").wait_for()
    assert set(page.evaluate(KEPT).values()) == {0}
    assert page.context.cookies() == []
    session = page.context.new_cdp_session(page)
    history = session.send("Page.getNavigationHistory")["entries"]
    for _ in history[1:]:
        page.go_back()
        assert "Pernyataan" not in page.inner_text("body")
        assert "tanda terima" not in page.inner_text("body")


def test_an_idle_page_warns_and_then_empties(
    wave: Wave, start: str, open_browser: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(kiosk, "IDLE_SECONDS", 4)
    monkeypatch.setattr(kiosk, "WARNING_SECONDS", 2)
    page = open_browser(width=820, height=1180)
    type_code(page, start, code_of(people_of(wave)[0]))
    warning = page.get_by_role("alert").filter(has_text="Masih di sini?")
    warning.wait_for()
    page.keyboard.press("Shift")
    warning.wait_for(state="hidden")
    assert page.url.endswith("/isi/")
    page.get_by_label("Kode survei").wait_for()
    assert page.context.cookies() == []


def test_without_scripts_it_is_one_page_and_still_forgets(
    wave: Wave, start: str, open_browser: Any
) -> None:
    page = open_browser(width=820, height=1180, java_script_enabled=False)
    type_code(page, start, code_of(people_of(wave)[0]))
    assert page.locator('noscript meta[http-equiv="refresh"]').count() == 1
    page.get_by_label("Setuju", exact=True).first.check()
    page.get_by_role("button", name="Kirim jawaban").click()
    page.get_by_role("button", name="Kirim seperti ini").click()
    page.get_by_role("heading", name="Jawaban Anda sudah diterima").wait_for()
    assert page.context.cookies() == []


def fill_in_half(page: Any) -> None:
    """To the page that says what is left out."""
    page.locator("textarea").fill(TYPED)
    page.get_by_label("Setuju", exact=True).first.check()
    page.get_by_role("button", name="Kirim jawaban").click()
    page.get_by_role("heading", name="Belum semua dijawab").wait_for()


def back_through_everything(page: Any) -> None:
    """Each page of the history again, those that were posted sent anew."""
    session = page.context.new_cdp_session(page)
    entries = session.send("Page.getNavigationHistory")["entries"]
    for entry in reversed(entries[1:-1]):
        session.send("Page.navigateToHistoryEntry", {"entryId": entry["id"]})
        page.wait_for_timeout(500)
        with page.expect_response(re.compile("/survei/kios/")):
            session.send("Page.reload")
        page.get_by_label("Kode survei").wait_for()
        page.wait_for_load_state()
        assert page.locator("#isi, textarea, :checked").count() == 0


def test_without_scripts_nobody_goes_back_to_what_was_sent(
    wave: Wave, start: str, open_browser: Any
) -> None:
    page = open_browser(width=820, height=1180, java_script_enabled=False)
    type_code(page, start, code_of(people_of(wave)[0]))
    fill_in_half(page)
    page.get_by_role("button", name="Kirim seperti ini").click()
    page.get_by_role("heading", name="Jawaban Anda sudah diterima").wait_for()
    page.get_by_role("link", name="Selesai").click()
    page.get_by_label("Kode survei").wait_for()
    back_through_everything(page)
    assert Ballot.objects.count() == 1


def test_without_scripts_half_a_form_is_soon_emptied_and_gone(
    wave: Wave, start: str, open_browser: Any
) -> None:
    page = open_browser(width=820, height=1180, java_script_enabled=False)
    type_code(page, start, code_of(people_of(wave)[0]))
    refresh = page.locator('noscript meta[http-equiv="refresh"]')
    assert refresh.get_attribute("content").startswith("1200;")
    fill_in_half(page)
    assert refresh.get_attribute("content").startswith("120;")
    said = page.locator("noscript p").text_content()
    assert said.startswith("Belum ada yang terkirim. Skrip dimatikan")
    page.get_by_role("link", name="Selesai").click()  # as the refresh does
    page.get_by_label("Kode survei").wait_for()
    back_through_everything(page)
    assert Ballot.objects.count() == 0
