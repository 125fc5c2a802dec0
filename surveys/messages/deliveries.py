"""One message to one person: taken in batches, sent once, written down.

An invitation arrives at least once, a reminder at most once: a worker that is killed
between sending and writing that down leaves its message ``sending``. When its lease has
ended, an invitation is sent again with the same Message-ID, by which mail servers
know it; a reminder stays as it is (decision 0015).

Nobody's name, address, code or key stands in a task, in Redis or in a log.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.db.models import Count, F
from django.utils import timezone

from surveys.messages.letterbox import Outcome
from surveys.models import Delivery, Mailing, Wave

State = Delivery.State

LEASE = timedelta(minutes=10)
"""Longer than any batch takes: what is held longer has lost its worker."""

BACK_OFF = tuple(timedelta(minutes=n) for n in (5, 30, 120, 480))
"""Waits after a refusal for now; then it is given up."""

LOST = """
UPDATE surveys_delivery SET state = 'unsure', due_at = NULL
WHERE mailing_id = %(mailing)s AND state = 'sending' AND due_at <= %(now)s
"""

TAKE = """
WITH next AS (
    SELECT id FROM surveys_delivery
    WHERE mailing_id = %(mailing)s AND due_at <= %(now)s
    ORDER BY due_at LIMIT %(n)s
    FOR UPDATE SKIP LOCKED
)
UPDATE surveys_delivery AS delivery
SET state = 'taken', due_at = %(lease)s
FROM next WHERE delivery.id = next.id
RETURNING delivery.id
"""

SKIP = """
UPDATE surveys_delivery AS delivery
SET state = 'skipped', due_at = NULL
FROM surveys_participant AS person
LEFT JOIN surveys_contact AS contact ON contact.participant_id = person.id
LEFT JOIN surveys_waveunit AS home
    ON home.wave_id = person.wave_id AND home.unit_id = person.unit_id
LEFT JOIN surveys_batch AS batch ON batch.id = home.batch_id
WHERE delivery.id = ANY(%(taken)s) AND person.id = delivery.participant_id
  AND (person.has_left OR batch.closes_at <= %(now)s
    OR coalesce(CASE %(channel)s WHEN 'email' THEN contact.email
                ELSE contact.phone END, '') = ''
    OR (%(remind)s AND (person.state <> 'invited'
        OR EXISTS (SELECT FROM surveys_optout AS done
                   WHERE done.participant_id = person.id)
        OR EXISTS (SELECT FROM surveys_delivery AS other
                   WHERE other.participant_id = person.id
                     AND other.id <> delivery.id
                     AND other.reminded_on = %(today)s))))
"""

MARK_REMINDED = """
UPDATE surveys_delivery SET reminded_on = %(today)s
WHERE id = ANY(%(taken)s) AND state = 'taken'
"""

DETAILS = """
SELECT delivery.id, person.id, person.edition, contact.name,
    CASE %(channel)s WHEN 'email' THEN contact.email ELSE contact.phone END,
    unit.name, coalesce(batch.closes_at, wave.closes_at)
FROM surveys_delivery AS delivery
JOIN surveys_participant AS person ON person.id = delivery.participant_id
JOIN surveys_contact AS contact ON contact.participant_id = person.id
JOIN surveys_unitkerja AS unit ON unit.id = person.unit_id
JOIN surveys_wave AS wave ON wave.id = person.wave_id
LEFT JOIN surveys_waveunit AS home
    ON home.wave_id = person.wave_id AND home.unit_id = person.unit_id
LEFT JOIN surveys_batch AS batch ON batch.id = home.batch_id
WHERE delivery.id = ANY(%(taken)s) AND delivery.state = 'taken'
ORDER BY delivery.id
"""


@dataclass(frozen=True)
class Held:
    """A delivery in this worker's hand, with what its message needs."""

    id: int
    participant: UUID
    edition: int
    name: str
    address: str
    unit: str
    closes_at: datetime


# --- Taking --------------------------------------------------------------------------


@transaction.atomic
def take(*, mailing: Mailing, n: int) -> list[Held]:
    """Up to ``n`` deliveries for this worker alone, those only that may still go."""
    now = timezone.now()
    names: dict[str, Any] = {
        "mailing": mailing.pk,
        "n": n,
        "now": now,
        "lease": now + LEASE,
        "channel": mailing.channel,
        "remind": mailing.is_reminder,
        "today": timezone.localdate(now),
    }
    with connection.cursor() as cursor:
        n_unsure = 0
        if mailing.is_reminder:
            cursor.execute(LOST, names)
            n_unsure = cursor.rowcount
        cursor.execute(TAKE, names)
        names["taken"] = [row[0] for row in cursor.fetchall()]
        cursor.execute(SKIP, names)
        n_skipped = cursor.rowcount
        if mailing.is_reminder:
            cursor.execute(MARK_REMINDED, names)
        cursor.execute(DETAILS, names)
        held = [Held(*row) for row in cursor.fetchall()]
    count(mailing, n_skipped=n_skipped, n_unsure=n_unsure)
    return held


def begin(held: Held) -> bool:
    """Write down that this message goes now; False if it is no longer ours."""
    ours = Delivery.objects.filter(pk=held.id, state=State.TAKEN)
    return bool(
        ours.update(
            state=State.SENDING,
            attempts=F("attempts") + 1,
            due_at=timezone.now() + LEASE,
        )
    )


def put_back(ids: Iterable[int]) -> None:
    """Taken or begun, and certainly not sent: back into the queue, as if untouched."""
    Delivery.objects.filter(pk__in=[*ids], state=State.TAKEN).update(
        state=State.QUEUED, due_at=timezone.now(), reminded_on=None
    )


def undo(held: Held) -> None:
    """The channel broke before this message left: the attempt counts not."""
    Delivery.objects.filter(pk=held.id, state=State.SENDING).update(
        state=State.QUEUED,
        due_at=timezone.now(),
        attempts=F("attempts") - 1,
        reminded_on=None,
    )


# --- Writing down --------------------------------------------------------------------


def record(*, mailing: Mailing, held: Held, outcome: Outcome) -> str:
    """Write down how an attempt ended; returns the state it leaves."""
    row = Delivery.objects.filter(pk=held.id, state=State.SENDING)
    if outcome.kind == Outcome.Kind.SENT:
        row.update(state=State.SENT, due_at=None, error="")
        return State.SENT
    if outcome.kind == Outcome.Kind.UNSURE and mailing.is_reminder:
        row.update(state=State.UNSURE, due_at=None, error=outcome.error)
        return State.UNSURE
    if outcome.kind == Outcome.Kind.FAILED:
        return _give_up(row, outcome.error)
    return _later(row, outcome)


def _give_up(row: Any, error: str) -> str:
    row.update(state=State.FAILED, due_at=None, error=error, reminded_on=None)
    return State.FAILED


def _later(row: Any, outcome: Outcome) -> str:
    attempts = row.values_list("attempts", flat=True).first() or 1
    if attempts > len(BACK_OFF):
        return _give_up(row, outcome.error)
    wait = max(BACK_OFF[attempts - 1], timedelta(seconds=outcome.wait_seconds))
    row.update(
        state=State.QUEUED,
        due_at=timezone.now() + wait,
        error=outcome.error,
        reminded_on=None,
    )
    return State.QUEUED


def count(mailing: Mailing, **more: int) -> None:
    """Add to the counters of a mailing, and to nothing else of it."""
    grown = {name: F(name) + n for name, n in more.items() if n}
    if grown:
        Mailing.objects.filter(pk=mailing.pk).update(**grown)


COUNTED: dict[str, str] = {
    State.SENT: "n_sent",
    State.FAILED: "n_failed",
    State.SKIPPED: "n_skipped",
    State.UNSURE: "n_unsure",
}


def finish(*, mailing: Mailing) -> bool:
    """Close a mailing of which nothing is left to do, and count it once for good."""
    if mailing.deliveries.filter(due_at__isnull=False).exists():
        return False
    rows = mailing.deliveries.values_list("state").annotate(n=Count("pk")).order_by()
    counts = dict.fromkeys(COUNTED.values(), 0)
    for state, n in rows:
        counts[COUNTED[state]] = n
    return bool(
        Mailing.objects.filter(pk=mailing.pk, state=Mailing.State.SENDING).update(
            state=Mailing.State.DONE,
            ended_at=timezone.now(),
            trouble="",
            trouble_at=None,
            **counts,
        )
    )


# --- At sealing ----------------------------------------------------------------------

FORGET = """
DELETE FROM surveys_optout USING surveys_participant AS person
WHERE person.id = participant_id AND person.wave_id = %(wave)s;
DELETE FROM surveys_delivery USING surveys_mailing AS mailing
WHERE mailing.id = mailing_id AND mailing.wave_id = %(wave)s;
UPDATE surveys_mailing SET
    n_total = coalesce(n_shown, 0), n_sent = coalesce(n_shown, 0),
    n_failed = n_failed / 5 * 5, n_skipped = 0, n_unsure = 0
WHERE wave_id = %(wave)s AND kind = 'reminder' AND state <> 'draft';
UPDATE surveys_mailing SET state = 'stopped', ended_at = now()
WHERE wave_id = %(wave)s AND state IN ('queued', 'sending', 'paused')
"""


def forget_deliveries(wave: Wave) -> None:
    """Only counts remain: who was reminded had not finished. Part of sealing."""
    with connection.cursor() as cursor:
        cursor.execute(FORGET, {"wave": wave.pk})
