"""The analysis "lenses": what units picked, for each unit of which that may be told."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from scoring.computed import Computed
from scoring.models import ScoringRun
from scoring.overlap import PAIR_NAMES, Profile, profiles
from scoring.plan import INDEX
from scoring.results.disclosure import decide
from scoring.results.publication import Decision, nodes_of
from scoring.results.reviews import withheld_paths
from scoring.scheme import Scheme, round_half_up
from scoring.votes import LENSES, Lenses
from surveys.models import WaveUnit

LEAST_VOTERS = 3
"""An option that fewer people of a unit picked is not listed."""

MOST_PERCENT = 95
"""Above, it is not said how nearly everybody picked an option."""


def voices_of(
    run: ScoringRun, scheme: Scheme, computed: Computed, decision: Decision
) -> Iterator[tuple[WaveUnit, dict[str, Any]]]:
    """A document for each unit whose voters are many enough through every lens.

    Each lens is decided with its own counts; where all three and the index may be
    shown, the unit is. Hiding more than each decision asks for exposes nobody.
    """
    lenses = computed.plan.lenses
    if lenses is None:
        return
    tree, units = computed.tree.tree, computed.tree.units
    minimum = max(run.wave.min_cell, scheme.minimum_cell)
    voters = tree.sum_up(computed.tally.n_voters)
    level, kept_back = run.wave.competing_level, withheld_paths(run)
    nodes = nodes_of(computed, level, LENSES, voters, kept_back)
    shown = decide(nodes, LENSES, minimum=minimum).shown
    for node, profile in profiles(
        lenses,
        computed.tally,
        tree,
        computed.weighting.used,
        confidence=scheme.confidence,
        seed=run.seed,
    ):
        path = units[node].path
        if shown[path].issuperset(LENSES) and decision.outputs.is_shown(path, INDEX):
            yield units[node], document_of(lenses, profile)


def document_of(lenses: Lenses, profile: Profile) -> dict[str, Any]:
    """What the page shows of one unit; options from the most picked on."""
    return {
        "n": dict(zip(LENSES, profile.n.tolist(), strict=True)),
        "top": {name: _top(lenses, profile, lens) for lens, name in enumerate(LENSES)},
        "pairs": {
            name: {
                "overlap": profile.overlap[pair],
                "overlap_range": profile.overlap_range[pair],
                "matches": profile.matches[pair],
                "matches_range": profile.matches_range[pair],
                "n_options": _either(profile, pair),
            }
            for pair, name in enumerate(PAIR_NAMES)
        },
    }


def _top(lenses: Lenses, profile: Profile, lens: int) -> list[list[Any]]:
    """Code and share of voters, in whole percent, of the most picked options."""
    reach = profile.reach[lens]
    order = np.lexsort((np.arange(len(reach)), -reach.round(9)))
    return [
        [lenses.options[option], _percent(reach[option])]
        for option in order.tolist()
        if profile.is_top[lens, option]
        and reach[option] * profile.n[lens] >= LEAST_VOTERS - 1e-9
    ]


def _percent(share: float) -> int:
    """Whole percent; 96 stands for everything above 95."""
    return min(int(round_half_up(100 * share, 0)), MOST_PERCENT + 1)


def _either(profile: Profile, pair: int) -> int:
    """Options that could have been shared: the shorter of the two lists."""
    lengths = profile.is_top.sum(axis=1)
    return int(min(lengths[pair], lengths[pair + 1]))
