"""Copying a question from one instrument into another, with what it is answered by."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from surveys.instruments.document import (
    Document,
    OptionPart,
    QuestionPart,
    dimension_of,
)
from surveys.instruments.editing import put_question
from surveys.instruments.ordering import free_code
from surveys.instruments.parts import section_at, section_of


def borrow(
    document: Document, source: Document, code: str, *, section: str
) -> Document:
    """``document`` with a copy of a question of ``source`` at the end of ``section``.

    The copy speaks the languages of its new home, gets a free code, and is answered on
    an equal scale that is there already, or brings its own.
    """
    home = section_of(source, code)
    part = next(one for one in home.questions if one.code == code)
    known = {one.code for one in document.dimensions}
    measured = dimension_of(home, part)
    options = _fitted(source.options_of(part), document.languages, known)
    document, scale = _scale_for(document, part, options)
    inherited = section_at(document, section).dimension
    is_inherited = part.kind == "rating" and measured == inherited
    copy = part.model_copy(
        update={
            "code": _free(document, code),
            "label": _spoken(part.label, document.languages),
            "dimension": measured if measured in known and not is_inherited else None,
            "scale": scale,
            "options": [] if scale else options,
        }
    )
    return put_question(document, copy, section=section)


def _free(document: Document, code: str) -> str:
    taken = {part.code for part in document.questions}
    stem = f"{code[:36].rstrip('0123456789') or 'P'}"
    return free_code(taken, stem) if code in taken else code


def _spoken(text: Mapping[str, str], languages: Sequence[str]) -> dict[str, str]:
    return {code: text[code] for code in languages if code in text}


def _fitted(
    options: Sequence[OptionPart], languages: Sequence[str], known: set[str]
) -> list[OptionPart]:
    return [
        option.model_copy(
            update={
                "label": _spoken(option.label, languages),
                "dimension": option.dimension if option.dimension in known else None,
            }
        )
        for option in options
    ]


def _scale_for(
    document: Document, part: QuestionPart, options: list[OptionPart]
) -> tuple[Document, str | None]:
    """A scale that says the same, or the source's brought along under a free name."""
    if part.scale is None:
        return document, None
    for name, there in document.scales.items():
        if there == options:
            return document, name
    name = part.scale
    if name in document.scales:
        name = free_code(document.scales, f"{name[:36]}-")
    scales = {**document.scales, name: options}
    return document.model_copy(update={"scales": scales}), name
