"""Where each unit is heading: reached, on plan, or short; told from stepped counts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from django.utils import timezone

from surveys.models import Batch, UnitCount, Wave, WaveUnit
from surveys.monitoring.forecast import Pace, Seen, band, rate, working_hours
from surveys.monitoring.stepping import step_of, stepped

Outlook = UnitCount.Outlook
Sums = Mapping[str, int]
Found = tuple[int | None, int | None, str]
"""Expected at closing, from and to, and the outlook; None where nothing can be said."""

EARLY_HOURS = 8.0
"""Before so many working hours nothing is foretold."""

QUIET_SHARE = 0.25
"""Fewer than ten answers after this share of the time: somebody should call."""


@dataclass(frozen=True)
class Window:
    """When a unit answers, in working hours: since it began, recent, and left."""

    has_begun: bool
    is_over: bool
    gone: float
    recent: float
    left: float


@dataclass(frozen=True)
class Outlooks:
    """Counts of all units by path, and the windows of the wave and its batches."""

    sums: Mapping[str, Sums]
    heights: Sums
    usual: float
    windows: Mapping[int | None, Window] = field(default_factory=dict)

    @classmethod
    def of(
        cls,
        wave: Wave,
        sums: Mapping[str, Sums],
        heights: Sums,
        *,
        since: datetime,
        now: datetime,
    ) -> Outlooks:
        """The pace of the whole wave is that of its top."""
        batches = {batch.pk: batch for batch in Batch.objects.filter(wave=wave)}
        windows: dict[int | None, Window] = {
            key: _window(wave, batch, since, now) for key, batch in batches.items()
        }
        windows[None] = _window(wave, None, since, now)
        top = min(heights, key=len, default="")
        found = cls(sums, heights, 0.0, windows)
        usual = rate(found.seen(top), windows[None].recent) if top else 0.0
        return cls(sums, heights, usual, windows)

    def seen(self, path: str) -> Seen:
        """What everybody may see of a unit; fewer than ten count as none."""
        height = self.heights[path]
        n = self.sums["told"][path]
        return Seen(
            n_people=self.sums["registered"][path],
            n_now=stepped(n, height) or 0,
            n_before=stepped(self.sums["told_before"][path], height) or 0,
            step=step_of(n, height),
        )

    def of_unit(self, unit: WaveUnit) -> Found:
        """The band and the outlook of one unit."""
        seen, window = self.seen(unit.path), self.windows[unit.batch_id]
        needed = self.sums["needed"][unit.path]
        low: int | None = None
        high: int | None = None
        if seen.n_now and not window.is_over and window.gone >= EARLY_HOURS:
            pace = Pace(window.recent, window.left, self.usual)
            low, high = band(seen, pace)
        return low, high, _word(seen, needed, window, low, high)


def _window(wave: Wave, batch: Batch | None, since: datetime, now: datetime) -> Window:
    opened_at = wave.opened_at or now
    begins = max(opened_at, (batch and batch.opens_at) or wave.opens_at or opened_at)
    ends = batch.closes_at if batch else wave.closes_at
    local = timezone.localtime
    return Window(
        has_begun=begins <= now,
        is_over=wave.state != Wave.State.OPEN or ends <= now,
        gone=working_hours(local(begins), local(min(now, ends))),
        recent=working_hours(local(max(since, begins)), local(min(now, ends))),
        left=working_hours(local(max(now, begins)), local(ends)),
    )


def _word(
    seen: Seen, needed: int, window: Window, low: int | None, high: int | None
) -> str:
    if seen.n_people and seen.n_now >= needed:
        return Outlook.REACHED
    if not window.has_begun:
        return Outlook.WAITING
    if window.is_over:
        return Outlook.MISSED
    if low is not None and high is not None:
        return _against(needed, low, high)
    is_late = window.gone >= QUIET_SHARE * (window.gone + window.left)
    if is_late and window.gone >= EARLY_HOURS and not seen.n_now:
        return Outlook.QUIET
    return Outlook.EARLY


def _against(needed: int, low: int, high: int) -> str:
    if high < needed:
        return Outlook.SHORT
    return Outlook.ON_PLAN if low >= needed else Outlook.MAYBE_SHORT
