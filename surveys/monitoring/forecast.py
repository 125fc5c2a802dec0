"""What a unit is expected to reach at closing, as a band: ``docs/method.md``.

It looks at nothing but the counts in steps that everybody may see: those of now, and
those of some working hours ago. Whoever has not answered yet is taken to answer at the
pace of these last hours, drawn a little towards the pace of the whole wave; the band
allows for chance, for the rounding of the counts, and for a pace that slackens or
picks up. 90 % of the bands are meant to hold (checked on synthetic waves).

Pure: no Django, no I/O.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import datetime, timedelta

Z = 1.645
"""95 % point of the normal distribution: the band is one of 90 %."""

DIFFERENCE = 0.6
"""How far units differ from the pace of the whole wave: a share of it, as one SD."""

SLACKENS = 0.012
"""How much the pace falls in a working hour: those in a hurry answer first."""

DRIFT = 0.25
"""Standard deviation of the logarithm of the pace to come, far from closing."""

ROUND_TO = 5

OFFICE_HOURS = range(7, 17)
OFF_HOUR = 0.15
"""An hour at night or at the weekend, in working hours."""


@dataclass(frozen=True)
class Seen:
    """Counts in steps of one unit: people, answers, answers some hours ago.

    ``step`` says how coarse they are: the true count lies up to a step above.
    """

    n_people: int
    n_now: int
    n_before: int
    step: int


@dataclass(frozen=True)
class Pace:
    """Working hours since ``n_before`` and left to closing; the rate of the wave."""

    hours_since: float
    hours_left: float
    usual: float


def rate(seen: Seen, hours: float) -> float:
    """Answers per person still silent and working hour.

    >>> round(rate(Seen(1000, 300, 200, 5), 20), 4)
    0.0067
    """
    silent = seen.n_people - (seen.n_now + seen.n_before) / 2
    if hours <= 0 or silent <= 0:
        return 0.0
    return max(0, seen.n_now - seen.n_before) / (silent * hours)


def band(seen: Seen, pace: Pace) -> tuple[int, int]:
    """Between how many answers the unit is expected to close, both in steps of 5.

    >>> band(Seen(331, 55, 40, 5), Pace(20.0, 60.0, usual=0.004))
    (65, 130)
    """
    halfway = seen.step / 2
    now = min(seen.n_people, seen.n_now + halfway)
    silent = max(1e-9, seen.n_people - (now + seen.n_before) / 2)
    new, variance = _new_answers(seen, pace.usual * silent * pace.hours_since)
    pooled = new / (silent * max(pace.hours_since, 1e-9))
    far = min(1.0, pace.hours_left / max(pace.hours_since, 1.0))
    spread = math.sqrt(variance / new**2 + DRIFT**2 * (0.25 + 0.75 * far))
    hours = (1 - math.exp(-SLACKENS * pace.hours_left)) / SLACKENS
    low = _at_closing(seen, now, pooled * hours, -Z, spread)
    high = _at_closing(seen, now, pooled * hours, Z, spread)
    return _steps_around(seen, low - halfway, high + halfway)


def _new_answers(seen: Seen, usual: float) -> tuple[float, float]:
    """New answers and their variance: what was seen, drawn to what would be usual.

    What was seen is uncertain by chance and by the rounding of two counts; what would
    be usual, by how far units differ.
    """
    new = max(0, seen.n_now - seen.n_before)
    usual = max(usual, 0.5)
    by_chance = max(new, usual) + seen.step**2 / 6
    by_difference = (DIFFERENCE * usual) ** 2
    weight = by_difference / (by_chance + by_difference)
    return max(0.1, weight * new + (1 - weight) * usual), weight * by_chance


def _at_closing(
    seen: Seen, now: float, hazard: float, z: float, spread: float
) -> float:
    """One end of the band: a hazard z standard deviations off, and chance on top."""
    answers = 1 - math.exp(-hazard * math.exp(z * spread))
    left = seen.n_people - now
    return now + left * answers + z * math.sqrt(left * answers * (1 - answers))


def _steps_around(seen: Seen, low: float, high: float) -> tuple[int, int]:
    """Outwards to whole steps, between what is there and everybody."""
    below = math.floor(low / ROUND_TO) * ROUND_TO
    above = math.ceil(high / ROUND_TO) * ROUND_TO
    return max(seen.n_now, below), min(seen.n_people, max(above, seen.n_now))


def working_hours(start: datetime, end: datetime) -> float:
    """How many hours of work lie between two moments; nights and weekends count less.

    >>> from datetime import UTC
    >>> monday = datetime(2026, 11, 16, 7, tzinfo=UTC)
    >>> working_hours(monday, monday + timedelta(hours=10))
    10.0
    >>> working_hours(monday, monday + timedelta(days=7)) > 60
    True
    """
    total, hour = 0.0, start
    while hour < end:
        following = min(end, _next_hour(hour))
        share = (following - hour) / timedelta(hours=1)
        total += share * (1.0 if _is_office_hour(hour) else OFF_HOUR)
        hour = following
    return total


def _next_hour(moment: datetime) -> datetime:
    return moment.replace(minute=0, second=0, microsecond=0) + timedelta(hours=1)


def _is_office_hour(moment: datetime) -> bool:
    return moment.weekday() < 5 and moment.hour in OFFICE_HOURS
