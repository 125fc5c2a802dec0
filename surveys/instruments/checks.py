"""What a draft lacks before it can be published, each with the place to mend it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from surveys.files.problems import Problem
from surveys.instruments.document import Document, dimension_of
from surveys.instruments.editing import users_of
from surveys.instruments.parts import Place
from surveys.instruments.proofreading import faults_in, gaps_in

FEWEST_QUESTIONS = 2
"""One question alone says nothing about how surely its value is measured."""

_STEP = re.compile(r"(\w+)\[(\d+)\]")


@dataclass(frozen=True)
class Check:
    """One thing to mend (``blocks``) or to look at, and where."""

    place: Place
    words: str
    blocks: bool = True


def checks_of(document: Document) -> list[Check]:
    """Everything to mend first, then everything to look at."""
    return [*_blocking(document), *_notes(document)]


def _blocking(document: Document) -> Iterator[Check]:
    """Faults and gaps, those of one place and reason counted together."""
    found = Counter(
        (place_of(document, problem.path), _reason(problem))
        for problem in (*faults_in(document), *gaps_in(document))
    )
    for (place, reason), n in found.items():
        times = ngettext("%(n)d tempat", "%(n)d tempat", n) % {"n": n}
        words = f"{name_in(document, place)}: {reason}"
        yield Check(place, f"{words} ({times})" if n > 1 else words)


def _reason(problem: Problem) -> str:
    """Said of the place as a whole: an empty part tells what belongs there."""
    if problem.path == "sections":
        return _("belum ada bagian")
    if problem.path.endswith(".questions"):
        return _("belum ada pertanyaan")
    if problem.path.endswith(".value"):
        return _("tiap pilihan yang dihitung perlu angka yang berbeda")
    if problem.path.endswith(".picks"):
        return _("banyak pilihan yang dipilih melebihi pilihan yang ada")
    return problem.reason


def _notes(document: Document) -> Iterator[Check]:
    yield from _thin_dimensions(document)
    yield from _without_polarity(document)
    yield from _without_dimension(document)
    yield from _without_a_choice(document)
    for name in document.scales:
        if not users_of(document, Place("scale", name)):
            place = Place("scale", name)
            words = _("skala ini tidak dipakai pertanyaan mana pun")
            yield _note(document, place, words)
    seen: dict[str, str] = {}
    for question in document.questions:
        label = question.label.get("id", "").strip().casefold()
        if label in seen and label:
            words = _("bunyinya sama dengan %(code)s") % {"code": seen[label]}
            yield _note(document, Place("question", question.code), words)
        seen.setdefault(label, question.code)


def _thin_dimensions(document: Document) -> Iterator[Check]:
    measured = Counter(
        dimension_of(section, question)
        for section in document.sections
        for question in section.questions
        if question.kind == "rating"
    )
    for dimension in document.dimensions:
        n = measured[dimension.code]
        if n < FEWEST_QUESTIONS:
            words = _("baru %(n)d pertanyaan penilaian; paling sedikit %(least)d") % {
                "n": n,
                "least": FEWEST_QUESTIONS,
            }
            yield _note(document, Place("dimension", dimension.code), words)


def _without_polarity(document: Document) -> Iterator[Check]:
    """A pick that names a value counts for or against it; 0 counts for nothing."""
    lists = {
        (Place("scale", part.scale) if part.scale else Place("question", part.code)): (
            document.options_of(part)
        )
        for part in document.questions
        if part.kind == "pick"
    }
    for place, options in lists.items():
        n = sum(1 for o in options if o.dimension and not o.polarity)
        if n:
            words = ngettext(
                "%(n)d pilihan punya nilai tetapi belum punya arah",
                "%(n)d pilihan punya nilai tetapi belum punya arah",
                n,
            )
            yield _note(document, place, words % {"n": n})
        elif options and not any(option.polarity for option in options):
            words = _("tidak satu pilihan pun punya nilai dan arah")
            yield _note(document, place, words)


def _without_dimension(document: Document) -> Iterator[Check]:
    if not document.dimensions:
        return
    for section in document.sections:
        for part in section.questions:
            if part.kind == "rating" and not dimension_of(section, part):
                words = _("penilaian ini tidak mengukur nilai mana pun")
                yield _note(document, Place("question", part.code), words)


def _without_a_choice(document: Document) -> Iterator[Check]:
    """Who picks nearly everything says nearly nothing."""
    for part in document.questions:
        n = len(document.options_of(part))
        if part.kind != "pick" or not part.picks <= n < 2 * part.picks:
            continue
        words = _(
            "memilih %(picks)d dari %(n)d pilihan kurang membedakan; sediakan paling"
            " sedikit %(least)d pilihan"
        )
        if n == part.picks:
            words = _(
                "semua dari %(n)d pilihan terpilih, jadi jawabannya selalu sama;"
                " sediakan paling sedikit %(least)d pilihan"
            )
        numbers = {"picks": part.picks, "n": n, "least": 2 * part.picks}
        yield _note(document, Place("question", part.code), words % numbers)


def _note(document: Document, place: Place, words: str) -> Check:
    return Check(place, f"{name_in(document, place)}: {words}", blocks=False)


def name_in(document: Document, place: Place) -> str:
    """``Nilai Adaptif``: sections and values by their names, once they have one."""
    names = {
        **{Place("section", part.code): part.title for part in document.sections},
        **{Place("dimension", part.code): part.name for part in document.dimensions},
    }
    name = names.get(place, {}).get("id", "").strip()
    return name_of(Place(place.sort, name or place.code))


def name_of(place: Place) -> str:
    """``Pertanyaan BP1``; what has no code yet is a matter of the whole."""
    if not place.code:
        return _("Instrumen")
    names = {
        "dimension": _("Nilai"),
        "scale": _("Skala"),
        "section": _("Bagian"),
        "question": _("Pertanyaan"),
    }
    return f"{names[place.sort]} {place.code}"


def place_of(document: Document, path: str) -> Place:
    """The part that a path such as ``sections[0].questions[2].label`` lies in.

    Where there is no section at all, the place is the one still to be made.
    """
    if path == "sections":
        return Place("section")
    steps = {name: int(number) for name, number in _STEP.findall(path)}
    if path.startswith("scales."):
        name = path.removeprefix("scales.").partition("[")[0]
        known = (s for s in document.scales if name == s or name.startswith(f"{s}."))
        return Place("scale", next(known, name))
    if "sections" in steps:
        section = document.sections[steps["sections"]]
        if "questions" in steps:
            return Place("question", section.questions[steps["questions"]].code)
        return Place("section", section.code)
    if "dimensions" in steps:
        return Place("dimension", document.dimensions[steps["dimensions"]].code)
    return Place("instrument")
