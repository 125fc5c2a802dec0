"""COPY into the database, and answers gathered elsewhere; ``incoming`` has registers.

Each load streams into a temporary table, is checked there as a whole, and then moves
by INSERT … SELECT. All of it happens inside the caller's transaction.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from itertools import islice
from typing import Any, TypeVar

from django.db import connection

from surveys.models import Wave

Value = str | int | float | None
Item = TypeVar("Item")

CREATE_ANSWERS = """
CREATE TEMPORARY TABLE incoming_answer (
    unit_id bigint, strata jsonb, answers smallint[], weight double precision,
    seconds smallint[]
)
"""
COPY_ANSWERS = "COPY pg_temp.incoming_answer FROM STDIN"
ANALYZE_ANSWERS = "ANALYZE pg_temp.incoming_answer"
DROP_ANSWERS = "DROP TABLE pg_temp.incoming_answer"

MOVE_ANSWERS = """
INSERT INTO surveys_answer (
    wave_id, cell_id, answers, seconds, longest_run, device_cluster, network_cluster,
    weight
)
SELECT %(wave)s, frame.cell_id, incoming.answers, incoming.seconds, 0, 0, 0,
       incoming.weight
FROM pg_temp.incoming_answer AS incoming
JOIN surveys_frame AS frame
    ON frame.wave_id = %(wave)s AND frame.unit_id = incoming.unit_id
   AND frame.strata = incoming.strata
ORDER BY frame.cell_id, incoming.answers, incoming.weight, incoming.seconds
"""
"""Sorted by content: the same file gives the same rows, and its own order is gone."""

_ESCAPES = str.maketrans({"\\": r"\\", "\t": r"\t", "\n": r"\n", "\r": r"\r"})


def _field(value: object) -> str:
    if value is None:
        return r"\N"
    text = str(value)
    if isinstance(value, int | float):
        return text
    is_plain = text.isprintable() and "\\" not in text
    return text if is_plain else text.translate(_ESCAPES)


def _encoded(row: Sequence[object]) -> bytes:
    return ("\t".join(map(_field, row)) + "\n").encode()


class RowStream(io.RawIOBase):
    """Rows as the file COPY reads. What goes wrong in them is kept, not lost."""

    def __init__(self, rows: Iterable[Sequence[object]]) -> None:
        self._rows = iter(rows)
        self._rest = b""
        self.failure: Exception | None = None

    def read(self, size: int = -1) -> bytes:
        parts, length = [self._rest], len(self._rest)
        try:
            while self.failure is None and (size < 0 or length < size):
                parts.append(_encoded(next(self._rows)))
                length += len(parts[-1])
        except StopIteration:
            pass
        except Exception as error:  # raised again after COPY has read whole rows
            self.failure = error
        block = b"".join(parts)
        cut = length if size < 0 else size
        self._rest = block[cut:]
        return block[:cut]


def copy_in(sql: str, rows: Iterable[Sequence[object]]) -> None:
    """Send rows to a COPY … FROM STDIN; what fails in making them is raised here."""
    stream = RowStream(rows)
    with connection.cursor() as cursor:
        cursor.copy_expert(sql, stream, 1 << 16)
    if stream.failure is not None:
        raise stream.failure


def execute(sql: str, wave: Wave | None = None) -> int:
    """Run a statement that may ask for ``%(wave)s``; how many rows it met."""
    with connection.cursor() as cursor:
        cursor.execute(sql, {"wave": wave.pk} if wave else None)
        return int(cursor.rowcount)


def fetch(sql: str, wave: Wave | None = None) -> list[tuple[Any, ...]]:
    """The rows of a query that may ask for ``%(wave)s``."""
    with connection.cursor() as cursor:
        cursor.execute(sql, {"wave": wave.pk} if wave else None)
        return list(cursor.fetchall())


@contextmanager
def staged_answers(rows: Iterable[Sequence[object]]) -> Iterator[None]:
    """Hold these answers for the block: unit of the wave, strata as JSON, the sheet as
    an array, weight, seconds as an array."""
    execute(CREATE_ANSWERS)
    copy_in(COPY_ANSWERS, rows)
    execute(ANALYZE_ANSWERS)
    yield
    execute(DROP_ANSWERS)


def move_answers(wave: Wave) -> int:
    """Move the staged answers into the wave's box; returns how many went in."""
    return execute(MOVE_ANSWERS, wave)


def batched(items: Iterable[Item], size: int) -> Iterator[list[Item]]:
    """Lists of up to ``size`` items: COPY cannot read and write at the same time."""
    rest = iter(items)
    while batch := list(islice(rest, size)):
        yield batch


def copy_rows(
    table: str, columns: Sequence[str], rows: Iterable[Sequence[object]]
) -> None:
    """COPY rows into a table of ours; names come from code, never from input."""
    copy_in(f"COPY {table} ({', '.join(columns)}) FROM STDIN", rows)
