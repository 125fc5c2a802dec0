"""What one answer of a cell stands for, seen from each node above it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from scoring.arrays import Booleans, Floats, Integers
from scoring.tally import Tally
from scoring.tree import Tree

UNKNOWN = -1
"""Stands for the size of a cell that no frame names."""


@dataclass(frozen=True, eq=False)
class CellWeights:
    """Weights of cells and, where empty cells were folded in, of whole nodes.

    Seen from a node, a cell weighs ``base`` times ``lift`` of every node on the way
    from its own node up to that one, both included (equations 5 and 6).
    """

    base: Floats
    """(cells,) N/n; 1 without a frame or with a given weight."""
    fraction: Floats
    """(cells,) n/N, the share that answered: 0 without a frame, 1 if it is stale."""
    lift: Floats
    """(nodes,) at least 1; above 1 where people of empty cells were folded in."""
    frame: Integers
    """(cells,) N as handed over, ``UNKNOWN`` where there is none."""
    is_frame_missing: Booleans
    """(cells,) answers, but no frame."""
    is_frame_stale: Booleans
    """(cells,) more answers than people in the frame."""


def weigh_cells(
    tally: Tally, tree: Tree, frame: Integers, *, uses_given_weight: bool
) -> CellWeights:
    """Weights from the frame (cells,), ``UNKNOWN`` where it names none.

    A given weight is final: cells then weigh 1 and nothing is folded. Otherwise a cell
    with people but no usable answer is folded into the answering cells of its unit, or
    of the nearest unit above that has any, in proportion to their size. Equations 5, 6.
    """
    n = tally.n_usable
    is_missing = (frame < 0) & (n > 0)
    is_stale = (frame >= 0) & (tally.n_received > frame)
    has_frame = (frame > 0) & (n > 0)
    size = np.where(has_frame, frame, n).astype(np.float64)
    fraction = np.zeros(len(n))
    np.divide(n, frame, out=fraction, where=has_frame)
    fraction[is_stale] = 1.0
    base = np.ones(len(n))
    lift = np.ones(tree.n_nodes)
    if not uses_given_weight:
        np.divide(size, n, out=base, where=n > 0)
        silent = np.where((frame > 0) & (n == 0), frame, 0).astype(np.float64)
        lift = _lift(tree, size, silent)
    return CellWeights(
        base=base,
        fraction=fraction,
        lift=lift,
        frame=frame,
        is_frame_missing=is_missing,
        is_frame_stale=is_stale,
    )


def _lift(tree: Tree, size: Floats, silent: Floats) -> Floats:
    """Equation 6: fold silent people into the lowest node where somebody answered."""
    answering = np.bincount(tree.node_of_cell, size, tree.n_nodes)
    waiting = np.bincount(tree.node_of_cell, silent, tree.n_nodes)
    lift = np.ones(tree.n_nodes)
    for node in reversed(range(tree.n_nodes)):
        if answering[node] > 0 and waiting[node] > 0:
            lift[node] = 1 + waiting[node] / answering[node]
            answering[node] += waiting[node]
            waiting[node] = 0
        if tree.parent[node] >= 0:
            answering[tree.parent[node]] += answering[node]
            waiting[tree.parent[node]] += waiting[node]
    return lift


def lift_up_to_root(tree: Tree, lift: Floats) -> Floats:
    """(nodes,) product of lifts from each node up to its root, both included."""
    product = lift.copy()
    for nodes in tree.levels[1:]:
        product[nodes] *= product[tree.parent[nodes]]
    return product
