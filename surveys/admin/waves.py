"""Waves: a list, a form for a new draft, and the console as the page of each."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import admin, messages
from django.db.models import Case, Model, Q, QuerySet, Value, When
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display
from unfold.widgets import UnfoldAdminSelectWidget

from surveys import waves
from surveys.admin.scoped import ScopedAdmin, badge, simulated, user_of
from surveys.console import answered_in_steps, with_counts
from surveys.models import Instrument, UnitKerja, Wave
from surveys.permissions import DESK, MANAGES, paths_of, touched, under
from surveys.steps import offer
from surveys.views import console, desk
from surveys.views.sealing import sealing

offer(*console.STEPS)

if TYPE_CHECKING:
    ModelForm = forms.ModelForm[Wave]
else:
    ModelForm = forms.ModelForm


class WaveForm(ModelForm):
    """Facts of a draft; ``save`` leaves the writing to ``waves.create_wave``."""

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
            "closes_at",
            "seals_at",
            "organiser",
            "contact",
            "is_simulated",
        )
        help_texts = {  # noqa: RUF012  # Django reads a plain dict
            "code": _("Pendek dan tetap, misalnya KDN-2026; dipakai di alamat."),
            "instrument": _("Hanya instrumen yang sudah terbit."),
            "root": _("Unit teratas; semua di bawahnya ikut."),
            "source": _("Tidak dapat diubah lagi setelah disimpan."),
            "reference_date": _("Pohon unit pada tanggal ini yang dipakai."),
            "competing_level": _("Unit pada tingkat ini yang diperingkat."),
            "closes_at": _("Sesudah ini tidak ada formulir baru."),
            "seals_at": _(
                "Jawaban yang menunggu sinyal diterima sampai saat ini. Bila kosong:"
                " 72 jam sesudah pengisian berakhir."
            ),
            "organiser": _("Tampil pada janji di halaman pertama."),
            "contact": _("Ke mana pegawai dapat bertanya."),
            "is_simulated": _(
                "Untuk percobaan dengan jawaban buatan. Setiap halaman diberi tanda."
            ),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["seals_at"].required = False
        levels = UnitKerja.objects.order_by("level").values_list("level", flat=True)
        self.fields["competing_level"] = forms.ChoiceField(
            label=self.fields["competing_level"].label,
            help_text=self.fields["competing_level"].help_text,
            choices=[(level, desk.level_words(level)) for level in levels.distinct()],
            initial="ESELON_I",
            widget=UnfoldAdminSelectWidget,
        )

    def clean(self) -> dict[str, Any]:
        """Answers to come need time to come; simulated ones and those from afar not."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        closes_at = cleaned.get("closes_at")
        is_online = cleaned.get("source") == Wave.Source.ONLINE
        is_real = is_online and not cleaned.get("is_simulated")
        if is_real and closes_at and closes_at <= timezone.now():
            why = gettext("Waktu berakhir pengisian sudah lewat.")
            self.add_error("closes_at", why)
        return cleaned

    def save(self, commit: bool = True) -> Wave:
        self.instance = waves.create_wave(**self.cleaned_data)
        self.save_m2m = self._save_m2m  # type: ignore[method-assign,attr-defined]  # as ModelForm does
        return self.instance


@admin.register(Wave)
class WaveAdmin(ScopedAdmin):
    """The page of a wave is its console; every act is a step with its own page."""

    reads = DESK
    writes = MANAGES
    form = WaveForm
    lead = _("Satu gelombang adalah satu kali survei, dari undangan sampai hasil.")
    empty_title = _("Belum ada gelombang")
    empty_text = _(
        "Gelombang adalah satu kali survei, dari undangan sampai hasil. Siapkan"
        " instrumen dan unit kerja dulu."
    )
    add_label = _("Buat gelombang")
    autocomplete_fields = ("root",)
    list_display = ("wave", "state_badge", "source", "closes", "answered")
    list_filter = ("state", "source")
    search_fields = ("code", "name")
    search_help_text = _("Cari nama atau kode")
    fieldsets = (
        (_("Apa"), {"fields": (("name", "code"), ("instrument", "source"))}),
        (
            _("Siapa"),
            {"fields": (("root", "reference_date"), "competing_level")},
        ),
        (_("Kapan"), {"fields": ("closes_at", "seals_at")}),
        (_("Janji"), {"fields": (("organiser", "contact"), "is_simulated")}),
    )

    def within(self, paths: list[str]) -> Q:
        return touched(paths)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Wave]:
        rows: QuerySet[Wave] = super().get_queryset(request)
        whole = under(paths_of(user_of(request), self.reads), "root__path")
        is_whole = Case(When(whole, then=Value(True)), default=Value(False))
        rows = rows.select_related("root", "instrument").annotate(is_whole=is_whole)
        return with_counts(rows)

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view
        return [
            path(
                "<int:wave_id>/langkah/<slug:slug>/",
                view(self.step_view),
                name="surveys_wave_step",
            ),
            path(
                "<int:wave_id>/penyegelan/",
                view(self.sealing_view),
                name="surveys_wave_sealing",
            ),
            *super().get_urls(),
        ]

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        return console.console(request, self, self.found(request, object_id))

    def step_view(self, request: HttpRequest, wave_id: int, slug: str) -> HttpResponse:
        return console.step(request, self, self.found(request, wave_id), slug)

    def sealing_view(self, request: HttpRequest, wave_id: int) -> HttpResponse:
        return sealing(request, self.found(request, wave_id))

    def formfield_for_foreignkey(
        self, db_field: Any, request: HttpRequest, **kwargs: Any
    ) -> Any:
        if db_field.name == "root":
            mine = under(paths_of(user_of(request), self.writes), "path")
            kwargs["queryset"] = UnitKerja.objects.filter(mine)
        if db_field.name == "instrument":
            kwargs["queryset"] = Instrument.objects.filter(
                status=Instrument.Status.PUBLISHED
            )
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def save_model(
        self, request: HttpRequest, obj: Model, form: WaveForm, change: bool
    ) -> None:
        """``WaveForm.save`` has written the wave already."""

    def response_add(
        self, request: HttpRequest, obj: Wave, post_url_continue: str | None = None
    ) -> HttpResponse:
        """On to the console, which says what the draft still lacks."""
        messages.success(request, gettext("Rancangan disimpan."))
        return HttpResponseRedirect(reverse("admin:surveys_wave_change", args=[obj.pk]))

    @display(description=_("Gelombang"), ordering="name")  # type: ignore[untyped-decorator]
    def wave(self, wave: Wave) -> SafeString:
        return format_html(
            "<b>{}</b>{} <small>{}</small>",
            wave.name,
            simulated(wave.is_simulated),
            wave.code,
        )

    @display(description=_("Keadaan"), ordering="state")  # type: ignore[untyped-decorator]
    def state_badge(self, wave: Wave) -> SafeString:
        return badge(wave.get_state_display(), desk.TINTS[Wave.State(wave.state)])

    @display(description=_("Pengisian berakhir"), ordering="closes_at")  # type: ignore[untyped-decorator]
    def closes(self, wave: Wave) -> str:
        return desk.moment(wave.closes_at)

    @display(description=_("Jawaban masuk"))  # type: ignore[untyped-decorator]
    def answered(self, wave: Any) -> str:
        """Of the whole wave; who holds a part of it finds that part inside."""
        if wave.state == Wave.State.DRAFT or not wave.is_whole:
            return "–"
        if not wave.is_online:
            return desk.in_words(wave.n_answers)
        n = answered_in_steps(n_arrived=wave.n_arrived, n_levels=wave.n_levels)
        return desk.stepped_words(n)
