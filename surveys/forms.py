"""Between the respondent's HTML form and the sheet."""

from __future__ import annotations

import random
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from surveys.sheet import Sheet, SheetOption, SheetQuestion, Text

LONGEST_COMMENT = 1000


def spoken(text: Text) -> str:
    """The text in the reader's language, Indonesian where it is missing."""
    language = (get_language() or "id").split("-", maxsplit=1)[0]
    return text.get(language) or text.get("id", "")


@dataclass(frozen=True)
class ShownOption:
    position: int
    label: str
    is_missing: bool


@dataclass(frozen=True)
class ShownQuestion:
    """A question as the page needs it: texts in one language, and what was filled."""

    question: SheetQuestion
    label: str
    options: list[ShownOption]
    chosen: int = 0
    text: str = ""
    error: str = ""

    @property
    def name(self) -> str:
        return input_name(self.question)


@dataclass(frozen=True)
class ShownSection:
    title: str
    intro: str
    questions: list[ShownQuestion]


@dataclass(frozen=True)
class Typed:
    """What the form carried, in canonical order."""

    answers: list[int] = field(default_factory=list)
    comments: list[str] = field(default_factory=list)


def input_name(question: SheetQuestion) -> str:
    return f"q-{question.code}"


def shown_order(questions: Iterable[SheetQuestion], layout: int) -> list[SheetQuestion]:
    """Rating questions shuffled by the ballot's layout; the rest stay in place."""
    ordered = list(questions)
    places = [i for i, q in enumerate(ordered) if q.kind == "rating"]
    shuffled = [ordered[i] for i in places]
    random.Random(layout).shuffle(shuffled)  # noqa: S311  # order on screen, no secret
    for place, question in zip(places, shuffled, strict=True):
        ordered[place] = question
    return ordered


def read_form(sheet: Sheet, data: Mapping[str, str]) -> Typed:
    """Codes and comments from posted fields; what is no number becomes -1."""
    answers = [0] * sheet.width
    for question in sheet.questions:
        if question.n_slots == 1:
            answers[question.slot] = _code(question, data.get(input_name(question), ""))
    comments = [
        data.get(input_name(q), "").replace("\0", "")[:LONGEST_COMMENT]
        for q in sheet.comment_questions
    ]
    return Typed(answers, comments)


def _code(question: SheetQuestion, value: str) -> int:
    if not value.strip():
        return 0
    if not value.isascii() or not value.lstrip("-").isdigit() or len(value) > 9:
        return -1
    number = int(value)
    if question.kind == "number":
        return 1 + number - question.minimum
    return number or -1


def shown_sections(
    sheet: Sheet,
    layout: int,
    typed: Typed | None = None,
    errors: Mapping[str, str] | None = None,
) -> list[ShownSection]:
    """The whole questionnaire as the page shows it."""
    comments = dict(
        zip((q.code for q in sheet.comment_questions), typed.comments, strict=True)
        if typed
        else ()
    )
    return [
        ShownSection(
            title=spoken(section.title),
            intro=spoken(section.intro),
            questions=[
                ShownQuestion(
                    question=question,
                    label=spoken(question.label),
                    options=[_shown(option) for option in question.options],
                    chosen=typed.answers[question.slot]
                    if typed and question.n_slots == 1
                    else 0,
                    text=comments.get(question.code, ""),
                    error=reason_in_words((errors or {}).get(question.code, "")),
                )
                for question in shown_order(sheet.in_section(section.code), layout)
            ],
        )
        for section in sheet.sections
    ]


def _shown(option: SheetOption) -> ShownOption:
    return ShownOption(option.position, spoken(option.label), option.is_missing)


def reason_in_words(reason: str) -> str:
    if not reason:
        return ""
    if reason == "required":
        return _("Pertanyaan ini perlu dijawab.")
    return _("Pilihan ini tidak ada pada pertanyaan. Pilih lagi.")
