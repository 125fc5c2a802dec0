"""May units be compared? Reliability, and items that work otherwise in a group. Pure.

An item is asked of each person as its distance from the person's own mean of the value
it belongs to: then a group that is better in everything stands out in no item, and one
that reads a single sentence otherwise does (equation 75).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np
from scipy.stats import norm

from scoring.arrays import Booleans, Floats
from scoring.measurement.material import Material
from scoring.measurement.report import Document, item_covariance
from scoring.measurement.sums import Moments
from scoring.ordering.size_classes import size_classes
from scoring.plan import INDEX, Plan
from scoring.rules import ComparabilityRule, MeasurementRule, OrderRule


def comparability_report(
    material: Material,
    report: Mapping[str, Any],
    rule: ComparabilityRule,
    *,
    measurement: MeasurementRule,
    order: OrderRule,
) -> Document:
    """The gate of a wave, from its measurement ``report`` and its items."""
    spread = profile_of(material.plan, material.everybody, measurement)
    by_size = list(_by_size(material, spread, rule, order)) if spread else []
    by_unit = list(_by_unit(material, spread, rule)) if spread else []
    low = [d["about"][0] for d in report["doubts"] if d["code"] in _UNRELIABLE]
    icc2 = [one["icc2"] for one in report["spread"] if one["code"] == INDEX]
    biased = [item for group in by_size for item in group["items"] if item["biased"]]
    checks = {
        "reliability": not low if report["scales"] else None,
        "separation": icc2[0] >= measurement.least_icc2 if icc2 else None,
        "items_by_size": not biased if by_size else None,
    }
    return {
        "checks": checks,
        "passes": False not in checks.values(),
        "unreliable": low,
        "by_size": by_size,
        "by_unit": by_unit,
        "profile": spread,
    }


_UNRELIABLE = ("low_alpha", "negative_alpha")


def profile_of(
    plan: Plan, moments: Moments, rule: MeasurementRule
) -> list[dict[str, Any]]:
    """Of each item its mean distance from the person's value, in points, and its sd."""
    n = float(moments.n_complete)
    if n < rule.least_people:
        return []
    means = distances(plan, moments.item_sums) / n
    profile = []
    for item, code in enumerate(plan.items):
        mine = plan.dimension_of_item == plan.dimension_of_item[item]
        covariance = item_covariance(moments, mine)
        own = np.flatnonzero(mine) == item
        contrast = own - 1 / mine.sum()
        sd = np.sqrt(max(0.0, float(contrast @ covariance @ contrast)))
        profile.append({"item": code, "mean": means[item], "sd": sd, "n": n})
    return profile


def distances(plan: Plan, sums: Floats) -> Floats:
    """(..., I) sums of items less those of the mean of their value."""
    is_in = plan.dimension_of_item[:, np.newaxis] == plan.dimension_of_item
    found: Floats = sums - sums @ (is_in / is_in.sum(axis=0))
    return found


def differs(
    difference: float, n_one: float, n_other: float, rule: ComparabilityRule
) -> bool:
    """Whether a difference in standard deviations is both large and no chance."""
    if min(n_one, n_other) < rule.least_people:
        return False
    z = abs(difference) / np.sqrt(1 / n_one + 1 / n_other)
    limit = norm.isf((1 - rule.confidence) / 2)
    return bool(abs(difference) >= rule.item_difference and z > limit)


def _by_size(
    material: Material,
    profile: Sequence[Mapping[str, Any]],
    rule: ComparabilityRule,
    order: OrderRule,
) -> Iterator[Document]:
    """Every size class against the others; nothing where there is only one."""
    classes = np.array(
        size_classes(material.sizes, order.size_classes, least=order.least_in_class),
        dtype=np.int64,
    )
    for one in range(int(classes.max(initial=0)) + 1):
        mine = classes == one
        if mine.all() or not mine.any():
            continue
        sizes = [n for n, is_in in zip(material.sizes, mine, strict=True) if is_in]
        yield {
            "smallest": min(sizes),
            "largest": max(sizes),
            "n_units": len(sizes),
            "items": list(_against_others(material, profile, rule, mine)),
        }


def _by_unit(
    material: Material, profile: Sequence[Mapping[str, Any]], rule: ComparabilityRule
) -> Iterator[Document]:
    """Each unit against the median of all; only what stands out is told.

    And only of units whose every item may be told of. One unit moves a median little,
    so that its own trouble is not laid on the others.
    """
    n = material.moments.n_complete
    asked = np.flatnonzero(material.may_agree & (n >= rule.least_people))
    if len(asked) < 3:
        return
    sums = distances(material.plan, material.moments.item_sums)[asked]
    means = sums / n[asked][:, np.newaxis]
    gaps = means - np.median(means, axis=0)
    for place, unit_gaps in zip(asked.tolist(), gaps.tolist(), strict=True):
        for item, gap in zip(profile, unit_gaps, strict=True):
            difference = gap / item["sd"] if item["sd"] > 0 else 0.0
            if differs(difference, float(n[place]), np.inf, rule):
                found = {"item": item["item"], "difference": difference}
                yield {"unit": material.units[place], **found}


def _against_others(
    material: Material,
    profile: Sequence[Mapping[str, Any]],
    rule: ComparabilityRule,
    mine: Booleans,
) -> Iterator[Document]:
    """Difference of each item between units ``mine`` (K,) and the other units."""
    moments = material.moments
    n = moments.n_complete
    n_one, n_other = float(n[mine].sum()), float(n[~mine].sum())
    if min(n_one, n_other) < rule.least_people:
        return
    sums = distances(material.plan, moments.item_sums)
    gaps = sums[mine].sum(axis=0) / n_one - sums[~mine].sum(axis=0) / n_other
    for item, gap in zip(profile, gaps.tolist(), strict=True):
        difference = gap / item["sd"] if item["sd"] > 0 else 0.0
        is_biased = differs(difference, n_one, n_other, rule)
        yield {"item": item["item"], "difference": difference, "biased": is_biased}


def between_waves(
    before: Sequence[Mapping[str, Any]],
    after: Sequence[Mapping[str, Any]],
    rule: ComparabilityRule,
) -> list[Document]:
    """Items of two waves' profiles that moved against their value; all that both have.

    The difference is in standard deviations of the earlier wave.
    """
    earlier = {item["item"]: item for item in before}
    found = []
    for item in after:
        then = earlier.get(item["item"])
        if then is None or then["sd"] <= 0:
            continue
        difference = (item["mean"] - then["mean"]) / then["sd"]
        is_biased = differs(difference, then["n"], item["n"], rule)
        found.append(
            {"item": item["item"], "difference": difference, "biased": is_biased}
        )
    return found
