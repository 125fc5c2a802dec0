"""Changing the shared answer scales and catalogues."""

from __future__ import annotations

from collections.abc import Sequence

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from surveys.instruments.document import Document, OptionPart
from surveys.instruments.editing import apply_scale, put_scale, users_of
from surveys.instruments.parts import Place
from surveys.instruments.ready import add_scale, ready_scales
from surveys.models.instrument import in_indonesian
from surveys.views.authoring import (
    Editor,
    Saving,
    act,
    found,
    new_mark,
    old_code,
    page,
    save,
)
from surveys.views.authoring_forms import ScaleForm
from surveys.views.authoring_rows import (
    N_BLANK,
    Row,
    options_from,
    posted_rows,
    rows_of,
)


def scales(request: HttpRequest, editor: Editor) -> HttpResponse:
    """The shared answer scales and catalogues, and those that stand ready."""
    document = editor.document
    ready = ready_scales()
    if request.method == "POST":
        name = request.POST.get("ready", "")
        if name in ready:
            done = _("%(name)s ditambahkan.") % {"name": ready[name].label}
            act(request, editor, lambda d: add_scale(d, name), done)
        return editor.back(name="scales")
    bare = _without_options(document)
    rows = [
        {
            "name": name,
            "n_options": len(options),
            "options": [in_indonesian(option.label) for option in options[:8]],
            "n_users": len(users_of(document, Place("scale", name))),
            "url": editor.url("scale", name),
            "n_bare": len(bare) if _is_rated(options) else 0,
        }
        for name, options in document.scales.items()
    ]
    offered = [one for name, one in ready.items() if name not in document.scales]
    return page(
        request, editor, "scales", _("Skala dan katalog"), rows=rows, offered=offered
    )


def scale(request: HttpRequest, editor: Editor, code: str = "") -> HttpResponse:
    """A scale or catalogue, new or at hand: its options in order."""
    document, place = editor.document, Place("scale", code)
    conflict = ""
    options = found(document, place) if code and request.method == "GET" else []
    rows: list[Row] = rows_of(options)
    form = ScaleForm(initial={"name": code})
    if request.method == "POST":
        form = ScaleForm(request.POST)
        rows = posted_rows(request.POST, document.languages)
        if "row" not in request.POST and form.is_valid():
            done = _save_scale(editor, form, rows, place)
            conflict = done.conflict
            if done.is_done:
                messages.success(request, _("Skala disimpan."))
                return editor.back(name="scales")
    title = _("Skala %(code)s") % {"code": code} if code else _("Skala baru")
    return page(
        request,
        editor,
        "scale",
        title,
        form=form,
        rows=[*rows, *(Row() for _n in range(N_BLANK))],
        columns=_columns(document, code, rows, request.GET.get("jenis", "")),
        conflict=conflict,
        seen=new_mark(request, editor, place, conflict),
        code=code,
        back=editor.url("scales"),
    )


def _save_scale(
    editor: Editor, form: ScaleForm, rows: Sequence[Row], place: Place
) -> Saving:
    document = editor.document
    options = options_from(rows, (part.code for part in document.dimensions))
    if any(row.errors for row in rows):
        form.add_error(None, _("Periksa baris yang ditandai."))
        return Saving()
    name, mark = form.cleaned_data["name"], form.cleaned_data["seen"]

    def change(current: Document) -> Document:
        return put_scale(current, name, options, old=old_code(current, place, mark))

    return save(editor, change, form)


def _columns(document: Document, code: str, rows: Sequence[Row], wanted: str) -> str:
    """``catalogue`` where options carry value and direction, else ``rating``."""
    picks = any(q.kind == "pick" and q.scale == code for q in document.questions)
    is_marked = any(row.dimension or row.polarity for row in rows)
    is_catalogue = (code and picks) or is_marked or wanted == "katalog"
    return "catalogue" if is_catalogue else "rating"


def _is_rated(options: Sequence[OptionPart]) -> bool:
    return sum(option.value is not None for option in options) > 1


def _without_options(document: Document) -> list[str]:
    return [
        part.code
        for part in document.questions
        if part.kind == "rating" and not document.options_of(part)
    ]


@require_POST
def spread(request: HttpRequest, editor: Editor, code: str) -> HttpResponse:
    """Have every rating without options answered on this scale."""
    done = _("Skala %(code)s dipakai semua penilaian yang belum punya pilihan.")
    act(
        request,
        editor,
        lambda d: apply_scale(d, code, _without_options(d)),
        done % {"code": code},
    )
    return editor.back(name="scales")
