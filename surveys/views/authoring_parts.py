"""Changing one section, or one value."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from surveys.instruments.document import DimensionPart, Document, SectionPart
from surveys.instruments.editing import put_dimension, put_section, users_of
from surveys.instruments.ordering import free_code
from surveys.instruments.parts import Place
from surveys.instruments.ready import add_values
from surveys.models.instrument import in_indonesian
from surveys.views.authoring import (
    Editor,
    act,
    found,
    new_mark,
    old_code,
    page,
    save,
)
from surveys.views.authoring_forms import DimensionForm, SectionForm, typed_texts


def section(request: HttpRequest, editor: Editor, code: str = "") -> HttpResponse:
    """A section, new or at hand: title, opening sentence, value."""
    document, place = editor.document, Place("section", code)
    conflict = ""
    if request.method == "POST":
        form = SectionForm(request.POST, document=document)
        if form.is_valid():
            part = SectionPart(
                code=form.cleaned_data["code"],
                title=form.text("title"),
                intro=form.text("intro"),
                dimension=form.cleaned_data["dimension"] or None,
            )
            mark = form.cleaned_data["seen"]
            done = save(
                editor,
                lambda d: put_section(d, part, old=old_code(d, place, mark)),
                form,
            )
            conflict = done.conflict
            if done.is_done:
                messages.success(request, _("Bagian disimpan."))
                return editor.back(f"section-{part.code}")
    else:
        form = SectionForm(document=document, initial=_section_values(document, code))
    title = _("Bagian %(code)s") % {"code": code} if code else _("Bagian baru")
    mark = new_mark(request, editor, place, conflict)
    more = {"form": form, "conflict": conflict, "seen": mark, "code": code}
    return page(request, editor, "section", title, back=editor.url("change"), **more)


def _section_values(document: Document, code: str) -> dict[str, Any]:
    if not code:
        taken = (part.code for part in document.sections)
        return {"code": free_code(taken, "BAGIAN")}
    part = found(document, Place("section", code))
    return {
        "code": code,
        "dimension": part.dimension or "",
        **typed_texts("title", part.title),
        **typed_texts("intro", part.intro),
    }


# -- Values ----------------------------------------------------------------------------


def dimensions(request: HttpRequest, editor: Editor) -> HttpResponse:
    """The list of values; the seven of BerAKHLAK by one press."""
    document = editor.document
    if request.method == "POST":
        act(request, editor, add_values, _("Tujuh nilai BerAKHLAK disiapkan."))
        return editor.back(name="dimensions")
    rows = [
        {
            "code": part.code,
            "name": in_indonesian(part.name),
            "definition": in_indonesian(part.definition),
            "n_users": len(users_of(document, Place("dimension", part.code))),
            "url": editor.url("dimension", part.code),
        }
        for part in document.dimensions
    ]
    focus = request.GET.get("fokus", "")
    return page(
        request, editor, "dimensions", _("Nilai yang diukur"), rows=rows, focus=focus
    )


def dimension(request: HttpRequest, editor: Editor, code: str = "") -> HttpResponse:
    """A value, new or at hand: name and definition."""
    document, place = editor.document, Place("dimension", code)
    conflict = ""
    if request.method == "POST":
        form = DimensionForm(request.POST, languages=document.languages)
        if form.is_valid():
            part = DimensionPart(
                code=form.cleaned_data["code"],
                name=form.text("name"),
                definition=form.text("definition"),
            )
            mark = form.cleaned_data["seen"]
            done = save(
                editor,
                lambda d: put_dimension(d, part, old=old_code(d, place, mark)),
                form,
            )
            conflict = done.conflict
            if done.is_done:
                messages.success(request, _("Nilai disimpan."))
                return editor.back(f"dimension-{part.code}", "dimensions")
    else:
        values = _dimension_values(document, code)
        form = DimensionForm(languages=document.languages, initial=values)
    title = _("Nilai %(code)s") % {"code": code} if code else _("Nilai baru")
    mark = new_mark(request, editor, place, conflict)
    more = {"form": form, "conflict": conflict, "seen": mark, "code": code}
    back = editor.url("dimensions")
    return page(request, editor, "dimension", title, back=back, **more)


def _dimension_values(document: Document, code: str) -> dict[str, Any]:
    if not code:
        return {}
    part = found(document, Place("dimension", code))
    return {
        "code": code,
        **typed_texts("name", part.name),
        **typed_texts("definition", part.definition),
    }
