"""Invitations and reminders: a list, and the doors to the pages beside it."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import URLPattern, path
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display

from surveys.admin.scoped import ScopedAdmin, badge
from surveys.fieldwork.steps import offer
from surveys.models import Mailing
from surveys.staff.permissions import MANAGES, under
from surveys.views import bounces, demo_mailbox, mailing_steps, mailings, printing
from surveys.views.desk import moment

offer(*mailings.STEPS)


@admin.register(Mailing)
class MailingAdmin(ScopedAdmin):
    """Of waves that one manages as a whole; each has a page of its own."""

    reads = MANAGES
    writes = MANAGES
    lead = _("Yang dikirim kepada pegawai: undangan, dan pengingat bagi yang belum.")
    empty_title = _("Belum ada undangan")
    empty_text = _(
        "Tulis undangan dari contoh yang ada, lihat hasilnya, kirim uji ke surel Anda"
        " sendiri, lalu kirim kepada semua pegawai gelombang."
    )
    add_label = _("Tulis pesan")
    list_display = ("message", "wave_name", "way", "people", "state_badge", "when")
    list_display_links = ("message",)
    list_filter = ("kind", "channel", "state", "wave")
    list_select_related = ("wave__root",)
    search_fields = ("subject", "body", "wave__name", "wave__code")
    search_help_text = _("Cari perihal, isi, atau gelombang")
    sortable_by = ()

    def within(self, paths: list[str]) -> Q:
        return under(paths, "wave__root__path")

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view
        pages = (
            ("<int:pk>/ubah/", self.edit_view, "edit"),
            ("<int:pk>/langkah/<slug:slug>/", self.step_view, "step"),
            ("<int:pk>/uji/", self.test_view, "test"),
            ("<int:pk>/kemajuan/", self.progress_view, "progress"),
            ("<int:pk>/kegagalan/", self.failures_view, "failures"),
            ("terpental/", self.bounces_view, "bounces"),
            ("surat/", self.letters_view, "letters"),
            ("surat/<int:job_id>/", self.fetch_view, "fetch"),
            ("kotak-surat/", self.mailbox_view, "mailbox"),
            ("kotak-surat/<slug:key>/", self.kept_view, "kept"),
        )
        return [
            *(
                path(route, view(page), name=f"surveys_mailing_{name}")
                for route, page, name in pages
            ),
            *super().get_urls(),
        ]

    def add_view(
        self,
        request: HttpRequest,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        return mailings.write(request, self)

    def edit_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        return mailings.edit(request, self, self.found(request, pk))

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        return mailings.show(request, self, self.found(request, object_id))

    def progress_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        return mailings.progress(request, self.found(request, pk))

    def failures_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        return mailings.failures(request, self, self.found(request, pk))

    def step_view(self, request: HttpRequest, pk: int, slug: str) -> HttpResponse:
        return mailing_steps.step(request, self, self.found(request, pk), slug)

    def test_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        return mailing_steps.test(request, self, self.found(request, pk))

    def bounces_view(self, request: HttpRequest) -> HttpResponse:
        return bounces.bounces(request, self)

    def letters_view(self, request: HttpRequest) -> HttpResponse:
        return printing.letters(request, self)

    def fetch_view(self, request: HttpRequest, job_id: int) -> HttpResponseBase:
        return printing.fetch(request, job_id)

    def mailbox_view(self, request: HttpRequest) -> HttpResponse:
        return demo_mailbox.mailbox(request, self)

    def kept_view(self, request: HttpRequest, key: str) -> HttpResponse:
        return demo_mailbox.kept(request, self, key)

    @display(description=_("Pesan"))  # type: ignore[untyped-decorator]
    def message(self, mailing: Mailing) -> SafeString:
        return format_html("<b>{}</b>", mailings.title_of(mailing))

    @display(description=_("Gelombang"))  # type: ignore[untyped-decorator]
    def wave_name(self, mailing: Mailing) -> str:
        return mailing.wave.name

    @display(description=_("Jalur"))  # type: ignore[untyped-decorator]
    def way(self, mailing: Mailing) -> SafeString:
        return format_html(
            "{} <small>{}</small>",
            mailing.get_channel_display(),
            mailing.get_kind_display(),
        )

    @display(description=_("Penerima"))  # type: ignore[untyped-decorator]
    def people(self, mailing: Mailing) -> str:
        return mailings.people_words(mailing)

    @display(description=_("Keadaan"))  # type: ignore[untyped-decorator]
    def state_badge(self, mailing: Mailing) -> SafeString:
        tint = mailings.TINTS[Mailing.State(mailing.state)]
        return badge(mailing.get_state_display(), tint)

    @display(description=_("Waktu"))  # type: ignore[untyped-decorator]
    def when(self, mailing: Mailing) -> str:
        at = mailing.ended_at or mailing.queued_at or mailing.created_at
        return moment(at)
