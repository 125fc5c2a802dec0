"""Real answers through every command of the product, against published figures.

FEVS 2018: R survey 4.1.1, with-replacement variance under ``POSTWT``.
"""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from bench.sources import FEVS, LQ, write_fevs_units, write_lq_units
from surveys.models import Wave
from tests.surveys.files import DATA, run
from tests.surveys.test_load_real_answers import FEVS_WAVE, LQ_WAVE, load_real

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(
        not (FEVS.exists() and LQ.exists()), reason="the real answers are not here"
    ),
]
SCHEMES = Path("scoring/schemes")


def scored(folder: Path, scheme: Path) -> dict[tuple[str, str], dict[str, str]]:
    """Close, seal, score and open; the written rows by unit and dimension."""
    run("wave", "close", "NYATA")
    run("wave", "seal", "NYATA")
    out = folder / "skor.csv"
    order = ("--scheme", scheme, "--release", "public", "--out", out)
    run("score", "--wave", "NYATA", *order)
    with out.open(encoding="utf-8", newline="") as file:
        return {(r["unit_code"], r["dimension"]): r for r in csv.DictReader(file)}


def test_the_engagement_index_of_101881_civil_servants(tmp_path: Path) -> None:
    load_real(tmp_path, write_fevs_units, FEVS, "fevs", wave=FEVS_WAVE)
    rows = scored(tmp_path, SCHEMES / "fevs-eei.yaml")
    nation = rows["FED", "index"]
    assert float(nation["score"]) == pytest.approx(68.7118, abs=5e-5)
    assert float(nation["se_fpc"]) == pytest.approx(0.10631, abs=5e-6)
    for part, published in (
        ("LEADERS_LEAD", 57.6820),
        ("SUPERVISORS", 76.0425),
        ("INTRINSIC", 72.4108),
    ):
        assert float(rows["FED", part]["score"]) == pytest.approx(published, abs=5e-5)
    assert (nation["n"], nation["frame"], nation["published"]) == ("101881", "", "yes")
    out = tmp_path / "peringkat.csv"
    run("rank", "--wave", "NYATA", "--level", "AGENCY", "--out", out)
    with out.open(encoding="utf-8", newline="") as file:
        ranks = list(csv.DictReader(file))
    assert len(ranks) == 45
    assert ranks[0]["rank"] == "1"
    assert Wave.objects.get().n_answers == 101_881


def test_the_scales_of_49_companies(tmp_path: Path) -> None:
    load_real(tmp_path, write_lq_units, LQ, "lq", wave=LQ_WAVE)
    rows = scored(tmp_path, DATA / "lq-scheme.yaml")
    table = pd.read_csv(LQ)
    items = {
        "LEAD": ([f"LEAD{n:02}" for n in range(1, 12)], 1),
        "TSIG": ([f"TSIG{n:02}" for n in range(1, 4)], 1),
        "HOSTIL": ([f"HOSTIL{n:02}" for n in range(1, 6)], 0),
    }
    for dimension, (columns, lowest) in items.items():
        means = 25 * (table[columns] - lowest).mean(axis=1)
        by_company = means.groupby(table["COMPID"]).mean()
        for company, mean in by_company.items():
            row = rows[f"LQ-{company}", dimension]
            if row["published"] == "yes":
                assert float(row["score"]) == pytest.approx(mean)
        assert float(rows["LQ", dimension]["score"]) == pytest.approx(np.mean(means))
