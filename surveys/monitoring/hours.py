"""Answers per hour of a unit, in steps, for the chart of its console."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from django.utils import timezone

from surveys.models import HourCount, UnitCount
from surveys.monitoring.charts import Day
from surveys.monitoring.stepping import floored, least_shown, step_of


@dataclass(frozen=True)
class Hours:
    """One day of a unit, and the day itself."""

    on: date
    day: Day
    step: int
    """That of the unit's total: the hours never add up to more than it says."""

    @property
    def least(self) -> int:
        """Hours with fewer answers are not shown."""
        return least_shown(self.step)

    @property
    def rows(self) -> list[tuple[int, int]]:
        """Hour and count, as the table beside the picture shows them."""
        return sorted(self.day.hours.items())


def hours_of(count: UnitCount) -> Hours | None:
    """The last day with an hour to show, and the one before; None where there is none.

    A day that has only begun shows nothing yet: then the day before is the last.
    """
    if count.counted_at is None:
        return None
    at = timezone.localtime(count.counted_at)
    today = at.replace(hour=0, minute=0, second=0, microsecond=0)
    rows = HourCount.objects.filter(unit=count.unit_id)
    latest = rows.order_by("-hour").values_list("hour", flat=True).first()
    if latest is not None:  # a closed wave had its last answers some days ago
        today = min(today, timezone.localtime(latest).replace(hour=0, minute=0))
    step = step_of(count.n_told, count.height)
    by_day: dict[date, dict[int, int]] = {}
    kept = rows.filter(hour__gte=today - timedelta(days=2))
    for hour, n in kept.values_list("hour", "n_new"):
        local, shown = timezone.localtime(hour), floored(n, step)
        if shown is not None:
            by_day.setdefault(local.date(), {})[local.hour] = shown
    if not by_day:
        return None
    on = max(by_day)
    now = at.hour + at.minute / 60 if at.date() == on else None
    day = Day(by_day[on], by_day.get(on - timedelta(days=1), {}), now)
    return Hours(on, day, step)
