"""The desk's lists of ``scoring``: runs, methods, releases, private readings."""

from __future__ import annotations

from typing import Any

import yaml
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import URLPattern, path, reverse
from django.utils.functional import lazy
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display

from scoring.desk import comparison, files, releases, reviews, runs
from scoring.desk.steps import STEPS
from scoring.models import PrivateReading, Release, Scheme, ScoringRun
from surveys.admin.scoped import ScopedAdmin, badge, simulated, user_of
from surveys.box.ballots import in_groups
from surveys.fieldwork.steps import offer
from surveys.models import Wave
from surveys.staff.permissions import COMPUTES, MANAGES, paths_of, touched, under
from surveys.staff.recorded import Kept, keep
from surveys.views.desk import moment

offer(*STEPS)
keep(Kept("scoring.Release"))


@admin.register(ScoringRun)
class ScoringRunAdmin(ScopedAdmin):
    """The page of a run is its monitor; no score is shown here."""

    reads = COMPUTES
    lead = _("Setiap perhitungan dari gelombang tersegel. Skor tampil setelah dibuka.")
    empty_title = _("Belum ada perhitungan")
    empty_text = _("Perhitungan dimulai dari gelombang yang sudah disegel.")
    list_display = ("run", "state_badge", "method", "started", "opened_to")
    list_filter = ("state", "wave")
    list_select_related = ("wave", "scheme")
    search_fields = ("wave__code", "wave__name")
    search_help_text = _("Cari gelombang")

    def within(self, paths: list[str]) -> Q:
        return touched(paths, "wave__")

    def get_queryset(self, request: HttpRequest) -> Any:
        rows = super().get_queryset(request).select_related("wave__root", "scheme")
        return rows.prefetch_related("releases")

    def has_add_permission(
        self, request: HttpRequest, obj: object | None = None
    ) -> bool:
        return False

    def get_urls(self) -> list[URLPattern]:
        view, name = self.admin_site.admin_view, "scoring_scoringrun"
        return [
            path("mulai/<int:wave_id>/", view(self.start_view), name=f"{name}_start"),
            path(
                "mulai/<int:wave_id>/sidik/",
                view(self.digest_view),
                name=f"{name}_digest",
            ),
            path(
                "mulai/<int:wave_id>/nilai-bukti/",
                view(self.evidence_view),
                name="scoring_evidence",
            ),
            path(
                "<int:run_id>/kemajuan/",
                view(self.progress_view),
                name=f"{name}_progress",
            ),
            path("<int:run_id>/batal/", view(self.cancel_view), name=f"{name}_cancel"),
            path("<int:run_id>/beda/", view(self.compare_view), name=f"{name}_compare"),
            path("<int:run_id>/buka/", view(self.open_view), name=f"{name}_open"),
            path(
                "<int:run_id>/periksa/", view(self.review_view), name=f"{name}_review"
            ),
            *super().get_urls(),
        ]

    def start_view(self, request: HttpRequest, wave_id: int) -> HttpResponse:
        return runs.start(request, self, self.wave_found(request, wave_id))

    def digest_view(self, request: HttpRequest, wave_id: int) -> HttpResponse:
        return runs.digest(request, self.wave_found(request, wave_id))

    def evidence_view(self, request: HttpRequest, wave_id: int) -> HttpResponse:
        return files.evidence(request, self, self.wave_found(request, wave_id))

    def wave_found(self, request: HttpRequest, wave_id: int) -> Wave:
        mine = touched(paths_of(user_of(request), self.reads))
        waves = Wave.objects.select_related("root", "instrument")
        return get_object_or_404(waves, mine, pk=wave_id)

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        return runs.monitor(request, self, self.found(request, object_id))

    def progress_view(self, request: HttpRequest, run_id: int) -> HttpResponse:
        return runs.progress(request, self.found(request, run_id))

    def cancel_view(self, request: HttpRequest, run_id: int) -> HttpResponse:
        return runs.cancel_run(request, self, self.found(request, run_id))

    def compare_view(self, request: HttpRequest, run_id: int) -> HttpResponse:
        run, mine = self.found(request, run_id), self.get_queryset(request)
        return comparison.compare(request, self, run, mine)

    def open_view(self, request: HttpRequest, run_id: int) -> HttpResponse:
        return releases.open_results(request, self, self.found(request, run_id))

    def review_view(self, request: HttpRequest, run_id: int) -> HttpResponse:
        return reviews.review(request, self, self.found(request, run_id))

    @display(description=_("Perhitungan"), ordering="wave__name")  # type: ignore[untyped-decorator]
    def run(self, run: ScoringRun) -> SafeString:
        tag = simulated(run.wave.is_simulated)
        return format_html("<b>{}</b>{} <small>#{}</small>", run.wave, tag, run.pk)

    @display(description=_("Keadaan"), ordering="state")  # type: ignore[untyped-decorator]
    def state_badge(self, run: ScoringRun) -> SafeString:
        return badge(run.get_state_display(), runs.TINTS[ScoringRun.State(run.state)])

    @display(description=_("Metode"), ordering="scheme__name")  # type: ignore[untyped-decorator]
    def method(self, run: ScoringRun) -> str:
        return str(run.scheme)

    @display(description=_("Dimulai"), ordering="started_at")  # type: ignore[untyped-decorator]
    def started(self, run: ScoringRun) -> str:
        return moment(run.started_at)

    @display(description=_("Dibuka untuk"))  # type: ignore[untyped-decorator]
    def opened_to(self, run: ScoringRun) -> str:
        opened = [r for r in run.releases.all() if r.withdrawn_at is None]
        return ", ".join(r.get_audience_display() for r in opened) or "–"


@admin.register(Release)
class ReleaseAdmin(ScopedAdmin):
    """Who may read which run, since when; withdrawn with a reason."""

    reads = MANAGES
    lead = _("Hasil tampil hanya bagi pembaca yang dibukakan, sejak saat tertentu.")
    empty_title = _("Belum ada hasil yang dibuka")
    empty_text = _("Hasil dibuka dari halaman perhitungan yang sudah selesai.")
    list_display = ("wave", "audience", "since", "released_by", "in_force", "act")
    list_display_links = None
    list_filter = ("audience",)
    search_fields = ("run__wave__code", "run__wave__name")
    search_help_text = _("Cari gelombang")
    ordering = ("-created_at",)

    def within(self, paths: list[str]) -> Q:
        return touched(paths, "run__wave__")

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).select_related("run__wave__root")

    def has_add_permission(
        self, request: HttpRequest, obj: object | None = None
    ) -> bool:
        return False

    def get_urls(self) -> list[URLPattern]:
        return [
            path(
                "<int:release_id>/tarik/",
                self.admin_site.admin_view(self.withdraw_view),
                name="scoring_release_withdraw",
            ),
            *super().get_urls(),
        ]

    def withdraw_view(self, request: HttpRequest, release_id: int) -> HttpResponse:
        return releases.withdraw_release(request, self, self.found(request, release_id))

    @display(description=_("Gelombang"), ordering="run__wave__name")  # type: ignore[untyped-decorator]
    def wave(self, release: Release) -> SafeString:
        run = release.run
        url = reverse("admin:scoring_scoringrun_change", args=[run.pk])
        tag = simulated(run.wave.is_simulated)
        return format_html(
            '<a href="{}"><b>{}</b></a>{} <small>#{}</small>',
            url,
            run.wave,
            tag,
            run.pk,
        )

    @display(description=_("Mulai"), ordering="not_before")  # type: ignore[untyped-decorator]
    def since(self, release: Release) -> str:
        return moment(release.not_before)

    @display(description=_("Keadaan"))  # type: ignore[untyped-decorator]
    def in_force(self, release: Release) -> SafeString:
        return badge(*releases.standing(release))

    @display(description="")  # type: ignore[untyped-decorator]
    def act(self, release: Release) -> SafeString | str:
        if release.withdrawn_at:
            return ""
        url = reverse("admin:scoring_release_withdraw", args=[release.pk])
        return format_html('<a href="{}">{}</a>', url, _("Tarik"))


@admin.register(Scheme)
class SchemeAdmin(ScopedAdmin):
    """Methods as they were stored: one digest, one row, never changed."""

    reads = writes = COMPUTES
    lead = _("Semua angka dari satu metode. Yang tersimpan tidak pernah berubah.")
    add_label = _("Muat metode")
    empty_title = _("Belum ada metode")
    empty_text = _("Metode tersimpan saat dimuat, atau saat dipakai menghitung.")
    list_display = ("name", "code", "version", "digest_start")
    list_filter = ("code",)
    search_fields = ("code", "name")
    search_help_text = _("Cari kode atau nama")
    fields = (("code", "version"), "name", "whole_digest", "content")
    readonly_fields = ("whole_digest", "content")

    def within(self, paths: list[str]) -> Q:
        return Q() if paths else Q(pk__in=[])

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view
        return [
            path(
                "berkas/<slug:digest>/",
                view(self.file_view),
                name="scoring_scheme_file",
            ),
            *super().get_urls(),
        ]

    def add_view(
        self,
        request: HttpRequest,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        if not self.has_add_permission(request):
            raise PermissionDenied
        return files.add_method(request, self, self._wave_behind(request))

    def _wave_behind(self, request: HttpRequest) -> Wave | None:
        """The wave from whose page somebody came."""
        number = request.GET.get("wave", "")
        mine = touched(paths_of(user_of(request), self.reads))
        known = Wave.objects.filter(mine, pk=int(number)) if number.isdecimal() else ()
        return next(iter(known), None)

    def file_view(self, request: HttpRequest, digest: str) -> HttpResponse:
        if not self.has_view_permission(request):
            raise PermissionDenied
        return files.method_file(request, digest)

    @display(description=_("Sidik"))  # type: ignore[untyped-decorator]
    def digest_start(self, scheme: Scheme) -> str:
        return in_groups(scheme.digest[:12])

    @display(description=_("Sidik"))  # type: ignore[untyped-decorator]
    def whole_digest(self, scheme: Scheme) -> SafeString:
        return format_html("<code>{}</code>", in_groups(scheme.digest))

    @display(description=_("Isi"))  # type: ignore[untyped-decorator]
    def content(self, scheme: Scheme) -> SafeString:
        text = yaml.safe_dump(scheme.document, allow_unicode=True, width=88)
        return format_html('<pre class="document">{}</pre>', text)


@admin.register(PrivateReading)
class PrivateReadingAdmin(ScopedAdmin):
    """Who looked at scores nobody has opened, and why."""

    reads = MANAGES
    lead = _("Setiap pembacaan skor yang belum dibuka, dengan nama dan alasannya.")
    empty_title = _("Belum ada pembacaan tertutup")
    empty_text = lazy(format_html, SafeString)(
        "{} {} <code>score --private</code>.",
        _(
            "Sebelum dibuka, skor hanya dapat dibaca langsung di server, dengan"
            " menyebut nama dan alasan; setiap kali tercatat di sini."
        ),
        _("Perintahnya:"),
    )
    list_display = ("what", "operator", "reason", "at")
    list_display_links = None
    list_filter = ("run__wave",)
    list_select_related = ("run__wave",)
    search_fields = ("operator", "reason", "run__wave__code", "run__wave__name")
    search_help_text = _("Cari operator, alasan, atau gelombang")

    def within(self, paths: list[str]) -> Q:
        return under(paths, "run__wave__root__path")

    @display(description=_("Perhitungan"), ordering="run")  # type: ignore[untyped-decorator]
    def what(self, reading: PrivateReading) -> str:
        return str(reading.run)

    @display(description=_("Dibaca"), ordering="read_at")  # type: ignore[untyped-decorator]
    def at(self, reading: PrivateReading) -> str:
        return moment(reading.read_at)

    def has_add_permission(
        self, request: HttpRequest, obj: object | None = None
    ) -> bool:
        return False
