"""Instruments: a list, the page of a published one, and the desk of its authors."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import admin, messages
from django.db.models import Prefetch, Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, path
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display

from surveys.admin.scoped import ScopedAdmin, badge, user_of
from surveys.box.ballots import in_groups
from surveys.models import Instrument, Option, Question, Section
from surveys.models.instrument import in_indonesian
from surveys.staff.permissions import DESK, MANAGES, paths_of, under
from surveys.views import authoring_bank as bank
from surveys.views import authoring_outline as outline
from surveys.views import authoring_parts as parts
from surveys.views import authoring_preview as preview
from surveys.views import authoring_publishing as publishing
from surveys.views import authoring_question as question
from surveys.views import authoring_scales as scales
from surveys.views import authoring_start as start
from surveys.views import authoring_translations as translations
from surveys.views.authoring import Editor, url_of
from surveys.views.desk import desk_page, moment

View = Callable[..., HttpResponse]

OF_DRAFTS: tuple[tuple[str, str, View], ...] = (
    ("settings", "judul/", outline.settings),
    ("steer", "susun/", outline.steer),
    ("remove", "hapus/<str:sort>/<str:code>/", outline.remove),
    ("section_add", "bagian/", parts.section),
    ("section", "bagian/<str:code>/", parts.section),
    ("dimensions", "nilai/", parts.dimensions),
    ("dimension_add", "nilai/baru/", parts.dimension),
    ("dimension", "nilai/ubah/<str:code>/", parts.dimension),
    ("scales", "skala/", scales.scales),
    ("scale_add", "skala/baru/", scales.scale),
    ("scale", "skala/ubah/<str:code>/", scales.scale),
    ("spread", "skala/terapkan/<str:code>/", scales.spread),
    ("question_add", "pertanyaan/", question.question),
    ("question", "pertanyaan/<str:code>/", question.question),
    ("question_framed", "pratinjau/pertanyaan/", preview.framed_question),
    ("bank", "bank/", bank.bank),
    ("translate", "terjemahan/", translations.translate),
    ("publish", "terbit/", publishing.publish),
    ("discard", "buang/", publishing.discard),
)
"""Name, address below the instrument, view: only for its editors, while a draft."""

OF_READERS: tuple[tuple[str, str, View], ...] = (
    ("preview", "pratinjau/", preview.preview),
    ("framed", "pratinjau/isi/", preview.framed_form),
    ("export", "unduh/<slug:form>/", start.export),
    ("changes", "beda/", publishing.changes),
)
"""For everyone at the desk who sees the instrument."""

OF_AUTHORS: tuple[tuple[str, str, View], ...] = (
    ("copy", "salin/", start.copy),
    ("new_version", "versi-baru/", publishing.new_version),
)
"""For administrators, also of a published instrument."""


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
            (in_indonesian(option.label), _value(option))
            for option in question.options.all()
        ],
    }


def _value(option: Option) -> str:
    """What the answer counts; nothing where it has no figure."""
    if option.is_missing:
        return gettext("tidak dihitung")
    return "" if option.value is None else str(option.value)


@admin.register(Instrument)
class InstrumentAdmin(ScopedAdmin):
    """A draft is changed on pages of its own; a published one never changes."""

    reads = DESK
    writes = MANAGES
    lead = _("Instrumen yang terbit tidak dapat diubah; perubahan menjadi versi baru.")
    add_label = _("Buat instrumen")
    change_list_template = "surveys/desk/authoring/list.html"
    list_display = ("name", "code", "version", "state", "digest_start", "moment")
    list_filter = ("status",)
    search_fields = ("code", "title")
    search_help_text = _("Cari kode atau judul")

    def within(self, paths: list[str]) -> Q:
        """Drafts of one's own subtrees, and all that is published or nobody's."""
        if not paths:
            return Q(pk__in=[])
        is_common = Q(status=Instrument.Status.PUBLISHED) | Q(owner=None)
        return is_common | under(paths, "owner__path")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Instrument]:
        rows: QuerySet[Instrument] = super().get_queryset(request)
        return rows.select_related("owner")

    # -- Doors ---------------------------------------------------------------------

    def get_urls(self) -> list[URLPattern]:
        """Those of a draft, of a reader, of an author, and those without instrument."""
        wrap = self.admin_site.admin_view
        groups = (
            (OF_DRAFTS, self.for_editors),
            (OF_READERS, self.for_readers),
            (OF_AUTHORS, self.for_authors),
        )
        pages = [
            path(
                f"<int:pk>/{tail}", wrap(door(view)), name=f"surveys_instrument_{name}"
            )
            for group, door in groups
            for name, tail, view in group
        ]
        return [
            path(
                "add/impor/",
                wrap(self.starting(start.import_file)),
                name="surveys_instrument_import",
            ),
            path(
                "add/<slug:source>/",
                wrap(self.starting(start.new)),
                name="surveys_instrument_new",
            ),
            *pages,
            *super().get_urls(),
        ]

    def starting(self, view: View) -> View:
        """For administrators of anything."""

        def wrapped(request: HttpRequest, **kwargs: Any) -> HttpResponse:
            if not self.has_add_permission(request):
                raise Http404
            return view(request, self, **kwargs)

        return wrapped

    def for_readers(self, view: View) -> View:
        """For all who see the instrument."""

        def wrapped(request: HttpRequest, pk: int, **kwargs: Any) -> HttpResponse:
            return view(request, self._editor(request, pk), **kwargs)

        return wrapped

    def for_authors(self, view: View) -> View:
        """For administrators; a version of another unit's instrument is refused."""

        def wrapped(request: HttpRequest, pk: int, **kwargs: Any) -> HttpResponse:
            editor = self._editor(request, pk)
            is_version = view is publishing.new_version
            if not self.has_add_permission(request):
                raise Http404
            if is_version and not editor.may_edit:
                raise Http404
            return view(request, editor, **kwargs)

        return wrapped

    def for_editors(self, view: View) -> View:
        """For those who may change it, as long as it is a draft."""

        def wrapped(request: HttpRequest, pk: int, **kwargs: Any) -> HttpResponse:
            editor = self._editor(request, pk)
            if not editor.may_edit:
                raise Http404
            if editor.instrument.status != Instrument.Status.DRAFT:
                words = gettext("Instrumen ini sudah terbit dan tidak berubah lagi.")
                messages.info(request, words)
                return editor.back()
            return view(request, editor, **kwargs)

        return wrapped

    def _editor(self, request: HttpRequest, pk: int) -> Editor:
        return Editor(self, self.found(request, pk), user_of(request))

    # -- Pages -----------------------------------------------------------------------

    def add_view(
        self,
        request: HttpRequest,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        return self.starting(start.start)(request)

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        return super().changelist_view(  # type: ignore[no-any-return]  # unfold
            request, {**(extra_context or {}), **start.ways()}
        )

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        instrument = self.found(request, object_id)
        editor = Editor(self, instrument, user_of(request))
        if instrument.status == Instrument.Status.DRAFT and editor.may_edit:
            return outline.outline(request, editor)
        if request.method == "POST":
            return HttpResponseRedirect(url_of("change", instrument.pk))
        is_published = instrument.status == Instrument.Status.PUBLISHED
        context = {
            "title": in_indonesian(instrument.title),
            "original": instrument,
            "editor": editor,
            "sections": [_section(section) for section in _sections_of(instrument)],
            "n_questions": instrument.questions.count(),
            "digest": in_groups(instrument.digest),
            "may_author": bool(paths_of(editor.user, self.writes)),
            "before": publishing.previous(instrument) if is_published else None,
        }
        return desk_page(request, self, "surveys/desk/instrument.html", context)

    # -- Columns -----------------------------------------------------------------------

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

    @display(description=_("Terbit atau diubah"), ordering="published_at")  # type: ignore[untyped-decorator]
    def moment(self, instrument: Instrument) -> str:
        at = instrument.published_at or instrument.edited_at
        by = "" if instrument.published_at else instrument.edited_by
        return f"{moment(at)} {by}".strip() if at else "–"
