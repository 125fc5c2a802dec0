"""Waves as this process last read them, so that a respondent costs no look-up of them.

What a wave asks and promises is frozen when it opens. Its state and times are not: who
issues a ballot compares them with the row (``as_it_stands``), and the statement that
takes a ballot reads them itself.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from copy import copy

from surveys.fieldwork.windows import windows_of
from surveys.models import Batch, Wave

LIVE = ("state", "closes_at", "seals_at", "windows_edition")
"""What may change while people answer; the last stands for the windows of batches."""

SECONDS = 60.0
"""How long other facts, such as a corrected name, may be out of date."""

_waves: dict[int, Wave] = {}
_windows: dict[int, tuple[tuple[bool, int], Mapping[int, Batch]]] = {}
_seen: dict[int, tuple[Wave, Wave]] = {}
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


def as_seen_by(wave: Wave, unit_id: int) -> Wave:
    """The wave with the times of this unit's batch; itself where there is none.

    Batches are read once for each edition of the wave's windows, and not at all where
    there never was one.
    """
    if not wave.windows_edition:
        return wave
    edition = (wave.state == Wave.State.DRAFT, wave.windows_edition)
    read, windows = _windows.get(wave.pk, (None, {}))
    if read != edition:
        windows = windows_of(wave)
        _windows[wave.pk] = (edition, windows)
    batch = windows.get(unit_id)
    return wave if batch is None else _within(wave, batch)


def _within(wave: Wave, batch: Batch) -> Wave:
    """Made once for each reading of the wave: pages are kept by its facts."""
    whole, own = _seen.get(batch.pk, (None, wave))
    if whole is not wave:
        own = copy(wave)
        own.opens_at = batch.opens_at or wave.opens_at
        own.closes_at = batch.closes_at
        _seen[batch.pk] = (wave, own)
    return own
