"""Forms of the guided page: the facts of a draft, its batches, and an extension."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from django import forms
from django.conf import settings
from django.contrib import admin
from django.contrib.admin.widgets import AutocompleteSelectMultiple
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from unfold.widgets import (
    UnfoldAdminSelectWidget,
    UnfoldAdminSplitDateTimeWidget,
    UnfoldAdminTextareaWidget,
    UnfoldAdminTextInputWidget,
)

from surveys.fieldwork import waves
from surveys.fieldwork.minimums import Rule
from surveys.fieldwork.promise import purpose_of, usual_purposes
from surveys.fieldwork.windows import BatchPlan
from surveys.models import Batch, BatchUnit, UnitKerja, Wave
from surveys.views import desk
from surveys.views.unit_choice import UnitsChoice

if TYPE_CHECKING:
    ModelForm = forms.ModelForm[Wave]
else:
    ModelForm = forms.ModelForm

RuleName = Wave.MinimumRule

FIGURES: dict[str, tuple[float, str]] = {
    RuleName.SHARE: (50.0, "share_percent"),
    RuleName.NUMBER: (30.0, "number_people"),
    RuleName.SLOVIN: (5.0, "slovin_error"),
    RuleName.KREJCIE_MORGAN: (5.0, "krejcie_error"),
    RuleName.MEAN: (2.0, "mean_points"),
}
"""The field that holds the figure of each rule, and what it starts with."""

MEANINGS = {
    RuleName.SHARE: _("Patokan tetap, tanpa dasar statistik."),
    RuleName.NUMBER: _("Patokan tetap; unit yang lebih kecil: semua pegawainya."),
    RuleName.SLOVIN: _(
        "Untuk satu persentase di sekitar 50 %, dengan keyakinan kira-kira 95 %. Bukan"
        " untuk rata-rata atau indeks; dipakai karena dikenal luas."
    ),
    RuleName.KREJCIE_MORGAN: _(
        "Untuk satu persentase, keyakinan 95 %; galat 5 % sama dengan tabel tahun 1970."
    ),
    RuleName.MEAN: _(
        "Untuk rata-rata, jadi yang cocok untuk indeks 0–100, keyakinan 95 %. Simpangan"
        " baku antarorang dari gelombang lalu; 20 bila belum diketahui."
    ),
}
"""Each rule is labelled for what it is."""


def figure(label: Any, most: float) -> forms.FloatField:
    """A positive number; which one counts is said by the rule that is chosen."""
    widget = UnfoldAdminTextInputWidget(attrs={"inputmode": "decimal", "size": 6})
    return forms.FloatField(
        label=label,
        min_value=0.1,
        max_value=most,
        required=False,
        localize=True,
        widget=widget,
    )


class WaveForm(ModelForm):
    """Facts of a draft; ``save`` leaves the writing to ``surveys.fieldwork.waves``."""

    share_percent = figure(_("Persen dari pegawai unit"), 100)
    number_people = figure(_("Orang"), 100_000)
    slovin_error = figure(_("Galat, persen"), 50)
    krejcie_error = figure(_("Galat, persen"), 50)
    mean_points = figure(_("Galat, poin indeks"), 50)
    mean_spread = figure(_("Simpangan baku, poin"), 50)

    class Meta:
        model = Wave
        fields = (
            "code",
            "name",
            "instrument",
            "root",
            "source",
            "reference_date",
            "competing_level",
            "opens_at",
            "closes_at",
            "seals_at",
            "organiser",
            "contact",
            "purpose",
            "is_simulated",
            "minimum_rule",
        )
        widgets = {  # noqa: RUF012  # Django reads a plain dict
            "purpose": UnfoldAdminTextareaWidget(attrs={"rows": 2})
        }
        help_texts = {  # noqa: RUF012  # Django reads a plain dict
            "code": _("Pendek dan tetap, misalnya KDN-2026; dipakai di alamat."),
            "instrument": _("Hanya instrumen yang sudah terbit."),
            "root": _("Unit teratas; semua di bawahnya ikut."),
            "source": _("Tidak dapat diubah lagi setelah disimpan."),
            "reference_date": _("Pohon unit pada tanggal ini yang dipakai."),
            "competing_level": _("Unit pada tingkat ini yang diperingkat."),
            "opens_at": _(
                "Gelombang dibuka sendiri pada saat ini bila sudah siap. Bila kosong:"
                " dibuka dengan tombol."
            ),
            "closes_at": _("Sesudah ini tidak ada formulir baru."),
            "seals_at": _(
                "Jawaban yang menunggu sinyal diterima sampai saat ini. Bila kosong:"
                " 72 jam sesudah pengisian berakhir."
            ),
            "organiser": _("Tampil pada janji di halaman pertama."),
            "contact": _("Ke mana pegawai dapat bertanya."),
            "purpose": _(
                "Untuk apa survei ini, dalam satu kalimat. Wajib ada sebelum gelombang"
                " dibuka; sesudah itu tidak dapat diubah."
            ),
            "is_simulated": _(
                "Untuk percobaan dengan jawaban buatan. Setiap halaman diberi tanda."
            ),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["seals_at"].required = False
        self.fields["opens_at"].required = False
        levels = UnitKerja.objects.order_by("level").values_list("level", flat=True)
        self.fields["competing_level"] = forms.ChoiceField(
            label=self.fields["competing_level"].label,
            help_text=self.fields["competing_level"].help_text,
            choices=[(level, desk.level_words(level)) for level in levels.distinct()],
            initial="ESELON_I",
            widget=UnfoldAdminSelectWidget,
        )
        if self.instance.pk:
            for name in ("code", "source"):
                self.fields[name].disabled = True
            self.initial["purpose"] = purpose_of(self.instance)
        else:
            self.initial.setdefault("reference_date", timezone.localdate())
        if not self.instance.pk and settings.EMBEDDED and not settings.HAS_EMAIL:
            # A wave that is tried out: its messages go to the demo's mailbox.
            self.initial["is_simulated"] = True
        self._show_minimum()

    def usual_purposes(self) -> str:
        """JSON: by instrument what it is usually for; filled in when one is chosen."""
        offered: Any = self.fields["instrument"]
        return json.dumps(usual_purposes(offered.queryset))

    def _show_minimum(self) -> None:
        self.fields["minimum_rule"].required = False
        rule = self.instance.minimum
        shown = {name: start for start, name in FIGURES.values()}
        shown |= {"mean_spread": rule.spread, FIGURES[rule.name][1]: rule.figure}
        for name, start in shown.items():
            self.fields[name].initial = int(start) if start == int(start) else start

    def rules(self) -> list[dict[str, Any]]:
        """The cards of the minimum: each rule, what it is, and its fields."""
        chosen = self["minimum_rule"].value() or RuleName.SHARE
        return [
            {
                "name": rule.value,
                "label": rule.label,
                "meaning": MEANINGS[rule],
                "is_chosen": rule.value == chosen,
                "fields": [
                    self[FIGURES[rule][1]],
                    *([self["mean_spread"]] if rule == RuleName.MEAN else []),
                ],
            }
            for rule in RuleName
        ]

    def clean(self) -> dict[str, Any]:
        """Answers to come need time to come; simulated ones and those from afar not."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        opens_at, closes_at = cleaned.get("opens_at"), cleaned.get("closes_at")
        seals_at = cleaned.get("seals_at")
        is_online = cleaned.get("source") == Wave.Source.ONLINE
        is_real = is_online and not cleaned.get("is_simulated")
        if is_real and closes_at and closes_at <= timezone.now():
            why = gettext("Waktu berakhir pengisian sudah lewat.")
            self.add_error("closes_at", why)
        if opens_at and closes_at and opens_at >= closes_at:
            why = gettext("Pengisian harus mulai sebelum berakhir.")
            self.add_error("opens_at", why)
        if seals_at and closes_at and seals_at < closes_at:
            why = gettext("Batas kirim tidak boleh sebelum pengisian berakhir.")
            self.add_error("seals_at", why)
        self._clean_minimum(cleaned)
        return cleaned

    def _clean_minimum(self, cleaned: dict[str, Any]) -> None:
        name = cleaned.get("minimum_rule") or RuleName.SHARE
        start, field = FIGURES[name]
        if field in self.data and cleaned.get(field) is None:
            if field not in self.errors:
                self.add_error(field, gettext("Isi bilangan untuk cara yang dipilih."))
            return
        spread = cleaned.get("mean_spread") or self.instance.minimum_spread
        self.minimum = Rule(name, cleaned.get(field) or start, spread)

    def save(self, commit: bool = True) -> Wave:
        facts = {n: v for n, v in self.cleaned_data.items() if n in waves.CHANGEABLE}
        if self.instance.pk:
            draft = Wave.objects.get(pk=self.instance.pk)
            return waves.change_draft(wave=draft, minimum=self.minimum, **facts)
        fixed = {name: self.cleaned_data[name] for name in ("code", "source")}
        return waves.create_wave(minimum=self.minimum, **fixed, **facts)


class BatchForm(forms.Form):
    """One batch; a form left empty is none."""

    name = forms.CharField(
        label=_("Nama batch"), max_length=100, widget=UnfoldAdminTextInputWidget
    )
    opens_at = forms.SplitDateTimeField(
        label=_("Mulai"),
        required=False,
        help_text=_("Bila kosong: begitu gelombang dibuka."),
        widget=UnfoldAdminSplitDateTimeWidget,
    )
    closes_at = forms.SplitDateTimeField(
        label=_("Berakhir"), widget=UnfoldAdminSplitDateTimeWidget
    )
    units = UnitsChoice(
        label=_("Unit"),
        queryset=UnitKerja.objects.none(),
        help_text=_("Setiap unit dengan semua yang di bawahnya."),
    )
    DELETE = forms.BooleanField(label=_("Hapus batch ini"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        units = self.fields["units"]
        assert isinstance(units, UnitsChoice)  # noqa: S101  # declared above
        units.queryset = UnitKerja.objects.select_related("parent")
        units.widget = AutocompleteSelectMultiple(
            BatchUnit._meta.get_field("unit"), admin.site
        )
        units.widget.choices = units.choices

    def clean(self) -> dict[str, Any]:
        """Whoever removes a batch need not fill it in."""
        if self.cleaned_data.get("DELETE"):
            self._errors.clear()  # type: ignore[attr-defined]  # not in the stubs
        return self.cleaned_data

    def plan(self) -> BatchPlan | None:
        """What is asked for; None where the form was left empty, or takes it away."""
        facts = dict(self.cleaned_data)
        if not facts or facts.pop("DELETE", False):
            return None
        return BatchPlan(**{**facts, "units": list(facts["units"])})


BatchForms = forms.formset_factory(BatchForm, extra=0)


def plan_of(batch: Batch) -> dict[str, Any]:
    """A batch as the form shows it."""
    return {
        "name": batch.name,
        "opens_at": batch.opens_at,
        "closes_at": batch.closes_at,
        "units": [member.unit_id for member in batch.members.all()],
    }


class ExtensionForm(forms.Form):
    """Until when, for whom, and why."""

    closes_at = forms.SplitDateTimeField(
        label=_("Berakhir yang baru"), widget=UnfoldAdminSplitDateTimeWidget
    )
    batches = forms.ModelMultipleChoiceField(
        label=_("Untuk batch"),
        queryset=Batch.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Tanpa pilihan: unit yang tidak masuk batch mana pun."),
    )
    reason = forms.CharField(
        label=_("Alasan"),
        max_length=1000,
        widget=UnfoldAdminTextareaWidget(attrs={"rows": 3}),
        help_text=_("Disimpan dalam riwayat dan tampil pada janji kepada pegawai."),
    )

    def __init__(self, *args: Any, wave: Wave, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        batches = self.fields["batches"]
        assert isinstance(batches, forms.ModelMultipleChoiceField)  # noqa: S101  # declared above
        batches.queryset = wave.batches.all()
        if not wave.batches.exists():
            del self.fields["batches"]
