"""Between the respondent's HTML form and the sheet."""

from __future__ import annotations

import random
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import takewhile

from django.utils.datastructures import MultiValueDict
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from surveys.answering.masking import mask
from surveys.answering.shown_order import shown_order
from surveys.instruments.document import LARGEST
from surveys.instruments.sheet import Kind, Sheet, SheetOption, SheetQuestion, Text

LONGEST_COMMENT = 1000
LONGEST_NUMBER = 12
WHOLE_NUMBER = re.compile(r"-?[0-9]{1,6}")
IMPOSSIBLE = -1
"""The code of what was posted and stands for nothing; no sheet allows it."""

SECONDS = "detik"


def spoken(text: Text) -> str:
    """The text in the reader's language, Indonesian where it is missing."""
    language = (get_language() or "id").split("-", maxsplit=1)[0]
    return text.get(language) or text.get("id", "")


# -- What is shown ---------------------------------------------------------------------


@dataclass(frozen=True)
class ShownOption:
    position: int
    label: str
    is_missing: bool


@dataclass(frozen=True)
class ShownQuestion:
    """A question as the page needs it: texts in one language, and what was filled.

    ``chosen`` is the position ticked in a rating or choice (0: none), ``picked`` the
    positions of a pick-k in the order they were picked, ``text`` the words of a comment
    or the figures of a number as they were typed.
    """

    question: SheetQuestion
    label: str
    options: list[ShownOption]
    chosen: int = 0
    picked: Sequence[int] = ()
    text: str = ""
    error: str = ""

    @property
    def name(self) -> str:
        return input_name(self.question)

    @property
    def kind(self) -> Kind:
        return self.question.kind

    @property
    def picks(self) -> int:
        """How many options a pick-k takes; 0 for every other kind."""
        return self.question.n_slots if self.question.kind == "pick" else 0


@dataclass(frozen=True)
class ShownSection:
    title: str
    intro: str
    questions: list[ShownQuestion]

    @property
    def n_asked(self) -> int:
        """What is counted as a question: nobody owes a comment."""
        return sum(question.kind != "comment" for question in self.questions)


@dataclass(frozen=True)
class Typed:
    """What the form carried, in canonical order.

    ``faults`` are what codes cannot show (a pick too many); ``picked`` and ``texts``,
    by question code, are what the page shows again.
    """

    answers: list[int] = field(default_factory=list)
    comments: list[str] = field(default_factory=list)
    seconds: list[int] = field(default_factory=list)
    faults: dict[str, str] = field(default_factory=dict)
    picked: dict[str, list[int]] = field(default_factory=dict)
    texts: dict[str, str] = field(default_factory=dict)


def input_name(question: SheetQuestion) -> str:
    return f"q-{question.code}"


def shown_options(question: SheetQuestion, layout: int) -> list[ShownOption]:
    """The options of a pick-k shuffled by the layout; all others as they are."""
    options = [_shown(option) for option in question.options]
    if question.kind == "pick":
        random.Random(f"{layout} {question.code}").shuffle(options)  # noqa: S311  # order on screen, no secret
    return options


def _shown(option: SheetOption) -> ShownOption:
    return ShownOption(option.position, spoken(option.label), option.is_missing)


def shown_sections(
    sheet: Sheet,
    layout: int,
    typed: Typed | None = None,
    errors: Mapping[str, str] | None = None,
) -> list[ShownSection]:
    """The whole questionnaire as the page shows it."""
    return [
        ShownSection(
            title=spoken(section.title),
            intro=spoken(section.intro),
            questions=[
                _shown_question(question, layout, typed or Typed(), errors or {})
                for question in shown_order(sheet.in_section(section.code), layout)
            ],
        )
        for section in sheet.sections
    ]


def _shown_question(
    question: SheetQuestion, layout: int, typed: Typed, errors: Mapping[str, str]
) -> ShownQuestion:
    has_one = question.kind in ("rating", "choice") and typed.answers
    return ShownQuestion(
        question=question,
        label=spoken(question.label),
        options=shown_options(question, layout),
        chosen=typed.answers[question.slot] if has_one else 0,
        picked=typed.picked.get(question.code, ()),
        text=typed.texts.get(question.code, ""),
        error=reason_in_words(errors.get(question.code, ""), question),
    )


def reason_in_words(reason: str, question: SheetQuestion) -> str:
    """What is wrong with an answer, as a sentence; "" where nothing is."""
    k = question.n_slots
    if not reason:
        return ""
    if reason == "required":
        return _("Pertanyaan ini perlu dijawab.")
    if reason == "out_of_range":
        return _("Isi dengan bilangan bulat dari %(low)d sampai %(high)d.") % {
            "low": question.minimum,
            "high": question.maximum,
        }
    if reason == "too_few":
        return ngettext("Pilih tepat %(k)d.", "Pilih tepat %(k)d.", k) % {"k": k}
    if reason == "too_many":
        return ngettext(
            "Pilih paling banyak %(k)d.", "Pilih paling banyak %(k)d.", k
        ) % {"k": k}
    if reason == "names":
        return _(
            "Tulisan ini tampaknya memuat nomor telepon, NIP, atau alamat surel. "
            "Bagian itu disamarkan sebelum dibaca siapa pun; lebih aman bila Anda "
            "hapus."
        )
    return _("Pilihan ini tidak ada pada pertanyaan. Pilih lagi.")


def left_out(sheet: Sheet, answers: Sequence[int]) -> set[str]:
    """Codes of the questions not answered, or not with all their picks.

    Comments are nobody's duty and never among them.
    """
    return {
        question.code
        for question in sheet.questions
        if 0 in answers[question.slot : question.slot + question.n_slots]
    }


def naming(sheet: Sheet, typed: Typed) -> dict[str, str]:
    """The comments of which a part will be masked, each with its reason."""
    texts = {q.code: typed.texts.get(q.code, "") for q in sheet.comment_questions}
    return {code: "names" for code, text in texts.items() if mask(text) != text}


# -- What is read ----------------------------------------------------------------------


def read_form(sheet: Sheet, fields: MultiValueDict[str, str]) -> Typed:
    """Codes and comments from posted fields; nothing is refused here."""
    typed = Typed(answers=[0] * sheet.width)
    for question in sheet.questions:
        _READERS[question.kind](question, fields.getlist(input_name(question)), typed)
    typed.seconds.extend(_seconds(fields.get(SECONDS) or "", len(sheet.sections)))
    return typed


def _read_option(question: SheetQuestion, values: list[str], typed: Typed) -> None:
    codes = {_position(value) for value in values if value.strip()}
    typed.answers[question.slot] = codes.pop() if len(codes) == 1 else -len(codes)


def _read_picks(question: SheetQuestion, values: list[str], typed: Typed) -> None:
    codes = [_position(value) for value in values if value.strip()]
    kept = codes[: question.n_slots]
    typed.answers[question.slot : question.slot + len(kept)] = kept
    known = (c for c in codes[: len(question.options)] if c <= len(question.options))
    typed.picked[question.code] = [code for code in known if code > 0]
    if len(codes) > question.n_slots:
        typed.faults[question.code] = "too_many"


def _read_number(question: SheetQuestion, values: list[str], typed: Typed) -> None:
    text = values[-1].strip() if values else ""
    typed.texts[question.code] = text[:LONGEST_NUMBER]
    if not text:
        return
    is_whole = WHOLE_NUMBER.fullmatch(text) is not None
    code = 1 + int(text) - question.minimum if is_whole else IMPOSSIBLE
    typed.answers[question.slot] = code or IMPOSSIBLE


def _read_comment(question: SheetQuestion, values: list[str], typed: Typed) -> None:
    text = values[-1].replace("\r\n", "\n")[:LONGEST_COMMENT] if values else ""
    typed.comments.append(text)
    typed.texts[question.code] = text


_READERS = {
    "rating": _read_option,
    "choice": _read_option,
    "pick": _read_picks,
    "number": _read_number,
    "comment": _read_comment,
}


def _position(value: str) -> int:
    """A position from 1 on; what is none becomes impossible, not unanswered."""
    is_whole = WHOLE_NUMBER.fullmatch(value.strip()) is not None
    return int(value) or IMPOSSIBLE if is_whole else IMPOSSIBLE


def _seconds(text: str, n_sections: int) -> list[int]:
    """Whole seconds per section, as far as they can be read; they are only a hint."""
    parts = [part.strip() for part in text[: 8 * n_sections].split(",")[:n_sections]]
    readable = takewhile(lambda part: WHOLE_NUMBER.fullmatch(part), parts)
    return [min(max(int(part), 0), LARGEST) for part in readable]
