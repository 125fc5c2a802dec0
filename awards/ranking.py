"""The order of units by score, with the ranks that the data do not exclude."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from scoring.ordering.ranks import (
    RankSets,
    competition_ranks,
    draw_errors,
    marginal_sets,
    simultaneous_sets,
    tau_best,
)
from scoring.results.disclosure import CONFIDENTIAL
from scoring.rules import RankingRule
from scoring.scheme import round_half_up

NOT_COMPUTED = "not_computed"
NO_STANDARD_ERROR = "no_standard_error"
SINGLE_UNIT = "single_unit"


@dataclass(frozen=True)
class Entry:
    """One unit's score, as far as it may be shown."""

    unit: str
    score: float | None
    se_model: float | None
    is_shown: bool = True
    reason: str = ""
    """Why it is not shown."""


@dataclass(frozen=True)
class Standing:
    """One line of a ranking; an unranked unit has a reason and no numbers."""

    unit: str
    score: float | None = None
    rank: int | None = None
    is_tied: bool = False
    """Another unit has the same rank."""
    rank_lower: int | None = None
    rank_upper: int | None = None
    is_in_first_set: bool = False
    """The data do not exclude that the unit is the best (statistical tie for first)."""
    reason: str = ""


@dataclass(frozen=True)
class _Candidate:
    unit: str
    score: float
    se_model: float


def rank(
    entries: Sequence[Entry], *, rule: RankingRule, decimals: int, seed: int
) -> tuple[Standing, ...]:
    """Standings, best first, then the unranked by code (equations 17 to 20).

    Ranks go by the score as printed, rounded half up to ``decimals``, so that equal
    numbers on the page have equal ranks; the rank sets compare unrounded scores. Sets
    of more than ``rule.simultaneous_up_to`` units get marginal intervals and no tie
    set; of more than ``rule.largest_set`` no intervals. Neither the order nor the names
    of the units matter: random errors go to units by score.
    """
    unranked = [
        Standing(entry.unit, reason=reason)
        for entry in entries
        if (reason := _reason_against(entry))
    ]
    candidates = [
        _Candidate(entry.unit, entry.score, entry.se_model)
        for entry in entries
        if not _reason_against(entry)
        and entry.score is not None
        and entry.se_model is not None
    ]
    if len(candidates) == 1:
        unranked.append(Standing(candidates[0].unit, reason=SINGLE_UNIT))
        candidates = []
    candidates.sort(key=lambda c: (-c.score, c.se_model, c.unit))
    ranked = _with_sets(_ranked(candidates, decimals), candidates, rule, seed)
    ranked.sort(key=lambda standing: (standing.rank or 0, standing.unit))
    return (*ranked, *sorted(unranked, key=lambda standing: standing.unit))


def _reason_against(entry: Entry) -> str:
    if not entry.is_shown:
        return entry.reason or CONFIDENTIAL
    if entry.score is None or np.isnan(entry.score):
        return NOT_COMPUTED
    if entry.se_model is None or np.isnan(entry.se_model):
        return NO_STANDARD_ERROR
    return ""


def _ranked(candidates: Sequence[_Candidate], decimals: int) -> list[Standing]:
    printed = [float(round_half_up(c.score, decimals)) for c in candidates]
    ranks = competition_ranks(np.array(printed)).tolist()
    return [
        Standing(c.unit, c.score, place, is_tied=ranks.count(place) > 1)
        for c, place in zip(candidates, ranks, strict=True)
    ]


def _with_sets(
    ranked: list[Standing],
    candidates: Sequence[_Candidate],
    rule: RankingRule,
    seed: int,
) -> list[Standing]:
    count = len(ranked)
    if not 1 < count <= rule.largest_set:
        return ranked
    scores = np.array([c.score for c in candidates])
    se = np.array([c.se_model for c in candidates])
    errors = draw_errors(se, draws=rule.draws, seed=seed)
    if count > rule.simultaneous_up_to:
        sets = marginal_sets(scores, se, errors, confidence=rule.confidence)
        return _join(ranked, sets, [False] * count)
    sets = simultaneous_sets(scores, se, errors, confidence=rule.confidence)
    return _join(ranked, sets, tau_best(sets).tolist())


def _join(
    ranked: list[Standing], sets: RankSets, is_first: Sequence[bool]
) -> list[Standing]:
    """A rank shared only through rounding never lies outside its interval."""
    ends = zip(sets.lower.tolist(), sets.upper.tolist(), is_first, strict=True)
    return [
        replace(
            standing,
            rank_lower=min(lower, standing.rank or lower),
            rank_upper=upper,
            is_in_first_set=first,
        )
        for standing, (lower, upper, first) in zip(ranked, ends, strict=True)
    ]
