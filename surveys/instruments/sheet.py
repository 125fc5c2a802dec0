"""A questionnaire as a sheet of numbered slots, and the validation of filled-in sheets.

A slot holds the 1-based *position* of an option in the frozen question, never its label
or value; 0 means not answered. "Tidak tahu" is an option flagged missing. A number
question stores 1 + value - minimum. A pick-k question takes k slots, in picking order.

This module is pure: no Django, no I/O. ``authoring.sheet_of`` builds a Sheet from a
published instrument.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

Kind = Literal["rating", "choice", "pick", "number", "comment"]
Text = Mapping[str, str]
"""One text in several languages: {"id": "...", "en": "..."}."""


@dataclass(frozen=True)
class SheetOption:
    """One option of a question; ``value`` is None where the option is missing."""

    position: int
    code: str
    label: Text
    value: int | None = None
    is_missing: bool = False
    dimension: str | None = None
    polarity: int = 0


@dataclass(frozen=True)
class SheetQuestion:
    """One question; it fills ``n_slots`` slots from ``slot`` on, a comment none."""

    code: str
    kind: Kind
    label: Text
    section: str
    slot: int
    n_slots: int
    dimension: str | None = None
    is_reversed: bool = False
    is_required: bool = False
    options: tuple[SheetOption, ...] = ()
    minimum: int = 0
    maximum: int = 0

    @property
    def n_codes(self) -> int:
        """How many codes a slot of this question may hold beside 0."""
        if self.kind == "number":
            return self.maximum - self.minimum + 1
        return len(self.options)


@dataclass(frozen=True)
class SheetSection:
    """A group of questions shown together, with the sentence that opens it."""

    code: str
    title: Text
    intro: Text = field(default_factory=dict)
    dimension: str | None = None


@dataclass(frozen=True)
class SheetDimension:
    """What questions measure; for BerAKHLAK one of the seven values."""

    code: str
    name: Text


@dataclass(frozen=True)
class Sheet:
    """The frozen questionnaire of a wave."""

    code: str
    version: int
    digest: str
    dimensions: tuple[SheetDimension, ...]
    sections: tuple[SheetSection, ...]
    questions: tuple[SheetQuestion, ...]

    @property
    def width(self) -> int:
        """How many slots a filled-in sheet has."""
        return sum(question.n_slots for question in self.questions)

    @property
    def comment_questions(self) -> tuple[SheetQuestion, ...]:
        return tuple(q for q in self.questions if q.kind == "comment")

    def in_section(self, code: str) -> tuple[SheetQuestion, ...]:
        return tuple(q for q in self.questions if q.section == code)

    def question(self, code: str) -> SheetQuestion:
        """The question with this code; KeyError if there is none."""
        for question in self.questions:
            if question.code == code:
                return question
        raise KeyError(code)


class SheetError(ValueError):
    """An answer that the sheet does not allow; ``errors`` maps question code to reason.

    Reasons are codes (``unknown_option``, ``out_of_range``, ``required``, ``too_few``,
    ``too_many``, ``duplicate``, ``out_of_order``, ``wrong_width``), so that no input is
    ever reflected.
    """

    def __init__(self, errors: Mapping[str, str]) -> None:
        super().__init__(", ".join(f"{code}: {why}" for code, why in errors.items()))
        self.errors = dict(errors)


def check_answers(
    sheet: Sheet, answers: Sequence[int], faults: Mapping[str, str] | None = None
) -> None:
    """Raise SheetError unless ``answers`` (``sheet.width`` codes) fits the sheet.

    ``faults`` are those of a form that codes cannot show, such as a pick too many.
    """
    if len(answers) != sheet.width:
        raise SheetError({"": "wrong_width"})
    errors = dict(faults or {})
    for question in sheet.questions:
        codes = answers[question.slot : question.slot + question.n_slots]
        reason = _reason_against(question, codes)
        if reason:
            errors.setdefault(question.code, reason)
    if errors:
        raise SheetError(errors)


def _reason_against(question: SheetQuestion, codes: Sequence[int]) -> str:
    if any(code < 0 or code > question.n_codes for code in codes):
        return "out_of_range" if question.kind == "number" else "unknown_option"
    n_answered = sum(code > 0 for code in codes)
    if question.is_required and codes and not n_answered:
        return "required"
    return _reason_against_picks(question, codes) if question.kind == "pick" else ""


def _reason_against_picks(question: SheetQuestion, codes: Sequence[int]) -> str:
    picked = [code for code in codes if code]
    if len(set(picked)) != len(picked):
        return "duplicate"
    if any(codes[len(picked) :]):
        return "out_of_order"
    if question.is_required and len(picked) < question.n_slots:
        return "too_few"
    return ""
