"""Counts of the console, kept by the clock: one additive row for each shown unit.

Whoever looks reads one level of the tree, however many people there are. The numbers
are exact but for ``n_told``, the one that may be shown, in steps.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import connection
from django.utils import timezone

from surveys.box.cells import parent_of
from surveys.fieldwork.minimums import needed
from surveys.files.copying import batched
from surveys.models import HourCount, LevelCount, UnitCount, Wave, WaveUnit
from surveys.monitoring.outlook import Outlooks
from surveys.monitoring.stepping import SHOWN_FROM

RECENT = timedelta(hours=72)
"""What the pace of answering is measured over."""

CHARTED_FROM = 100
"""Hours are counted in units with at least so many people."""

ROWS_AT_A_TIME = 5000

ANSWERED = """
SELECT coalesce(unit.group_id, unit.id), sum(n_new),
       coalesce(sum(n_new) FILTER (WHERE quarter_hour <= %(since)s), 0)
FROM surveys_arrival AS arrival
JOIN surveys_waveunit AS unit ON unit.id = arrival.unit_id
WHERE arrival.wave_id = %(wave)s GROUP BY 1
"""

REGISTERED = """
SELECT coalesce(unit.group_id, unit.id), coalesce(sum(n_registered), 0)
FROM surveys_cell AS cell JOIN surveys_waveunit AS unit ON unit.id = cell.unit_id
WHERE cell.wave_id = %(wave)s AND merged_into_id IS NULL GROUP BY 1
"""

ON_REGISTER = """
SELECT coalesce(unit.group_id, unit.id), sum(people.n), sum(people.n_left)
FROM (SELECT cell_id, count(*) AS n, count(*) FILTER (WHERE has_left) AS n_left
      FROM surveys_participant WHERE wave_id = %(wave)s GROUP BY cell_id) AS people
JOIN surveys_cell AS cell ON cell.id = people.cell_id
JOIN surveys_waveunit AS unit ON unit.id = cell.unit_id
GROUP BY 1
"""

WRITE = """
INSERT INTO surveys_unitcount
    (wave_id, unit_id, height, n_registered, n_needed, n_answered, n_told, n_before,
     n_added, n_left, n_left_before, low, high, outlook, counted_at)
SELECT %(wave)s, unit, fresh.height, registered, needed, answered, told, before,
       greatest(0, people - registered - coalesce(known.n_left_before, gone)),
       greatest(0, gone - coalesce(known.n_left_before, gone)),
       coalesce(known.n_left_before, gone),
       fresh.low, fresh.high, fresh.outlook, %(now)s
FROM unnest(%(unit)s::bigint[], %(height)s::int[], %(registered)s::int[],
            %(needed)s::int[], %(answered)s::int[], %(told)s::int[], %(before)s::int[],
            %(people)s::int[], %(gone)s::int[], %(low)s::int[], %(high)s::int[],
            %(outlook)s::text[])
    AS fresh (unit, height, registered, needed, answered, told, before, people, gone,
              low, high, outlook)
LEFT JOIN surveys_unitcount AS known ON known.unit_id = unit
ON CONFLICT (unit_id) DO UPDATE SET
    height = excluded.height, n_registered = excluded.n_registered,
    n_needed = excluded.n_needed, n_answered = excluded.n_answered,
    n_told = excluded.n_told, n_before = excluded.n_before,
    n_added = excluded.n_added, n_left = excluded.n_left,
    low = excluded.low, high = excluded.high,
    outlook = excluded.outlook, counted_at = excluded.counted_at
"""
"""The first writing remembers who had left before: only later leavers are a change."""

HOURS = """
SELECT coalesce(unit.group_id, unit.id),
       date_trunc('hour', quarter_hour - interval '1 minute', %(zone)s), sum(n_new)
FROM surveys_arrival AS arrival
JOIN surveys_waveunit AS unit ON unit.id = arrival.unit_id
WHERE arrival.wave_id = %(wave)s AND quarter_hour > %(since)s
GROUP BY 1, 2
"""
"""A quarter is named by its end: 14.00 counts what came since 13.45."""

LONG_AGO = datetime.fromisoformat("2000-01-01T00:00:00+00:00")

Sums = dict[str, int]


@dataclass(frozen=True)
class Tree:
    """The shown units of a wave: by key, by path, and how many levels stand below."""

    units: Mapping[int, WaveUnit]
    heights: Mapping[str, int]

    def up(self, own: Iterable[tuple[int, int]]) -> Sums:
        """Own counts plus those of everything below, by path."""
        total = dict.fromkeys(self.heights, 0)
        for unit_id, n in own:
            total[self.units[unit_id].path] += n
        for path in sorted(total, key=lambda path: -path.count("/")):
            parent = parent_of(path)
            if parent in total:
                total[parent] += total[path]
        return total

    def told(
        self,
        answered: Iterable[tuple[int, int, int]],
        registered: Iterable[tuple[int, int]],
    ) -> tuple[Sums, Sums]:
        """Answers now and before by path, as ``up``, less each lone part below ten.

        The others are shown in steps: a total that held it would tell how many it has.
        """
        registered = list(registered)
        everybody = self.up(registered)
        own = {self.units[unit].path: (n, before) for unit, n, before in answered}
        parts: dict[str, list[tuple[int, int]]] = {path: [] for path in self.heights}
        for unit, n in registered:
            path = self.units[unit].path
            if n or path in own:
                parts[path].append(own.get(path, (0, 0)))
        for path in sorted(parts, key=lambda path: -path.count("/")):
            parts[path] = [_without_a_lone_small_one(parts[path])]
            parent = parent_of(path)
            if parent in parts and everybody[path]:
                parts[parent] += parts[path]
        now = {path: n for path, [(n, _before)] in parts.items()}
        return now, {path: before for path, [(_n, before)] in parts.items()}

    def above(self, unit_id: int) -> Iterator[WaveUnit]:
        """The unit and everything above it."""
        unit: WaveUnit | None = self.units[unit_id]
        while unit is not None:
            yield unit
            unit = self.units.get(unit.parent_id or 0)


def _without_a_lone_small_one(parts: Sequence[tuple[int, int]]) -> tuple[int, int]:
    """The sum of parts, each with its count now and before."""
    small = [part for part in parts if part[0] < SHOWN_FROM]
    n, before = sum(part[0] for part in parts), sum(part[1] for part in parts)
    if len(small) == 1 < len(parts):
        return n - small[0][0], before - small[0][1]
    return n, before


def tree_of(wave: Wave) -> Tree:
    """Units that are shown: members of a group stand in it."""
    units = {unit.pk: unit for unit in wave.units.filter(group=None)}
    heights = {unit.path: 0 for unit in units.values()}
    for path in sorted(heights, key=lambda path: -path.count("/")):
        parent = parent_of(path)
        if parent in heights:
            heights[parent] = max(heights[parent], heights[path] + 1)
    return Tree(units, heights)


def refresh(*, wave: Wave, now: datetime | None = None) -> None:
    """Count everything anew from arrivals, cells and register; part of a transaction.

    Arrivals are summed, never the box: so this may run at any time, and twice.
    """
    if not wave.is_online:
        return
    now = now or timezone.now()
    tree = tree_of(wave)
    _write_counts(wave, tree, now)
    _write_levels(wave, tree)
    _write_hours(wave, tree)


def _write_counts(wave: Wave, tree: Tree, now: datetime) -> None:
    since = max(now - RECENT, wave.opened_at or LONG_AGO)
    names = {"wave": wave.pk, "since": since}
    answered = _fetch(ANSWERED, names)
    people = _fetch(ON_REGISTER, names)
    registered = _fetch(REGISTERED, names)
    told, told_before = tree.told(answered, registered)
    sums = {
        "told": told,
        "told_before": told_before,
        "answered": tree.up((unit, n) for unit, n, _before in answered),
        "before": tree.up((unit, n) for unit, _now, n in answered),
        "registered": tree.up(registered),
        "people": tree.up((unit, n) for unit, n, _left in people),
        "gone": tree.up((unit, n) for unit, _all, n in people),
    }
    rule = wave.minimum
    sums["needed"] = {
        path: needed(rule, n, shown_from=wave.min_cell)
        for path, n in sums["registered"].items()
    }
    outlooks = Outlooks.of(wave, sums, tree.heights, since=since, now=now)
    rows = ((unit, outlooks.of_unit(unit)) for unit in tree.units.values())
    with connection.cursor() as cursor:
        for batch in batched(rows, ROWS_AT_A_TIME):
            columns = _columns(batch, sums, tree.heights)
            cursor.execute(WRITE, {**columns, "wave": wave.pk, "now": now})
    UnitCount.objects.filter(wave=wave, unit__group__isnull=False).delete()


def _columns(
    rows: Sequence[tuple[WaveUnit, tuple[int | None, int | None, str]]],
    sums: Mapping[str, Sums],
    heights: Sums | Mapping[str, int],
) -> dict[str, list[Any]]:
    paths = [unit.path for unit, _outlook in rows]
    return {
        "unit": [unit.pk for unit, _outlook in rows],
        "height": [heights[path] for path in paths],
        **{name: [total[path] for path in paths] for name, total in sums.items()},
        "low": [low for _unit, (low, _high, _word) in rows],
        "high": [high for _unit, (_low, high, _word) in rows],
        "outlook": [word for _unit, (_low, _high, word) in rows],
    }


def _write_levels(wave: Wave, tree: Tree) -> None:
    """How many units of each level have which outlook."""
    found = UnitCount.objects.filter(wave=wave, n_registered__gt=0)
    n_units: Counter[tuple[int, str, str]] = Counter()
    for unit_id, outlook in found.values_list("unit_id", "outlook"):
        unit = tree.units[unit_id]
        n_units[unit.depth, unit.level, outlook] += 1
    LevelCount.objects.filter(wave=wave).delete()
    LevelCount.objects.bulk_create(
        LevelCount(wave=wave, depth=depth, level=level, outlook=outlook, n_units=n)
        for (depth, level, outlook), n in sorted(n_units.items())
    )


def _write_hours(wave: Wave, tree: Tree) -> None:
    """The hours since the last one counted; none once arrivals are days."""
    known = HourCount.objects.filter(wave=wave)
    if wave.state in (Wave.State.SEALING, Wave.State.SEALED):
        known.delete()
        return
    last = known.order_by("-hour").first()
    since = last.hour if last else LONG_AGO
    zone = str(timezone.get_default_timezone())
    names = {"wave": wave.pk, "since": since, "zone": zone}
    charted = set(
        UnitCount.objects.filter(wave=wave, n_registered__gte=CHARTED_FROM).values_list(
            "unit_id", flat=True
        )
    )
    n_new: dict[tuple[int, datetime], int] = defaultdict(int)
    for unit_id, hour, n in _fetch(HOURS, names):
        for unit in tree.above(unit_id):
            if unit.pk in charted:
                n_new[unit.pk, hour] += n
    known.filter(hour__gte=since).delete()
    HourCount.objects.bulk_create(
        (
            HourCount(wave=wave, unit_id=unit, hour=hour, n_new=n)
            for (unit, hour), n in sorted(n_new.items())
        ),
        batch_size=ROWS_AT_A_TIME,
    )


def _fetch(query: str, names: Mapping[str, Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(query, names)
        return list(cursor.fetchall())
