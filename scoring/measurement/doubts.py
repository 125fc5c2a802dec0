"""What a measurement report gives cause to doubt, as codes. Pure; pages find words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations
from typing import Any

from scoring.plan import INDEX
from scoring.rules import MeasurementRule

Doubt = dict[str, Any]


def doubts_about(
    report: Mapping[str, Any], values: Sequence[str], rule: MeasurementRule
) -> Iterator[Doubt]:
    """``code``, and codes of the values or items that it is ``about``."""
    if not report["scales"]:
        yield _doubt("few_complete")
    for scale in report["scales"]:
        if why := _of_scale(scale, rule):
            yield _doubt(why, scale["code"])
    for spread in report["spread"]:
        if spread["code"] == INDEX and spread["icc2"] < rule.least_icc2:
            yield _doubt("not_separated")
    yield from _alike(report["correlations"], values, rule)
    for item in report["items"]:
        if item["dont_know"] > rule.unknown_share:
            yield _doubt("unknown_item", item["code"])


def _doubt(code: str, *about: str) -> Doubt:
    return {"code": code, "about": list(about)}


def _of_scale(scale: Mapping[str, Any], rule: MeasurementRule) -> str:
    """Reliability of a value that is too low, or of all items that is too high."""
    if scale["alpha"] < 0:
        return "negative_alpha"
    if scale["code"] == INDEX:
        return "redundant" if scale["alpha"] > rule.redundant_alpha else ""
    return "low_alpha" if scale["alpha"] < rule.least_alpha else ""


def _alike(
    correlations: Sequence[Sequence[float]],
    values: Sequence[str],
    rule: MeasurementRule,
) -> Iterator[Doubt]:
    places = range(len(values)) if correlations else ()
    for one, other in combinations(places, 2):
        if correlations[one][other] > rule.alike_values:
            yield _doubt("alike_values", values[one], values[other])
