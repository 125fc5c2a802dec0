"""Computed scores into PostgreSQL, by COPY."""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Iterable, Iterator
from typing import Any

from scoring.composite import Derived
from scoring.computed import Computed
from scoring.models import ScoringRun, UnitScore
from scoring.scheme import Scheme
from scoring.weighting.cells import UNKNOWN
from surveys.files.copying import copy_rows

COLUMNS = (
    "unit_id",
    "dimension",
    "n",
    "frame",
    "response_rate",
    "score",
    "se_fpc",
    "se_model",
    "degrees_of_freedom",
    "lower",
    "upper",
    "favourable",
    "band",
)


PRIVATE = ("n_received", "score_unweighted")
"""Columns that are never published."""


def score_rows(scheme: Scheme, computed: Computed) -> Iterator[dict[str, Any]]:
    """One row per node and output, with ``None`` where nothing could be computed.

    Outputs that follow from the index come last.
    """
    n_outputs = len(computed.plan.outputs)
    for node in range(len(computed.tree.units)):
        for place in range(n_outputs):
            row = _row(scheme, computed, node, place)
            yield row
        for derived in computed.derived:
            yield _derived_row(scheme, derived, node, row)


def _row(scheme: Scheme, computed: Computed, node: int, place: int) -> dict[str, Any]:
    scores, margins = computed.scores, computed.margins
    output, frame = computed.plan.outputs[place], int(scores.frame[node])
    score = float(scores.score[node, place])
    band = None if output in computed.plan.extras else scheme.band_of(score)
    return {
        "unit_id": computed.tree.units[node].pk,
        "dimension": output,
        "n": int(scores.n[node, place]),
        "frame": None if frame == UNKNOWN else frame,
        "response_rate": known(scores.response_rate[node]),
        "score": known(score),
        "se_fpc": known(margins.se_fpc[node, place]),
        "se_model": known(margins.se_model[node, place]),
        "degrees_of_freedom": known(margins.df[node, place]),
        "lower": known(margins.lower[node, place]),
        "upper": known(margins.upper[node, place]),
        "favourable": known(scores.favourable[node, place]),
        "score_unweighted": known(computed.score_unweighted[node, place]),
        "band": band.letter if band else "",
        "n_received": int(scores.n_received[node]),
        "flags": flags_of(computed, node, place),
    }


def _derived_row(
    scheme: Scheme, derived: Derived, node: int, index: dict[str, Any]
) -> dict[str, Any]:
    """As the row of the index, moved to the derived score (equation 56)."""
    score = float(derived.score[node])
    band = scheme.band_of(score) if derived.has_band else None
    row = {**index, "dimension": derived.code, "score": known(score)}
    is_known = not math.isnan(score)
    for name in ("se_fpc", "se_model", "lower", "upper"):
        is_end = name in ("lower", "upper")
        if index[name] is None or not is_known:
            row[name] = None
        elif is_end:
            row[name] = score + derived.share * (index[name] - index["score"])
        else:
            row[name] = derived.share * index[name]
    row |= {"favourable": None, "score_unweighted": None}
    return row | {"band": band.letter if band else ""}


def known(value: float) -> float | None:
    number = float(value)
    return number if math.isfinite(number) else None


def flags_of(computed: Computed, node: int, place: int) -> list[str]:
    """What is unusual about one score, as codes."""
    scores, margins = computed.scores, computed.margins
    found = {
        "no_responses": scores.has_no_responses[node],
        "frame_missing": scores.is_frame_missing[node],
        "frame_stale": scores.is_frame_stale[node],
        "folded": scores.is_folded[node],
        "zero_variance": margins.is_zero_variance[node, place],
    }
    return [flag for flag, is_set in found.items() if is_set]


def load_scores(*, run: ScoringRun, scheme: Scheme, computed: Computed) -> str:
    """Write the run's private scores, once; returns the digest of what was written."""
    columns = (*COLUMNS, *PRIVATE)
    rows = list(score_rows(scheme, computed))
    lines = (
        (run.pk, *(row[name] for name in columns), json.dumps(row["flags"]))
        for row in rows
    )
    copy_rows(UnitScore._meta.db_table, ("run_id", *columns, "flags"), lines)
    return _digest_of(computed, rows)


def result_digest(scheme: Scheme, computed: Computed) -> str:
    """SHA-256 over every private row, units by their code."""
    return _digest_of(computed, score_rows(scheme, computed))


def _digest_of(computed: Computed, rows: Iterable[dict[str, Any]]) -> str:
    digest = hashlib.sha256()
    codes = {unit.pk: unit.code for unit in computed.tree.units}
    for row in rows:
        values = [row[name] for name in (*COLUMNS[1:], *PRIVATE, "flags")]
        line = [codes[row["unit_id"]], *values]
        digest.update(json.dumps(line).encode() + b"\n")
    return digest.hexdigest()
