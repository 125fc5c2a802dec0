"""An administrator writes an instrument by keyboard alone, tries it, publishes it."""

from __future__ import annotations

import re
from typing import Any

import pytest

from surveys.instruments.authoring import is_intact
from surveys.instruments.drafting import create_draft
from surveys.instruments.ready import LENSES, shipped
from surveys.models import Ballot, Instrument, Question, User
from tests.browser.accessible import violations
from tests.browser.signing_in import signed_in_already
from tests.desk import cast_at_desk
from tests.factories import make_units

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.browser,
    pytest.mark.usefixtures("as_app"),
]

FOCUSED = "document.activeElement"
NAME = f"""({FOCUSED}.labels?.[0]?.textContent
    || {FOCUSED}.ariaLabel || {FOCUSED}.textContent).replace(/\\s+/g, ' ').trim()"""
MOST_TABS = 150


@pytest.fixture
def ani(db: None) -> User:
    return cast_at_desk(make_units()).ani


@pytest.fixture
def desk(page: Any, home: str, ani: User) -> Any:
    """The desk, with Ani signed in."""
    signed_in_already(page, home, ani)
    return page


def reach(page: Any, name: str) -> None:
    """Press Tab until what has this name has the focus."""
    for _ in range(MOST_TABS):
        page.keyboard.press("Tab")
        if page.evaluate(NAME) == name:
            return
    raise AssertionError(f"No way to {name!r} by keyboard on {page.url}")


def type_into(page: Any, name: str, words: str) -> None:
    reach(page, name)
    page.keyboard.press("Control+A")
    page.keyboard.type(words)


def enter(page: Any, name: str = "") -> None:
    """Press what is reached, and wait for the page that follows."""
    if name:
        reach(page, name)
    with page.expect_navigation(wait_until="load"):
        page.keyboard.press("Enter")


def test_a_small_instrument_by_keyboard(desk: Any, home: str) -> None:
    desk.goto(f"{home}/desk/surveys/instrument/")
    enter(desk, "Mulai dari kosong")
    type_into(desk, "Judul", "Budaya melayani")
    type_into(desk, "Kode", "melayani")
    enter(desk)
    enter(desk, "Tambah bagian")
    type_into(desk, "Judul bagian · Bahasa Indonesia", "Pelayanan")
    reach(desk, "Nilai yang diukur")
    desk.keyboard.type("Berorientasi")
    enter(desk, "Simpan bagian")
    enter(desk, "Penilaian di bagian BAGIAN1")
    for words in ("Ramah kepada yang dilayani", "Cekatan"):
        type_into(desk, "Bunyi · Bahasa Indonesia", words)
        frame = desk.frame_locator("iframe[name=pratinjau]")
        frame.get_by_role("heading", name=words).wait_for()
        enter(desk, "Simpan, lalu buat berikutnya")
    enter(desk, "Susunan")
    assert order() == ["BP1", "BP2"]
    enter(desk, "Naik BP2")
    assert order() == ["BP2", "BP1"]
    desk.wait_for_function(f"name => {NAME} === name", arg="Naik BP2")
    enter(desk, "Periksa dan terbitkan")
    reach(desk, "Catatan di atas sudah saya lihat")
    desk.keyboard.press("Space")
    enter(desk, "Terbitkan versi 1")
    desk.get_by_text("Isinya dibekukan dan diberi sidik").wait_for()
    published = Instrument.objects.get()
    assert (published.status, is_intact(published)) == ("published", True)


def order() -> list[str]:
    return list(Question.objects.order_by("position").values_list("code", flat=True))


def test_the_preview_is_answered_to_the_end_and_sends_nothing(
    desk: Any, home: str, ani: User
) -> None:
    draft = create_draft(document=shipped(LENSES), owner=None, by=ani)
    posts: list[str] = []

    def note(request: Any) -> None:
        if request.method != "GET":
            posts.append(request.url)

    desk.on("request", note)
    desk.goto(f"{home}/desk/surveys/instrument/{draft.pk}/pratinjau/")
    frame = desk.frame_locator("iframe")
    frame.get_by_role("link", name="Mulai mengisi").click()
    frame.locator("fieldset:visible").get_by_text("Setuju", exact=True).click()
    send = frame.get_by_role("button", name="Kirim jawaban")
    onwards = frame.get_by_role("button", name=re.compile("^(Lanjut|Lewati)"))
    while not send.is_visible():
        onwards.last.click()
    send.click()
    frame.get_by_text("Pratinjau tidak mengirim apa pun").wait_for()
    assert posts == []
    assert not Ballot.objects.exists()
    databases = desk.frames[1].evaluate(
        "indexedDB.databases().then((all) => all.length)"
    )
    assert databases == 0


def test_a_question_is_dragged(desk: Any, home: str, ani: User) -> None:
    draft = create_draft(document=shipped(LENSES), owner=None, by=ani)
    desk.goto(f"{home}/desk/surveys/instrument/{draft.pk}/change/")
    grip = desk.locator("#question-BP3 .grip")
    with desk.expect_navigation():
        grip.drag_to(desk.locator("#question-BP1"), target_position={"x": 40, "y": 4})
    assert order()[:3] == ["BP3", "BP1", "BP2"]


def test_on_a_phone_every_tab_and_every_label_is_in_its_place(
    desk: Any, home: str, ani: User
) -> None:
    draft = create_draft(document=shipped(LENSES), owner=None, by=ani)
    desk.set_viewport_size({"width": 360, "height": 740})
    desk.goto(f"{home}/desk/surveys/instrument/{draft.pk}/change/")
    tabs = desk.locator(".tabs a")
    ends = [tabs.nth(n).bounding_box() for n in range(tabs.count())]
    assert len(ends) == 7
    assert all(end["x"] + end["width"] <= 360 for end in ends)
    desk.goto(f"{home}/desk/surveys/instrument/")
    aligned = desk.locator("#result_list tbody td").evaluate_all(
        "cells => cells.map(cell => getComputedStyle(cell, '::before').textAlign)"
    )
    assert set(aligned) == {"left"}


def test_the_preview_has_the_typeface_of_the_real_page(
    desk: Any, home: str, ani: User
) -> None:
    draft = create_draft(document=shipped(LENSES), owner=None, by=ani)
    typeface = "getComputedStyle(document.querySelector('h1')).fontFamily"
    desk.goto(f"{home}/desk/surveys/instrument/{draft.pk}/pratinjau/")
    assert "·" not in desk.locator(".toggles").inner_text()
    desk.frame_locator("iframe").get_by_role("heading", level=1).wait_for()
    framed = desk.frames[1].evaluate(typeface)
    desk.goto(f"{home}/survei/")
    assert framed == desk.evaluate(typeface)


PAGES = (
    "change",
    "judul",
    "nilai",
    "skala",
    "skala/ubah/setuju-6",
    "pertanyaan/BP1",
    "pertanyaan/PRIBADI",
    "terjemahan",
    "bank",
    "terbit",
    "pratinjau",
)


def test_the_pages_are_accessible_and_fit_a_phone(
    desk: Any, home: str, ani: User
) -> None:
    draft = create_draft(document=shipped(LENSES), owner=None, by=ani)
    found: list[str] = []
    for name in PAGES:
        desk.set_viewport_size({"width": 1280, "height": 800})
        desk.goto(f"{home}/desk/surveys/instrument/{draft.pk}/{name}/")
        found += [f"{name}: {fault}" for fault in violations(desk)]
        desk.set_viewport_size({"width": 360, "height": 740})
        width = desk.evaluate("document.scrollingElement.scrollWidth")
        found += [f"{name}: {width} px wide"] if width > 360 else []
    assert not found, "\n".join(found)
