"""Scores as rows of a file: released ones, or, with a recorded reason, all."""

from __future__ import annotations

import csv
import json
import os
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import IO, Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from scoring.models import PublishedScore, ScoringRun, UnitScore
from surveys.errors import SurveyError

COLUMNS = (
    "unit_code",
    "level",
    "dimension",
    "n",
    "frame",
    "response_rate",
    "score",
    "se_fpc",
    "se_model",
    "lower",
    "upper",
    "favourable",
    "band",
    "published",
    "reason",
)
_NUMBERS = COLUMNS[3:12]


def released_rows(run: ScoringRun) -> Iterator[dict[str, Any]]:
    """What disclosure lets through; a hidden row is empty and says why."""
    scores = PublishedScore.objects.filter(run=run)
    for score in _in_order(scores):
        row = _row(score)
        row["published"] = "no" if score.is_hidden else "yes"
        row["reason"] = score.reason
        yield row


def private_rows(run: ScoringRun) -> Iterator[dict[str, Any]]:
    """Everything computed; who asks is recorded by the caller first."""
    shown = set(
        PublishedScore.objects.filter(run=run, is_hidden=False).values_list(
            "unit_id", "dimension"
        )
    )
    for score in _in_order(UnitScore.objects.filter(run=run)):
        is_shown = (score.unit_id, score.dimension) in shown
        row = _row(score)
        row["published"] = "yes" if is_shown else "no"
        row["reason"] = ""
        yield row


def _in_order(scores: QuerySet[Any]) -> Iterable[Any]:
    return scores.select_related("unit").order_by("unit__path", "pk")


def _row(score: PublishedScore | UnitScore) -> dict[str, Any]:
    row: dict[str, Any] = {name: getattr(score, name) for name in _NUMBERS}
    row["unit_code"] = score.unit.code
    row["level"] = score.unit.level
    row["dimension"] = score.dimension
    row["band"] = score.band
    return row


def demand_writable(path: Path) -> None:
    """A sentence before anything is computed, if the file could not be written."""
    folder = path.parent
    may_write = folder.is_dir() and os.access(folder, os.W_OK | os.X_OK)
    if path.is_dir() or not may_write:
        raise SurveyError(_("Berkas %(path)s tidak dapat ditulis.") % {"path": path})


def write_rows(
    path: Path, rows: Iterable[dict[str, Any]], columns: Sequence[str] = COLUMNS
) -> int:
    """Write CSV or, for a name that ends in ``.json``, JSON; returns the row count.

    Numbers keep their full precision. The file appears only when it is complete, and
    for its owner alone: who may read it further is for them to decide.
    """
    part = path.with_name(path.name + ".part")
    write = _write_json if path.suffix == ".json" else _write_csv
    try:
        descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8", newline="") as file:
            n = write(file, rows, columns)
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)
    return n


def _write_json(
    file: IO[str], rows: Iterable[dict[str, Any]], columns: Sequence[str]
) -> int:
    kept = [{name: row[name] for name in columns} for row in rows]
    json.dump(kept, file, ensure_ascii=False, indent=1)
    return len(kept)


def _write_csv(
    file: IO[str], rows: Iterable[dict[str, Any]], columns: Sequence[str]
) -> int:
    writer = csv.DictWriter(file, columns, extrasaction="ignore")
    writer.writeheader()
    n = 0
    for row in rows:
        writer.writerow({k: "" if v is None else v for k, v in row.items()})
        n += 1
    return n
