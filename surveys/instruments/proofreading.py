"""Reading an instrument document and saying, in Indonesian, what is wrong where."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TypeVar

from django.utils.translation import gettext as _
from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from surveys.files.problems import InputError, Problem
from surveys.files.yamlfile import read_yaml
from surveys.instruments.document import (
    LARGEST,
    Document,
    OptionPart,
    QuestionPart,
    texts_in,
)

Model = TypeVar("Model", bound=BaseModel)

SCALE_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{,39}")


def validated(model: type[Model], content: object) -> Model:
    """``content`` as this model; InputError lists each fault with its path."""
    try:
        return model.model_validate(content)
    except ValidationError as error:
        raise InputError(
            [Problem(_reason(e), path=_path(e["loc"])) for e in error.errors()]
        ) from error


def read_document(path: Path) -> Document:
    """The instrument in this YAML file, proofread; InputError lists every fault."""
    document = validated(Document, read_yaml(path))
    problems = [*faults_in(document), *gaps_in(document)]
    if problems:
        raise InputError(problems)
    return document


def _path(loc: Sequence[int | str]) -> str:
    """``("sections", 2, "code")`` → ``sections[2].code``."""
    steps = (f"[{s}]" if isinstance(s, int) else f".{s}" for s in loc)
    return "".join(steps).removeprefix(".")


def _reason(error: ErrorDetails) -> str:
    limits = error.get("ctx", {})
    expected = str(limits.get("expected", "")).replace(" or ", " / ")
    reasons = {
        "missing": _("harus diisi"),
        "extra_forbidden": _("tidak dikenal"),
        "string_type": _("harus berupa teks (beri tanda kutip bila perlu)"),
        "int_type": _("harus bilangan bulat"),
        "bool_type": _("harus true atau false"),
        "list_type": _("harus berupa daftar"),
        "dict_type": _("harus berupa teks atau pasangan kunci dan isi"),
        "model_type": _("harus berupa pasangan kunci dan isi"),
        "literal_error": _("harus salah satu dari %(it)s") % {"it": expected},
        "string_pattern_mismatch": _("hanya boleh memuat huruf, angka, . _ -"),
        "string_too_long": _("terlalu panjang"),
        "too_short": _("tidak boleh kosong"),
        "too_long": _("terlalu banyak"),
        "greater_than_equal": _("paling kecil %(n)s") % {"n": limits.get("ge")},
        "less_than_equal": _("paling besar %(n)s") % {"n": limits.get("le")},
    }
    return reasons.get(error["type"], _("tidak dapat dibaca"))


# -- Faults: what even a draft may not hold --------------------------------------------


def faults_in(document: Document) -> Iterator[Problem]:
    """What a document that reads well may still get wrong."""
    if len(set(document.languages)) < len(document.languages):
        yield Problem(_("bahasa ada dua kali"), path="languages")
    for text, path in texts_in(document.model_dump()):
        yield from _faults_in_text(text, set(document.languages), path)
    yield from _repeated("dimensions", (d.code for d in document.dimensions))
    yield from _repeated("sections", (s.code for s in document.sections))
    known = {d.code for d in document.dimensions}
    for name, scale in document.scales.items():
        yield from _faults_in_scale(name, scale, known)
    seen: set[str] = set()
    for i, section in enumerate(document.sections):
        path = f"sections[{i}]"
        yield from _unknown_dimension(path, section.dimension, known)
        for j, question in enumerate(section.questions):
            where = f"{path}.questions[{j}]"
            if question.code in seen:
                yield Problem(_("kode ada dua kali"), path=f"{where}.code")
            seen.add(question.code)
            yield from _faults_in_question(document, question, where, known)


def _faults_in_text(
    text: Mapping[str, str], languages: set[str], path: str
) -> Iterator[Problem]:
    for language, words in text.items():
        where = f"{path}.{language}"
        if language not in languages:
            yield Problem(_("bahasa ini tidak ada dalam languages"), path=where)
        if not words.strip():
            yield Problem(_("tidak boleh kosong"), path=where)
        if any(unicodedata.category(c) in ("Cc", "Cs") and c != "\n" for c in words):
            yield Problem(_("memuat karakter yang tidak tampak"), path=where)


def _repeated(path: str, codes: Iterable[str]) -> Iterator[Problem]:
    seen: set[str] = set()
    for i, code in enumerate(codes):
        if code in seen:
            yield Problem(_("kode ada dua kali"), path=f"{path}[{i}].code")
        seen.add(code)


def _unknown_dimension(
    path: str, code: str | None, known: set[str]
) -> Iterator[Problem]:
    if code is not None and code not in known:
        yield Problem(_("dimensi ini tidak ada"), path=f"{path}.dimension")


def _faults_in_scale(
    name: str, scale: Sequence[OptionPart], known: set[str]
) -> Iterator[Problem]:
    if not SCALE_NAME.fullmatch(name):
        reason = _("nama skala paling panjang 40 huruf, angka, . _ -")
        yield Problem(reason, path=f"scales.{name}")
    yield from _faults_in_options(f"scales.{name}", scale, known)


def _faults_in_options(
    path: str, options: Sequence[OptionPart], known: set[str]
) -> Iterator[Problem]:
    yield from _repeated(path, (o.code for o in options))
    for i, option in enumerate(options):
        where = f"{path}[{i}]"
        yield from _unknown_dimension(where, option.dimension, known)
        if option.missing and option.value is not None:
            reason = _("pilihan yang tidak dihitung tidak boleh berangka")
            yield Problem(reason, path=f"{where}.value")


def _faults_in_question(
    document: Document, question: QuestionPart, path: str, known: set[str]
) -> Iterator[Problem]:
    yield from _unknown_dimension(path, question.dimension, known)
    yield from _faults_in_options(f"{path}.options", question.options, known)
    if question.scale is not None and question.scale not in document.scales:
        yield Problem(_("skala ini tidak ada"), path=f"{path}.scale")
        return
    if question.scale is not None and question.options:
        reason = _("pilih salah satu: scale atau options")
        yield Problem(reason, path=f"{path}.options")
    if question.kind in ("number", "comment") and document.options_of(question):
        yield Problem(_("jenis ini tidak memakai pilihan"), path=f"{path}.options")
    if question.kind != "rating" and question.reversed:
        yield Problem(_("hanya untuk jenis rating"), path=f"{path}.reversed")
    yield from _faults_in_numbers(question, path)


def _faults_in_numbers(question: QuestionPart, path: str) -> Iterator[Problem]:
    low, high = question.minimum, question.maximum
    if question.kind == "number":
        if low is None or high is None:
            reason = _("minimum dan maximum harus diisi")
            yield Problem(reason, path=path)
        elif not low <= high < low + LARGEST:
            reason = _("harus paling kecil minimum, dan tidak terlalu jauh darinya")
            yield Problem(reason, path=f"{path}.maximum")
    elif low is not None or high is not None:
        yield Problem(_("hanya untuk jenis number"), path=f"{path}.minimum")
    if question.kind == "pick" and not question.picks:
        yield Problem(_("harus 1 sampai sebanyak pilihan"), path=f"{path}.picks")
    if question.kind != "pick" and question.picks:
        yield Problem(_("hanya untuk jenis pick"), path=f"{path}.picks")


# -- Gaps: what a draft may still lack -------------------------------------------------

OPTIONAL_TEXTS = ("note", "intro", "definition")


def gaps_in(document: Document) -> Iterator[Problem]:
    """What has to be filled before anybody can be asked."""
    for text, path in texts_in(document.model_dump()):
        if not text and path.endswith(OPTIONAL_TEXTS):
            continue
        for language in sorted(set(document.languages) - text.keys()):
            reason = _("terjemahan %(language)s belum ada") % {"language": language}
            yield Problem(reason, path=path)
    if not document.sections:
        yield Problem(_("tidak boleh kosong"), path="sections")
    for i, section in enumerate(document.sections):
        path = f"sections[{i}].questions"
        if not section.questions:
            yield Problem(_("tidak boleh kosong"), path=path)
        for j, question in enumerate(section.questions):
            yield from _gaps_in_question(document, question, f"{path}[{j}]")


def _gaps_in_question(
    document: Document, question: QuestionPart, path: str
) -> Iterator[Problem]:
    options = document.options_of(question)
    if question.kind in ("choice", "pick") and len(options) < 2:
        yield Problem(_("paling sedikit dua pilihan"), path=f"{path}.options")
    elif question.kind == "pick" and question.picks > len(options):
        yield Problem(_("harus 1 sampai sebanyak pilihan"), path=f"{path}.picks")
    if question.kind == "rating":
        yield from _gaps_in_rating(path, options)


def _gaps_in_rating(path: str, options: Sequence[OptionPart]) -> Iterator[Problem]:
    values: list[int] = []
    for i, option in enumerate(options):
        where = f"{path}.options[{i}].value"
        if option.value is None and not option.missing:
            yield Problem(_("harus bilangan bulat"), path=where)
        elif option.value in values:
            yield Problem(_("angka ini sudah dipakai"), path=where)
        elif option.value is not None:
            values.append(option.value)
    if len(values) < 2:
        reason = _("paling sedikit dua pilihan berangka")
        yield Problem(reason, path=f"{path}.options")
