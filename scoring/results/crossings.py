"""Which units of an earlier wave stand for a unit of this one."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from scoring.results.reading import Reading
from surveys.models import Wave, WaveUnit
from surveys.structure.bridges import Correspondence, Step, bridge_between
from surveys.structure.reorganisation import recorded_steps


@dataclass(frozen=True)
class Crossing:
    """The smallest groups that can be compared; ``after`` holds the unit itself."""

    before: tuple[WaveUnit, ...]
    after: tuple[WaveUnit, ...]

    @property
    def is_same(self) -> bool:
        """The unit alone on both sides, under its code."""
        return [u.code for u in self.before] == [u.code for u in self.after]

    @property
    def is_alone(self) -> bool:
        """The unit itself takes the place of all that stood for it."""
        return len(self.after) == 1


def steps_between(start: date, end: date) -> list[Step]:
    """Reorganisations after the first day and up to the last."""
    return recorded_steps(start=start, end=end) if start < end else []


def earlier_codes(code: str, steps: Iterable[Step]) -> set[str]:
    """The unit's code, and those of all that ever led to it."""
    known = {code}
    for step in sorted(steps, key=lambda step: step.day, reverse=True):
        if step.targets & known:
            known |= step.sources
    return known


def crossings(
    now: Reading, before: Reading, units: Sequence[WaveUnit], steps: Sequence[Step]
) -> dict[int, Crossing]:
    """By id of the units that have a counterpart which the reader may read in full.

    Named groups of small units are left out: who is in them changes. At most four
    queries for any number of units.
    """
    codes = {unit.code for unit in units if not unit.is_group}
    if not steps:
        known = _readable(before, codes)
        same = (unit for unit in units if unit.code in known)
        return {unit.pk: Crossing((known[unit.code],), (unit,)) for unit in same}
    for step in steps:
        codes |= step.sources | step.targets
    found = bridge_between(
        steps=steps,
        start=before.wave.reference_date,
        end=now.wave.reference_date,
        before=_existing(before.wave, codes),
        after=_existing(now.wave, codes),
    )
    sides = _readable(before, codes), _readable(now, codes)
    crossing_of = {
        code: crossing
        for each in found
        if (crossing := _crossing(each, *sides)) is not None
        for code in each.after
    }
    return {
        unit.pk: crossing_of[unit.code] for unit in units if unit.code in crossing_of
    }


def _existing(wave: Wave, codes: set[str]) -> set[str]:
    found = wave.units.filter(code__in=codes, is_group=False)
    return set(found.values_list("code", flat=True))


def _readable(reading: Reading, codes: set[str]) -> dict[str, WaveUnit]:
    found = reading.units().filter(code__in=codes, is_group=False)
    return {unit.code: unit for unit in found}


def _crossing(
    each: Correspondence, before: dict[str, WaveUnit], after: dict[str, WaveUnit]
) -> Crossing | None:
    if not each.is_comparable or each.before - set(before) or each.after - set(after):
        return None
    olds = tuple(before[code] for code in sorted(each.before))
    news = tuple(after[code] for code in sorted(each.after))
    if _is_nested(olds) or _is_nested(news):
        return None
    return Crossing(olds, news)


def _is_nested(units: Sequence[WaveUnit]) -> bool:
    """One of them stands below another, so their people would count twice."""
    paths = [unit.path for unit in units]
    return any(
        one != other and one.startswith(other) for one in paths for other in paths
    )
