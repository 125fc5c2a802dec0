"""The guided page of a draft: what, who, when, promise, and minimum."""

from __future__ import annotations

from typing import Any, cast

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _

from surveys.errors import SurveyError, WrongState
from surveys.fieldwork import waves, windows
from surveys.models import User, Wave
from surveys.staff.permissions import MANAGES, may_act
from surveys.views.desk import desk_page
from surveys.views.wave_forms import BatchForm, BatchForms, WaveForm, plan_of

ONE_MORE = "satu-batch-lagi"
"""Saves, and comes back with room for another batch."""


def wave_form(
    request: HttpRequest, model_admin: Any, wave: Wave | None = None
) -> HttpResponse:
    """GET shows the draft, or an empty one; POST writes all of it or nothing."""
    if wave is not None:
        if not may_act(cast(User, request.user), wave, MANAGES):
            raise PermissionDenied
        try:
            waves.demand(wave, Wave.State.DRAFT)
        except WrongState as error:
            messages.error(request, str(error))
            return HttpResponseRedirect(_console(wave))
    elif not model_admin.has_add_permission(request):
        raise PermissionDenied
    form, batches = _forms(request, model_admin, wave)
    if request.method == "POST" and form.is_valid() and batches.is_valid():
        written = _write(form, batches)
        if written is not None:
            return _written(request, model_admin, written, is_new=wave is None)
    if wave is None and (saved := _saved_already(cast(User, request.user), form)):
        messages.success(request, _("Rancangan disimpan."))
        return HttpResponseRedirect(_console(saved))
    return _page(request, model_admin, wave, form, batches)


def _forms(
    request: HttpRequest, model_admin: Any, wave: Wave | None
) -> tuple[WaveForm, Any]:
    kind: type[WaveForm] = model_admin.get_form(request, wave, change=False)
    if request.method == "POST":
        data = request.POST
        batches = (
            BatchForms(data, prefix="batch") if "batch-TOTAL_FORMS" in data else None
        )
        return kind(data, instance=wave), batches or BatchForms(
            NO_BATCHES, prefix="batch"
        )
    known = wave.batches.prefetch_related("members") if wave else []
    shown = BatchForms(initial=[plan_of(batch) for batch in known], prefix="batch")
    shown.extra = 1 if ONE_MORE in request.GET else 0
    return kind(instance=wave), shown


NO_BATCHES = {"batch-TOTAL_FORMS": "0", "batch-INITIAL_FORMS": "0"}


def _write(form: WaveForm, batches: Any) -> Wave | None:
    """The wave as it was written; None where a sentence was put on the form instead."""
    plans = [plan for each in batches for plan in [each.plan()] if plan is not None]
    try:
        with transaction.atomic():
            wave = form.save()
            windows.set_batches(wave=wave, plans=plans)
    except SurveyError as error:
        form.add_error(None, str(error))
    except ValidationError as error:
        form.add_error(None, error.messages)
    except IntegrityError:  # saved by another request in the meantime
        form.add_error("code", _("Kode ini sudah dipakai."))
    else:
        return wave
    return None


def _saved_already(user: User, form: WaveForm) -> Wave | None:
    """The draft that the first of two clicks has saved, with the same facts."""
    if not form.errors:
        return None
    code = str(form.data.get("code", "")).strip().replace("\0", "")
    draft = Wave.objects.filter(code=code, state=Wave.State.DRAFT).first()
    if draft is None or not may_act(user, draft, MANAGES):
        return None
    said = {n: v for n, v in form.cleaned_data.items() if n in waves.CHANGEABLE}
    said["seals_at"] = said.get("seals_at") or draft.seals_at
    is_same = all(getattr(draft, name) == value for name, value in said.items())
    return draft if is_same and set(form.errors) <= {"code", "__all__"} else None


def _written(
    request: HttpRequest, model_admin: Any, wave: Wave, *, is_new: bool
) -> HttpResponse:
    """On to the console, which says what the draft lacks; or to one more batch."""
    words = _("Rancangan dibuat") if is_new else _("Rancangan diubah")
    log = model_admin.log_addition if is_new else model_admin.log_change
    log(request, wave, words)
    messages.success(request, _("Rancangan disimpan."))
    if ONE_MORE in request.POST:
        edit = reverse("admin:surveys_wave_edit", args=[wave.pk])
        return HttpResponseRedirect(f"{edit}?{ONE_MORE}#batch")
    return HttpResponseRedirect(_console(wave))


def _console(wave: Wave) -> str:
    return reverse("admin:surveys_wave_change", args=[wave.pk])


def _page(
    request: HttpRequest,
    model_admin: Any,
    wave: Wave | None,
    form: WaveForm,
    batches: Any,
) -> HttpResponse:
    context = {
        "title": _("Ubah rancangan") if wave else _("Buat gelombang"),
        "crumb": _("Ubah rancangan") if wave else _("Buat gelombang"),
        "object": wave,
        "wave": wave,
        "form": form,
        "batches": batches,
        "one_more": ONE_MORE,
        "media": model_admin.media + form.media + BatchForm().media,
        "back": _console(wave) if wave else reverse("admin:surveys_wave_changelist"),
    }
    return desk_page(request, model_admin, "surveys/desk/wave_form.html", context)
