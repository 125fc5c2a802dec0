"""Changes to the parts of a draft, from one document to the next. Writes nothing."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django.utils.translation import gettext as _

from surveys.errors import SurveyError
from surveys.instruments.document import (
    TEXT_KEYS,
    DimensionPart,
    Document,
    OptionPart,
    QuestionPart,
    SectionPart,
)
from surveys.instruments.parts import (
    Coded,
    Place,
    Unfit,
    dimension_at,
    scale_at,
    section_at,
    section_of,
    with_questions,
)


def put_settings(
    document: Document,
    *,
    title: dict[str, str],
    note: dict[str, str],
    languages: list[str],
) -> Document:
    """Title, note and languages; texts in a language that goes are removed."""
    form = document.model_dump() | {
        "title": title,
        "note": note,
        "languages": languages,
    }
    return Document.model_validate(_only(form, set(languages)))


def _only(part: Any, languages: set[str], key: str = "") -> Any:
    """Any part without its texts in other languages."""
    if isinstance(part, list):
        return [_only(item, languages) for item in part]
    if not isinstance(part, dict):
        return part
    if key in TEXT_KEYS:
        return {code: words for code, words in part.items() if code in languages}
    return {name: _only(item, languages, name) for name, item in part.items()}


def put_dimension(
    document: Document, part: DimensionPart, *, old: str = ""
) -> Document:
    """A dimension, new or in place of ``old``; what refers to it follows its code."""
    if old:
        dimension_at(document, old)
    dimensions = _put(document.dimensions, part, old)
    document = document.model_copy(update={"dimensions": dimensions})
    return _renamed(document, old, part.code) if old != part.code and old else document


def _renamed(document: Document, old: str, new: str) -> Document:
    def follow(part: Any) -> Any:
        if isinstance(part, list):
            return [follow(item) for item in part]
        if isinstance(part, dict):
            followed = {key: follow(item) for key, item in part.items()}
            if followed.get("dimension") == old:
                followed["dimension"] = new
            return followed
        return part

    return Document.model_validate(follow(document.model_dump()))


def put_section(document: Document, part: SectionPart, *, old: str = "") -> Document:
    """A section, new or in place of ``old``, whose questions it keeps."""
    if old:
        questions = section_at(document, old).questions
        part = part.model_copy(update={"questions": questions})
    return document.model_copy(update={"sections": _put(document.sections, part, old)})


def put_question(
    document: Document, part: QuestionPart, *, section: str, old: str = ""
) -> Document:
    """A question, new at the end of ``section`` or in place of ``old``."""
    if part.code != old and any(one.code == part.code for one in document.questions):
        raise _taken()
    if old and section_of(document, old).code == section:
        return with_questions(
            document, section, _put(section_at(document, section).questions, part, old)
        )
    if old:
        document = drop(document, Place("question", old))
    questions = [*section_at(document, section).questions, part]
    return with_questions(document, section, questions)


def put_scale(
    document: Document, name: str, options: list[OptionPart], *, old: str = ""
) -> Document:
    """A scale, new or in place of ``old``; questions that use it follow its name."""
    if name != old and name in document.scales:
        raise Unfit("name", _("Nama ini sudah dipakai skala lain."))
    scales = {key: part for key, part in document.scales.items() if key != old}
    document = document.model_copy(update={"scales": {**scales, name: options}})
    users = [q.code for q in document.questions if q.scale == old and old != name]
    return apply_scale(document, name, users) if users and old else document


def _put(parts: Sequence[Coded], part: Coded, old: str) -> list[Coded]:
    if part.code != old and any(one.code == part.code for one in parts):
        raise _taken()
    kept = [part if one.code == old else one for one in parts]
    if not old:
        kept.append(part)
    return kept


def _taken() -> Unfit:
    return Unfit("code", _("Kode ini sudah dipakai. Pilih kode lain."))


def apply_scale(document: Document, name: str, questions: Iterable[str]) -> Document:
    """Have these questions answered on a shared scale, in place of their options."""
    scale_at(document, name)
    wanted = set(questions)
    sections = [
        section.model_copy(
            update={
                "questions": [
                    part.model_copy(update={"scale": name, "options": []})
                    if part.code in wanted
                    else part
                    for part in section.questions
                ]
            }
        )
        for section in document.sections
    ]
    return document.model_copy(update={"sections": sections})


# -- Removing --------------------------------------------------------------------------


def drop(document: Document, place: Place) -> Document:
    """Without this part; a dimension or scale in use stays, and who uses it is said."""
    if place.sort == "question":
        section = section_of(document, place.code)
        rest = [part for part in section.questions if part.code != place.code]
        return with_questions(document, section.code, rest)
    if place.sort == "section":
        section_at(document, place.code)
        left = [part for part in document.sections if part.code != place.code]
        return document.model_copy(update={"sections": left})
    users = users_of(document, place)
    if users:
        raise SurveyError(
            _("Masih dipakai oleh %(users)s. Ganti dulu di sana.")
            % {"users": ", ".join(users[:8])}
        )
    if place.sort == "scale":
        scale_at(document, place.code)
        scales = {k: part for k, part in document.scales.items() if k != place.code}
        return document.model_copy(update={"scales": scales})
    dimension_at(document, place.code)
    kept = [part for part in document.dimensions if part.code != place.code]
    return document.model_copy(update={"dimensions": kept})


def users_of(document: Document, place: Place) -> list[str]:
    """Codes of what a scale or dimension is used by."""
    if place.sort == "scale":
        return [part.code for part in document.questions if part.scale == place.code]
    code = place.code
    used = [part.code for part in document.sections if part.dimension == code]
    for name, scale in document.scales.items():
        used += [name for option in scale if option.dimension == code][:1]
    for part in document.questions:
        measured = {part.dimension, *(option.dimension for option in part.options)}
        used += [part.code] if code in measured else []
    return used
