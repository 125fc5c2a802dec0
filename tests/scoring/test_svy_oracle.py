"""Scores and errors of random designs equal those of ``svy``, an independent package.

``svy`` sees one row a person; ours go the whole way through the sums of cells. After
calibration it takes residuals from a regression in which all people count the same,
ours count by their weights before; the two are one where these are equal, as in a
census, and a formula over persons stands in for ``svy`` where they are not.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import polars as pl
import pytest
import svy
from hypothesis import given, settings
from hypothesis import strategies as st

from scoring.arrays import Codes, Floats, Integers
from scoring.indices import score_nodes
from scoring.weighting.raking import Margin, margin_of, rake
from scoring.weighting.residuals import Sampling, residual_errors
from tests.scoring.sheets import Scored, scheme_of, score_all, sheet_of, tree_of

SHEET = sheet_of({"v": ["v1", "v2", "v3"], "w": ["w1", "w2"]})
N_UNITS = 3
UNIT, SEX, GRADE = (axis.ravel() for axis in np.indices((N_UNITS, 2, 2)))
N_CELLS = len(UNIT)
BY_UNIT = tree_of([-1, 0, 0, 0], (1 + UNIT).tolist())
SEEDS = st.integers(0, 2**32 - 1)
FEW = settings(max_examples=20, deadline=None, derandomize=True)


@dataclass(frozen=True)
class Wave:
    """Random answers of people in twelve cells of three units, and the frame."""

    answers: Codes
    cell: Integers
    frame: Integers
    given_weight: Floats

    @property
    def n(self) -> Integers:
        return np.bincount(self.cell, minlength=N_CELLS)

    @property
    def unit_size(self) -> Integers:
        return np.bincount(UNIT, self.frame).astype(np.int64)


def wave(seed: int, *, missing: float = 0.0) -> Wave:
    """Two to nine answers a cell, which lean on unit, sex and grade."""
    generator = np.random.default_rng(seed)
    n = generator.integers(2, 10, N_CELLS)
    cell = np.repeat(np.arange(N_CELLS), n)
    lean = generator.normal(3.5, 1, N_CELLS)[cell, np.newaxis]
    person = lean + generator.normal(0, 1, (len(cell), 1))
    answers = np.clip(np.round(person + generator.normal(0, 1, (len(cell), 5))), 1, 6)
    is_missing = generator.random(answers.shape) < missing
    is_missing[np.arange(len(cell)), generator.integers(0, 5, len(cell))] = False
    answers[is_missing] = 0
    return Wave(
        answers.astype(np.int16),
        cell,
        n + generator.integers(0, 30, N_CELLS),
        generator.uniform(0.2, 3, len(cell)),
    )


def ours(people: Wave, **changes: Any) -> Scored:
    return score_all(
        SHEET,
        scheme_of(**changes),
        people.answers,
        people.cell,
        tree=BY_UNIT,
        frame=people.frame.tolist(),
        given_weight=people.given_weight,
    )


def rows(people: Wave) -> pl.DataFrame:
    """One row a person, with points from 0 to 100 and null where a value is missing."""
    points = np.where(people.answers > 0, 20.0 * (people.answers - 1), np.nan)
    is_valid = ~np.isnan(points)
    sums, counts = np.nan_to_num(points), is_valid.astype(int)
    v, w = (
        sums[:, part].sum(axis=1)
        / np.where(counts[:, part].any(axis=1), 1, np.nan)
        / np.maximum(counts[:, part].sum(axis=1), 1)
        for part in (slice(0, 3), slice(3, 5))
    )
    unit = UNIT[people.cell]
    return pl.DataFrame(
        {
            "v": v,
            "w": w,
            "index": (v + w) / 2,
            "cell": people.cell,
            "unit": unit,
            "sex": SEX[people.cell],
            "grade": GRADE[people.cell],
            "N": people.frame[people.cell],
            "unit_N": people.unit_size[unit],
            "by_cell": (people.frame / people.n)[people.cell],
            "one": 1.0,
            "given": people.given_weight,
        }
    ).fill_nan(None)


def estimates(sample: svy.Sample, y: str) -> Floats:
    """(1 + units, 2) mean and standard error of everybody and of each unit."""
    valid = pl.col(y).is_not_null()
    whole = sample.estimation.mean(y, where=valid)
    units = sample.estimation.mean(y, by="unit", where=valid)
    assert isinstance(whole, svy.Estimate)
    assert isinstance(units, svy.Estimate)
    ordered = sorted(units.estimates, key=lambda row: str(row.by_level))
    return np.array([[row.est, row.se] for row in (*whole.estimates, *ordered)])


def assert_equal(score: Floats, error: Floats, sample: svy.Sample, y: str) -> None:
    expected = estimates(sample, y)
    assert score == pytest.approx(expected[:, 0], rel=1e-7)
    assert error == pytest.approx(expected[:, 1], rel=1e-7, abs=1e-9)


@FEW
@given(SEEDS, st.sampled_from([0.0, 0.3]))
def test_one_stratum_with_given_weights(seed: int, missing: float) -> None:
    """Each unit by itself is a plain weighted mean, drawn with replacement."""
    people = wave(seed, missing=missing)
    found = ours(people, use_given_weight=True, variance={"strata": "none"})
    data = rows(people)
    for output, y in enumerate(("v", "w")):
        whole = estimates(svy.Sample(data, svy.Design(wgt="given")), y)[0]
        assert found.scores.score[0, output] == pytest.approx(whole[0], rel=1e-7)
        assert found.margins.se_fpc[0, output] == pytest.approx(whole[1], rel=1e-7)
        for unit in range(N_UNITS):
            here = data.filter(pl.col("unit") == unit)
            score, error = estimates(svy.Sample(here, svy.Design(wgt="given")), y)[0]
            node = unit + 1
            assert found.scores.score[node, output] == pytest.approx(score, rel=1e-7)
            assert found.margins.se_fpc[node, output] == pytest.approx(error, rel=1e-7)


@FEW
@given(SEEDS, st.sampled_from([0.0, 0.3]))
def test_cells_as_strata(seed: int, missing: float) -> None:
    """With and without the finite population, in the whole and in each unit."""
    people = wave(seed, missing=missing)
    found, data = ours(people), rows(people)
    corrected = svy.Design(wgt="by_cell", stratum="cell", pop_size="N")
    plain = svy.Design(wgt="by_cell", stratum="cell")
    outputs = ["v", "w", "index"] if missing == 0 else ["v", "w"]
    for output, y in enumerate(outputs):
        score = found.scores.score[:, output]
        fpc, no_fpc = found.margins.se_fpc, found.margins.se_no_fpc
        assert_equal(score, fpc[:, output], svy.Sample(data, corrected), y)
        assert_equal(score, no_fpc[:, output], svy.Sample(data, plain), y)


@FEW
@given(SEEDS, st.sampled_from([0.0, 0.3]))
def test_post_stratified_by_sex(seed: int, missing: float) -> None:
    people = wave(seed, missing=missing)
    margin = margin_of("sex", SEX, people.frame)
    sample = census(people).weighting.poststratify(targets(margin), cells="sex")
    scores, errors = calibrated(people, [margin], np.ones(N_CELLS))
    for output, y in enumerate(["v", "w", "index"] if missing == 0 else ["v", "w"]):
        assert_equal(scores[:, output], errors[:, output], sample, y)


@FEW
@given(SEEDS, st.sampled_from([0.0, 0.3]))
def test_raked_to_unit_sex_and_grade(seed: int, missing: float) -> None:
    people = wave(seed, missing=missing)
    margins = three_margins(people)
    sample = census(people).weighting.rake(
        controls={margin.name: targets(margin) for margin in margins},
        tol=1e-9,
    )
    scores, errors = calibrated(people, margins, np.ones(N_CELLS))
    for output, y in enumerate(["v", "w", "index"] if missing == 0 else ["v", "w"]):
        assert_equal(scores[:, output], errors[:, output], sample, y)


@FEW
@given(SEEDS, st.sampled_from([0.0, 0.3]))
def test_raked_from_uneven_weights(seed: int, missing: float) -> None:
    """The formula over persons: residuals of a regression weighted as before."""
    people = wave(seed, missing=missing)
    margins = three_margins(people)
    start = np.random.default_rng(seed).uniform(0.5, 4, N_CELLS)
    scores, errors = calibrated(people, margins, start)
    before = start[people.cell]
    weight = rake(people.n, margins, start).weight[people.cell]
    dummies = np.hstack([np.eye(len(m.target))[m.category] for m in margins])
    root = np.sqrt(before)[:, np.newaxis]
    design = dummies[people.cell] * root
    for output, y in enumerate(("v", "w")):
        points = rows(people)[y].to_numpy()
        for node in range(1 + N_UNITS):
            is_in = ~np.isnan(points) & ((node == 0) | (UNIT[people.cell] == node - 1))
            w = np.where(is_in, weight, 0)
            score = np.nansum(w * points) / w.sum()
            z = np.where(is_in, points - score, 0) / w.sum()
            beta = np.linalg.lstsq(design, root[:, 0] * z, rcond=None)[0]
            residual = weight * (z - dummies[people.cell] @ beta)
            variance = 0.0
            for unit, size in enumerate(people.unit_size):
                mine = residual[UNIT[people.cell] == unit]
                variance += (1 - len(mine) / size) * len(mine) * mine.var(ddof=1)
            assert scores[node, output] == pytest.approx(score, rel=1e-9)
            assert errors[node, output] == pytest.approx(variance**0.5, rel=1e-7)


def three_margins(people: Wave) -> list[Margin]:
    groups = (("unit", UNIT), ("sex", SEX), ("grade", GRADE))
    return [margin_of(name, group, people.frame) for name, group in groups]


def targets(margin: Margin) -> dict[str | int | float | bool, int | float]:
    return dict(enumerate(margin.target.tolist()))


def census(people: Wave) -> svy.Sample:
    """Every unit a simple random sample of its people, all with the same weight."""
    design = svy.Design(wgt="one", stratum="unit", pop_size="unit_N")
    return svy.Sample(rows(people), design)


def calibrated(
    people: Wave, margins: list[Margin], start: Floats
) -> tuple[Floats, Floats]:
    """Scores and errors (nodes, O) after raking."""
    found = ours(people)
    raked = rake(people.n, margins, start)
    assert raked.collapses == ()
    weights = replace(found.weights, base=raked.weight)
    scores = score_nodes(found.plan, found.tally, BY_UNIT, weights, minimum_n=1)
    sampling = Sampling(UNIT, people.unit_size.astype(np.float64), start)
    errors = residual_errors(
        found.plan, found.tally, BY_UNIT, raked.weight, margins, sampling
    )
    return scores.score, errors
