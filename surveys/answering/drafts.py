"""A half-filled form on its way to another phone, in a wrapping only its owner opens.

The server sees 4 kB of ciphertext under an id that is derived from the same key and
tells nothing. A draft knows no person, no wave and no time of day, and it goes by the
day it expires: not when the form is sent, which would tell whose it was.
"""

from __future__ import annotations

from datetime import date, timedelta
from uuid import UUID

from django.db.models import Max
from django.utils import timezone

from surveys.models import Draft, Wave

SIZE = 4096
DAYS_WITHOUT_A_WAVE = 30


def keep_draft(*, key: UUID, ciphertext: bytes) -> None:
    """Keep this draft, in place of an earlier one with the same id."""
    draft = Draft(id=key, ciphertext=ciphertext, expires_on=expiry_day())
    Draft.objects.bulk_create(
        [draft],
        update_conflicts=True,
        unique_fields=["id"],
        update_fields=["ciphertext", "expires_on"],
    )


def draft_with(key: UUID) -> bytes | None:
    """The ciphertext; None if there is none or its day has passed."""
    drafts = Draft.objects.filter(pk=key, expires_on__gte=timezone.localdate())
    found = drafts.values_list("ciphertext", flat=True).first()
    return None if found is None else bytes(found)


def forget_expired_drafts() -> int:
    """Delete the drafts whose day has passed; returns how many."""
    expired = Draft.objects.filter(expires_on__lt=timezone.localdate())
    return expired.delete()[0]


def expiry_day() -> date:
    """The day the last wave that takes answers is sealed."""
    today = timezone.localdate()
    last = Wave.objects.filter(
        source=Wave.Source.ONLINE, state__in=(Wave.State.OPEN, Wave.State.CLOSED)
    ).aggregate(at=Max("seals_at"))["at"]
    if last is None:
        return today + timedelta(days=DAYS_WITHOUT_A_WAVE)
    return max(today, timezone.localdate(last))
