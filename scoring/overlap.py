"""How alike two lenses are: shared options among the most picked, and overlap. Pure.

Neither is a ratio, so their margins come from draws: the groups of people that
``scoring/tally.py`` keeps apart are drawn again and again, with replacement.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from scipy.special import ndtri

from scoring.arrays import Booleans, Floats, Integers
from scoring.linearisation import ratio
from scoring.tally import Tally
from scoring.tree import Tree
from scoring.votes import DESIRED, LENSES, PERSONAL, PRESENT, Lenses
from scoring.weighting.cells import CellWeights, lift_up_to_root

PAIRS = ((PERSONAL, PRESENT), (PRESENT, DESIRED))
PAIR_NAMES = ("personal_present", "present_desired")


@dataclass(frozen=True, eq=False)
class Profile:
    """What one node picked, seen through the three lenses; P = 2 pairs of lenses."""

    n: Integers
    """(3,) people who voted through each lens."""
    share: Floats
    """(3, V) share of each option in the votes of the lens; 0 without votes."""
    reach: Floats
    """(3, V) share of the voters who picked it."""
    is_top: Booleans
    """(3, V) among the most picked; options tied at the last place all are."""
    matches: Integers
    """(P,) options among the most picked of both lenses."""
    matches_range: Integers
    """(P, 2) in ``confidence`` of the draws."""
    overlap: Floats
    """(P,) 100 (1 - half the sum of differences of the shares)."""
    overlap_range: Floats
    """(P, 2)"""


def profiles(
    lenses: Lenses,
    tally: Tally,
    tree: Tree,
    weights: CellWeights,
    *,
    confidence: float,
    seed: int,
) -> Iterator[tuple[int, Profile]]:
    """Each node that has cells, with its profile (equations 54 and 55).

    Every node draws from a generator of its own, so none changes another's margins.
    """
    order, (starts, stops) = tree.cell_order, tree.spans
    product = lift_up_to_root(tree, weights.lift)
    lifted = product[tree.node_of_cell[order]]
    for node in np.flatnonzero(stops > starts).tolist():
        rows = slice(starts[node], stops[node])
        cells, parent = order[rows], tree.parent[node]
        g = weights.base[cells] * lifted[rows]
        g /= product[parent] if parent >= 0 else 1.0
        groups = np.einsum("c,cgv->gv", g, tally.votes[cells])
        n = tally.n_usable[cells]
        left = 1 - min(float(n.sum() / max(g @ n, 1)), 1.0)
        silent = left if weights.fraction[cells].any() else 1.0
        draws = _draws(groups, silent, lenses.rule.draws, [seed, node])
        people = (tally.n_voters[cells].sum(axis=0), g @ tally.n_voters[cells])
        yield node, _profile(lenses, groups.sum(axis=0), draws, people, confidence)


def _draws(groups: Floats, silent: float, n: int, seed: list[int]) -> Floats:
    """(draws, 3V) sums of votes as they might have been, none below 0 (equation 55).

    ``silent`` is the share of the staff that did not answer, 1 - f.
    """
    count = len(groups)
    generator = np.random.default_rng(seed)
    times = generator.multinomial(count, np.full(count, 1 / count), size=n)
    scale = np.sqrt(silent * count / (count - 1))
    drawn: Floats = (1 + scale * (times - 1)) @ groups
    return drawn.clip(min=0)


def _profile(
    lenses: Lenses,
    votes: Floats,
    draws: Floats,
    people: tuple[Integers, Floats],
    confidence: float,
) -> Profile:
    """``people`` are the voters of each lens (3,), counted and weighted."""
    shape = (len(LENSES), len(lenses.options))
    share, drawn = _shares(votes.reshape(shape)), _shares(draws.reshape(-1, *shape))
    top = lenses.rule.top
    is_top = most_picked(share, top)
    tails = [(1 - confidence) / 2, (1 + confidence) / 2]
    overlap = overlaps(share)
    margin = ndtri(tails[1]) * overlaps(drawn).std(axis=0)
    around = np.stack([overlap - margin, overlap + margin], axis=1).clip(0, 100)
    moved = matches(most_picked(drawn, top))
    return Profile(
        n=people[0],
        share=share,
        reach=ratio(votes.reshape(shape), people[1][:, np.newaxis]),
        is_top=is_top,
        matches=matches(is_top),
        matches_range=np.quantile(moved, tails, axis=0, method="nearest").T.astype(int),
        overlap=overlap,
        overlap_range=around,
    )


def _shares(votes: Floats) -> Floats:
    return ratio(votes, votes.sum(axis=-1, keepdims=True))


def overlaps(share: Floats) -> Floats:
    """(..., P) overlap of the pairs of lenses, 0 to 100, from (..., 3, V) shares.

    Equation 54.
    """
    apart = [np.abs(share[..., a, :] - share[..., b, :]).sum(axis=-1) for a, b in PAIRS]
    overlap: Floats = 100 * (1 - np.stack(apart, axis=-1) / 2)
    return overlap


def most_picked(share: Floats, top: int) -> Booleans:
    """(..., V) the ``top`` most picked; those tied at the last place are all in.

    >>> most_picked(np.array([0.4, 0.2, 0.2, 0.2, 0.0]), 2).tolist()
    [True, True, True, True, False]
    """
    top = min(top, share.shape[-1])
    limit = -np.partition(-share, top - 1, axis=-1)[..., top - 1 : top]
    is_top: Booleans = (share >= limit - 1e-12) & (share > 0)
    return is_top


def matches(is_top: Booleans) -> Integers:
    """(..., P) options that are among the most picked of both lenses (equation 55)."""
    both = [(is_top[..., a, :] & is_top[..., b, :]).sum(axis=-1) for a, b in PAIRS]
    found: Integers = np.stack(both, axis=-1)
    return found
