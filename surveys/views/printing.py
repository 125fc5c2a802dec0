"""Letters on paper: asked for with a reason, fetched once."""

from __future__ import annotations

from typing import Any, cast

from django import forms
from django.db import transaction
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http import HttpResponseRedirect as Redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.widgets import UnfoldAdminTextareaWidget

from surveys import tasks
from surveys.errors import SurveyError
from surveys.messages import letters as printed
from surveys.messages.mailing_form import units_named
from surveys.models import Job, User, Wave, WaveUnit
from surveys.staff.permissions import MANAGES, may_act
from surveys.views.desk import desk_page
from surveys.views.mailings import wave_for


class LettersForm(forms.Form):
    """Which people, and why."""

    unit_codes = forms.CharField(
        label=gettext_lazy("Hanya unit ini"),
        required=False,
        help_text=gettext_lazy(
            "Kode unit, pisah koma, titik koma, atau baris. Kosongkan untuk semua unit."
        ),
        widget=UnfoldAdminTextareaWidget(attrs={"rows": 2}),
    )
    without_email = forms.BooleanField(
        label=gettext_lazy("Hanya pegawai tanpa alamat surel"),
        required=False,
    )
    reason = forms.CharField(
        label=gettext_lazy("Untuk apa dicetak"),
        max_length=500,
        help_text=gettext_lazy("Dicatat bersama nama Anda."),
        widget=UnfoldAdminTextareaWidget(attrs={"rows": 2}),
    )

    def __init__(self, wave: Wave, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.wave = wave

    def clean_unit_codes(self) -> list[WaveUnit]:
        return units_named(self.wave, self.cleaned_data["unit_codes"])


def letters(request: HttpRequest, model_admin: Any) -> HttpResponse:
    """Ask for letters; they are written by a worker."""
    user = cast(User, request.user)
    wave = wave_for(user, request.GET.get("wave", ""))
    form = LettersForm(wave, request.POST or None)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            with transaction.atomic():
                job = printed.print_letters(
                    wave=wave,
                    units=said["unit_codes"],
                    without_email=said["without_email"],
                    reason=said["reason"],
                    started_by=user,
                )
                tasks.run_job.delay_on_commit(job.pk)  # type: ignore[attr-defined]  # a method of Celery's task for Django
        except SurveyError as error:
            form.add_error(None, str(error))
        else:
            return Redirect(reverse("admin:surveys_job_change", args=[job.pk]))
    context = {
        "title": _("Cetak surat undangan"),
        "wave": wave,
        "add": True,
        "form": form,
        "back": reverse("admin:surveys_wave_change", args=[wave.pk]),
    }
    return desk_page(
        request, model_admin, "surveys/desk/mailings/letters.html", context
    )


def fetch(request: HttpRequest, job_id: int) -> FileResponse | Redirect:
    """The ZIP, once, for whoever asked for it; POST, as reading it removes it."""
    user = cast(User, request.user)
    job = Job.objects.filter(pk=job_id, kind=printed.KIND, started_by=user).first()
    if job is None or job.wave is None or not may_act(user, job.wave, MANAGES):
        raise Http404
    file = printed.fetch(job=job, user=user) if request.method == "POST" else None
    if file is None:
        return Redirect(reverse("admin:surveys_job_change", args=[job.pk]))
    name = f"surat-{job.wave.code}-{job.pk}.zip"
    response = FileResponse(file, as_attachment=True, filename=name)
    response["Cache-Control"] = "no-store"
    return response
