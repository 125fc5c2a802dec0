"""How many have answered: counted by the clock, shown in steps, never who.

Nothing here is written when somebody answers; jobs look at the box from outside.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.db.models import Count, Max, QuerySet, Sum
from django.utils import timezone

from surveys.box import ballots, wave_secret
from surveys.fieldwork.waves import LOCK
from surveys.files.copying import batched
from surveys.models import (
    Arrival,
    Ballot,
    Cell,
    Participant,
    UnitCount,
    Wave,
    WaveUnit,
)
from surveys.monitoring import counters
from surveys.monitoring.stepping import stepped

BATCH = 10_000

ADD_ARRIVALS = """
INSERT INTO surveys_arrival AS known (wave_id, unit_id, quarter_hour, n_new)
SELECT %(wave)s, unit, %(quarter)s, n
FROM unnest(%(units)s::bigint[], %(n_new)s::int[]) AS gained (unit, n)
ON CONFLICT (wave_id, unit_id, quarter_hour)
DO UPDATE SET n_new = known.n_new + excluded.n_new
"""


def quarter_of(moment: datetime) -> datetime:
    """The quarter of an hour that ended last."""
    return moment.replace(minute=moment.minute // 15 * 15, second=0, microsecond=0)


@transaction.atomic
def count_arrivals(*, wave: Wave, now: datetime | None = None) -> None:
    """Write what each unit gained since the last count; repeats add nothing.

    The counters of the console are then brought up to it.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_advisory_xact_lock(hashtext('arrivals'), %s)", [wave.pk]
        )
    moment = now or timezone.now()
    counted = _sums(Arrival.objects.filter(wave=wave), "n_new")
    gained = {
        unit: n - counted.get(unit, 0) for unit, n in sorted(_per_unit(wave).items())
    }
    new = {unit: n for unit, n in gained.items() if n > 0}
    names: dict[str, Any] = {"wave": wave.pk, "quarter": quarter_of(moment)}
    names |= {"units": list(new), "n_new": list(new.values())}
    with connection.cursor() as cursor:
        cursor.execute(ADD_ARRIVALS, names)
    counters.refresh(wave=wave, now=moment)


def _per_unit(wave: Wave) -> dict[int, int]:
    unit_of = dict(Cell.objects.filter(wave=wave).values_list("pk", "unit_id"))
    rows = Ballot.objects.filter(wave=wave).values_list("cell").annotate(n=Count("pk"))
    total: dict[int, int] = defaultdict(int)
    for cell_id, n in rows.order_by():
        if cell_id in unit_of:  # sealing asks what a foreign ballot does there
            total[unit_of[cell_id]] += n
    return total


def mark_finished(*, wave: Wave) -> int:
    """Mark who has answered, in groups as large as a cell must be; returns how many.

    Whoever reads the database sees which marks were written together, and which
    ballots lie between two such moments: a smaller group would undercut the cell.
    """
    secret = wave_secret.read(wave)
    finished: dict[int, list[UUID]] = defaultdict(list)
    for batch in _unmarked(wave):
        keys = {
            ballots.row_key(ballots.serial_of(secret, participant)): (participant, cell)
            for participant, cell in batch
        }
        found = Ballot.objects.filter(pk__in=keys).values_list("pk", flat=True)
        for key in found:
            participant, cell = keys[key]
            finished[cell].append(participant)
    ready = [
        participant
        for people in finished.values()
        if len(people) >= wave.min_cell
        for participant in people
    ]
    return _mark(wave, ready)


@transaction.atomic
def _mark(wave: Wave, ready: list[UUID]) -> int:
    """Under the lock that sends share: sealing must not be overtaken by a late mark."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock_shared(%s, %s)", (LOCK, wave.pk))
    takes_answers = (Wave.State.OPEN, Wave.State.CLOSED)
    if not Wave.objects.filter(pk=wave.pk, state__in=takes_answers).exists():
        return 0
    people = Participant.objects.filter(pk__in=ready)
    return people.update(state=Participant.State.FINISHED)


def _unmarked(wave: Wave) -> Iterator[list[tuple[UUID, int]]]:
    people = (
        Participant.objects.filter(
            wave=wave, state=Participant.State.INVITED, cell__isnull=False
        )
        .order_by("pk")
        .values_list("pk", "cell_id")
    )
    for batch in batched(people.iterator(chunk_size=BATCH), BATCH):
        yield [(participant, cell or 0) for participant, cell in batch]


@dataclass(frozen=True)
class Participation:
    """Registered and answered, the latter in steps; None stands for "fewer than 10"."""

    unit: WaveUnit
    n_registered: int
    n_answered: int | None

    @property
    def share(self) -> float | None:
        """0–1, from the stepped count."""
        if self.n_answered is None or not self.n_registered:
            return None
        return min(1.0, self.n_answered / self.n_registered)


def participation(*, wave: Wave) -> tuple[list[Participation], datetime | None]:
    """Participation of each shown unit of the wave, and when it was counted."""
    counts = UnitCount.objects.filter(wave=wave).select_related("unit")
    rows = [
        Participation(
            unit=count.unit,
            n_registered=count.n_registered,
            n_answered=stepped(count.n_told, count.height),
        )
        for count in counts.order_by("unit__path")
    ]
    return rows, counts.aggregate(at=Max("counted_at"))["at"]


def _sums(rows: QuerySet[Any], column: str) -> dict[int, int]:
    per_unit = rows.values_list("unit").annotate(n=Sum(column)).order_by()
    return {unit_id: n or 0 for unit_id, n in per_unit}
