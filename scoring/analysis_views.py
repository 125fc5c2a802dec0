"""``/hasil/<wave>/analisis/``: how well a wave measures, how sure its order is."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from scoring.permissions import reader_of
from scoring.results.as_of import as_of
from scoring.results.examining import (
    before,
    documents_of,
    examined_wave,
    order_of,
    parents_in_order,
)
from scoring.results.measurement_page import measurement_page
from scoring.results.order_page import order_page
from scoring.results.reading import Reading, readable_wave
from scoring.results.unit_rows import readable_unit
from scoring.results.voices_page import voices_page

PARAMETER = "di"


@never_cache
@require_safe
def measurement(request: HttpRequest, wave_code: str) -> HttpResponse:
    """Whether the questionnaire measures, and whether units can be compared."""
    reader = reader_of(request.user)
    reading = examined_wave(reader, wave_code)
    documents = documents_of(reading)
    if "measurement" not in documents:
        raise Http404
    page = measurement_page(reading, documents, before(reader, reading))
    context = _frame(reading, _("Mutu pengukuran")) | {"page": page}
    return render(request, "scoring/analyses/measurement.html", context)


@never_cache
@require_safe
def order(request: HttpRequest, wave_code: str) -> HttpResponse:
    """How sure the order of the competing units is, or of those below one of them."""
    reading = examined_wave(reader_of(request.user), wave_code)
    code = request.GET.get(PARAMETER, "")
    parent, document = order_of(reading, code)
    context = _frame(reading, _("Kepastian urutan")) | {
        "page": order_page(reading, parent, document),
        "choices": _choices(reading, code),
    }
    return render(request, "scoring/analyses/order.html", context)


@never_cache
@require_safe
def voices(request: HttpRequest, wave_code: str, unit_code: str) -> HttpResponse:
    """What one unit picked through the three lenses."""
    reading = readable_wave(reader_of(request.user), wave_code)
    unit = readable_unit(reading, unit_code)
    context = _frame(reading, _("Suara budaya")) | {
        "page": voices_page(reading, unit),
    }
    return render(request, "scoring/voices.html", context)


def _frame(reading: Reading, title: str) -> dict[str, Any]:
    wave = reading.wave
    return {
        "wave": wave,
        "run": reading.run,
        "is_simulated": wave.is_simulated,
        "as_of": as_of(reading.run),
        "breadcrumb": [
            {"label": _("Hasil"), "url": reverse("results:waves")},
            {"label": wave.name, "url": reverse("results:wave", args=[wave.code])},
            {"label": title, "url": ""},
        ],
    }


def _choices(reading: Reading, code: str) -> list[dict[str, Any]]:
    address = reverse("results:order", args=[reading.wave.code])
    parents = parents_in_order(reading)
    if not parents:
        return []
    whole = {"name": _("Unit yang bersaing"), "url": address, "is_chosen": not code}
    return [whole] + [
        {
            "name": _("Di %(unit)s") % {"unit": parent},
            "url": f"{address}?{PARAMETER}={parent.code}",
            "is_chosen": parent.code == code,
        }
        for parent in parents
    ]
