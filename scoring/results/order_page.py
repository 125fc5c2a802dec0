"""The page "Kepastian urutan": a stored order as rows with their charts."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from scoring.results import analysis_words as words
from scoring.results.charts import NumberMark, RankMark, number_chart, rank_chart
from scoring.results.measurement_page import unit_names
from scoring.results.reading import Reading
from scoring.schemes_store import scheme_of
from surveys.models import WaveUnit

Document = Mapping[str, Any]
CHANCES = (0, 20, 40, 60, 80, 100)


def order_page(
    reading: Reading, parent: WaveUnit | None, document: Document
) -> dict[str, Any]:
    """Everything the page shows of one set of units."""
    names = unit_names(reading)
    scheme = scheme_of(reading.run.scheme)
    sets = "simultaneous" if "best" in document else "marginal"
    rows = [
        _row(unit, names, sets, document) | {"place": place}
        for place, unit in enumerate(document["units"])
    ]
    return {
        "parent": parent,
        "finding": words.order_finding(document, names),
        "doubts": words.order_doubts(document),
        "is_simultaneous": sets == "simultaneous",
        "rows": rows,
        "rank_svg": _ranks(rows),
        "has_chances": "tau2" in document,
        "chance_svg": _chances(rows),
        "spread": document["tau2"] ** 0.5 if "tau2" in document else None,
        "best": [
            {"tau": tau, "units": [names.get(u, u) for u in units]}
            for tau, units in document.get("best", {}).items()
        ],
        "moved": moved_by_weights(rows),
        "trials": document.get("trials", []),
        "trial_svg": _trial_ranks(rows) if document.get("trials") else "",
        "always_leads": [names.get(u, u) for u in document.get("always_leads", [])],
        "size_classes": _classes(rows, document),
        "leeway_percent": 100 * scheme.order.leeway,
    }


def _row(
    unit: Document, names: Mapping[str, str], sets: str, document: Document
) -> dict[str, Any]:
    """A unit's line; chances in percent, trials side by side."""
    row: dict[str, Any] = {**unit, "name": names.get(unit["unit"], unit["unit"])}
    row["possible"] = unit[sets]
    row["is_tied_first"] = unit["unit"] in document.get("best", {}).get("1", [])
    for name in ("p_first", "p_top_three", "reliability"):
        row[f"{name}_percent"] = 100 * unit[name] if name in unit else None
    row["trials"] = [
        {
            "range": unit[f"range_90_{trial['concentration']:g}"],
            "first_percent": 100 * unit[f"first_{trial['concentration']:g}"],
        }
        for trial in document.get("trials", [])
    ]
    lead = unit.get("next")
    row["may_flip"] = lead is not None and lead[0] < 0
    return row


def moved_by_weights(rows: list[dict[str, Any]]) -> list[dict[str, Any]] | None:
    """Units with another rank if no answer were weighted; None where nobody looked."""
    if any("unweighted_rank" not in row for row in rows):
        return None
    return [row for row in rows if row["unweighted_rank"] != row["rank"]]


def _ranks(rows: list[dict[str, Any]]) -> str:
    marks = [
        _mark(row, row["possible"], is_tied_first=row["is_tied_first"]) for row in rows
    ]
    return rank_chart(marks) if marks else ""


def _mark(row: dict[str, Any], possible: list[int], *, is_tied_first: bool) -> RankMark:
    lower, upper = possible
    return RankMark(row["rank"], lower, upper, is_tied_first)


def _chances(rows: list[dict[str, Any]]) -> str:
    """P(rank 1) as the dot, up to P(rank at most 3)."""
    marks = [
        NumberMark(
            row["p_first_percent"], row["p_first_percent"], row["p_top_three_percent"]
        )
        for row in rows
        if row["p_first_percent"] is not None
    ]
    return number_chart(marks, ticks=CHANCES)


def _trial_ranks(rows: list[dict[str, Any]]) -> str:
    """Ranks under the mildest trial of the weights."""
    marks = [_mark(row, row["trials"][0]["range"], is_tied_first=False) for row in rows]
    return rank_chart(marks) if marks else ""


def _classes(rows: list[dict[str, Any]], document: Document) -> list[dict[str, Any]]:
    """Size classes with their units in order; none where all are in one."""
    classes = document.get("size_classes", [])
    if len(classes) < 2:
        return []
    return [
        {
            **one,
            "rows": sorted(
                (row for row in rows if row["size_class"] == one["number"]),
                key=lambda row: row["class_rank"],
            ),
        }
        for one in classes
    ]
