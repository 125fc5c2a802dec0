"""A sealed, simulated wave of any size, put into the box without anybody answering.

Five levels of units with uneven staff at the lowest, cells by sex where at least ten
answered; people agree within their unit and with themselves. Everything but the rows
of answers goes the way of the product: tree, frame, cells, sealing and its digest.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bench.sources import ROOT

INSTRUMENT = "berakhlak-21-tiga-lensa"
LEVELS = ("INSTANSI", "ESELON_I", "ESELON_II", "ESELON_III", "ESELON_IV")
UNITS_OF_LEVEL = (1, 12, 60, 480, 4447)
LEAST_STAFF = 12
RESPONSE = 0.8
SPREAD_OF_UNITS = 0.45
SPREAD_OF_PEOPLE = 0.7
CUTS = (-1.7, -1.1, -0.5, 0.2, 1.1)
"""Between the six points of a rating whose latent value is about standard normal."""

DONT_KNOW, NO_ANSWER = 0.02, 0.01
CLIMATES, SHEETS_OF_CLIMATE = 16, 4096
"""Picks are drawn from so many ready-made ones: drawing 141 million takes too long."""

ROWS_AT_A_TIME = 50_000
COLUMNS = "wave_id, cell_id, answers, seconds, longest_run, device_cluster"
COLUMNS += ", network_cluster"
FOREIGN_KEYS = """
SELECT conname, pg_get_constraintdef(oid) FROM pg_constraint
WHERE conrelid = 'surveys_answer'::regclass AND contype = 'f'
"""

Codes = NDArray[np.int8]


def seal_population(n: int, *, seed: int = 2026, is_shuffled: bool = False) -> Any:
    """A sealed wave of ``n`` answers; rows lie by cell, or shuffled, on disk."""
    from surveys.box import sealing
    from surveys.fieldwork import waves

    wave = _open_wave(f"B{n}{'-SHUFFLED' if is_shuffled else ''}")
    rng = np.random.default_rng(seed)
    staff = staff_of_units(rng, n)
    cell_of_person, unit_of_person = _build_cells(wave, staff)
    order = rng.permutation(n) if is_shuffled else np.arange(n)
    with _without_foreign_keys():
        for rows in np.array_split(order, 1 + n // ROWS_AT_A_TIME):
            codes = answers_of(rng, unit_of_person[rows])
            _copy(wave.pk, cell_of_person[rows], codes)
    _run("ANALYZE")
    waves.close_wave(wave=wave)
    return sealing.seal_wave(wave=waves.start_sealing(wave=wave))


def staff_of_units(rng: np.random.Generator, n: int) -> NDArray[np.int64]:
    """(units of the lowest level,) people who answer: at least 12, very uneven."""
    n_units = UNITS_OF_LEVEL[-1]
    if n < n_units * LEAST_STAFF:
        raise ValueError(f"{n_units} units need {n_units * LEAST_STAFF} answers")
    share = rng.lognormal(0, 1, n_units)
    return LEAST_STAFF + rng.multinomial(
        n - n_units * LEAST_STAFF, share / share.sum()
    ).astype(np.int64)


def answers_of(rng: np.random.Generator, unit: NDArray[np.int64]) -> Codes:
    """(people, 51) filled-in sheets of people in these units."""
    sheets: Codes = np.hstack([_ratings(rng, unit), _picks(rng, unit)])
    return sheets


def _ratings(rng: np.random.Generator, unit: NDArray[np.int64]) -> Codes:
    of_unit = np.random.default_rng(1).normal(0, SPREAD_OF_UNITS, unit.max() + 1)
    person = of_unit[unit] + rng.normal(0, SPREAD_OF_PEOPLE, len(unit))
    latent = person[:, np.newaxis] + rng.normal(0, 1, (len(unit), 21))
    codes: Codes = (1 + np.searchsorted(CUTS, latent)).astype(np.int8)
    chance = rng.random(codes.shape)
    codes[chance < DONT_KNOW] = 7
    codes[chance > 1 - NO_ANSWER] = 0
    return codes


def _picks(rng: np.random.Generator, unit: NDArray[np.int64]) -> Codes:
    sheets = _ready_made_picks()
    climate = (unit + rng.integers(0, 3, len(unit))) % CLIMATES
    picks: Codes = sheets[climate, rng.integers(0, SHEETS_OF_CLIMATE, len(unit))]
    return picks


def _ready_made_picks() -> Codes:
    """(climates, sheets, 30) ten of the catalogue for each of the three lenses."""
    from surveys.instruments.authoring import sheet_of
    from surveys.models import Instrument

    rng = np.random.default_rng(2)
    parts = []
    for question in sheet_of(Instrument.objects.get(code=INSTRUMENT)).questions:
        if question.kind != "pick":
            continue
        shape = (CLIMATES, SHEETS_OF_CLIMATE, len(question.options))
        liking = rng.normal(0, 1, (CLIMATES, 1, shape[2])) + rng.gumbel(size=shape)
        order = np.argsort(-liking, axis=2)[..., : question.n_slots]
        parts.append((1 + order).astype(np.int8))
    return np.concatenate(parts, axis=2)


# --- The product's own steps ---------------------------------------------------------


def _open_wave(code: str) -> Any:
    from django.utils import timezone

    from surveys.fieldwork import waves
    from surveys.instruments.authoring import store_instrument
    from surveys.instruments.proofreading import read_document
    from surveys.models import UnitKerja, Wave

    path = ROOT / "surveys" / "data" / "instruments" / f"{INSTRUMENT}.yaml"
    stored = store_instrument(document=read_document(path))
    if not UnitKerja.objects.exists():
        _grow_tree()
    wave = waves.create_wave(
        code=code,
        name=f"Gelombang ukur {code}",
        instrument=stored.instrument,
        root=UnitKerja.objects.get(parent=None),
        source=Wave.Source.IMPORTED,
        is_simulated=True,
        closes_at=timezone.now() + timedelta(days=7),
        reference_date=timezone.localdate(),
    )
    return waves.open_wave(wave=wave)


def _grow_tree() -> None:
    from surveys.models import UnitKerja

    above: list[UnitKerja] = []
    for depth, (level, n) in enumerate(zip(LEVELS, UNITS_OF_LEVEL, strict=True)):
        parents = [above[i * len(above) // n] for i in range(n)] if above else [None]
        units = []
        for number, parent in enumerate(parents):
            code = f"{depth}{number:04}"
            units.append(
                UnitKerja(
                    code=code,
                    name=f"Unit {code}",
                    level=level,
                    parent=parent,
                    path=f"{parent.path if parent else ''}{code}/",
                    valid_from="2022-01-01",
                )
            )
        above = UnitKerja.objects.bulk_create(units, batch_size=5000)


def _build_cells(
    wave: Any, staff: NDArray[np.int64]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Frame and cells; the cell's id and the unit's number of everybody who answers."""
    from surveys.fieldwork.frames import build_cells
    from surveys.people.strata import save_stratifiers

    save_stratifiers(wave=wave, categories={"sex": ["L", "P"]}, labels={})
    paths = wave.units.filter(level=LEVELS[-1]).order_by("path")
    answered: dict[tuple[str, tuple[str, ...]], tuple[int, int]] = {}
    for number, (path, n) in enumerate(
        zip(paths.values_list("path", flat=True), staff.tolist(), strict=True)
    ):
        women = n // 2 - number % 3 if n >= 3 * LEAST_STAFF else 0
        for sex, count in (("L", n - women), ("P", women)):
            if count:
                answered[path, (sex,)] = (count, number)
    people = {key: int(np.ceil(n / RESPONSE)) for key, (n, _) in answered.items()}
    build_cells(wave=wave, people=people, known=True)
    rows = wave.frame.values_list("unit__path", "strata__sex", "cell")
    cell_of: dict[tuple[str, tuple[str, ...]], int] = {
        (path, (sex,)): cell for path, sex, cell in rows
    }
    cells = np.array([cell_of[key] for key in answered])
    numbers = np.array([number for _, number in answered.values()])
    counts = np.array([n for n, _ in answered.values()])
    by_cell = np.argsort(np.repeat(cells, counts), kind="stable")
    return np.repeat(cells, counts)[by_cell], np.repeat(numbers, counts)[by_cell]


# --- Rows ----------------------------------------------------------------------------


@contextmanager
def _without_foreign_keys() -> Iterator[None]:
    """Checked all at once when they come back, which takes seconds, not minutes."""
    keys = _run(FOREIGN_KEYS)
    for name, _ in keys:
        _run(f"ALTER TABLE surveys_answer DROP CONSTRAINT {name}")
    yield
    for name, definition in keys:
        _run(f"ALTER TABLE surveys_answer ADD CONSTRAINT {name} {definition}")


def _copy(wave_id: int, cells: NDArray[np.int64], codes: Codes) -> None:
    from io import BytesIO

    from django.db import connection

    data = BytesIO()
    data.write(b"PGCOPY\n\xff\r\n\0" + bytes(8))
    data.write(_rows(wave_id, cells, codes).tobytes())
    data.write(b"\xff\xff")
    data.seek(0)
    copy = f"COPY surveys_answer ({COLUMNS}) FROM STDIN (FORMAT binary)"
    with connection.cursor() as cursor:
        cursor.copy_expert(copy, data, 1 << 20)


def _rows(wave_id: int, cells: NDArray[np.int64], codes: Codes) -> NDArray[Any]:
    """Rows as binary COPY takes them: every field behind its length in bytes."""
    width = codes.shape[1]
    smallint = 21  # PostgreSQL's number of the type
    code = np.dtype([("length", ">i4"), ("value", ">i2")])
    layout: list[Any] = [
        ("n_fields", ">i2"),
        ("wave_length", ">i4"),
        ("wave", ">i8"),
        ("cell_length", ">i4"),
        ("cell", ">i8"),
        ("answers_length", ">i4"),
        ("answers_head", ">i4", (5,)),
        ("codes", code, (width,)),
        ("seconds_length", ">i4"),
        ("seconds", ">i4", (3,)),
        ("run_length", ">i4"),
        ("run", ">i2"),
        ("device_length", ">i4"),
        ("device", ">i4"),
        ("network_length", ">i4"),
        ("network", ">i4"),
    ]
    rows = np.zeros(len(cells), np.dtype(layout))
    rows["n_fields"] = 7
    rows["wave_length"], rows["wave"] = 8, wave_id
    rows["cell_length"], rows["cell"] = 8, cells
    rows["answers_length"] = 20 + 6 * width
    rows["answers_head"] = (1, 0, smallint, width, 1)
    rows["codes"]["length"], rows["codes"]["value"] = 2, codes
    rows["seconds_length"], rows["seconds"] = 12, (0, 0, smallint)
    rows["run_length"] = 2
    rows["device_length"] = rows["network_length"] = 4
    return rows


def _run(statement: str) -> list[tuple[Any, ...]]:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(statement)
        return list(cursor.fetchall()) if cursor.description else []
