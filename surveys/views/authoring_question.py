"""Changing one question: its words, how it is answered, and what it measures."""

from __future__ import annotations

from collections import Counter
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from surveys.instruments.document import Document, QuestionPart
from surveys.instruments.editing import put_question
from surveys.instruments.ordering import free_code
from surveys.instruments.parts import Place, section_of
from surveys.models import Question
from surveys.views.authoring import Editor, found, new_mark, old_code, page, save
from surveys.views.authoring_forms import QuestionForm, typed_texts
from surveys.views.authoring_rows import (
    N_BLANK,
    Row,
    options_from,
    posted_rows,
    rows_of,
)

KINDS = dict(Question.Kind.choices)
LISTED = ("rating", "choice", "pick")
"""Kinds that are answered from options."""

USUAL_PICKS = 10
USUAL_MAXIMUM = 50


def question(request: HttpRequest, editor: Editor, code: str = "") -> HttpResponse:
    """A question, new or at hand. Buttons beside saving come back with all typed."""
    document, place = editor.document, Place("question", code)
    conflict = ""
    if request.method == "POST":
        form = QuestionForm(_with_kind(request), document=document)
        rows = posted_rows(request.POST, document.languages)
        if not {"row", "to_kind"} & request.POST.keys() and form.is_valid():
            part = part_from(form, rows, document)
            if part is not None:
                section = form.cleaned_data["section"]
                mark = form.cleaned_data["seen"]
                done = save(
                    editor,
                    lambda d: put_question(
                        d, part, section=section, old=old_code(d, place, mark)
                    ),
                    form,
                )
                conflict = done.conflict
                if done.is_done:
                    return _onwards(request, editor, part, section)
    else:
        values, rows = _values(document, code, request)
        form = QuestionForm(document=document, initial=values)
    return _shown(request, editor, place, form, rows, conflict)


def _shown(
    request: HttpRequest,
    editor: Editor,
    place: Place,
    form: QuestionForm,
    rows: list[Row],
    conflict: str,
) -> HttpResponse:
    kind = form.shown_kind if form.shown_kind in KINDS else "rating"
    title = _("Pertanyaan %(code)s") % {"code": place.code}
    return page(
        request,
        editor,
        "question",
        title if place.code else _("Pertanyaan baru"),
        form=form,
        kind=kind,
        kind_name=KINDS[kind],
        other_kinds=[(k, name) for k, name in Question.Kind.choices if k != kind],
        is_listed=kind in LISTED,
        columns={"rating": "rating", "pick": "catalogue"}.get(kind, "choice"),
        rows=[*rows, *(Row() for _n in range(N_BLANK))],
        conflict=conflict,
        seen=new_mark(request, editor, place, conflict),
        code=place.code,
        back=editor.url("change"),
    )


def _with_kind(request: HttpRequest) -> Any:
    """The posted fields, of the kind that the pressed button asks for."""
    data = request.POST.copy()
    kind = str(data.get("to_kind", ""))
    if kind in KINDS:
        data["kind"] = kind
        if kind == "pick" and not data.get("picks"):
            data["picks"] = str(USUAL_PICKS)
    return data


def part_from(
    form: QuestionForm, rows: list[Row], document: Document
) -> QuestionPart | None:
    """The question that was typed; None where rows carry faults, told in the form."""
    typed = form.cleaned_data
    kind = typed["kind"]
    scale = typed["scale"] if kind in LISTED else ""
    options = []
    if kind in LISTED and not scale:
        options = options_from(rows, (part.code for part in document.dimensions))
        if any(row.errors for row in rows):
            form.add_error(None, _("Periksa baris pilihan yang ditandai."))
            return None
    return QuestionPart(
        code=typed["code"],
        kind=kind,
        label=form.text("label"),
        dimension=typed["dimension"] or None,
        reversed=typed["reversed"] and kind == "rating",
        required=typed["required"],
        scale=scale or None,
        options=options,
        picks=typed["picks"] if kind == "pick" else 0,
        minimum=typed["minimum"] if kind == "number" else None,
        maximum=typed["maximum"] if kind == "number" else None,
    )


def _onwards(
    request: HttpRequest, editor: Editor, part: QuestionPart, section: str
) -> HttpResponse:
    """Back to the outline, or straight on to the next question of the same kind."""
    messages.success(request, _("Pertanyaan %(code)s disimpan.") % {"code": part.code})
    if "and_next" not in request.POST:
        return editor.back(f"question-{part.code}")
    response = editor.back(name="question_add")
    response["Location"] += f"?bagian={section}&jenis={part.kind}"
    return response


# -- What the form begins with ---------------------------------------------------------


def _values(
    document: Document, code: str, request: HttpRequest
) -> tuple[dict[str, Any], list[Row]]:
    if not code:
        section, kind = request.GET.get("bagian", ""), request.GET.get("jenis", "")
        return _new_values(document, section, kind if kind in KINDS else "rating"), []
    part: QuestionPart = found(document, Place("question", code))
    values = {
        **part.model_dump(include=set(QuestionForm.base_fields)),
        **typed_texts("label", part.label),
        "section": section_of(document, code).code,
        "picks": part.picks or None,
    }
    return values, rows_of(part.options)


def _new_values(document: Document, section: str, kind: str) -> dict[str, Any]:
    """A free code, and the scale that most questions of the kind use."""
    codes = {part.code: part for part in document.sections}
    last = document.sections[-1] if document.sections else None
    home = codes.get(section, last)
    stem = (home.dimension if home and kind == "rating" else None) or "P"
    taken = [part.code for part in document.questions]
    used = Counter(q.scale for q in document.questions if q.kind == kind and q.scale)
    usual = next((name for name, _n in used.most_common(1)), "")
    if not usual and kind == "rating":
        usual = next((n for n, o in document.scales.items() if _is_rated(o)), "")
    return {
        "kind": kind,
        "section": home.code if home else "",
        "code": free_code(taken, stem),
        "required": kind == "rating" and _may_pass(document, usual),
        "scale": usual,
        "picks": USUAL_PICKS if kind == "pick" else None,
        "minimum": 0 if kind == "number" else None,
        "maximum": USUAL_MAXIMUM if kind == "number" else None,
    }


def _may_pass(document: Document, scale: str) -> bool:
    """Whether who does not know can say so, and hence be asked to answer."""
    return not scale or any(option.missing for option in document.scales[scale])


def _is_rated(options: Any) -> bool:
    return sum(option.value is not None for option in options) > 1
