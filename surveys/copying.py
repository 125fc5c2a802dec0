"""COPY into the database: registers and answers gathered elsewhere.

Each load streams into a temporary table, is checked there as a whole, and then moves
by INSERT … SELECT. All of it happens inside the caller's transaction.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from itertools import islice
from typing import TypeVar

from django.db import connection

from surveys.models import Wave

Value = str | int | float | None
Item = TypeVar("Item")

CREATE_PEOPLE = """
CREATE TEMPORARY TABLE incoming_person (
    line integer, person_key text, unit_id bigint, strata jsonb,
    name text, email text, phone text, id uuid, code_hash text
)
"""
COPY_PEOPLE = "COPY pg_temp.incoming_person FROM STDIN"
ANALYZE_PEOPLE = "ANALYZE pg_temp.incoming_person"
DROP_PEOPLE = "DROP TABLE pg_temp.incoming_person"

REPEATED_PEOPLE = """
SELECT line FROM (
    SELECT line, row_number() OVER (PARTITION BY person_key ORDER BY line) AS nth
    FROM pg_temp.incoming_person
) AS numbered
WHERE nth > 1 ORDER BY line
"""

COMPARE_PEOPLE = """
SELECT
    count(*) FILTER (WHERE contact.participant_id IS NULL),
    count(*) FILTER (
        WHERE (person.unit_id, person.strata)
              IS DISTINCT FROM (incoming.unit_id, incoming.strata)
          AND contact.participant_id IS NOT NULL),
    count(*) FILTER (
        WHERE (contact.name, contact.email, contact.phone)
              IS DISTINCT FROM (incoming.name, incoming.email, incoming.phone)
          AND (person.unit_id, person.strata)
              IS NOT DISTINCT FROM (incoming.unit_id, incoming.strata)
          AND contact.participant_id IS NOT NULL),
    count(*)
FROM pg_temp.incoming_person AS incoming
LEFT JOIN surveys_contact AS contact
    ON contact.wave_id = %(wave)s AND contact.person_key = incoming.person_key
LEFT JOIN surveys_participant AS person ON person.id = contact.participant_id
"""

OUTSIDE_FRAME = """
SELECT incoming.line
FROM pg_temp.incoming_person AS incoming
WHERE NOT EXISTS (
    SELECT FROM surveys_contact AS contact
    WHERE contact.wave_id = %(wave)s AND contact.person_key = incoming.person_key
) AND NOT EXISTS (
    SELECT FROM surveys_frame AS frame
    JOIN surveys_waveunit AS unit ON unit.id = frame.unit_id
    WHERE frame.wave_id = %(wave)s AND unit.unit_id = incoming.unit_id
      AND frame.strata = incoming.strata
)
ORDER BY incoming.line
"""

MOVE_PEOPLE = """
UPDATE surveys_participant AS person
SET unit_id = incoming.unit_id, strata = incoming.strata
FROM pg_temp.incoming_person AS incoming
JOIN surveys_contact AS contact
    ON contact.wave_id = %(wave)s AND contact.person_key = incoming.person_key
WHERE person.id = contact.participant_id
  AND (person.unit_id, person.strata)
      IS DISTINCT FROM (incoming.unit_id, incoming.strata)
"""

UPDATE_CONTACTS = """
UPDATE surveys_contact AS contact
SET name = incoming.name, email = incoming.email, phone = incoming.phone
FROM pg_temp.incoming_person AS incoming
WHERE contact.wave_id = %(wave)s AND contact.person_key = incoming.person_key
  AND (contact.name, contact.email, contact.phone)
      IS DISTINCT FROM (incoming.name, incoming.email, incoming.phone)
"""

ADD_PEOPLE = """
WITH fresh AS (
    SELECT incoming.* FROM pg_temp.incoming_person AS incoming
    WHERE NOT EXISTS (
        SELECT FROM surveys_contact AS contact
        WHERE contact.wave_id = %(wave)s
          AND contact.person_key = incoming.person_key
    )
), added AS (
    INSERT INTO surveys_participant
        (id, wave_id, unit_id, strata, cell_id, edition, code_hash, state, has_left)
    SELECT fresh.id, %(wave)s, fresh.unit_id, fresh.strata, frame.cell_id,
           1, fresh.code_hash, 'invited', false
    FROM fresh
    LEFT JOIN surveys_waveunit AS unit
        ON unit.wave_id = %(wave)s AND unit.unit_id = fresh.unit_id
    LEFT JOIN surveys_frame AS frame
        ON frame.unit_id = unit.id AND frame.strata = fresh.strata
)
INSERT INTO surveys_contact (participant_id, wave_id, person_key, name, email, phone)
SELECT fresh.id, %(wave)s, fresh.person_key, fresh.name, fresh.email, fresh.phone
FROM fresh
"""

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


def _copy(sql: str, rows: Iterable[Sequence[object]]) -> None:
    stream = RowStream(rows)
    with connection.cursor() as cursor:
        cursor.copy_expert(sql, stream, 1 << 16)
    if stream.failure is not None:
        raise stream.failure


def _execute(sql: str, wave: Wave | None = None) -> int:
    with connection.cursor() as cursor:
        cursor.execute(sql, {"wave": wave.pk} if wave else None)
        return int(cursor.rowcount)


def _fetch(sql: str, wave: Wave | None = None) -> list[tuple[int, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, {"wave": wave.pk} if wave else None)
        return list(cursor.fetchall())


@contextmanager
def staged_people(rows: Iterable[Sequence[object]]) -> Iterator[None]:
    """Hold these people for the block: line, person key, unit, strata as JSON, name,
    e-mail, phone, and the id and code hash they get if they are new."""
    _execute(CREATE_PEOPLE)
    _copy(COPY_PEOPLE, rows)
    _execute(ANALYZE_PEOPLE)
    yield
    _execute(DROP_PEOPLE)


def repeated_people() -> list[int]:
    """Lines whose person key stands on an earlier line already."""
    return [line for (line,) in _fetch(REPEATED_PEOPLE)]


def people_outside_frame(wave: Wave) -> list[int]:
    """Lines of new people whose unit and strata the frame does not know."""
    return [line for (line,) in _fetch(OUTSIDE_FRAME, wave)]


def compare_people(wave: Wave) -> tuple[int, int, int, int]:
    """How many are new, stand elsewhere, differ in contact only; and all of them."""
    n_new, n_elsewhere, n_contact, n_all = _fetch(COMPARE_PEOPLE, wave)[0]
    return n_new, n_elsewhere, n_contact, n_all


def move_people(wave: Wave) -> None:
    """Give known people the unit and strata of the file; only for a draft."""
    _execute(MOVE_PEOPLE, wave)


def add_people(wave: Wave) -> None:
    """Update the contacts of known people and add the new ones."""
    _execute(UPDATE_CONTACTS, wave)
    _execute(ADD_PEOPLE, wave)


@contextmanager
def staged_answers(rows: Iterable[Sequence[object]]) -> Iterator[None]:
    """Hold these answers for the block: unit of the wave, strata as JSON, the sheet as
    an array, weight, seconds as an array."""
    _execute(CREATE_ANSWERS)
    _copy(COPY_ANSWERS, rows)
    _execute(ANALYZE_ANSWERS)
    yield
    _execute(DROP_ANSWERS)


def move_answers(wave: Wave) -> int:
    """Move the staged answers into the wave's box; returns how many went in."""
    return _execute(MOVE_ANSWERS, wave)


def batched(items: Iterable[Item], size: int) -> Iterator[list[Item]]:
    """Lists of up to ``size`` items: COPY cannot read and write at the same time."""
    rest = iter(items)
    while batch := list(islice(rest, size)):
        yield batch


def copy_rows(
    table: str, columns: Sequence[str], rows: Iterable[Sequence[object]]
) -> None:
    """COPY rows into a table of ours; names come from code, never from input."""
    _copy(f"COPY {table} ({', '.join(columns)}) FROM STDIN", rows)
