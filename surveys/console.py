"""What the wave console shows: counts in steps, bounded by the reader's subtrees."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime

from django.db.models import (
    Count,
    IntegerField,
    Max,
    OuterRef,
    QuerySet,
    Subquery,
    Sum,
    Value,
)
from django.db.models.functions import Coalesce, Length, Replace

from surveys.cells import parent_of
from surveys.models import Arrival, Participant, UnitKerja, Wave, WaveUnit
from surveys.permissions import covers, under
from surveys.progress import Participation, participation, stepped


@dataclass(frozen=True)
class Line:
    """One unit of the console; ``n_answered`` None stands for "fewer than 10"."""

    unit: WaveUnit
    n_registered: int
    n_answered: int | None
    has_parts: bool

    @property
    def percent(self) -> int | None:
        if self.n_answered is None or not self.n_registered:
            return None
        return min(100, 100 * self.n_answered // self.n_registered)


@dataclass(frozen=True)
class Console:
    """A unit, the units right below it, the way up, and when it was counted."""

    total: Line | None
    lines: list[Line]
    trail: list[WaveUnit]
    counted_at: datetime | None

    @property
    def n_few(self) -> int:
        """Units shown below with fewer than ten answers."""
        return sum(line.n_answered is None for line in self.lines)


def console_of(*, wave: Wave, paths: list[str], code: str = "") -> Console | None:
    """The unit with this code, else the top of what the reader may see.

    None where there is no such unit, or not for this reader.
    """
    rows, counted_at = participation(wave=wave)
    mine = {row.unit.path: row for row in _allowed(wave, rows, paths)}
    tops = [path for path in mine if parent_of(path) not in mine]
    if code:
        chosen = [path for path, row in mine.items() if row.unit.code == code]
        if not chosen:
            return None
    else:
        chosen = tops if len(tops) == 1 else []
    inner = {parent_of(path) for path in mine}
    shown = [p for p in mine if parent_of(p) == chosen[0]] if chosen else tops
    return Console(
        total=_line(mine[chosen[0]], inner) if chosen else None,
        lines=[_line(mine[path], inner) for path in shown],
        trail=_trail(mine, chosen[0]) if chosen else [],
        counted_at=counted_at,
    )


def _allowed(
    wave: Wave, rows: list[Participation], paths: list[str]
) -> list[Participation]:
    """Units the reader holds; a group of siblings goes with its parent."""
    if covers(paths, wave.root):
        return rows
    held = set(
        UnitKerja.objects.filter(under(paths, "path")).values_list("pk", flat=True)
    )
    mine = {row.unit.pk for row in rows if row.unit.unit_id in held}
    return [
        row
        for row in rows
        if row.unit.pk in mine or (row.unit.is_group and row.unit.parent_id in mine)
    ]


def _line(row: Participation, inner: set[str]) -> Line:
    return Line(row.unit, row.n_registered, row.n_answered, row.unit.path in inner)


def _trail(mine: dict[str, Participation], path: str) -> list[WaveUnit]:
    """From the top the reader may see down to the parent."""
    above = []
    while (path := parent_of(path)) in mine:
        above.append(mine[path].unit)
    return above[::-1]


@dataclass(frozen=True)
class Registered:
    """How many people of the register stand in a unit and below."""

    unit: UnitKerja
    n: int


def register_of(*, wave: Wave, paths: list[str]) -> tuple[int, list[Registered]]:
    """People on the register, all and by the units right below the root."""
    people = Participant.objects.filter(
        under(paths, "unit__path"), wave=wave, has_left=False
    )
    counts = dict(people.values_list("unit__path").annotate(n=Count("pk")).order_by())
    depth = wave.root.path.count("/") + 1
    by_branch: Counter[str] = Counter()
    for path, n in counts.items():
        by_branch["/".join(path.split("/")[:depth]) + "/"] += n
    units = UnitKerja.objects.filter(path__in=by_branch).order_by("path")
    return sum(counts.values()), [Registered(u, by_branch[u.path]) for u in units]


def with_counts(waves: QuerySet[Wave]) -> QuerySet[Wave]:
    """Waves with ``n_arrived`` and ``n_levels``, for ``answered_in_steps``."""
    arrived = (
        Arrival.objects.filter(wave=OuterRef("pk"))
        .order_by()
        .values("wave")
        .annotate(n=Sum("n_new"))
        .values("n")
    )
    slashes = Length("path") - Length(Replace("path", Value("/"), Value("")))
    levels = (
        WaveUnit.objects.filter(wave=OuterRef("pk"), group=None)
        .order_by()
        .values("wave")
        .annotate(n=Max(slashes))
        .values("n")
    )
    return waves.annotate(
        n_arrived=Coalesce(Subquery(arrived, output_field=IntegerField()), 0),
        n_levels=Coalesce(Subquery(levels, output_field=IntegerField()), 0),
    )


def answered_in_steps(*, n_arrived: int, n_levels: int) -> int | None:
    """The number the console shows for the whole wave."""
    return stepped(n_arrived, max(0, n_levels - 1))
