"""One person of a register at the desk: a copy, erasure, a new code. Never the code."""

from __future__ import annotations

import json
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.widgets import UnfoldAdminTextareaWidget

from surveys.errors import SurveyError
from surveys.models import Contact, PersonalDataAct, User, Wave
from surveys.people import personal
from surveys.staff.permissions import MANAGES, paths_of, under
from surveys.views.desk import desk_page
from surveys.views.register import managed

COPY, ERASE, NEW_CODE, LETTER, SEND = "salinan", "hapus", "kode", "surat", "kirim"


class ReasonForm(forms.Form):
    """Whatever is done with a person's data has a reason that stays on record."""

    reason = forms.CharField(
        label=gettext_lazy("Alasan"),
        max_length=500,
        widget=UnfoldAdminTextareaWidget(attrs={"rows": 2}),
        help_text=gettext_lazy(
            "Misalnya nomor surat permintaan. Tersimpan bersama nama Anda; jangan"
            " tulis data pribadi di sini."
        ),
    )


def person_page(
    request: HttpRequest, model_admin: Any, wave_id: int, person: UUID
) -> HttpResponse:
    """What we hold of one person in this wave, and what may be done with it."""
    wave, user = managed(request, model_admin, wave_id)
    contact = _contact(wave, person)
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            return _act(
                request, model_admin, contact, user, form.cleaned_data["reason"]
            )
        except SurveyError as error:
            messages.error(request, str(error))
    context = {
        "title": contact.name or contact.person_key,
        "original": wave,
        "crumb": _("Data satu orang"),
        "wave": wave,
        "contact": contact,
        "person": contact.participant,
        "form": form,
        "elsewhere": _elsewhere(contact, user),
        "acts": PersonalDataAct.objects.filter(wave=wave, participant=person)[:20],
        "may_change_code": wave.state in (Wave.State.DRAFT, Wave.State.OPEN)
        and not contact.participant.has_left,
        "may_print": wave.state == Wave.State.OPEN,
    }
    return desk_page(request, model_admin, "surveys/desk/register_person.html", context)


def _contact(wave: Wave, person: UUID) -> Contact:
    contact = personal.contacts_of(wave).filter(participant_id=person).first()
    if contact is None:
        raise Http404
    return contact


def _elsewhere(contact: Contact, user: User) -> list[Contact]:
    """The same staff number in other waves this user manages."""
    others = Contact.objects.filter(
        under(paths_of(user, MANAGES), "wave__root__path"),
        person_key=contact.person_key,
    )
    return list(others.exclude(pk=contact.pk).select_related("wave")[:20])


def _act(
    request: HttpRequest, model_admin: Any, contact: Contact, user: User, reason: str
) -> HttpResponse:
    """Do what the pressed button says."""
    asked: dict[str, Any] = {"contact": contact, "user": user, "reason": reason}
    wave, act = contact.wave, request.POST.get("act", "")
    if act == COPY:
        return _copy(personal.copy_for_person(**asked))
    if act == LETTER:
        return _letter(personal.print_link(**asked))
    if act == ERASE:
        personal.erase_contact(**asked)
        messages.success(request, _("Kontak dihapus. Tempatnya tetap, tanpa nama."))
        return _back(wave)
    if act == NEW_CODE:
        personal.change_code(**asked)
        done = _("Kode diganti; tautan lama tidak berlaku. Kirim atau cetak yang baru.")
    elif act == SEND:
        personal.send_link(**asked)
        done = _(
            "Tautan dikirim ke alamat surel yang terdaftar, paling banyak sekali dalam"
            " sepuluh menit."
        )
    else:
        raise Http404
    messages.success(request, done)
    return HttpResponseRedirect(request.path)


def _back(wave: Wave) -> HttpResponse:
    return HttpResponseRedirect(reverse("admin:surveys_wave_register", args=[wave.pk]))


def _copy(content: dict[str, Any]) -> HttpResponse:
    text = json.dumps(content, ensure_ascii=False, indent=2, default=str)
    return _file(text.encode(), "application/json", "data-pribadi.json")


def _letter(pdf: bytes) -> HttpResponse:
    return _file(pdf, "application/pdf", "surat-undangan.pdf")


def _file(content: bytes, kind: str, name: str) -> HttpResponse:
    response = HttpResponse(content, content_type=kind)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["Cache-Control"] = "no-store"
    return response
