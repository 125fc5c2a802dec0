"""The organisation of a wave as arrays: nodes under parents, cells under nodes."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TypeVar

import numpy as np

from scoring.arrays import Floats, Integers

_Numbers = TypeVar("_Numbers", Floats, Integers)


@dataclass(frozen=True, eq=False)
class Tree:
    """Nodes numbered so that a parent comes before its children.

    ``parent`` (n_nodes,) holds the parent's number, -1 for a root; ``node_of_cell``
    (n_cells,) holds the node that each cell belongs to directly.
    """

    parent: Integers
    node_of_cell: Integers

    def __post_init__(self) -> None:
        if np.any(self.parent >= np.arange(self.n_nodes)):
            raise ValueError("a parent must come before its children")

    @property
    def n_nodes(self) -> int:
        return len(self.parent)

    @property
    def n_cells(self) -> int:
        return len(self.node_of_cell)

    @cached_property
    def levels(self) -> tuple[Integers, ...]:
        """The nodes of each depth, roots first."""
        depth = np.zeros(self.n_nodes, dtype=np.int64)
        for node, parent in enumerate(self.parent):
            if parent >= 0:
                depth[node] = depth[parent] + 1
        return tuple(
            np.flatnonzero(depth == level) for level in range(depth.max(initial=-1) + 1)
        )

    @cached_property
    def spans(self) -> tuple[Integers, Integers]:
        """Where each node's cells start and end in ``cell_order``."""
        own = np.bincount(self.node_of_cell, minlength=self.n_nodes)
        total = self.sum_up(np.ones(self.n_cells, dtype=np.int64))
        start = np.zeros(self.n_nodes, dtype=np.int64)
        free = np.zeros(self.n_nodes + 1, dtype=np.int64)  # the last one: above roots
        for node, parent in enumerate(self.parent):
            start[node] = free[parent]
            free[parent] += total[node]
            free[node] = start[node] + own[node]
        return start, start + total

    @cached_property
    def cell_order(self) -> Integers:
        """The cells in an order where those of every node lie side by side."""
        start, _ = self.spans
        return np.argsort(start[self.node_of_cell], kind="stable")

    def sum_up(self, per_cell: _Numbers, factor: Floats | None = None) -> _Numbers:
        """Sums over each node's cells, (n_nodes, ...) from (n_cells, ...).

        ``factor`` (n_nodes,) multiplies a node's sum before it goes up to its parent.
        """
        shape = (self.n_nodes, *per_cell.shape[1:])
        total = np.zeros(shape, dtype=per_cell.dtype)
        np.add.at(total, self.node_of_cell, per_cell)
        for level in reversed(range(len(self.levels))):
            nodes = self.levels[level]
            if factor is not None:
                lengthened = factor[nodes].reshape(-1, *[1] * (total.ndim - 1))
                total[nodes] = total[nodes] * lengthened
            if level:
                np.add.at(total, self.parent[nodes], total[nodes])
        return total
