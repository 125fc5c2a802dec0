"""From private scores to what may be shown, decided once for every face."""

from __future__ import annotations

from collections.abc import Iterator

from scoring.computed import Computed
from scoring.disclosure import Disclosure, Node, decide
from scoring.load import COLUMNS, score_rows
from scoring.models import PublishedScore, ScoringRun
from scoring.scheme import Scheme
from surveys.copying import copy_rows


def publish(*, run: ScoringRun, scheme: Scheme, computed: Computed) -> None:
    """Replace the run's published scores: shown rows whole, hidden ones empty.

    Nobody can read them before a ``Release`` opens them.
    """
    minimum = max(run.wave.min_cell, scheme.minimum_cell)
    nodes = nodes_of(computed, run.wave.competing_level)
    decision = decide(nodes, computed.plan.dimensions, minimum=minimum)
    PublishedScore.objects.filter(run=run).delete()
    copy_rows(
        PublishedScore._meta.db_table,
        ("run_id", *COLUMNS, "is_hidden", "reason"),
        _lines(run, scheme, computed, decision),
    )


def nodes_of(computed: Computed, competing_level: str) -> list[Node]:
    """The run's nodes as disclosure sees them: the people behind each output."""
    units, plan, scores = computed.tree.units, computed.plan, computed.scores
    path_of = {unit.pk: unit.path for unit in units}
    return [
        Node(
            id=unit.path,
            parent=path_of.get(unit.parent_id or 0),
            n=int(scores.n_usable[place]),
            n_by_dimension={
                dimension: int(scores.n[place, column])
                for column, dimension in enumerate(plan.dimensions)
            },
            is_group=unit.is_group,
            is_competing=unit.level == competing_level and not unit.is_group,
        )
        for place, unit in enumerate(units)
    ]


def _lines(
    run: ScoringRun, scheme: Scheme, computed: Computed, decision: Disclosure
) -> Iterator[tuple[object, ...]]:
    path_of = {unit.pk: unit.path for unit in computed.tree.units}
    for row in score_rows(scheme, computed):
        path, output = path_of[row["unit_id"]], row["dimension"]
        if decision.is_shown(path, output):
            yield (run.pk, *(row[name] for name in COLUMNS), False, "")
        else:
            empty = ["" if name == "band" else None for name in COLUMNS[2:]]
            reason = decision.reason(path, output)
            yield (run.pk, row["unit_id"], output, *empty, True, reason)
