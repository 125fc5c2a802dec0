"""Analyses of a wave for those who examine it: who may, and which documents."""

from __future__ import annotations

from typing import Any

from django.http import Http404

from scoring.models import Analysis
from scoring.permissions import Reader
from scoring.results.reading import Reading, readable_wave, readings
from surveys.models import WaveUnit

Document = dict[str, Any]


def examined_wave(reader: Reader, code: str) -> Reading:
    """The wave, opened as a whole to a reader who examines it; 404 otherwise."""
    reading = readable_wave(reader, code)
    if not reading.is_examined:
        raise Http404
    return reading


def documents_of(reading: Reading) -> dict[str, Document]:
    """What was found of the whole wave, by kind."""
    rows = Analysis.objects.filter(run=reading.run, unit=None)
    return dict(rows.values_list("kind", "document"))


def order_of(reading: Reading, code: str) -> tuple[WaveUnit | None, Document]:
    """The order of the competing units or, with a code, of the units below that one."""
    rows = Analysis.objects.filter(run=reading.run, kind=Analysis.Kind.ORDER)
    chosen = rows.filter(unit__code=code) if code else rows.filter(unit=None)
    row = chosen.select_related("unit").first()
    if row is None:
        raise Http404
    return row.unit, row.document


def parents_in_order(reading: Reading) -> list[WaveUnit]:
    """Units whose children have an order of their own."""
    rows = Analysis.objects.filter(run=reading.run, kind=Analysis.Kind.ORDER)
    found = WaveUnit.objects.filter(pk__in=rows.exclude(unit=None).values("unit"))
    return list(found.order_by("path"))


def before(reader: Reader, reading: Reading) -> tuple[Reading, Document] | None:
    """The latest earlier wave with the same questionnaire that the reader examines."""
    wave = reading.wave
    for other in readings(reader):
        is_earlier = other.wave.reference_date < wave.reference_date
        is_same = other.wave.instrument.code == wave.instrument.code
        if is_earlier and is_same and other.is_examined:
            found = documents_of(other).get(Analysis.Kind.COMPARABILITY)
            return (other, found) if found else None
    return None
