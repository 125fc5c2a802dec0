"""When which units may answer: windows of batches, and extensions with a reason.

A window only grows once the wave is open: the promise names its end as the earliest
one. The database holds the same (migration 0016).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from surveys.errors import SurveyError
from surveys.fieldwork.waves import demand, lock_wave
from surveys.models import (
    Batch,
    BatchUnit,
    Extension,
    UnitKerja,
    User,
    Wave,
    WaveUnit,
)
from surveys.staff.history import because

Ends = list[tuple[Batch | None, datetime]]
"""What is to grow, and until when it lasts now; None stands for the wave itself."""


@dataclass(frozen=True)
class BatchPlan:
    """A batch as somebody asks for it: its window, and the tops of its units."""

    name: str
    closes_at: datetime
    opens_at: datetime | None = None
    units: Sequence[UnitKerja] = field(default_factory=tuple)


@transaction.atomic
def set_batches(*, wave: Wave, plans: Sequence[BatchPlan]) -> None:
    """Put these batches in the place of those that a draft has."""
    wave = lock_wave(wave)
    demand(wave, Wave.State.DRAFT)
    problems = problems_of(wave, plans)
    if problems:
        raise SurveyError(" ".join(problems))
    BatchUnit.objects.filter(wave=wave).delete()
    Batch.objects.filter(wave=wave).delete()
    for plan in plans:
        batch = Batch.objects.create(
            wave=wave,
            name=plan.name,
            opens_at=plan.opens_at,
            closes_at=plan.closes_at,
        )
        BatchUnit.objects.bulk_create(
            BatchUnit(wave=wave, batch=batch, unit=unit) for unit in plan.units
        )
    Wave.objects.filter(pk=wave.pk).update(windows_edition=F("windows_edition") + 1)


def problems_of(wave: Wave, plans: Sequence[BatchPlan]) -> list[str]:
    """What is wrong with these batches, each in a sentence."""
    problems = []
    names = [plan.name for plan in plans]
    homes: dict[int, str] = {}
    for plan in plans:
        words = {"batch": plan.name, "end": moment(wave.closes_at)}
        if names.count(plan.name) > 1:
            problems.append(_("Nama batch «%(batch)s» dipakai dua kali.") % words)
        if plan.opens_at and plan.opens_at >= plan.closes_at:
            problems.append(_("Batch «%(batch)s» berakhir sebelum mulai.") % words)
        if plan.closes_at > wave.closes_at:
            problems.append(
                _("Batch «%(batch)s» berakhir sesudah gelombang (%(end)s).") % words
            )
        if plan.opens_at and wave.opens_at and plan.opens_at < wave.opens_at:
            problems.append(_("Batch «%(batch)s» mulai sebelum gelombang.") % words)
        if not plan.units:
            problems.append(_("Batch «%(batch)s» belum punya unit.") % words)
        problems += _unit_problems(wave, plan, homes)
    return list(dict.fromkeys(problems))


def _unit_problems(wave: Wave, plan: BatchPlan, homes: dict[int, str]) -> list[str]:
    problems = []
    for unit in plan.units:
        words = {"batch": plan.name, "unit": str(unit), "other": homes.get(unit.pk, "")}
        if not unit.path.startswith(wave.root.path):
            problems.append(
                _("Unit «%(unit)s» pada batch «%(batch)s» di luar organisasi.") % words
            )
        if words["other"] and words["other"] != plan.name:
            problems.append(
                _("Unit «%(unit)s» ada di dua batch: %(other)s dan %(batch)s.") % words
            )
        homes[unit.pk] = plan.name
    return problems


def windows_of(wave: Wave) -> Mapping[int, Batch]:
    """The batch of each live unit that is in one, by the unit's key."""
    batches = {batch.pk: batch for batch in Batch.objects.filter(wave=wave)}
    if not batches:
        return {}
    return {unit: batches[batch] for unit, batch in _members(wave)}


def _members(wave: Wave) -> Iterable[tuple[int, int]]:
    if wave.state != Wave.State.DRAFT:
        frozen = WaveUnit.objects.filter(wave=wave, unit__isnull=False)
        for unit, batch in frozen.exclude(batch=None).values_list("unit", "batch"):
            yield unit or 0, batch or 0
        return
    tops = BatchUnit.objects.filter(wave=wave).select_related("unit")
    # The longest path last: what stands below in a batch of its own wins.
    for top in sorted(tops, key=lambda each: each.unit.path):
        inside = UnitKerja.objects.in_subtree(top.unit).values_list("pk", flat=True)
        for unit in inside:
            yield unit, top.batch_id


@transaction.atomic
def extend(
    *,
    wave: Wave,
    closes_at: datetime,
    reason: str,
    extended_by: User | None,
    batches: Sequence[Batch] = (),
) -> list[Extension]:
    """Let the wave, or only these batches, answer longer; on record, with a reason.

    A batch cannot outlast its wave: where it would, the wave grows along. The time
    between the end and the last send stays as it was promised.
    """
    wave = lock_wave(wave)
    demand(wave, Wave.State.OPEN)
    reason = reason.strip()
    if not reason:
        raise SurveyError(_("Sebutkan alasan perpanjangan."))
    if closes_at <= timezone.now():
        raise SurveyError(_("Waktu berakhir yang baru sudah lewat."))
    because(reason)
    ends = _ends(wave, batches)
    for batch, end in ends:
        if closes_at <= end:
            raise SurveyError(
                _("%(name)s berakhir %(end)s; waktu hanya dapat diperpanjang.")
                % {"name": batch or _("Gelombang"), "end": moment(end)}
            )
    if closes_at > wave.closes_at and None not in [batch for batch, _end in ends]:
        ends.append((None, wave.closes_at))
    return _write(wave, ends, closes_at, {"reason": reason, "extended_by": extended_by})


def _ends(wave: Wave, batches: Sequence[Batch]) -> Ends:
    if not batches:
        return [(None, wave.closes_at)]
    fresh = Batch.objects.filter(wave=wave, pk__in=[batch.pk for batch in batches])
    return [(batch, batch.closes_at) for batch in fresh]


def _write(
    wave: Wave,
    ends: Ends,
    closes_at: datetime,
    why: Mapping[str, Any],
) -> list[Extension]:
    """The records come first: for their sake the database allows the change."""
    longer = max(timedelta(0), closes_at - wave.closes_at)
    seals_at = wave.seals_at + longer
    records = [
        Extension.objects.create(
            wave=wave,
            batch=batch,
            closed_at_before=end,
            closes_at=closes_at,
            sealed_at_before=wave.seals_at,
            seals_at=seals_at,
            **why,
        )
        for batch, end in ends
    ]
    for batch, _end in ends:
        if batch is not None:
            Batch.objects.filter(pk=batch.pk).update(closes_at=closes_at)
    wave.closes_at, wave.seals_at = wave.closes_at + longer, seals_at
    wave.windows_edition += 1
    wave.save(update_fields=("closes_at", "seals_at", "windows_edition"))
    return records


def extensions_of(wave: Wave) -> list[Extension]:
    """Newest first, with who and what."""
    return list(wave.extensions.select_related("extended_by", "batch"))


def moment(at: datetime) -> str:
    """``20 November 2026 23.59``."""
    return date_format(timezone.localtime(at), "j F Y H.i")
