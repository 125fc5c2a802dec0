"""The front page of a draft: its parts in order, what they lack, and small acts."""

from __future__ import annotations

from collections import Counter
from functools import partial
from typing import Any, Literal, cast

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_POST

from surveys.answering.language import NAMES
from surveys.instruments.document import (
    Document,
    QuestionPart,
    SectionPart,
    dimension_of,
)
from surveys.instruments.editing import apply_scale, drop, put_settings, users_of
from surveys.instruments.ordering import arrange, move
from surveys.instruments.parts import Place, Sort, demand_seen, seen
from surveys.models import Question
from surveys.models.instrument import in_indonesian
from surveys.views.authoring import Editor, act, check_context, page, save
from surveys.views.authoring_forms import SettingsForm, typed_texts

KINDS = dict(Question.Kind.choices)
STEPS: dict[str, Literal[-1, 1]] = {"up": -1, "down": 1}


def outline(request: HttpRequest, editor: Editor) -> HttpResponse:
    """Everything that is asked, with its buttons."""
    document = editor.document
    checks = check_context(editor)
    lacking = Counter(one["url"] for one in checks["blocking"])
    sections = [
        {
            "code": section.code,
            "title": in_indonesian(section.title),
            "intro": in_indonesian(section.intro),
            "dimension": _dimension_name(document, section.dimension),
            "url": editor.url("section", section.code),
            "lacks": lacking[editor.url("section", section.code)],
            "questions": [
                _question(editor, section, part, lacking) for part in section.questions
            ],
        }
        for section in document.sections
    ]
    return page(
        request,
        editor,
        "outline",
        in_indonesian(editor.instrument.title),
        sections=sections,
        kinds=Question.Kind.choices,
        n_questions=len(document.questions),
        focus=request.GET.get("fokus", ""),
        first_scale=_usual_scale(document),
        **checks,
    )


def _dimension_name(document: Document, code: str | None) -> str:
    names = {part.code: in_indonesian(part.name) for part in document.dimensions}
    return names.get(code or "", "")


def _question(
    editor: Editor, section: SectionPart, part: QuestionPart, lacking: Counter[str]
) -> dict[str, Any]:
    """A question in one line, and the scales it could be answered on."""
    document = editor.document
    options = document.options_of(part)
    n_options = ngettext("%d pilihan", "%d pilihan", len(options)) % len(options)
    facts = (
        KINDS[part.kind],
        _dimension_name(document, dimension_of(section, part)),
        part.scale or (n_options if options else ""),
        _("pilih %(n)d") % {"n": part.picks} if part.picks else "",
        _("dibalik") if part.reversed else "",
        _("wajib") if part.required else "",
    )
    takes_options = part.kind in ("rating", "choice", "pick")
    url = editor.url("question", part.code)
    return {
        "code": part.code,
        "label": in_indonesian(part.label),
        "facts": [fact for fact in facts if fact],
        "url": url,
        "lacks": lacking[url],
        "scales": list(document.scales) if takes_options and not options else [],
    }


def _usual_scale(document: Document) -> str:
    used = Counter(part.scale for part in document.questions if part.kind == "rating")
    found = [scale for scale, _n in used.most_common() if scale]
    return found[0] if found else ""


# -- Buttons ---------------------------------------------------------------------------


@require_POST
def steer(request: HttpRequest, editor: Editor) -> HttpResponse:
    """``up``/``down`` of a part, a scale for a question, or the whole arrangement."""
    order = request.POST.get("arrangement", "")
    if order:
        act(request, editor, lambda d: arrange(d, _order(order)))
        return editor.back()
    for name, step in STEPS.items():
        sort, _colon, code = request.POST.get(name, "").partition(":")
        if sort in ("question", "section", "dimension"):
            place = Place(cast(Sort, sort), code)
            act(request, editor, partial(move, place=place, step=step))
            return _back_to(editor, place, f"{name}:{code}")
    scale, _colon, code = request.POST.get("scale", "").partition(":")
    if code:
        done = _("%(code)s memakai skala %(scale)s.") % {"code": code, "scale": scale}
        act(request, editor, lambda d: apply_scale(d, scale, [code]), done)
        return _back_to(editor, Place("question", code), "")
    return editor.back()


def _order(text: str) -> dict[str, list[str]]:
    """``S1:A,B;S2:`` → ``{"S1": ["A", "B"], "S2": []}``."""
    order: dict[str, list[str]] = {}
    for part in text.split(";"):
        section, _colon, codes = part.partition(":")
        order[section] = [code for code in codes.split(",") if code]
    return order


def _back_to(editor: Editor, place: Place, focus: str) -> HttpResponse:
    """To the same button of the same part, so that the next press can follow.

    Never with a fragment as well: browsers then leave ``autofocus`` alone.
    """
    name = "dimensions" if place.sort == "dimension" else "change"
    if not focus:
        return editor.back(f"{place.sort}-{place.code}", name)
    return HttpResponseRedirect(f"{editor.url(name)}?fokus={focus}")


# -- Title and languages ---------------------------------------------------------------


def settings(request: HttpRequest, editor: Editor) -> HttpResponse:
    """Title, note and the languages in which everything has to be said."""
    document, place = editor.document, Place("instrument")
    conflict = ""
    going: list[str] = []
    if request.method == "POST":
        form = SettingsForm(request.POST, languages=document.languages)
        if form.is_valid():
            chosen = form.cleaned_data["languages_shown"]
            going = [code for code in document.languages if code not in chosen]
            if not going or form.cleaned_data["drop_texts"]:
                done = save(editor, lambda d: _set(d, form, chosen, place), form)
                conflict = done.conflict
                if done.is_done:
                    messages.success(request, _("Tersimpan."))
                    return editor.back()
    else:
        form = SettingsForm(
            languages=document.languages,
            initial={
                **typed_texts("title", document.title),
                **typed_texts("note", document.note),
                "languages_shown": document.languages,
            },
        )
    return page(
        request,
        editor,
        "settings",
        _("Judul dan bahasa"),
        form=form,
        conflict=conflict,
        going=[NAMES.get(code, code) for code in going],
        seen=_mark(editor, request, conflict, place),
    )


def _mark(editor: Editor, request: HttpRequest, conflict: str, place: Place) -> str:
    """The mark to save against: as it was seen, or anew after a warning."""
    if request.method == "POST" and not conflict:
        return request.POST.get("seen", "")
    return seen(editor.document, place)


def _set(
    document: Document, form: SettingsForm, languages: list[str], place: Place
) -> Document:
    demand_seen(document, place, form.cleaned_data["seen"])
    return put_settings(
        document, title=form.text("title"), note=form.text("note"), languages=languages
    )


# -- Removing --------------------------------------------------------------------------

GONE = {
    "question": gettext_lazy("Pertanyaan dihapus."),
    "section": gettext_lazy("Bagian dan pertanyaannya dihapus."),
    "dimension": gettext_lazy("Nilai dihapus."),
    "scale": gettext_lazy("Skala dihapus."),
}


def remove(request: HttpRequest, editor: Editor, sort: str, code: str) -> HttpResponse:
    """Ask, then remove; what is in use says by whom."""
    place = Place(cast(Sort, sort), code)
    home = {"dimension": "dimensions", "scale": "scales"}.get(sort, "change")
    if request.method == "POST":
        act(request, editor, lambda d: drop(d, place), str(GONE[sort]))
        return editor.back(name=home)
    is_listed = sort in ("dimension", "scale")
    users = users_of(editor.document, place) if is_listed else []
    lost = _lost_with(editor.document, place)
    return page(
        request,
        editor,
        "remove",
        _("Hapus %(code)s?") % {"code": code},
        users=users,
        lost=lost,
        back=editor.url(home),
    )


def _lost_with(document: Document, place: Place) -> list[str]:
    """The words of the questions that would go."""
    parts = {
        "question": [q for q in document.questions if q.code == place.code],
        "section": [
            question
            for section in document.sections
            if section.code == place.code
            for question in section.questions
        ],
    }.get(place.sort, [])
    return [f"{part.code} {in_indonesian(part.label)}" for part in parts]
