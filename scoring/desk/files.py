"""Pages of the desk that take a file: a method, or the evidence scores of a wave."""

from __future__ import annotations

from typing import Any, cast

import yaml
from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from scoring.desk.releases import demand
from scoring.evidence import COLUMNS, load_evidence
from scoring.models import Evidence
from scoring.schemes_store import offered_scheme, offered_schemes, take_scheme
from surveys.errors import SurveyError
from surveys.files.problems import N_LISTED, InputError, Problem
from surveys.files.small import on_disk
from surveys.models import User, Wave
from surveys.staff.permissions import COMPUTES
from surveys.views.desk import desk_page
from surveys.views.table_field import TableField

MOST_MEGABYTES = 2


class MethodForm(forms.Form):
    file = forms.FileField(
        label=gettext_lazy("Berkas YAML"),
        widget=forms.FileInput(attrs={"accept": ".yaml,.yml"}),
        error_messages={"required": gettext_lazy("Pilih berkasnya dulu.")},
    )


class EvidenceForm(forms.Form):
    file = TableField(label=gettext_lazy("Berkas CSV atau XLSX"))


def add_method(
    request: HttpRequest, model_admin: Any, wave: Wave | None
) -> HttpResponse:
    """Keep a method as a row; it then stands among the choices of every wave."""
    start = reverse("admin:scoring_scoringrun_start", args=[wave.pk]) if wave else ""
    form = MethodForm(request.POST or None, request.FILES or None)
    problems: list[Problem] = []
    if form.is_valid():
        try:
            with on_disk(form.cleaned_data["file"], megabytes=MOST_MEGABYTES) as path:
                row = take_scheme(path)
        except InputError as error:
            problems = error.problems
        except SurveyError as error:
            form.add_error("file", str(error))
        else:
            words = _("Metode dimuat dari berkas")
            model_admin.log_addition(request, row, words)
            messages.success(request, _("Metode %(name)s tersimpan.") % {"name": row})
            page = reverse("admin:scoring_scheme_change", args=[row.pk])
            chosen = f"{start}?metode={row.digest}" if start else page
            return HttpResponseRedirect(chosen)
    context = _shared(_("Muat metode"), form, problems) | {
        "add": True,
        "schemes": offered_schemes(),
        "back": start or reverse("admin:scoring_scheme_changelist"),
    }
    return desk_page(request, model_admin, "scoring/desk/method_file.html", context)


def method_file(request: HttpRequest, digest: str) -> HttpResponse:
    """A method as YAML, to be changed and handed in under another version."""
    scheme = offered_scheme(digest)
    if scheme is None:
        raise Http404
    document = scheme.model_dump(mode="json")
    text = yaml.safe_dump(document, allow_unicode=True, sort_keys=False, width=88)
    response = HttpResponse(text, content_type="application/yaml")
    name = f"{scheme.code}-v{scheme.version}.yaml"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def evidence(request: HttpRequest, model_admin: Any, wave: Wave) -> HttpResponse:
    """Take a file of units and scores; runs that follow use the latest."""
    demand(request, wave, COMPUTES)
    back = reverse("admin:scoring_scoringrun_start", args=[wave.pk])
    form = EvidenceForm(request.POST or None, request.FILES or None)
    problems: list[Problem] = []
    if form.is_valid():
        upload = form.cleaned_data["file"]
        try:
            with on_disk(upload, megabytes=MOST_MEGABYTES) as path:
                found = load_evidence(
                    wave=wave,
                    path=path,
                    name=upload.name,
                    by=cast(User, request.user),
                )
        except InputError as error:
            problems = error.problems
        except SurveyError as error:
            form.add_error("file", str(error))
        else:
            n = {"n": len(found.scores), "number": found.number}
            words = _("Nilai bukti ke-%(number)d: %(n)d unit.") % n
            messages.success(request, words)
            return HttpResponseRedirect(back)
    context = _shared(_("Muat nilai bukti"), form, problems) | {
        "original": wave,
        "crumb": _("Nilai bukti"),
        "wave": wave,
        "columns": COLUMNS,
        "kept": Evidence.objects.filter(wave=wave).select_related("uploaded_by"),
        "n_units": wave.units.count(),
        "back": back,
    }
    return desk_page(request, model_admin, "scoring/desk/evidence_file.html", context)


def _shared(title: str, form: forms.Form, problems: list[Problem]) -> dict[str, Any]:
    return {
        "title": title,
        "form": form,
        "problems": problems[:N_LISTED],
        "n_more": max(0, len(problems) - N_LISTED),
    }
