"""The question bank: everything ever published, to be found and copied."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.db.models import Q, TextField
from django.db.models.functions import Cast
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from surveys.instruments.authoring import draft_of
from surveys.instruments.borrowing import borrow
from surveys.instruments.document import Document
from surveys.models import Instrument, Question
from surveys.models.instrument import in_indonesian
from surveys.views.authoring import Editor, act, page

N_SHOWN = 50
KINDS = dict(Question.Kind.choices)


@dataclass(frozen=True)
class Found:
    """A question of the bank, said once however many versions hold it."""

    pk: int
    label: str
    facts: list[str]
    source: str


def bank(request: HttpRequest, editor: Editor) -> HttpResponse:
    """Search by words or code; tick, choose a section, copy."""
    document = editor.document
    if request.method == "POST":
        return _copy(request, editor)
    words, kind = request.GET.get("q", "").strip(), request.GET.get("jenis", "")
    found = _search(words, kind)
    return page(
        request,
        editor,
        "bank",
        _("Bank pertanyaan"),
        query=words,
        kind=kind,
        kinds=Question.Kind.choices,
        found=found[:N_SHOWN],
        n_more=max(0, len(found) - N_SHOWN),
        n_shown=N_SHOWN,
        sections=[(s.code, in_indonesian(s.title)) for s in document.sections],
        section=request.GET.get("bagian", ""),
    )


def _search(words: str, kind: str) -> list[Found]:
    rows = (
        Question.objects.filter(instrument__status=Instrument.Status.PUBLISHED)
        .select_related("instrument", "dimension")
        .annotate(words=Cast("label", TextField()))
        .order_by("instrument__code", "-instrument__version", "position")
    )
    if kind in KINDS:
        rows = rows.filter(kind=kind)
    for word in words.split()[:8]:
        rows = rows.filter(
            Q(words__icontains=word)
            | Q(code__iexact=word)
            | Q(dimension__name__id__icontains=word)
        )
    found: dict[tuple[str, str], Found] = {}
    for row in rows[: 20 * N_SHOWN]:
        label = in_indonesian(row.label)
        facts = [row.get_kind_display()]
        if row.dimension:
            facts.append(in_indonesian(row.dimension.name))
        key = (label.casefold(), row.kind)
        found.setdefault(key, Found(row.pk, label, facts, str(row.instrument)))
    return list(found.values())


def _copy(request: HttpRequest, editor: Editor) -> HttpResponse:
    keys = [key for key in request.POST.getlist("question") if key.isdecimal()]
    section = request.POST.get("section", "")
    rows = list(
        Question.objects.filter(
            pk__in=keys, instrument__status=Instrument.Status.PUBLISHED
        ).select_related("instrument")
    )
    if not rows or not section:
        messages.error(request, _("Centang pertanyaan dan pilih bagiannya."))
        return editor.back(name="bank")
    sources = {row.instrument_id: draft_of(row.instrument) for row in rows}

    def change(document: Document) -> Document:
        for row in rows:
            source = sources[row.instrument_id]
            document = borrow(document, source, row.code, section=section)
        return document

    n: Any = len(rows)
    done = ngettext("%(n)d pertanyaan disalin.", "%(n)d pertanyaan disalin.", n) % {
        "n": n
    }
    act(request, editor, change, done)
    return editor.back(f"section-{section}")
