"""From what the passes counted to flags of units and scores by scenario.

Everything here is private and belongs to the run. Units below the smallest group are
not examined: nothing about them is stored, and they are part of what lies above.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from scoring.arrays import Floats
from scoring.computed import Computed
from scoring.indices import score_nodes
from scoring.load import known
from scoring.models import ScenarioScore, ScoringRun, UnitFlag
from scoring.plan import INDEX
from scoring.quality.checks import Checks
from scoring.quality.scenarios import SCENARIOS, Scenario, ranks_of, scenarios
from scoring.scheme import Scheme
from scoring.tally import Tally
from scoring.unit_flags import ELIGIBILITY, Examination, Row, figure
from scoring.weighting.recipe import weigh
from surveys.files.copying import copy_rows

FLAG_COLUMNS = ("unit_id", "family", "kind", "figures")
SCENARIO_COLUMNS = ("unit_id", "scenario", "n_removed", "score", "rank")


@dataclass(frozen=True, eq=False)
class Examined:
    """Rows for the tables of flags and of scenarios, units in the order of the tree."""

    flags: list[Row]
    """``FLAG_COLUMNS``; figures as canonical JSON."""
    scenarios: list[Row]
    """``SCENARIO_COLUMNS``"""

    def digest(self, code_of: Mapping[int, str]) -> str:
        """SHA-256 over every row, units by their code."""
        digest = hashlib.sha256()
        for row in (*self.flags, *self.scenarios):
            digest.update(json.dumps([code_of[row[0]], *row[1:]]).encode() + b"\n")
        return digest.hexdigest()


def examine(
    run: ScoringRun, scheme: Scheme, computed: Computed, tally: Tally, checks: Checks
) -> Examined:
    """Flags of every unit (equations 62 to 68) and its scenarios (69)."""
    minimum = max(run.wave.min_cell, scheme.minimum_cell)
    looked = Examination(run, scheme, computed, checks, minimum)
    every = scenarios(
        tally,
        checks,
        computed.tree.tree,
        level=scheme.quality.winsor_level,
        minimum=minimum,
    )
    flags = [*looked.flags(), *removal_flags(looked, every)]
    place = {unit.pk: place for place, unit in enumerate(computed.tree.units)}
    flags.sort(key=lambda row: (place[row[0]], row[2]))
    return Examined(flags, list(scenario_rows(looked, every)))


def load_examined(*, run: ScoringRun, examined: Examined) -> None:
    """Write what was found, once."""
    for model, columns, rows in (
        (UnitFlag, FLAG_COLUMNS, examined.flags),
        (ScenarioScore, SCENARIO_COLUMNS, examined.scenarios),
    ):
        lines = ((run.pk, *row) for row in rows)
        copy_rows(model._meta.db_table, ("run_id", *columns), lines)


def removal_flags(looked: Examination, every: list[Scenario]) -> Iterator[Row]:
    """Units that lose too many answers in S2 or S3 to compete (equation 69)."""
    removed = np.maximum(*(every[SCENARIOS.index(s)].n_removed for s in ("S2", "S3")))
    share = removed / np.maximum(looked.n, 1)
    over = looked.is_examined & (share > looked.scheme.quality.removal_share)
    for node in np.flatnonzero(over).tolist():
        told = {"share": figure(share[node])}
        yield looked.row(node, ELIGIBILITY, "removal", told)


def scenario_rows(looked: Examination, every: list[Scenario]) -> Iterator[Row]:
    """Index, answers given up and rank of every unit with answers, by scenario."""
    scheme, tree = looked.scheme, looked.computed.tree
    level = looked.run.wave.competing_level
    competes = looked.is_examined & np.array(
        [unit.level == level and not unit.is_group for unit in tree.units]
    )
    scored = [index_of(looked, scenario) for scenario in every]
    ranks = [ranks_of(printed(scheme, score), competes) for score in scored]
    for node in np.flatnonzero(looked.n > 0).tolist():
        for name, scenario, score, rank in zip(
            SCENARIOS, every, scored, ranks, strict=True
        ):
            removed = int(scenario.n_removed[node])
            place = int(rank[node]) or None
            yield tree.units[node].pk, name, removed, known(score[node]), place


def index_of(looked: Examination, scenario: Scenario) -> Floats:
    """(nodes,) the index by this tally; of all answers it is the run's own."""
    computed, scheme = looked.computed, looked.scheme
    place = computed.plan.outputs.index(INDEX)
    if not scenario.n_removed.any():
        return computed.scores.score[:, place]
    tree, tally = computed.tree, scenario.tally
    weights = weigh(
        scheme.weighting,
        tally,
        tree.tree,
        tree.frame,
        [cell.strata for cell in tree.cells],
        uses_given_weight=scheme.use_given_weight,
    ).used
    return score_nodes(
        computed.plan, tally, tree.tree, weights, minimum_n=looked.minimum
    ).score[:, place]


def printed(scheme: Scheme, scores: Floats) -> Floats:
    """Scores as ranks see them (equations 7 and 17)."""
    return np.array(
        [float(scheme.rounded(s)) if np.isfinite(s) else np.nan for s in scores]
    )
