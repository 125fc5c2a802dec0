"""One unit over the waves of one questionnaire, as far as a reader may read them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from django.utils.translation import gettext as _

from scoring.permissions import Reader
from scoring.results.comparability import why_not_comparable
from scoring.results.comparisons import joined
from scoring.results.crossings import (
    Crossing,
    crossings,
    earlier_codes,
    steps_between,
)
from scoring.results.reading import Reading, readings
from scoring.results.unit_rows import Cell, Measure, UnitRow, index_measure
from scoring.results.unit_rows import rows_of as rows_of_units
from scoring.scheme import Scheme
from surveys.models import Wave, WaveUnit
from surveys.structure.bridges import Step


@dataclass(frozen=True)
class Stop:
    """What stood for the unit in one wave, the index first among its cells."""

    wave: Wave
    cells: tuple[Cell, ...]
    names: str = ""
    """Who stood for it, where that is not the unit itself."""
    companions: str = ""
    """Units of now that it can be compared with only together; then no line."""
    broken: str = ""
    """Why nothing leads here from the stop before, in words."""

    @property
    def index(self) -> Cell:
        return self.cells[0]


@dataclass(frozen=True)
class Joint:
    """Units that only together correspond to what was before."""

    names: str
    now: Cell
    earlier: Stop


@dataclass(frozen=True)
class Beside:
    """One unit below: its index now and in the wave before."""

    unit: WaveUnit
    now: Cell
    before: Cell
    names: str = ""

    @property
    def is_comparable(self) -> bool:
        return self.before.score is not None and self.now.score is not None


@dataclass(frozen=True)
class Journey:
    """Stops from the earliest to the wave at hand, which is the last."""

    stops: list[Stop]
    joint: Joint | None = None
    below: list[Beside] = field(default_factory=list)

    @property
    def before(self) -> Stop | None:
        """The stop that the last one may be compared with."""
        *earlier, last = self.stops
        if not earlier or last.broken or earlier[-1].companions:
            return None
        return earlier[-1]


@dataclass(frozen=True)
class Way:
    """What every journey of a page needs: earlier waves, oldest first, and bridges."""

    now: Reading
    earlier: list[Reading]
    steps: list[Step]
    measures: list[Measure]
    scheme: Scheme

    @property
    def last_step(self) -> Way:
        """From the latest earlier wave alone."""
        return replace(self, earlier=self.earlier[-1:])


def way_to(
    reader: Reader, now: Reading, measures: list[Measure], scheme: Scheme
) -> Way:
    """Earlier waves of this questionnaire and organisation that the reader may read.

    Invented answers are not compared with real ones.
    """
    wave = now.wave
    found = [
        each
        for each in readings(reader)
        if each.wave.reference_date < wave.reference_date
        and each.wave.instrument.code == wave.instrument.code
        and each.wave.is_simulated == wave.is_simulated
    ]
    found.sort(key=lambda each: (each.wave.reference_date, each.wave.pk))
    if not found:
        return Way(now, [], [], measures, scheme)
    steps = steps_between(found[0].wave.reference_date, wave.reference_date)
    roots = earlier_codes(wave.root.code, steps)
    here = [each for each in found if each.wave.root.code in roots]
    return Way(now, here, steps, measures, scheme)


def journey_of(way: Way, row: UnitRow, below: Sequence[UnitRow] = ()) -> Journey:
    """The unit of ``row`` over the waves, and the units below it since the last one."""
    unit, stops, last_run = row.unit, list[Stop](), None
    joint: Joint | None = None
    for reading in way.earlier:
        crossing = crossings(way.now, reading, [unit], way.steps).get(unit.pk)
        if crossing is None:
            continue
        broken = why_not_comparable(last_run, reading.run) if last_run else ""
        stop = _stop(way, reading, crossing, unit)
        if stops and stops[-1].companions != stop.companions:
            broken = broken or _reorganised()
        stops.append(replace(stop, broken=broken))
        joint = _joint(way, crossing, stops[-1])
        last_run = reading.run
    broken = why_not_comparable(last_run, way.now.run) if last_run else ""
    if broken:
        joint = None
    elif stops and stops[-1].companions:
        broken = _reorganised()
    stops.append(Stop(way.now.wave, row.cells, broken=broken))
    return Journey(stops, joint, _below(way, below) if below else [])


def _reorganised() -> str:
    return _("Unit berubah susunan.")


def _stop(way: Way, reading: Reading, crossing: Crossing, unit: WaveUnit) -> Stop:
    others = [each for each in crossing.after if each.pk != unit.pk]
    return Stop(
        wave=reading.wave,
        cells=_cells(way, reading, crossing.before),
        names="" if crossing.is_same else in_a_row(crossing.before),
        companions="" if crossing.is_alone else in_a_row(others),
    )


def _joint(way: Way, crossing: Crossing, earlier: Stop) -> Joint | None:
    if crossing.is_alone:
        return None
    now = _cells(way, way.now, crossing.after)[0]
    return Joint(in_a_row(crossing.after), now, earlier)


def _cells(way: Way, reading: Reading, units: Sequence[WaveUnit]) -> tuple[Cell, ...]:
    rows = rows_of_units(reading, units, way.measures)
    columns = zip(*(row.cells for row in rows), strict=True)
    return tuple(joined(cells, way.scheme) for cells in columns)


def _below(way: Way, rows: Sequence[UnitRow]) -> list[Beside]:
    """Against the latest earlier wave, if it is comparable; nothing otherwise."""
    if not way.earlier or why_not_comparable(way.earlier[-1].run, way.now.run):
        return []
    reading = way.earlier[-1]
    found = crossings(way.now, reading, [row.unit for row in rows], way.steps)
    earlier = {unit.pk: unit for each in found.values() for unit in each.before}
    shown = rows_of_units(reading, list(earlier.values()), [])
    index_of = {row.unit.pk: row.index for row in shown}
    result = []
    for row in rows:
        crossing = found.get(row.unit.pk)
        before, names = Cell(index_measure()), ""
        if crossing is not None and crossing.is_alone:
            olds = [index_of[unit.pk] for unit in crossing.before]
            before = joined(olds, way.scheme)
            names = "" if crossing.is_same else in_a_row(crossing.before)
        elif crossing is not None:
            names = in_a_row(crossing.before)
        result.append(Beside(row.unit, row.index, before, names))
    return result


def in_a_row(units: Sequence[WaveUnit]) -> str:
    """``A, B dan C``."""
    *names, last = [str(unit) for unit in units]
    return (
        _("%(names)s dan %(last)s")
        % {
            "names": ", ".join(names),
            "last": last,
        }
        if names
        else last
    )
