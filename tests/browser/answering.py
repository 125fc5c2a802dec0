"""Ani on her phone, step by step: what she sees and presses."""

from __future__ import annotations

import re
from typing import Any

from surveys.models import Participant, Wave
from surveys.people.invitations import link_for
from tests.surveys.box import opened

RECEIPT = re.compile(r"([0-9A-Z]{4}-){3}[0-9A-Z]{4}")
PHONE = {"width": 360, "height": 740}


def open_link(page: Any, home: str, person: Participant) -> None:
    page.goto(home + link_for(wave=person.wave, participant=person))


def start(page: Any, home: str, person: Participant) -> None:
    open_link(page, home, person)
    page.get_by_role("link", name="Mulai mengisi").click()


def rate(page: Any, label: str) -> None:
    page.locator("fieldset:visible").get_by_text(label, exact=True).click()


def press(page: Any, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).click()


def pick(page: Any, *words: str) -> None:
    for word in words:
        page.locator("fieldset:visible .ticks").get_by_text(word, exact=True).click()


def heading(page: Any) -> str:
    titles = page.locator("#isi :is(h1, h3):visible, #layar h1:visible")
    return str(titles.first.inner_text())


def wait_saved(page: Any) -> None:
    page.locator(".saved.saved").get_by_text("Tersimpan di ponsel ini").wait_for()


def fill_all(page: Any) -> None:
    """From the first card to the review."""
    for _ in range(2):
        rate(page, "Setuju")
        press(page, "Lanjut")
    pick(page, "Silo", "Melayani", "Jujur")
    press(page, "Lanjut")
    page.locator("input[type=number]:visible").fill("12")
    press(page, "Lanjut")
    page.locator("textarea:visible").fill("Lebih banyak latihan")
    press(page, "Lanjut")


def receipt_on(page: Any) -> str:
    text = page.locator("#layar [data-copy-text]:visible")
    text.wait_for()
    assert RECEIPT.fullmatch(text.inner_text())
    return str(text.inner_text())


def answers() -> list[list[int]]:
    waves = Wave.objects.all()
    return [list(content.answers) for wave in waves for content in opened(wave)]


ALL = [3, 3, 4, 1, 2, 13]
"""What ``fill_all`` leaves in the box: twice "Setuju", three picks in order, twelve."""
