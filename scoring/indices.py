"""Scores of every node at every level, as ratios over its people."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from scoring.arrays import Booleans, Floats, Integers
from scoring.plan import Plan
from scoring.tally import Tally
from scoring.tree import Tree
from scoring.weighting.cells import UNKNOWN, CellWeights


@dataclass(frozen=True, eq=False)
class NodeScores:
    """Scores of the nodes; O outputs are the dimensions and, last, the index.

    Scores are 0..100 and NaN where there is nothing to compute them from, or where the
    index is not computed because a dimension has too few people.
    """

    score: Floats
    """(nodes, O)"""
    favourable: Floats
    """(nodes, O) percent favourable, the mean over items; NaN without a cut."""
    n: Integers
    """(nodes, O) people with a valid dimension; for the index, usable people."""
    n_by_item: Integers
    """(nodes, I) usable people with a valid answer to each item."""
    n_received: Integers
    n_usable: Integers
    frame: Integers
    """(nodes,) people registered; ``UNKNOWN`` where a cell has answers but no frame."""
    response_rate: Floats
    """(nodes,) received / frame, at most 1; NaN without a frame."""
    design_effect: Floats
    """(nodes,) Kish's n Σw² / (Σw)², at least 1; NaN without answers (equation 8)."""
    is_frame_missing: Booleans
    is_frame_stale: Booleans
    is_folded: Booleans
    """(nodes,) people of empty cells were folded in at this very node."""
    has_no_responses: Booleans
    sums: Floats
    """(nodes, T) weighted sums of the people's vectors, for the margins."""


def score_nodes(
    plan: Plan, tally: Tally, tree: Tree, weights: CellWeights, *, minimum_n: int
) -> NodeScores:
    """Scores of all nodes of ``tree`` from the tally of its cells.

    The index is not computed where a dimension has fewer than ``minimum_n`` people:
    never an average of the others. Equations 4 to 6 and 8.
    """
    base = weights.base
    sums = tree.sum_up(tally.linear * base[:, np.newaxis], weights.lift)
    score = np.full((tree.n_nodes, len(plan.outputs)), np.nan)
    ratios, is_known = component_ratios(plan, sums)
    is_computed = outputs_known(plan, is_known)
    score[is_computed] = outputs_of(plan, ratios)[is_computed]
    n_valid = tree.sum_up(tally.n_valid)
    n_usable = tree.sum_up(tally.n_usable)
    is_short = np.any(n_valid[:, : len(plan.dimensions)] < minimum_n, axis=1)
    score[is_short, -1] = np.nan
    favourable = _favourable(plan, tally, tree, weights)
    favourable[np.isnan(score)] = np.nan
    frame, rate, is_missing = _response(tally, tree, weights)
    return NodeScores(
        score=score,
        favourable=favourable,
        n=np.column_stack([n_valid, n_usable]),
        n_by_item=_n_by_item(plan, tally, tree),
        n_received=tree.sum_up(tally.n_received),
        n_usable=n_usable,
        frame=frame,
        response_rate=rate,
        design_effect=_design_effect(tally, tree, weights),
        is_frame_missing=is_missing,
        is_frame_stale=_any(tree, weights.is_frame_stale),
        is_folded=weights.lift > 1,
        has_no_responses=tree.sum_up(tally.n_received) == 0,
        sums=sums,
    )


def component_ratios(plan: Plan, sums: Floats) -> tuple[Floats, Booleans]:
    """Ratio Σwry / Σwr of each component in points, and whether it exists.

    ``sums`` is (..., T); the ratios (..., C) are 0 where they do not exist. Equation 4.
    """
    count = plan.n_components
    values, valid = sums[..., 1 : 1 + count], sums[..., 1 + count :]
    ratios = np.zeros_like(values)
    is_known = valid > 0
    np.divide(values, valid * plan.unit, out=ratios, where=is_known)
    return ratios, is_known


def outputs_of(plan: Plan, ratios: Floats) -> Floats:
    """Outputs (..., O) of component ratios (..., C); equation 4, 53 if geometric."""
    outputs: Floats = ratios @ plan.mix.T
    if plan.is_geometric:
        dimensions = outputs[..., : len(plan.dimensions)].clip(min=0)
        outputs[..., -1] = np.prod(dimensions**plan.weights, axis=-1)
    return outputs


def slopes_of(plan: Plan, ratios: Floats) -> Floats:
    """(..., O, C) how outputs move with the component ratios; equations 9 and 53."""
    slopes = np.broadcast_to(plan.mix, (*ratios.shape[:-1], *plan.mix.shape))
    if not plan.is_geometric:
        return slopes
    slopes, n = slopes.copy(), len(plan.dimensions)
    outputs = outputs_of(plan, ratios)
    dimensions, index = outputs[..., :n], outputs[..., -1:]
    own = np.divide(
        index * plan.weights,
        dimensions,
        out=np.zeros_like(dimensions),
        where=dimensions > 0,
    )
    slopes[..., -1, :] = own @ plan.mix[:n]
    return slopes


def outputs_known(plan: Plan, is_known: Booleans) -> Booleans:
    """(..., O) whether every component that an output needs exists."""
    needs = plan.mix > 0
    missing: Integers = (~is_known).astype(np.int64) @ needs.T.astype(np.int64)
    is_whole: Booleans = missing == 0
    return is_whole


def _favourable(plan: Plan, tally: Tally, tree: Tree, weights: CellWeights) -> Floats:
    """Mean over items of the share of favourable answers, in percent (equation 4)."""
    outputs = np.full((tree.n_nodes, len(plan.outputs)), np.nan)
    if not plan.has_favourable:
        return outputs
    flags = np.stack([plan.is_favourable, plan.is_valid], axis=-1).astype(np.float64)
    per_cell = np.einsum("cik,iks->cis", tally.option_weights, flags)
    per_cell *= weights.base[:, np.newaxis, np.newaxis]
    per_node = tree.sum_up(per_cell, weights.lift)
    chosen, valid = per_node[..., 0], per_node[..., 1]
    shares = np.zeros_like(valid)
    np.divide(100 * chosen, valid, out=shares, where=valid > 0)
    lacking = (valid == 0).astype(np.int64) @ (plan.item_mix > 0).T.astype(np.int64)
    is_computed = lacking == 0
    outputs[is_computed] = (shares @ plan.item_mix.T)[is_computed]
    outputs[:, len(plan.dimensions) : -1] = np.nan  # extras have none
    return outputs


def _n_by_item(plan: Plan, tally: Tally, tree: Tree) -> Integers:
    per_cell: Integers = (tally.option_counts * plan.is_valid).sum(axis=2)
    return tree.sum_up(per_cell)


def _response(
    tally: Tally, tree: Tree, weights: CellWeights
) -> tuple[Integers, Floats, Booleans]:
    known = np.maximum(weights.frame, 0)
    is_missing = _any(tree, weights.is_frame_missing)
    is_framed = _any(tree, weights.frame >= 0) & ~is_missing
    frame = np.where(is_framed, tree.sum_up(known), UNKNOWN)
    rate = np.full(tree.n_nodes, np.nan)
    received = tree.sum_up(tally.n_received)
    np.divide(received, frame, out=rate, where=is_framed & (frame > 0))
    return frame, np.minimum(rate, 1.0), is_missing


def _design_effect(tally: Tally, tree: Tree, weights: CellWeights) -> Floats:
    weight = tree.sum_up(tally.weight * weights.base, weights.lift)
    squared = tree.sum_up(tally.weight_squared * weights.base**2, weights.lift**2)
    effect = np.full(tree.n_nodes, np.nan)
    n = tree.sum_up(tally.n_usable)
    np.divide(n * squared, weight**2, out=effect, where=weight > 0)
    return effect


def _any(tree: Tree, flags: Booleans) -> Booleans:
    return tree.sum_up(flags.astype(np.int64)) > 0
