"""To whom a mailing goes, and how many that is as far as the desk may know.

Who has not finished is shown to nobody. So the number of people a reminder goes to is
never counted for the desk: it is what the console shows already, invited less answered
in steps. What really goes out is known to ``deliveries`` alone.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db import connection

from surveys.models import Mailing, UnitCount, Wave, WaveUnit
from surveys.monitoring.shortfall import short_units
from surveys.monitoring.stepping import stepped

Audience, Channel = Mailing.Audience, Mailing.Channel

COUNT = """
SELECT count(*) FILTER (WHERE {address} <> ''), count(*)
FROM surveys_participant AS person
JOIN surveys_contact AS contact ON contact.participant_id = person.id
WHERE person.wave_id = %(wave)s AND NOT person.has_left AND {units}
"""
EVERYWHERE = "true"
IN_UNITS = """person.unit_id IN (
    SELECT unit.unit_id FROM surveys_waveunit AS unit
    WHERE unit.wave_id = %(wave)s AND unit.path LIKE ANY(%(paths)s)
)"""
ADDRESSES = {Channel.EMAIL: "contact.email", Channel.GATEWAY: "contact.phone"}


@dataclass(frozen=True)
class Recipients:
    """How many a mailing goes to, as the desk may show it."""

    n_people: int
    n_reachable: int
    n_shown: int
    n_units: int | None

    @property
    def n_unreachable(self) -> int:
        """On the register without an address for this channel."""
        return self.n_people - self.n_reachable


def recipients_of(mailing: Mailing) -> Recipients:
    """Counted now; for a reminder from what the console shows, never from marks."""
    units = units_of(mailing)
    paths = None if units is None else [unit.path for unit in units]
    sql = COUNT.format(
        address=ADDRESSES[Channel(mailing.channel)],
        units=EVERYWHERE if paths is None else IN_UNITS,
    )
    names: dict[str, Any] = {"wave": mailing.wave_id, "paths": subtrees(paths or [])}
    with connection.cursor() as cursor:
        cursor.execute(sql, names)
        n_reachable, n_people = cursor.fetchone()
    n_shown = n_reachable
    if mailing.is_reminder:
        n_shown = max(0, n_reachable - _n_answered(mailing.wave, paths))
    n_units = None if units is None else len(units)
    return Recipients(n_people, n_reachable, n_shown, n_units)


def units_of(mailing: Mailing) -> list[WaveUnit] | None:
    """Tops of the subtrees it goes to; None for everybody of the wave."""
    if mailing.audience == Audience.SHORT:
        return _tops(short_units(wave=mailing.wave))
    if mailing.audience == Audience.CHOSEN:
        return _tops(with_members(mailing.units.all()))
    return None


def with_members(units: Iterable[WaveUnit]) -> list[WaveUnit]:
    """A named group has no people of its own: its members stand for it."""
    units = list(units)
    groups = [unit for unit in units if unit.is_group]
    members = WaveUnit.objects.filter(group__in=groups) if groups else []
    return [*(unit for unit in units if not unit.is_group), *members]


def _tops(units: Iterable[WaveUnit]) -> list[WaveUnit]:
    """Without those that lie within another one."""
    tops: list[WaveUnit] = []
    for unit in sorted(units, key=lambda unit: unit.path):
        if not tops or not unit.path.startswith(tops[-1].path):
            tops.append(unit)
    return tops


def subtrees(paths: Iterable[str]) -> list[str]:
    """Patterns of LIKE for these paths and all below."""
    escape = str.maketrans({"\\": r"\\", "%": r"\%", "_": r"\_"})
    return [path.translate(escape) + "%" for path in paths]


def _n_answered(wave: Wave, paths: list[str] | None) -> int:
    """The console's stepped counts of these units, added up."""
    tops = [f"{wave.root.code}/"] if paths is None else paths
    counts = UnitCount.objects.filter(wave=wave, unit__path__in=tops)
    return sum(stepped(each.n_told, each.height) or 0 for each in counts)
