"""Scores as they would be without some of the answers (equation 69)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from scoring.arrays import Booleans, Floats, Integers
from scoring.ordering.ranks import competition_ranks
from scoring.quality.checks import LEAVING, Checks, capped, kept
from scoring.tally import Tally
from scoring.tree import Tree

SCENARIOS = ("S0", "S1", "S2", "S3", "S4", "S5")
"""All; less hard; less strict; one a device; less straight lines; highest capped."""
STRICT = SCENARIOS.index("S2")


@dataclass(frozen=True, eq=False)
class Scenario:
    """One way of counting: its tally, and how many answers it gives up."""

    tally: Tally
    n_removed: Integers
    """(nodes,)"""


def scenarios(
    tally: Tally, checks: Checks, tree: Tree, *, level: float, minimum: int
) -> list[Scenario]:
    """In the order of ``SCENARIOS``."""
    found = [Scenario(tally, np.zeros(tree.n_nodes, dtype=np.int64))]
    for which in range(len(LEAVING) - 1):
        removed = tree.sum_up(checks.left_n[which])
        found.append(Scenario(kept(tally, checks, which), removed))
    factor, removed = cap(checks, tree, level=level, minimum=minimum)
    found.append(Scenario(capped(tally, checks, factor), removed))
    return found


def cap(
    checks: Checks, tree: Tree, *, level: float, minimum: int
) -> tuple[Floats, Integers]:
    """(cells,) how often an all-highest sheet counts; (nodes,) sheets that costs.

    The share of such sheets in a unit is cut to what all but 1 in 20 units stay below.
    A unit without any other sheet stays as it is: there is nothing to cut it to.
    """
    size = tree.n_nodes
    n = np.bincount(tree.node_of_cell, checks.n, size)
    left = checks.left_n[LEAVING.index("highest")]
    highest = np.bincount(tree.node_of_cell, left, size)
    judged = n >= minimum
    factor, removed = np.ones(size), np.zeros(size, dtype=np.int64)
    if judged.any():
        most = float(np.quantile(highest[judged] / n[judged], level))
        allowed = most / max(1 - most, 1e-12) * (n - highest)
        over = judged & (highest > allowed) & (highest < n)
        factor[over] = allowed[over] / highest[over]
        removed[over] = np.floor(highest[over] - allowed[over] + 1e-9)
    return factor[tree.node_of_cell], _sum_of_nodes(tree, removed)


def _sum_of_nodes(tree: Tree, own: Integers) -> Integers:
    total = own.copy()
    for nodes in reversed(tree.levels[1:]):
        np.add.at(total, tree.parent[nodes], total[nodes])
    return total


def ranks_of(printed: Floats, competes: Booleans) -> Integers:
    """(nodes,) rank among competitors with a score (equation 17); 0 for others."""
    ranked = competes & ~np.isnan(printed)
    found = np.zeros(len(printed), dtype=np.int64)
    found[ranked] = competition_ranks(printed[ranked])
    return found
