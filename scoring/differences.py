"""What changed between two runs: why it may have, and in which units it shows."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from django.utils.translation import gettext as _

from scoring.extract import input_digest
from scoring.models import PublishedScore, ScoringRun, UnitScore
from scoring.plan import INDEX
from scoring.verification import is_same

# --- causes --------------------------------------------------------------------------


@dataclass(frozen=True)
class Cause:
    """Something that is not the same in both runs."""

    kind: str
    name: str
    was: str
    now: str


def causes(was: ScoringRun, now: ScoringRun) -> Iterator[Cause]:
    """Wave, input, method by its fields, code, libraries; none if nothing differs."""
    yield from _of(_("gelombang"), {"": was.wave.code}, {"": now.wave.code})
    yield from input_causes(was, now)
    yield from _of(
        _("metode"), fields_of(was.scheme.document), fields_of(now.scheme.document)
    )
    yield from _of(_("versi kode"), {"": was.code_version}, {"": now.code_version})
    yield from _of(_("pustaka"), was.library_versions, now.library_versions)
    yield from _of(_("putusan"), decisions_by_unit(was), decisions_by_unit(now))


def decisions_by_unit(run: ScoringRun) -> dict[str, str]:
    """What a review of the run decided last on each unit."""
    rows = run.reviews.order_by("pk").select_related("unit")
    return {str(row.unit): row.get_decision_display() for row in rows}


def input_causes(was: ScoringRun, now: ScoringRun) -> Iterator[Cause]:
    """Which parts of the input differ, as the waves stand today.

    A run keeps one digest of all of them; when its wave has changed since, that is all
    there is to say.
    """
    if was.input_digest == now.input_digest:
        return
    kind = _("masukan")
    yield from _of(kind, parts_of(was), parts_of(now))
    for run in (was, now):
        if input_digest(run.wave, run.evidence) != run.input_digest:
            name = _("gelombang %(code)s berubah setelah #%(run)d dihitung") % {
                "code": run.wave.code,
                "run": run.pk,
            }
            yield Cause(kind, name, was.input_digest[:12], now.input_digest[:12])


def parts_of(run: ScoringRun) -> dict[str, str]:
    """The beginnings of the digests of all that a run reads."""
    wave = run.wave
    cells = wave.cells.filter(merged_into=None).order_by("code")
    frame = json.dumps(list(cells.values_list("code", "n_registered")))
    digests = {
        _("jawaban"): wave.answers_digest,
        _("kerangka"): hashlib.sha256(frame.encode()).hexdigest(),
        _("instrumen"): wave.instrument.digest,
        _("janji"): wave.promise_digest,
        _("nilai bukti"): run.evidence.digest if run.evidence else "–",
    }
    return {name: digest[:12] for name, digest in digests.items()}


def fields_of(document: object, path: str = "") -> dict[str, str]:
    """Every value of a document by its path, as messages about schemes write it.

    >>> fields_of({"missing": {"rule": "any"}, "bands": [{"lower": 80.0}]})
    {'missing.rule': 'any', 'bands[0].lower': '80.0'}
    """
    if isinstance(document, Mapping):
        steps = [(f"{path}.{name}".lstrip("."), it) for name, it in document.items()]
    elif isinstance(document, list):
        steps = [(f"{path}[{place}]", it) for place, it in enumerate(document)]
    else:
        return {path: str(document)}
    return {key: text for at, it in steps for key, text in fields_of(it, at).items()}


def _of(kind: str, was: Mapping[str, str], now: Mapping[str, str]) -> Iterator[Cause]:
    for name in sorted({*was, *now}):
        if was.get(name) != now.get(name):
            yield Cause(kind, name, was.get(name, "–"), now.get(name, "–"))


# --- units ---------------------------------------------------------------------------


@dataclass(frozen=True)
class Shown:
    """One score as one run has it; empty where it is hidden or does not exist."""

    score: float | None = None
    lower: float | None = None
    upper: float | None = None
    band: str = ""
    state: Literal["shown", "hidden", "absent"] = "absent"

    @property
    def margin(self) -> float | None:
        """Half the width of the interval."""
        if self.lower is None or self.upper is None:
            return None
        return (self.upper - self.lower) / 2


ABSENT = Shown()


@dataclass(frozen=True)
class Change:
    """One unit on one dimension, which two runs tell differently."""

    unit: str
    dimension: str
    was: Shown
    now: Shown

    @property
    def size(self) -> float | None:
        """How far the score moved."""
        if self.was.score is None or self.now.score is None:
            return None
        return self.now.score - self.was.score


def changes(was: ScoringRun, now: ScoringRun, *, is_private: bool) -> list[Change]:
    """Scores that differ in a bit, in margin, band or hiding; see ``in_order``.

    Units are matched by code. Published scores, or, on the record, private ones.
    """
    before, after = (scores_of(run, is_private=is_private) for run in (was, now))
    return changed(before, after)


Scores = Mapping[tuple[str, str], Shown]
"""By unit code and dimension."""


def changed(before: Scores, after: Scores) -> list[Change]:
    """What the two sides tell differently; see ``in_order``."""
    found = [
        Change(*key, before.get(key, ABSENT), after.get(key, ABSENT))
        for key in dict.fromkeys([*before, *after])
    ]
    return in_order([each for each in found if not is_same(each.was, each.now)])


def scores_of(run: ScoringRun, *, is_private: bool) -> Scores:
    """All scores of a run, in the order of the tree."""
    shown = PublishedScore.objects.filter(run=run)
    hidden = set(shown.filter(is_hidden=True).values_list("unit_id", "dimension"))
    rows: Any = UnitScore.objects.filter(run=run) if is_private else shown
    return {
        (row.unit.code, row.dimension): Shown(
            row.score,
            row.lower,
            row.upper,
            row.band,
            "hidden" if (row.unit_id, row.dimension) in hidden else "shown",
        )
        for row in rows.select_related("unit").order_by("unit__path", "pk")
    }


def in_order(found: list[Change]) -> list[Change]:
    """Units by how far their index moved, the farthest first; the index leads each.

    Units whose index cannot be compared come before all others.
    """
    moved = {each.unit: each.size for each in found if each.dimension == INDEX}

    def place(change: Change) -> tuple[bool, float, str, bool]:
        size = moved.get(change.unit, 0.0)
        distance = -abs(size or 0.0)
        return size is not None, distance, change.unit, change.dimension != INDEX

    return sorted(found, key=place)
