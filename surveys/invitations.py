"""Personal codes: derived from the wave's secret, never stored, never shown in bulk."""

from __future__ import annotations

from uuid import UUID

from django.urls import reverse

from surveys import ballots, wave_secret
from surveys.models import Participant, Wave


def code_for(*, wave: Wave, participant: Participant) -> str:
    """The twelve characters this person types or clicks."""
    secret = wave_secret.read(wave)
    return ballots.code_of(secret, participant.pk, participant.edition)


def code_hash(secret: bytes, participant: UUID, edition: int) -> str:
    """What the register stores of that code."""
    return ballots.hash_of_code(secret, ballots.code_of(secret, participant, edition))


def link_for(*, wave: Wave, participant: Participant) -> str:
    """Path of the personal link."""
    code = code_for(wave=wave, participant=participant)
    return reverse("respond:open", args=[code])
