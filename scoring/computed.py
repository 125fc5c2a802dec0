"""What one run found out, by node of the wave's tree."""

from __future__ import annotations

from dataclasses import dataclass

from scoring.arrays import Floats
from scoring.composite import Derived
from scoring.extract import WaveTree
from scoring.indices import NodeScores
from scoring.plan import Plan
from scoring.tally import Tally
from scoring.uncertainty import Margins
from scoring.weighting.recipe import Weighting


@dataclass(frozen=True, eq=False)
class Computed:
    """Scores and margins of all nodes, with the plan and weights behind them."""

    tree: WaveTree
    plan: Plan
    tally: Tally
    weighting: Weighting
    scores: NodeScores
    margins: Margins
    score_unweighted: Floats
    """(nodes, O) as ``scores.score``, everybody of a unit weighing the same."""
    derived: tuple[Derived, ...]
    """Outputs that follow from the index."""

    @property
    def codes(self) -> dict[int, str]:
        """Codes of the units, by their key."""
        return {unit.pk: unit.code for unit in self.tree.units}
