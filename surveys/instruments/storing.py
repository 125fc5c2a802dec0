"""A document as rows: only what differs is written, so that history stays readable."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, TypeVar

from django.db import models

from surveys.instruments.document import Canonical, Document, canonical
from surveys.models import Dimension, Instrument, Option, Question, Section

Row = TypeVar("Row", bound=models.Model)
Fields = dict[str, Any]


def write_rows(*, instrument: Instrument, document: Document) -> None:
    """Make the rows of a draft say what the document says."""
    form = canonical(document)
    dimensions, gone_dimensions = _sync(
        Dimension,
        instrument.dimensions.all(),
        (_ordered(n, part, instrument) for n, part in enumerate(form["dimensions"], 1)),
        key=_by_code,
    )
    sections, gone_sections = _sync(
        Section,
        instrument.sections.all(),
        (
            _section(n, part, instrument, dimensions)
            for n, part in enumerate(form["sections"], 1)
        ),
        key=_by_code,
    )
    _write_questions(instrument, document, form, sections, dimensions)
    _delete(Section, gone_sections)
    _delete(Dimension, gone_dimensions)


def _write_questions(
    instrument: Instrument,
    document: Document,
    form: Canonical,
    sections: dict[Any, Section],
    dimensions: dict[Any, Dimension],
) -> None:
    parts = [(s["code"], part) for s in form["sections"] for part in s["questions"]]
    scales = {part.code: part.scale or "" for part in document.questions}
    questions, gone = _sync(
        Question,
        instrument.questions.all(),
        (
            {
                **_question(n, part, instrument, dimensions),
                "section_id": sections[section].pk,
                "scale": scales[part["code"]],
            }
            for n, (section, part) in enumerate(parts, 1)
        ),
        key=_by_code,
    )
    _options, gone_options = _sync(
        Option,
        Option.objects.filter(question__instrument=instrument),
        (
            _option(n, option, questions[part["code"]], dimensions)
            for _section, part in parts
            for n, option in enumerate(part["options"], 1)
        ),
        key=lambda fields: (fields["question_id"], fields["code"]),
    )
    _delete(Option, gone_options)
    _delete(Question, gone)


def _by_code(fields: Fields) -> object:
    return fields["code"]


def _sync(
    model: type[Row],
    existing: Iterable[Row],
    wanted: Iterable[Fields],
    *,
    key: Callable[[Fields], object],
) -> tuple[dict[Any, Row], list[Row]]:
    """Rows by key, as wanted; and those that nobody wants any more, not yet deleted."""
    rows = {key(vars(row)): row for row in existing}
    kept: dict[Any, Row] = {}
    new, changed = [], []
    names: set[str] = set()
    for fields in wanted:
        row = rows.pop(key(fields), None)
        if row is None:
            row = model(**fields)
            new.append(row)
        elif differing := {n for n, value in fields.items() if vars(row)[n] != value}:
            for name in differing:
                setattr(row, name, fields[name])
            names |= differing
            changed.append(row)
        kept[key(fields)] = row
    if changed:
        model._default_manager.bulk_update(changed, sorted(names))
    if new:
        model._default_manager.bulk_create(new)
    return kept, list(rows.values())


def _delete(model: type[Row], rows: list[Row]) -> None:
    if rows:
        model._default_manager.filter(pk__in=[row.pk for row in rows]).delete()


def _ordered(position: int, part: Canonical, instrument: Instrument) -> Fields:
    return {**part, "position": position, "instrument_id": instrument.pk}


def _pk(dimensions: dict[Any, Dimension], code: str | None) -> int | None:
    return dimensions[code].pk if code in dimensions else None


def _section(
    position: int,
    part: Canonical,
    instrument: Instrument,
    dimensions: dict[Any, Dimension],
) -> Fields:
    return {
        "instrument_id": instrument.pk,
        "position": position,
        "code": part["code"],
        "title": part["title"],
        "intro": part["intro"],
        "dimension_id": _pk(dimensions, part["dimension"]),
    }


def _question(
    position: int,
    part: Canonical,
    instrument: Instrument,
    dimensions: dict[Any, Dimension],
) -> Fields:
    return {
        "instrument_id": instrument.pk,
        "position": position,
        "code": part["code"],
        "kind": part["kind"],
        "label": part["label"],
        "dimension_id": _pk(dimensions, part["dimension"]),
        "is_reversed": part["reversed"],
        "is_required": part["required"],
        "picks": part["picks"],
        "minimum": part["minimum"],
        "maximum": part["maximum"],
    }


def _option(
    position: int,
    part: Canonical,
    question: Question,
    dimensions: dict[Any, Dimension],
) -> Fields:
    return {
        "question_id": question.pk,
        "position": position,
        "code": part["code"],
        "label": part["label"],
        "value": part["value"],
        "is_missing": part["missing"],
        "dimension_id": _pk(dimensions, part["dimension"]),
        "polarity": part["polarity"],
    }
