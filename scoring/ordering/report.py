"""How sure the order of a set of units is, as a document. Pure (equations 17 to 26)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from scoring.arrays import Floats, Integers
from scoring.ordering import sensitivity
from scoring.ordering.posterior import rank_posterior, shrink
from scoring.ordering.ranks import (
    competition_ranks,
    draw_errors,
    marginal_sets,
    seed_of,
    simultaneous_sets,
    tau_best,
)
from scoring.ordering.size_classes import size_classes
from scoring.plan import INDEX
from scoring.scheme import Scheme, round_half_up

Document = dict[str, Any]
Columns = dict[str, Sequence[Any]]
"""What is said of each unit (K,), by name."""

TOP = 3
"""Places at the top that must not depend on shrinking, and τ of the best sets."""


@dataclass(frozen=True, eq=False)
class Contest:
    """K units whose index may be shown, in any order."""

    units: tuple[str, ...]
    scores: Floats
    """(K,) the index."""
    se: Floats
    """(K,) se_model."""
    values: Floats
    """(K, D)"""
    weights: Floats
    """(D,) adding up to 1."""
    sizes: tuple[int, ...]
    seed: int
    unweighted: Floats
    """(K,) the index if every answer counted alike."""
    is_geometric: bool = False


def order_report(contest: Contest, scheme: Scheme) -> Document:
    """Rank sets, shrinkage, probabilities, size classes and trials of the weights."""
    contest = _by_score(contest)
    n = len(contest.units)
    report: Document = {"n_units": n, "doubts": [], "units": []}
    if n < 2 or n > scheme.ranking.largest_set:
        return report | {"doubts": ["too_few" if n < 2 else "too_many"]}
    columns: Columns = {
        "unit": contest.units,
        "score": contest.scores.tolist(),
        "se": contest.se.tolist(),
        "rank": _printed_ranks(contest.scores, scheme).tolist(),
        "unweighted_rank": _printed_ranks(contest.unweighted, scheme).tolist(),
    }
    _add_rank_sets(report, columns, contest, scheme)
    _add_shrinkage(report, columns, contest, scheme)
    _add_classes(report, columns, contest, scheme)
    _add_trials(report, columns, contest, scheme)
    names = list(columns)
    lines = zip(*columns.values(), strict=True)
    report["units"] = [dict(zip(names, line, strict=True)) for line in lines]
    return report


def _by_score(contest: Contest) -> Contest:
    """Best first, as in the ranking: neither names nor order decide any draw."""
    keys = zip(-contest.scores, contest.se, contest.units, strict=True)
    order = [place for _key, place in sorted((k, i) for i, k in enumerate(keys))]
    return Contest(
        units=tuple(contest.units[i] for i in order),
        scores=contest.scores[order],
        se=contest.se[order],
        values=contest.values[order],
        weights=contest.weights,
        sizes=tuple(contest.sizes[i] for i in order),
        seed=contest.seed,
        unweighted=contest.unweighted[order],
        is_geometric=contest.is_geometric,
    )


def _printed_ranks(scores: Floats, scheme: Scheme) -> Integers:
    printed = [float(round_half_up(s, scheme.decimals)) for s in scores]
    return competition_ranks(np.array(printed))


# --- rank sets -----------------------------------------------------------------------


def _add_rank_sets(
    report: Document, columns: Columns, contest: Contest, scheme: Scheme
) -> None:
    """Marginal sets always; simultaneous ones and the best sets of small contests.

    The draws are those of the ranking by the index, so both pages tell the same.
    """
    rule = scheme.ranking
    seed = seed_of(str(contest.seed), INDEX)
    errors = draw_errors(contest.se, draws=rule.draws, seed=seed)
    drawn = contest.scores, contest.se, errors
    marginal = marginal_sets(*drawn, confidence=rule.confidence)
    ranks = np.array(columns["rank"])  # shared through rounding, never outside
    columns["marginal"] = _ranges(np.minimum(marginal.lower, ranks), marginal.upper)
    if len(contest.units) > rule.simultaneous_up_to:
        return
    sets = simultaneous_sets(*drawn, confidence=rule.confidence)
    columns["simultaneous"] = _ranges(np.minimum(sets.lower, ranks), sets.upper)
    report["best"] = {
        str(tau): _named(contest, tau_best(sets, tau)) for tau in range(1, TOP + 1)
    }


def _ranges(lower: Any, upper: Any) -> list[list[int]]:
    pairs: list[list[int]] = np.column_stack([lower, upper]).astype(int).tolist()
    return pairs


def _named(contest: Contest, chosen: Any) -> list[str]:
    return [unit for unit, is_in in zip(contest.units, chosen, strict=True) if is_in]


# --- shrinkage and probabilities -----------------------------------------------------


def _add_shrinkage(
    report: Document, columns: Columns, contest: Contest, scheme: Scheme
) -> None:
    if len(contest.units) < scheme.order.least_shrunken or not (contest.se > 0).all():
        report["doubts"].append("not_shrunken")
        return
    variances = contest.se**2
    shrunken = shrink(contest.scores, variances)
    posterior = rank_posterior(
        contest.scores,
        variances,
        draws=scheme.ranking.draws,
        seed=seed_of(str(contest.seed), "posterior"),
    )
    report |= {"tau2": shrunken.variance, "mean": shrunken.mean, "tau": posterior.tau}
    columns |= {
        "reliability": shrunken.reliability.tolist(),
        "shrunken": shrunken.scores.tolist(),
        "p_first": posterior.p_first.tolist(),
        "p_top_three": posterior.p_top_three.tolist(),
        "expected_rank": posterior.expected_rank.tolist(),
        "range_90": _ranges(*posterior.range_90.T),
    }
    if shrunken.variance == 0:
        report["doubts"].append("not_distinguishable")
    elif not agree_at_the_top(contest.scores, shrunken.scores):
        report["doubts"].append("not_supported")


def agree_at_the_top(raw: Floats, shrunken: Floats) -> bool:
    """Whether both orders name the same units in the same places of the top (76)."""
    first, second = competition_ranks(raw), competition_ranks(shrunken)
    is_top = (first <= TOP) | (second <= TOP)
    return bool((first[is_top] == second[is_top]).all())


# --- size classes --------------------------------------------------------------------


def _add_classes(
    report: Document, columns: Columns, contest: Contest, scheme: Scheme
) -> None:
    """Places inside each class of similar size, and whether its top is supported."""
    rule = scheme.order
    classes = np.array(
        size_classes(contest.sizes, rule.size_classes, least=rule.least_in_class)
    )
    ranks = np.zeros(len(classes), dtype=np.int64)
    shrunken = np.array(columns.get("shrunken", contest.scores))
    found = []
    for one in sorted(set(classes.tolist())):
        mine = np.flatnonzero(classes == one)
        ranks[mine] = competition_ranks(contest.scores[mine])
        sizes = [contest.sizes[i] for i in mine]
        found.append(
            {
                "number": one,
                "smallest": min(sizes),
                "largest": max(sizes),
                "n_units": len(mine),
                "is_supported": agree_at_the_top(contest.scores[mine], shrunken[mine]),
            }
        )
    report["size_classes"] = found
    columns["size_class"], columns["class_rank"] = classes.tolist(), ranks.tolist()


# --- other weights -------------------------------------------------------------------


def _add_trials(
    report: Document, columns: Columns, contest: Contest, scheme: Scheme
) -> None:
    """Ranks under other weights of the values and under the geometric mean (77, 78).

    Not of an index that is a geometric mean already: its weights do not add up.
    """
    if len(contest.weights) < 2 or contest.is_geometric:
        return
    rule = scheme.order
    report["trials"] = []
    for concentration in rule.concentrations:
        name = f"{concentration:g}"
        found = sensitivity.vary_weights(
            contest.values,
            contest.weights,
            concentration=concentration,
            draws=rule.weight_draws,
            seed=seed_of(str(contest.seed), "weights", name),
        )
        trial = {"concentration": concentration, "mean_shift": found.mean_shift}
        report["trials"].append(trial)
        columns[f"median_rank_{name}"] = found.median_rank.tolist()
        columns[f"range_90_{name}"] = _ranges(*found.range_90.T)
        columns[f"first_{name}"] = found.share_first.tolist()
        columns[f"top_three_{name}"] = found.share_top_three.tolist()
    geometric = geometric_means(contest.values, contest.weights)
    columns["geometric"] = geometric.tolist()
    columns["geometric_rank"] = competition_ranks(geometric).tolist()
    columns["next"] = list(_to_the_next(contest, rule.leeway))
    report["always_leads"] = _always_leads(contest)


def geometric_means(values: Floats, weights: Floats) -> Floats:
    """(K,) Π y_v^ω_v, 0 where a value is 0 (equation 77)."""
    with np.errstate(divide="ignore"):
        found: Floats = np.exp(np.log(values) @ weights)
    return found


def _to_the_next(contest: Contest, leeway: float) -> Iterator[list[float] | None]:
    """Range of the lead on the unit that comes next; None of the last (equation 26)."""
    for one, other in zip(contest.values, contest.values[1:], strict=False):
        found = sensitivity.difference_range(one, other, contest.weights, leeway=leeway)
        yield list(found)
    yield None


def _always_leads(contest: Contest) -> list[str]:
    """Units at least as good as every other in every value."""
    best = contest.values.max(axis=0)
    return _named(contest, (contest.values >= best).all(axis=1))
