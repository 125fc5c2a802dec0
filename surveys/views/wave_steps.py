"""The steps of a wave's life that start from its console, each with its own page."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from surveys import tasks
from surveys.errors import SurveyError
from surveys.fieldwork import opening, waves
from surveys.fieldwork.discarding import discard_draft
from surveys.fieldwork.previews import preview_of
from surveys.fieldwork.promise import purpose_of
from surveys.fieldwork.steps import Step
from surveys.files import jobs
from surveys.models import Participant, User, Wave
from surveys.staff.permissions import MANAGES, may_act
from surveys.views.desk import desk_page
from surveys.views.wave_words import minimum_words

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise


@dataclass(frozen=True)
class Act:
    """What one confirmed step calls, and the words for it."""

    title: _StrPromise
    button: _StrPromise
    done: _StrPromise
    entry: _StrPromise
    state: Wave.State
    call: Callable[[Wave, str], object]
    removes: bool = False
    """Nothing is left of the wave afterwards."""


def _seal(wave: Wave, _reason: str) -> None:
    """Sealing itself is the owner's work; the web only asks for it."""
    with transaction.atomic():
        waves.start_sealing(wave=wave)
        tasks.seal_wave.delay_on_commit(wave.pk)  # type: ignore[attr-defined]  # a method of Celery's task for Django


ACTS = {
    "buka": Act(
        title=gettext_lazy("Buka gelombang ini?"),
        button=gettext_lazy("Buka sekarang"),
        done=gettext_lazy("Gelombang dibuka. Jawaban diterima mulai sekarang."),
        entry=gettext_lazy("Gelombang dibuka"),
        state=Wave.State.DRAFT,
        call=lambda wave, _reason: waves.open_wave(wave=wave),
    ),
    "tutup": Act(
        title=gettext_lazy("Tutup gelombang ini?"),
        button=gettext_lazy("Tutup sekarang"),
        done=gettext_lazy("Gelombang ditutup. Tidak ada formulir baru."),
        entry=gettext_lazy("Gelombang ditutup"),
        state=Wave.State.OPEN,
        call=lambda wave, reason: waves.close_wave(wave=wave, reason=reason),
    ),
    "segel": Act(
        title=gettext_lazy("Segel kotak jawaban?"),
        button=gettext_lazy("Segel sekarang"),
        done=gettext_lazy("Penyegelan dimulai. Halaman ini menunjukkan langkahnya."),
        entry=gettext_lazy("Penyegelan dimulai"),
        state=Wave.State.CLOSED,
        call=_seal,
    ),
    "hapus": Act(
        title=gettext_lazy("Hapus rancangan ini?"),
        button=gettext_lazy("Hapus sekarang"),
        done=gettext_lazy("Rancangan dihapus."),
        entry=gettext_lazy("Rancangan dihapus"),
        state=Wave.State.DRAFT,
        call=lambda wave, _reason: discard_draft(wave=wave),
        removes=True,
    ),
}


def _url(name: str, *more: str) -> Callable[[Wave], str]:
    return lambda wave: reverse(f"admin:surveys_wave_{name}", args=[wave.pk, *more])


def _is_draft(wave: Wave) -> bool:
    return wave.state == Wave.State.DRAFT


def _lacks_people(wave: Wave) -> bool:
    is_asked = wave.is_online and _is_draft(wave)
    return is_asked and not Participant.objects.filter(wave=wave).exists()


STEPS = (
    Step(
        label=gettext_lazy("Muat daftar pegawai"),
        kinds=MANAGES,
        stands=_lacks_people,
        url=_url("register"),
        rank=0,
    ),
    Step(
        label=gettext_lazy("Buka gelombang"),
        kinds=MANAGES,
        stands=_is_draft,
        url=_url("step", "buka"),
        rank=1,
    ),
    Step(
        label=gettext_lazy("Perpanjang"),
        kinds=MANAGES,
        stands=lambda wave: wave.is_online and wave.state == Wave.State.OPEN,
        url=_url("extend"),
    ),
    Step(
        label=gettext_lazy("Ubah rancangan"),
        kinds=MANAGES,
        stands=_is_draft,
        url=_url("edit"),
    ),
    Step(
        label=gettext_lazy("Pratinjau kelompok"),
        kinds=MANAGES,
        stands=lambda wave: wave.is_online and _is_draft(wave),
        url=_url("preview"),
    ),
    Step(
        label=gettext_lazy("Tutup gelombang"),
        kinds=MANAGES,
        stands=lambda wave: wave.state == Wave.State.OPEN,
        url=_url("step", "tutup"),
        is_final=True,
    ),
    Step(
        label=gettext_lazy("Segel kotak"),
        kinds=MANAGES,
        stands=lambda wave: wave.state == Wave.State.CLOSED,
        url=_url("step", "segel"),
        rank=1,
    ),
    Step(
        label=gettext_lazy("Hapus rancangan"),
        kinds=MANAGES,
        stands=_is_draft,
        url=_url("step", "hapus"),
        is_final=True,
    ),
)


def step(request: HttpRequest, model_admin: Any, wave: Wave, slug: str) -> HttpResponse:
    """GET says what becomes final; POST does it; out of order both say why not."""
    act = ACTS.get(slug)
    if act is None:
        raise Http404
    if not may_act(cast(User, request.user), wave, MANAGES):
        raise PermissionDenied
    back = reverse("admin:surveys_wave_change", args=[wave.pk])
    try:
        waves.demand(wave, act.state)
        if request.method != "POST":
            return _confirmation(request, model_admin, wave, slug)
        if slug == "buka" and opening.is_long(wave):
            return _open_at_length(request, wave)
        act.call(wave, request.POST.get("alasan", "").replace("\0", ""))
    except SurveyError as error:
        messages.error(request, str(error) or _("Langkah ini tidak dapat dilakukan."))
        return HttpResponseRedirect(back)
    model_admin.log_change(request, wave, str(act.entry))
    messages.success(request, str(act.done))
    if act.removes:
        back = reverse("admin:surveys_wave_changelist")
    return HttpResponseRedirect(back)


def _open_at_length(request: HttpRequest, wave: Wave) -> HttpResponse:
    """On to the page of the job that opens it."""
    with transaction.atomic():
        user = cast(User, request.user)
        job = jobs.start_job(kind=opening.KIND, started_by=user, wave=wave)
        tasks.run_job.delay_on_commit(job.pk)  # type: ignore[attr-defined]  # a method of Celery's task for Django
    return HttpResponseRedirect(reverse("admin:surveys_job_change", args=[job.pk]))


def _confirmation(
    request: HttpRequest, model_admin: Any, wave: Wave, slug: str
) -> HttpResponse:
    is_early = slug == "tutup" and waves.ends_early(wave)
    preview = preview_of(wave) if slug == "buka" and wave.is_online else None
    context = {
        "title": ACTS[slug].title,
        "original": wave,
        "wave": wave,
        "act": ACTS[slug],
        "words": f"surveys/desk/steps/{slug}.html",
        "asks_reason": is_early,
        "needs_reason": is_early and not wave.is_simulated,
        "preview": preview,
        "needs": [need for need in preview.needs if need.depth < 2] if preview else [],
        "minimum": minimum_words(wave),
        "purpose": purpose_of(wave),
        "back": reverse("admin:surveys_wave_change", args=[wave.pk]),
    }
    return desk_page(request, model_admin, "surveys/desk/step.html", context)
