"""Flags of every unit, each unit held against the others.

Units below the smallest group are not examined: nothing about them is kept, and they
are part of what lies above.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from scipy.stats import norm

from scoring.arrays import Booleans, Floats, Integers
from scoring.computed import Computed
from scoring.earlier import arrivals_of, before_of
from scoring.load import known
from scoring.models import ScoringRun
from scoring.quality import units
from scoring.quality.checks import CONSISTENCY, COUNTS, Checks
from scoring.quality.units import FAMILY_OF, Before
from scoring.scheme import Scheme

INFORMATION, ELIGIBILITY = "information", "eligibility"
"""Families that do not count: how careless a unit's sheets are; too many left out."""

Row = tuple[Any, ...]
"""Unit, family, kind, and figures as canonical JSON."""


@dataclass(frozen=True, eq=False)
class Examination:
    """One run's units, held against each other. Arrays are by node."""

    run: ScoringRun
    scheme: Scheme
    computed: Computed
    checks: Checks
    minimum: int

    @cached_property
    def n(self) -> Integers:
        return self.computed.tree.tree.sum_up(self.checks.n)

    @cached_property
    def is_examined(self) -> Booleans:
        """Large enough to be shown, and not the whole wave."""
        examined: Booleans = (self.n >= self.minimum) & (self._parent >= 0)
        return examined

    @property
    def _parent(self) -> Integers:
        return self.computed.tree.tree.parent

    @cached_property
    def own(self) -> Integers:
        """Answers of the node's own cells, without the units below."""
        tree = self.computed.tree.tree
        return np.bincount(tree.node_of_cell, self.checks.n, tree.n_nodes).astype(int)

    @cached_property
    def levels(self) -> list[Integers]:
        """Examined nodes of each level of the organisation, if they are enough."""
        names = [unit.level for unit in self.computed.tree.units]
        found = []
        for name in dict.fromkeys(names):
            mine = np.array([name == other for other in names]) & self.is_examined
            if np.count_nonzero(mine) >= self.scheme.quality.least_units:
                found.append(np.flatnonzero(mine))
        return found

    def flags(self) -> Iterator[Row]:
        """A row for each flag of each examined unit, and one on its sheets."""
        found = {
            "devices": self._devices(),
            "burst": self._bursts(),
            "even_pace": self._even_pace(),
            "duplicates": self._duplicates(),
            "ceiling": self._ceiling(),
            "even_spread": self._even_spread(),
            "flat_profile": self._flat(),
            "jump": self._jump(),
        }
        for kind, (is_set, figures) in found.items():
            for node in np.flatnonzero(is_set & self.is_examined).tolist():
                told = {name: figure(values[node]) for name, values in figures.items()}
                yield self.row(node, FAMILY_OF[kind], kind, told)
        for node in np.flatnonzero(self.is_examined).tolist():
            yield self.row(node, INFORMATION, "sheets", self._sheets(node))

    def row(self, node: int, family: str, kind: str, figures: dict[str, Any]) -> Row:
        text = json.dumps(figures, sort_keys=True, separators=(",", ":"))
        return self.computed.tree.units[node].pk, family, kind, text

    # --- seen in units with answers of their own, and carried up ---------------------

    def _carried(self, flagged: Booleans) -> tuple[Booleans, dict[str, Any]]:
        """Flags of units with answers, as seen from each node above (equation 62)."""
        tree, share = self.computed.tree.tree, self.scheme.quality.carried_share
        flagged = flagged & (self.own >= self.minimum)
        below = tree.sum_up(self.checks.n * flagged[tree.node_of_cell])
        n_units = _sum_of_nodes(tree.parent, flagged.astype(np.int64))
        is_set = units.carried(below, self.n, share)
        return is_set, {"share": below / np.maximum(self.n, 1), "n_units": n_units}

    def _of_units(self, values: Integers) -> Integers:
        """(nodes,) from the order of ``checks.units``; 0 elsewhere."""
        place = {unit.pk: node for node, unit in enumerate(self.computed.tree.units)}
        nodes = [place[unit] for unit in self.checks.units.tolist()]
        found = np.zeros(len(place), dtype=np.int64)
        found[nodes] = values
        return found

    def _devices(self) -> tuple[Booleans, dict[str, Any]]:
        rule = self.scheme.quality
        largest = self._of_units(self.checks.largest)
        share = largest / np.maximum(self.own, 1)
        many = (largest >= rule.device_answers) | (share >= rule.device_share)
        is_set, figures = self._carried((largest > 0) & many)
        return is_set, figures | {"largest": largest}

    def _duplicates(self) -> tuple[Booleans, dict[str, Any]]:
        _n_people, n_pairs, limit = (self._of_units(p) for p in self.checks.pairs.T)
        # A unit that is not listed has 0 for a limit, and nobody in it.
        is_set, figures = self._carried((limit >= 0) & (n_pairs > 0))
        return is_set, figures | {"pairs": n_pairs, "limit": np.maximum(limit, 0)}

    def _bursts(self) -> tuple[Booleans, dict[str, Any]]:
        place = {unit.pk: node for node, unit in enumerate(self.computed.tree.units)}
        counts, window = arrivals_of(self.run.wave, place, self.scheme.quality)
        chance = np.full(len(place), np.nan)
        judged = np.flatnonzero(counts.sum(axis=1) >= self.minimum)
        if len(judged) >= self.scheme.quality.least_units:
            chance[judged] = units.bursts(counts[judged], window)
        return self._carried(chance < 1 - self.scheme.quality.burst_level)

    def _even_pace(self) -> tuple[Booleans, dict[str, Any]]:
        node_of_cell = self.computed.tree.tree.node_of_cell
        own = np.zeros((len(self.own), 3), dtype=np.int64)
        np.add.at(own, node_of_cell, self.checks.pace)
        chance = np.full(len(own), np.nan)
        judged = np.flatnonzero(own[:, 0] >= self.minimum)
        if len(judged) >= self.scheme.quality.least_units:
            chance[judged] = units.evenness(*own[judged].T)
        return self._carried(chance < 1 - self.scheme.quality.spread_level)

    # --- seen at each level ----------------------------------------------------------

    def _count(self, name: str) -> Integers:
        column = self.checks.counts[:, COUNTS.index(name)]
        return self.computed.tree.tree.sum_up(column)

    def _ceiling(self) -> tuple[Booleans, dict[str, Any]]:
        highest, chance = self._count("highest"), np.full(len(self.n), np.nan)
        for mine in self.levels:
            chance[mine] = units.ceiling(self.n[mine], highest[mine])
        limit = norm.sf(self.scheme.quality.ceiling_errors)
        return chance < limit, {"share": highest / np.maximum(self.n, 1)}

    @cached_property
    def _evenness(self) -> Floats:
        sums = self.computed.tree.tree.sum_up(self.checks.level)
        chance = np.full(len(self.n), np.nan)
        for mine in self.levels:
            chance[mine] = units.evenness(self.n[mine], *sums[mine].T)
        return chance

    @property
    def _is_even(self) -> Booleans:
        even: Booleans = self._evenness < 1 - self.scheme.quality.spread_level
        return even

    def _even_spread(self) -> tuple[Booleans, dict[str, Any]]:
        return self._is_even, {"chance": self._evenness}

    def _flat(self) -> tuple[Booleans, dict[str, Any]]:
        n_dimensions = len(self.computed.plan.dimensions)
        scores = self.computed.scores.score[:, :n_dimensions]
        flat = units.is_flat(scores, scores[0], self.scheme.quality.flat_share)
        return flat, {"spread": np.std(scores, axis=1)}

    def _jump(self) -> tuple[Booleans, dict[str, Any]]:
        scores, margins = self.computed.scores, self.computed.margins
        now = Before(scores.score[:, -1], margins.se_model[:, -1], scores.response_rate)
        found = before_of(self.run, self.computed.tree.units)
        if found is None:
            return np.zeros(len(self.n), dtype=np.bool_), {}
        earlier, then = found
        is_set = units.is_jump(now, then, self._is_even, self.scheme.quality)
        return is_set, {
            "earlier_run": np.full(len(self.n), earlier),
            "more_answers": now.response - then.response,
        }

    # --- for information -------------------------------------------------------------

    @cached_property
    def _counts(self) -> Integers:
        return self.computed.tree.tree.sum_up(self.checks.counts)

    @cached_property
    def _consistency(self) -> Integers:
        return self.computed.tree.tree.sum_up(self.checks.consistency)

    def _sheets(self, node: int) -> dict[str, Any]:
        """Shares of sheets with each flag, and the mean even-odd."""
        n = int(self.n[node])
        told: dict[str, Any] = {
            name: figure(count / n)
            for name, count in zip(COUNTS, self._counts[node].tolist(), strict=True)
        }
        n_known, total = self._consistency[node].tolist()
        told["consistency"] = total / n_known / CONSISTENCY if n_known else None
        return told


def figure(value: Any) -> float | int | None:
    """A number of a flag, in few digits: nobody computes with it."""
    if isinstance(value, (int, np.integer)):
        return int(value)
    found = known(value)
    return None if found is None else float(f"{found:.3g}")


def _sum_of_nodes(parent: Integers, own: Integers) -> Integers:
    total = own.copy()
    for node in reversed(range(len(parent))):
        if parent[node] >= 0:
            total[parent[node]] += total[node]
    return total
