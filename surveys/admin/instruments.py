"""Instruments, read as they are asked."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import Prefetch, Q, QuerySet
from django.http import HttpRequest
from django.template.response import TemplateResponse
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display

from surveys.admin.scoped import ScopedAdmin, badge
from surveys.ballots import in_groups
from surveys.models import Instrument, Question, Section
from surveys.models.instrument import in_indonesian
from surveys.permissions import DESK
from surveys.views.desk import desk_page, moment


def _sections_of(instrument: Instrument) -> QuerySet[Section]:
    questions = Question.objects.select_related("dimension").prefetch_related("options")
    return Section.objects.filter(instrument=instrument).prefetch_related(
        Prefetch("questions", questions)
    )


def _section(section: Section) -> dict[str, Any]:
    """A section in words."""
    return {
        "title": in_indonesian(section.title),
        "intro": in_indonesian(section.intro),
        "questions": [_question(question) for question in section.questions.all()],
    }


def _question(question: Question) -> dict[str, Any]:
    """A question in words: what it asks, how, and the ways to answer."""
    picks = gettext("pilih %(n)d") % {"n": question.picks}
    facts = (
        question.get_kind_display(),
        in_indonesian(question.dimension.name) if question.dimension else "",
        gettext("dibalik") if question.is_reversed else "",
        gettext("wajib") if question.is_required else "",
        picks if question.picks else "",
    )
    return {
        "code": question.code,
        "label": in_indonesian(question.label),
        "facts": [fact for fact in facts if fact],
        "options": [
            (
                in_indonesian(option.label),
                gettext("tidak dihitung") if option.is_missing else option.value,
            )
            for option in question.options.all()
        ],
    }


@admin.register(Instrument)
class InstrumentAdmin(ScopedAdmin):
    """Loaded by ``manage.py load_instrument``; a published one never changes."""

    reads = DESK
    lead = _("Instrumen yang terbit tidak dapat diubah; perubahan menjadi versi baru.")
    empty_title = _("Belum ada instrumen")
    empty_text = _(
        "Instrumen dimuat dari berkas YAML dengan perintah manage.py load_instrument."
    )
    list_display = ("name", "code", "version", "state", "digest_start", "published")
    list_filter = ("status",)
    search_fields = ("code", "title")
    search_help_text = _("Cari kode atau judul")

    def within(self, paths: list[str]) -> Q:
        return Q() if paths else Q(pk__in=[])

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> TemplateResponse:
        instrument = self.found(request, object_id)
        context = {
            "title": in_indonesian(instrument.title),
            "original": instrument,
            "sections": [_section(section) for section in _sections_of(instrument)],
            "n_questions": instrument.questions.count(),
            "digest": in_groups(instrument.digest),
        }
        return desk_page(request, self, "surveys/desk/instrument.html", context)

    @display(description=_("Instrumen"), ordering="code")  # type: ignore[untyped-decorator]
    def name(self, instrument: Instrument) -> str:
        return in_indonesian(instrument.title)

    @display(description=_("Status"), ordering="status")  # type: ignore[untyped-decorator]
    def state(self, instrument: Instrument) -> SafeString:
        is_published = instrument.status == Instrument.Status.PUBLISHED
        return badge(instrument.get_status_display(), "done" if is_published else "")

    @display(description=_("Sidik"))  # type: ignore[untyped-decorator]
    def digest_start(self, instrument: Instrument) -> str:
        return in_groups(instrument.digest[:12]) or "–"

    @display(description=_("Terbit"), ordering="published_at")  # type: ignore[untyped-decorator]
    def published(self, instrument: Instrument) -> str:
        return moment(instrument.published_at) if instrument.published_at else "–"
