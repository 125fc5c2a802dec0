"""The instrument as a document: what an author writes, checked and made canonical.

A text is a string (Indonesian) or one string per language. A scale is written once
under ``scales`` and named by questions. Order is meaning: positions follow from it.
The canonical form has no scales left and every default spelled out, so that the same
questionnaire always has the same digest however it was written.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from typing import Annotated, Any, Literal

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StringConstraints,
)

SMALLEST, LARGEST = -32768, 32767
"""What a slot of the sheet and the value of an option can hold."""


def _by_language(text: object) -> object:
    return {"id": text} if isinstance(text, str) else text


Text = Annotated[dict[str, str], BeforeValidator(_by_language)]
Code = Annotated[
    str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]*$", max_length=40)
]
Language = Annotated[str, StringConstraints(pattern=r"^[a-z]{2,3}$")]
Small = Annotated[int, Field(ge=SMALLEST, le=LARGEST)]


class Part(BaseModel):
    """Strict: an unknown or mistyped key is an error, nothing is guessed."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class OptionPart(Part):
    """One way to answer."""

    code: Code
    label: Text
    value: Small | None = None
    missing: bool = False
    dimension: str | None = None
    polarity: Literal[-1, 0, 1] = 0


class QuestionPart(Part):
    """One question, with its own ``options`` or the name of a shared ``scale``."""

    code: Code
    kind: Literal["rating", "choice", "pick", "number", "comment"]
    label: Text
    dimension: str | None = None
    reversed: bool = False
    required: bool = False
    scale: str | None = None
    options: list[OptionPart] = Field(default=[], max_length=1000)
    picks: Annotated[int, Field(ge=0, le=100)] = 0
    minimum: Small | None = None
    maximum: Small | None = None


class SectionPart(Part):
    """Questions shown together; ratings measure its dimension unless they say else."""

    code: Code
    title: Text
    intro: Text = {}
    dimension: str | None = None
    questions: list[QuestionPart] = []


class DimensionPart(Part):
    """What questions measure."""

    code: Code
    name: Text
    definition: Text = {}


class Document(Part):
    """A whole questionnaire of one version; a draft may still have gaps."""

    code: Code
    version: Annotated[int, Field(ge=1, le=1_000_000)]
    languages: list[Language] = Field(min_length=1)
    title: Text
    note: Text = {}
    scales: dict[str, list[OptionPart]] = {}
    dimensions: list[DimensionPart] = []
    sections: list[SectionPart] = []

    @property
    def questions(self) -> list[QuestionPart]:
        """All of them, in order."""
        return [question for part in self.sections for question in part.questions]

    def options_of(self, question: QuestionPart) -> list[OptionPart]:
        """Its own options, or those of the scale it names."""
        if question.scale is None:
            return question.options
        return self.scales.get(question.scale, [])


TEXT_KEYS = {"title", "note", "intro", "label", "name", "definition"}


def texts_in(part: object, path: str = "") -> Iterator[tuple[dict[str, str], str]]:
    """Every text of a dumped document, with its path."""
    if isinstance(part, list):
        for i, item in enumerate(part):
            yield from texts_in(item, f"{path}[{i}]")
    elif isinstance(part, dict):
        for key, item in part.items():
            where = f"{path}.{key}".removeprefix(".")
            if key in TEXT_KEYS and isinstance(item, dict):
                yield item, where
            else:
                yield from texts_in(item, where)


Canonical = dict[str, Any]
"""A document in canonical form: only dicts, lists, strings, integers, booleans."""


def canonical(document: Document) -> Canonical:
    """The document with scales written out and every default explicit."""
    return {
        **document.model_dump(exclude={"scales", "sections"}),
        "sections": [
            {
                **section.model_dump(exclude={"questions"}),
                "questions": [
                    _canonical_question(document, section, question)
                    for question in section.questions
                ],
            }
            for section in document.sections
        ],
    }


def _canonical_question(
    document: Document, section: SectionPart, question: QuestionPart
) -> Canonical:
    return {
        **question.model_dump(exclude={"scale", "options"}),
        "dimension": dimension_of(section, question),
        "minimum": question.minimum or 0,
        "maximum": question.maximum or 0,
        "options": [option.model_dump() for option in document.options_of(question)],
    }


def dimension_of(section: SectionPart, question: QuestionPart) -> str | None:
    """What a question measures: its own dimension, for ratings else the section's."""
    inherited = section.dimension if question.kind == "rating" else None
    return question.dimension or inherited


def digest_of(document: Mapping[str, Any]) -> str:
    """SHA-256 over canonical JSON: sorted keys, UTF-8, no spaces.

    >>> digest_of({"b": 1, "a": "é"}) == digest_of({"a": "é", "b": 1})
    True
    """
    text = json.dumps(
        document, sort_keys=True, ensure_ascii=False, separators=(",", ":")
    )
    return hashlib.sha256(text.encode()).hexdigest()
