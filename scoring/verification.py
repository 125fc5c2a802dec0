"""Compute a run again from its sealed answers, and compare it to the last bit.

Nothing that the run stored is read for computing but how it was cut into shards: sums
of given weights depend, in their last bits, on who is summed together.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain
from typing import Any

from django.utils.translation import gettext as _

from scoring.computed import Computed
from scoring.examination import (
    FLAG_COLUMNS,
    SCENARIO_COLUMNS,
    Examined,
)
from scoring.extract import input_digest
from scoring.load import COLUMNS, result_digest, score_rows
from scoring.load import PRIVATE as NEVER_PUBLISHED
from scoring.models import (
    PublishedScore,
    ScenarioScore,
    ScoringRun,
    UnitFlag,
    UnitScore,
)
from scoring.passes import (
    cells_of_shards,
    checks_of_cells,
    moments_of_cells,
    pool_of,
)
from scoring.results import analyses
from scoring.results.publication import decide_run, published_lines
from scoring.runs import compute, examine_run, seed_of, tally_cells
from scoring.scheme import digest_of
from scoring.schemes_store import scheme_of
from scoring.tally import Tally
from scoring.version import code_version, library_versions
from surveys.box.sealing import answers_digest
from surveys.errors import SurveyError, WrongState
from surveys.fieldwork import promise
from surveys.files.copying import batched
from surveys.instruments import document
from surveys.instruments.authoring import document_of

KEY = COLUMNS[:2]
PRIVATE = (*COLUMNS[2:], *NEVER_PUBLISHED, "flags")
PUBLISHED = (*COLUMNS[2:], "is_hidden", "reason")
UNITS_AT_A_TIME = 500

Row = tuple[Any, ...]
"""Unit, dimension, and the columns that are compared."""
Scores = type[UnitScore] | type[PublishedScore]


def changed_since(run: ScoringRun) -> list[tuple[str, str, str]]:
    """What may explain a difference: code or library, then and now."""
    then = {"code_version": run.code_version, **run.library_versions}
    now = {"code_version": code_version(), **library_versions()}
    return [
        (name, then.get(name, "–"), now.get(name, "–"))
        for name in sorted({*then, *now})
        if then.get(name) != now.get(name)
    ]


# --- compute again -------------------------------------------------------------------


def tally_again(run: ScoringRun) -> Iterator[dict[int, tuple[Tally, int]]]:
    """Tally and place of every cell, a shard at a time, from the sealed answers."""
    if run.state != ScoringRun.State.COMPUTED:
        raise WrongState(_("Perhitungan ini belum selesai."))
    shards = list(run.shards.order_by("number").values_list("cell_ids", flat=True))
    cells = run.wave.cells.filter(merged_into=None).order_by("pk")
    if sorted(chain(*shards)) != list(cells.values_list("pk", flat=True)):
        raise SurveyError(_("Bagian yang tersimpan tidak berisi setiap sel satu kali."))
    scheme = scheme_of(run.scheme)
    for cell_ids in shards:
        tally = tally_cells(run.wave, scheme, cell_ids)
        yield {cell: (tally, place) for place, cell in enumerate(cell_ids)}


def compute_again(run: ScoringRun, tallies: dict[int, tuple[Tally, int]]) -> Computed:
    """The whole result, nothing written."""
    return compute(run.wave, scheme_of(run.scheme), tallies, run.evidence)


def examine_again(
    run: ScoringRun, computed: Computed, tallies: dict[int, tuple[Tally, int]]
) -> Examined:
    """Passes 2 and 3 and what follows from them, nothing written."""
    wave, scheme, shards = run.wave, scheme_of(run.scheme), cells_of_shards(run)
    pool = pool_of(
        wave, scheme, (moments_of_cells(wave, scheme, c, run.seed) for c in shards)
    )
    parts = [checks_of_cells(wave, pool, cells, run.seed) for cells in shards]
    return examine_run(run, scheme, computed, tallies, parts)


# --- compare -------------------------------------------------------------------------


@dataclass(frozen=True)
class Difference:
    """A stored row that is not the computed one; without columns, only one exists."""

    unit: str
    dimension: str
    columns: tuple[str, ...]


def digests(run: ScoringRun, computed: Computed) -> dict[str, bool]:
    """Whether each stored digest is that of what it stands for."""
    wave, scheme = run.wave, scheme_of(run.scheme)
    instrument, content = wave.instrument, document_of(wave.instrument)
    inputs = input_digest(wave, run.evidence)
    return {
        _("sidik jawaban tersegel"): answers_digest(wave) == wave.answers_digest,
        _("sidik instrumen"): document.digest_of(content) == instrument.digest,
        _("sidik janji"): promise.digest_of(wave.promise) == wave.promise_digest,
        _("sidik masukan"): inputs == run.input_digest,
        _("sidik metode"): digest_of(run.scheme.document) == run.scheme.digest,
        _("benih"): seed_of(inputs, run.scheme.digest) == run.seed,
        _("sidik hasil"): result_digest(scheme, computed) == run.result_digest,
    }


def analysis_differences(run: ScoringRun, computed: Computed) -> Iterator[Difference]:
    """Analyses not stored as they are computed now; then, whether their digest is."""
    found = list(analyses.analyse(run, scheme_of(run.scheme), computed))
    for kind, unit in analyses.differing(run, found):
        yield Difference(unit or run.wave.root.code, kind, (_("isi"),))
    if analyses.analyses_digest(found) != run.analyses_digest:
        yield Difference(run.wave.root.code, _("semua"), (_("sidik"),))


def private_differences(run: ScoringRun, computed: Computed) -> Iterator[Difference]:
    """What differs in the stored private scores."""
    rows = (
        tuple(row[name] for name in (*KEY, *PRIVATE))
        for row in score_rows(scheme_of(run.scheme), computed)
    )
    return _differences(UnitScore, PRIVATE, run, computed, rows)


def published_differences(run: ScoringRun, computed: Computed) -> Iterator[Difference]:
    """What differs in the stored scores that may be shown."""
    scheme = scheme_of(run.scheme)
    decision = decide_run(run, scheme, computed)
    rows = (line[1:] for line in published_lines(run, scheme, computed, decision))
    return _differences(PublishedScore, PUBLISHED, run, computed, rows)


def examined_differences(
    run: ScoringRun, computed: Computed, examined: Examined
) -> Iterator[Difference]:
    """Units whose stored flags or scenarios are not those found again."""
    codes = computed.codes
    if examined.digest(codes) != run.quality_digest:
        yield Difference(run.wave.root.code, _("sidik mutu"), ("digest",))
    flags = [(*row[:3], json.loads(row[3])) for row in examined.flags]
    for model, columns, rows in (
        (UnitFlag, FLAG_COLUMNS, flags),
        (ScenarioScore, SCENARIO_COLUMNS, examined.scenarios),
    ):
        stored = list(model._default_manager.filter(run=run).values_list(*columns))
        wrong = {_words(row) for row in rows} ^ {_words(row) for row in stored}
        for row in (*rows, *stored):
            if _words(row) in wrong:
                yield Difference(codes.get(row[0], "?"), str(row[1]), columns[2:])


def _words(row: Row) -> str:
    """A row to the last bit; figures in the order of their names."""
    return json.dumps(row, sort_keys=True)


def _differences(
    model: Scores,
    columns: tuple[str, ...],
    run: ScoringRun,
    computed: Computed,
    rows: Iterator[Row],
) -> Iterator[Difference]:
    """Stored rows against computed ones, some hundred whole units at a time."""
    code_of = {unit.pk: unit.code for unit in computed.tree.units}
    scores = model._default_manager.filter(run=run)
    for batch in batched(rows, UNITS_AT_A_TIME * len(computed.plan.outputs)):
        mine = scores.filter(unit__in={row[0] for row in batch})
        stored = {row[:2]: row for row in mine.values_list(*KEY, *columns)}
        for row in batch:
            found = stored.pop(row[:2], None)
            if found is None or not is_same(found, row):
                wrong = differing(columns, found, row)
                yield Difference(code_of[row[0]], row[1], wrong)
        for unit_id, dimension in stored:
            yield Difference(code_of[unit_id], dimension, ())
    strangers = scores.exclude(unit__in=list(code_of)).order_by("unit__code", "pk")
    for unit, dimension in strangers.values_list("unit__code", "dimension"):
        yield Difference(unit, dimension, ())


def differing(
    columns: tuple[str, ...], stored: Row | None, computed: Row
) -> tuple[str, ...]:
    """Names of the columns that are not the same; none if there is no stored row."""
    pairs = zip(columns, (stored or ())[2:], computed[2:], strict=False)
    return tuple(name for name, then, now in pairs if not is_same(then, now))


def is_same(stored: object, computed: object) -> bool:
    """To the last bit, and in kind: 0.0 is neither -0.0 nor 0.

    >>> is_same(0.1 + 0.2, 0.30000000000000004), is_same(-0.0, 0.0), is_same(1, 1.0)
    (True, False, False)
    """
    return repr(stored) == repr(computed)
