"""The page "Suara budaya": what a unit picked through three lenses."""

from __future__ import annotations

from typing import Any

from django.http import Http404
from django.utils.translation import gettext as _

from scoring.models import Analysis
from scoring.overlap import PAIR_NAMES
from scoring.plan import plan_of
from scoring.results.reading import Reading
from scoring.results.unit_rows import Cell, measures_of
from scoring.results.voices import MOST_PERCENT
from scoring.schemes_store import scheme_of
from scoring.votes import LENSES, LIMITING
from surveys.instruments.authoring import sheet_of
from surveys.instruments.sheet import SheetOption
from surveys.models import WaveUnit
from surveys.models.instrument import in_indonesian


def may_hear(reading: Reading, unit: WaveUnit) -> bool:
    """There is something to be told of what this unit picked."""
    if not reading.run.scheme.document.get("lenses"):
        return False
    found = Analysis.objects.filter(run=reading.run, kind=Analysis.Kind.LENSES)
    return found.filter(unit=unit).exists()


def voices_page(reading: Reading, unit: WaveUnit) -> dict[str, Any]:
    """Everything the page shows; 404 where nothing of this unit may be told."""
    rows = Analysis.objects.filter(run=reading.run, kind=Analysis.Kind.LENSES)
    row = rows.filter(unit=unit).first()
    if row is None:
        raise Http404
    document = row.document
    options = _options(reading)
    return {
        "unit": unit,
        "lenses": [
            {
                "name": name,
                "n": document["n"][lens],
                "options": _listed(document, options, lens),
            }
            for lens, name in zip(LENSES, _names(), strict=True)
        ],
        "pairs": _pairs(document),
        "limiting": reading.scores().filter(unit=unit, dimension=LIMITING).first(),
        "floors": _floors(reading, unit),
    }


def _names() -> list[str]:
    return [_("Diri sendiri"), _("Unit sekarang"), _("Unit yang diharapkan")]


def _listed(
    document: dict[str, Any], options: dict[str, SheetOption], lens: str
) -> list[dict[str, Any]]:
    """The most picked options; those that another lens has too are marked."""
    others = {
        code for name in LENSES if name != lens for code, _n in document["top"][name]
    }
    return [
        {
            "name": in_indonesian(dict(options[code].label)),
            "percent": percent,
            "is_nearly_all": percent > MOST_PERCENT,
            "is_limiting": options[code].polarity < 0,
            "is_shared": code in others,
        }
        for code, percent in document["top"][lens]
    ]


def _options(reading: Reading) -> dict[str, SheetOption]:
    sheet = sheet_of(reading.wave.instrument)
    rule = reading.run.scheme.document["lenses"]
    questions = [sheet.question(rule[name]) for name in LENSES]
    return {option.code: option for each in questions for option in each.options}


def _pairs(document: dict[str, Any]) -> list[dict[str, Any]]:
    words = {
        "personal_present": _("Diri dan unit sekarang"),
        "present_desired": _("Unit sekarang dan yang diharapkan"),
    }
    return [
        {
            "name": words[code],
            "matches": pair["matches"],
            "n_options": pair["n_options"],
            "overlap": pair["overlap"],
            "lower": pair["overlap_range"][0],
            "upper": pair["overlap_range"][1],
        }
        for code in PAIR_NAMES
        for pair in (document["pairs"][code],)
    ]


def _floors(reading: Reading, unit: WaveUnit) -> list[dict[str, Any]]:
    """Each value beside its chance floor, where votes are what is scored."""
    scheme = scheme_of(reading.run.scheme)
    plan = plan_of(sheet_of(reading.wave.instrument), scheme)
    if plan.lenses is None or not plan.is_by_votes:
        return []
    found = {row.dimension: row for row in reading.scores().filter(unit=unit)}
    rows = []
    for measure, floor in zip(measures_of(reading.run), plan.lenses.floor, strict=True):
        row = found[measure.code]
        cell = Cell(measure, row.score, row.lower, row.upper, row.band)
        rows.append({"cell": cell, "floor": float(floor)})
    return rows
