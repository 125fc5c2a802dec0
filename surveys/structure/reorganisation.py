"""Recording mergers, splits and successions, and reading them for trends."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from decimal import Decimal

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from surveys.errors import SurveyError
from surveys.models import Bridge, BridgeEnd, UnitKerja
from surveys.staff.history import because
from surveys.structure.bridges import Step
from surveys.structure.organisation import Edition, demand_not_ahead, lock_tree
from surveys.structure.units import close_unit

Kind = Bridge.Kind

ALL = Decimal(1)


@transaction.atomic
def record_bridge(
    *,
    kind: str,
    unit: UnitKerja,
    ends: Mapping[UnitKerja, Decimal | None],
    edition: Edition,
    closes: bool = False,
) -> Bridge:
    """Say that ``unit`` came out of, was split into, or is continued by ``ends``.

    ``closes``: end the units that are no more, on the day before.
    """
    lock_tree()
    day = edition.starts_on
    if day is None:
        raise SurveyError(_("Isi tanggal mulai berlakunya."))
    demand_not_ahead(day)
    _demand_sense(kind, unit, ends, day)
    sources, targets = sides(kind, unit, ends)
    _demand_existing(sources, day - timedelta(days=1))
    _demand_existing(targets, day)
    if Bridge.objects.filter(kind=kind, unit=unit, happened_on=day).exists():
        raise SurveyError(_("Peristiwa ini sudah dicatat untuk unit dan tanggal itu."))
    because(edition.reason)
    bridge = Bridge.objects.create(
        kind=kind,
        unit=unit,
        happened_on=day,
        reason=edition.reason,
        recorded_by=edition.by,
    )
    BridgeEnd.objects.bulk_create(
        BridgeEnd(bridge=bridge, unit=end, share=share) for end, share in ends.items()
    )
    if closes:
        for source in sorted(set(sources) - set(targets), key=lambda u: -len(u.path)):
            if source.valid_to is None:
                last_day = day - timedelta(days=1)
                close_unit(unit=source, last_day=last_day, edition=edition)
    return bridge


@transaction.atomic
def remove_bridge(*, bridge: Bridge, reason: str) -> None:
    """Take back what was recorded by mistake; the units themselves stay as they are."""
    because(reason)
    bridge.delete()


def sides(
    kind: str, unit: UnitKerja, ends: Iterable[UnitKerja]
) -> tuple[list[UnitKerja], list[UnitKerja]]:
    """The units before and the units after."""
    return (list(ends), [unit]) if kind == Kind.MERGE else ([unit], list(ends))


def _demand_sense(
    kind: str, unit: UnitKerja, ends: Mapping[UnitKerja, Decimal | None], day: date
) -> None:
    """What no constraint of a row can see."""
    if kind == Kind.SUCCESSION and (len(ends) != 1 or unit in ends):
        raise SurveyError(_("Pilih satu unit lain yang melanjutkan unit ini."))
    if kind == Kind.MERGE and len(ends) < 2:
        raise SurveyError(_("Penggabungan perlu paling sedikit dua unit asal."))
    if kind == Kind.SPLIT and len(ends) < 2:
        raise SurveyError(_("Pemekaran perlu paling sedikit dua unit hasil."))
    counted = [share for share in ends.values() if share is not None]
    if any(not 0 < share <= ALL for share in counted):
        raise SurveyError(_("Bagian pegawai harus di atas 0 dan paling banyak 100 %."))
    if kind == Kind.SPLIT and sum(counted) > ALL:
        raise SurveyError(_("Jumlah bagian pegawai lebih dari 100 %."))


def _demand_existing(units: Iterable[UnitKerja], day: date) -> None:
    for unit in units:
        if unit.valid_from > day or (unit.valid_to and unit.valid_to < day):
            words = {"unit": unit.code, "day": date_format(day, "j F Y")}
            raise SurveyError(_("Unit %(unit)s tidak berlaku pada %(day)s.") % words)


def bridges_at(unit: UnitKerja) -> QuerySet[Bridge]:
    """Bridges on either side of which this unit stands, newest first."""
    is_end = Exists(BridgeEnd.objects.filter(bridge=OuterRef("pk"), unit=unit))
    found = Bridge.objects.filter(Q(unit=unit) | is_end).select_related("unit")
    return found.prefetch_related("ends__unit")


def recorded_steps(*, start: date, end: date) -> list[Step]:
    """Bridges after the first day and up to the last, for ``bridge_between``."""
    bridges = Bridge.objects.filter(happened_on__gt=start, happened_on__lte=end)
    ordered = bridges.order_by("happened_on", "pk").select_related("unit")
    return [_step(bridge) for bridge in ordered.prefetch_related("ends__unit")]


def _step(bridge: Bridge) -> Step:
    ends = {end.unit: end.share for end in bridge.ends.all()}
    sources, targets = sides(bridge.kind, bridge.unit, ends)
    is_merger = bridge.kind == Kind.MERGE
    shares = {
        (end.code, bridge.unit.code) if is_merger else (bridge.unit.code, end.code): (
            float(share)
        )
        for end, share in ends.items()
        if share is not None
    }
    return Step(
        day=bridge.happened_on,
        sources=frozenset(unit.code for unit in sources),
        targets=frozenset(unit.code for unit in targets),
        shares=shares,
    )
