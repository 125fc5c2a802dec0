"""What opened runs of a wave have shown: later runs by the same method show no more.

A unit that a later run showed for the first time could, beside what is known already,
tell one that was hidden. Of units that are hidden anew nothing becomes known. So a
unit that is withheld late leaves the results, and nothing takes its place.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from functools import reduce

from django.utils import timezone

from scoring.models import Analysis, PublishedScore, ScoringRun

Shown = Mapping[str, frozenset[str]]
"""Outputs by path of the unit."""


def opened_before(run: ScoringRun) -> list[ScoringRun]:
    """Runs of the wave, by its method, that were opened before this one was published.

    Also those that were closed again: what was read is known.
    """
    at = run.computed_at or timezone.now()
    runs = ScoringRun.objects.filter(wave=run.wave_id, scheme=run.scheme_id)
    opened = runs.filter(releases__created_at__lt=at).exclude(pk=run.pk)
    return list(opened.distinct().order_by("pk"))


def within(
    shown: Shown, earlier: Collection[ScoringRun], column: str = "score"
) -> Shown:
    """Of these outputs, those for which every earlier run shows this column, too."""
    return reduce(_both, [_shown_by(run, column) for run in earlier], shown)


def _both(one: Shown, other: Shown) -> Shown:
    return {path: shown & other.get(path, frozenset()) for path, shown in one.items()}


def _shown_by(run: ScoringRun, column: str) -> Shown:
    found: dict[str, set[str]] = {}
    rows = PublishedScore.objects.filter(run=run, is_hidden=False)
    known = rows.exclude(**{column: None})
    for path, output in known.values_list("unit__path", "dimension"):
        found.setdefault(path, set()).add(output)
    return {path: frozenset(outputs) for path, outputs in found.items()}


def heard_in(earlier: Collection[ScoringRun]) -> frozenset[str] | None:
    """Codes of the units whose voices every earlier run tells; None without any."""
    if not earlier:
        return None
    kind = Analysis.Kind.LENSES
    told = (Analysis.objects.filter(run=run, kind=kind) for run in earlier)
    codes = (frozenset(rows.values_list("unit__code", flat=True)) for rows in told)
    return frozenset.intersection(*codes)
