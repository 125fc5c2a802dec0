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

from surveys import ballots, wave_secret
from surveys.cells import parent_of
from surveys.copying import batched
from surveys.models import Arrival, Ballot, Cell, Participant, Wave, WaveUnit
from surveys.waves import LOCK

BATCH = 10_000


def quarter_of(moment: datetime) -> datetime:
    """The quarter of an hour that ended last."""
    return moment.replace(minute=moment.minute // 15 * 15, second=0, microsecond=0)


@transaction.atomic
def count_arrivals(*, wave: Wave, now: datetime | None = None) -> None:
    """Write what each unit gained since the last count; repeats add nothing."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_advisory_xact_lock(hashtext('arrivals'), %s)", [wave.pk]
        )
    quarter = quarter_of(now or timezone.now())
    in_box = _per_unit(wave)
    counted = _sums(Arrival.objects.filter(wave=wave), "n_new")
    for unit_id, n in sorted(in_box.items()):
        gained = n - counted.get(unit_id, 0)
        if gained > 0:
            arrival, is_new = Arrival.objects.get_or_create(
                wave=wave,
                unit_id=unit_id,
                quarter_hour=quarter,
                defaults={"n_new": gained},
            )
            if not is_new:
                arrival.n_new += gained
                arrival.save(update_fields=("n_new",))


def _per_unit(wave: Wave) -> dict[int, int]:
    unit_of = dict(Cell.objects.filter(wave=wave).values_list("pk", "unit_id"))
    rows = Ballot.objects.filter(wave=wave).values_list("cell").annotate(n=Count("pk"))
    total: dict[int, int] = defaultdict(int)
    for cell_id, n in rows.order_by():
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


def stepped(n: int, depth_from_leaf: int) -> int | None:
    """Round down to 5, coarser towards the top; None below 10.

    Totals move in larger steps than their parts, so that no part can be had by
    subtraction: 5 at the leaves, 25 above them, 100 above those.
    """
    if n < 10:
        return None
    step = (5, 25, 100)[min(depth_from_leaf, 2)]
    return n // step * step if n >= step else n // 5 * 5


def participation(*, wave: Wave) -> tuple[list[Participation], datetime | None]:
    """Participation of each shown unit of the wave, and when it was counted."""
    units = list(wave.units.filter(group=None))
    arrivals = Arrival.objects.filter(wave=wave)
    cells = Cell.objects.filter(wave=wave, merged_into=None)
    answered = _up_the_tree(units, _sums(arrivals, "n_new"))
    registered = _up_the_tree(units, _sums(cells, "n_registered"))
    heights = _heights(units)
    rows = [
        Participation(
            unit=unit,
            n_registered=registered[unit.path],
            n_answered=stepped(answered[unit.path], heights[unit.path]),
        )
        for unit in units
    ]
    return rows, arrivals.aggregate(at=Max("quarter_hour"))["at"]


def _sums(rows: QuerySet[Any], column: str) -> dict[int, int]:
    per_unit = rows.values_list("unit").annotate(n=Sum(column)).order_by()
    return {unit_id: n or 0 for unit_id, n in per_unit}


def _up_the_tree(units: list[WaveUnit], own: dict[int, int]) -> dict[str, int]:
    """Own counts plus those of everything below, by path."""
    total = {unit.path: own.get(unit.pk, 0) for unit in units}
    for path in sorted(total, key=lambda path: -path.count("/")):
        parent = parent_of(path)
        if parent in total:
            total[parent] += total[path]
    return total


def _heights(units: list[WaveUnit]) -> dict[str, int]:
    """How many levels stand below each unit."""
    heights = {unit.path: 0 for unit in units}
    for path in sorted(heights, key=lambda path: -path.count("/")):
        parent = parent_of(path)
        if parent in heights:
            heights[parent] = max(heights[parent], heights[path] + 1)
    return heights
