"""Do margins and rank sets hold as often as they say? A simulation with known truth.

``python -m bench.coverage`` draws waves of twelve units and takes each through the
whole of the scoring. It prints as JSON, for several designs, the share of 95 %
intervals and rank sets that hold the truth, each with its Monte-Carlo error:

- ``finite``: score ± t · ``se_fpc`` holds the mean of everybody registered in the unit;
- ``model``: score ± t · ``se_model`` holds the mean of all people the unit might have
  had, with the degrees of freedom of the moderated variance;
- ``parent``: as ``finite``, for the twelve units together;
- ``simultaneous``: all twelve true ranks lie in their sets at once;
- ``marginal``: one unit's true rank lies in its own set.
"""

from __future__ import annotations

import json
import time
from dataclasses import dataclass

import numpy as np
from scipy.special import ndtr, stdtrit

from scoring.arrays import Booleans, Codes, Floats, Integers
from scoring.ordering.ranks import (
    RankSets,
    competition_ranks,
    draw_errors,
    marginal_sets,
    simultaneous_sets,
)
from tests.scoring.sheets import scheme_of, score_all, sheet_of, tree_of

N_UNITS = 12
WAVES = 1_000
DRAWS = 2_000
N_ITEMS = 6
SHEET = sheet_of({"v": ["q1", "q2", "q3"], "w": ["q4", "q5", "q6"]})
SCHEME = scheme_of()
TREE = tree_of([-1] + [0] * N_UNITS, list(range(1, N_UNITS + 1)))
SPREAD_OF_PEOPLE, SPREAD_OF_ITEMS = 0.9, 0.8
"""Standard deviations in steps of the six-point scale."""


@dataclass(frozen=True)
class Design:
    """Twelve units from ``smallest`` to ``largest`` people, evenly in logarithms."""

    smallest: int
    largest: int
    response: float
    spread: float
    """Standard deviation of the units' true means, in steps of the scale."""

    @property
    def sizes(self) -> Integers:
        sizes = np.geomspace(self.smallest, self.largest, N_UNITS)
        return sizes.round().astype(np.int64)


DESIGNS = {
    "small units, low response": Design(12, 40, 0.3, 0.3),
    "small units, high response": Design(12, 40, 0.8, 0.3),
    "large units, low response": Design(100, 400, 0.3, 0.3),
    "large units, high response": Design(100, 400, 0.8, 0.3),
    "small units, no true differences": Design(12, 40, 0.8, 0.0),
    "large units, no true differences": Design(50, 400, 0.6, 0.0),
}


def true_scores(means: Floats) -> Floats:
    """(units,) expected score of a person whose unit has the mean (units,)."""
    cuts = np.arange(1.5, 6)
    deviation = np.hypot(SPREAD_OF_PEOPLE, SPREAD_OF_ITEMS)
    above = ndtr((means[:, np.newaxis] - cuts) / deviation)
    expected: Floats = 20 * above.sum(axis=1)
    return expected


def simulate(design: Design, generator: np.random.Generator) -> dict[str, Booleans]:
    """Whether each kind of statement held in one wave, by the names of the report."""
    sizes = design.sizes
    means = 4 + design.spread * generator.standard_normal(N_UNITS)
    unit = np.repeat(np.arange(N_UNITS), sizes)
    answers = answers_of(means[unit], generator)
    is_here = answering(sizes, design.response, generator)
    found = score_all(
        SHEET, SCHEME, answers[is_here], unit[is_here], tree=TREE, frame=sizes.tolist()
    )
    everybody = 20 * (answers.mean(axis=1) - 1)
    finite = np.append(everybody.mean(), np.bincount(unit, everybody) / sizes)
    lower, upper = found.margins.lower[:, -1], found.margins.upper[:, -1]
    is_held = (lower <= finite) & (finite <= upper)
    score, error = found.scores.score[1:, -1], found.margins.se_model[1:, -1]
    truth = true_scores(means)
    df = found.tally.n_usable - 1 + SCHEME.prior_df
    reach = stdtrit(df, (1 + SCHEME.confidence) / 2) * error
    simultaneous, marginal = rank_sets(score, error, generator)
    return {
        "finite": is_held[1:],
        "model": np.abs(score - truth) <= reach,
        "parent": is_held[:1],
        "simultaneous": contains(simultaneous, truth).all(keepdims=True),
        "marginal": contains(marginal, truth),
    }


def answers_of(means: Floats, generator: np.random.Generator) -> Codes:
    """(people, items) sheets of people whose units have the ``means`` (people,)."""
    person = means + SPREAD_OF_PEOPLE * generator.standard_normal(len(means))
    noise = SPREAD_OF_ITEMS * generator.standard_normal((len(means), N_ITEMS))
    rounded = np.round(person[:, np.newaxis] + noise)
    return np.clip(rounded, 1, 6).astype(np.int16)


def answering(
    sizes: Integers, response: float, generator: np.random.Generator
) -> Booleans:
    """(people,) who answers: the same share of every unit, drawn at random."""
    parts = []
    for size in sizes.tolist():
        part = np.arange(size) < max(2, round(response * size))
        parts.append(generator.permutation(part))
    return np.concatenate(parts)


def rank_sets(
    score: Floats, error: Floats, generator: np.random.Generator
) -> tuple[RankSets, RankSets]:
    """Simultaneous and marginal sets; units in order of score, as in a ranking."""
    order = np.argsort(-score, kind="stable")
    back = np.argsort(order)
    errors = draw_errors(error[order], draws=DRAWS, seed=int(generator.integers(2**32)))
    found = [
        sets(score[order], error[order], errors, confidence=SCHEME.confidence)
        for sets in (simultaneous_sets, marginal_sets)
    ]
    first, second = (RankSets(s.lower[back], s.upper[back]) for s in found)
    return first, second


def contains(sets: RankSets, truth: Floats) -> Booleans:
    """(units,) whether every rank that the unit can claim by ``truth`` is in its set.

    Units of equal truth can claim all the ranks that they share.
    """
    best = competition_ranks(truth)
    worst = len(truth) + 1 - competition_ranks(-truth)
    is_in: Booleans = (sets.lower <= best) & (worst <= sets.upper)
    return is_in


def coverage(name: str) -> dict[str, dict[str, float]]:
    """Shares that held, in percent, with the standard error over waves."""
    generator = np.random.default_rng(list(DESIGNS).index(name))
    waves = [simulate(DESIGNS[name], generator) for _ in range(WAVES)]
    report = {}
    for kind in waves[0]:
        shares = 100 * np.array([held[kind].mean() for held in waves])
        report[kind] = {
            "percent": round(float(shares.mean()), 1),
            "monte_carlo_error": round(float(shares.std(ddof=1) / WAVES**0.5), 1),
        }
    return report


def main() -> None:
    started = time.process_time()
    designs = {name: coverage(name) for name in DESIGNS}
    seconds = round(time.process_time() - started, 1)
    print(
        json.dumps(
            {"waves": WAVES, "core_seconds": seconds, "designs": designs}, indent=2
        )
    )


if __name__ == "__main__":
    main()
