"""What the wave console shows: one level of the tree, in steps, for whoever may look.

Everything comes from the counters that the clock keeps (``counters``): the page costs
the same for five thousand people and for four million.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import (
    Count,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
)

from surveys.box.cells import parent_of
from surveys.models import LevelCount, Participant, UnitCount, UnitKerja, Wave, WaveUnit
from surveys.monitoring.stepping import stepped
from surveys.staff.permissions import EVERYWHERE, covers, under

Outlook = UnitCount.Outlook

ATTENTION = (Outlook.SHORT, Outlook.MAYBE_SHORT, Outlook.QUIET, Outlook.MISSED)
"""Outlooks of units that somebody should look after, the worst first."""

FINE = (Outlook.REACHED, Outlook.ON_PLAN)

SHADES = (0.0, 0.25, 0.5)
"""Shares of the need that are lacking, from which a tile gets darker."""


@dataclass(frozen=True)
class Line:
    """One unit of the console; ``n_answered`` None stands for "fewer than 10"."""

    count: UnitCount

    @property
    def unit(self) -> WaveUnit:
        return self.count.unit

    @property
    def n_registered(self) -> int:
        return self.count.n_registered

    @property
    def n_answered(self) -> int | None:
        return stepped(self.count.n_told, self.count.height)

    @property
    def n_lacking(self) -> int:
        """How many answers the unit still needs, from the stepped count."""
        return max(0, self.count.n_needed - (self.n_answered or 0))

    @property
    def has_parts(self) -> bool:
        return self.count.height > 0

    @property
    def needs_attention(self) -> bool:
        return self.count.outlook in ATTENTION

    @property
    def percent(self) -> int | None:
        return None if self.n_answered is None else self._percent(self.n_answered)

    @property
    def percent_needed(self) -> int:
        return self._percent(self.count.n_needed)

    @property
    def percent_low(self) -> int:
        return self._percent(self.count.low or 0)

    @property
    def percent_band(self) -> int:
        """Width of the band; at least something one can see."""
        return max(2, self._percent(self.count.high or 0) - self.percent_low)

    def _percent(self, n: int) -> int:
        return min(100, 100 * n // self.n_registered) if self.n_registered else 0

    @property
    def shade(self) -> int:
        """0 where nothing is lacking, to 3 where more than half of the need is."""
        if not self.n_lacking or not self.count.n_needed:
            return 0
        share = self.n_lacking / self.count.n_needed
        return sum(share > least for least in SHADES)


@dataclass(frozen=True)
class Level:
    """The units of one level in the whole wave, by what they are heading for."""

    level: str
    n_units: int
    n_reached: int
    n_on_plan: int
    n_attention: int


@dataclass(frozen=True)
class Console:
    """A unit, the units right below it, the way up, and when it was counted."""

    total: Line | None
    lines: list[Line]
    trail: list[WaveUnit]
    levels: list[Level] = field(default_factory=list)

    @property
    def counted_at(self) -> datetime | None:
        shown = [*([self.total] if self.total else []), *self.lines]
        return shown[0].count.counted_at if shown else None

    @property
    def n_few(self) -> int:
        """Units shown below with fewer than ten answers."""
        return sum(line.n_answered is None for line in self.lines)

    @property
    def n_fine(self) -> int:
        return sum(line.count.outlook in FINE for line in self.lines)

    @property
    def short(self) -> list[Line]:
        return [line for line in self.lines if line.needs_attention]


def console_of(*, wave: Wave, paths: list[str], code: str = "") -> Console | None:
    """The unit with this code, else the top of what the reader may see.

    None where there is no such unit, or not for this reader.
    """
    counts = UnitCount.objects.filter(wave=wave).select_related("unit")
    is_whole = covers(paths, wave.root)
    tops = _tops(counts, wave, paths, is_whole=is_whole)
    if code:
        chosen = _chosen(counts, code, paths, is_whole=is_whole)
        if chosen is None:
            return None
    elif len(tops) == 1:
        chosen = tops[0]
    else:
        return Console(None, _in_order(map(Line, tops)), [])
    below = counts.filter(unit__parent=chosen.unit_id)
    return Console(
        total=Line(chosen),
        lines=_in_order(map(Line, below)),
        trail=_trail(wave, chosen.unit, tops),
        levels=_levels(wave) if is_whole and not chosen.unit.parent_id else [],
    )


def _tops(
    counts: QuerySet[UnitCount], wave: Wave, paths: list[str], *, is_whole: bool
) -> list[UnitCount]:
    """Where the reader's view begins: the root, or the units their roles are for."""
    if is_whole:
        return list(counts.filter(unit__parent=None))
    outermost = [p for p in paths if not any(p != q and p.startswith(q) for q in paths)]
    tops = list(counts.filter(unit__unit__path__in=outermost))
    if len(tops) == len(outermost):
        return tops
    # A role for a unit that the wave does not know, or shows in a group.
    inside = under(outermost, "unit__unit__path")
    above = under(outermost, "unit__parent__unit__path")
    return list(counts.filter(inside).exclude(above))


def _chosen(
    counts: QuerySet[UnitCount], code: str, paths: list[str], *, is_whole: bool
) -> UnitCount | None:
    """The unit with this code, if the reader holds it; a group goes with its parent."""
    found = counts.filter(unit__code=code)
    if not is_whole:
        own = under(paths, "unit__unit__path")
        group = Q(unit__is_group=True) & under(paths, "unit__parent__unit__path")
        found = found.filter(own | group)
    return found.first()


def _in_order(lines: Iterable[Line]) -> list[Line]:
    """Who needs attention first, the most lacking on top; then as in the tree."""
    return sorted(
        lines,
        key=lambda line: (
            not line.needs_attention,
            -line.n_lacking if line.needs_attention else 0,
            line.unit.path,
        ),
    )


def _trail(wave: Wave, unit: WaveUnit, tops: list[UnitCount]) -> list[WaveUnit]:
    """From the top the reader may see down to the parent."""
    above, path = [], unit.path
    while path := parent_of(path):
        above.append(path)
    if not above:
        return []
    found = wave.units.filter(path__in=above).order_by("path")
    seen = tuple(top.unit.path for top in tops)
    return [each for each in found if each.path.startswith(seen)]


def _levels(wave: Wave) -> list[Level]:
    """Every level below the root, from the top down."""
    by_level: dict[tuple[int, str], Counter[str]] = {}
    for count in LevelCount.objects.filter(wave=wave, depth__gt=0):
        words = by_level.setdefault((count.depth, count.level), Counter())
        words[count.outlook] += count.n_units
    return [
        Level(
            level=level,
            n_units=words.total(),
            n_reached=words[Outlook.REACHED],
            n_on_plan=words[Outlook.ON_PLAN],
            n_attention=sum(words[outlook] for outlook in ATTENTION),
        )
        for (_depth, level), words in sorted(by_level.items())
    ]


@dataclass(frozen=True)
class Registered:
    """How many people of the register stand in a unit and below."""

    unit: UnitKerja
    n: int


def register_of(*, wave: Wave, paths: list[str]) -> tuple[int, list[Registered]]:
    """People on the register, all and by the units right below the root."""
    people = Participant.objects.filter(wave=wave, has_left=False)
    if EVERYWHERE not in paths and not covers(paths, wave.root):
        people = people.filter(under(paths, "unit__path"))
    per_unit = people.values_list("unit").annotate(n=Count("pk")).order_by()
    counts = dict(per_unit)
    where = dict(UnitKerja.objects.filter(pk__in=counts).values_list("pk", "path"))
    depth = wave.root.path.count("/") + 1
    by_branch: Counter[str] = Counter()
    for unit, n in counts.items():
        by_branch["/".join(where[unit].split("/")[:depth]) + "/"] += n
    units = UnitKerja.objects.filter(path__in=by_branch).order_by("path")
    return sum(counts.values()), [Registered(u, by_branch[u.path]) for u in units]


def with_counts(waves: QuerySet[Wave]) -> QuerySet[Wave]:
    """Waves with ``n_arrived`` and ``height``, for ``answered_in_steps``."""
    top = UnitCount.objects.filter(wave=OuterRef("pk"), unit__parent=None)
    return waves.annotate(
        n_arrived=Subquery(top.values("n_told")[:1], output_field=IntegerField()),
        height=Subquery(top.values("height")[:1], output_field=IntegerField()),
    )


def answered_in_steps(*, n_arrived: int | None, height: int | None) -> int | None:
    """The number the console shows for the whole wave."""
    return stepped(n_arrived or 0, height or 0)
