"""Forms with which one unit is changed, and a file of units is handed in."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from decimal import Decimal
from typing import Any, cast

from django import forms
from django.core.exceptions import ValidationError
from django.urls import reverse_lazy
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.widgets import (
    UnfoldAdminSelectWidget,
    UnfoldAdminTextInputWidget,
)

from surveys.models import Bridge, UnitKerja
from surveys.models.organisation import CODE
from surveys.staff.permissions import EVERYWHERE, covers, under
from surveys.structure.levels import known_levels, new_ones, stored
from surveys.structure.organisation import Edition
from surveys.structure.placing import placed
from surveys.structure.tree import topmost
from surveys.structure.units import NAMES, since_of
from surveys.views.desk import level_words
from surveys.views.table_field import TableField
from surveys.views.unit_choice import UnitChoice


class DayInput(UnfoldAdminTextInputWidget):  # type: ignore[misc]  # unfold has no types
    """The browser's own calendar."""

    input_type = "date"

    def format_value(self, value: date | str | None) -> str | None:
        return value.isoformat() if isinstance(value, date) else value


def day_field(label: Any, **more: Any) -> forms.DateField:
    return forms.DateField(
        label=label, widget=DayInput, input_formats=["%Y-%m-%d", "%d-%m-%Y"], **more
    )


class UnitCodeField(forms.CharField):
    """A unit by its code; the page offers codes and names while one types."""

    paths: Collection[str] = ()

    def __init__(self, **options: Any) -> None:
        attrs = {
            "list": "unit-ditemukan",
            "autocomplete": "off",
            "hx-get": reverse_lazy("admin:surveys_unitkerja_found"),
            "hx-trigger": "input changed delay:250ms",
            "hx-target": "#unit-ditemukan",
        }
        super().__init__(widget=UnfoldAdminTextInputWidget(attrs=attrs), **options)

    def clean(self, value: Any) -> Any:
        code = super().clean(value)
        if not code:
            return None
        unit = UnitKerja.objects.filter(under(self.paths, "path"), code=code).first()
        if unit is None:
            words = _("Tidak ada unit berkode ini di bagian yang Anda kelola.")
            raise ValidationError(words)
        return unit


class ReasonForm(forms.Form):
    """Every change says why."""

    reason = forms.CharField(
        label=gettext_lazy("Dasar atau alasan"),
        max_length=250,
        widget=UnfoldAdminTextInputWidget,
        help_text=gettext_lazy("Misalnya nomor peraturan. Disimpan dalam riwayat."),
    )

    def __init__(self, *args: Any, unit: UnitKerja, paths: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.unit, self.paths, self.note = unit, paths, ""
        for name, field in self.fields.items():
            if isinstance(field, UnitCodeField):
                field.paths = paths
            if name in NAMES:
                field.initial = getattr(unit, name)
        self.order_fields([n for n in self.fields if n != "reason"] + ["reason"])

    def edition(self, user: Any) -> Edition:
        """When, why and by whom, as the writing functions take it."""
        is_correction = self.cleaned_data.get("is_correction")
        day = None if is_correction else self.cleaned_data.get("starts_on")
        return Edition(day, self.cleaned_data["reason"], user)


class StartsForm(ReasonForm):
    """A change from a day on."""

    starts_on = day_field(
        gettext_lazy("Berlaku mulai"),
        initial=timezone.localdate,
        help_text=gettext_lazy("Sampai hari sebelumnya, unit tercatat seperti semula."),
    )


class NamesForm(StartsForm):
    """What a unit is called."""

    name = forms.CharField(
        label=gettext_lazy("Nama"), max_length=250, widget=UnfoldAdminTextInputWidget
    )
    acronym = forms.CharField(
        label=gettext_lazy("Singkatan"),
        max_length=60,
        required=False,
        widget=UnfoldAdminTextInputWidget,
    )
    level = forms.CharField(
        label=gettext_lazy("Tingkat"),
        max_length=30,
        widget=UnfoldAdminTextInputWidget(attrs={"list": "tingkat-ada"}),
        help_text=gettext_lazy("Misalnya Eselon II."),
    )
    kind = forms.CharField(
        label=gettext_lazy("Jenis"),
        max_length=30,
        required=False,
        widget=UnfoldAdminTextInputWidget,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["level"].initial = level_words(self.unit.level)

    def clean_level(self) -> str:
        """As it is stored, however it is written; a new one is possible, and said."""
        known = known_levels()
        level = stored(self.cleaned_data["level"], known)
        if not level:
            raise ValidationError(_("Tulis nama tingkatnya, misalnya Eselon II."))
        if new_ones([level], known):
            words = _("Tingkat baru: %(level)s. Belum ada unit lain pada tingkat ini.")
            self.note = words % {"level": level_words(level)}
        return level

    def names(self) -> dict[str, str]:
        return {name: self.cleaned_data[name] for name in NAMES}


def _say_same_day(field: forms.Field, unit: UnitKerja) -> None:
    """What becomes of the old state if the change is of the day on which it began."""
    field.help_text = _(
        "Sampai hari sebelumnya, unit tercatat seperti semula. Keadaan sekarang"
        " tercatat mulai %(since)s: bila hari itu yang dipilih, keadaan lama dan"
        " alasannya hanya tampak di Riwayat perubahan."
    ) % {"since": date_format(since_of(unit), "j F Y")}


class RenameForm(NamesForm):
    is_correction = forms.BooleanField(
        label=gettext_lazy("Ini pembetulan salah ketik, bukan perubahan"),
        required=False,
        help_text=gettext_lazy("Yang lama tidak disimpan dalam riwayat unit."),
    )
    field_order = ("name", "acronym", "level", "kind", "starts_on", "is_correction")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _say_same_day(self.fields["starts_on"], self.unit)


class MoveForm(StartsForm):
    parent = UnitCodeField(
        label=gettext_lazy("Induk baru"),
        max_length=32,
        help_text=gettext_lazy("Ketik kode atau nama, lalu pilih."),
    )
    field_order = ("parent", "starts_on")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _say_same_day(self.fields["starts_on"], self.unit)


class CloseForm(ReasonForm):
    last_day = day_field(gettext_lazy("Hari terakhir"), initial=timezone.localdate)


class AddForm(NamesForm):
    code = forms.CharField(
        label=gettext_lazy("Kode"),
        max_length=32,
        validators=[CODE],
        widget=UnfoldAdminTextInputWidget,
        help_text=gettext_lazy("Pendek dan tetap; tidak dapat diubah lagi."),
    )
    field_order = ("code", "name", "acronym", "level", "kind", "starts_on")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in NAMES:
            self.fields[name].initial = ""
        self.fields["starts_on"].help_text = _("Hari pertama unit ini.")


class EndForm(forms.Form):
    """One unit on the other side of a bridge."""

    unit = UnitCodeField(label=gettext_lazy("Unit"), max_length=32, required=False)
    share = forms.DecimalField(
        label=gettext_lazy("Bagian pegawai (%)"),
        required=False,
        min_value=Decimal("0.01"),
        max_value=Decimal(100),
        max_digits=5,
        decimal_places=2,
        localize=True,
        widget=UnfoldAdminTextInputWidget(attrs={"inputmode": "decimal"}),
    )

    def __init__(self, *args: Any, paths: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        cast(UnitCodeField, self.fields["unit"]).paths = paths


class BridgeForm(StartsForm):
    kind = forms.ChoiceField(
        label=gettext_lazy("Apa yang terjadi"),
        widget=UnfoldAdminSelectWidget,
        choices=(
            (Bridge.Kind.MERGE, gettext_lazy("Unit lain digabung menjadi unit ini")),
            (Bridge.Kind.SPLIT, gettext_lazy("Unit ini dipecah menjadi unit lain")),
            (Bridge.Kind.SUCCESSION, gettext_lazy("Unit ini dilanjutkan unit lain")),
        ),
    )
    closes = forms.BooleanField(
        label=gettext_lazy("Tutup unit asal yang tidak berlanjut, per hari sebelumnya"),
        required=False,
        initial=True,
    )
    field_order = ("kind", "starts_on", "closes")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["starts_on"].help_text = _("Hari pertama susunan yang baru.")
        self.fields["kind"].initial = Bridge.Kind.MERGE


class UploadForm(forms.Form):
    """A file of units, and what it speaks of."""

    file = TableField(
        label=gettext_lazy("Berkas"),
        help_text=gettext_lazy("CSV (UTF-8) atau Excel .xlsx, satu unit per baris."),
    )
    root = UnitChoice(
        label=gettext_lazy("Untuk unit ini dan semua di bawahnya"),
        queryset=UnitKerja.objects.none(),
        required=False,
        widget=UnfoldAdminSelectWidget,
    )
    starts_on = day_field(
        gettext_lazy("Berlaku mulai"),
        required=False,
        initial=timezone.localdate,
        help_text=gettext_lazy(
            "Hari mulai perubahannya; nama dan induk lama disimpan sampai hari"
            " sebelumnya. Kosongkan bila berkas hanya membetulkan data."
        ),
    )
    reason = forms.CharField(
        label=gettext_lazy("Dasar atau alasan"),
        max_length=250,
        widget=UnfoldAdminTextInputWidget,
        help_text=gettext_lazy("Misalnya nomor peraturan. Disimpan dalam riwayat."),
    )

    def __init__(self, *args: Any, paths: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.paths = paths
        field = cast(UnitChoice, self.fields["root"])
        if EVERYWHERE in paths:
            field.queryset = UnitKerja.objects.filter(parent=None)
            field.empty_label = _("Seluruh pohon unit")
            return
        tops = UnitKerja.objects.filter(path__in=topmost(paths))
        field.queryset = placed(tops, paths)
        field.required, field.empty_label = True, None

    def clean_root(self) -> UnitKerja | None:
        root: UnitKerja | None = self.cleaned_data["root"]
        if root is not None and not covers(self.paths, root):
            raise ValidationError(_("Pilih unit yang Anda kelola."))
        return root

    def clean_starts_on(self) -> Any:
        day = self.cleaned_data["starts_on"]
        if day and day > timezone.localdate():
            raise ValidationError(_("Pilih hari ini atau sebelumnya."))
        return day


class ApplyForm(forms.Form):
    """Whether units that the file does not name end, and when."""

    closes = forms.BooleanField(required=False)
    closed_on = day_field(gettext_lazy("Ditutup per tanggal"), required=False)

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if cleaned.get("closes") and not cleaned.get("closed_on"):
            self.add_error("closed_on", _("Isi hari terakhir unit yang ditutup."))
        return cleaned
