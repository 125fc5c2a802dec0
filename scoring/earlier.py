"""What flags need beside the answers: when they came, and the wave before."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta

import numpy as np
from django.utils import timezone

from scoring.arrays import Integers
from scoring.models import ScoringRun, UnitScore
from scoring.plan import INDEX
from scoring.quality.rules import QualityRule
from scoring.quality.units import Before
from surveys.models import Wave, WaveUnit

DAY, QUARTER = timedelta(days=1), timedelta(minutes=15)


def arrivals_of(
    wave: Wave, place: Mapping[int, int], rule: QualityRule
) -> tuple[Integers, int]:
    """(nodes, bins) answers as they came, and how many bins make a window.

    Bins are quarters of an hour, or days where sealing has left no more than that.
    """
    rows = [
        (place[unit], timezone.localtime(at), n)
        for unit, at, n in wave.arrivals.order_by("unit", "quarter_hour").values_list(
            "unit_id", "quarter_hour", "n_new"
        )
        if unit in place
    ]
    if not rows:
        return np.zeros((len(place), 0), dtype=np.int64), 1
    are_days = all(at.hour == at.minute == 0 for _node, at, _n in rows)
    width = DAY if are_days else QUARTER
    first = min(at for _node, at, _n in rows)
    last = max(at for _node, at, _n in rows)
    counts = np.zeros((len(place), (last - first) // width + 1), dtype=np.int64)
    for node, at, n in rows:
        counts[node, (at - first) // width] += n
    hours = timedelta(hours=rule.window_hours)
    return counts, max(1, round(hours / width))


def before_of(run: ScoringRun, units: Sequence[WaveUnit]) -> tuple[int, Before] | None:
    """The run of the wave before, by the same instrument and method, and its index.

    NaN where a unit did not exist then; units are matched by the live tree.
    """
    wave = run.wave
    earlier = (
        ScoringRun.objects.filter(
            wave__instrument=wave.instrument_id,
            wave__root=wave.root_id,
            wave__reference_date__lt=wave.reference_date,
            scheme__code=run.scheme.code,
            scheme__version=run.scheme.version,
            state=ScoringRun.State.COMPUTED,
            computed_at__lt=run.started_at,
        )
        .order_by("-wave__reference_date", "-computed_at")
        .first()
    )
    if earlier is None:
        return None
    columns = ("score", "se_model", "response_rate")
    rows = UnitScore.objects.filter(run=earlier, dimension=INDEX)
    found = {
        unit: [np.nan if value is None else value for value in values]
        for unit, *values in rows.values_list("unit__unit_id", *columns)
        if unit is not None
    }
    nothing = [np.nan] * len(columns)
    matched = np.array([found.get(unit.unit_id or 0, nothing) for unit in units])
    return earlier.pk, Before(*matched.T)
