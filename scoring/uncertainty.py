"""How far a score may be from the truth, from the same additive sums.

Two standard errors are kept. ``se_fpc`` describes these employees in this wave and
vanishes in a census; ``se_model`` is for comparing units and does not vanish because
everybody answered, or because they answered alike.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.special import stdtrit

from scoring.arrays import Booleans, Floats, Integers
from scoring.indices import NodeScores
from scoring.linearisation import NOISE, Strata, coefficients, pairs, ratio, walk
from scoring.plan import Plan
from scoring.tally import Tally
from scoring.tree import Tree
from scoring.weighting.cells import CellWeights

_CELLS_AT_A_TIME = 1024


@dataclass(frozen=True, eq=False)
class PersonVariances:
    """Variance of one person within each cell of the wave, in squared points."""

    n: Integers
    """(cells, O) people with the output."""
    pooled: Floats
    """(O,) s0², over all cells; NaN where no cell has two people."""
    moderated: Floats
    """(cells, O) drawn towards ``pooled``."""
    design_effect: Floats
    """(cells,) Kish's, of the given weights; 1 without."""
    prior_df: float


@dataclass(frozen=True, eq=False)
class Margins:
    """Standard errors and interval of the nodes' scores, all (nodes, O), in points.

    NaN where there is no score, or no way to estimate.
    """

    se_fpc: Floats
    se_no_fpc: Floats
    se_model: Floats
    df: Floats
    """Satterthwaite's degrees of freedom (equation 12)."""
    lower: Floats
    """Score - t times ``se_fpc``, not below 0 (equation 13)."""
    upper: Floats
    is_zero_variance: Booleans
    """Two or more people, and all of them answered alike."""


@dataclass(frozen=True, eq=False)
class _Variances:
    """Of one node's outputs, each (O,)."""

    fpc: Floats
    no_fpc: Floats
    model: Floats
    df: Floats


def moderate_persons(plan: Plan, tally: Tally, *, prior_df: float) -> PersonVariances:
    """Person variances of all cells of the wave, drawn to their mean (equation 11)."""
    n = np.column_stack([tally.n_valid, tally.n_usable])
    effect = ratio(tally.n_usable * tally.weight_squared, tally.weight**2)
    variance = np.full(n.shape, np.nan)
    for start in range(0, tally.n_cells, _CELLS_AT_A_TIME):
        cells = slice(start, start + _CELLS_AT_A_TIME)
        variance[cells] = _own_variances(plan, tally, cells)
    freedom = np.where(np.isnan(variance), 0, n - 1).clip(min=0)
    person = np.nan_to_num(ratio(variance * n, effect[:, np.newaxis]))
    total = freedom.sum(axis=0)
    pooled = np.full(len(plan.outputs), np.nan)
    np.divide((freedom * person).sum(axis=0), total, out=pooled, where=total > 0)
    drawn = _draw(person, freedom, pooled, prior_df)
    return PersonVariances(n, pooled, drawn, effect, prior_df)


def _draw(person: Floats, freedom: Integers, pooled: Floats, prior_df: float) -> Floats:
    """Equation 11."""
    drawn: Floats = (prior_df * pooled + freedom * person) / (prior_df + freedom)
    return drawn


def _own_variances(plan: Plan, tally: Tally, cells: slice) -> Floats:
    """(cells, O) variance of each cell's own scores; NaN below two people."""
    a, is_known = coefficients(plan, tally.linear[cells])
    squares: Floats = np.einsum("cp,cop->co", tally.products[cells], pairs(a))
    noise = NOISE * ratio(tally.weight_squared[cells], tally.weight[cells] ** 2)
    squares[squares <= noise[:, np.newaxis]] = 0
    n = tally.n_usable[cells, np.newaxis].astype(np.float64)
    variance = squares * ratio(n, n - 1)
    variance[~(is_known & (n > 1))] = np.nan
    return variance


def margins_of_nodes(
    plan: Plan,
    tally: Tally,
    tree: Tree,
    weights: CellWeights,
    scores: NodeScores,
    *,
    prior_df: float,
    confidence: float,
) -> Margins:
    """Margins of all nodes; the tally must hold all cells of the wave.

    Strata are the cells or, if the scheme says so, there is one stratum of people
    drawn with replacement. Equations 9 to 14.
    """
    persons = moderate_persons(plan, tally, prior_df=prior_df)
    found = np.full((4, *scores.score.shape), np.nan)
    is_zero = np.zeros(scores.score.shape, dtype=np.bool_)
    for node, strata in walk(plan, tally, tree, weights, scores.sums):
        variances = (_by_cell if plan.has_strata else _as_one)(strata, persons)
        found[0, node], found[1, node] = variances.fpc, variances.no_fpc
        found[2, node], found[3, node] = variances.model, variances.df
        is_zero[node] = strata.squares.sum(axis=0) <= strata.noise.sum()
    is_known = ~np.isnan(scores.score)
    found[:, ~is_known] = np.nan
    errors = np.sqrt(found[:3])
    margin = stdtrit(found[3], (1 + confidence) / 2) * errors[0]
    return Margins(
        se_fpc=errors[0],
        se_no_fpc=errors[1],
        se_model=errors[2],
        df=found[3],
        lower=np.maximum(scores.score - margin, 0.0),
        upper=np.minimum(scores.score + margin, 100.0),
        is_zero_variance=is_zero & is_known & (scores.n > 1),
    )


def _by_cell(strata: Strata, persons: PersonVariances) -> _Variances:
    """Equations 10, 12 and 14 with the cells as strata."""
    n = strata.n[:, np.newaxis].astype(np.float64)
    spread = strata.squares - ratio(strata.totals**2, n)
    spread[spread <= strata.noise] = 0
    model = _modelled(strata, persons)
    variance = np.where(n > 1, spread * ratio(n, n - 1), model)
    freedom = np.where(n > 1, n - 1, persons.prior_df)
    no_fpc = variance.sum(axis=0)
    df = ratio(no_fpc**2, (variance**2 / freedom).sum(axis=0))
    return _Variances(
        fpc=((1 - strata.fraction) @ variance),
        no_fpc=no_fpc,
        model=model.sum(axis=0),
        df=np.where(df > 0, df, max((n - 1).clip(min=0).sum(), 1)),
    )


def _modelled(strata: Strata, persons: PersonVariances) -> Floats:
    """(cells, O) W² deff s̃² / n, equation 14; 0 for cells without the output."""
    n = persons.n[strata.cells].astype(np.float64)
    effect = persons.design_effect[strata.cells, np.newaxis]
    variance = strata.share**2 * effect * persons.moderated[strata.cells]
    return ratio(np.where(n > 0, variance, 0), n)


def _as_one(strata: Strata, persons: PersonVariances) -> _Variances:
    """Equations 10 and 14 with all people of the node as one stratum."""
    n = strata.n.sum()
    n_output = persons.n[strata.cells].sum(axis=0)
    spread = strata.squares.sum(axis=0) - strata.totals.sum(axis=0) ** 2 / max(n, 1)
    spread[spread <= strata.noise.sum()] = 0
    effect = n * strata.weight_squared.sum() / max(strata.weight**2, 1e-300)
    plain = spread * n / max(n - 1, 1)
    person = plain * n_output / max(effect, 1.0)
    freedom = (n_output - 1).clip(min=0)
    drawn = _draw(person, freedom, persons.pooled, persons.prior_df)
    model = ratio(effect * drawn, n_output.astype(np.float64))
    variance = plain if n > 1 else model
    df = np.full(len(model), float(max(n - 1, 1)))
    return _Variances(fpc=variance, no_fpc=variance, model=model, df=df)
