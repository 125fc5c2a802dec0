"""The form in which a message is written: what is asked, and with what it begins."""

from __future__ import annotations

import re
from typing import Any

from django import forms
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.widgets import (
    UnfoldAdminSplitDateTimeWidget,
    UnfoldAdminTextareaWidget,
    UnfoldAdminTextInputWidget,
)

from surveys.messages import channels, wording
from surveys.messages.mailings import Plan
from surveys.models import Mailing, Wave, WaveUnit

Kind, Channel, Audience = Mailing.Kind, Mailing.Channel, Mailing.Audience

MOST_LISTED = 300
"""Units offered to be ticked; deeper ones are named by their code."""


class MailingForm(forms.Form):
    """Kind, channel, to whom, when, and the words."""

    kind = forms.ChoiceField(choices=Kind, widget=forms.RadioSelect)
    channel = forms.ChoiceField(choices=Channel, widget=forms.RadioSelect)
    audience = forms.ChoiceField(choices=Audience, widget=forms.RadioSelect)
    units = forms.MultipleChoiceField(
        required=False, widget=forms.CheckboxSelectMultiple
    )
    unit_codes = forms.CharField(
        label=gettext_lazy("Kode unit lain"),
        required=False,
        help_text=gettext_lazy("Unit yang lebih dalam, misalnya 05.02.01; pisah koma."),
        widget=UnfoldAdminTextInputWidget,
    )
    subject = forms.CharField(
        label=gettext_lazy("Perihal"),
        required=False,
        max_length=150,
        widget=UnfoldAdminTextInputWidget,
    )
    body = forms.CharField(
        label=gettext_lazy("Isi pesan"),
        max_length=5000,
        widget=UnfoldAdminTextareaWidget(attrs={"rows": 20}),
    )
    scheduled_at = forms.SplitDateTimeField(
        label=gettext_lazy("Mulai dikirim"),
        required=False,
        help_text=gettext_lazy("Kosongkan untuk mengirim begitu disetujui."),
        widget=UnfoldAdminSplitDateTimeWidget,
    )

    def __init__(self, wave: Wave, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.wave = wave
        units = {unit.pk: unit for unit in _listed(wave)}
        chosen = {int(pk) for pk in self.initial.get("units", ())} - units.keys()
        units |= {unit.pk: unit for unit in wave.units.filter(pk__in=chosen)}
        self.choosable = units
        field = self.fields["units"]
        field.choices = [  # type: ignore[attr-defined]  # a choice field
            (pk, f"{unit.name} ({unit.code})") for pk, unit in units.items()
        ]

    def clean_unit_codes(self) -> list[WaveUnit]:
        return units_named(self.wave, self.cleaned_data["unit_codes"])

    def clean_scheduled_at(self) -> Any:
        at = self.cleaned_data["scheduled_at"]
        if at and at <= timezone.now():
            raise forms.ValidationError(
                _("Waktu ini sudah lewat; kosongkan untuk mengirim sekarang.")
            )
        if at and at >= self.wave.closes_at:
            raise forms.ValidationError(
                _("Waktu ini sesudah pengisian berakhir (%(end)s).")
                % {"end": wording.deadline_words(self.wave.closes_at)}
            )
        return at

    def plan(self) -> Plan:
        """What was asked for."""
        said = self.cleaned_data
        ticked = [self.choosable[int(pk)] for pk in said["units"]]
        units = {unit.pk: unit for unit in [*ticked, *said["unit_codes"]]}
        return Plan(
            kind=said["kind"],
            channel=said["channel"],
            audience=said["audience"],
            subject=said["subject"].strip(),
            body=said["body"].replace("\r\n", "\n").strip(),
            units=list(units.values()),
            scheduled_at=said["scheduled_at"],
        )

    @staticmethod
    def initial_of(mailing: Mailing) -> dict[str, Any]:
        """The form as it was filled in for this draft."""
        return {
            "kind": mailing.kind,
            "channel": mailing.channel,
            "audience": mailing.audience,
            "units": [str(pk) for pk in mailing.units.values_list("pk", flat=True)],
            "subject": mailing.subject,
            "body": mailing.body,
            "scheduled_at": mailing.scheduled_at,
        }


def units_named(wave: Wave, text: str) -> list[WaveUnit]:
    """The units with these codes, however they are parted; names those nobody has."""
    codes = {code for code in re.split(r"[,;\s]+", text) if code}
    found = list(wave.units.filter(code__in=codes))
    missing = sorted(codes - {unit.code for unit in found})
    if missing:
        raise forms.ValidationError(
            _("Tidak ada unit dengan kode %(codes)s di gelombang ini.")
            % {"codes": ", ".join(missing[:5])}
        )
    return found


def _listed(wave: Wave) -> list[WaveUnit]:
    """The upper two levels below the root, named groups among them, in tree order."""
    units = wave.units.exclude(parent=None).order_by("path")
    upper = units.filter(parent__parent=None) | units.filter(
        parent__parent__parent=None
    )
    return list(upper[:MOST_LISTED])


def begin_with(wave: Wave, request: HttpRequest) -> dict[str, Any]:
    """What the address asks for (kind, channel, unit), filled in from the defaults."""
    asked = request.GET
    kind = asked.get("kind", "")
    if kind not in Kind.values:
        kind = Kind.INVITATION
    channel = asked.get("channel", "")
    if channel not in Channel.values:
        channel = _usable(wave)
    subject, body = wording.default_for(kind, channel)
    unit = asked.get("unit", "")
    found = wave.units.filter(pk=unit) if unit.isdecimal() else wave.units.none()
    units = [str(pk) for pk in found.values_list("pk", flat=True)]
    audience = Audience.SHORT if kind == Kind.REMINDER else Audience.ALL
    return {
        "kind": kind,
        "channel": channel,
        "audience": Audience.CHOSEN if units else audience,
        "units": units,
        "subject": subject,
        "body": body,
    }


def _usable(wave: Wave) -> str:
    """E-mail, unless the gateway alone can be used."""
    email, gateway = (
        channels.readiness(wave, channel).is_ready
        for channel in (Channel.EMAIL, Channel.GATEWAY)
    )
    return Channel.GATEWAY if gateway and not email else Channel.EMAIL
