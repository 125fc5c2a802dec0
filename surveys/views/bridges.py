"""Recording at the desk how units were merged, split or continued."""

from __future__ import annotations

from decimal import Decimal
from typing import Any, cast

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext as _

from surveys.errors import SurveyError
from surveys.models import Bridge, UnitKerja, User
from surveys.staff.permissions import MANAGES, covers, paths_of
from surveys.structure.reorganisation import bridges_at, record_bridge, remove_bridge
from surveys.views.desk import desk_page
from surveys.views.unit_forms import BridgeForm, EndForm, ReasonForm
from surveys.views.units import url_of

ROWS = 4
"""Empty rows offered at a time."""

MOST_ROWS = 60


def record(request: HttpRequest, model_admin: Any, unit: UnitKerja) -> HttpResponse:
    """A form with rows for the units on the other side; ``lagi`` adds rows."""
    user, paths = _manager(request, unit)
    data = request.POST if request.method == "POST" else None
    form = BridgeForm(data, unit=unit, paths=paths)
    n_rows = _n_rows(request)
    adds_rows = data is not None and "lagi" in data
    rows = [
        EndForm(data, paths=paths, prefix=f"ujung-{n}", use_required_attribute=False)
        for n in range(min(n_rows + (ROWS if adds_rows else 0), MOST_ROWS))
    ]
    if data is not None and not adds_rows:
        is_valid = all([form.is_valid(), *(row.is_valid() for row in rows)])
        if is_valid and _recorded(user, unit, form, rows):
            model_admin.log_change(request, unit, form.cleaned_data["reason"])
            messages.success(request, _("Peristiwa dicatat."))
            return HttpResponseRedirect(url_of(unit))
    context = {
        "title": _("Catat penggabungan atau pemekaran"),
        "original": unit,
        "unit": unit,
        "form": form,
        "rows": rows,
        "n_rows": len(rows),
        "may_add_rows": len(rows) < MOST_ROWS,
        "back": url_of(unit),
    }
    return desk_page(request, model_admin, "surveys/desk/unit_bridge.html", context)


def remove(
    request: HttpRequest, model_admin: Any, unit: UnitKerja, bridge_id: int
) -> HttpResponse:
    """Take back what was recorded by mistake."""
    _user, paths = _manager(request, unit)
    bridge = bridges_at(unit).filter(pk=bridge_id).first()
    if bridge is None:
        raise Http404
    if not all(covers(paths, each) for each in _units_of(bridge)):
        raise PermissionDenied
    form = ReasonForm(request.POST or None, unit=unit, paths=paths)
    if request.method == "POST" and form.is_valid():
        remove_bridge(bridge=bridge, reason=form.cleaned_data["reason"])
        words = f"{_('Catatan dihapus')}: {form.cleaned_data['reason']}"
        model_admin.log_change(request, unit, words)
        messages.success(request, _("Catatan dihapus. Unitnya sendiri tidak berubah."))
        return HttpResponseRedirect(url_of(unit))
    context = {
        "title": _("Hapus catatan peristiwa ini?"),
        "original": unit,
        "unit": unit,
        "bridge": bridge,
        "form": form,
        "back": url_of(unit),
    }
    template = "surveys/desk/unit_bridge_removal.html"
    return desk_page(request, model_admin, template, context)


def _manager(request: HttpRequest, unit: UnitKerja) -> tuple[User, list[str]]:
    user = cast(User, request.user)
    paths = paths_of(user, MANAGES)
    if not covers(paths, unit):
        raise PermissionDenied
    return user, paths


def _units_of(bridge: Bridge) -> list[UnitKerja]:
    return [bridge.unit, *(end.unit for end in bridge.ends.all())]


def _n_rows(request: HttpRequest) -> int:
    asked = request.POST.get("banyak", "")
    return int(asked) if asked.isdecimal() and len(asked) < 4 else ROWS


def _recorded(
    user: User, unit: UnitKerja, form: BridgeForm, rows: list[EndForm]
) -> bool:
    """Whether it could be; otherwise the form says why not."""
    ends: dict[UnitKerja, Decimal | None] = {}
    for row in rows:
        end, share = row.cleaned_data["unit"], row.cleaned_data["share"]
        if end is None and share is None:
            continue
        if end is None or end in ends:
            words = _("Isi kode unitnya.") if end is None else _("Unit ini dua kali.")
            row.add_error("unit", forms.ValidationError(words))
            return False
        ends[end] = share / 100 if share is not None else None
    try:
        record_bridge(
            kind=form.cleaned_data["kind"],
            unit=unit,
            ends=ends,
            edition=form.edition(user),
            closes=form.cleaned_data["closes"],
        )
    except SurveyError as error:
        form.add_error(None, str(error))
        return False
    return True
