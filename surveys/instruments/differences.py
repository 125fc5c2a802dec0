"""What changed from one version of an instrument to the next, in words."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any, Literal

from django.utils.translation import gettext as _

from surveys.answering.language import NAMES
from surveys.instruments.document import Canonical
from surveys.instruments.parts import Place, Sort

Piece = tuple[Literal["same", "gone", "new"], str]
_WORD = re.compile(r"\s+|[^\s]+")


@dataclass(frozen=True)
class Difference:
    """One thing that changed, at one place or, alike, at several."""

    places: tuple[Place, ...]
    what: str
    before: str = ""
    after: str = ""

    @property
    def pieces(self) -> list[Piece]:
        """Both wordings in one line, word by word."""
        return compare_words(self.before, self.after)


def compare_words(before: str, after: str) -> list[Piece]:
    """Which words stayed, went and came.

    >>> compare_words("sangat baik", "cukup baik")
    [('gone', 'sangat'), ('new', 'cukup'), ('same', ' baik')]
    """
    old, new = _WORD.findall(before), _WORD.findall(after)
    pieces: list[Piece] = []
    for tag, i, j, k, m in SequenceMatcher(None, old, new, False).get_opcodes():
        if tag == "equal":
            pieces.append(("same", "".join(old[i:j])))
            continue
        if i < j:
            pieces.append(("gone", "".join(old[i:j])))
        if k < m:
            pieces.append(("new", "".join(new[k:m])))
    return pieces


def differences(before: Canonical, after: Canonical) -> list[Difference]:
    """Everything that differs, in the order of the questionnaire; alike ones as one."""
    gathered: dict[tuple[str, str, str], list[Place]] = {}
    for place, what, old, new in _found(before, after):
        gathered.setdefault((what, old, new), []).append(place)
    return [Difference(tuple(places), *key) for key, places in gathered.items()]


Found = tuple[Place, str, str, str]


def _found(before: Canonical, after: Canonical) -> Iterator[Found]:
    yield from _between(Place("instrument"), before, after, ("title", "note"))
    old, new = (
        ", ".join(_language(c) for c in f["languages"]) for f in (before, after)
    )
    if old != new:
        yield Place("instrument"), _("bahasa"), old, new
    yield from _listed("dimension", before["dimensions"], after["dimensions"])
    yield from _listed("section", before["sections"], after["sections"])
    yield from _listed("question", _questions(before), _questions(after))


def _questions(form: Canonical) -> list[Canonical]:
    """All questions, each with the code of its section."""
    return [
        {**question, "section": section["code"]}
        for section in form["sections"]
        for question in section["questions"]
    ]


FIELDS: Mapping[Sort, Sequence[str]] = {
    "dimension": ("name", "definition"),
    "section": ("title", "intro", "dimension"),
    "question": (
        "label",
        "section",
        "kind",
        "dimension",
        "required",
        "reversed",
        "picks",
        "minimum",
        "maximum",
    ),
}
OPTION_FIELDS = ("label", "value", "missing", "dimension", "polarity")


def _listed(
    sort: Sort, before: Sequence[Canonical], after: Sequence[Canonical]
) -> Iterator[Found]:
    old = {part["code"]: part for part in before}
    new = {part["code"]: part for part in after}
    title = {"dimension": "name", "section": "title", "question": "label"}[sort]
    for code, part in old.items():
        if code not in new:
            yield Place(sort, code), _("dihapus"), _spoken(part[title]), ""
    for code, part in new.items():
        place = Place(sort, code)
        if code not in old:
            yield place, _("baru"), "", _spoken(part[title])
            continue
        yield from _between(place, old[code], part, FIELDS[sort])
        if sort == "question":
            yield from _between_options(place, old[code]["options"], part["options"])
    for code in _moved([c for c in old if c in new], [c for c in new if c in old]):
        yield Place(sort, code), _("pindah urutan"), "", ""


def _moved(before: Sequence[str], after: Sequence[str]) -> list[str]:
    """The fewest codes whose move explains the new order."""
    blocks = SequenceMatcher(None, before, after, False).get_matching_blocks()
    stayed = {code for block in blocks for code in before[block.a :][: block.size]}
    return [code for code in after if code not in stayed]


def _between(
    place: Place, old: Canonical, new: Canonical, names: Sequence[str], of: str = ""
) -> Iterator[Found]:
    for name in names:
        before, after = old[name], new[name]
        if before == after:
            continue
        what = f"{_name(name)} {of}".strip()
        if isinstance(before, dict):
            for code in sorted(before.keys() | after.keys()):
                pair = before.get(code, ""), after.get(code, "")
                if pair[0] != pair[1]:
                    yield place, f"{what} ({_language(code)})", *pair
        else:
            yield place, what, _word(before), _word(after)


def _between_options(
    place: Place, before: Sequence[Canonical], after: Sequence[Canonical]
) -> Iterator[Found]:
    old = {part["code"]: part for part in before}
    new = {part["code"]: part for part in after}
    for code, part in old.items():
        if code not in new:
            words = f"{code} {_spoken(part['label'])}"
            yield place, _("pilihan dihapus"), words, ""
    for code, part in new.items():
        if code not in old:
            yield place, _("pilihan baru"), "", f"{code} {_spoken(part['label'])}"
        else:
            of = _("pilihan %(code)s") % {"code": code}
            yield from _between(place, old[code], part, OPTION_FIELDS, of)
    stayed = [c for c in old if c in new], [c for c in new if c in old]
    if stayed[0] != stayed[1]:
        yield place, _("urutan pilihan"), ", ".join(stayed[0]), ", ".join(stayed[1])


def _name(field: str) -> str:
    names = {
        "title": _("judul"),
        "note": _("catatan"),
        "name": _("nama"),
        "definition": _("definisi"),
        "intro": _("pengantar"),
        "label": _("bunyi"),
        "section": _("bagian"),
        "kind": _("jenis"),
        "dimension": _("nilai"),
        "required": _("wajib dijawab"),
        "reversed": _("dibalik"),
        "picks": _("banyak yang dipilih"),
        "minimum": _("paling kecil"),
        "maximum": _("paling besar"),
        "value": _("angka"),
        "missing": _("tidak dihitung"),
        "polarity": _("arah"),
    }
    return names[field]


def _word(value: Any) -> str:
    if isinstance(value, bool):
        return _("ya") if value else _("tidak")
    return "–" if value is None else str(value)


def _language(code: str) -> str:
    return NAMES.get(code, code)


def _spoken(text: Mapping[str, str]) -> str:
    return text.get("id") or next(iter(text.values()), "")
