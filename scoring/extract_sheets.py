"""Sealed answers with all that was kept of how they were given, by binary COPY."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from django.db import connection

from scoring.arrays import Codes, Floats, Integers
from surveys.models import Wave

SHEETS_OF_CELLS = """
COPY (
    SELECT cell_id, id - {first:d}, answers, {pages}, longest_run, device_cluster,
        network_cluster, coalesce(weight, 1)::float8
    FROM surveys_answer
    WHERE wave_id = {wave:d} AND cell_id IN ({cells})
    ORDER BY id
) TO STDOUT (FORMAT binary)
"""

FIRST_OF_WAVE = "SELECT coalesce(min(id), 0) FROM surveys_answer WHERE wave_id = %s"

PAGES = "(seconds || array_fill(0::int2, ARRAY[{n:d}]))[1:{n:d}]"
"""Seconds of each page, 0 where they are not known."""

IN_ALL = """ARRAY[(
    SELECT least(coalesce(sum(page), 0), 32767) FROM unnest(seconds) AS page
)]::int2[]"""
"""Answers gathered elsewhere: their columns need not be our pages."""

_HEADER = 19
_TRAILER = b"\xff\xff"


@dataclass(frozen=True, eq=False)
class StoredSheets:
    """Answers in their stored order; every field is (n, ...)."""

    cell: Integers
    order: Integers
    """Number of the answer in its wave, from 0; says nothing of when it came."""
    answers: Codes
    """(n, sheet width)"""
    seconds: Integers
    """(n, pages)"""
    longest: Integers
    device: Integers
    network: Integers
    weight: Floats


def sheets_of_cells(
    wave: Wave, cell_ids: Sequence[int], *, n_pages: int
) -> StoredSheets:
    """The answers of these cells; ValueError where a sheet is not the wave's width."""
    pages = PAGES.format(n=n_pages) if wave.is_online else IN_ALL
    with connection.cursor() as cursor:
        cursor.execute(FIRST_OF_WAVE, (wave.pk,))
        ((first,),) = cursor.fetchall()
        cells = ",".join(map(str, cell_ids)) or "NULL"
        sql = SHEETS_OF_CELLS.format(
            wave=wave.pk, cells=cells, first=first, pages=pages
        )
        sink = _Sink()
        cursor.copy_expert(sql, sink)
    rows = _rows(sink.data, wave.sheet_width, n_pages)
    return StoredSheets(
        cell=rows["cell"].astype(np.int64),
        order=rows["order"].astype(np.int64),
        answers=rows["answers"]["value"].astype(np.int16),
        seconds=np.maximum(rows["pages"]["value"].astype(np.int64), 0),
        longest=rows["longest"].astype(np.int64),
        device=rows["device"].astype(np.int64),
        network=rows["network"].astype(np.int64),
        weight=rows["weight"].astype(np.float64),
    )


class _Sink:
    def __init__(self) -> None:
        self.data = bytearray()

    def write(self, part: bytes) -> int:
        self.data += part
        return len(part)


def _rows(data: bytearray, width: int, n_pages: int) -> np.ndarray:
    """The rows of a binary COPY, all equally long."""
    code = np.dtype([("length", ">i4"), ("value", ">i2")])
    fields: list[tuple[str, object]] = [("n_fields", ">i2")]
    fields += [("_cell", ">i4"), ("cell", ">i8"), ("_order", ">i4"), ("order", ">i8")]
    for name, n in (("answers", width), ("pages", n_pages)):
        fields += [(f"_{name}", ">i4"), (f"{name}_head", ">i4", (5,))]  # type: ignore[list-item]
        fields += [(name, code, (n,))]  # type: ignore[list-item]
    fields += [("_longest", ">i4"), ("longest", ">i2")]
    fields += [("_device", ">i4"), ("device", ">i4")]
    fields += [("_network", ">i4"), ("network", ">i4")]
    fields += [("_weight", ">i4"), ("weight", ">f8")]
    row = np.dtype(fields)
    body = len(data) - _HEADER - len(_TRAILER)
    if body % row.itemsize or not data.endswith(_TRAILER):
        raise ValueError(f"a stored sheet is not {width} codes wide")
    rows = np.frombuffer(data, row, count=body // row.itemsize, offset=_HEADER)
    if np.any(rows["answers_head"][:, 3] != width) or np.any(rows["n_fields"] != 8):
        raise ValueError(f"a stored sheet is not {width} codes wide")
    return rows
