"""A sealed wave of eight units, in one of which a clerk filled in for others."""

from __future__ import annotations

from datetime import timedelta

import numpy as np
from django.utils import timezone

from scoring import runs
from scoring.models import ScoringRun
from scoring.scheme import parse_scheme
from scoring.schemes_store import store_scheme
from surveys.box.sealing import answers_digest
from surveys.fieldwork import promise
from surveys.instruments.authoring import sheet_of, store_instrument
from surveys.instruments.document import Document
from surveys.models import Answer, Arrival, Cell, UnitKerja, Wave, WaveUnit
from tests.factories import make_units, make_wave

CODES = tuple(f"{number:02}" for number in range(1, 9))
STEERED = "03"
N, COPIES = 40, 15
SCHEME = {
    "code": "mutu",
    "version": 1,
    "name": {"id": "Mutu"},
    "note": {"id": "Bukan metode resmi."},
    "measure": "mean",
    "bands": [{"lower": 0, "letter": "A", "label": {"id": "Ada", "en": "There"}}],
    "quality": {"duplicates": {"pool": 1_000}},
}


def make_questionnaire(n_dimensions: int = 7) -> Document:
    """Three items of six points for each of the dimensions."""
    scale = [{"code": str(p), "label": f"Poin {p}", "value": p} for p in range(1, 7)]
    dimensions = [{"code": f"V{v}", "name": f"Nilai {v}"} for v in range(n_dimensions)]
    sections = [
        {
            "code": f"S{v}",
            "title": f"Bagian {v}",
            "questions": [
                {
                    "code": f"Q{v}{item}",
                    "kind": "rating",
                    "label": f"Pernyataan {v} {item}",
                    "options": scale,
                    "dimension": f"V{v}",
                }
                for item in range(3)
            ],
        }
        for v in range(n_dimensions)
    ]
    document = {
        "code": "mutu",
        "version": 1,
        "languages": ["id"],
        "title": "Survei mutu",
        "dimensions": dimensions,
        "sections": sections,
    }
    return Document.model_validate(document)


def sheets(n: int, seed: int) -> np.ndarray:
    """Codes 1 to 6 of people with an opinion of their own."""
    generator = np.random.default_rng(seed)
    person = 4 + generator.standard_normal((n, 1))
    value = np.repeat(0.6 * generator.standard_normal((n, 7)), 3, axis=1)
    noise = 0.7 * generator.standard_normal((n, 21))
    return np.clip(np.round(person + value + noise), 1, 6).astype(int)


def fill(unit: WaveUnit, codes: np.ndarray, copies: int) -> None:
    """Answers of a unit, the first ones copies from one device, and when they came."""
    wave = unit.wave
    codes[:copies] = codes[0]
    cell = Cell.objects.create(wave=wave, code=unit.code, unit=unit, n_registered=50)
    Answer.objects.bulk_create(
        Answer(
            wave=wave,
            cell=cell,
            answers=row.tolist(),
            seconds=[20 + place] * 7,
            longest_run=2,
            device_cluster=int(place < copies),
        )
        for place, row in enumerate(codes)
    )
    today = timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)
    for day in range(10):
        n_new = (N - copies) // 10 + (copies if day == 9 else 0)
        at = today - timedelta(days=20 - day)
        Arrival.objects.create(wave=wave, unit=unit, quarter_hour=at, n_new=n_new)


def make_steered_wave(units: dict[str, UnitKerja] | None = None) -> Wave:
    """Unit 03 has 15 copies of one sheet, from one device, sent on one day."""
    units = units or make_units(dict.fromkeys(CODES, ()))
    instrument = store_instrument(document=make_questionnaire()).instrument
    width = sheet_of(instrument).width
    closed = Wave.State.CLOSED
    wave = make_wave(
        units,
        state=closed,
        instrument=instrument,
        sheet_width=width,
        promise_digest=promise.digest_of({}),
    )
    for number, unit in enumerate(wave.units.filter(code__in=CODES).order_by("code")):
        fill(unit, sheets(N, number), COPIES if unit.code == STEERED else 0)
    wave.state, wave.n_answers = (
        Wave.State.SEALED,
        Answer.objects.filter(wave=wave).count(),
    )
    wave.sealed_at, wave.answers_digest = timezone.now(), answers_digest(wave)
    wave.save()
    return wave


def run_of(
    wave: Wave, shard_size: int = runs.SHARD_SIZE, **changes: object
) -> ScoringRun:
    """Worked through by nobody but this process."""
    scheme = store_scheme(parse_scheme(SCHEME | changes))
    run = runs.start_run(wave=wave, scheme=scheme, shard_size=shard_size)
    list(runs.work_through(run))
    run.refresh_from_db()
    return run
