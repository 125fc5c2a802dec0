"""``/hasil/…/perjalanan/``: one unit over the waves, and the units below it."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from scoring.permissions import reader_of
from scoring.results.as_of import as_of
from scoring.results.charts import ScoreMark, score_chart
from scoring.results.findings import decimal
from scoring.results.journey_arrows import with_arrows
from scoring.results.journey_charts import JourneyMark, journey_chart
from scoring.results.journeys import Journey, Stop, journey_of, way_to
from scoring.results.reading import Reading, readable_wave
from scoring.results.unit_rows import (
    above,
    below,
    measures_of,
    readable_unit,
    rows_of,
)
from scoring.schemes_store import scheme_of
from surveys.models import WaveUnit


@never_cache
@require_safe
def journey(request: HttpRequest, wave_code: str, unit_code: str) -> HttpResponse:
    """Up to this wave, newest last; 404 without an earlier wave to speak of."""
    reader = reader_of(request.user)
    reading = readable_wave(reader, wave_code)
    unit = readable_unit(reading, unit_code)
    measures = measures_of(reading.run)
    row, *rows = rows_of(reading, [unit, *below(reading, unit)], measures)
    scheme = scheme_of(reading.run.scheme)
    found = journey_of(way_to(reader, reading, measures, scheme), row, rows)
    if len(found.stops) < 2:
        raise Http404
    found = with_arrows(found, scheme)
    context: dict[str, Any] = {
        "wave": reading.wave,
        "unit": unit,
        "journey": found,
        "finding": journey_finding(unit, found),
        "measures": [_("Indeks"), *(measure.name for measure in measures)],
        "chart_svg": _chart(found),
        "below_svg": _below_chart(found),
        "breaks": [stop for stop in found.stops if stop.broken],
        "scheme": scheme,
        "is_simulated": reading.wave.is_simulated,
        "breadcrumb": _breadcrumb(reading, unit),
        "as_of": as_of(reading.run),
    }
    return render(request, "scoring/journey.html", context)


def journey_finding(unit: WaveUnit, found: Journey) -> str:
    """What the last step of the index was, and no more than its error allows."""
    last = found.stops[-1]
    words = {"unit": str(unit)}
    if last.index.score is None:
        return _("Indeks %(unit)s tidak ditampilkan") % words
    if last.broken:
        return _("Indeks %(unit)s tidak dapat dibandingkan") % words
    arrow = last.index.arrow
    if arrow is None:
        return _("Indeks %(unit)s sebelumnya tidak ditampilkan") % words
    words |= {"points": decimal(float(arrow.points)), "wave": found.stops[-2].wave.name}
    if arrow.mark == "same":
        return _("Indeks %(unit)s belum berubah sejak %(wave)s") % words
    if arrow.mark == "up":
        return _("Indeks %(unit)s naik %(points)s sejak %(wave)s") % words
    return _("Indeks %(unit)s turun %(points)s sejak %(wave)s") % words


def _chart(found: Journey) -> SafeString:
    return journey_chart(
        [
            JourneyMark(
                _label(stop),
                stop.index.score,
                stop.index.lower,
                stop.index.upper,
                bool(stop.broken),
            )
            for stop in found.stops
        ]
    )


def _label(stop: Stop) -> str:
    """Short, and different for every wave."""
    return f"{date_format(stop.wave.reference_date, 'M Y')} · {stop.wave.code}"


def _below_chart(found: Journey) -> SafeString:
    marks = [
        ScoreMark(
            each.now.score,
            each.now.lower,
            each.now.upper,
            each.before.score if each.now.score is not None else None,
        )
        for each in found.below
    ]
    return score_chart(marks, own="", reference="")


def _breadcrumb(reading: Reading, unit: WaveUnit) -> list[dict[str, str]]:
    code = reading.wave.code
    steps = [{"label": _("Hasil"), "url": reverse("results:waves")}]
    steps += [
        {"label": str(one), "url": reverse("results:unit", args=[code, one.code])}
        for one in [*above(reading, unit), unit]
    ]
    return [*steps, {"label": _("Perjalanan"), "url": ""}]
