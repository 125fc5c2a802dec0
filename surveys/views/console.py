"""The wave console, and the steps that start from it."""

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

from surveys import tasks, waves
from surveys.ballots import in_groups
from surveys.console import console_of, register_of
from surveys.discarding import discard_draft
from surveys.errors import SurveyError
from surveys.models import Answer, User, Wave
from surveys.permissions import DESK, MANAGES, covers, may_act, paths_of
from surveys.progress import stepped
from surveys.steps import Step, buttons_for
from surveys.views.desk import (
    TINTS,
    counted_words,
    desk_page,
    left_words,
    stepped_words,
)
from surveys.views.sealing import sealing_context

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise


def console(request: HttpRequest, model_admin: Any, wave: Wave) -> HttpResponse:
    """How a wave stands: dates, promise, participation in steps, and what is next."""
    user = cast(User, request.user)
    paths = paths_of(user, DESK)
    context: dict[str, Any] = {
        "title": wave.name,
        "original": wave,
        "wave": wave,
        "tint": TINTS[Wave.State(wave.state)],
        "left": left_words(wave),
        "buttons": buttons_for(user, wave),
        "promise_digest": in_groups(wave.promise_digest[:8].upper()),
        "is_whole": covers(paths, wave.root),
    }
    if wave.state == Wave.State.DRAFT:
        n, units = register_of(wave=wave, paths=paths)
        context |= {"n_people": n, "register": units}
    elif wave.is_online:
        context |= _participation(request, wave, paths)
    elif wave.n_answers is None:
        n_loaded = Answer.objects.filter(wave=wave).count()
        context["n_imported"] = stepped_words(stepped(n_loaded, 2))
    if wave.state == Wave.State.SEALING:
        context |= sealing_context(request, wave)
    return desk_page(request, model_admin, "surveys/desk/console.html", context)


def _participation(
    request: HttpRequest, wave: Wave, paths: list[str]
) -> dict[str, Any]:
    shown = console_of(wave=wave, paths=paths, code=request.GET.get("unit", ""))
    if shown is None:
        raise Http404
    n_all = shown.total.n_registered if shown.total else 0
    return {
        "console": shown,
        "counted": counted_words(shown.counted_at),
        "sealed_percent": 100 * (wave.n_answers or 0) // n_all if n_all else None,
    }


# --- steps ---------------------------------------------------------------------------


@dataclass(frozen=True)
class Act:
    """What one confirmed step calls, and the words for it."""

    title: _StrPromise
    button: _StrPromise
    done: _StrPromise
    entry: _StrPromise
    state: Wave.State
    call: Callable[[Wave], object]
    removes: bool = False
    """Nothing is left of the wave afterwards."""


def _seal(wave: Wave) -> None:
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
        call=lambda wave: waves.open_wave(wave=wave),
    ),
    "tutup": Act(
        title=gettext_lazy("Tutup gelombang ini?"),
        button=gettext_lazy("Tutup sekarang"),
        done=gettext_lazy("Gelombang ditutup. Tidak ada formulir baru."),
        entry=gettext_lazy("Gelombang ditutup"),
        state=Wave.State.OPEN,
        call=lambda wave: waves.close_wave(wave=wave),
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
        call=lambda wave: discard_draft(wave=wave),
        removes=True,
    ),
}


def _url(slug: str) -> Callable[[Wave], str]:
    return lambda wave: reverse("admin:surveys_wave_step", args=[wave.pk, slug])


STEPS = (
    Step(
        label=gettext_lazy("Buka gelombang"),
        kinds=MANAGES,
        stands=lambda wave: wave.state == Wave.State.DRAFT,
        url=_url("buka"),
    ),
    Step(
        label=gettext_lazy("Tutup gelombang"),
        kinds=MANAGES,
        stands=lambda wave: wave.state == Wave.State.OPEN,
        url=_url("tutup"),
        is_final=True,
    ),
    Step(
        label=gettext_lazy("Segel kotak"),
        kinds=MANAGES,
        stands=lambda wave: wave.state == Wave.State.CLOSED,
        url=_url("segel"),
        is_final=True,
    ),
    Step(
        label=gettext_lazy("Hapus rancangan"),
        kinds=MANAGES,
        stands=lambda wave: wave.state == Wave.State.DRAFT,
        url=_url("hapus"),
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
        act.call(wave)
    except SurveyError as error:
        messages.error(request, str(error) or _("Langkah ini tidak dapat dilakukan."))
        return HttpResponseRedirect(back)
    model_admin.log_change(request, wave, str(act.entry))
    messages.success(request, str(act.done))
    if act.removes:
        back = reverse("admin:surveys_wave_changelist")
    return HttpResponseRedirect(back)


def _confirmation(
    request: HttpRequest, model_admin: Any, wave: Wave, slug: str
) -> HttpResponse:
    context = {
        "title": ACTS[slug].title,
        "original": wave,
        "wave": wave,
        "act": ACTS[slug],
        "words": f"surveys/desk/steps/{slug}.html",
        "back": reverse("admin:surveys_wave_change", args=[wave.pk]),
    }
    return desk_page(request, model_admin, "surveys/desk/step.html", context)
