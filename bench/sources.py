"""Real answers that the project reads but does not carry, and their unit trees."""

from __future__ import annotations

import csv
import gzip
import os
from collections.abc import Iterable
from pathlib import Path

ROOT = Path(__file__).parents[1]
FOLDER = Path(os.environ.get("REAL_DATA", ROOT.parent / "shared" / "data"))
FEVS = FOLDER / "fevs2018_subsample.csv.gz"
LQ = FOLDER / "lq2002.csv.gz"

HEADER = (
    "code",
    "name",
    "acronym",
    "level",
    "parent_code",
    "kind",
    "valid_from",
    "valid_to",
)
FROM = "2002-01-01"


def write_fevs_units(target: Path) -> int:
    """Government → agencies → units of the FEVS file; returns how many there are."""
    pairs = {(row["AGENCY"], row["LEVEL1"]) for row in _rows(FEVS)}
    agencies = sorted({agency for agency, _unit in pairs})
    units = [("FED", "Pemerintah federal", "GOVERNMENT", "")]
    units += [(a, f"Instansi {a}", "AGENCY", "FED") for a in agencies]
    units += [(u, f"Unit {u}", "LEVEL1", a) for a, u in sorted(pairs)]
    return _write(target, units)


def write_lq_units(target: Path) -> int:
    """One brigade and its companies; returns how many units there are."""
    companies = sorted({int(row["COMPID"]) for row in _rows(LQ)})
    units = [("LQ", "Brigade", "BRIGADE", "")]
    units += [(f"LQ-{c}", f"Kompi {c}", "COMPANY", "LQ") for c in companies]
    return _write(target, units)


def _rows(source: Path) -> Iterable[dict[str, str]]:
    with gzip.open(source, "rt", encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


def _write(target: Path, units: list[tuple[str, str, str, str]]) -> int:
    with target.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(HEADER)
        for code, name, level, parent in units:
            writer.writerow((code, name, "", level, parent, "", FROM, ""))
    return len(units)
