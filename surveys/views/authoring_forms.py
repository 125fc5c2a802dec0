"""Forms of the parts of a draft. They clean; what fits the draft, editing decides."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from surveys.answering.language import NAMES
from surveys.instruments.document import LARGEST, SMALLEST, Document
from surveys.instruments.proofreading import SCALE_NAME
from surveys.models import Question, UnitKerja
from surveys.models.organisation import CODE

Data = Mapping[str, Any] | None


def visible(words: str) -> None:
    """Refuse characters that nobody can see; line breaks are none of them."""
    if any(unicodedata.category(c) in ("Cc", "Cs") and c not in "\r\n" for c in words):
        raise ValidationError(_("Teks ini memuat karakter yang tidak tampak."))


class CodeField(forms.CharField):
    """Letters, digits and . _ - as they become columns of a download."""

    def __init__(self, **options: Any) -> None:
        options.setdefault("label", gettext_lazy("Kode"))
        super().__init__(max_length=40, validators=[CODE], **options)
        self.widget.attrs |= {"spellcheck": "false", "autocomplete": "off"}


class PartForm(forms.Form):
    """A form with one field for each language of each of its texts."""

    texts: Sequence[tuple[str, Any, bool]] = ()
    """Name, label and whether the first language must be filled."""

    seen = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(
        self, data: Data = None, *, languages: Sequence[str], **options: Any
    ) -> None:
        super().__init__(data, **options)
        self.languages = list(languages)
        for name, label, is_required in self.texts:
            for code in self.languages:
                self.fields[f"{name}_{code}"] = forms.CharField(
                    label=f"{label} · {NAMES.get(code, code)}",
                    required=is_required and code == self.languages[0],
                    max_length=2000,
                    validators=[visible],
                    widget=forms.Textarea(attrs={"rows": 2, "lang": code}),
                )

    def bound_texts(self, name: str) -> list[forms.BoundField]:
        return [self[f"{name}_{code}"] for code in self.languages]

    @property
    def text_groups(self) -> list[list[forms.BoundField]]:
        """The fields of each text side by side."""
        return [self.bound_texts(name) for name, _label, _is_required in self.texts]

    def text(self, name: str) -> dict[str, str]:
        """What was typed in each language, without the empty ones."""
        typed = {code: self.cleaned_data[f"{name}_{code}"] for code in self.languages}
        return {c: words.replace("\r\n", "\n") for c, words in typed.items() if words}


def typed_texts(name: str, text: Mapping[str, str]) -> dict[str, str]:
    """The initial values of a text's fields."""
    return {f"{name}_{code}": words for code, words in text.items()}


class DimensionForm(PartForm):
    texts = (
        ("name", gettext_lazy("Nama"), True),
        ("definition", gettext_lazy("Definisi"), False),
    )
    code = CodeField()


class SectionForm(PartForm):
    texts = (
        ("title", gettext_lazy("Judul bagian"), True),
        ("intro", gettext_lazy("Pengantar"), False),
    )
    code = CodeField()
    dimension = forms.ChoiceField(
        label=gettext_lazy("Nilai yang diukur"),
        required=False,
        help_text=gettext_lazy("Penilaian di bagian ini mengukur nilai itu."),
    )

    def __init__(
        self, data: Data = None, *, document: Document, **options: Any
    ) -> None:
        super().__init__(data, languages=document.languages, **options)
        self.fields["dimension"].choices = [  # type: ignore[attr-defined]  # a ChoiceField
            ("", _("tidak ada")),
            *dimension_choices(document),
        ]


def dimension_choices(document: Document) -> list[tuple[str, str]]:
    """Codes and names of the values of this draft."""
    return [
        (part.code, part.name.get("id") or part.code) for part in document.dimensions
    ]


class QuestionForm(PartForm):
    """Every field of every kind; the page shows those of the kind at hand."""

    texts = (("label", gettext_lazy("Bunyi"), True),)
    code = CodeField(help_text=gettext_lazy("Nama kolom di unduhan; jangan diulang."))
    kind = forms.ChoiceField(choices=Question.Kind.choices, widget=forms.HiddenInput)
    section = forms.ChoiceField(label=gettext_lazy("Bagian"))
    dimension = forms.ChoiceField(
        label=gettext_lazy("Nilai yang diukur"), required=False
    )
    required = forms.BooleanField(label=gettext_lazy("Wajib dijawab"), required=False)
    reversed = forms.BooleanField(
        label=gettext_lazy("Dibalik: setuju berarti buruk"), required=False
    )
    scale = forms.ChoiceField(label=gettext_lazy("Pilihan jawaban"), required=False)
    picks = forms.IntegerField(
        label=gettext_lazy("Banyak yang dipilih"),
        min_value=1,
        max_value=100,
        required=False,
    )
    minimum = forms.IntegerField(
        label=gettext_lazy("Paling kecil"), min_value=SMALLEST, required=False
    )
    maximum = forms.IntegerField(
        label=gettext_lazy("Paling besar"), max_value=LARGEST, required=False
    )

    def __init__(
        self, data: Data = None, *, document: Document, **options: Any
    ) -> None:
        super().__init__(data, languages=document.languages, **options)
        choices = {
            "section": [
                (part.code, f"{part.code} · {part.title.get('id', '')}")
                for part in document.sections
            ],
            "dimension": [("", self._no_dimension()), *dimension_choices(document)],
            "scale": [
                ("", _("pilihan sendiri, di bawah")),
                *((name, name) for name in document.scales),
            ],
        }
        for name, values in choices.items():
            self.fields[name].choices = values  # type: ignore[attr-defined]  # ChoiceFields

    @property
    def shown_kind(self) -> str:
        return str(self["kind"].value())

    def _no_dimension(self) -> str:
        is_rating = self.shown_kind == "rating"
        return _("ikut bagiannya") if is_rating else _("tidak ada")

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        kind = cleaned.get("kind")
        needed = {"pick": ("picks",), "number": ("minimum", "maximum")}
        for name in needed.get(str(kind), ()):
            if cleaned.get(name) is None and name not in self.errors:
                self.add_error(name, _("Isi kolom ini."))
        low, high = cleaned.get("minimum"), cleaned.get("maximum")
        if kind != "number" or low is None or high is None:
            return cleaned
        if not low <= high < low + LARGEST:
            self.add_error("maximum", _("Harus sama atau di atas yang terkecil."))
        return cleaned


class ScaleForm(forms.Form):
    """The name of a scale; its options are rows."""

    seen = forms.CharField(required=False, widget=forms.HiddenInput)
    name = CodeField(label=gettext_lazy("Nama skala"))

    def clean_name(self) -> str:
        name = str(self.cleaned_data["name"])
        if not SCALE_NAME.fullmatch(name):
            raise ValidationError(_("Pakai huruf, angka, . _ - tanpa spasi."))
        return name


class LanguagesField(forms.MultipleChoiceField):
    """Languages of the questionnaire; Indonesian is always one of them, and first."""

    def __init__(self, **options: Any) -> None:
        super().__init__(
            label=gettext_lazy("Bahasa"),
            choices=list(NAMES.items()),
            widget=forms.CheckboxSelectMultiple,
            required=False,
            **options,
        )

    def clean(self, value: Any) -> list[str]:
        chosen = super().clean(value)
        return ["id", *(code for code in NAMES if code in chosen and code != "id")]


class SettingsForm(PartForm):
    texts = (
        ("title", gettext_lazy("Judul"), True),
        ("note", gettext_lazy("Catatan untuk penyusun"), False),
    )
    languages_shown = LanguagesField()
    drop_texts = forms.BooleanField(required=False)


class StartForm(forms.Form):
    """The first facts of a new instrument."""

    title = forms.CharField(
        label=gettext_lazy("Judul"), max_length=250, validators=[visible]
    )
    code = CodeField(
        help_text=gettext_lazy(
            "Nama pendek tanpa spasi, tetap sama di semua versi: budaya-kerja-2026"
        )
    )
    languages = LanguagesField(initial=["id"])
    owner = forms.ModelChoiceField(
        label=gettext_lazy("Disusun untuk"),
        queryset=UnitKerja.objects.none(),
        required=False,
        empty_label=None,
    )
    has_values = forms.BooleanField(
        label=gettext_lazy("Siapkan tujuh nilai BerAKHLAK dan skala setuju"),
        required=False,
        initial=True,
    )

    def __init__(
        self, data: Data = None, *, owners: Iterable[UnitKerja], **options: Any
    ) -> None:
        super().__init__(data, **options)
        limit_owners(self, owners)


class ImportForm(forms.Form):
    """A file, and whether it may take the place of a draft."""

    file = forms.FileField(
        label=gettext_lazy("Berkas YAML atau XLSX"),
        widget=forms.FileInput(attrs={"accept": ".yaml,.yml,.xlsx"}),
    )
    owner = StartForm.base_fields["owner"]
    replace = forms.BooleanField(
        label=gettext_lazy("Ganti rancangan yang ada"), required=False
    )

    def __init__(
        self,
        data: Data = None,
        files: Any = None,
        *,
        owners: Iterable[UnitKerja],
        **options: Any,
    ) -> None:
        super().__init__(data, files, **options)
        limit_owners(self, owners)


def limit_owners(form: forms.Form, owners: Iterable[UnitKerja]) -> None:
    """Offer only the units one administers; a single one goes without saying."""
    pks = [unit.pk for unit in owners]
    if len(pks) < 2:
        del form.fields["owner"]
        return
    field = form.fields["owner"]
    assert isinstance(field, forms.ModelChoiceField)  # noqa: S101  # declared above
    field.queryset = UnitKerja.objects.filter(pk__in=pks)
    field.required = True
