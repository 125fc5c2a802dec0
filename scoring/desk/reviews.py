"""Units with flags, put before somebody who decides; no score is on this page."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, cast

from django import forms
from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.widgets import UnfoldAdminTextareaWidget

from scoring import tasks
from scoring.desk.releases import demand, url_of_run
from scoring.models import Release, Review, ScoringRun, UnitFlag
from scoring.quality.rules import QualityRule
from scoring.quality.units import ANSWERS, DEVICES, LEVEL, TIMING
from scoring.results.reviews import Case, cases_of, complete, decide, pending
from scoring.schemes_store import scheme_of
from scoring.unit_flags import ELIGIBILITY, INFORMATION
from surveys.errors import SurveyError
from surveys.models import User
from surveys.staff.permissions import MANAGES
from surveys.views.desk import desk_page

FAMILY_WORDS = {
    DEVICES: gettext_lazy("Perangkat"),
    TIMING: gettext_lazy("Waktu"),
    ANSWERS: gettext_lazy("Isi jawaban"),
    LEVEL: gettext_lazy("Tinggi dan sebaran"),
}

KIND_WORDS = {
    "devices": gettext_lazy("Banyak jawaban dari satu perangkat"),
    "burst": gettext_lazy("Jawaban datang bersamaan, di luar kebiasaan gelombang ini"),
    "even_pace": gettext_lazy("Lama mengisi hampir sama pada semua orang"),
    "duplicates": gettext_lazy(
        "Lembar jawaban mirip satu sama lain, melebihi kebetulan"
    ),
    "ceiling": gettext_lazy("Terlalu banyak lembar berisi jawaban tertinggi semua"),
    "even_spread": gettext_lazy("Jawaban terlalu seragam dibanding unit setingkat"),
    "flat_profile": gettext_lazy("Semua dimensi hampir sama, tidak seperti unit lain"),
    "jump": gettext_lazy("Naik jauh sejak gelombang lalu, bersama banyaknya jawaban"),
}
"""What a flag says. Those of the last family tell nothing of how high a score is."""

STEPS = ((0.0, "0"), (0.05, gettext_lazy("di bawah 5 %")), (0.15, "5–15 %"))


def stepped_share(share: float | None) -> str:
    """A share as it may be told: none, below 5, 5 to 15, above 15 percent."""
    if share is None:
        return "–"
    for most, words in STEPS:
        if share <= most:
            return str(words)
    return _("di atas 15 %")


class DecisionForm(forms.Form):
    """One unit, one decision, and why."""

    unit = forms.CharField(widget=forms.HiddenInput)
    decision = forms.ChoiceField(
        label=gettext_lazy("Putusan"), choices=Review.Decision.choices
    )
    reason = forms.CharField(
        label=gettext_lazy("Alasan"),
        max_length=1000,
        widget=UnfoldAdminTextareaWidget(attrs={"rows": 2}),
    )


@dataclass(frozen=True, slots=True)
class Shown:
    """A case in words."""

    case: Case
    families: list[str]
    signs: list[tuple[str, str]]
    careless: str
    is_ineligible: bool
    form: DecisionForm


def review(request: HttpRequest, model_admin: Any, run: ScoringRun) -> HttpResponse:
    """The queue of a run; POST decides one unit, or completes the review."""
    demand(request, run.wave, MANAGES)
    if "complete" in request.POST:
        return _complete(request, model_admin, run)
    form = DecisionForm(request.POST) if request.method == "POST" else None
    if form is not None and form.is_valid():
        return _decide(request, model_admin, run, form)
    cases = cases_of(run)
    context = {
        "title": _("Periksa unit bertanda"),
        "original": run,
        "crumb": f"{run.wave} #{run.pk}",
        "run": run,
        "cases": in_words(run, cases, request.POST),
        "families": scheme_of(run.scheme).quality.families,
        "is_usual": scheme_of(run.scheme).quality == QualityRule(),
        "opened": opened_elsewhere(run),
        "n_open": sum(case.review is None for case in cases),
        "is_reviewing": run.state == ScoringRun.State.REVIEWING,
        "decisions": Review.Decision.choices,
        "back": url_of_run(run),
    }
    return desk_page(request, model_admin, "scoring/desk/review.html", context)


def opened_elsewhere(run: ScoringRun) -> list[Release]:
    """Openings of other runs of the wave, in which withheld units still stand."""
    others = Release.objects.in_force().filter(run__wave=run.wave_id)
    return list(others.exclude(run=run).order_by("run_id", "pk"))


def in_words(
    run: ScoringRun, cases: list[Case], typed: Mapping[str, Any]
) -> list[Shown]:
    """Why each unit is here, without a figure that tells a score or a person.

    What was ``typed`` and could not be taken stands where it was typed.
    """
    units = [case.unit.pk for case in cases]
    others = run.flags.filter(unit__in=units, family__in=(INFORMATION, ELIGIBILITY))
    sheets = {(flag.unit_id, flag.kind): flag for flag in others}
    shown = []
    for case in cases:
        about = sheets.get((case.unit.pk, "sheets"))
        shown.append(
            Shown(
                case,
                [str(FAMILY_WORDS[family]) for family in case.families],
                [(str(KIND_WORDS[flag.kind]), _detail(flag)) for flag in case.flags],
                stepped_share(about.figures["strict"] if about else None),
                (case.unit.pk, "removal") in sheets,
                DecisionForm(
                    typed if typed.get("unit") == case.unit.code else None,
                    auto_id=f"unit-{case.unit.pk}-%s",
                ),
            )
        )
    return shown


def _detail(flag: UnitFlag) -> str:
    """How much of the unit a flag is about, in steps."""
    figures = flag.figures
    n_units = figures.get("n_units")
    if n_units is not None and (n_units > 1 or figures["share"] < 1):
        return _("%(n)d unit di dalamnya, %(share)s jawabannya") % {
            "n": n_units,
            "share": stepped_share(figures["share"]),
        }
    if flag.kind == "duplicates":
        return _("%(pairs)d pasang lembar; kebetulan jarang melebihi %(limit)d") % {
            "pairs": figures["pairs"],
            "limit": figures["limit"],
        }
    return ""


def _decide(
    request: HttpRequest, model_admin: Any, run: ScoringRun, form: DecisionForm
) -> HttpResponse:
    unit = run.wave.units.filter(code=form.cleaned_data["unit"]).first()
    try:
        if unit is None:
            raise SurveyError(_("Unit ini tidak sedang diperiksa."))
        decided = decide(
            run=run,
            unit=unit,
            decision=form.cleaned_data["decision"],
            reason=form.cleaned_data["reason"],
            decided_by=cast(User, request.user),
        )
    except SurveyError as error:
        messages.error(request, str(error))
    else:
        words = _("%(unit)s: %(decision)s. Alasan: %(reason)s") % {
            "unit": unit,
            "decision": decided.get_decision_display(),
            "reason": decided.reason,
        }
        model_admin.log_change(request, run, words)
        messages.success(request, words)
    return HttpResponseRedirect(url_of_review(run) + _next_of(run))


def _next_of(run: ScoringRun) -> str:
    """Where the next unit without a decision stands on the page."""
    left = pending(run)
    return f"#unit-{left[0].unit.pk}" if left else ""


def _complete(request: HttpRequest, model_admin: Any, run: ScoringRun) -> HttpResponse:
    try:
        with transaction.atomic():
            complete(run=run)
            tasks.queue_run.delay_on_commit(run.pk)  # type: ignore[attr-defined]  # a method of Celery's task for Django
    except SurveyError as error:
        messages.error(request, str(error))
        return HttpResponseRedirect(url_of_review(run))
    words = _("Pemeriksaan diselesaikan.")
    model_admin.log_change(request, run, words)
    messages.success(request, words)
    return HttpResponseRedirect(url_of_run(run))


def url_of_review(run: ScoringRun) -> str:
    return reverse("admin:scoring_scoringrun_review", args=[run.pk])
