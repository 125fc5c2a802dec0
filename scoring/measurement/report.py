"""Whether the questionnaire measured, as a document of one wave. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from scoring.arrays import Booleans, Floats, Integers
from scoring.measurement import reliability
from scoring.measurement.doubts import doubts_about
from scoring.measurement.material import Material
from scoring.measurement.sums import Moments
from scoring.plan import INDEX
from scoring.rules import MeasurementRule

Document = dict[str, Any]


def measurement_report(
    material: Material, rule: MeasurementRule, *, confidence: float
) -> Document:
    """Reliability, agreement, spread between units, and what gives cause to doubt."""
    report: Document = {
        "n_complete": material.everybody.n_complete,
        "n_whole": material.everybody.dimensions[0, 0],
        "scales": list(_scales(material, rule, confidence)),
        "correlations": _correlations(material.everybody, rule),
        "spread": list(_spread(material)),
        "agreement": list(_agreement(material, rule)),
        "items": list(_items(material)),
        "weights": _weights(material),
    }
    doubts = doubts_about(report, material.plan.dimensions, rule)
    return report | {"doubts": list(doubts)}


# --- reliability ---------------------------------------------------------------------


def _scales(
    material: Material, rule: MeasurementRule, confidence: float
) -> Iterator[Document]:
    """Each value, then all items together; nothing from too few complete sheets."""
    moments, plan = material.everybody, material.plan
    if moments.n_complete < rule.least_people:
        return
    variances = item_variances(moments)
    for place, code in enumerate(plan.dimensions):
        items = plan.dimension_of_item == place
        yield _scale(code, material, items & (variances > 0), confidence)
    yield _scale(INDEX, material, variances > 0, confidence)


def item_covariance(moments: Moments, items: Booleans) -> Floats:
    """(k, k) of complete sheets, over items of one dimension."""
    n, sums = float(moments.n_complete), moments.item_sums[items]
    products = moments.item_products[np.ix_(items, items)]
    return reliability.covariance_of(n, sums, products)


def item_variances(moments: Moments) -> Floats:
    """(I,) of complete sheets."""
    n, sums = float(moments.n_complete), moments.item_sums
    variances: Floats = (np.diag(moments.item_products) - sums**2 / n) / (n - 1)
    return variances


def _scale(
    code: str, material: Material, items: Booleans, confidence: float
) -> Document:
    moments, k = material.everybody, int(items.sum())
    n = float(moments.n_complete)
    omega = float("nan")
    if code == INDEX:
        total = float(moments.total_squares - moments.item_sums.sum() ** 2 / n)
        variances = float(item_variances(moments).sum())
        alpha = reliability.alpha_of(k, variances, total / (n - 1))
    else:
        covariance = item_covariance(moments, items)
        alpha = reliability.alpha(covariance)
        omega = reliability.omega_of_three(covariance) if k == 3 else omega
    interval = (alpha, alpha)
    if k > 1:
        interval = reliability.alpha_interval(alpha, n=n, k=k, confidence=confidence)
    return {
        "code": code,
        "n_items": k,
        "alpha": alpha,
        "lower": interval[0],
        "upper": interval[1],
        "omega": omega,
    }


def _correlations(moments: Moments, rule: MeasurementRule) -> list[list[float]]:
    """(D, D) between values of persons, rows as lists; none from too few people."""
    n = float(moments.dimensions[0, 0])
    if n < rule.least_people:
        return []
    sums, products = moments.dimensions[0, 1:], moments.dimensions[1:, 1:]
    covariance = reliability.covariance_of(n, sums, products)
    sd = np.sqrt(np.diag(covariance))
    both = np.outer(sd, sd)
    known = np.full_like(covariance, np.nan)
    np.divide(covariance, both, out=known, where=both > 0)
    rows: list[list[float]] = known.tolist()
    return rows


# --- between and within units --------------------------------------------------------


def _spread(material: Material) -> Iterator[Document]:
    """ICC of the index and of each value over persons with all values valid."""
    dimensions = material.moments.dimensions
    dimensions = dimensions[dimensions[:, 0, 0] > 0]
    n = dimensions[:, 0, 0]
    if len(n) < 2 or n.sum() <= len(n):
        return
    codes = (INDEX, *material.plan.dimensions)
    mixes = (material.plan.weights, *np.eye(len(material.plan.weights)))
    for code, mix in zip(codes, mixes, strict=True):
        sums = dimensions[:, 0, 1:] @ mix
        squares = np.einsum("kij,i,j->k", dimensions[:, 1:, 1:], mix, mix)
        found = reliability.icc(n, sums, squares)
        yield {
            "code": code,
            "n_units": len(n),
            "icc1": found.icc1,
            "icc1_mean_size": found.icc1_mean_size,
            "icc2": found.icc2,
        }


def _agreement(material: Material, rule: MeasurementRule) -> Iterator[Document]:
    """rwg(J) over all items of each unit that may be told of, with both nulls."""
    shares = np.array(rule.skewed_null)
    points = 1 + material.table.spans
    nulls = {
        "uniform": [reliability.uniform_null(int(a)) for a in points],
        "skewed": [
            reliability.null_variance(reliability.stretched(shares, int(a)))
            for a in points
        ],
    }
    for place, code in enumerate(material.units):
        histograms = _by_point(material, material.unit_counts[place])
        if not material.may_agree[place]:
            continue
        if min(h.sum() for h in histograms) < reliability.LEAST_PEOPLE:
            continue
        variances = np.array([_variance(h) for h in histograms])
        found = {
            name: reliability.rwg_j(variances / np.array(null), 1.0)
            for name, null in nulls.items()
        }
        deviation = [reliability.average_deviation(h) for h in histograms]
        yield {"unit": code, **found, "average_deviation": np.mean(deviation)}


def _by_point(material: Material, counts: Integers) -> list[Floats]:
    """Of each item, people at the points 1, 2, … of its scale."""
    plan, found = material.plan, []
    for item, span in enumerate(material.table.spans.tolist()):
        histogram = np.zeros(span + 1)
        valid = plan.is_valid[item]
        steps = material.table.steps[item][valid].astype(np.int64)
        np.add.at(histogram, steps, counts[item][valid])
        found.append(histogram)
    return found


def _variance(histogram: Floats) -> float:
    n, points = histogram.sum(), np.arange(len(histogram))
    mean = histogram @ points / n
    return float(histogram @ (points - mean) ** 2 / (n - 1))


# --- items and weights ---------------------------------------------------------------


def _items(material: Material) -> Iterator[Document]:
    """Shares of "don't know" and of blank among everybody's answers to an item."""
    plan = material.plan
    for item, code in enumerate(plan.items):
        counts = material.counts[item]
        n = int(counts.sum())
        valid, blank = int(counts[plan.is_valid[item]].sum()), int(counts[0])
        yield {
            "code": code,
            "n": n,
            "dont_know": (n - valid - blank) / n if n else float("nan"),
            "blank": blank / n if n else float("nan"),
        }


def _weights(material: Material) -> list[Document]:
    """Weight of each value as written, and as it works between units (equation 74)."""
    if len(material.units) < 3 or material.plan.is_geometric:
        return []
    own = material.plan.weights
    effective = reliability.effective_weights(material.values, own)
    return [
        {"code": code, "weight": weight, "effective": found}
        for code, weight, found in zip(
            material.plan.dimensions, own, effective, strict=True
        )
    ]
