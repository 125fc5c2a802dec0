"""The weights of a run, by the scheme's recipe, and the plain ones to compare. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from scoring.arrays import Integers
from scoring.rules import WeightingRule
from scoring.tally import Tally
from scoring.tree import Tree
from scoring.weighting.calibration import (
    Calibrated,
    both_ways,
    calibrate,
    plain_weights,
)
from scoring.weighting.cells import CellWeights, weigh_cells
from scoring.weighting.raking import Margin, margin_of


@dataclass(frozen=True, eq=False)
class Weighting:
    """Weights of the cells: those in force, and the same without any adjustment."""

    used: CellWeights
    plain: CellWeights
    """Everybody of a unit weighs the same (equation 44)."""
    calibrated: Calibrated | None
    """None where each cell is weighted by itself."""


def weigh(
    rule: WeightingRule,
    tally: Tally,
    tree: Tree,
    frame: Integers,
    strata: Sequence[Mapping[str, str]],
    *,
    uses_given_weight: bool,
) -> Weighting:
    """Weights from the frame (cells,); ``strata`` name the groups of each cell.

    Without a whole frame there are no totals to meet: cells are then weighted one by
    one. Equations 5, 6 and 40 to 44.
    """
    cells = weigh_cells(tally, tree, frame, uses_given_weight=uses_given_weight)
    if rule.recipe == "margins" and (frame >= 0).all() and (frame > 0).any():
        margins = margins_of(tree, frame, strata)
        fitted = calibrate(tally.n_usable, frame, tree.node_of_cell, margins, rule=rule)
        used, plain = both_ways(cells, fitted)
        return Weighting(used, plain, fitted)
    if uses_given_weight:
        return Weighting(cells, cells, None)
    base = plain_weights(cells.base, tally.n_usable, tree.node_of_cell)
    even = np.where(tally.n_usable > 0, base, cells.base)
    return Weighting(cells, replace(cells, base=even), None)


def margins_of(
    tree: Tree, frame: Integers, strata: Sequence[Mapping[str, str]]
) -> list[Margin]:
    """The unit and, after it, each stratum; a cell that lacks one is a group apart."""
    margins = [margin_of("unit", tree.node_of_cell, frame)]
    for name in sorted({name for each in strata for name in each}):
        values = [each.get(name, "") for each in strata]
        if len(set(values)) > 1:
            margins.append(margin_of(name, _numbered(values), frame))
    return margins


def _numbered(values: Sequence[str]) -> Integers:
    groups = sorted(set(values))
    return np.array([groups.index(value) for value in values], dtype=np.int64)
