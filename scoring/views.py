"""``/hasil/``: waves, and each unit with the units below it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from scoring.permissions import Reader, reader_of
from scoring.results import charts
from scoring.results.as_of import as_of
from scoring.results.comparisons import PageArrows, band_chance, compare_page
from scoring.results.findings import measures_heading, unit_finding
from scoring.results.journeys import journey_of, way_to
from scoring.results.reading import (
    Reading,
    awaited_wave,
    awaited_waves,
    latest_run,
    readable_wave,
    readings,
)
from scoring.results.unit_rows import (
    Measure,
    UnitRow,
    above,
    below,
    entries,
    entry_of,
    measures_of,
    readable_unit,
    rows_of,
)
from scoring.results.voices_page import may_hear
from scoring.scheme import Scheme
from scoring.schemes_store import scheme_of
from surveys.models import User, Wave, WaveUnit

WIDE, NARROW = 300, 210
"""Widths of the chart of dimensions: beside two columns, beside more."""


@never_cache
@require_safe
def waves(request: HttpRequest) -> HttpResponse:
    """Every wave this reader may read, and those whose result they wait for."""
    reader = reader_of(_user(request))
    found = readings(reader)
    opened = {reading.run.wave_id for reading in found}
    rows = entries(found)
    context = {
        "readable": [
            {"reading": reading, "row": rows.get(reading.run.wave_id)}
            for reading in found
        ],
        "awaited": [w for w in awaited_waves(reader) if w.pk not in opened],
    }
    return render(request, "scoring/waves.html", context)


@never_cache
@require_safe
def wave(request: HttpRequest, wave_code: str) -> HttpResponse:
    """The whole organisation, or the highest unit that this reader may read."""
    reader = reader_of(_user(request))
    try:
        reading = readable_wave(reader, wave_code)
    except Http404:
        return _waiting(request, reader, wave_code)
    entry = entry_of(reading)
    if entry.parent_id is not None:
        return redirect("results:unit", wave_code, entry.code)
    return _unit_page(request, reader, reading, entry)


@never_cache
@require_safe
def unit(request: HttpRequest, wave_code: str, unit_code: str) -> HttpResponse:
    """One unit, the units below it, and where it stands."""
    reader = reader_of(_user(request))
    try:
        reading = readable_wave(reader, wave_code)
    except Http404:
        return _waiting(request, reader, wave_code)
    return _unit_page(request, reader, reading, readable_unit(reading, unit_code))


def _user(request: HttpRequest) -> User | AnonymousUser:
    return request.user


def _waiting(request: HttpRequest, reader: Reader, code: str) -> HttpResponse:
    """Not opened to this reader: said to those who hold a role, 404 to the rest."""
    wave = awaited_wave(reader, code)
    context = {
        "wave": wave,
        "run": latest_run(wave) if wave.state == Wave.State.SEALED else None,
        "is_simulated": wave.is_simulated,
        "breadcrumb": [
            {"label": _("Hasil"), "url": reverse("results:waves")},
            {"label": wave.name, "url": ""},
        ],
    }
    return render(request, "scoring/waiting.html", context)


@dataclass(frozen=True)
class _Page:
    """Everything one unit's page shows."""

    reading: Reading
    unit: WaveUnit
    scheme: Scheme
    measures: list[Measure]
    row: UnitRow
    rows: list[UnitRow]
    root: UnitRow | None
    """The whole organisation, where this page shows a part of it."""
    trail: list[WaveUnit]


def _page(reading: Reading, unit: WaveUnit) -> _Page:
    measures = measures_of(reading.run)
    trail = above(reading, unit)
    root = trail[:1] if trail and trail[0].parent_id is None else []
    units = [unit, *root, *below(reading, unit)]
    row, *rest = rows_of(reading, units, measures)
    return _Page(
        reading=reading,
        unit=unit,
        scheme=scheme_of(reading.run.scheme),
        measures=measures,
        row=row,
        rows=rest[len(root) :],
        root=rest[0] if root else None,
        trail=trail,
    )


def _unit_page(
    request: HttpRequest, reader: Reader, reading: Reading, unit: WaveUnit
) -> HttpResponse:
    page = _page(reading, unit)
    way = way_to(reader, reading, page.measures, page.scheme)
    journey = journey_of(way.last_step, page.row)
    before = journey.before
    compared = compare_page(
        page.row,
        root=page.root,
        rows=page.rows,
        earlier=before.cells if before else None,
        scheme=page.scheme,
    )
    page = replace(page, rows=compared.rows)
    context: dict[str, Any] = {
        "wave": reading.wave,
        "is_simulated": reading.wave.is_simulated,
        "page": page,
        "finding": unit_finding(page.row, page.scheme),
        "heading": measures_heading(len(page.measures)),
        "values": _values(page, compared),
        "compared": compared,
        "before": before,
        "has_journey": len(journey.stops) > 1,
        "shares": _shares(page.scheme),
        "band_chance": band_chance(page.row.index, page.scheme),
        "chart_svg": _chart(page, NARROW if page.root and before else WIDE),
        "bands": _bands(page),
        "has_hidden": any(r.is_hidden and not r.shown_in for r in page.rows),
        "breadcrumb": _breadcrumb(page),
        "minimum_cell": max(reading.wave.min_cell, page.scheme.minimum_cell),
        "as_of": as_of(reading.run),
        "has_voices": may_hear(reading, unit),
    }
    return render(request, "scoring/results.html", context)


def _shares(scheme: Scheme) -> dict[str, str]:
    """Percent of the parts of a composite, as they are said."""
    if scheme.composite is None:
        return {}
    survey = 100 * scheme.composite.survey_share
    return {"survey": f"{survey:.4g}", "evidence": f"{100 - survey:.4g}"}


def _values(page: _Page, compared: PageArrows) -> list[dict[str, Any]]:
    """The dimensions of the unit at hand, each beside the whole organisation's."""
    whole = page.root.scores if page.root else (None,) * len(page.row.scores)
    columns = (page.row.scores, whole, compared.whole[1:], compared.earlier[1:])
    return [
        {"cell": cell, "whole": reference, "from_whole": above, "since": since}
        for cell, reference, above, since in zip(*columns, strict=True)
    ]


def _chart(page: _Page, width: int) -> str:
    marks = [
        charts.ScoreMark(
            cell.score,
            cell.lower,
            cell.upper,
            page.root.scores[place].score if page.root else None,
        )
        for place, cell in enumerate(page.row.scores)
    ]
    if page.root is None or width == NARROW:  # no room for words; the line below tells
        return charts.score_chart(marks, own="", reference="", width=width)
    whole = str(page.root.unit)
    return charts.score_chart(marks, own=_("unit ini"), reference=whole, width=width)


def _bands(page: _Page) -> list[dict[str, Any]]:
    """The bands from low to high, for the bar of 0 to 100."""
    ends = [band.lower for band in page.scheme.bands[:-1]]
    tops = [100.0, *ends][: len(page.scheme.bands)]
    return [
        {
            "band": band,
            "start": band.lower,
            "width": top - band.lower,
            "middle": (band.lower + top) / 2,
            "is_here": band.letter == page.row.index.band,
        }
        for band, top in zip(page.scheme.bands, tops, strict=True)
    ][::-1]


def _breadcrumb(page: _Page) -> list[dict[str, str]]:
    code = page.reading.wave.code
    steps = [{"label": _("Hasil"), "url": reverse("results:waves")}]
    steps += [
        {"label": str(unit), "url": reverse("results:unit", args=[code, unit.code])}
        for unit in page.trail
    ]
    return [*steps, {"label": str(page.unit), "url": ""}]
