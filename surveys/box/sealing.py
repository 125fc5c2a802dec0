"""Seal the box: after this nobody, ourselves included, can link answer and person.

Each step leaves ``Wave.sealing_step`` behind and may be repeated, so a sealing that is
killed anywhere goes on where it stopped. Runs as the owner of the database.
"""

from __future__ import annotations

import hashlib
import io
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection, transaction
from django.db.backends.utils import CursorWrapper
from django.utils import timezone
from django.utils.translation import gettext as _

from surveys.box import proofs, wave_secret
from surveys.box.merging import merge_cells
from surveys.box.moving import move_answers
from surveys.errors import SealingWaits
from surveys.fieldwork.waves import lock_wave
from surveys.messages import demo_mailbox, letters
from surveys.models import Answer, Wave

Step = Wave.SealingStep
Act = Callable[[Wave], None]

ONE_SEALER = 0x5345414C
"""Namespace of the advisory lock that one sealer of a wave holds throughout."""


def seal_wave(*, wave: Wave) -> Wave:
    """Take a wave in state ``sealing`` through the steps that are still to be done.

    While another process seals it, this returns at once and leaves it to that one.
    """
    with _only_sealer(wave) as is_mine:
        if is_mine and Wave.objects.get(pk=wave.pk).state == Wave.State.SEALING:
            for step, act in steps_of(wave):
                take_step(wave, step, act)
    return Wave.objects.get(pk=wave.pk)


@contextmanager
def _only_sealer(wave: Wave) -> Iterator[bool]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s, %s)", (ONE_SEALER, wave.pk))
        is_mine = cursor.fetchone() == (True,)
    try:
        yield is_mine
    finally:
        if is_mine and connection.connection is not None:
            with connection.cursor() as cursor:
                cursor.execute(
                    "SELECT pg_advisory_unlock(%s, %s)", (ONE_SEALER, wave.pk)
                )


def steps_of(wave: Wave) -> list[tuple[Step, Act]]:
    """What there is to do, in this order."""
    if wave.is_online:
        return [
            (Step.MERGED, merge_cells),
            (Step.MOVED, move_answers),
            (Step.SCRUBBED, scrub_disk),
            (Step.FORGOTTEN, forget_secret),
            (Step.PUBLISHED, publish_proof),
        ]
    return [(Step.MERGED, merge_cells), (Step.PUBLISHED, publish_proof)]


def take_step(wave: Wave, step: Step, act: Act) -> None:
    """Do one step, unless it is done, and remember it in the same transaction.

    Rewriting tables cannot be part of one: that step is remembered when it has ended.
    """
    if _is_done(Wave.objects.get(pk=wave.pk), step):
        return
    if act is scrub_disk:
        act(wave)
    with transaction.atomic():
        wave = lock_wave(wave)
        if act is not scrub_disk:
            act(wave)
        wave.sealing_step = step
        wave.save()


def _is_done(wave: Wave, step: Step) -> bool:
    order = list(Step.values)
    return order.index(wave.sealing_step) >= order.index(step)


SCRUB = (
    "CLUSTER surveys_participant USING surveys_participant_pkey",
    "VACUUM FULL surveys_arrival",
    "VACUUM FULL surveys_delivery",
    "VACUUM FULL surveys_optout",
    "VACUUM FULL surveys_unitcount",
    "VACUUM FULL surveys_hourcount",
    "SELECT pg_switch_wal()",
    "CHECKPOINT",
)


OLDER_READERS = """
SELECT (SELECT count(*) FROM pg_stat_activity
        WHERE pid <> pg_backend_pid()
          AND (datname = current_database() OR backend_type = 'walsender')
          AND (age(backend_xid) > age(%(since)s::xid)
               OR age(backend_xmin) > age(%(since)s::xid)))
     + (SELECT count(*) FROM pg_prepared_xacts WHERE database = current_database())
     + (SELECT count(*) FROM pg_replication_slots WHERE xmin IS NOT NULL)
"""
PATIENCE = 10.0
"""Seconds to wait for transactions that began before the box was emptied."""


def scrub_disk(wave: Wave) -> None:
    """Rewrite the register, in the order of its random keys, and let go of old log.

    Erased marks stay readable in the old file, and in the order of its rows; while
    anybody still reads the database as it was before, PostgreSQL keeps them. Then this
    waits, and in the end leaves the step for a later try.
    """
    with connection.cursor() as cursor:
        _wait_for_older_readers(cursor)
        for statement in SCRUB:
            cursor.execute(statement)


def _wait_for_older_readers(cursor: CursorWrapper) -> None:
    cursor.execute("SELECT pg_current_xact_id()::xid::text")
    since, deadline = cursor.fetchone()[0], time.monotonic() + PATIENCE
    while True:
        cursor.execute(OLDER_READERS, {"since": since})
        if cursor.fetchone() == (0,):
            return
        if time.monotonic() > deadline:
            raise SealingWaits(
                _("Basis data masih dibaca oleh transaksi lama; penyegelan menunggu.")
            )
        time.sleep(0.2)


def forget_secret(wave: Wave) -> None:
    """Destroy this host's copies, of letters too; operations does the one elsewhere."""
    letters.forget_wave(wave)
    demo_mailbox.forget(wave.pk)
    wave_secret.destroy(wave)


ALL_ANSWERS = """
COPY (SELECT cell.code, answers, weight FROM surveys_answer AS answer
      JOIN surveys_cell AS cell ON cell.id = answer.cell_id
      WHERE answer.wave_id = {wave:d} ORDER BY answer.id) TO STDOUT (FORMAT binary)
"""


def publish_proof(wave: Wave) -> None:
    """Count, Merkle root of the receipts, and digest of the sealed answers."""
    wave.merkle_root = proofs.root_of_box(wave).hex()
    wave.answers_digest = answers_digest(wave)
    wave.n_answers = Answer.objects.filter(wave=wave).count()
    wave.state = Wave.State.SEALED
    wave.sealed_at = timezone.now()
    wave.save()


class _Hashing(io.RawIOBase):
    def __init__(self) -> None:
        self.sha256 = hashlib.sha256()

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:
        self.sha256.update(data)
        return len(data)


BLOCK = 1 << 20
"""Bytes hashed at a time: row by row takes as long again as the hashing."""


def answers_digest(wave: Wave) -> str:
    """SHA-256 over the binary COPY of the sealed answers in their stored order."""
    hashing = _Hashing()
    with connection.cursor() as cursor, io.BufferedWriter(hashing, BLOCK) as file:
        cursor.copy_expert(ALL_ANSWERS.format(wave=wave.pk), file)
    return hashing.sha256.hexdigest()
