"""The fixture of 60 sheets as a sealed wave, with two units hidden.

Units A, B, C (published in docs/method.md's sources), and D and E where six of
twelve answered, as nobody elsewhere did. Beside the six items there is an outcome.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from django.db import connection

from scoring import runs
from scoring.arrays import Codes
from scoring.models import ScoringRun
from scoring.scheme import parse_scheme
from scoring.schemes_store import store_scheme
from surveys.answering.responding import Filled, submit_response
from surveys.box import sealing
from surveys.fieldwork import waves
from surveys.instruments.authoring import store_instrument
from surveys.instruments.document import Document
from surveys.models import Instrument, Wave
from tests.scoring.sheets import FRAME, unit_codes
from tests.surveys.box import ballot_of, make_draft, make_units, people_of, register

HIDDEN = {
    "D": [[1, 6, 1, 6, 1, 6], [2, 6, 1, 5, 1, 6], [1, 5, 2, 6, 2, 6]] * 2,
    "E": [[6, 1, 6, 1, 6, 1], [6, 2, 5, 1, 6, 2], [5, 1, 6, 2, 5, 1]] * 2,
}
DONT_KNOW = 7
SCHEME: dict[str, Any] = {
    "code": "uji-analisis",
    "version": 1,
    "name": {"id": "Uji"},
    "note": {"id": "Bukan metode resmi."},
    "measure": "mean",
    "favourable_from": 5,
    "missing": {"rule": "any"},
    "dimensions": [{"code": "v1"}, {"code": "v2"}],
    "drivers": {"outcome": "hasil", "least_people": 50},
    "comparability": {"least_people": 10},
}


def sheets() -> dict[str, Codes]:
    """By unit (n, 7): six items and the outcome, which follows the second value.

    The first two people of A do not know the first item.
    """
    found = {unit: unit_codes(unit) for unit in FRAME}
    found |= {unit: np.array(rows, np.int16) for unit, rows in HIDDEN.items()}
    for unit, rows in found.items():
        outcome = np.clip(rows[:, 3] + (rows[:, 0] > 3) - (rows[:, 1] > 4), 1, 6)
        found[unit] = np.column_stack([rows, outcome]).astype(np.int16)
    found["A"][:2, 0] = DONT_KNOW
    return found


def make_instrument() -> Instrument:
    options: list[dict[str, Any]] = [
        {"code": str(n), "label": f"Pilihan {n}", "value": n} for n in range(1, 7)
    ]
    options.append({"code": "TT", "label": "Tidak tahu", "missing": True})
    rating = {"kind": "rating", "label": "Pernyataan", "options": options}
    values = {"v1": ("q1", "q2", "q3"), "v2": ("q4", "q5", "q6")}
    questions = [
        {**rating, "code": code, "dimension": value}
        for value, codes in values.items()
        for code in codes
    ]
    document = {
        "code": "uji-analisis",
        "version": 1,
        "languages": ["id"],
        "title": "Uji",
        "dimensions": [{"code": v, "name": f"Nilai {v}"} for v in values],
        "sections": [
            {"code": "S1", "title": "Nilai", "questions": questions},
            {
                "code": "S2",
                "title": "Hasil",
                "questions": [{**rating, "code": "hasil"}],
            },
        ],
    }
    return store_instrument(document=Document.model_validate(document)).instrument


def sealed_fixture() -> Wave:
    units = make_units(dict.fromkeys([*FRAME, *HIDDEN], ()))
    wave = make_draft(units, instrument=make_instrument())
    sizes = {**FRAME, **dict.fromkeys(HIDDEN, 12)}
    register(wave, units, {unit: "F" * n for unit, n in sizes.items()})
    wave = waves.open_wave(wave=wave)
    for unit, rows in sheets().items():
        for person, row in zip(people_of(wave, unit), rows.tolist(), strict=False):
            filled = Filled(answers=row, comments=[])
            submit_response(ballot=ballot_of(person), filled=filled)
    waves.close_wave(wave=wave)
    return sealing.seal_wave(wave=waves.start_sealing(wave=wave))


def forget() -> None:
    """Everything that was committed for it."""
    tables = "surveys_unitkerja, surveys_instrument, scoring_scheme"
    with connection.cursor() as cursor:
        cursor.execute(f"TRUNCATE {tables} CASCADE")


def computed(wave: Wave, **changes: Any) -> ScoringRun:
    """A run of the scheme above with ``changes``, in parts of one unit each."""
    scheme = store_scheme(parse_scheme(SCHEME | changes))
    run = runs.start_run(wave=wave, scheme=scheme, shard_size=5)
    list(runs.work_through(run))
    run.refresh_from_db()
    return run
