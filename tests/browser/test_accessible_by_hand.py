"""Keyboard alone, names for those who hear the page, no colour and no motion needed."""

from __future__ import annotations

from typing import Any

import pytest

from surveys.models import Wave
from tests.browser.answering import (
    PHONE,
    heading,
    open_link,
    press,
    rate,
    receipt_on,
    start,
)
from tests.browser.every_kind import (
    CHOICE,
    COMMENT,
    NUMBER,
    PICK,
    STATEMENT,
)
from tests.browser.line import Line
from tests.surveys.box import people_of

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.browser]

STOP = """async () => {
    const frame = () => new Promise((done) => requestAnimationFrame(done));
    const at = document.activeElement;
    const label = at.closest("label");
    const shown = at.type === "radio" ? label : at;
    const hasRing = () => {
        const { outlineStyle, outlineWidth } = getComputedStyle(shown);
        return outlineStyle !== "none" && parseFloat(outlineWidth) >= 2;
    };
    const isOnTop = () => {
        const box = shown.getBoundingClientRect();
        const top = document.elementFromPoint(
            box.left + box.width / 2, box.top + Math.min(box.height / 2, 20));
        return Boolean(top) && (shown.contains(top) || top.contains(shown));
    };
    await frame();
    for (let n = 0; n < 120 && !isOnTop(); n += 1) await frame();
    return {
        name: at.getAttribute("aria-label") ?? (label ?? at).textContent.trim(),
        hasRing: hasRing(),
        isOnTop: isOnTop(),
    };
}"""
MOVING = """() => [...document.querySelectorAll("*")].filter((one) => {
    const { transitionDuration, animationName } = getComputedStyle(one);
    return animationName !== "none" || !/^0s(, 0s)*$/.test(transitionDuration);
}).length"""
WEIGHTS = """() => [...document.querySelectorAll("fieldset:not([hidden]) .option")]
    .filter((one) => one.checkVisibility())
    .map((one) => [one.querySelector("input").checked,
        getComputedStyle(one.querySelector("span")).fontWeight,
        getComputedStyle(one.querySelector("input")).borderTopWidth])"""


# -- Keyboard --------------------------------------------------------------------------


class Keys:
    """Somebody without a pointer; every stop must be seen, and covered by nothing."""

    def __init__(self, page: Any) -> None:
        self.page = page
        self.press = page.keyboard.press
        self.type = page.keyboard.type

    def to(self, name: str, *, back: bool = False) -> None:
        """Tab until the control whose name begins so has the focus."""
        for _ in range(40):
            self.press("Shift+Tab" if back else "Tab")
            stop = self.page.evaluate(STOP)
            assert stop["hasRing"], f"no visible focus on {stop['name']!r}"
            assert stop["isOnTop"], f"{stop['name']!r} is covered"
            if stop["name"].startswith(name):
                return
        raise AssertionError(f"the keyboard does not reach {name!r}")

    def on(self, title: str) -> None:
        """The card with this title is shown, and the focus is on its title."""
        self.page.locator(":is(h1, h3):focus", has_text=title).wait_for()
        assert self.page.evaluate(STOP)["isOnTop"]


def test_the_keyboard_alone_leads_to_the_receipt(
    every_kind: Wave, open_browser: Any, line: Line
) -> None:
    page = open_browser(**PHONE)
    keys = Keys(page)
    open_link(page, line.url, people_of(every_kind)[0])
    keys.to("Langsung ke isi")
    keys.press("Enter")
    keys.to("Baca janji lengkap")
    keys.press("Space")
    page.get_by_text("Dasar hukum").wait_for()
    keys.to("Mulai mengisi")
    keys.press("Enter")
    choose_by_keyboard(keys)
    write_by_keyboard(keys)
    review_by_keyboard(keys)
    keys.to("Kirim jawaban")
    keys.press("Space")
    receipt_on(page)
    keys.on("Jawaban Anda sudah diterima")
    keys.to("Salin nomor")


def choose_by_keyboard(keys: Keys) -> None:
    keys.on(STATEMENT)
    keys.to("Sangat tidak setuju")
    keys.press("ArrowDown")
    assert keys.page.locator("fieldset:visible :checked").count() == 1
    keys.to("Lanjut")
    keys.press("Enter")
    keys.on(CHOICE)
    keys.press("Tab")
    keys.press("Enter")  # as on any form: the default button
    keys.on(PICK)
    for word in ("silo", "jujur", "berani", "mengontrol"):
        keys.to("Cari kata", back=word != "silo")
        keys.press("Control+a")
        keys.type(word)
        keys.press("Enter")
        keys.press("Space")
    keys.page.get_by_text("Sudah 3 pilihan").wait_for()
    keys.to("Hapus Jujur", back=True)
    keys.press("Enter")
    assert keys.page.evaluate(STOP)["name"].startswith("Hapus Berani")
    keys.to("Lanjut dengan 2 pilihan")
    keys.press("Space")


def write_by_keyboard(keys: Keys) -> None:
    keys.on(NUMBER)
    keys.press("Tab")
    keys.type("99")
    keys.press("Enter")
    described = keys.page.locator("input[type=number]").get_attribute(
        "aria-describedby"
    )
    assert "q-TAHUN-salah" in described
    assert keys.page.locator("input[type=number]:focus").count() == 1
    keys.press("Control+a")
    keys.type("9")
    keys.press("Enter")
    keys.on(COMMENT)
    keys.press("Tab")
    keys.type("Pak Budi")
    keys.to("Lanjut")
    keys.press("Enter")
    keys.to("Biarkan dan lanjut")
    keys.press("Enter")


def review_by_keyboard(keys: Keys) -> None:
    keys.on("Periksa sebelum mengirim")
    keys.to("Jawab sekarang")
    keys.press("Enter")
    keys.on(CHOICE)
    keys.to("Di kantor")
    keys.press("Space")
    keys.to("Kembali")
    keys.to("Kembali ke ringkasan")
    keys.press("Enter")
    keys.on("Periksa sebelum mengirim")


# -- Names, colours, motion ------------------------------------------------------------


def test_questions_are_named_groups_with_and_without_scripts(
    every_kind: Wave, open_browser: Any, line: Line
) -> None:
    page = open_browser(**PHONE)
    page.route("**/js/**", lambda route: route.abort())
    open_link(page, line.url, people_of(every_kind)[0])
    for title, role, n in (
        (STATEMENT, "radio", 7),
        (CHOICE, "radio", 3),
        (PICK, "checkbox", 8),
    ):
        group = page.get_by_role("group", name=title)
        assert group.get_by_role(role).count() == n
        assert group.evaluate("one => one.tagName") == "FIELDSET"
    assert page.get_by_role("spinbutton", name=NUMBER).count() == 1
    assert page.get_by_role("textbox", name=COMMENT).count() == 1
    page.unroute("**/js/**")
    start(page, line.url, people_of(every_kind)[0])
    assert page.get_by_role("group", name=STATEMENT).get_by_role("radio").count() == 7
    page.get_by_role("heading", name=every_kind.name, level=1).wait_for(
        state="attached"
    )
    for _ in range(2):
        press(page, "Lanjut")
    assert page.get_by_role("status").filter(has_text="0 dari 3").count() == 1


def test_words_in_another_language_than_the_page_are_marked(
    every_kind: Wave, open_browser: Any, line: Line
) -> None:
    page = open_browser(**PHONE, extra_http_headers={"Cookie": "bahasa=en"})
    page.route("**/js/**", lambda route: route.abort())
    open_link(page, line.url, people_of(every_kind)[0])
    language = "one => one.closest('[lang]').lang"
    for text, spoken in (
        (STATEMENT, "id"),
        ("Sangat tidak setuju", "id"),
        ("Pertanggungjawaban", "id"),
        (every_kind.promise["purpose"], "id"),
        ("Send answers", "en"),
    ):
        found = page.get_by_text(text).first
        assert (text, found.evaluate(language)) == (text, spoken)


def test_neither_colour_nor_motion_is_needed(
    every_kind: Wave, open_browser: Any, line: Line
) -> None:
    page = open_browser(**PHONE)
    start(page, line.url, people_of(every_kind)[0])
    rate(page, "Setuju")
    assert page.evaluate(MOVING) > 0
    page.emulate_media(reduced_motion="reduce")
    assert page.evaluate(MOVING) == 0
    for colours in ("none", "active"):
        page.emulate_media(forced_colors=colours, reduced_motion="reduce")
        looks = {bool(on): (look, dot) for on, look, dot in page.evaluate(WEIGHTS)}
        assert looks == {True: ("700", "7px"), False: ("400", "2px")}
    assert heading(page) == STATEMENT
