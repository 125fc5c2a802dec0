"""Uploading a file of units: try it, look at what it would do, apply just that."""

from __future__ import annotations

import csv
from datetime import timedelta
from typing import Any, cast

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from surveys import tasks
from surveys.errors import SurveyError
from surveys.files import jobs
from surveys.models import Job, UnitImport, User
from surveys.staff.permissions import EVERYWHERE, MANAGES, paths_of, under
from surveys.structure.unitfile import COLUMNS, REQUIRED
from surveys.views.desk import desk_page
from surveys.views.unit_comparison import LABELS, compared
from surveys.views.unit_forms import ApplyForm, UploadForm


def upload(request: HttpRequest, model_admin: Any) -> HttpResponse:
    """The form; on POST the file is on its way to be tried."""
    user = cast(User, request.user)
    paths = paths_of(user, MANAGES)
    if not paths:
        raise PermissionDenied
    is_post = request.method == "POST"
    form = UploadForm(*((request.POST, request.FILES) if is_post else ()), paths=paths)
    if form.is_valid():
        day = form.cleaned_data["starts_on"]
        options = {
            "starts_on": day.isoformat() if day else "",
            "reason": form.cleaned_data["reason"],
        }
        try:
            return HttpResponseRedirect(
                _started(
                    kind="units_trial",
                    started_by=user,
                    root=form.cleaned_data["root"],
                    upload=form.cleaned_data["file"],
                    options=options,
                )
            )
        except SurveyError as error:
            form.add_error(None, str(error))
    context = {
        "title": _("Impor unit kerja"),
        "form": form,
        "columns": [LABELS[column] for column in COLUMNS],
        "required": [LABELS[column] for column in REQUIRED],
        "latest": _mine(paths)[:5],
    }
    return desk_page(request, model_admin, "surveys/desk/units_upload.html", context)


def empty_file(request: HttpRequest) -> HttpResponse:
    """A file with the names of the columns alone, as Excel of Indonesia opens it."""
    response = HttpResponse("\ufeff", content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="unit-kerja.csv"'
    csv.writer(response, delimiter=";").writerow(LABELS[column] for column in COLUMNS)
    return response


def _started(**job: Any) -> str:
    """Queue the work; the page on which it can be followed."""
    with transaction.atomic():
        started = jobs.start_job(**job)
        tasks.run_job.delay_on_commit(started.pk)  # type: ignore[attr-defined]  # a method of Celery's task for Django
    return reverse("admin:surveys_job_change", args=[started.pk])


def _mine(paths: list[str]) -> QuerySet[UnitImport]:
    """Trials of parts that the reader manages whole."""
    trials = UnitImport.objects.select_related("root", "tried_by", "applied_by")
    return trials if EVERYWHERE in paths else trials.filter(under(paths, "root__path"))


def trial_page(request: HttpRequest, model_admin: Any, trial_id: int) -> HttpResponse:
    """What the file would change; POST applies it."""
    user = cast(User, request.user)
    trial = _mine(paths_of(user, MANAGES)).filter(pk=trial_id).first()
    if trial is None:
        raise Http404
    last_day = trial.starts_on and trial.starts_on - timedelta(days=1)
    initial = {"closed_on": last_day or timezone.localdate()}
    data = request.POST if request.method == "POST" else None
    form = ApplyForm(data, initial=initial)
    if form.is_valid():
        closed_on = form.cleaned_data["closed_on"]
        closes = form.cleaned_data["closes"]
        options = {
            "trial": trial.pk,
            "closed_on": closed_on.isoformat() if closes else "",
        }
        job = {"kind": "units_apply", "root": trial.root, "options": options}
        try:
            return HttpResponseRedirect(_started(started_by=user, **job))
        except SurveyError as error:
            messages.error(request, str(error))
    applying = Job.objects.unfinished().filter(kind="units_apply")
    context = {
        "title": _("Perubahan dari %(file)s") % {"file": trial.file_name},
        "trial": trial,
        "form": form,
        "original": _("Impor unit kerja"),
        "applying": applying.filter(options__trial=trial.pk).first(),
        **compared(request, trial),
    }
    return desk_page(request, model_admin, "surveys/desk/units_trial.html", context)
