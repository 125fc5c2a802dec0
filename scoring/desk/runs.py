"""Pages of the desk around a run: start it, watch it, cancel it."""

from __future__ import annotations

from typing import Any, cast

from django import forms
from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from unfold.widgets import UnfoldAdminTextareaWidget

from scoring import tasks
from scoring.desk.checks import checks_of, digest_check
from scoring.desk.comparison import others_of
from scoring.desk.methods import methods_for
from scoring.desk.pace import left_in_words, seconds_left, work_done
from scoring.desk.releases import demand, results_url, standing, url_of_run
from scoring.models import ScoringRun
from scoring.runs import demand_sealed, start_run
from scoring.scheme import Scheme
from scoring.scheme_errors import SchemeError
from scoring.schemes_store import default_scheme, offered_scheme, store_scheme
from scoring.upkeep import cancel
from surveys.box.ballots import in_groups
from surveys.errors import SurveyError
from surveys.models import User, Wave
from surveys.staff.permissions import COMPUTES, MANAGES, may_act
from surveys.views.desk import desk_page
from surveys.views.sealing import is_quiet, moved_at

State = ScoringRun.State

TINTS = {
    State.RUNNING: "info",
    State.FINISHING: "info",
    State.REVIEWING: "attention",
    State.COMPUTED: "done",
    State.FAILED: "error",
    State.CANCELLED: "",
}
"""Badge of each state."""


# --- start ---------------------------------------------------------------------------


class StartForm(forms.Form):
    """By which method; the shipped one if nothing is chosen."""

    scheme = forms.CharField(
        label=gettext_lazy("Metode"), max_length=64, required=False
    )

    def clean_scheme(self) -> Scheme | None:
        """The method with this digest."""
        digest = self.cleaned_data["scheme"]
        found = offered_scheme(digest) if digest else None
        if digest and found is None:
            raise forms.ValidationError(_("Metode ini tidak ada. Pilih yang lain."))
        return found


def start(request: HttpRequest, model_admin: Any, wave: Wave) -> HttpResponse:
    """Look at the wave, choose a method, then compute; what blocks is said in words."""
    demand(request, wave, COMPUTES)
    form = StartForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            run = _started(cast(User, request.user), wave, form.cleaned_data["scheme"])
        except (SurveyError, SchemeError) as error:
            messages.error(request, str(error))
        else:
            model_admin.log_addition(request, run, _("Perhitungan dimulai"))
            return HttpResponseRedirect(url_of_run(run))
    checks = checks_of(wave)
    methods = methods_for(wave, chosen_in(request))
    is_blocked = any(check.is_blocked for check in checks)
    context = {
        "title": _("Hitung gelombang ini?"),
        "wave": wave,
        "checks": checks,
        "is_blocked": is_blocked,
        "form": form,
        "methods": methods,
        "may_start": not is_blocked and any(each.is_chosen for each in methods),
        "back": reverse("admin:surveys_wave_change", args=[wave.pk]),
    }
    return desk_page(request, model_admin, "scoring/desk/start.html", context)


def chosen_in(request: HttpRequest) -> str:
    """The method that was picked, or handed in right before."""
    return request.POST.get("scheme", "") or request.GET.get("metode", "")


@transaction.atomic
def _started(user: User, wave: Wave, chosen: Scheme | None) -> ScoringRun:
    demand_sealed(wave)
    scheme = store_scheme(chosen) if chosen else default_scheme()
    run = start_run(wave=wave, scheme=scheme, started_by=user)
    tasks.queue_run.delay_on_commit(run.pk)  # type: ignore[attr-defined]  # a method of Celery's task for Django
    return run


@never_cache
def digest(request: HttpRequest, wave: Wave) -> HttpResponse:
    """Whether the sealed answers still have their digest: a line of the list."""
    demand(request, wave, COMPUTES)
    context = {"check": digest_check(wave)}
    return render(request, "scoring/desk/start_check.html", context)


# --- watch ---------------------------------------------------------------------------


def monitor(request: HttpRequest, model_admin: Any, run: ScoringRun) -> HttpResponse:
    """How far a run is, what it warns of, and to whom it is open; never a score."""
    context = {
        "title": str(run),
        "original": run,
        "crumb": f"{run.wave} #{run.pk}",
        "tint": TINTS[State(run.state)],
        "digests": [
            (_("Sidik masukan"), in_groups(run.input_digest[:16])),
            (_("Sidik hasil"), in_groups(run.result_digest[:16]) or "–"),
            (_("Versi kode"), run.code_version),
        ],
        "releases": [(each, *standing(each)) for each in run.releases.all()],
        "may_open": may_act(cast(User, request.user), run.wave, MANAGES),
        "may_compare": run.state == State.COMPUTED
        and others_of(run, model_admin.get_queryset(request)).exists(),
        "may_cancel": run.may_be_cancelled
        and may_act(cast(User, request.user), run.wave, COMPUTES),
        "results_url": results_url(run.wave, cast(User, request.user)),
        **_progress(request, run),
    }
    return desk_page(request, model_admin, "scoring/desk/run.html", context)


@never_cache
def progress(request: HttpRequest, run: ScoringRun) -> HttpResponse:
    """The part of the monitor that moves, asked for every two seconds."""
    response = render(request, "scoring/desk/progress.html", _progress(request, run))
    if not run.is_running:
        response["HX-Refresh"] = "true"
    return response


def _progress(request: HttpRequest, run: ScoringRun) -> dict[str, Any]:
    found = work_done(run)
    since = moved_at(request, found["n_done"])
    if not found["n_done"]:
        since = min(since, int(run.started_at.timestamp()))
    now = timezone.now()
    is_held = run.state == State.FINISHING or (
        run.shards.filter(leased_until__gt=now).exists()
    )
    left = seconds_left(
        answers_done=found["work_done"],
        answers=found["work"],
        shards_done=found["n_done"],
        elapsed=(now - run.started_at).total_seconds(),
    )
    is_finishing = run.state == State.FINISHING or found["n_done"] == found["n_total"]
    return {
        "run": run,
        **found,
        "is_finishing": is_finishing,
        "left": "" if is_finishing else left_in_words(left),
        "since": since,
        "is_running": run.is_running,
        "is_quiet": not is_held and is_quiet(since),
    }


# --- cancel --------------------------------------------------------------------------


class CancelForm(forms.Form):
    """Why; it stays with the run."""

    reason = forms.CharField(
        label=gettext_lazy("Alasan"),
        max_length=500,
        widget=UnfoldAdminTextareaWidget(attrs={"rows": 3}),
    )


def cancel_run(request: HttpRequest, model_admin: Any, run: ScoringRun) -> HttpResponse:
    """Ask whether and why, then cancel; refused in words once the run has ended."""
    demand(request, run.wave, COMPUTES)
    if not run.may_be_cancelled:
        messages.error(request, _("Perhitungan ini sudah berakhir."))
        return HttpResponseRedirect(url_of_run(run))
    form = CancelForm(request.POST if request.method == "POST" else None)
    if not form.is_valid():
        title = _("Batalkan perhitungan ini?")
        context = {"title": title, "original": run, "run": run, "form": form}
        context |= {"crumb": f"{run.wave} #{run.pk}", "back": url_of_run(run)}
        return desk_page(request, model_admin, "scoring/desk/cancel.html", context)
    try:
        cancel(run=run, reason=form.cleaned_data["reason"])
    except SurveyError as error:
        messages.error(request, str(error))
    else:
        words = _("Perhitungan dibatalkan. Alasan: %(reason)s") % {"reason": run.error}
        model_admin.log_change(request, run, words)
        messages.success(request, words)
    return HttpResponseRedirect(url_of_run(run))
