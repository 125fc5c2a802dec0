"""What one run found out, by node of the wave's tree."""

from __future__ import annotations

from dataclasses import dataclass

from scoring.extract import WaveTree
from scoring.indices import NodeScores
from scoring.plan import Plan
from scoring.uncertainty import Margins
from scoring.weighting.cells import CellWeights


@dataclass(frozen=True, eq=False)
class Computed:
    """Scores and margins of all nodes, with the plan and weights behind them."""

    tree: WaveTree
    plan: Plan
    weights: CellWeights
    scores: NodeScores
    margins: Margins
