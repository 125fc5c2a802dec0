"""Real answers of 101,881 civil servants against R survey 4.1.1."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from scoring.scheme import parse_scheme
from tests.scoring.sheets import (
    Scored,
    margins_from,
    score_all,
    sheet_of,
    shipped,
    tree_of,
)

FILE = Path(__file__).parents[3] / "shared" / "data" / "fevs2018_subsample.csv.gz"

pytestmark = pytest.mark.skipif(
    not FILE.exists(), reason=f"the real answers are not here: no {FILE.name}"
)

EEI = parse_scheme(shipped("fevs-eei.yaml"))


@pytest.fixture(scope="module")
def nation() -> Scored:
    """Government (0), 45 agencies and 234 units, one cell per unit."""
    parts = {rule.code: rule.items for rule in EEI.dimensions}
    items = [item for part in parts.values() for item in part]
    frame = pd.read_csv(FILE, usecols=["AGENCY", "LEVEL1", "POSTWT", *items])
    agency, agencies = pd.factorize(frame["AGENCY"], sort=True)
    pairs = frame["AGENCY"].astype(str) + "/" + frame["LEVEL1"].astype(str)
    unit, units = pd.factorize(pairs, sort=True)
    agency_of_unit = np.zeros(len(units), dtype=np.int64)
    agency_of_unit[unit] = agency
    parent = [-1, *[0] * len(agencies), *(1 + agency_of_unit)]
    first = 1 + len(agencies)
    return score_all(
        sheet_of(parts, n_points=5),
        EEI,
        frame[items].to_numpy(dtype=np.int16),
        unit.astype(np.int64),
        tree=tree_of(parent, range(first, first + len(units))),
        frame=[-1] * len(units),
        given_weight=frame["POSTWT"].to_numpy(dtype=np.float64),
    )


def test_government_index_and_its_parts(nation: Scored) -> None:
    assert nation.scores.score[0] == pytest.approx(
        [57.6820, 76.0425, 72.4108, 68.7118], abs=5e-5
    )
    assert nation.scores.n[0].tolist() == [101_881] * 4


def test_government_standard_error_with_replacement(nation: Scored) -> None:
    assert nation.margins.se_fpc[0, -1] == pytest.approx(0.10631, abs=5e-6)
    assert nation.margins.se_no_fpc[0, -1] == nation.margins.se_fpc[0, -1]


def test_strata_by_cell_would_give_a_smaller_error(nation: Scored) -> None:
    by_cell = margins_from(
        replace(nation.plan, has_strata=True),
        EEI,
        nation.tally,
        nation.tree,
        nation.weights.frame,
    )
    assert by_cell.margins.se_fpc[0, -1] < nation.margins.se_fpc[0, -1]


def test_scores_are_their_own_favourable_companion(nation: Scored) -> None:
    assert np.allclose(nation.scores.score, nation.scores.favourable, equal_nan=True)
    assert np.isnan(nation.scores.response_rate).all()
    assert nation.scores.is_frame_missing.all()
