"""A questionnaire with one question of every kind, as long as real ones."""

from __future__ import annotations

from typing import Any

from surveys.fieldwork import waves
from surveys.instruments.authoring import store_instrument
from surveys.instruments.document import Document
from surveys.models import Instrument, Wave
from tests.surveys.box import make_draft, make_units, register

SCALE = [
    {"code": str(n), "label": label, "value": n}
    for n, label in enumerate(
        (
            "Sangat tidak setuju",
            "Tidak setuju",
            "Agak tidak setuju",
            "Agak setuju",
            "Setuju",
            "Sangat setuju",
        ),
        start=1,
    )
]
DONT_KNOW = {"code": "TT", "label": "Tidak tahu", "missing": True}
WORDS = (
    "Menghindari risiko",
    "Pasif terhadap perubahan",
    "Pertanggungjawaban",
    "Mengontrol",
    "Silo",
    "Berani",
    "Jujur",
    "Melayani",
)
STATEMENT = "Pegawai mempertanggungjawabkan pekerjaannya kepada masyarakat"
CHOICE = "Di mana Anda paling sering bekerja?"
PICK = "Tiga kata mana yang paling menggambarkan unit kerja Anda?"
NUMBER = "Berapa tahun masa kerja Anda?"
COMMENT = "Apa yang sebaiknya diperbaiki lebih dahulu?"
SHEET = (5, 2, 1, 2, 3, 10)
"""One whole answer: a rating, a place, three words in order, nine years."""


def _options(*labels: str) -> list[dict[str, str]]:
    return [{"code": str(n), "label": label} for n, label in enumerate(labels)]


def _document() -> dict[str, Any]:
    rating = {"code": "A1", "kind": "rating", "label": STATEMENT, "scale": "s"}
    choice: dict[str, Any] = {
        "code": "TEMPAT",
        "kind": "choice",
        "label": CHOICE,
        "required": True,
    }
    choice["options"] = _options("Di kantor", "Di lapangan", "Di rumah")
    pick: dict[str, Any] = {"code": "KATA", "kind": "pick", "label": PICK, "picks": 3}
    pick["options"] = _options(*WORDS)
    number: dict[str, Any] = {"code": "TAHUN", "kind": "number", "label": NUMBER}
    number |= {"minimum": 0, "maximum": 45}
    comment = {"code": "SARAN", "kind": "comment", "label": COMMENT}
    rest = [choice, pick, number, comment]
    intro = "Di unit kerja saya, dalam enam bulan terakhir …"
    return {
        "code": "semua-jenis",
        "version": 1,
        "languages": ["id"],
        "title": "Semua jenis pertanyaan",
        "dimensions": [{"code": "A", "name": "Akuntabel"}],
        "scales": {"s": [*SCALE, DONT_KNOW]},
        "sections": [
            {
                "code": "S1",
                "title": "Akuntabel",
                "dimension": "A",
                "intro": intro,
                "questions": [rating],
            },
            {"code": "S2", "title": "Unit kerja Anda", "questions": rest},
        ],
    }


def make_every_kind() -> Instrument:
    document = Document.model_validate(_document())
    return store_instrument(document=document).instrument


def open_every_kind() -> Wave:
    """An open wave that asks it; a draft ``W2`` beside it."""
    units = make_units({"01": []})
    instrument = make_every_kind()
    name = "Survei budaya kerja Kementerian Dalam Negeri 2026"
    wave = make_draft(units, "W1", instrument=instrument, name=name)
    later = make_draft(units, "W2", instrument=instrument, name="Survei berikutnya")
    for one in (wave, later):
        register(one, units, {"01": "F" * 25})
    return waves.open_wave(wave=wave)
