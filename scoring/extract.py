"""Sealed answers out of PostgreSQL, by binary COPY, as arrays."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from django.db import connection

from scoring.arrays import Codes, Floats, Integers
from scoring.models import Evidence
from scoring.tree import Tree
from scoring.weighting.cells import UNKNOWN
from surveys.models import Cell, Wave, WaveUnit

ANSWERS_OF_CELLS = """
COPY (
    SELECT cell_id, answers, coalesce(weight, 1)::float8
    FROM surveys_answer
    WHERE wave_id = {wave:d} AND cell_id IN ({cells})
    ORDER BY id
) TO STDOUT (FORMAT binary)
"""

ANSWERS_PER_CELL = """
SELECT cell_id, count(*) FROM surveys_answer WHERE wave_id = %s GROUP BY cell_id
"""

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
    wave: Wave, cell_ids: Sequence[int]
) -> tuple[Codes, Integers, Floats]:
    """Sheets (n, width), their cell ids (n,) and given weights (n,; 1 if none).

    Rows come in their stored order, so that sums of weights are the same each time.
    """
    sink = bytearray()
    sql = ANSWERS_OF_CELLS.format(wave=wave.pk, cells=",".join(map(str, cell_ids)))
    with connection.cursor() as cursor:
        cursor.copy_expert(sql, _Sink(sink))
    rows = _rows(sink, wave.sheet_width)
    return (
        rows["codes"]["value"].astype(np.int16),
        rows["cell"].astype(np.int64),
        rows["weight"].astype(np.float64),
    )


class _Sink:
    def __init__(self, data: bytearray) -> None:
        self.data = data

    def write(self, part: bytes) -> int:
        self.data += part
        return len(part)


def _rows(data: bytearray, width: int) -> np.ndarray:
    """The rows of a binary COPY whose sheets are all ``width`` codes wide."""
    code = np.dtype([("length", ">i4"), ("value", ">i2")])
    row = np.dtype(
        [
            ("n_fields", ">i2"),
            ("cell_length", ">i4"),
            ("cell", ">i8"),
            ("array_length", ">i4"),
            ("array_head", ">i4", (5,)),
            ("codes", code, (width,)),
            ("weight_length", ">i4"),
            ("weight", ">f8"),
        ]
    )
    body = len(data) - _HEADER - len(_TRAILER)
    if body % row.itemsize or not data.endswith(_TRAILER):
        raise ValueError(f"a stored sheet is not {width} codes wide")
    rows = np.frombuffer(data, row, count=body // row.itemsize, offset=_HEADER)
    if np.any(rows["array_head"][:, 3] != width) or np.any(rows["n_fields"] != 3):
        raise ValueError(f"a stored sheet is not {width} codes wide")
    return rows


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
