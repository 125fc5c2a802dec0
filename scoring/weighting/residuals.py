"""Standard errors of scores whose weights were made to fit known totals. Pure.

What a total already tells about a person's answers is no longer uncertain; only what
is left of them, the residual, counts.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from scipy.special import stdtrit

from scoring.arrays import Floats, Integers
from scoring.indices import NodeScores
from scoring.linearisation import coefficients, pairs, ratio
from scoring.plan import Plan
from scoring.tally import Tally
from scoring.tree import Tree
from scoring.uncertainty import Margins
from scoring.weighting.calibration import Verdict
from scoring.weighting.raking import Margin, sums_of
from scoring.weighting.recipe import Weighting

MOST_CELLS = 2_000
"""Beyond, the regression on all categories is too large; (10) errs on the safe side."""


def with_residuals(
    plan: Plan,
    tally: Tally,
    tree: Tree,
    weighting: Weighting,
    scores: NodeScores,
    margins: Margins,
    confidence: float,
) -> Margins:
    """The margins with ``se_fpc`` and interval of weights fitted to the staff.

    Units are the strata from which people come. Equation 45; nodes that hold a unit
    whose weights were given up keep the errors of equation 10.
    """
    fitted = weighting.calibrated
    if fitted is None or tally.n_cells > MOST_CELLS:
        return margins
    frame = sums_of(tree.node_of_cell, weighting.used.frame, tree.n_nodes)
    sampling = Sampling(tree.node_of_cell, frame, np.ones(tally.n_cells))
    found = residual_errors(
        plan, tally, tree, weighting.used.base, fitted.raked.margins, sampling
    )
    is_given_up = np.array([one is Verdict.UNUSED for one in fitted.verdict])
    own = np.zeros(tree.n_nodes, dtype=np.int64)
    own[: len(is_given_up)] = is_given_up
    cells = own[tree.node_of_cell]
    is_fitted = (tree.sum_up(cells) == 0)[:, np.newaxis] & ~np.isnan(margins.se_fpc)
    errors = np.where(is_fitted, found, margins.se_fpc)
    margin = stdtrit(margins.df, (1 + confidence) / 2) * errors
    return replace(
        margins,
        se_fpc=errors,
        lower=np.maximum(scores.score - margin, 0.0),
        upper=np.minimum(scores.score + margin, 100.0),
    )


@dataclass(frozen=True, eq=False)
class Sampling:
    """How people came to answer: simple random samples of strata."""

    stratum: Integers
    """(cells,) numbers from 0; often the unit."""
    size: Floats
    """(strata,) people registered, negative without a frame."""
    start: Floats
    """(cells,) weights before the calibration."""


def residual_errors(
    plan: Plan,
    tally: Tally,
    tree: Tree,
    weight: Floats,
    margins: Sequence[Margin],
    sampling: Sampling,
) -> Floats:
    """Standard errors (nodes, O) in points of scores with ``weight`` (cells,).

    ``margins`` are those the weights reproduce, after collapsing. NaN where there is
    no score. Equation 45; the tally must not hold given weights.
    """
    n = tally.n_usable.astype(np.float64)
    a, is_known = coefficients(plan, tree.sum_up(tally.linear * weight[:, np.newaxis]))
    fit, project = _regression(n * sampling.start, margins)
    starts, stops = tree.spans
    errors = np.full(is_known.shape, np.nan)
    for node in np.flatnonzero(stops > starts):
        cells = tree.cell_order[starts[node] : stops[node]]
        totals = np.zeros((len(n), len(plan.outputs)))
        squares = np.zeros_like(totals)
        totals[cells] = tally.linear[cells] @ a[node].T
        squares[cells] = tally.products[cells] @ pairs(a[node]).T
        mean = ratio(totals, n[:, np.newaxis])
        expected = fit @ (project @ mean)
        squares += n[:, np.newaxis] * expected**2 - 2 * expected * totals
        totals -= n[:, np.newaxis] * expected
        totals *= weight[:, np.newaxis]
        squares *= weight[:, np.newaxis] ** 2
        errors[node] = np.sqrt(_variance(n, totals, squares, sampling))
    errors[~is_known] = np.nan
    return errors


def _regression(people: Floats, margins: Sequence[Margin]) -> tuple[Floats, Floats]:
    """Matrices whose product with cell means is their fit by the margins' categories.

    ``people`` (cells,) are the weights of the regression.
    """
    dummies: Floats = np.hstack(
        [np.eye(len(margin.target))[margin.category] for margin in margins]
    )
    root: Floats = np.sqrt(people)[:, np.newaxis]
    project: Floats = np.linalg.pinv(root * dummies) * root.T
    return dummies, project


def _variance(n: Floats, totals: Floats, squares: Floats, sampling: Sampling) -> Floats:
    """(O,) variance of the sum of all residuals, strata being independent.

    In a stratum of one person nothing can be said of the spread within it; there the
    whole residual counts.
    """
    stratum, size = sampling.stratum, sampling.size
    people = sums_of(stratum, n, len(size))
    fraction = np.minimum(ratio(people, size), 1)
    total, square = np.zeros((2, len(size), totals.shape[1]))
    np.add.at(total, stratum, totals)
    np.add.at(square, stratum, squares)
    many = people[:, np.newaxis]
    centred = square - np.where(many > 1, ratio(total**2, many), 0)
    spread = np.where(many > 1, ratio(many, many - 1), 1) * centred.clip(min=0)
    variance: Floats = (1 - fraction) @ spread
    return variance
