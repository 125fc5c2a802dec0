"""Fill the queue of a mailing: one delivery for each person, in one statement."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from surveys.messages.recipients import EVERYWHERE, IN_UNITS, subtrees, units_of
from surveys.models import Mailing

ADDRESS = "CASE %(channel)s WHEN 'email' THEN contact.email ELSE contact.phone END"

QUEUE = f"""
INSERT INTO surveys_delivery
    (mailing_id, participant_id, state, attempts, error, due_at)
SELECT %(mailing)s, person.id, 'queued', 0, '',
    greatest(%(now)s, coalesce(batch.opens_at, %(now)s))
FROM surveys_participant AS person
JOIN surveys_contact AS contact ON contact.participant_id = person.id
LEFT JOIN surveys_waveunit AS home
    ON home.wave_id = person.wave_id AND home.unit_id = person.unit_id
LEFT JOIN surveys_batch AS batch ON batch.id = home.batch_id
WHERE person.wave_id = %(wave)s AND NOT person.has_left AND {ADDRESS} <> ''
    AND {{units}} AND {{more}}
ORDER BY person.id
ON CONFLICT (mailing_id, participant_id) DO NOTHING
"""  # noqa: S608  # put together from constants of this module
"""In the order of the random keys: where a row lies says nothing about its person."""

STILL_TO_REMIND = """person.state = 'invited'
    AND NOT EXISTS (
        SELECT FROM surveys_optout AS done WHERE done.participant_id = person.id)
    AND person.id NOT IN (
        SELECT failed.participant_id FROM surveys_delivery AS failed
        JOIN surveys_mailing AS earlier ON earlier.id = failed.mailing_id
        WHERE earlier.wave_id = %(wave)s AND earlier.kind = 'invitation'
          AND earlier.channel = %(channel)s AND failed.state = 'failed')"""


@transaction.atomic
def fill_queue(*, mailing: Mailing) -> int:
    """Write a delivery for everybody it goes to, in one statement; safe to repeat."""
    mailing = Mailing.objects.select_for_update().get(pk=mailing.pk)
    if mailing.state != Mailing.State.QUEUED:
        return 0
    sql, names = queue_statement(mailing, timezone.now())
    with connection.cursor() as cursor:
        cursor.execute(sql, names)
        mailing.n_total = cursor.rowcount
    mailing.state = Mailing.State.SENDING
    mailing.save(update_fields=("n_total", "state"))
    return mailing.n_total


def queue_statement(mailing: Mailing, now: datetime) -> tuple[str, dict[str, Any]]:
    """What fills the queue, and its values."""
    units = units_of(mailing)
    sql = QUEUE.format(
        units=EVERYWHERE if units is None else IN_UNITS,
        more=STILL_TO_REMIND if mailing.is_reminder else EVERYWHERE,
    )
    return sql, {
        "mailing": mailing.pk,
        "wave": mailing.wave_id,
        "channel": mailing.channel,
        "paths": subtrees(unit.path for unit in units or ()),
        "now": now,
    }
