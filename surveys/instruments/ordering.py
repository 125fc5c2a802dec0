"""The order of a draft: one step up or down, or the whole arrangement at once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Literal

from django.utils.translation import gettext as _

from surveys.instruments.document import Document
from surveys.instruments.editing import drop
from surveys.instruments.parts import (
    Coded,
    EditedMeanwhile,
    Place,
    at,
    question_at,
    section_of,
    with_questions,
)


def move(document: Document, place: Place, step: Literal[-1, 1]) -> Document:
    """One place up or down; a question at the edge goes into the next section."""
    if place.sort == "question":
        return _move_question(document, place.code, step)
    if place.sort == "section":
        return document.model_copy(
            update={"sections": _moved(document.sections, place, step)}
        )
    return document.model_copy(
        update={"dimensions": _moved(document.dimensions, place, step)}
    )


def _moved(parts: Sequence[Coded], place: Place, step: int) -> list[Coded]:
    part = at(parts, place)
    rest = [one for one in parts if one is not part]
    rest.insert(max(0, list(parts).index(part) + step), part)
    return rest


def _move_question(document: Document, code: str, step: int) -> Document:
    section = section_of(document, code)
    part = question_at(document, code)
    codes = [one.code for one in section.questions]
    if 0 <= codes.index(code) + step < len(codes):
        moved = _moved(section.questions, Place("question", code), step)
        return with_questions(document, section.code, moved)
    sections = [one.code for one in document.sections]
    target = sections.index(section.code) + step
    if not 0 <= target < len(sections):
        return document
    document = drop(document, Place("question", code))
    neighbours = document.sections[target].questions
    questions = [part, *neighbours] if step > 0 else [*neighbours, part]
    return with_questions(document, sections[target], questions)


def arrange(document: Document, order: Mapping[str, Sequence[str]]) -> Document:
    """Sections and their questions in this order; it must name each exactly once."""
    codes = [code for questions in order.values() for code in questions]
    parts = {part.code: part for part in document.questions}
    sections = {part.code: part for part in document.sections}
    is_whole = len(codes) == len(parts) and set(codes) == parts.keys()
    if not is_whole or order.keys() != sections.keys():
        raise EditedMeanwhile(
            _("Susunan tidak diubah: baru saja ada yang ditambah atau dihapus.")
        )
    arranged = [
        sections[section].model_copy(
            update={"questions": [parts[code] for code in questions]}
        )
        for section, questions in order.items()
    ]
    return document.model_copy(update={"sections": arranged})


def free_code(taken: Iterable[str], stem: str) -> str:
    """``stem`` with the first number that is free: BP4.

    >>> free_code({"BP1", "BP2"}, "BP")
    'BP3'
    """
    used = set(taken)
    number = 1
    while f"{stem}{number}" in used:
        number += 1
    return f"{stem}{number}"
