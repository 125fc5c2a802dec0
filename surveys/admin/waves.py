"""Waves: a list, a form for a new draft, and the console as the page of each."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import Case, Q, QuerySet, Value, When
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display

from surveys.admin.register import STEPS as REGISTER_STEPS
from surveys.admin.register import register_urls
from surveys.admin.scoped import ScopedAdmin, badge, simulated, user_of
from surveys.fieldwork.steps import offer
from surveys.models import Instrument, UnitKerja, Wave
from surveys.monitoring.console import answered_in_steps, with_counts
from surveys.staff.permissions import DESK, MANAGES, paths_of, touched, under
from surveys.views import console, desk, extending, wave_steps
from surveys.views.sealing import sealing
from surveys.views.wave_form import wave_form
from surveys.views.wave_forms import WaveForm

offer(*wave_steps.STEPS, *REGISTER_STEPS)


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
        pages = (
            ("langkah/<slug:slug>/", self.step_view, "step"),
            ("penyegelan/", self.sealing_view, "sealing"),
            ("ubah/", self.edit_view, "edit"),
            ("perpanjang/", self.extend_view, "extend"),
            ("kelompok/", self.preview_view, "preview"),
            ("janji/", self.promise_view, "promise"),
        )
        return [
            *(
                path(f"<int:wave_id>/{tail}", view(page), name=f"surveys_wave_{name}")
                for tail, page, name in pages
            ),
            *register_urls(self),
            *super().get_urls(),
        ]

    def add_view(
        self,
        request: HttpRequest,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        return wave_form(request, self)

    def edit_view(self, request: HttpRequest, wave_id: int) -> HttpResponse:
        return wave_form(request, self, self.found(request, wave_id))

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        return console.console(request, self, self.found(request, object_id))

    def step_view(self, request: HttpRequest, wave_id: int, slug: str) -> HttpResponse:
        return wave_steps.step(request, self, self.found(request, wave_id), slug)

    def sealing_view(self, request: HttpRequest, wave_id: int) -> HttpResponse:
        return sealing(request, self.found(request, wave_id))

    def extend_view(self, request: HttpRequest, wave_id: int) -> HttpResponse:
        return extending.extend(request, self, self.found(request, wave_id))

    def preview_view(self, request: HttpRequest, wave_id: int) -> HttpResponse:
        return extending.preview(request, self, self.found(request, wave_id))

    def promise_view(self, request: HttpRequest, wave_id: int) -> HttpResponse:
        return extending.promise(request, self, self.found(request, wave_id))

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
        n = answered_in_steps(n_arrived=wave.n_arrived, height=wave.height)
        return desk.stepped_words(n)
