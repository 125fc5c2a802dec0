"""The register of a wave at the desk: send a file, have it checked, apply it."""

from __future__ import annotations

import csv
import re
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.widgets import UnfoldAdminTextInputWidget

from surveys import tasks
from surveys.errors import SurveyError
from surveys.fieldwork.frame_changes import changes_of, register_counts
from surveys.files import jobs, uploads
from surveys.files.jobfiles import MOST_MEGABYTES
from surveys.models import Job, User, Wave
from surveys.people import personal, register_jobs
from surveys.people.register_columns import FIXED, OPTIONAL, SHOWN, USUAL_STRATA
from surveys.staff.permissions import MANAGES, may_act
from surveys.views.desk import counted_words, desk_page
from surveys.views.job_words import standing
from surveys.views.table_field import TableField

TAKEN = (Wave.State.DRAFT, Wave.State.OPEN)
N_RECENT = 5
SOUGHT = "cari"
"""Who is looked for: posted, for an address is kept by browsers and in logs."""


class RegisterForm(forms.Form):
    """A file, and two questions that only people can answer."""

    file = TableField(label=gettext_lazy("Berkas CSV atau XLSX"), classes="file")
    strata = forms.CharField(
        label=gettext_lazy("Kolom pembagi kelompok (strata)"),
        required=False,
        widget=UnfoldAdminTextInputWidget(),
        help_text=gettext_lazy(
            "Nama kolom dipisah koma, yang terpenting lebih dulu. Kosongkan untuk"
            " memakai Jenis Kelamin dan Golongan bila ada."
        ),
    )
    marks_gone = forms.BooleanField(
        label=gettext_lazy("Berkas ini lengkap"),
        required=False,
        help_text=gettext_lazy(
            "Siapa pun yang tidak tercantum di dalamnya ditandai keluar."
        ),
    )

    def __init__(self, wave: Wave, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        names = list(wave.stratifiers.values_list("name", flat=True))
        if names:
            del self.fields["strata"]
        self.settled = ", ".join(names)

    def columns(self) -> list[str]:
        """The columns asked for, in order."""
        typed = self.cleaned_data.get("strata", "")
        return [part.strip() for part in re.split("[,;]", typed) if part.strip()]


def managed(request: HttpRequest, model_admin: Any, wave_id: int) -> tuple[Wave, User]:
    """A wave whose people this user may see and change; 404 for all others."""
    wave: Wave = model_admin.found(request, wave_id)
    user = request.user
    if not isinstance(user, User) or not may_act(user, wave, MANAGES):
        raise Http404
    return wave, user


def register_page(request: HttpRequest, model_admin: Any, wave_id: int) -> HttpResponse:
    """Who is registered, how to change it, and who has asked for their data."""
    wave, user = managed(request, model_admin, wave_id)
    form = RegisterForm(wave)
    typed = request.POST.get(SOUGHT, "")
    if request.method == "POST" and SOUGHT not in request.POST:
        form = RegisterForm(wave, request.POST, request.FILES)
        job = _check_started(request, form, wave, user)
        if job is not None:
            return to_job(job)
    n_people, n_left = register_counts(wave)
    recent = Job.objects.filter(
        wave=wave, kind__in=(register_jobs.CHECK, register_jobs.APPLY)
    )
    context = {
        "title": _("Daftar pegawai"),
        "original": wave,
        "crumb": _("Daftar pegawai"),
        "wave": wave,
        "form": form,
        "may_load": wave.is_online and wave.state in TAKEN,
        "most_megabytes": MOST_MEGABYTES,
        "n_people": n_people,
        "n_left": n_left,
        "counted": counted_words(timezone.now()),
        "changes": changes_of(wave),
        "columns": [SHOWN[c] for c in (*FIXED, *OPTIONAL, *USUAL_STRATA)],
        "recent": [
            (job, jobs.label_of(job.kind), standing(job))
            for job in recent.select_related("started_by")[:N_RECENT]
        ],
        "sought": SOUGHT,
        "typed": typed,
        "found": personal.find_people(wave=wave, typed=typed) if typed else [],
        "most_found": personal.MOST_FOUND,
    }
    return desk_page(request, model_admin, "surveys/desk/register_page.html", context)


def _check_started(
    request: HttpRequest, form: RegisterForm, wave: Wave, user: User
) -> Job | None:
    """The job; None with what is wrong written on the form."""
    if uploads.is_too_large(request):
        too_large = _(
            "Berkas lebih dari %(n)d MB. Bagi per unit, atau kompres dengan gzip."
        )
        form.add_error("file", too_large % {"n": MOST_MEGABYTES})
        return None
    if not form.is_valid():
        return None
    try:
        job = register_jobs.start_check(
            wave=wave,
            upload=form.cleaned_data["file"],
            strata=form.columns(),
            marks_gone=form.cleaned_data["marks_gone"],
            started_by=user,
        )
    except SurveyError as error:
        form.add_error("file", str(error))
        return None
    tasks.run_job.delay_on_commit(job.pk)  # type: ignore[attr-defined]  # a method of Celery's task for Django
    return job


def apply(
    request: HttpRequest, model_admin: Any, wave_id: int, job_id: int
) -> HttpResponse:
    """The second step over the same file; a POST only."""
    wave, user = managed(request, model_admin, wave_id)
    check = Job.objects.filter(pk=job_id, wave=wave, kind=register_jobs.CHECK).first()
    if check is None or request.method != "POST":
        raise Http404
    try:
        job = register_jobs.start_apply(check=check, started_by=user)
    except SurveyError as error:
        messages.error(request, str(error))
        return to_job(check)
    tasks.run_job.delay_on_commit(job.pk)  # type: ignore[attr-defined]  # a method of Celery's task for Django
    model_admin.log_change(request, wave, str(jobs.label_of(job.kind)))
    return to_job(job)


def empty_file(request: HttpRequest, model_admin: Any, wave_id: int) -> HttpResponse:
    """A file with the names of the columns alone, as Excel of Indonesia opens it."""
    wave, _user = managed(request, model_admin, wave_id)
    codes = list(wave.stratifiers.values_list("code", flat=True)) or USUAL_STRATA
    response = HttpResponse("\ufeff", content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="daftar-pegawai.csv"'
    columns = (*FIXED, *OPTIONAL, *codes)
    csv.writer(response, delimiter=";").writerow([SHOWN.get(c, c) for c in columns])
    return response


def to_job(job: Job) -> HttpResponseRedirect:
    """To the page where its progress is seen."""
    return HttpResponseRedirect(reverse("admin:surveys_job_change", args=[job.pk]))
