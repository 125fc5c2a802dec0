"""The parts of a draft: where each is found, and whether it is still as it was seen.

A part is found by its place: what kind of part, and its code. ``seen`` is the mark of a
part as its editor saw it; where the part has changed since, ``EditedMeanwhile`` says so
and what was typed is not lost.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, TypeVar

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from surveys.errors import SurveyError
from surveys.instruments.document import (
    DimensionPart,
    Document,
    OptionPart,
    QuestionPart,
    SectionPart,
    digest_of,
)

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

Sort = Literal["instrument", "dimension", "scale", "section", "question"]
Coded = TypeVar("Coded", DimensionPart, SectionPart, QuestionPart)


@dataclass(frozen=True)
class Place:
    """A part of a draft: ``Place("question", "BP1")``."""

    sort: Sort
    code: str = ""


class EditedMeanwhile(SurveyError):
    """The same part has been changed or removed from elsewhere."""


THIS: dict[Sort, _StrPromise] = {
    "instrument": gettext_lazy("Judul dan bahasa"),
    "dimension": gettext_lazy("Nilai ini"),
    "scale": gettext_lazy("Skala ini"),
    "section": gettext_lazy("Bagian ini"),
    "question": gettext_lazy("Pertanyaan ini"),
}


def gone(sort: Sort) -> EditedMeanwhile:
    """``Pertanyaan ini sudah dihapus.``"""
    return EditedMeanwhile(_("%(this)s sudah dihapus.") % {"this": THIS[sort]})


class Unfit(SurveyError):
    """Does not fit the rest of the draft; ``field`` is where to mend it."""

    def __init__(self, field: str, words: str) -> None:
        super().__init__(words)
        self.field = field


def section_of(document: Document, question: str) -> SectionPart:
    """The section in which a question stands."""
    for section in document.sections:
        if any(part.code == question for part in section.questions):
            return section
    raise gone("question")


def question_at(document: Document, code: str) -> QuestionPart:
    return at(document.questions, Place("question", code))


def section_at(document: Document, code: str) -> SectionPart:
    return at(document.sections, Place("section", code))


def dimension_at(document: Document, code: str) -> DimensionPart:
    return at(document.dimensions, Place("dimension", code))


def scale_at(document: Document, name: str) -> list[OptionPart]:
    if name not in document.scales:
        raise gone("scale")
    return document.scales[name]


def at(parts: Iterable[Coded], place: Place) -> Coded:
    """The part with this code; EditedMeanwhile if it has been removed."""
    for part in parts:
        if part.code == place.code:
            return part
    raise gone(place.sort)


def seen(document: Document, place: Place) -> str:
    """The mark of a part as it stands; a section's questions are none of it."""
    return digest_of({"": _content(document, place)})[:16]


def _content(document: Document, place: Place) -> Any:
    if place.sort == "scale":
        return [option.model_dump() for option in scale_at(document, place.code)]
    if place.sort == "section":
        return section_at(document, place.code).model_dump(exclude={"questions"})
    if place.sort == "dimension":
        return dimension_at(document, place.code).model_dump()
    if place.sort == "question":
        section = section_of(document, place.code).code
        return [section, question_at(document, place.code).model_dump()]
    return document.model_dump(include={"title", "note", "languages"})


def demand_seen(document: Document, place: Place, mark: str) -> None:
    """Raise EditedMeanwhile unless the part is as its editor saw it."""
    if seen(document, place) != mark:
        words = _("%(this)s berubah saat Anda mengisinya.")
        raise EditedMeanwhile(words % {"this": THIS[place.sort]})


def with_questions(
    document: Document, section: str, questions: Sequence[QuestionPart]
) -> Document:
    """The document with these questions in this section."""
    sections = [
        part.model_copy(update={"questions": list(questions)})
        if part.code == section
        else part
        for part in document.sections
    ]
    return document.model_copy(update={"sections": sections})
