"""Longer, for a reason; and the groups and promise of a draft before it is opened."""

from __future__ import annotations

from typing import Any, cast

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _

from surveys.errors import SurveyError
from surveys.fieldwork import waves, windows
from surveys.fieldwork.previews import preview_of
from surveys.fieldwork.promise import canonical_text, promise_of, purpose_of
from surveys.models import User, Wave
from surveys.staff.permissions import MANAGES, may_act
from surveys.views.desk import desk_page, moment
from surveys.views.wave_forms import ExtensionForm
from surveys.views.wave_words import minimum_words

GROUPS_PER_PAGE = 40
NEEDS_PER_PAGE = 100


def extend(request: HttpRequest, model_admin: Any, wave: Wave) -> HttpResponse:
    """GET asks until when and why; POST extends; the history stands below."""
    user = cast(User, request.user)
    back = _entered(user, wave)
    form = ExtensionForm(request.POST or None, wave=wave)
    try:
        waves.demand(wave, Wave.State.OPEN)
        if form.is_valid():
            windows.extend(wave=wave, extended_by=user, **form.cleaned_data)
            return _extended(request, model_admin, wave, form, back)
    except SurveyError as error:
        if wave.state != Wave.State.OPEN:
            messages.error(request, str(error))
            return HttpResponseRedirect(back)
        form.add_error(None, str(error))
    context = {
        "title": _("Perpanjang"),
        "original": wave,
        "object": wave,
        "crumb": _("Perpanjang"),
        "wave": wave,
        "form": form,
        "media": model_admin.media + form.media,
        "batches": list(wave.batches.all()),
        "extensions": windows.extensions_of(wave),
        "back": back,
    }
    return desk_page(request, model_admin, "surveys/desk/wave_extend.html", context)


def _extended(
    request: HttpRequest, model_admin: Any, wave: Wave, form: ExtensionForm, back: str
) -> HttpResponse:
    end = moment(form.cleaned_data["closes_at"])
    words = _("Diperpanjang sampai %(end)s: %(why)s") % {
        "end": end,
        "why": form.cleaned_data["reason"],
    }
    model_admin.log_change(request, wave, words)
    messages.success(request, _("Diperpanjang sampai %(end)s.") % {"end": end})
    return HttpResponseRedirect(back)


def preview(request: HttpRequest, model_admin: Any, wave: Wave) -> HttpResponse:
    """Which small units would be shown together if the wave were opened now."""
    back = _entered(cast(User, request.user), wave)
    try:
        waves.demand(wave, Wave.State.DRAFT)
    except SurveyError as error:
        messages.error(request, str(error))
        return HttpResponseRedirect(back)
    found = preview_of(wave)
    sought = request.GET.get("q", "").strip()
    groups = [group for group in found.groups if group.has(sought)]
    pages = Paginator(groups, GROUPS_PER_PAGE)
    needs = [need for need in found.needs if need.has(sought)]
    context = {
        "title": _("Pratinjau kelompok"),
        "original": wave,
        "object": wave,
        "crumb": _("Pratinjau kelompok"),
        "wave": wave,
        "preview": found,
        "sought": sought,
        "groups": pages.get_page(request.GET.get("halaman")),
        "needs": Paginator(needs, NEEDS_PER_PAGE).get_page(request.GET.get("unit")),
        "minimum": minimum_words(wave),
        "purpose": purpose_of(wave),
        "back": back,
    }
    return desk_page(request, model_admin, "surveys/desk/wave_preview.html", context)


def promise(request: HttpRequest, model_admin: Any, wave: Wave) -> HttpResponse:
    """The whole promise of a draft, as opening it now would freeze it."""
    back = _entered(cast(User, request.user), wave)
    if wave.state != Wave.State.DRAFT:
        return HttpResponseRedirect(reverse("respond:promise", args=[wave.code]))
    frozen = promise_of(wave)
    context = {
        "title": _("Janji lengkap"),
        "original": wave,
        "object": wave,
        "crumb": _("Janji lengkap"),
        "wave": wave,
        "promise": frozen,
        "canonical": canonical_text(frozen),
        "lacks_purpose": not frozen["purpose"],
        "back": back,
    }
    return desk_page(request, model_admin, "surveys/desk/wave_promise.html", context)


def _entered(user: User, wave: Wave) -> str:
    """The way back, for whoever manages the whole wave."""
    if not may_act(user, wave, MANAGES):
        raise PermissionDenied
    return reverse("admin:surveys_wave_change", args=[wave.pk])
