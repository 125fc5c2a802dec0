"""axe-core finds no violation of WCAG 2.2 AA on the respondent's way to the receipt."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from surveys.invitations import link_for
from tests.surveys.box import make_open_wave, people_of

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.browser]

AXE = next((Path(__file__).parent.parent / "vendor").glob("axe-core-*.min.js"))
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
ADDRESSES = ("/survei/", "/bukti/", "/survei/tautan-hilang/", "/aksesibilitas/")


def violations(page: Any) -> list[str]:
    page.evaluate(AXE.read_text(encoding="utf-8"))
    found = page.evaluate(
        "tags => axe.run(document, {runOnly: {type: 'tag', values: tags}})", TAGS
    )
    assert found["passes"]
    return [f"{page.url} {each['id']}" for each in found["violations"]]


def test_the_way_from_the_promise_to_the_receipt(
    live_server: Any, open_browser: Any
) -> None:
    wave = make_open_wave({"01": "F" * 12})
    home = live_server.url.replace("127.0.0.1", "localhost")
    page = open_browser(width=320)
    page.goto(home + link_for(wave=wave, participant=people_of(wave)[0]))
    found = violations(page)
    page.get_by_role("link", name="Mulai mengisi").click()
    found += violations(page)
    while not page.get_by_role("button", name="Kirim jawaban").is_visible():
        page.get_by_role("button", name="Lanjut").click()
    found += violations(page)
    page.get_by_role("button", name="Kirim jawaban").click()
    page.get_by_role("heading", name="Jawaban Anda sudah diterima").wait_for()
    assert found + violations(page) == []


@pytest.mark.parametrize("address", [*ADDRESSES, "/survei/0000-0000-0000/"])
def test_the_pages_beside_it(address: str, live_server: Any, open_browser: Any) -> None:
    page = open_browser(width=320)
    page.goto(live_server.url.replace("127.0.0.1", "localhost") + address)
    assert violations(page) == []
