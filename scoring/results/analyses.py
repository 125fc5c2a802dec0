"""A run's analyses: computed from its sums, written once, never of a hidden unit."""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from scoring.arrays import Integers
from scoring.computed import Computed
from scoring.measurement.comparability import comparability_report
from scoring.measurement.drivers_report import drivers_report
from scoring.measurement.material import Material
from scoring.measurement.report import measurement_report
from scoring.measurement.sums import unpack
from scoring.measurement.table import Measured
from scoring.models import Analysis, ScoringRun
from scoring.ordering.report import Contest, order_report
from scoring.plan import INDEX
from scoring.results.opened import heard_in, opened_before
from scoring.results.publication import Decision, decide_run
from scoring.results.voices import voices_of
from scoring.scheme import TRUSTED_DECIMALS, Scheme
from scoring.weighting.cells import UNKNOWN
from surveys.models import WaveUnit

Kind = Analysis.Kind


@dataclass(frozen=True)
class Found:
    """One analysis to be stored; ``unit`` is what it is about, if not everybody.

    An order is about the unit's children.
    """

    kind: str
    unit: WaveUnit | None
    document: dict[str, Any]

    @property
    def key(self) -> tuple[str, str]:
        return str(self.kind), self.unit.code if self.unit else ""


# --- compute -------------------------------------------------------------------------


def analyse(run: ScoringRun, scheme: Scheme, computed: Computed) -> Iterator[Found]:
    """Every analysis of a run; none if nothing of the whole organisation is shown."""
    decision = decide_run(run, scheme, computed)
    units = computed.tree.units
    if not decision.outputs.is_shown(units[0].path, INDEX):
        return
    competing = [
        node
        for node, unit in enumerate(units)
        if unit.level == run.wave.competing_level and not unit.is_group
    ]
    nodes = _ranked(competing, computed, decision)
    if computed.plan.measured is not None:
        material = material_of(computed, computed.plan.measured, decision, nodes)
        yield from _measured(scheme, material)
    yield from _orders(run, scheme, computed, decision, nodes)
    heard = heard_in(opened_before(run))
    for unit, document in voices_of(run, scheme, computed, decision):
        if heard is None or unit.code in heard:
            yield _found(Kind.LENSES, unit, document)


def _measured(scheme: Scheme, material: Material) -> Iterator[Found]:
    measured = measurement_report(
        material, scheme.measurement, confidence=scheme.confidence
    )
    yield _found(Kind.MEASUREMENT, None, measured)
    gate = comparability_report(
        material,
        measured,
        scheme.comparability,
        measurement=scheme.measurement,
        order=scheme.order,
    )
    yield _found(Kind.COMPARABILITY, None, gate)
    if drivers := drivers_report(material, scheme.drivers):
        yield _found(Kind.DRIVERS, None, drivers)


def _orders(
    run: ScoringRun,
    scheme: Scheme,
    computed: Computed,
    decision: Decision,
    nodes: list[int],
) -> Iterator[Found]:
    """The order of the competing units and, where these are few, of their children."""

    def order(nodes: list[int]) -> dict[str, Any]:
        return order_report(contest_of(run, computed, nodes), scheme)

    yield _found(Kind.ORDER, None, order(nodes))
    if len(nodes) > scheme.ranking.simultaneous_up_to:
        return
    for node in nodes:
        parent = computed.tree.units[node]
        children = np.flatnonzero(computed.tree.tree.parent == node).tolist()
        own = [n for n in children if not computed.tree.units[n].is_group]
        siblings = _ranked(own, computed, decision)
        if len(siblings) > 1:
            yield _found(Kind.ORDER, parent, order(siblings))


def _found(kind: str, unit: WaveUnit | None, document: dict[str, Any]) -> Found:
    return Found(kind, unit, clean(document))


def _ranked(nodes: list[int], computed: Computed, decision: Decision) -> list[int]:
    """Those of these nodes whose index is shown and has an error."""
    scores, errors = computed.scores.score[:, -1], computed.margins.se_model[:, -1]
    return [
        node
        for node in nodes
        if decision.outputs.is_shown(computed.tree.units[node].path, INDEX)
        and np.isfinite(scores[node])
        and np.isfinite(errors[node])
    ]


def material_of(
    computed: Computed, table: Measured, decision: Decision, nodes: list[int]
) -> Material:
    """Sums of everybody, and of the nodes that may be told of."""
    plan, tally, tree = computed.plan, computed.tally, computed.tree.tree
    units = computed.tree.units
    moments = tree.sum_up(tally.moments)
    counts = tree.sum_up(tally.option_counts)
    homes = np.zeros_like(moments)
    np.add.at(homes, tree.node_of_cell, tally.moments)
    may_agree = [INDEX in decision.favourable[units[node].path] for node in nodes]
    return Material(
        plan=plan,
        table=table,
        everybody=unpack(plan, table, moments[0]),
        counts=counts[0],
        homes=unpack(plan, table, homes),
        units=tuple(units[node].code for node in nodes),
        moments=unpack(plan, table, moments[nodes]),
        unit_counts=counts[nodes],
        may_agree=np.array(may_agree, dtype=np.bool_),
        sizes=_sizes(computed, nodes),
        values=computed.scores.score[nodes, : len(plan.dimensions)],
    )


def contest_of(run: ScoringRun, computed: Computed, nodes: list[int]) -> Contest:
    scores = computed.scores.score[nodes]
    return Contest(
        units=tuple(computed.tree.units[node].code for node in nodes),
        scores=scores[:, -1],
        se=computed.margins.se_model[nodes, -1],
        values=scores[:, : len(computed.plan.dimensions)],
        weights=computed.plan.weights,
        sizes=_sizes(computed, nodes),
        seed=run.seed,
        unweighted=computed.score_unweighted[nodes, -1],
        is_geometric=computed.plan.is_geometric,
    )


def _sizes(computed: Computed, nodes: list[int]) -> tuple[int, ...]:
    """People registered in each node; where no frame says so, those who answered."""
    scores = computed.scores
    frame: Integers = scores.frame
    sizes = np.where(frame == UNKNOWN, scores.n_usable, frame)
    return tuple(sizes[nodes].tolist())


# --- write ---------------------------------------------------------------------------


def clean(value: Any) -> Any:
    """As JSON keeps it: plain numbers to nine decimals, None for what is not known.

    >>> clean({"a": np.float64(-0.0), "b": [float("nan"), np.int64(3)]})
    {'a': 0.0, 'b': [None, 3]}
    """
    if isinstance(value, np.ndarray | np.generic):
        value = value.tolist()
    if isinstance(value, dict):
        return {key: clean(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [clean(one) for one in value]
    if isinstance(value, float):
        known = round(value, TRUSTED_DECIMALS) + 0.0
        return known if math.isfinite(known) else None
    return value


def store_analyses(*, run: ScoringRun, found: Iterable[Found]) -> str:
    """Write them, once; returns the digest of what was written."""
    rows = list(found)
    Analysis.objects.bulk_create(
        Analysis(run=run, kind=one.kind, unit=one.unit, document=one.document)
        for one in rows
    )
    return analyses_digest(rows)


def analyses_digest(found: Iterable[Found]) -> str:
    """SHA-256 over every document, by kind and unit."""
    digest = hashlib.sha256()
    for one in sorted(found, key=lambda one: one.key):
        digest.update(_text([*one.key, one.document]).encode() + b"\n")
    return digest.hexdigest()


def _text(value: object) -> str:
    return json.dumps(value, sort_keys=True, separators=(",", ":"))


# --- compare -------------------------------------------------------------------------


def stored(run: ScoringRun) -> list[Found]:
    """What was written of a run."""
    rows = Analysis.objects.filter(run=run).select_related("unit")
    return [Found(row.kind, row.unit, row.document) for row in rows]


def differing(run: ScoringRun, found: Iterable[Found]) -> list[tuple[str, str]]:
    """Kind and unit of the analyses that are not stored as they were computed again."""
    then = {one.key: _text(one.document) for one in stored(run)}
    now = {one.key: _text(one.document) for one in found}
    return sorted(key for key in {*then, *now} if then.get(key) != now.get(key))
