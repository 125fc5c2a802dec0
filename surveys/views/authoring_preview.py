"""The respondent's own page, made from a draft. The browser is told to send nothing."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from functools import wraps
from typing import Any

from csp.constants import NONE, SELF
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from surveys.answering.forms import ShownSection, shown_sections
from surveys.answering.language import NAMES
from surveys.instruments.authoring import sheet_from
from surveys.instruments.document import Document, canonical
from surveys.instruments.parts import with_questions
from surveys.models import Wave
from surveys.models.instrument import in_indonesian
from surveys.views.authoring import Editor, page
from surveys.views.authoring_forms import QuestionForm
from surveys.views.authoring_question import part_from
from surveys.views.authoring_rows import posted_rows

WIDTHS = ("ponsel", "meja")

POLICY = {
    "script-src": [SELF],
    "frame-ancestors": [SELF],
    "form-action": [NONE],
    "connect-src": [NONE],
    "worker-src": [NONE],
}
"""Framed by our own pages alone; no script can fetch there, no form can be sent."""

Page = Callable[[HttpRequest, Editor], HttpResponse]


def framed(view: Page) -> Page:
    """For pages that stand in a frame and must not send anything."""

    @wraps(view)
    def wrapped(request: HttpRequest, editor: Editor) -> HttpResponse:
        response = view(request, editor)
        response._csp_replace = POLICY  # type: ignore[attr-defined]  # as django-csp has it
        response["X-Frame-Options"] = "SAMEORIGIN"
        return response

    return wrapped


def preview(request: HttpRequest, editor: Editor) -> HttpResponse:
    """A frame as narrow as a phone or as wide as a desk, in one language."""
    width = request.GET.get("layar", "")
    language = request.GET.get("bahasa", "")
    known = editor.instrument.languages
    return page(
        request,
        editor,
        "preview",
        _("Pratinjau"),
        width=width if width in WIDTHS else "ponsel",
        language=language if language in known else known[0],
        has_questions=bool(editor.document.questions),
    )


def _imagined_wave(editor: Editor) -> Wave:
    """A wave that is stored nowhere, with the words that a real one would show."""
    closes_at = timezone.now() + timedelta(days=14)
    asks = editor.instrument.owner
    return Wave(
        code=editor.instrument.code,
        name=in_indonesian(editor.instrument.title),
        instrument=editor.instrument,
        closes_at=closes_at,
        seals_at=closes_at + timedelta(days=3),
        promise={
            "purpose": _("Tujuan survei ditulis saat gelombang disiapkan."),
            "asks": asks.name if asks else _("Nama penyelenggara"),
            "kept": _("Janji lengkap disusun saat gelombang disiapkan."),
            "hidden": _("Siapa menjawab apa, dan hasil kelompok kecil."),
            "legal_basis": _("UU 27/2022 tentang Pelindungan Data Pribadi"),
            "contact": _("Narahubung gelombang"),
        },
    )


@framed
def framed_form(request: HttpRequest, editor: Editor) -> HttpResponse:
    """The whole questionnaire as it would be answered."""
    with override(_language(request, editor)):
        sections = _shown(editor.document)
        return _respondent_page(request, editor, "preview_form", sections)


@framed
def framed_question(request: HttpRequest, editor: Editor) -> HttpResponse:
    """One question as it is typed now, saved or not."""
    document = editor.document
    if request.method == "POST":
        form = QuestionForm(request.POST, document=document)
        rows = posted_rows(request.POST, document.languages)
        part = part_from(form, rows, document) if form.is_valid() else None
        sections = []
        if part is not None:
            section = form.cleaned_data["section"]
            only = with_questions(document, section, [part])
            sections = [s for s in only.sections if s.code == section]
        document = document.model_copy(update={"sections": sections})
    else:
        document = document.model_copy(update={"sections": []})
    with override(_language(request, editor)):
        return _respondent_page(request, editor, "preview_question", _shown(document))


def _language(request: HttpRequest, editor: Editor) -> str:
    asked = request.GET.get("bahasa", "")
    return asked if asked in NAMES else editor.instrument.languages[0]


def _shown(document: Document) -> list[ShownSection]:
    """In the order of layout 0: every respondent sees ratings in an own order."""
    return shown_sections(sheet_from(canonical(document), ""), 0)


def _respondent_page(
    request: HttpRequest, editor: Editor, name: str, sections: list[ShownSection]
) -> HttpResponse:
    context: dict[str, Any] = {
        "wave": _imagined_wave(editor),
        "sections": sections,
        "n_questions": sum(section.n_asked for section in sections),
        "ballot": "",
        "promise_digest_short": "0000 0000",
        "is_again": name == "preview_question",
        "editor": editor,
    }
    return render(request, f"surveys/desk/authoring/{name}.html", context)
