"""From private scores to what may be shown, decided once for every face."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from scoring.arrays import Floats, Integers
from scoring.computed import Computed
from scoring.load import COLUMNS, score_rows
from scoring.models import PublishedScore, ScoringRun
from scoring.plan import INDEX, Plan
from scoring.results.disclosure import Disclosure, Node, decide
from scoring.results.opened import opened_before, within
from scoring.results.reviews import withheld_paths
from scoring.scheme import Scheme
from scoring.weighting.cells import lift_up_to_root
from surveys.files.copying import copy_rows


def publish(*, run: ScoringRun, scheme: Scheme, computed: Computed) -> None:
    """Write the run's published scores: shown rows whole, hidden ones empty.

    Nobody can read them before a ``Release`` opens them.
    """
    decision = decide_run(run, scheme, computed)
    copy_rows(
        PublishedScore._meta.db_table,
        ("run_id", *COLUMNS, "is_hidden", "reason"),
        published_lines(run, scheme, computed, decision),
    )


@dataclass(frozen=True)
class Decision:
    """What may be shown of each node: outputs, and shares of favourable answers."""

    outputs: Disclosure
    favourable: Mapping[str, frozenset[str]]


def decide_run(run: ScoringRun, scheme: Scheme, computed: Computed) -> Decision:
    """Dimensions by the people behind them; favourable shares item by item.

    A share of favourable answers is a mean over items: with one item that a single
    person answered it would tell that answer. So it needs every item to pass. Where the
    scores themselves are such shares, they follow.
    """
    plan, earlier = computed.plan, opened_before(run)
    minimum = max(run.wave.min_cell, scheme.minimum_cell)
    level, scores = run.wave.competing_level, computed.scores
    kept = withheld_paths(run)
    people = nodes_of(computed, level, plan.counted, scores.n, kept)
    outputs = decide(people, plan.dimensions, minimum=minimum, extras=plan.extras)
    answers = nodes_of(computed, level, plan.items, scores.n_by_item, kept)
    items = decide(answers, plan.items, minimum=minimum)
    favourable = {node.id: _by_items(plan, items, node.id) for node in people}
    if plan.is_by_item:
        both = {id_: outputs.shown[id_] & shown for id_, shown in favourable.items()}
        outputs = Disclosure(both, outputs.withheld)
    shown = within(outputs.shown, earlier)
    return Decision(
        Disclosure(shown, outputs.withheld), within(favourable, earlier, "favourable")
    )


def _by_items(plan: Plan, items: Disclosure, node: str) -> frozenset[str]:
    """Outputs all of whose items may be shown."""
    needs = plan.item_mix > 0
    return frozenset(
        output
        for place, output in enumerate(plan.outputs)
        if all(
            items.is_shown(node, item)
            for item, is_needed in zip(plan.items, needs[place], strict=True)
            if is_needed
        )
    )


def nodes_of(
    computed: Computed,
    competing_level: str,
    codes: Sequence[str],
    n: Integers,
    withheld: tuple[str, ...] = (),
) -> list[Node]:
    """The run's nodes as disclosure sees them: the people behind each code.

    ``n`` is (nodes, at least as many columns as codes); ``withheld`` holds the paths of
    subtrees that are not to be told.
    """
    weights = _weights_of(computed).tolist()
    units, scores = computed.tree.units, computed.scores
    path_of = {unit.pk: unit.path for unit in units}
    return [
        Node(
            id=unit.path,
            parent=path_of.get(unit.parent_id or 0),
            n=int(scores.n_usable[place]),
            n_by_dimension=dict(zip(codes, n[place].tolist(), strict=False)),
            is_group=unit.is_group,
            is_competing=unit.level == competing_level and not unit.is_group,
            is_withheld=unit.path.startswith(withheld),
            weight=weights[place],
        )
        for place, unit in enumerate(units)
    ]


def _weights_of(computed: Computed) -> Floats:
    """(nodes,) what the usable people of each node weigh in the score of the root."""
    tree, weights = computed.tree.tree, computed.weighting.used
    lift = lift_up_to_root(tree, weights.lift)[tree.node_of_cell]
    return tree.sum_up(computed.tally.weight * weights.base * lift)


def published_lines(
    run: ScoringRun, scheme: Scheme, computed: Computed, decision: Decision
) -> Iterator[tuple[object, ...]]:
    """Every published row: run, ``COLUMNS``, whether it is hidden, and why.

    What follows from the index is shown where the index is.
    """
    path_of = {unit.pk: unit.path for unit in computed.tree.units}
    behind = {derived.code: INDEX for derived in computed.derived}
    for row in score_rows(scheme, computed):
        path, output = path_of[row["unit_id"]], row["dimension"]
        output = behind.get(output, output)
        if output not in decision.favourable[path]:
            row["favourable"] = None
        if decision.outputs.is_shown(path, output):
            yield (run.pk, *(row[name] for name in COLUMNS), False, "")
        else:
            empty = ["" if name == "band" else None for name in COLUMNS[2:]]
            reason = decision.outputs.reason(path, output)
            yield (run.pk, row["unit_id"], row["dimension"], *empty, True, reason)
