"""Store and publish instruments, and read them back: as document and as sheet."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import Any, cast

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from surveys.errors import SurveyError
from surveys.instruments.document import Canonical, Document, canonical, digest_of
from surveys.instruments.sheet import (
    Kind,
    Sheet,
    SheetDimension,
    SheetOption,
    SheetQuestion,
    SheetSection,
)
from surveys.instruments.storing import write_rows
from surveys.models import Dimension, Instrument, Question


class Outcome(Enum):
    """What storing did."""

    STORED = "stored"
    PUBLISHED = "published"
    UNCHANGED = "unchanged"


@dataclass(frozen=True)
class Stored:
    """The instrument, and what happened to it."""

    instrument: Instrument
    outcome: Outcome


@transaction.atomic
def store_instrument(*, document: Document, publish: bool = True) -> Stored:
    """Store a proofread document; a draft of that version is replaced."""
    digest = digest_of(canonical(document))
    instrument = (
        Instrument.objects.select_for_update(of=("self",))
        .filter(code=document.code, version=document.version)
        .first()
    )
    if instrument and instrument.status == Instrument.Status.PUBLISHED:
        if instrument.digest != digest:
            raise SurveyError(
                _("%(code)s versi %(version)d sudah terbit; naikkan versinya.")
                % {"code": instrument.code, "version": instrument.version}
            )
        return Stored(instrument, Outcome.UNCHANGED)
    outcome = Outcome.UNCHANGED
    if instrument is None or digest_of(document_of(instrument)) != digest:
        instrument = instrument or Instrument(
            code=document.code, version=document.version
        )
        write_draft(instrument=instrument, document=document)
        outcome = Outcome.STORED
    if publish:
        publish_instrument(instrument=instrument)
        outcome = Outcome.PUBLISHED
    return Stored(instrument, outcome)


@transaction.atomic
def publish_instrument(*, instrument: Instrument) -> Instrument:
    """Digest what the rows say and freeze them; the database holds it from here on."""
    if instrument.status == Instrument.Status.PUBLISHED:
        return instrument
    instrument.digest = digest_of(document_of(instrument))
    instrument.status = Instrument.Status.PUBLISHED
    instrument.published_at = timezone.now()
    instrument.save()
    return instrument


def write_draft(*, instrument: Instrument, document: Document, by: str = "") -> None:
    """Make a locked or new draft say what the document says; ``by`` is who asked."""
    form = document.model_dump()
    for name in ("title", "note", "languages", "scales"):
        setattr(instrument, name, form[name])
    instrument.edited_at, instrument.edited_by = timezone.now(), by
    instrument.save()
    write_rows(instrument=instrument, document=document)


def _code(dimension: Dimension | None) -> str | None:
    return dimension.code if dimension else None


def document_of(instrument: Instrument) -> Canonical:
    """The canonical document, rebuilt from the rows."""
    sections = instrument.sections.select_related("dimension").prefetch_related(
        "questions__dimension", "questions__options__dimension"
    )
    return {
        "code": instrument.code,
        "version": instrument.version,
        "languages": instrument.languages,
        "title": instrument.title,
        "note": instrument.note,
        "dimensions": list(instrument.dimensions.values("code", "name", "definition")),
        "sections": [
            {
                "code": section.code,
                "title": section.title,
                "intro": section.intro,
                "dimension": _code(section.dimension),
                "questions": [_question_part(q) for q in section.questions.all()],
            }
            for section in sections
        ],
    }


def _question_part(question: Question) -> Canonical:
    return {
        "code": question.code,
        "kind": question.kind,
        "label": question.label,
        "dimension": _code(question.dimension),
        "reversed": question.is_reversed,
        "required": question.is_required,
        "picks": question.picks,
        "minimum": question.minimum,
        "maximum": question.maximum,
        "options": [
            {
                "code": option.code,
                "label": option.label,
                "value": option.value,
                "missing": option.is_missing,
                "dimension": _code(option.dimension),
                "polarity": option.polarity,
            }
            for option in question.options.all()
        ],
    }


def draft_of(instrument: Instrument) -> Document:
    """The document as its author left it: with its scales, and nothing spelled out."""
    scales = dict(instrument.questions.values_list("code", "scale"))
    form = document_of(instrument)
    for section in form["sections"]:
        for part in section["questions"]:
            part["scale"] = scales[part["code"]] or None
            if part["scale"]:
                part["options"] = []
            if part["kind"] != "number":
                part["minimum"] = part["maximum"] = None
            is_inherited = part["dimension"] == section["dimension"]
            if part["kind"] == "rating" and is_inherited:
                part["dimension"] = None
    return Document.model_validate({**form, "scales": instrument.scales})


def is_intact(instrument: Instrument) -> bool:
    """Whether the rows still say what was digested when it was published."""
    return digest_of(document_of(instrument)) == instrument.digest


_SHEETS: dict[str, Sheet] = {}
"""Sheets of published instruments by digest; few, small and never changing."""


def sheet_of(instrument: Instrument) -> Sheet:
    """The instrument as numbered slots; kept in memory once it is published."""
    if instrument.status != Instrument.Status.PUBLISHED:
        return sheet_from(document_of(instrument), "")
    if instrument.digest not in _SHEETS:
        document = document_of(instrument)
        _SHEETS[instrument.digest] = sheet_from(document, instrument.digest)
    return _SHEETS[instrument.digest]


def sheet_from(document: Canonical, digest: str) -> Sheet:
    """Slots are numbered in question order; a comment takes none, pick takes k."""
    questions: list[SheetQuestion] = []
    slot = 0
    for section in document["sections"]:
        for part in section["questions"]:
            question = _sheet_question(part, section["code"], slot)
            questions.append(question)
            slot += question.n_slots
    return Sheet(
        code=document["code"],
        version=document["version"],
        digest=digest,
        dimensions=tuple(
            SheetDimension(part["code"], part["name"])
            for part in document["dimensions"]
        ),
        sections=tuple(
            SheetSection(s["code"], s["title"], s["intro"], s["dimension"])
            for s in document["sections"]
        ),
        questions=tuple(questions),
    )


def _sheet_question(part: dict[str, Any], section: str, slot: int) -> SheetQuestion:
    slots = {"comment": 0, "pick": part["picks"]}
    return SheetQuestion(
        code=part["code"],
        kind=cast(Kind, part["kind"]),
        label=part["label"],
        section=section,
        slot=slot,
        n_slots=slots.get(part["kind"], 1),
        dimension=part["dimension"],
        is_reversed=part["reversed"],
        is_required=part["required"],
        options=tuple(
            SheetOption(
                position=position,
                code=option["code"],
                label=option["label"],
                value=option["value"],
                is_missing=option["missing"],
                dimension=option["dimension"],
                polarity=option["polarity"],
            )
            for position, option in enumerate(part["options"], 1)
        ),
        minimum=part["minimum"],
        maximum=part["maximum"],
    )
