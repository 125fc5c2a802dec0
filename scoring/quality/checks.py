"""What pass 2 keeps of cells and units: counts of flags, and whom scenarios leave out.

All of it is additive over cells, or belongs to one unit, which no shard cuts apart.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import Any

import numpy as np

from scoring.arrays import Booleans, Codes, Floats, Integers
from scoring.packing import pack, unpack
from scoring.plan import Plan
from scoring.quality.people import KINDS, Flags, Sheets
from scoring.tally import Tally, tally_answers

LEAVING = ("hard", "strict", "devices", "straight", "highest")
"""Whom S1 to S4 leave out, and whom S5 counts less."""

COUNTS = (*KINDS, "hard", "strict", "devices", "networks", "straight", "highest")
PACE = 100
"""Steps in which the natural logarithm of seconds is counted."""
CONSISTENCY = 1_000


@dataclass(frozen=True, eq=False)
class Checks:
    """Over usable people of c cells, and of u units with answers of their own."""

    n: Integers
    """(c,)"""
    counts: Integers
    """(c, COUNTS) people with each flag, or from a shared device or network."""
    level: Integers
    """(c, 2) sum of people's means and of their squares, in steps."""
    pace: Integers
    """(c, 3) people with known seconds, sum of log seconds and of their squares."""
    consistency: Integers
    """(c, 2) people whose even-odd is known, and its sum."""
    left_n: Integers
    """(LEAVING, c) people left out."""
    left_valid: Integers
    """(LEAVING, c, D)"""
    left_weight: Floats
    """(LEAVING, c, 2) Σb and Σb² of them."""
    left_linear: Floats
    """(LEAVING, c, T) Σt of them."""
    units: Integers
    """(u,) units, by their key."""
    largest: Integers
    """(u,) most answers from one device."""
    pairs: Integers
    """(u, 3) people compared, pairs alike, their limit (-1: not beyond chance)."""


def counts_of(sheets: Sheets, flags: Flags) -> Booleans:
    """(n, COUNTS) which count each person adds to."""
    columns = [flags.hard, flags.strict, sheets.device > 0, sheets.network > 0]
    rest = np.column_stack([*columns, flags.straight, flags.highest])
    found: Booleans = np.hstack([flags.soft, rest])
    return found


def leaving_of(sheets: Sheets, flags: Flags) -> Booleans:
    """(n, LEAVING) whom each scenario leaves out."""
    repeated = sheets.device > 0
    _devices, first = np.unique(sheets.device, return_index=True)
    repeated[first] = False
    columns = [flags.hard, flags.strict, repeated, flags.straight, flags.highest]
    return np.column_stack(columns)


def sums_of(
    cell: Integers, n_cells: int, levels: Integers, sheets: Sheets, flags: Flags
) -> dict[str, Any]:
    """The counts of people by cell, as the fields of ``Checks``."""
    seconds = sheets.seconds.sum(axis=1)
    timed = seconds > 0
    pace = np.round(PACE * np.log(np.maximum(seconds, 1))).astype(np.int64) * timed
    known = ~np.isnan(flags.consistency)
    steps = np.round(CONSISTENCY * np.where(known, flags.consistency, 0))
    rows = {
        "n": np.ones(len(cell), dtype=np.int64),
        "counts": counts_of(sheets, flags).astype(np.int64),
        "level": np.column_stack([levels, levels**2]),
        "pace": np.column_stack([timed.astype(np.int64), pace, pace**2]),
        "consistency": np.column_stack([known, steps]).astype(np.int64),
    }
    return {name: _by_cell(row, cell, n_cells) for name, row in rows.items()}


def _by_cell(rows: Integers, cell: Integers, n_cells: int) -> Integers:
    total = np.zeros((n_cells, *rows.shape[1:]), dtype=np.int64)
    np.add.at(total, cell, rows)
    return total


def left_of(
    plan: Plan,
    answers: Codes,
    cell: Integers,
    n_cells: int,
    weight: Floats,
    leaving: Booleans,
) -> dict[str, Any]:
    """Sums over those whom each scenario leaves out; few, so they are what is kept."""
    tallies = [
        tally_answers(plan, answers[out], cell[out], n_cells, weight[out])
        for out in leaving.T
    ]
    both = [np.stack([t.weight, t.weight_squared], axis=1) for t in tallies]
    return {
        "left_n": np.stack([tally.n_usable for tally in tallies]),
        "left_valid": np.stack([tally.n_valid for tally in tallies]),
        "left_weight": np.stack(both),
        "left_linear": np.stack([tally.linear for tally in tallies]),
    }


def in_order(parts: Sequence[Checks], places: Sequence[tuple[int, int]]) -> Checks:
    """One of all shards; cell by cell from (part, place in it)."""
    found: dict[str, Any] = {}
    for field in fields(Checks):
        arrays = [getattr(part, field.name) for part in parts]
        if field.name in ("units", "largest", "pairs"):
            found[field.name] = np.concatenate(arrays)
        elif field.name.startswith("left_"):
            columns = [arrays[part][:, place] for part, place in places]
            found[field.name] = np.stack(columns, axis=1)
        else:
            found[field.name] = np.stack([arrays[part][at] for part, at in places])
    return Checks(**found)


def to_bytes(checks: Checks) -> bytes:
    return pack({field.name: getattr(checks, field.name) for field in fields(Checks)})


def from_bytes(data: bytes) -> Checks:
    """The checks that ``to_bytes`` wrote; ValueError for anything else."""
    return Checks(**unpack(data))


def kept(tally: Tally, checks: Checks, which: int) -> Tally:
    """The tally without those left out, as far as scores need it."""
    n = tally.n_usable - checks.left_n[which]
    anybody = n > 0
    linear = (tally.linear - checks.left_linear[which]) * anybody[:, np.newaxis]
    weight = (np.stack([tally.weight, tally.weight_squared], axis=1)) * anybody[:, None]
    weight -= checks.left_weight[which] * anybody[:, np.newaxis]
    return _replaced(tally, n, tally.n_valid - checks.left_valid[which], weight, linear)


def capped(tally: Tally, checks: Checks, factor: Floats) -> Tally:
    """The tally with all-highest sheets of each cell counted ``factor`` (c,) times.

    Nobody leaves, so a cell stands for as many people as before (equation 69).
    """
    which = LEAVING.index("highest")
    less = (1 - factor)[:, np.newaxis]
    linear = tally.linear - less * checks.left_linear[which]
    before, after = tally.linear[:, 0], linear[:, 0]
    grown = np.ones(len(before))
    np.divide(before, after, out=grown, where=after > 0)
    weight = np.stack([tally.weight, tally.weight_squared], axis=1)
    return _replaced(
        tally, tally.n_usable, tally.n_valid, weight, linear * grown[:, np.newaxis]
    )


def _replaced(
    tally: Tally, n: Integers, n_valid: Integers, weight: Floats, linear: Floats
) -> Tally:
    arrays = {field.name: getattr(tally, field.name) for field in fields(Tally)}
    arrays |= {"n_usable": n, "n_valid": n_valid, "linear": linear}
    return Tally(**arrays | {"weight": weight[:, 0], "weight_squared": weight[:, 1]})
