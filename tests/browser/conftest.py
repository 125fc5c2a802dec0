"""What browser tests of answering share: a short questionnaire, and a line to cut."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from surveys.fieldwork import waves
from surveys.instruments.authoring import store_instrument
from surveys.instruments.document import Document
from surveys.models import Wave
from tests.browser.accessible import NARROW
from tests.browser.every_kind import open_every_kind
from tests.browser.line import Line
from tests.surveys.box import SCALE, make_draft, make_units, register

WORDS = ("Melayani", "Jujur", "Membimbing", "Silo", "Berani", "Menunggu")
QUESTIONS: list[list[dict[str, Any]]] = [
    [
        {"code": f"A{n}", "kind": "rating", "label": f"Pernyataan {n}", "scale": "s"}
        for n in (1, 2)
    ],
    [
        {
            "code": "KATA",
            "kind": "pick",
            "picks": 3,
            "label": "Tiga kata mana yang cocok?",
            "options": [
                {"code": str(n), "label": word} for n, word in enumerate(WORDS)
            ],
        },
        {
            "code": "TAHUN",
            "kind": "number",
            "label": "Berapa tahun masa kerja Anda?",
            "minimum": 0,
            "maximum": 45,
        },
        {"code": "SARAN", "kind": "comment", "label": "Apa saran Anda?"},
    ],
]
N_SLOTS = 6


@pytest.fixture
def answering_wave(db: None) -> Wave:
    """Twenty people are asked two ratings, three picks, a number and a comment."""
    sections = [
        {"code": "S1", "title": "Nilai A", "dimension": "A", "questions": QUESTIONS[0]},
        {"code": "S2", "title": "Budaya sekarang", "questions": QUESTIONS[1]},
    ]
    sections[0]["intro"] = "Di unit saya, pegawai …"
    document = {
        "code": "ringkas",
        "version": 1,
        "languages": ["id"],
        "title": "Survei ringkas",
        "dimensions": [{"code": "A", "name": "Nilai A"}],
        "scales": {"s": SCALE},
        "sections": sections,
    }
    instrument = store_instrument(document=Document.model_validate(document)).instrument
    units = make_units({"01": []})
    wave = make_draft(units, "W1", instrument=instrument, name="Survei ringkas")
    register(wave, units, {"01": "F" * 10 + "M" * 10})
    return waves.open_wave(wave=wave)


@pytest.fixture
def line(live_server: Any) -> Iterator[Line]:
    """The way to the live server, which a test may cut."""
    host, port = live_server.url.removeprefix("http://").split(":")
    line = Line(host, int(port))
    yield line
    line.cut()


@pytest.fixture
def every_kind(db: None) -> Wave:
    """Twenty-five people are asked one question of every kind."""
    return open_every_kind()


@pytest.fixture
def narrow(open_browser: Any) -> Any:
    """A page as narrow as any has to work on."""
    return open_browser(**NARROW)


@pytest.fixture
def home(live_server: Any) -> str:
    """The live server by the name that scripts trust without https."""
    return str(live_server.url.replace("127.0.0.1", "localhost"))
