"""Which units are still short of their minimum, by the counts the console shows."""

from __future__ import annotations

from surveys.models import UnitCount, Wave, WaveUnit
from surveys.monitoring.stepping import stepped


def short_units(*, wave: Wave) -> list[WaveUnit]:
    """Units of the level that is ranked with fewer answers, in steps, than they need.

    Where no unit has that level, the units right below the root.
    """
    counts = UnitCount.objects.filter(wave=wave).select_related("unit")
    ranked = list(counts.filter(unit__level=wave.competing_level))
    if not ranked:
        ranked = list(counts.filter(unit__parent__parent=None, unit__parent__wave=wave))
    return [count.unit for count in ranked if _is_short(count)]


def _is_short(count: UnitCount) -> bool:
    return (stepped(count.n_told, count.height) or 0) < count.n_needed
