"""Seal the box: after this nobody, ourselves included, can link answer and person.

Each step leaves ``Wave.sealing_step`` behind and may be repeated, so a sealing that is
killed anywhere goes on where it stopped. Runs as the owner of the database.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from surveys import ballots, merkle, wave_secret
from surveys.authoring import sheet_of
from surveys.cells import Key, merge
from surveys.copying import batched, copy_rows
from surveys.errors import SurveyError
from surveys.frames import cell_code, ensure_groups
from surveys.models import Answer, Ballot, Cell, Participant, Receipt, Wave
from surveys.progress import count_arrivals
from surveys.waves import lock_wave

Step = Wave.SealingStep
BATCH = 50_000


class SealingBroken(SurveyError):
    """The box does not add up; sealing stops before anything is destroyed."""


def seal_wave(*, wave: Wave) -> Wave:
    """Take a wave in state ``sealing`` through the steps that are still to be done."""
    wave = Wave.objects.get(pk=wave.pk)
    for step, act in steps_of(wave):
        if wave.state != Wave.State.SEALING:
            break
        if not _is_done(wave, step):
            act(wave)
            wave = Wave.objects.get(pk=wave.pk)
    return wave


def steps_of(wave: Wave) -> list[tuple[Step, Callable[[Wave], None]]]:
    """What there is to do, in this order; each may be repeated."""
    if wave.is_online:
        return [
            (Step.MERGED, merge_cells),
            (Step.MOVED, move_answers),
            (Step.SCRUBBED, scrub_disk),
            (Step.FORGOTTEN, forget_secret),
            (Step.PUBLISHED, publish_proof),
        ]
    return [(Step.MERGED, merge_cells), (Step.PUBLISHED, publish_proof)]


def _is_done(wave: Wave, step: Step) -> bool:
    order = list(Step.values)
    return order.index(wave.sealing_step) >= order.index(step)


def _reached(wave: Wave, step: Step) -> None:
    wave.sealing_step = step
    wave.save(update_fields=("sealing_step",))


# --- 1. cells ------------------------------------------------------------------------

ANSWERS_PER_CELL = """
SELECT cell_id, count(*) FROM {table} WHERE wave_id = %s GROUP BY cell_id
"""

FOLLOW_MERGED_CELLS = """
UPDATE surveys_answer AS answer SET cell_id = cell.merged_into_id
FROM surveys_cell AS cell
WHERE answer.wave_id = %s AND cell.id = answer.cell_id
  AND cell.merged_into_id IS NOT NULL
"""


@transaction.atomic
def merge_cells(wave: Wave) -> None:
    """Merge on, in the frozen order, until each cell holds enough answers."""
    wave = lock_wave(wave)
    table = Ballot if wave.is_online else Answer
    with connection.cursor() as cursor:
        cursor.execute(ANSWERS_PER_CELL.format(table=table._meta.db_table), (wave.pk,))
        received = dict(cursor.fetchall())
    cells = list(wave.cells.filter(merged_into=None).select_related("unit"))
    codes = list(wave.stratifiers.values_list("code", flat=True))
    finest = {_key_of(cell, codes): cell for cell in cells}
    if received.keys() - {cell.pk for cell in cells}:
        raise SealingBroken("Ada jawaban dengan sel yang tidak dikenal.")
    _write_merging(
        wave, finest, {key: received.get(cell.pk, 0) for key, cell in finest.items()}
    )
    if not wave.is_online:
        with connection.cursor() as cursor:
            cursor.execute(FOLLOW_MERGED_CELLS, (wave.pk,))
    _reached(wave, Step.MERGED)


def _key_of(cell: Cell, codes: list[str]) -> Key:
    kept = tuple(cell.strata[code] for code in codes if code in cell.strata)
    return cell.unit.path, kept


def _write_merging(
    wave: Wave, finest: dict[Key, Cell], received: dict[Key, int]
) -> None:
    units = {unit.path: unit for unit in wave.units.all()}
    competing = [p for p, u in units.items() if u.level == wave.competing_level]
    merging = merge(received, minimum=wave.min_cell, competing=competing)
    ensure_groups(wave=wave, merging=merging, units=units)
    merged: dict[Key, Cell] = {}
    for key, cell in sorted(finest.items()):
        target = merging.cell_of[key]
        if target == key:
            continue
        into = merged.get(target) or finest.get(target)
        if into is None:
            into = Cell(wave=wave, unit=units[target[0]], strata={}, n_registered=None)
            into.code = cell_code(into.unit, target)
            kept = len(target[1])
            into.strata = dict(list(cell.strata.items())[:kept])
        _add_people(into, cell)
        merged[target] = into
        cell.merged_into = into
        cell.save(update_fields=("merged_into",))


def _add_people(into: Cell, cell: Cell) -> None:
    if cell.n_registered is not None:
        into.n_registered = (into.n_registered or 0) + cell.n_registered
    into.save()


# --- 2. answers ----------------------------------------------------------------------

MOVE_ANSWERS = """
INSERT INTO surveys_answer
    (wave_id, cell_id, answers, seconds, layout, device_cluster, network_cluster)
SELECT wave_id, cell_id, answers, seconds, layout,
    CASE WHEN n_device > 1 AND device IS NOT NULL THEN device_rank ELSE 0 END,
    CASE WHEN n_network > 1 AND network IS NOT NULL THEN network_rank ELSE 0 END
FROM (
    SELECT ballot.wave_id, coalesce(cell.merged_into_id, cell.id) AS cell_id,
        answers, seconds, layout, device, network,
        count(*) OVER (PARTITION BY home.unit_id, device) AS n_device,
        count(*) OVER (PARTITION BY home.unit_id, network) AS n_network,
        dense_rank() OVER (PARTITION BY home.unit_id ORDER BY device) AS device_rank,
        dense_rank() OVER (PARTITION BY home.unit_id ORDER BY network) AS network_rank
    FROM surveys_ballot AS ballot
    JOIN surveys_cell AS cell ON cell.id = ballot.cell_id
    JOIN surveys_cell AS home ON home.id = coalesce(cell.merged_into_id, cell.id)
    WHERE ballot.wave_id = %(wave)s AND cell.wave_id = %(wave)s
) AS ballots
ORDER BY gen_random_uuid()
"""

MOVE_COMMENTS = """
INSERT INTO surveys_comment (wave_id, unit_id, question_code, text)
SELECT ballot.wave_id, home.unit_id, (%(questions)s::text[])[place], comment
FROM surveys_ballot AS ballot
JOIN surveys_cell AS cell ON cell.id = ballot.cell_id
JOIN surveys_cell AS home ON home.id = coalesce(cell.merged_into_id, cell.id)
CROSS JOIN unnest(ballot.comments) WITH ORDINALITY AS listed (comment, place)
WHERE ballot.wave_id = %(wave)s AND comment <> ''
ORDER BY gen_random_uuid()
"""

EXPECT_RECEIPTS = """
CREATE TEMPORARY TABLE expected_receipt (serial uuid, leaf bytea) ON COMMIT DROP
"""

MOVE_RECEIPTS = """
INSERT INTO surveys_receipt (wave_id, leaf)
SELECT %(wave)s, leaf
FROM expected_receipt JOIN surveys_ballot AS ballot USING (serial)
WHERE ballot.wave_id = %(wave)s
ORDER BY leaf
"""

EMPTY_BOX = "DELETE FROM surveys_ballot WHERE wave_id = %(wave)s"

FORGET_PEOPLE = """
UPDATE surveys_participant SET state = 'invited', code_hash = NULL
WHERE wave_id = %(wave)s
"""

COARSEN_ARRIVALS = """
WITH gone AS (DELETE FROM surveys_arrival WHERE wave_id = %(wave)s RETURNING *)
INSERT INTO surveys_arrival (wave_id, unit_id, quarter_hour, n_new)
SELECT wave_id, unit_id, date_trunc('day', quarter_hour, %(zone)s), sum(n_new)
FROM gone GROUP BY 1, 2, 3
"""


@transaction.atomic
def move_answers(wave: Wave) -> None:
    """Answers, comments and receipts, each in an order of its own; the box emptied."""
    wave = lock_wave(wave)
    count_arrivals(wave=wave)
    names: dict[str, Any] = {
        "wave": wave.pk,
        "questions": [q.code for q in sheet_of(wave.instrument).comment_questions],
        "zone": str(timezone.get_default_timezone()),
    }
    n_ballots = Ballot.objects.filter(wave=wave).count()
    with connection.cursor() as cursor:
        cursor.execute(MOVE_ANSWERS, names)
        cursor.execute(MOVE_COMMENTS, names)
        cursor.execute(EXPECT_RECEIPTS)
        for rows in _expected_receipts(wave):
            copy_rows("expected_receipt", ("serial", "leaf"), rows)
        cursor.execute(MOVE_RECEIPTS, names)
        _check_counts(wave, n_ballots)
        cursor.execute(EMPTY_BOX, names)
        cursor.execute(FORGET_PEOPLE, names)
        cursor.execute(COARSEN_ARRIVALS, names)
    wave.n_answers = n_ballots
    wave.save(update_fields=("n_answers",))
    _reached(wave, Step.MOVED)


def _expected_receipts(wave: Wave) -> Iterator[list[tuple[object, ...]]]:
    """Serial and leaf of everybody on the register, in batches in random order."""
    secret = wave_secret.read(wave)
    people = Participant.objects.filter(wave=wave).values_list("pk", flat=True)
    for batch in batched(people.iterator(chunk_size=BATCH), BATCH):
        serials = [ballots.serial_of(secret, participant) for participant in batch]
        yield [
            (ballots.row_key(serial), leaf_in_hex(ballots.receipt_of(serial)))
            for serial in sorted(serials)
        ]


def leaf_in_hex(receipt: str) -> str:
    return "\\x" + merkle.leaf_of(receipt).hex()


def _check_counts(wave: Wave, n_ballots: int) -> None:
    """Every ballot became one answer and belongs to somebody on the register."""
    n_answers = Answer.objects.filter(wave=wave).count()
    n_receipts = Receipt.objects.filter(wave=wave).count()
    if not n_ballots == n_answers == n_receipts:
        raise SealingBroken(
            f"Kotak tidak cocok: {n_ballots} surat suara, {n_answers} jawaban, "
            f"{n_receipts} tanda terima."
        )


# --- 3. to 5. ------------------------------------------------------------------------

SCRUB = (
    "VACUUM FULL surveys_ballot",
    "VACUUM FULL surveys_participant",
    "VACUUM FULL surveys_arrival",
    "CHECKPOINT",
    "SELECT pg_switch_wal()",
)


def scrub_disk(wave: Wave) -> None:
    """Rewrite the emptied tables: deleted rows stay readable in the old files."""
    with connection.cursor() as cursor:
        for statement in SCRUB:
            cursor.execute(statement)
    _reached(wave, Step.SCRUBBED)


def forget_secret(wave: Wave) -> None:
    """Destroy this host's copy; operations destroys the one kept elsewhere."""
    wave_secret.destroy(wave)
    _reached(wave, Step.FORGOTTEN)


ALL_ANSWERS = """
COPY (SELECT cell.code, answers, weight FROM surveys_answer AS answer
      JOIN surveys_cell AS cell ON cell.id = answer.cell_id
      WHERE answer.wave_id = {wave:d} ORDER BY answer.id) TO STDOUT (FORMAT binary)
"""


@transaction.atomic
def publish_proof(wave: Wave) -> None:
    """Count, Merkle root of the receipts, and digest of the sealed answers."""
    leaves = Receipt.objects.filter(wave=wave).values_list("leaf", flat=True)
    wave.merkle_root = merkle.root_of([bytes(leaf) for leaf in leaves]).hex()
    wave.answers_digest = answers_digest(wave)
    wave.n_answers = Answer.objects.filter(wave=wave).count()
    wave.state = Wave.State.SEALED
    wave.sealed_at = timezone.now()
    wave.save()
    _reached(wave, Step.PUBLISHED)


class _Hashing:
    def __init__(self) -> None:
        self.sha256 = hashlib.sha256()

    def write(self, data: bytes) -> int:
        self.sha256.update(data)
        return len(data)


def answers_digest(wave: Wave) -> str:
    """SHA-256 over the binary COPY of the sealed answers in their stored order."""
    sink = _Hashing()
    with connection.cursor() as cursor:
        cursor.copy_expert(ALL_ANSWERS.format(wave=wave.pk), sink)
    return sink.sha256.hexdigest()
