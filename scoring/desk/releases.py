"""Pages of the desk that open what a run found, and close it again."""

from __future__ import annotations

from typing import Any, cast

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.widgets import UnfoldAdminSplitDateTimeWidget, UnfoldAdminTextareaWidget

from scoring.models import Release, ScoringRun
from scoring.permissions import reader_of
from scoring.results.reading import readings
from scoring.results.releases import demand_openable, release, withdraw
from surveys.errors import SurveyError
from surveys.models import User, Wave
from surveys.staff.permissions import MANAGES, may_act
from surveys.views.desk import desk_page

READERS = {
    Release.Audience.COMMITTEE: gettext_lazy(
        "Anggota komite membaca unit di bawah perannya, untuk menilai dan memeringkat."
    ),
    Release.Audience.OWN_UNIT: gettext_lazy(
        "Pimpinan dan koordinator membaca unitnya sendiri dan unit di bawahnya."
    ),
    Release.Audience.LEADERS: gettext_lazy(
        "Pimpinan, koordinator, dan analis membaca semua unit gelombang ini; pengelola"
        " dan operator membaca unit di bawah perannya."
    ),
    Release.Audience.PUBLIC: gettext_lazy(
        "Siapa pun membaca semua unit, juga tanpa masuk, dan sistem lain lewat API."
        " Yang sudah terbaca tidak dapat ditarik kembali."
    ),
}
"""Who sees what, in words, for each audience."""


class OpenForm(forms.Form):
    """To whom, and from when."""

    audiences = forms.MultipleChoiceField(
        label=gettext_lazy("Dibuka untuk"), choices=Release.Audience.choices
    )
    not_before = forms.SplitDateTimeField(
        label=gettext_lazy("Mulai"),
        required=False,
        help_text=gettext_lazy("Kosongkan untuk membuka sekarang."),
        widget=UnfoldAdminSplitDateTimeWidget,
    )


def open_results(
    request: HttpRequest, model_admin: Any, run: ScoringRun
) -> HttpResponse:
    """Explain who then sees what; POST opens."""
    demand(request, run.wave, MANAGES)
    if run.state != ScoringRun.State.COMPUTED:
        messages.error(request, _("Perhitungan ini belum selesai."))
        return HttpResponseRedirect(url_of_run(run))
    try:
        demand_openable(run)
    except SurveyError as error:
        messages.error(request, str(error))
        return HttpResponseRedirect(url_of_run(run))
    form = OpenForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        return _release(request, model_admin, run, form)
    opened = set(run.releases.in_force().values_list("audience", flat=True))
    chosen = set(request.POST.getlist("audiences"))
    context = {
        "title": _("Buka hasil untuk siapa?"),
        "original": run,
        "crumb": f"{run.wave} #{run.pk}",
        "run": run,
        "form": form,
        "readers": [
            {
                "value": value,
                "label": Release.Audience(value).label,
                "explanation": READERS[Release.Audience(value)],
                "is_open": value in opened,
                "is_chosen": value in chosen,
            }
            for value in Release.Audience.values
        ],
        "back": url_of_run(run),
    }
    return desk_page(request, model_admin, "scoring/desk/open.html", context)


def _release(
    request: HttpRequest, model_admin: Any, run: ScoringRun, form: OpenForm
) -> HttpResponse:
    try:
        opened = release(
            run=run,
            audiences=form.cleaned_data["audiences"],
            released_by=str(request.user),
            not_before=form.cleaned_data["not_before"],
        )
    except SurveyError as error:
        messages.error(request, str(error))
    else:
        names = ", ".join(each.get_audience_display() for each in opened)
        words = _("Hasil dibuka untuk: %(names)s.") % {"names": names}
        model_admin.log_change(request, run, words)
        messages.success(request, words)
    return HttpResponseRedirect(url_of_run(run))


class WithdrawForm(forms.Form):
    """Why; kept in the history of the release."""

    reason = forms.CharField(
        label=gettext_lazy("Alasan"),
        max_length=500,
        widget=UnfoldAdminTextareaWidget(attrs={"rows": 3}),
    )


def withdraw_release(
    request: HttpRequest, model_admin: Any, opened: Release
) -> HttpResponse:
    """Close an opened result again, with a reason."""
    demand(request, opened.run.wave, MANAGES)
    back = reverse("admin:scoring_release_changelist")
    if opened.withdrawn_at:
        messages.error(request, _("Hasil ini sudah ditarik."))
        return HttpResponseRedirect(back)
    form = WithdrawForm(request.POST if request.method == "POST" else None)
    if not form.is_valid():
        title = _("Tarik hasil ini?")
        context = {"title": title, "run": opened.run, "release": opened, "form": form}
        return desk_page(
            request,
            model_admin,
            "scoring/desk/withdraw.html",
            {**context, "back": back},
        )
    withdraw(release=opened)
    words = _("Hasil ditarik dari: %(audience)s. Alasan: %(reason)s") % {
        "audience": opened.get_audience_display(),
        "reason": form.cleaned_data["reason"],
    }
    model_admin.log_change(request, opened, words)
    messages.success(request, words)
    return HttpResponseRedirect(back)


def standing(opened: Release) -> tuple[str, str]:
    """A release's state in words, and its tint."""
    if opened.withdrawn_at:
        return _("Ditarik"), ""
    if opened.not_before > timezone.now():
        return _("Menunggu"), "attention"
    return _("Berlaku"), "done"


def url_of_run(run: ScoringRun) -> str:
    """The run's monitor."""
    return reverse("admin:scoring_scoringrun_change", args=[run.pk])


def demand(request: HttpRequest, wave: Wave, kinds: tuple[str, ...]) -> None:
    """403 unless a role of these kinds covers the whole wave."""
    if not may_act(cast(User, request.user), wave, kinds):
        raise PermissionDenied


def results_url(wave: Wave, user: User) -> str:
    """Where this user reads what was opened; nothing where they may not."""
    if not readings(reader_of(user), wave.code):
        return ""
    return reverse("results:wave", args=[wave.code])
