"""The forecast, tried on waves that were made up: nine bands in ten must hold."""

from __future__ import annotations

import math
import random
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from statistics import median

import pytest

from surveys.monitoring.forecast import Pace, Seen, band, rate, working_hours
from surveys.monitoring.stepping import stepped

START = datetime(2026, 11, 2, 8, tzinfo=UTC)
DAYS = 19
HOURS = DAYS * 24 + 15
UNITS = 25
WAVES = 16
SHARES = (0.25, 0.5, 0.75, 0.9)


@dataclass(frozen=True)
class Answered:
    """People of one unit, and how many had answered after each hour."""

    n_people: int
    n: list[int]


def made_up_wave(rng: random.Random) -> list[Answered]:
    """Eager people first, reminders, a rush at the end, nights, weekends, whims."""
    half_life = rng.uniform(3, 15) * 24
    reminders = [rng.randrange(3, DAYS - 1) for _ in range(rng.randrange(4))]
    boost, rush = rng.uniform(1.3, 2.5), rng.uniform(1, 3)
    weights = []
    for hour in range(HOURS):
        at = START + timedelta(hours=hour)
        weight = working_hours(at, at + timedelta(hours=1)) * 0.5 ** (hour / half_life)
        weight *= boost if any(0 <= hour / 24 - day < 2 for day in reminders) else 1
        weights.append(weight * (rush if hour > HOURS - 36 else 1))
    return [_unit(rng, weights) for _ in range(UNITS)]


def _unit(rng: random.Random, weights: list[float]) -> Answered:
    n_people = rng.randrange(20, 800)
    reach = -math.log(1 - rng.uniform(0.25, 0.8)) / sum(weights)
    whims = [math.exp(rng.gauss(0, 0.3)) for _ in range(DAYS + 1)]
    n, counts = 0, []
    for hour, weight in enumerate(weights):
        chance = 1 - math.exp(-reach * weight * whims[hour // 24])
        n += sum(rng.random() < chance for _ in range(n_people - n))
        counts.append(n)
    return Answered(n_people, counts)


def seen_at(unit: Answered, now: int, before: int) -> Seen:
    def shown(hour: int) -> int:
        return (stepped(unit.n[hour], 0) or 0) if hour else 0

    return Seen(unit.n_people, shown(now), shown(before), step=5)


@pytest.fixture(scope="module")
def tried() -> dict[float, list[tuple[bool, float]]]:
    """By how much of the time had gone: did each band hold, and how wide was it?"""
    rng = random.Random(20261102)  # noqa: S311  # nothing secret
    found: dict[float, list[tuple[bool, float]]] = {share: [] for share in SHARES}
    for _ in range(WAVES):
        units = made_up_wave(rng)
        whole = Answered(
            sum(unit.n_people for unit in units),
            [sum(counts) for counts in zip(*(unit.n for unit in units), strict=True)],
        )
        for share in SHARES:
            now = int(share * HOURS)
            before = max(0, now - 72)
            times = [START + timedelta(hours=h) for h in (before, now, HOURS)]
            pace = Pace(
                hours_since=working_hours(times[0], times[1]),
                hours_left=working_hours(times[1], times[2]),
                usual=rate(
                    seen_at(whole, now, before), working_hours(times[0], times[1])
                ),
            )
            for unit in units:
                seen = seen_at(unit, now, before)
                if seen.n_now:
                    low, high = band(seen, pace)
                    holds = low <= unit.n[-1] <= high
                    found[share].append((holds, (high - low) / unit.n_people))
    return found


@pytest.mark.parametrize("share", SHARES)
def test_nine_bands_in_ten_hold(
    tried: dict[float, list[tuple[bool, float]]], share: float
) -> None:
    held = [holds for holds, _width in tried[share]]
    assert len(held) > 300
    assert sum(held) / len(held) >= 0.88


def test_bands_narrow_as_the_end_comes_near(
    tried: dict[float, list[tuple[bool, float]]],
) -> None:
    widths = [median(width for _held, width in tried[share]) for share in SHARES]
    assert widths == sorted(widths, reverse=True)
    assert widths[0] < 0.35
    assert widths[-1] < 0.1


def test_a_band_lies_between_what_is_there_and_everybody() -> None:
    pace = Pace(20, 60, usual=0.01)
    for seen in (Seen(12, 10, 0, 5), Seen(400, 395, 390, 5), Seen(300, 10, 10, 5)):
        low, high = band(seen, pace)
        assert seen.n_now <= low <= high <= seen.n_people
    assert band(Seen(300, 150, 150, 5), Pace(20, 0, usual=0.0)) == (150, 155)


def test_a_forecast_moves_only_with_the_stepped_counts() -> None:
    """One more answer changes nothing that is shown, unless the count steps."""
    bands = set()
    for n in range(55, 60):
        seen = Seen(300, stepped(n, 0) or 0, stepped(40, 0) or 0, step=5)
        bands.add(band(seen, Pace(20, 60, usual=0.005)))
    assert len(bands) == 1
