"""Addresses that came back to the sender, typed in or from a file."""

from __future__ import annotations

from typing import Any, cast

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.widgets import UnfoldAdminTextareaWidget

from surveys.errors import SurveyError
from surveys.messages.bounces import take_bounces
from surveys.models import User
from surveys.views.desk import desk_page, in_words
from surveys.views.mailings import wave_for

LARGEST = 2_000_000


class BounceForm(forms.Form):
    """A text with addresses in it, or a file with one."""

    text = forms.CharField(
        label=gettext_lazy("Alamat yang terpental"),
        required=False,
        max_length=LARGEST,
        help_text=gettext_lazy("Satu alamat tiap baris; teks lain boleh ikut."),
        widget=UnfoldAdminTextareaWidget(attrs={"rows": 8}),
    )
    file = forms.FileField(
        label=gettext_lazy("Atau berkas teks atau CSV"), required=False
    )

    def text_of_both(self) -> str:
        """What was typed and what the file says."""
        file = self.cleaned_data["file"]
        if file is None:
            return str(self.cleaned_data["text"])
        if file.size > LARGEST:
            raise SurveyError(_("Berkas ini lebih dari 2 MB; bagi menjadi beberapa."))
        read = file.read().decode("utf-8", errors="replace")
        return f"{self.cleaned_data['text']}\n{read}"


def bounces(request: HttpRequest, model_admin: Any) -> HttpResponse:
    """Mark the invitations to these addresses as failed."""
    wave = wave_for(cast(User, request.user), request.GET.get("wave", ""))
    form = BounceForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        try:
            taken = take_bounces(wave=wave, text=form.text_of_both())
        except SurveyError as error:
            form.add_error(None, str(error))
        else:
            words = _(
                "%(listed)s alamat dibaca; %(known)s di antaranya ada di daftar pegawai"
                " dan ditandai tidak sampai."
            )
            numbers = {
                "listed": in_words(taken.n_listed),
                "known": in_words(taken.n_known),
            }
            messages.success(request, words % numbers)
            return HttpResponseRedirect(reverse("admin:surveys_mailing_changelist"))
    context = {
        "title": _("Alamat yang terpental"),
        "wave": wave,
        "add": True,
        "form": form,
        "back": reverse("admin:surveys_mailing_changelist"),
    }
    return desk_page(
        request, model_admin, "surveys/desk/mailings/bounces.html", context
    )
