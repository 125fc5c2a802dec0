"""A register on its way in: people in a temporary table, checked there as a whole.

They come by COPY, meet the register in a few statements, and move into it by INSERT …
SELECT. All of it happens inside the caller's transaction.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from surveys.files.copying import copy_in, execute, fetch
from surveys.models import Wave

CREATE = """
CREATE TEMPORARY TABLE incoming_person (
    line integer, person_key text, unit_id bigint, strata jsonb,
    name text, email text, phone text, has_left boolean, is_second_post boolean
)
"""
COPY = "COPY pg_temp.incoming_person FROM STDIN"
ANALYZE = "ANALYZE pg_temp.incoming_person"
DROP = "DROP TABLE pg_temp.incoming_person"

CREATE_SEATS = """
CREATE TEMPORARY TABLE incoming_seat (line integer, id uuid, code_hash text)
"""
COPY_SEATS = "COPY pg_temp.incoming_seat FROM STDIN"
ANALYZE_SEATS = "ANALYZE pg_temp.incoming_seat"
DROP_SEATS = "DROP TABLE pg_temp.incoming_seat"

DROP_SECOND_POSTS = """
DELETE FROM pg_temp.incoming_person AS incoming
USING (
    SELECT line, row_number() OVER (
        PARTITION BY person_key ORDER BY has_left, is_second_post, line
    ) AS nth
    FROM pg_temp.incoming_person
) AS numbered
WHERE numbered.line = incoming.line AND numbered.nth > 1
  AND (incoming.has_left OR incoming.is_second_post)
"""
"""A person stands once: an acting or additional post, and the row that says somebody
has left a unit, give way to the row of the definite post."""

REPEATED = """
SELECT line, person_key, earlier FROM (
    SELECT line, person_key, min(line) OVER (PARTITION BY person_key) AS earlier
    FROM pg_temp.incoming_person
) AS numbered
WHERE line > earlier ORDER BY line
"""

DROP_STRANGERS_WHO_LEFT = """
DELETE FROM pg_temp.incoming_person AS incoming
WHERE has_left AND NOT EXISTS (
    SELECT FROM surveys_contact AS contact
    WHERE contact.wave_id = %(wave)s AND contact.person_key = incoming.person_key
)
"""

OUTSIDE_FRAME = """
SELECT incoming.line
FROM pg_temp.incoming_person AS incoming
LEFT JOIN surveys_contact AS contact
    ON contact.wave_id = %(wave)s AND contact.person_key = incoming.person_key
LEFT JOIN surveys_participant AS person ON person.id = contact.participant_id
WHERE NOT incoming.has_left AND person.cell_id IS NULL AND NOT EXISTS (
    SELECT FROM surveys_frame AS frame
    JOIN surveys_waveunit AS unit ON unit.id = frame.unit_id
    WHERE frame.wave_id = %(wave)s
      AND unit.unit_id = coalesce(person.unit_id, incoming.unit_id)
      AND frame.strata = coalesce(person.strata, incoming.strata)
)
ORDER BY incoming.line
"""

COMPARE = """
SELECT
    CASE
        WHEN contact.participant_id IS NULL THEN 'new'
        WHEN incoming.has_left AND NOT person.has_left THEN 'left'
        WHEN incoming.has_left THEN 'same'
        WHEN person.has_left THEN 'returned'
        WHEN (person.unit_id, person.strata)
             IS DISTINCT FROM (incoming.unit_id, incoming.strata) THEN 'elsewhere'
        WHEN (contact.name, contact.email, contact.phone)
             IS DISTINCT FROM (incoming.name, incoming.email, incoming.phone)
            THEN 'contact'
        ELSE 'same'
    END AS fate, count(*)
FROM pg_temp.incoming_person AS incoming
LEFT JOIN surveys_contact AS contact
    ON contact.wave_id = %(wave)s AND contact.person_key = incoming.person_key
LEFT JOIN surveys_participant AS person ON person.id = contact.participant_id
GROUP BY fate
"""

GONE = """
SELECT count(*)
FROM surveys_contact AS contact
JOIN surveys_participant AS person ON person.id = contact.participant_id
WHERE contact.wave_id = %(wave)s AND NOT person.has_left
  AND NOT starts_with(contact.person_key, '~')
  AND NOT EXISTS (
    SELECT FROM pg_temp.incoming_person AS incoming
    WHERE incoming.person_key = contact.person_key
)
"""

MARK_GONE = """
UPDATE surveys_participant AS person SET has_left = true
FROM surveys_contact AS contact
WHERE contact.wave_id = %(wave)s AND person.id = contact.participant_id
  AND NOT person.has_left AND NOT starts_with(contact.person_key, '~')
  AND NOT EXISTS (
    SELECT FROM pg_temp.incoming_person AS incoming
    WHERE incoming.person_key = contact.person_key
)
"""

MARK_LEFT_OR_RETURNED = """
UPDATE surveys_participant AS person SET has_left = incoming.has_left
FROM pg_temp.incoming_person AS incoming
JOIN surveys_contact AS contact
    ON contact.wave_id = %(wave)s AND contact.person_key = incoming.person_key
WHERE person.id = contact.participant_id AND person.has_left <> incoming.has_left
"""

MOVE = """
UPDATE surveys_participant AS person
SET unit_id = incoming.unit_id, strata = incoming.strata
FROM pg_temp.incoming_person AS incoming
JOIN surveys_contact AS contact
    ON contact.wave_id = %(wave)s AND contact.person_key = incoming.person_key
WHERE person.id = contact.participant_id AND NOT incoming.has_left
  AND (person.unit_id, person.strata)
      IS DISTINCT FROM (incoming.unit_id, incoming.strata)
"""

UPDATE_CONTACTS = """
UPDATE surveys_contact AS contact
SET name = incoming.name, email = incoming.email, phone = incoming.phone
FROM pg_temp.incoming_person AS incoming
WHERE contact.wave_id = %(wave)s AND contact.person_key = incoming.person_key
  AND NOT incoming.has_left
  AND (contact.name, contact.email, contact.phone)
      IS DISTINCT FROM (incoming.name, incoming.email, incoming.phone)
"""

NEW = """
SELECT line FROM pg_temp.incoming_person AS incoming
WHERE NOT EXISTS (
    SELECT FROM surveys_contact AS contact
    WHERE contact.wave_id = %(wave)s AND contact.person_key = incoming.person_key
)
"""

ADD = """
WITH fresh AS (
    SELECT incoming.*, seat.id, seat.code_hash
    FROM pg_temp.incoming_person AS incoming
    JOIN pg_temp.incoming_seat AS seat ON seat.line = incoming.line
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


@dataclass(frozen=True)
class Compared:
    """How many people of the file are new, known, changed; and how many it lacks."""

    n_new: int
    n_left: int
    n_returned: int
    n_elsewhere: int
    n_contact: int
    n_same: int
    n_gone: int


@contextmanager
def staged(rows: Iterable[Sequence[object]]) -> Iterator[None]:
    """Hold these people for the block; each row has the columns of the table."""
    execute(CREATE)
    copy_in(COPY, rows)
    execute(ANALYZE)
    yield
    execute(DROP)


def drop_second_posts() -> int:
    """Leave each person the row of the definite post, where there is one."""
    return execute(DROP_SECOND_POSTS)


def drop_strangers_who_left(wave: Wave) -> int:
    """Forget rows that tell of leaving and name nobody we know."""
    return execute(DROP_STRANGERS_WHO_LEFT, wave)


def repeated() -> list[tuple[int, str, int]]:
    """Line, person key, and the earlier line where that person stands already."""
    return [(line, key, earlier) for line, key, earlier in fetch(REPEATED)]


def outside_frame(wave: Wave) -> list[int]:
    """Lines of people without a cell whose unit and strata the frame does not know."""
    return [line for (line,) in fetch(OUTSIDE_FRAME, wave)]


def compare(wave: Wave) -> Compared:
    """What writing would do; nothing is written."""
    n = dict(fetch(COMPARE, wave))
    ((n_gone,),) = fetch(GONE, wave)
    return Compared(
        n_new=n.get("new", 0),
        n_left=n.get("left", 0),
        n_returned=n.get("returned", 0),
        n_elsewhere=n.get("elsewhere", 0),
        n_contact=n.get("contact", 0),
        n_same=n.get("same", 0),
        n_gone=n_gone,
    )


def move(wave: Wave) -> None:
    """Give known people the unit and strata of the file; only for a draft."""
    execute(MOVE, wave)


def write(wave: Wave, seat: Callable[[], tuple[str, str]]) -> None:
    """Update the contacts of known people, mark who left or is back, add the new.

    ``seat`` gives each of the new an id and the hash of its code.
    """
    execute(UPDATE_CONTACTS, wave)
    execute(MARK_LEFT_OR_RETURNED, wave)
    lines = fetch(NEW, wave)
    execute(CREATE_SEATS)
    copy_in(COPY_SEATS, ((line, *seat()) for (line,) in lines))
    execute(ANALYZE_SEATS)
    execute(ADD, wave)
    execute(DROP_SEATS)


def mark_gone(wave: Wave) -> int:
    """Mark everybody whom the file lacks as having left."""
    return execute(MARK_GONE, wave)
