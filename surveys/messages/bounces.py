"""Addresses that came back: read from a list, written to the invitations they fail.

The list is compared with the register, never with who was reminded, so it tells nothing
about who has answered.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from django.db import connection, transaction
from django.utils.translation import gettext as _

from surveys.errors import SurveyError
from surveys.fieldwork.waves import demand
from surveys.models import Wave

ADDRESS = re.compile(r"[^\s<>,;:\"'()\[\]]+@[^\s<>,;:\"'()\[\]]+\.[^\s<>,;:\"'()\[\]]+")
MOST = 50_000

KNOWN = """
SELECT count(DISTINCT upper(email)) FROM surveys_contact
WHERE wave_id = %(wave)s AND upper(email) = ANY(%(addresses)s)
"""

BOUNCE = """
WITH bounced AS (
    UPDATE surveys_delivery AS delivery
    SET state = 'failed', error = 'bounced', due_at = NULL
    FROM surveys_mailing AS mailing, surveys_contact AS contact
    WHERE mailing.id = delivery.mailing_id AND mailing.wave_id = %(wave)s
      AND mailing.kind = 'invitation' AND mailing.channel = 'email'
      AND contact.participant_id = delivery.participant_id
      AND contact.wave_id = %(wave)s AND upper(contact.email) = ANY(%(addresses)s)
      AND delivery.state = 'sent'
    RETURNING delivery.mailing_id
), counted AS (
    SELECT mailing_id, count(*) AS n FROM bounced GROUP BY mailing_id
)
UPDATE surveys_mailing AS mailing
SET n_failed = n_failed + counted.n, n_sent = n_sent - counted.n
FROM counted WHERE counted.mailing_id = mailing.id
"""


@dataclass(frozen=True)
class Taken:
    """How many addresses the list held, and how many the register knows."""

    n_listed: int
    n_known: int


def addresses_in(text: str) -> list[str]:
    """Every e-mail address in a text of any shape, once, in capitals."""
    found = (address.strip(".").upper() for address in ADDRESS.findall(text))
    return sorted(set(found))


@transaction.atomic
def take_bounces(*, wave: Wave, text: str) -> Taken:
    """Mark the invitations to these addresses as failed; reminders then skip them."""
    demand(wave, Wave.State.OPEN, Wave.State.CLOSED)
    addresses = addresses_in(text)
    if not addresses:
        raise SurveyError(_("Tidak ada alamat surel di dalam teks ini."))
    if len(addresses) > MOST:
        raise SurveyError(
            _("Terlalu banyak: paling banyak %(most)d alamat sekali masuk.")
            % {"most": MOST}
        )
    names: dict[str, Any] = {"wave": wave.pk, "addresses": addresses}
    with connection.cursor() as cursor:
        cursor.execute(KNOWN, names)
        n_known = int(cursor.fetchone()[0])
        cursor.execute(BOUNCE, names)
    return Taken(len(addresses), n_known)
