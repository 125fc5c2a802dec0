"""Scores as sums over persons: what each cell adds to the error of each node."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from scoring.arrays import Booleans, Floats, Integers
from scoring.indices import component_ratios, outputs_known, slopes_of
from scoring.plan import Plan
from scoring.tally import Tally
from scoring.tree import Tree
from scoring.weighting.cells import CellWeights, lift_up_to_root

NOISE = 1e-9
"""Variances of a person, in squared points, below which they are rounding noise."""


@dataclass(frozen=True, eq=False)
class Strata:
    """The cells of one node, seen from it: fields are (cells,) or (cells, O)."""

    cells: Integers
    """Their numbers in the tally."""
    n: Integers
    """Usable people."""
    g: Floats
    """What one answer of the cell stands for."""
    fraction: Floats
    """n/N, 0 without a frame."""
    weight_squared: Floats
    """Σ (g b)²."""
    squares: Floats
    """(cells, O) Σ (g a·t)² over people."""
    totals: Floats
    """(cells, O) Σ g a·t."""
    share: Floats
    """(cells, O) the cell's share of the weight behind each output."""
    weight: float
    """Σ g b over all cells."""

    @property
    def noise(self) -> Floats:
        """(cells, 1) what ``squares`` may hold by rounding alone."""
        noise: Floats = NOISE * self.weight_squared / max(self.weight**2, 1e-300)
        return noise[:, np.newaxis]


def coefficients(plan: Plan, sums: Floats) -> tuple[Floats, Booleans]:
    """Linearisation of the outputs at ``sums`` (..., T): (..., O, T), and if known.

    A person adds a·t to the error of an output (equation 9).
    """
    ratios, is_known = component_ratios(plan, sums)
    valid = sums[..., 1 + plan.n_components :]
    share = slopes_of(plan, ratios) * ratio(np.ones_like(valid), valid)[..., None, :]
    constant = np.zeros((*share.shape[:-1], 1))
    a = np.concatenate(
        [constant, share / plan.unit, -share * ratios[..., np.newaxis, :]], axis=-1
    )
    return a, outputs_known(plan, is_known)


def pairs(a: Floats) -> Floats:
    """(..., P) so that its product with the packed Σ t tᵀ is aᵀ (Σ t tᵀ) a."""
    rows, columns, times = _triangle(a.shape[-1])
    products: Floats = a[..., rows] * a[..., columns] * times
    return products


@lru_cache(maxsize=8)
def _triangle(length: int) -> tuple[Integers, Integers, Floats]:
    rows, columns = np.triu_indices(length)
    return rows, columns, np.where(rows == columns, 1.0, 2.0)


def ratio(top: Floats, bottom: Floats) -> Floats:
    """``top / bottom``, and 0 where ``bottom`` is not positive."""
    shape = np.broadcast_shapes(top.shape, bottom.shape)
    return np.divide(top, bottom, out=np.zeros(shape), where=bottom > 0)


def walk(
    plan: Plan, tally: Tally, tree: Tree, weights: CellWeights, sums: Floats
) -> Iterator[tuple[int, Strata]]:
    """Each node that has cells, with its strata linearised at the node's own sums.

    ``sums`` (nodes, T) are those of ``NodeScores``. Equation 9; the lifts of equation 6
    apply up to the node and no further.
    """
    order = tree.cell_order
    linear, products = tally.linear[order], tally.products[order]
    squared, count = tally.weight_squared[order], tally.n_usable[order]
    base, fraction = weights.base[order], weights.fraction[order]
    product = lift_up_to_root(tree, weights.lift)
    lifted = product[tree.node_of_cell[order]]
    a, _ = coefficients(plan, sums)
    starts, stops = tree.spans
    for node in np.flatnonzero(stops > starts).tolist():
        rows = slice(starts[node], stops[node])
        parent = tree.parent[node]
        lift = lifted[rows] / (product[parent] if parent >= 0 else 1.0)
        g = base[rows] * lift
        valid = ratio(linear[rows, 1 + plan.n_components :], sums[node, _valid(plan)])
        yield (
            node,
            Strata(
                cells=order[rows],
                n=count[rows],
                g=g,
                fraction=fraction[rows] / lift,
                weight_squared=g**2 * squared[rows],
                squares=(g**2)[:, np.newaxis] * (products[rows] @ pairs(a[node]).T),
                totals=g[:, np.newaxis] * (linear[rows] @ a[node].T),
                share=g[:, np.newaxis] * (valid @ plan.mix.T),
                weight=float(sums[node, 0]),
            ),
        )


def _valid(plan: Plan) -> slice:
    return slice(1 + plan.n_components, None)
