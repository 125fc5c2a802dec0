"""Published scores as people read them: one row a unit, one cell a dimension."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Q
from django.http import Http404
from django.utils.translation import gettext as _

from scoring.comparing.differences import Mark
from scoring.composite import COMPOSITE, EVIDENCE
from scoring.models import PublishedScore, ScoringRun
from scoring.plan import INDEX
from scoring.results.disclosure import WITHHELD
from scoring.results.reading import Reading
from scoring.scheme import round_half_up
from surveys.models import Dimension, WaveUnit
from surveys.models.instrument import in_indonesian


@dataclass(frozen=True, slots=True)
class Measure:
    """A dimension of the scheme, or the index, by its name on screen."""

    code: str
    name: str


@dataclass(frozen=True, slots=True)
class Arrow:
    """A difference that is shown as one, or "=" where it is not."""

    mark: Mark
    size: float

    @property
    def points(self) -> Decimal:
        """As it is printed, without its sign, which the arrow has."""
        return round_half_up(abs(self.size), 1)


@dataclass(frozen=True, slots=True)
class Cell:
    """One published score; everything is None where it is hidden."""

    measure: Measure
    score: float | None = None
    lower: float | None = None
    upper: float | None = None
    band: str = ""
    se_fpc: float | None = None
    se_model: float | None = None
    df: float | None = None
    n: int | None = None
    frame: int | None = None
    arrow: Arrow | None = None
    """How it differs from what its table compares it with."""

    @property
    def name(self) -> str:
        return self.measure.name

    @property
    def margin(self) -> float | None:
        """Half the width of the interval."""
        if self.lower is None or self.upper is None:
            return None
        return (self.upper - self.lower) / 2


@dataclass(frozen=True, slots=True)
class UnitRow:
    """What a table says of one unit."""

    unit: WaveUnit
    index: Cell
    scores: tuple[Cell, ...]
    n: int | None = None
    frame: int | None = None
    response_rate: float | None = None
    composite: Cell | None = None
    """The index and evidence together, where the scheme asks for it."""
    evidence: Cell | None = None
    is_withheld: bool = False
    """Its answers were looked at, and it was decided not to tell them."""

    @property
    def cells(self) -> tuple[Cell, ...]:
        """The index, then the dimensions."""
        return self.index, *self.scores

    @property
    def is_hidden(self) -> bool:
        """Nothing of this unit is shown."""
        return all(cell.score is None for cell in self.cells)

    @property
    def shown_in(self) -> WaveUnit | None:
        """The named group of siblings in which a unit too small is shown."""
        return self.unit.group if self.is_hidden else None

    @property
    def response_percent(self) -> float | None:
        return None if self.response_rate is None else 100 * self.response_rate


def index_measure() -> Measure:
    return Measure(INDEX, _("Indeks"))


def measures_of(run: ScoringRun) -> list[Measure]:
    """The dimensions that the run's scheme counts, in its order."""
    dimensions = Dimension.objects.filter(instrument=run.wave.instrument_id)
    names = {one.code: in_indonesian(one.name) for one in dimensions}
    codes = [rule["code"] for rule in run.scheme.document["dimensions"]] or list(names)
    return [Measure(code, names.get(code, code)) for code in codes]


def readable_unit(reading: Reading, code: str) -> WaveUnit:
    """The unit, if this reader may read it; 404 otherwise."""
    unit = reading.units().filter(code=code).select_related("group", "parent").first()
    if unit is None:
        raise Http404
    return unit


def entry_of(reading: Reading) -> WaveUnit:
    """The highest unit this reader may read, where reading begins."""
    unit = reading.units().order_by("path").select_related("group", "parent").first()
    if unit is None:
        raise Http404
    return unit


def entries(found: Sequence[Reading]) -> dict[int, UnitRow]:
    """By wave, the index of the unit where reading begins, if that can be told.

    Two queries for any number of waves: the root, or the unit of the reader's role.
    """
    places = Q(pk__in=[])
    for reading in found:
        here = Q(wave_id=reading.run.wave_id)
        root = reading.wave.root.path
        for path in reading.paths:
            is_whole = root.startswith(path)
            places |= here & (Q(parent=None) if is_whole else Q(unit__path=path))
    units = WaveUnit.objects.filter(places).order_by("-path")
    first = {unit.wave_id: unit for unit in units}
    runs = [reading.run.pk for reading in found]
    scores = PublishedScore.objects.filter(
        run__in=runs, unit__in=list(first.values()), dimension=INDEX
    )
    index = {score.unit_id: score for score in scores}
    return {
        wave_id: _row(unit, {INDEX: index[unit.pk]} if unit.pk in index else {}, ())
        for wave_id, unit in first.items()
    }


def below(reading: Reading, unit: WaveUnit) -> list[WaveUnit]:
    """Units directly below (members, for a group), in the order of the organisation."""
    units = reading.units().select_related("group")
    found = units.filter(group=unit) if unit.is_group else units.filter(parent=unit)
    return sorted(found, key=lambda one: (one.is_group, one.path))


def above(reading: Reading, unit: WaveUnit) -> list[WaveUnit]:
    """Readable units on the way from the root down to, and without, this one."""
    parts = unit.path.rstrip("/").split("/")
    paths = ["/".join(parts[:n]) + "/" for n in range(1, len(parts))]
    return list(reading.units().filter(path__in=paths).order_by("path"))


def rows_of(
    reading: Reading, units: Sequence[WaveUnit], measures: Sequence[Measure]
) -> list[UnitRow]:
    """One row for each unit, in the given order; one query for all."""
    scores = PublishedScore.objects.filter(run=reading.run, unit__in=units)
    found: dict[int, dict[str, PublishedScore]] = {}
    for score in scores:
        found.setdefault(score.unit_id, {})[score.dimension] = score
    return [_row(unit, found.get(unit.pk, {}), measures) for unit in units]


def _row(
    unit: WaveUnit, scores: dict[str, PublishedScore], measures: Iterable[Measure]
) -> UnitRow:
    index = scores.get(INDEX)
    has_index = index is not None and not index.is_hidden
    return UnitRow(
        unit=unit,
        index=cell_of(index_measure(), index),
        scores=tuple(cell_of(one, scores.get(one.code)) for one in measures),
        n=index.n if index and has_index else None,
        frame=index.frame if index and has_index else None,
        response_rate=index.response_rate if index and has_index else None,
        composite=_derived(scores, COMPOSITE, _("Indeks gabungan")),
        evidence=_derived(scores, EVIDENCE, _("Nilai bukti")),
        is_withheld=index is not None and index.reason == WITHHELD,
    )


def _derived(scores: dict[str, PublishedScore], code: str, name: str) -> Cell | None:
    """What stands beside the index; None where the scheme has no such thing."""
    return cell_of(Measure(code, name), scores[code]) if code in scores else None


def cell_of(measure: Measure, score: PublishedScore | None) -> Cell:
    """The score as a cell; empty where it is hidden or was never published."""
    if score is None or score.is_hidden:
        return Cell(measure)
    return Cell(
        measure,
        score.score,
        score.lower,
        score.upper,
        score.band,
        score.se_fpc,
        score.se_model,
        score.degrees_of_freedom,
        score.n,
        score.frame,
    )
