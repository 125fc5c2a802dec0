"""Sealed answers out of PostgreSQL, by binary COPY, as arrays."""

from __future__ import annotations

import hashlib
import io
import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from django.db import connection

from scoring.arrays import Codes, Floats, Integers
from scoring.models import Evidence
from scoring.tree import Tree
from scoring.weighting.cells import UNKNOWN
from surveys.models import Cell, Wave, WaveUnit

ANSWERS_OF_CELLS = """
COPY (
    SELECT cell_id, answers[1:{width}], cardinality(answers),
        coalesce(weight, 1)::float8
    FROM surveys_answer
    WHERE wave_id = {wave:d} AND cell_id IN ({cells})
    {order}
) TO STDOUT (FORMAT binary)
"""
IN_STORED_ORDER = "ORDER BY id"

ANSWERS_PER_CELL = """
SELECT cell_id, count(*) FROM surveys_answer WHERE wave_id = %s GROUP BY cell_id
"""

BLOCK = 1 << 20
"""Bytes of a COPY that are turned into numbers at a time."""

_HEADER = 19
"""Bytes before the first row: signature, flags, length of an empty extension."""
_TRAILER = b"\xff\xff"


@dataclass(frozen=True, eq=False)
class WaveTree:
    """A wave's nodes (parents first) and cells, in the order of the arrays."""

    units: tuple[WaveUnit, ...]
    cells: tuple[Cell, ...]
    tree: Tree
    frame: Integers

    @property
    def strata(self) -> list[dict[str, str]]:
        """Of each cell, its category by the name of the stratum."""
        return [cell.strata for cell in self.cells]


def tree_of(wave: Wave) -> WaveTree:
    """The tree that answers of a sealed wave hang in.

    Units that are shown in a group, and whatever stands below them, have no node.
    """
    units = tuple(_without_grouped(wave.units.order_by("path")))
    place = {unit.pk: i for i, unit in enumerate(units)}
    cells = tuple(wave.cells.filter(merged_into=None).order_by("code"))
    tree = Tree(
        parent=np.array([place.get(u.parent_id or 0, -1) for u in units], np.int64),
        node_of_cell=np.array([place[c.unit_id] for c in cells], np.int64),
    )
    frame = [UNKNOWN if c.n_registered is None else c.n_registered for c in cells]
    return WaveTree(units, cells, tree, np.array(frame, np.int64))


def _without_grouped(units: Iterable[WaveUnit]) -> Iterator[WaveUnit]:
    """Units in the order of their paths, less grouped ones and their subtrees."""
    grouped = " "
    for unit in units:
        if unit.path.startswith(grouped):
            continue
        if unit.group_id is not None:
            grouped = unit.path
            continue
        yield unit


def count_answers(wave: Wave) -> dict[int, int]:
    """Answers per cell id."""
    with connection.cursor() as cursor:
        cursor.execute(ANSWERS_PER_CELL, (wave.pk,))
        return dict(cursor.fetchall())


def answers_of_cells(
    wave: Wave, cell_ids: Sequence[int], *, width: int, is_ordered: bool = True
) -> tuple[Codes, Integers, Floats]:
    """The first ``width`` codes of each sheet (n, width), the place of its cell among
    ``cell_ids`` (n,), and its given weight (n,; 1 if none).

    Rows come in their stored order, so that sums of weights are the same each time, or
    faster in any order if ``is_ordered`` is False.
    """
    sql = ANSWERS_OF_CELLS.format(
        wave=wave.pk,
        width=width,
        cells=",".join(map(str, cell_ids)),
        order=IN_STORED_ORDER if is_ordered else "",
    )
    rows = _Rows(width, wave.sheet_width)
    with connection.cursor() as cursor, io.BufferedWriter(rows, BLOCK) as file:
        cursor.copy_expert(sql, file)
    codes, cells, weights = rows.columns()
    ids = np.array(cell_ids, dtype=np.int64)
    order = np.argsort(ids)
    return codes, order[np.searchsorted(ids, cells, sorter=order)], weights


class _Rows(io.RawIOBase):
    """A binary COPY written to it, a block at a time, as columns of numbers."""

    def __init__(self, width: int, sheet_width: int) -> None:
        self._dtype = _row_type(width)
        self._width, self._sheet_width = width, sheet_width
        self._rest = b""
        self._is_begun = False
        self._parts: list[tuple[Codes, Integers, Floats]] = []

    def writable(self) -> bool:
        return True

    def write(self, block: Any) -> int:
        data = self._rest + bytes(block)
        start = 0 if self._is_begun else _HEADER
        self._is_begun = True
        n = max(len(data) - start, 0) // self._dtype.itemsize
        self._rest = data[start + n * self._dtype.itemsize :]
        rows = np.frombuffer(data, self._dtype, count=n, offset=start)
        self._demand_sheets(rows)
        self._parts.append(
            (
                rows["codes"]["value"].astype(np.int16),
                rows["cell"].astype(np.int64),
                rows["weight"].astype(np.float64),
            )
        )
        return len(block)

    def _demand_sheets(self, rows: np.ndarray) -> None:
        is_sheet = (rows["n_fields"] == 4) & (rows["array_head"][:, 3] == self._width)
        if not np.all(is_sheet & (rows["sheet_width"] == self._sheet_width)):
            raise ValueError(f"a stored sheet is not {self._sheet_width} codes wide")

    def columns(self) -> tuple[Codes, Integers, Floats]:
        """Codes, cell ids and weights of all rows, when the COPY has ended."""
        if self._rest != _TRAILER:
            raise ValueError(f"a stored sheet is not {self._sheet_width} codes wide")
        codes, cells, weights = zip(*self._parts, strict=True)
        return np.concatenate(codes), np.concatenate(cells), np.concatenate(weights)


def _row_type(width: int) -> np.dtype[Any]:
    """A row of ``ANSWERS_OF_CELLS``: every field behind its length in bytes."""
    code = np.dtype([("length", ">i4"), ("value", ">i2")])
    return np.dtype(
        [
            ("n_fields", ">i2"),
            ("cell_length", ">i4"),
            ("cell", ">i8"),
            ("array_length", ">i4"),
            ("array_head", ">i4", (5,)),
            ("codes", code, (width,)),
            ("width_length", ">i4"),
            ("sheet_width", ">i4"),
            ("weight_length", ">i4"),
            ("weight", ">f8"),
        ]
    )


def input_digest(wave: Wave, evidence: Evidence | None) -> str:
    """SHA-256 over all a run reads: answers, frame, instrument, promise, evidence."""
    cells = wave.cells.filter(merged_into=None).order_by("code")
    document = {
        "answers": wave.answers_digest,
        "cells": list(cells.values_list("code", "n_registered")),
        "instrument": wave.instrument.digest,
        "promise": wave.promise_digest,
    }
    if evidence:
        document["evidence"] = evidence.digest
    text = json.dumps(document, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()
