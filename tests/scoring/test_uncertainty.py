"""Margins from sums equal those from persons, and do not depend on how units lie."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scoring.arrays import Codes, Floats, Integers
from scoring.scheme import Scheme
from tests.scoring.sheets import Scored, scheme_of, score_all, sheet_of, tree_of

SHEET = sheet_of({"v": ["v1", "v2", "v3"], "w": ["w1", "w2"]})
DIMENSION = np.array([0, 0, 0, 1, 1])
TREE = tree_of([-1, 0, 0, 1], [1, 1, 3, 2])
UNDER = {0: [0, 1, 2, 3], 1: [0, 1, 2], 2: [3], 3: [2]}
FRAME = [90, 40, 70, 61]


@dataclass(frozen=True)
class People:
    answers: Codes
    cell: Integers
    weight: Floats


def people(seed: int, n: int = 160) -> People:
    """Answers with every tenth missing, uneven cells and uneven weights."""
    generator = np.random.default_rng(seed)
    answers = generator.integers(1, 7, (n, 5)).astype(np.int16)
    answers[generator.random((n, 5)) < 0.1] = 0
    cell = generator.choice(4, n, p=[0.4, 0.2, 0.1, 0.3])
    cell[:8] = np.repeat(np.arange(4), 2)
    answers[:8] = generator.integers(1, 7, (8, 5))
    return People(answers, cell, generator.uniform(0.2, 3, n))


def person_level(
    who: People, scheme: Scheme, cells: list[int]
) -> tuple[Floats, Floats, Floats]:
    """Scores and variances (with and without correction) of one node by the book."""
    is_here = np.isin(who.cell, cells) & (who.answers > 0).any(axis=1)
    usable = (who.answers > 0).any(axis=1)
    n_of = np.bincount(who.cell[usable], minlength=4)
    g = np.array(FRAME) / n_of
    answers, cell = who.answers[is_here], who.cell[is_here]
    w = who.weight[is_here] if scheme.use_given_weight else g[cell]
    r = answers > 0
    y = np.where(r, 20.0 * (answers - 1), 0)
    if scheme.measure == "favourable":
        y = np.where(r & (answers >= 5), 100.0, 0)
        mix = np.array([[1 / 3] * 3 + [0, 0], [0] * 3 + [0.5] * 2])
    else:
        counts = np.column_stack([r[:, d == DIMENSION].sum(axis=1) for d in (0, 1)])
        sums = np.column_stack([y[:, d == DIMENSION].sum(axis=1) for d in (0, 1)])
        r, y = counts > 0, sums / np.maximum(counts, 1)
        mix = np.eye(2)
    mix = np.vstack([mix, mix.mean(axis=0)])
    size = (w[:, np.newaxis] * r).sum(axis=0)
    means = (w[:, np.newaxis] * r * y).sum(axis=0) / size
    z = (w[:, np.newaxis] * r * (y - means) / size) @ mix.T
    corrected, plain = np.zeros(3), np.zeros(3)
    strata = [cell == c for c in cells]
    if scheme.variance.strata == "none":
        strata = [np.ones(len(cell), dtype=bool)]
    for stratum in strata:
        part = z[stratum]
        n = len(part)
        variance = n / (n - 1) * ((part - part.mean(axis=0)) ** 2).sum(axis=0)
        plain += variance
        has_strata = scheme.variance.strata == "cell"
        f = n / FRAME[cell[stratum][0]] if has_strata else 0
        corrected += (1 - f) * variance
    return mix @ means, corrected, plain


def run(who: People, scheme: Scheme) -> Scored:
    return score_all(
        SHEET,
        scheme,
        who.answers,
        who.cell,
        tree=TREE,
        frame=FRAME,
        given_weight=who.weight,
    )


@pytest.mark.parametrize("strata", ["cell", "none"])
@pytest.mark.parametrize("measure", ["mean", "favourable"])
@pytest.mark.parametrize("use_given_weight", [False, True])
def test_sums_give_the_person_level_formula(
    strata: str, measure: str, use_given_weight: bool
) -> None:
    scheme = scheme_of(
        measure=measure,
        favourable_from=5,
        use_given_weight=use_given_weight,
        variance={"strata": strata},
    )
    who = people(3)
    found = run(who, scheme)
    for node, cells in UNDER.items():
        score, corrected, plain = person_level(who, scheme, cells)
        assert found.scores.score[node] == pytest.approx(score, abs=1e-9)
        assert found.margins.se_fpc[node] ** 2 == pytest.approx(corrected, rel=1e-9)
        assert found.margins.se_no_fpc[node] ** 2 == pytest.approx(plain, rel=1e-9)


@settings(max_examples=20, deadline=None)
@given(st.permutations(range(4)), st.integers(0, 1000))
def test_numbering_of_cells_and_units_changes_nothing(
    order: list[int], seed: int
) -> None:
    who = people(seed, 60)
    scheme = scheme_of(favourable_from=5)
    before = run(who, scheme)
    parent, node_of_cell = [-1, 0, 0, 2], np.array([2, 2, 3, 1])  # nodes 1, 2 swapped
    place = np.argsort(order)  # cell c is now number place[c]
    after = score_all(
        SHEET,
        scheme,
        who.answers,
        place[who.cell],
        tree=tree_of(parent, node_of_cell[order].tolist()),
        frame=[FRAME[c] for c in order],
    )
    swapped = [0, 2, 1, 3]
    for old, new in (
        (before.scores.score, after.scores.score),
        (before.scores.favourable, after.scores.favourable),
        (before.margins.se_fpc, after.margins.se_fpc),
        (before.margins.se_model, after.margins.se_model),
        (before.margins.df, after.margins.df),
        (before.margins.upper, after.margins.upper),
    ):
        np.testing.assert_allclose(new[swapped], old, rtol=1e-9, atol=1e-9)


def test_one_unit_as_one_stratum_has_the_same_model_error_either_way() -> None:
    who = people(5)
    by_cell = run(who, scheme_of())
    as_one = run(who, scheme_of(variance={"strata": "none"}))
    for node in (2, 3):  # nodes of a single cell
        assert as_one.margins.se_model[node] == pytest.approx(
            by_cell.margins.se_model[node]
        )


def test_without_two_people_anywhere_there_is_no_error() -> None:
    found = score_all(
        SHEET,
        scheme_of(),
        np.full((1, 5), 3, dtype=np.int16),
        np.zeros(1, dtype=np.int64),
        tree=tree_of([-1], [0]),
        frame=[7],
    )
    assert found.scores.score[0].tolist() == [40, 40, 40]
    assert np.isnan(found.margins.se_model[0]).all()
    assert np.isnan(found.margins.lower[0]).all()
    assert not found.margins.is_zero_variance.any()


def test_everybody_alike_everywhere_has_no_error() -> None:
    found = score_all(
        SHEET,
        scheme_of(),
        np.full((12, 5), 6, dtype=np.int16),
        np.repeat([0, 1], 6),
        tree=tree_of([-1, 0, 0], [1, 2]),
        frame=[10, 30],
    )
    assert (found.margins.se_model == 0).all()
    assert (found.margins.lower == 100).all()
    assert found.margins.is_zero_variance.all()


def test_interval_stays_on_the_scale() -> None:
    answers = np.full((10, 5), 6, dtype=np.int16)
    answers[0] = 1
    found = score_all(
        SHEET,
        scheme_of(),
        answers,
        np.zeros(10, dtype=np.int64),
        tree=tree_of([-1], [0]),
        frame=[100],
    )
    assert found.margins.upper[0].tolist() == [100] * 3
