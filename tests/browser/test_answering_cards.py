"""One card at a time, on a small phone, by finger, by keyboard and without scripts."""

from __future__ import annotations

import re
from typing import Any

import pytest

from surveys.models import Wave
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
from tests.surveys.box import opened, people_of
from tests.surveys.test_masking import HARMLESS, NUMBERS

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.browser,
    pytest.mark.usefixtures("as_app"),
]


@pytest.fixture
def phone(open_browser: Any) -> Any:
    return open_browser(**PHONE, has_touch=True)


def test_it_leads_from_the_promise_to_the_receipt(
    answering_wave: Wave, phone: Any, line: Line
) -> None:
    open_link(phone, line.url, people_of(answering_wave)[0])
    assert phone.locator("fieldset:visible").count() == 0
    phone.get_by_role("link", name="Mulai mengisi").click()
    phone.get_by_text("Pertanyaan 1 dari 4").wait_for()
    phone.get_by_text("Di unit saya, pegawai …").wait_for()
    assert phone.locator("input:checked").count() == 0
    fill_all(phone)
    assert heading(phone) == "Periksa sebelum mengirim"
    assert "tidak dapat dilihat atau diubah lagi" in phone.locator("main").inner_text()
    press(phone, "Kirim jawaban")
    receipt_on(phone)
    assert answers() == [ALL]
    ballot = opened(answering_wave)[0]
    assert ballot.comments == ["Lebih banyak latihan"]
    assert len(ballot.seconds) == 2


def test_it_moves_focus_to_the_question_of_the_card(
    answering_wave: Wave, phone: Any, line: Line
) -> None:
    start(phone, line.url, people_of(answering_wave)[0])
    for _ in range(2):
        focused = phone.evaluate("document.activeElement.textContent")
        assert focused == heading(phone)
        press(phone, "Lanjut")


def test_it_goes_back_by_button_and_by_the_browser(
    answering_wave: Wave, phone: Any, line: Line
) -> None:
    start(phone, line.url, people_of(answering_wave)[0])
    first = heading(phone)
    rate(phone, "Agak setuju")
    press(phone, "Lanjut")
    second = heading(phone)
    phone.go_back()
    assert heading(phone) == first
    assert phone.locator("fieldset:visible :checked").count() == 1
    phone.go_forward()
    assert heading(phone) == second
    press(phone, "Kembali")
    assert heading(phone) == first
    press(phone, "Kembali")
    phone.get_by_role("link", name="Lanjutkan mengisi").wait_for()


def test_the_review_names_and_links_what_is_missing(
    answering_wave: Wave, phone: Any, line: Line
) -> None:
    start(phone, line.url, people_of(answering_wave)[0])
    missed = heading(phone)
    press(phone, "Lanjut")
    rate(phone, "Setuju")
    press(phone, "Lanjut")
    pick(phone, "Silo", "Berani", "Jujur")
    press(phone, "Lanjut")
    phone.locator("input[type=number]:visible").fill("3")
    press(phone, "Lanjut")
    press(phone, "Lanjut")
    phone.get_by_text("1 pertanyaan belum dijawab lengkap").wait_for()
    rows = phone.locator(".pairs div").all_inner_texts()
    assert [re.sub(r"\s+", " ", row) for row in rows] == [
        "Pertanyaan 3 dari 4",
        "Apa saran Anda? Dikosongkan",
    ]
    phone.get_by_role("link", name=f"Jawab sekarang: {missed}").click()
    assert heading(phone) == missed
    rate(phone, "Tidak tahu")
    press(phone, "Kembali ke ringkasan")
    assert not phone.get_by_text("belum dijawab").is_visible()


def bar_of(page: Any) -> list[float]:
    """How full each segment is."""
    segments = page.locator(".progress li")
    parts = segments.evaluate_all(
        "all => all.map((one) => one.style.getPropertyValue('--part'))"
    )
    return [round(float(part), 2) for part in parts]


def test_the_bar_says_what_is_answered_not_where_one_is(
    answering_wave: Wave, phone: Any, line: Line
) -> None:
    start(phone, line.url, people_of(answering_wave)[0])
    fill_all(phone)
    assert bar_of(phone) == [1, 1]
    for _ in range(5):
        press(phone, "Kembali")
    phone.get_by_text("Pertanyaan 1 dari 4").wait_for()
    assert bar_of(phone) == [1, 1]


def test_an_empty_form_is_sent_only_when_it_is_meant(
    answering_wave: Wave, phone: Any, line: Line
) -> None:
    start(phone, line.url, people_of(answering_wave)[0])
    for name in ("Lanjut", "Lanjut", "Lewati pertanyaan ini", "Lanjut", "Lanjut"):
        press(phone, name)
    assert bar_of(phone) == [0, 0]
    link = phone.get_by_role("link", name="Jawab sekarang").first
    assert link.bounding_box()["height"] >= 44
    phone.get_by_role("button", name="Kirim jawaban").dblclick()
    phone.get_by_text("Anda belum menjawab satu pun. Kirim kosong?").wait_for()
    phone.wait_for_timeout(300)
    assert answers() == []
    press(phone, "Kirim kosong")
    receipt_on(phone)
    assert answers() == [[0] * 6]


def test_back_shows_each_card_and_the_promise_from_the_top(
    answering_wave: Wave, phone: Any, line: Line
) -> None:
    phone.set_viewport_size({"width": 360, "height": 400})
    open_link(phone, line.url, people_of(answering_wave)[0])
    phone.get_by_role("link", name="Mulai mengisi").click()
    for _ in range(2):
        phone.evaluate("scrollTo(0, 1e6)")
        press(phone, "Lanjut")
    for _ in range(3):
        phone.go_back()
        phone.wait_for_timeout(200)
        assert phone.evaluate("scrollY") == 0
    phone.get_by_role("link", name="Mulai mengisi").wait_for()


def test_the_language_changes_on_a_card_and_nothing_is_lost(
    answering_wave: Wave, phone: Any, line: Line
) -> None:
    start(phone, line.url, people_of(answering_wave)[0])
    rate(phone, "Setuju")
    press(phone, "Lanjut")
    second = heading(phone)
    phone.get_by_role("link", name="English").click()
    phone.get_by_text("Question 2 of 4").wait_for()
    assert heading(phone) == second
    press(phone, "Back")
    assert phone.locator("fieldset:visible :checked").count() == 1
    press(phone, "Back")
    phone.get_by_text("The organiser's own words are in Indonesian.").wait_for()


@pytest.mark.parametrize(("size", "is_fixed"), [("100%", True), ("200%", False)])
def test_the_buttons_stay_at_the_edge_only_where_there_is_room(
    answering_wave: Wave, phone: Any, line: Line, size: str, is_fixed: bool
) -> None:
    start(phone, line.url, people_of(answering_wave)[0])
    phone.evaluate(
        """(size) => {
            document.documentElement.style.fontSize = size;
            document.querySelector("fieldset:not([hidden])").style.minHeight = "1200px";
        }""",
        size,
    )
    bar = phone.locator(".steering").bounding_box()
    assert (bar["y"] + bar["height"] <= PHONE["height"]) == is_fixed
    assert not is_fixed or bar["height"] <= 72


def test_picks_are_searched_counted_ordered_and_limited(
    answering_wave: Wave, phone: Any, line: Line
) -> None:
    start(phone, line.url, people_of(answering_wave)[0])
    press(phone, "Lanjut")
    press(phone, "Lanjut")
    pick(phone, "Berani", "Jujur")
    phone.get_by_text("2 dari 3", exact=True).wait_for()
    phone.get_by_role("button", name="Pilih 1 lagi").wait_for()
    phone.get_by_label("Cari kata").fill("ME")
    phone.get_by_text("3 dari 6 kata").wait_for()
    assert phone.locator(".tick:visible").count() == 3
    pick(phone, "Menunggu", "Membimbing")
    phone.get_by_text("Sudah 3 pilihan").wait_for()
    assert chips(phone) == ["1 Berani", "2 Jujur", "3 Menunggu"]
    phone.get_by_role("button", name="Hapus Berani, pilihan ke-1").click()
    assert chips(phone) == ["1 Jujur", "2 Menunggu"]
    phone.get_by_role("button", name="Lanjut dengan 2 pilihan").click()
    assert heading(phone) == "Berapa tahun masa kerja Anda?"


def chips(page: Any) -> list[str]:
    texts = page.locator(".chips li:visible").all_inner_texts()
    return [re.sub(r"\s+", " ", text.replace("×", "")).strip() for text in texts]


def test_a_number_out_of_range_is_said_and_stays(
    answering_wave: Wave, phone: Any, line: Line
) -> None:
    start(phone, line.url, people_of(answering_wave)[0])
    press(phone, "Lanjut")
    press(phone, "Lanjut")
    phone.get_by_role("button", name="Lewati pertanyaan ini").click()
    phone.locator("input[type=number]:visible").fill("99")
    press(phone, "Lanjut")
    phone.get_by_text("Isi angka bulat dari 0 sampai 45").wait_for()
    phone.locator("input[type=number]:visible").fill("9")
    press(phone, "Lanjut")
    assert heading(phone) == "Apa saran Anda?"


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("Pak Budi sering terlambat", "nama orang"),
        ("Tanya 0812-3456-7890", "nomor telepon"),
        ("Lihat 19850101 201001 1 001", "NIP atau nomor panjang"),
    ],
)
def test_a_comment_that_names_somebody_is_questioned_not_forbidden(
    answering_wave: Wave, phone: Any, line: Line, text: str, what: str
) -> None:
    start(phone, line.url, people_of(answering_wave)[0])
    press(phone, "Lanjut")
    press(phone, "Lanjut")
    phone.get_by_role("button", name="Lewati pertanyaan ini").click()
    press(phone, "Lanjut")
    phone.locator("textarea:visible").fill(text)
    press(phone, "Lanjut")
    warning = phone.locator(".warning:visible")
    assert what in warning.inner_text()
    press(phone, "Perbaiki")
    assert phone.evaluate("document.activeElement.tagName") == "TEXTAREA"
    press(phone, "Lanjut")
    press(phone, "Biarkan dan lanjut")
    assert heading(phone) == "Periksa sebelum mengirim"


def test_the_hint_knows_the_numbers_that_the_server_masks(
    answering_wave: Wave, phone: Any, line: Line
) -> None:
    open_link(phone, line.url, people_of(answering_wave)[0])
    doubted = phone.evaluate(
        """async (texts) => {
            const cards = await import('/static/js/respond/cards.js');
            const question = document.querySelector('[data-question=comment]');
            const field = question.querySelector('textarea');
            return texts.filter((text) => {
                field.value = text;
                return cards.isDoubtful(question);
            });
        }""",
        [f"Tanya {text} saja" for text in (*NUMBERS, *HARMLESS)],
    )
    assert doubted == [f"Tanya {text} saja" for text in NUMBERS]


def test_the_keyboard_alone_is_enough(
    answering_wave: Wave, phone: Any, line: Line
) -> None:
    keys = phone.keyboard
    open_link(phone, line.url, people_of(answering_wave)[0])
    tab_to(phone, "Mulai mengisi")
    keys.press("Enter")
    for _ in range(2):
        keys.press("Tab")
        keys.press("ArrowDown")
        keys.press("ArrowDown")
        keys.press("Enter")
    tab_to(phone, "Cari kata")
    for word in ("silo", "melayani", "jujur"):
        keys.press("Control+a")
        keys.type(word)
        keys.press("Enter")
        keys.press("Space")
        tab_to(phone, "Cari kata", back=True)
    tab_to(phone, "Lanjut")
    keys.press("Enter")
    keys.press("Tab")
    keys.type("12")
    keys.press("Enter")
    keys.press("Tab")
    keys.type("Latihan")
    tab_to(phone, "Lanjut")
    keys.press("Space")
    tab_to(phone, "Kirim jawaban")
    keys.press("Enter")
    receipt_on(phone)
    assert answers() == [ALL]


def tab_to(page: Any, name: str, *, back: bool = False) -> None:
    for _ in range(60):
        page.keyboard.press("Shift+Tab" if back else "Tab")
        focused = page.evaluate(
            "(document.activeElement.closest('label') ?? document.activeElement)"
            ".textContent.trim()"
        )
        if focused.startswith(name):
            return
    raise AssertionError(f"the keyboard does not reach {name!r}")


def test_without_scripts_it_is_one_page_and_works(
    answering_wave: Wave, open_browser: Any, line: Line
) -> None:
    page = open_browser(**PHONE, java_script_enabled=False)
    open_link(page, line.url, people_of(answering_wave)[0])
    assert page.locator("fieldset:visible").count() == 5
    for question in page.locator("fieldset:has([type=radio])").all():
        question.get_by_text("Setuju", exact=True).click()
    pick(page, "Silo", "Melayani", "Jujur")
    page.locator("input[type=number]").fill("12")
    press(page, "Kirim jawaban")
    page.get_by_role("heading", name="Jawaban Anda sudah diterima").wait_for()
    (row,) = answers()
    assert (row[:2], sorted(row[2:5]), row[5]) == ([3, 3], [1, 2, 4], 13)


@pytest.mark.parametrize("width", [320, 1280])
def test_nothing_needs_sideways_scrolling(
    answering_wave: Wave, open_browser: Any, line: Line, width: int
) -> None:
    page = open_browser(width=width, height=700)
    start(page, line.url, people_of(answering_wave)[0])
    for _ in range(5):
        overflow = "document.documentElement.scrollWidth - innerWidth"
        assert page.evaluate(overflow) <= 0
        button = page.locator("[data-skip]:visible, [data-next]:visible").first
        (page.locator("[data-skip]:visible").or_(button)).last.click()
