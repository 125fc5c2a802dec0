"""Waves as this process last read them, so that a respondent costs no look-up of them.

What a wave asks and promises is frozen when it opens. Its state and times are not: who
issues a ballot compares them with the row (``as_it_stands``), and the statement that
takes a ballot reads them itself.
"""

from __future__ import annotations

import time

from surveys.models import Wave

LIVE = ("state", "closes_at", "seals_at")
"""What may change while people answer."""

SECONDS = 60.0
"""How long other facts, such as a corrected name, may be out of date."""

_waves: dict[int, Wave] = {}
_read_at = float("-inf")


def with_codes(*, anew: bool = False) -> dict[int, Wave]:
    """Online waves whose codes are known: drafts, open and closed ones, by key."""
    global _waves, _read_at
    if anew or time.monotonic() - _read_at > SECONDS:
        found = Wave.objects.filter(
            source=Wave.Source.ONLINE,
            state__in=(Wave.State.DRAFT, Wave.State.OPEN, Wave.State.CLOSED),
        ).select_related("instrument")
        _waves, _read_at = {wave.pk: wave for wave in found}, time.monotonic()
    return _waves


def wave_with(key: int) -> Wave:
    """Any wave by its key, whatever its state; Wave.DoesNotExist if there is none."""
    known = with_codes().get(key)
    return known or Wave.objects.select_related("instrument").get(pk=key)


def as_it_stands(key: int, *live: object) -> Wave:
    """The wave with this key, read again if it differs from its row in ``LIVE``."""
    wave = with_codes().get(key)
    if wave is None or tuple(getattr(wave, name) for name in LIVE) != live:
        wave = with_codes(anew=True).get(key) or wave_with(key)
    return wave
