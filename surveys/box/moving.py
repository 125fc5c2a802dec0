"""Sealing, second step: answers, comments and receipts out of the open box."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import Any
from uuid import UUID

from django.db import OperationalError, connection
from django.db.backends.utils import CursorWrapper
from django.db.models.expressions import RawSQL
from django.utils import timezone
from django.utils.translation import gettext as _
from psycopg2.errors import DeadlockDetected, LockNotAvailable

from surveys.box import ballots, envelope, merkle, wave_secret
from surveys.box.merging import merge_cells
from surveys.errors import SealingBroken, SealingWaits
from surveys.files.copying import batched, copy_rows
from surveys.instruments.authoring import sheet_of
from surveys.messages.deliveries import forget_deliveries
from surveys.models import Answer, Ballot, Participant, Receipt, Wave
from surveys.monitoring.progress import count_arrivals

BATCH = 50_000

OPEN_ENVELOPES = """
CREATE TEMPORARY TABLE opened_ballot (
    cell_id bigint, answers smallint[], comments jsonb, seconds smallint[],
    longest_run smallint, device uuid, network uuid
) ON COMMIT DROP
"""
OPENED = (
    "cell_id",
    "answers",
    "comments",
    "seconds",
    "longest_run",
    "device",
    "network",
)

MOVE_ANSWERS = """
INSERT INTO surveys_answer
    (wave_id, cell_id, answers, seconds, longest_run, device_cluster, network_cluster)
SELECT wave_id, cell_id, answers, seconds, longest_run,
    CASE WHEN device IS NOT NULL AND n_device >= %(minimum)s
        AND (n_device = n_home OR n_home - n_device >= %(minimum)s)
        THEN device_rank ELSE 0 END,
    CASE WHEN network IS NOT NULL AND n_network >= %(minimum)s
        AND (n_network = n_home OR n_home - n_network >= %(minimum)s)
        THEN network_rank ELSE 0 END
FROM (
    SELECT cell.wave_id, coalesce(cell.merged_into_id, cell.id) AS cell_id,
        answers, seconds, longest_run, device, network,
        count(*) OVER (PARTITION BY home.unit_id) AS n_home,
        count(*) OVER (PARTITION BY home.unit_id, device) AS n_device,
        count(*) OVER (PARTITION BY home.unit_id, network) AS n_network,
        dense_rank() OVER (PARTITION BY home.unit_id ORDER BY device) AS device_rank,
        dense_rank() OVER (PARTITION BY home.unit_id ORDER BY network) AS network_rank
    FROM opened_ballot AS ballot
    JOIN surveys_cell AS cell ON cell.id = ballot.cell_id
    JOIN surveys_cell AS home ON home.id = coalesce(cell.merged_into_id, cell.id)
    WHERE cell.wave_id = %(wave)s
) AS ballots
ORDER BY cell_id, gen_random_uuid()
"""
"""At random within their cell, which every row names anyway: so the rows of a unit lie
together, and scoring reads each page once instead of once for each of its shards."""

MOVE_COMMENTS = """
INSERT INTO surveys_comment (wave_id, unit_id, question_code, text)
SELECT cell.wave_id, home.unit_id, (%(questions)s::text[])[place], comment
FROM opened_ballot AS ballot
JOIN surveys_cell AS cell ON cell.id = ballot.cell_id
JOIN surveys_cell AS home ON home.id = coalesce(cell.merged_into_id, cell.id)
CROSS JOIN jsonb_array_elements_text(ballot.comments)
    WITH ORDINALITY AS listed (comment, place)
WHERE cell.wave_id = %(wave)s AND comment <> ''
ORDER BY gen_random_uuid()
"""

EXPECT_RECEIPTS = """
CREATE TEMPORARY TABLE expected_receipt (serial uuid, leaf bytea) ON COMMIT DROP
"""

ONLY_OPENED = """
DELETE FROM expected_receipt AS receipt
WHERE serial = ANY(%(tampered)s::uuid[]) OR NOT EXISTS (
    SELECT FROM surveys_ballot AS ballot
    JOIN surveys_cell AS cell ON cell.id = ballot.cell_id
    WHERE ballot.serial = receipt.serial
      AND ballot.wave_id = %(wave)s AND cell.wave_id = %(wave)s
)
"""

OPENED_PER_CELL = """
SELECT coalesce(cell.merged_into_id, cell.id), count(*)
FROM opened_ballot JOIN surveys_cell AS cell ON cell.id = opened_ballot.cell_id
GROUP BY 1
"""

MOVE_RECEIPTS = """
INSERT INTO surveys_receipt (wave_id, leaf)
SELECT %(wave)s, leaf FROM expected_receipt ORDER BY leaf
"""

EMPTY_BOX = """
CREATE TEMPORARY TABLE other_ballot ON COMMIT DROP AS
    SELECT * FROM surveys_ballot WHERE wave_id <> %(wave)s;
TRUNCATE surveys_ballot;
INSERT INTO surveys_ballot SELECT * FROM other_ballot ORDER BY serial
"""
"""A new file without this wave's rows: deleted ones would stay readable in the old one
for as long as anybody on the server might still look at them."""

HOLD_BOX = """
SET LOCAL lock_timeout = '3s';
LOCK TABLE surveys_ballot IN ACCESS EXCLUSIVE MODE;
SET LOCAL lock_timeout = 0
"""

FORGET_PEOPLE = """
UPDATE surveys_participant SET state = 'invited', code_hash = NULL
WHERE wave_id = %(wave)s
"""

COARSEN_ARRIVALS = """
WITH gone AS (DELETE FROM surveys_arrival WHERE wave_id = %(wave)s RETURNING *)
INSERT INTO surveys_arrival (wave_id, unit_id, quarter_hour, n_new)
SELECT gone.wave_id, coalesce(unit.group_id, unit.id),
    date_trunc('day', quarter_hour, %(zone)s), sum(n_new)
FROM gone JOIN surveys_waveunit AS unit ON unit.id = gone.unit_id
GROUP BY 1, 2, 3
"""


def move_answers(wave: Wave) -> None:
    """Answers, comments and receipts, each in an order of its own; the box emptied."""
    count_arrivals(wave=wave)
    names: dict[str, Any] = {
        "wave": wave.pk,
        "minimum": wave.min_cell,
        "questions": [q.code for q in sheet_of(wave.instrument).comment_questions],
        "zone": str(timezone.get_default_timezone()),
    }
    n_ballots = Ballot.objects.filter(wave=wave).count()
    wave.n_answers = 0
    with connection.cursor() as cursor:
        if not wave.secret_lost:
            wave.n_answers = _open_envelopes(cursor, wave)
            _leave_out(cursor, wave, n_ballots - wave.n_answers)
            cursor.execute(MOVE_ANSWERS, names)
            cursor.execute(MOVE_COMMENTS, names)
            cursor.execute(MOVE_RECEIPTS, names)
            _check_counts(wave)
        _empty_box(cursor, names)
        cursor.execute(FORGET_PEOPLE, names)
        forget_deliveries(wave)
        cursor.execute(COARSEN_ARRIVALS, names)
    wave.n_unreadable = n_ballots - wave.n_answers
    wave.save(update_fields=("n_answers", "n_unreadable"))


def _open_envelopes(cursor: CursorWrapper, wave: Wave) -> int:
    """Answers of people on the register, in no order of time; returns how many.

    Ballots of nobody, of a cell of nowhere or with an envelope that does not open stay
    outside, and so do their receipts.
    """
    secret = wave_secret.read(wave)
    cursor.execute(EXPECT_RECEIPTS)
    for rows in _expected_receipts(wave, secret):
        copy_rows("expected_receipt", ("serial", "leaf"), rows)
    cursor.execute(OPEN_ENVELOPES)
    expected = RawSQL("SELECT serial FROM expected_receipt", ())
    box = Ballot.objects.filter(wave=wave, cell__wave=wave, serial__in=expected)
    found = box.order_by("?").values_list("serial", "cell_id", "envelope")
    tampered: list[UUID] = []
    n_opened = 0
    for batch in batched(found.iterator(chunk_size=BATCH), BATCH):
        opened = [_opened(secret, wave, *row) for row in batch]
        copy_rows("opened_ballot", OPENED, (row for row in opened if row))
        tampered += [row[0] for row, ok in zip(batch, opened, strict=True) if not ok]
        n_opened += sum(row is not None for row in opened)
    cursor.execute(ONLY_OPENED, {"wave": wave.pk, "tampered": tampered})
    return n_opened


def _opened(
    secret: bytes,
    wave: Wave,
    serial: UUID,
    cell_id: int,
    closed: bytes | memoryview,
) -> tuple[object, ...] | None:
    """A row of ``OPENED``; None if the envelope was not closed for this place."""
    place = envelope.place(wave.pk, cell_id, serial)
    try:
        content = envelope.unseal(secret, place, bytes(closed))
    except envelope.Tampered:
        return None
    return (
        cell_id,
        _array(content.answers),
        json.dumps(content.comments),
        _array(content.seconds),
        content.longest_run,
        content.device,
        content.network,
    )


def _leave_out(cursor: CursorWrapper, wave: Wave, n: int) -> None:
    """Ballots that cannot become answers are left out by a recorded decision alone."""
    if n and not wave.left_out:
        raise SealingBroken(
            _(
                "%(n)d surat suara tidak terbaca atau bukan milik siapa pun di daftar."
                " Cari sebabnya; untuk menyegel tanpa itu, catat alasannya:"
                " manage.py wave seal %(code)s --without-unreadable ALASAN."
            )
            % {"n": n, "code": wave.code}
        )
    if n:
        cursor.execute(OPENED_PER_CELL)
        merge_cells(wave, dict(cursor.fetchall()))


def _array(numbers: Sequence[int]) -> str:
    return f"{{{','.join(map(str, numbers))}}}"


def _expected_receipts(wave: Wave, secret: bytes) -> Iterator[list[tuple[object, ...]]]:
    """Serial and leaf of everybody on the register, in batches in random order."""
    people = Participant.objects.filter(wave=wave).values_list("pk", flat=True)
    for batch in batched(people.iterator(chunk_size=BATCH), BATCH):
        serials = [ballots.serial_of(secret, participant) for participant in batch]
        yield [
            (ballots.row_key(serial), leaf_in_hex(ballots.receipt_of(serial)))
            for serial in sorted(serials)
        ]


def leaf_in_hex(receipt: str) -> str:
    return "\\x" + merkle.leaf_of(receipt).hex()


def _empty_box(cursor: CursorWrapper, names: dict[str, Any]) -> None:
    """Take the whole box, or give up soon: whoever sends meanwhile waits behind us."""
    try:
        cursor.execute(HOLD_BOX)
    except OperationalError as error:
        if not isinstance(error.__cause__, LockNotAvailable | DeadlockDetected):
            raise
        raise SealingWaits(
            _("Kotak jawaban sedang dibaca, misalnya oleh cadangan; coba lagi nanti.")
        ) from error
    cursor.execute(EMPTY_BOX, names)


def _check_counts(wave: Wave) -> None:
    """Every ballot that was opened became one answer with one receipt."""
    n_answers = Answer.objects.filter(wave=wave).count()
    n_receipts = Receipt.objects.filter(wave=wave).count()
    if (n_answers, n_receipts) != (wave.n_answers, wave.n_answers):
        raise SealingBroken(
            f"Kotak tidak cocok: {wave.n_answers} surat suara, {n_answers} jawaban, "
            f"{n_receipts} tanda terima."
        )
