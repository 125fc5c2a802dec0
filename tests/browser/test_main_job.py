"""The main job through a browser: answer, close, seal, compute, open, rank, read.

Every process is a real one: the web server, a worker as the app, a sealer as the owner.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from surveys.fieldwork import waves
from surveys.instruments.authoring import store_instrument
from surveys.instruments.proofreading import read_document
from surveys.models import Participant, Role, UnitKerja, User, Wave
from surveys.people.invitations import link_for
from tests.browser.signing_in import sign_in
from tests.surveys.box import (
    answer,
    make_draft,
    make_units,
    opened,
    people_of,
    register,
)

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.browser,
    pytest.mark.usefixtures("worker", "sealer", "as_app"),
]

INSTRUMENT = Path("surveys/data/instruments/berakhlak-21.yaml")
PASSWORD = "sebuah sandi panjang"


def staff(email: str, name: str, unit: UnitKerja, *kinds: str) -> User:
    user = User.objects.create_user(
        email, PASSWORD, name=name, is_staff="administrator" in kinds
    )
    for kind in kinds:
        Role.objects.create(user=user, kind=kind, unit=unit)
    return user


@pytest.fixture
def wave() -> Wave:
    """Two competing units; all but two of their people have answered."""
    units = make_units({"01": [], "02": []})
    instrument = store_instrument(document=read_document(INSTRUMENT)).instrument
    wave = make_draft(units, "W1", instrument=instrument, name="Survei 2026")
    register(wave, units, {"01": "F" * 20, "02": "M" * 20})
    wave = waves.open_wave(wave=wave)
    for unit, code in (("01", 5), ("02", 4)):
        for person in people_of(wave, unit)[:19]:
            answer(person, *[code] * 21)
    staff("ani@contoh.id", "Ani", wave.root, "administrator", "operator")
    staff("citra@contoh.id", "Citra", wave.root, "committee")
    return wave


def press(page: Any, name: str) -> None:
    """A step of the wave, and its confirmation on the second page."""
    page.get_by_role("link", name=name, exact=True).click()
    page.locator(".actions button[type=submit]").click()


def test_from_the_first_tap_to_the_ranking(
    wave: Wave, live_server: Any, open_browser: Any
) -> None:
    home = live_server.url.replace("127.0.0.1", "localhost")
    answer_on_a_phone(open_browser(width=360), home, people_of(wave, "01")[19])
    desk = open_browser(width=1280)
    close_seal_compute_and_open(desk, home, wave)
    read_the_ranking(open_browser(width=1280), home)


def answer_on_a_phone(page: Any, home: str, person: Participant) -> None:
    page.goto(home + link_for(wave=person.wave, participant=person))
    page.get_by_role("link", name="Mulai mengisi").click()
    for _ in range(21):
        page.locator("fieldset:visible").get_by_text(
            "Sangat setuju", exact=True
        ).click()
        page.get_by_role("button", name="Lanjut", exact=True).click()
    while not page.get_by_role("button", name="Kirim jawaban").is_visible():
        page.get_by_role("button", name="Lanjut", exact=True).click()
    page.get_by_role("button", name="Kirim jawaban").click()
    page.get_by_role("heading", name="Jawaban Anda sudah diterima").wait_for()
    receipt = page.locator("[data-copy-text]:visible").inner_text()
    assert re.fullmatch(r"([0-9A-Z]{4}-){3}[0-9A-Z]{4}", receipt)
    assert [6] * 21 in [content.answers for content in opened(person.wave)]
    page.goto(home + link_for(wave=person.wave, participant=person))
    assert page.locator("[data-copy-text]").inner_text() == receipt


def close_seal_compute_and_open(page: Any, home: str, wave: Wave) -> None:
    sign_in(page, home, "ani@contoh.id", PASSWORD)
    page.goto(f"{home}/desk/surveys/wave/{wave.pk}/change/")
    press(page, "Tutup gelombang")
    press(page, "Segel kotak")
    page.get_by_text("Disegel").first.wait_for(timeout=30_000)
    page.goto(f"{home}/desk/surveys/wave/{wave.pk}/change/")
    press(page, "Hitung")
    page.get_by_text("Selesai dihitung").first.wait_for(timeout=30_000)
    page.reload()
    page.get_by_role("link", name="Buka hasil", exact=True).first.click()
    page.locator("input[name=audiences][value=committee]").check()
    page.get_by_role("button", name="Buka hasil").click()
    wave.refresh_from_db()
    assert (wave.state, wave.n_answers) == (Wave.State.SEALED, 39)


def read_the_ranking(page: Any, home: str) -> None:
    sign_in(page, home, "citra@contoh.id", PASSWORD)
    page.goto(f"{home}/anugerah/W1/")
    rows = page.locator("tbody tr").all_inner_texts()
    assert [row.split()[:2] for row in rows] == [["Unit", "01"], ["Unit", "02"]]
    page.goto(f"{home}/hasil/W1/")
    assert "81,0" in page.locator("main").inner_text()
