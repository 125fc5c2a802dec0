"""The ranking of one wave's units, drawn from published scores."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass

from django.core.cache import cache
from django.http import Http404

from awards.ranking import Entry, Standing, rank
from scoring.models import PublishedScore, ScoringRun, UnitScore
from scoring.ordering.ranks import seed_of
from scoring.results.reading import Reading
from scoring.results.unit_rows import Measure, index_measure, measures_of
from scoring.schemes_store import scheme_of
from surveys.models import Wave, WaveUnit

KEPT_SECONDS = 24 * 60 * 60

Score = PublishedScore | UnitScore


@dataclass(frozen=True, slots=True)
class Place:
    """One unit in a ranking; ``score`` is None where it is hidden or missing."""

    unit: WaveUnit
    standing: Standing
    score: Score | None

    @property
    def margin(self) -> float | None:
        """Half the width of the score's interval."""
        score = self.score
        if score is None or score.lower is None or score.upper is None:
            return None
        return (score.upper - score.lower) / 2

    @property
    def response_percent(self) -> float | None:
        rate = self.score.response_rate if self.score else None
        return None if rate is None else 100 * rate


@dataclass(frozen=True, slots=True)
class Ranking:
    """Units of one level by one measure: first the ranked, best first."""

    run: ScoringRun
    measure: Measure
    level: str
    places: tuple[Place, ...]

    @property
    def ranked(self) -> list[Place]:
        return [place for place in self.places if place.standing.rank is not None]

    @property
    def unranked(self) -> list[Place]:
        return [place for place in self.places if place.standing.rank is None]

    @property
    def intervals(self) -> str:
        """Whether rank intervals hold for all units at once, each alone, or at all."""
        if all(place.standing.rank_lower is None for place in self.places):
            return "none"
        together = scheme_of(self.run.scheme).ranking.simultaneous_up_to
        return "simultaneous" if len(self.ranked) <= together else "marginal"

    @property
    def first_set(self) -> list[Place]:
        """Units that cannot be told apart at the top."""
        return [place for place in self.places if place.standing.is_in_first_set]


def competing_units(wave: Wave, level: str) -> list[WaveUnit]:
    """Every unit of a level; a group of small units competes for nothing."""
    units = WaveUnit.objects.filter(wave=wave, level=level, is_group=False)
    return list(units.order_by("path"))


def ranking_for(reading: Reading, measure: Measure, level: str) -> Ranking:
    """The ranking, if the reader may read every unit in it; 404 otherwise."""
    units = competing_units(reading.wave, level)
    if not units or not _may_read_all(reading, units):
        raise Http404
    scores = PublishedScore.objects.filter(
        run=reading.run, unit__in=units, dimension=measure.code
    )
    return rank_units(reading.run, measure, level, units, scores)


def _may_read_all(reading: Reading, units: Sequence[WaveUnit]) -> bool:
    if reading.is_whole:
        return True
    return reading.units().filter(pk__in=[u.pk for u in units]).count() == len(units)


def rank_units(
    run: ScoringRun,
    measure: Measure,
    level: str,
    units: Sequence[WaveUnit],
    scores: Iterable[Score],
) -> Ranking:
    """Rank by the scores as printed; what is hidden or absent is not ranked."""
    found = {score.unit_id: score for score in scores}
    by_code = {unit.code: unit for unit in units}
    entries = [_entry(unit, found.get(unit.pk)) for unit in units]
    is_published = not any(isinstance(score, UnitScore) for score in found.values())
    standings = _ranked(run, measure, entries, is_kept=is_published)
    places = [
        Place(by_code[standing.unit], standing, found.get(by_code[standing.unit].pk))
        for standing in standings
    ]
    return Ranking(run, measure, level, tuple(places))


def _entry(unit: WaveUnit, score: Score | None) -> Entry:
    if score is None or (isinstance(score, PublishedScore) and score.is_hidden):
        return Entry(unit.code, None, None, is_shown=False)
    return Entry(unit.code, score.score, score.se_model)


def _ranked(
    run: ScoringRun, measure: Measure, entries: Sequence[Entry], *, is_kept: bool
) -> tuple[Standing, ...]:
    """Thousands of draws; those of published scores are kept for the next reader."""
    scheme = scheme_of(run.scheme)
    rule, decimals = scheme.ranking, scheme.decimals
    seed = seed_of(str(run.seed), measure.code)
    lines = [asdict(one) for one in entries]
    facts = [rule.model_dump(mode="json"), decimals, seed, lines]
    key = "standings:" + hashlib.sha256(json.dumps(facts).encode()).hexdigest()
    kept: str | None = cache.get(key) if is_kept else None
    if kept is not None:
        return tuple(Standing(**line) for line in json.loads(kept))
    standings = rank(entries, rule=rule, decimals=decimals, seed=seed)
    if is_kept:
        text = json.dumps([asdict(standing) for standing in standings])
        cache.set(key, text, KEPT_SECONDS)
    return standings


def rankable(run: ScoringRun) -> list[Measure]:
    """The index and each dimension: what a ranking may go by."""
    return [index_measure(), *measures_of(run)]


def measure_named(run: ScoringRun, code: str) -> Measure:
    """404 for a measure that the run's scheme does not count."""
    for measure in rankable(run):
        if measure.code == code:
            return measure
    raise Http404
