"""Long work: a list, and a page for each with its progress, outcome and download."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.contrib import admin
from django.db.models import Q, QuerySet
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import select_template
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from unfold.decorators import display

from surveys.admin.scoped import ScopedAdmin, badge, user_of
from surveys.files import jobfiles, jobs
from surveys.models import Job
from surveys.staff.permissions import DESK, MANAGES, may_act, paths_of, touched, under
from surveys.views.desk import desk_page, moment
from surveys.views.job_words import standing

QUIET = timedelta(seconds=15)
"""A job that waits longer than this says that no worker has taken it."""


class KindFilter(admin.SimpleListFilter):
    """By kind, in words."""

    title = _("jenis")
    parameter_name = "kind"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return sorted(jobs.labels().items(), key=lambda pair: pair[1])

    def queryset(self, request: HttpRequest, queryset: QuerySet[Job]) -> QuerySet[Job]:
        return queryset.filter(kind=self.value()) if self.value() else queryset


@admin.register(Job)
class JobAdmin(ScopedAdmin):
    """Nobody adds or changes work here; its doors are elsewhere."""

    reads = DESK
    lead = _("Pekerjaan panjang: boleh ditinggal, dan ditemukan lagi di sini.")
    empty_title = _("Belum ada pekerjaan")
    empty_text = _(
        "Impor, pemeriksaan, dan pengiriman yang memakan waktu muncul di sini begitu"
        " dimulai dari halamannya."
    )
    list_display = ("work", "about", "state_badge", "started_by", "since", "until")
    list_filter = ("state", KindFilter)
    list_select_related = ("wave", "root", "started_by")
    search_fields = ("wave__code", "wave__name", "input_name", "started_by__name")
    search_help_text = _("Cari gelombang, berkas, atau siapa yang memulai")
    sortable_by = ()

    def get_queryset(self, request: HttpRequest) -> QuerySet[Job]:
        """Of waves and units one manages, and those one has started oneself."""
        user = user_of(request)
        manages, desk = paths_of(user, MANAGES), paths_of(user, DESK)
        rows: QuerySet[Job] = super(ScopedAdmin, self).get_queryset(request)
        if user.is_superuser:
            return rows
        whole = under(manages, "wave__root__path") | under(manages, "root__path")
        free = Q(wave=None) & (Q(root=None) | under(desk, "root__path"))
        mine = Q(started_by=user) & (free | (~Q(wave=None) & touched(desk, "wave__")))
        return rows.filter(whole | mine)

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view
        return [
            path(
                "<int:job_id>/kemajuan/",
                view(self.progress_view),
                name="surveys_job_progress",
            ),
            path(
                "<int:job_id>/unduh/",
                view(self.download_view),
                name="surveys_job_download",
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
        job = self.found(request, object_id)
        context = self._context(request, job)
        return desk_page(request, self, "surveys/desk/job.html", context)

    def progress_view(self, request: HttpRequest, job_id: int) -> HttpResponse:
        """Asked for every second; when the work has ended the page is loaded anew."""
        job = self.found(request, job_id)
        context = self._context(request, job)
        response = never_cache(render)(request, "surveys/desk/job_body.html", context)
        if not job.is_unfinished:
            response["HX-Refresh"] = "true"
        return response

    def download_view(self, request: HttpRequest, job_id: int) -> FileResponse:
        """What the work has written, for those who may see the work."""
        job = self.found(request, job_id)
        file = jobfiles.output_of(job)
        if file is None:
            raise Http404
        response = FileResponse(
            file.open("rb"), as_attachment=True, filename=job.output_name
        )
        response["Cache-Control"] = "no-store"
        return response

    def _context(self, request: HttpRequest, job: Job) -> dict[str, Any]:
        found = select_template(
            [f"surveys/desk/jobs/{job.kind}.html", "surveys/desk/jobs/plain.html"]
        )
        waits = job.state == Job.State.QUEUED
        return {
            "title": jobs.label_of(job.kind),
            "original": job,
            "crumb": f"{jobs.label_of(job.kind)} {job.pk}",
            "job": job,
            "wave": job.wave,
            "result": job.result,
            "outcome": found.template.name,
            "standing": standing(job),
            "is_quiet": waits and timezone.now() - job.created_at > QUIET,
            "has_output": jobfiles.output_of(job) is not None,
            "may_manage": job.wave is not None
            and may_act(user_of(request), job.wave, MANAGES),
        }

    @display(description=_("Pekerjaan"))  # type: ignore[untyped-decorator]
    def work(self, job: Job) -> SafeString:
        file = format_html(" <small>{}</small>", job.input_name)
        return format_html("<b>{}</b>{}", jobs.label_of(job.kind), file)

    @display(description=_("Untuk"))  # type: ignore[untyped-decorator]
    def about(self, job: Job) -> str:
        return str(job.wave or job.root or "–")

    @display(description=_("Keadaan"))  # type: ignore[untyped-decorator]
    def state_badge(self, job: Job) -> SafeString:
        return badge(*standing(job))

    @display(description=_("Dimulai"))  # type: ignore[untyped-decorator]
    def since(self, job: Job) -> str:
        return moment(job.created_at)

    @display(description=_("Selesai"))  # type: ignore[untyped-decorator]
    def until(self, job: Job) -> str:
        return moment(job.finished_at) if job.finished_at else "–"
