"""No more reminders: by a signed link, told to nobody, forgotten at sealing."""

from __future__ import annotations

import base64
import binascii
from uuid import UUID

from django.urls import reverse
from django.utils.crypto import constant_time_compare, salted_hmac

from surveys.models import OptOut, Participant, Wave

SALT = "surveys.messages.opting_out"
SIGNATURE = 12
"""Bytes: 96 bits."""


def token_of(participant: UUID) -> str:
    """The participant's id and our signature, 38 characters."""
    raw = participant.bytes + _signature(participant)
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


def path_of(participant: UUID) -> str:
    """Where a message leads whoever wants no more of them."""
    return reverse("respond:opt_out", args=[token_of(participant)])


def _signature(participant: UUID) -> bytes:
    return salted_hmac(SALT, participant.bytes, algorithm="sha256").digest()[:SIGNATURE]


def participant_of(token: str) -> UUID | None:
    """Whom a token of ours stands for."""
    try:
        raw = base64.urlsafe_b64decode(token + "=" * (-len(token) % 4))
        participant = UUID(bytes=raw[:16])
    except (ValueError, binascii.Error):
        return None
    if not constant_time_compare(raw[16:], _signature(participant)):
        return None
    return participant


def opt_out(*, token: str) -> Wave | None:
    """Remind this person no more; None for a token that is not ours, or no more."""
    seat = _seat_of(token)
    if seat is None:
        return None
    if seat.wave.state in (Wave.State.OPEN, Wave.State.CLOSED):
        OptOut.objects.bulk_create([OptOut(participant=seat)], ignore_conflicts=True)
    return seat.wave


def wave_of(*, token: str) -> Wave | None:
    """The wave whose reminders this token ends."""
    seat = _seat_of(token)
    return seat.wave if seat else None


def _seat_of(token: str) -> Participant | None:
    participant = participant_of(token)
    if participant is None:
        return None
    return Participant.objects.filter(pk=participant).select_related("wave").first()
