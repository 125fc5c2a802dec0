"""The page "Mutu pengukuran": stored documents as rows with their charts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from scoring.measurement.comparability import between_waves
from scoring.plan import INDEX
from scoring.results import analysis_words as words
from scoring.results.charts import NumberMark, number_chart
from scoring.results.reading import Reading
from scoring.results.unit_rows import index_measure, measures_of
from scoring.scheme import Scheme
from scoring.schemes_store import scheme_of
from surveys.instruments.authoring import sheet_of
from surveys.models import WaveUnit
from surveys.models.instrument import in_indonesian

Document = Mapping[str, Any]
Names = Mapping[str, str]

SHARES = (0, 0.2, 0.4, 0.6, 0.8, 1)
PERCENTS = (0, 10, 20, 30, 40, 50)
WEIGHTS = (0, 10, 20, 30, 40)


def measurement_page(
    reading: Reading,
    documents: Mapping[str, Document],
    earlier: tuple[Reading, Document] | None,
) -> dict[str, Any]:
    """Everything the page shows, from the documents of the run."""
    report, gate = documents["measurement"], documents["comparability"]
    scheme = scheme_of(reading.run.scheme)
    values, items = value_names(reading), item_names(reading)
    checks = words.checks_in_words(gate, report, values | items, scheme)
    if earlier is not None:
        before, then = earlier
        moved = between_waves(then["profile"], gate["profile"], scheme.comparability)
        found = words.between_waves_in_words(moved, before.wave.name, items)
        checks.append(found)
    passes = all(check["state"] is not False for check in checks)
    rule, doubts = scheme.measurement, report["doubts"]
    return {
        "finding": words.measurement_finding(doubts, passes),
        "n_complete": report["n_complete"],
        "checks": checks,
        "doubts": words.doubts_in_words(doubts, values | items, rule),
        "rule": rule,
        "scales": _scales(report, values, scheme),
        "spread": _named(report["spread"], values),
        "agreement": _agreement(report, unit_names(reading)),
        "weights": _weights(report, values),
        "items": _items(report, gate, items, scheme),
        "biased_units": _biased_units(gate, unit_names(reading), items),
        "drivers": _drivers(documents.get("drivers"), values, items),
    }


# --- names ---------------------------------------------------------------------------


def value_names(reading: Reading) -> dict[str, str]:
    named = {one.code: one.name for one in measures_of(reading.run)}
    return {**named, INDEX: index_measure().name}


def item_names(reading: Reading) -> dict[str, str]:
    sheet = sheet_of(reading.wave.instrument)
    return {q.code: in_indonesian(dict(q.label)) for q in sheet.questions}


def unit_names(reading: Reading) -> dict[str, str]:
    """Of every unit of the wave, whole of which this reader may read."""
    units = WaveUnit.objects.filter(wave=reading.run.wave_id)
    return {unit.code: str(unit) for unit in units}


def _named(rows: Iterable[Document], names: Names, key: str = "code") -> list[Any]:
    return [{**row, "name": names.get(row[key], row[key])} for row in rows]


# --- rows and charts -----------------------------------------------------------------


def _scales(report: Document, values: Names, scheme: Scheme) -> dict[str, Any]:
    rows = [row for row in _named(report["scales"], values) if row["alpha"] is not None]
    least = scheme.measurement.least_alpha
    marks = [NumberMark(r["alpha"], r["lower"], r["upper"], least) for r in rows]
    return {"rows": rows, "svg": number_chart(marks, ticks=SHARES)}


def _agreement(report: Document, units: Names) -> dict[str, Any]:
    rows = _named(report["agreement"], units, "unit")
    marks = [
        NumberMark(
            row["uniform"],
            min(row["uniform"], row["skewed"]),
            max(row["uniform"], row["skewed"]),
        )
        for row in rows
    ]
    return {"rows": rows, "svg": number_chart(marks, ticks=SHARES)}


def _weights(report: Document, values: Names) -> dict[str, Any]:
    rows = [
        {
            "name": row["name"],
            "weight": 100 * row["weight"],
            "effective": 100 * row["effective"],
        }
        for row in _named(report["weights"], values)
        if row["effective"] is not None
    ]
    marks = [
        NumberMark(
            row["effective"],
            min(row["effective"], row["weight"]),
            max(row["effective"], row["weight"]),
            row["weight"],
        )
        for row in rows
    ]
    return {"rows": rows, "svg": number_chart(marks, ticks=WEIGHTS)}


def _items(
    report: Document, gate: Document, items: Names, scheme: Scheme
) -> dict[str, Any]:
    """Each question: who did not know, and the size class that answers it otherwise."""
    limit = 100 * scheme.measurement.unknown_share
    largest = _largest_by_size(gate)
    rows = [
        {
            "name": row["name"],
            "dont_know": 100 * row["dont_know"],
            "blank": 100 * row["blank"],
            "difference": largest.get(row["code"], {}).get("difference"),
            "is_biased": largest.get(row["code"], {}).get("biased", False),
        }
        for row in _named(report["items"], items)
        if row["dont_know"] is not None
    ]
    marks = [NumberMark(row["dont_know"], 0, row["dont_know"], limit) for row in rows]
    return {"rows": rows, "svg": number_chart(marks, ticks=PERCENTS)}


def _largest_by_size(gate: Document) -> dict[str, Document]:
    """Of each item the size class that differs most from the others."""
    found: dict[str, Document] = {}
    for group in gate["by_size"]:
        for item in group["items"]:
            known = found.get(item["item"])
            if known is None or abs(item["difference"]) > abs(known["difference"]):
                found[item["item"]] = item
    return found


def _biased_units(gate: Document, units: Names, items: Names) -> list[dict[str, Any]]:
    """Units with the questions that they answer otherwise than all other units."""
    found: dict[str, list[dict[str, Any]]] = {}
    for row in gate["by_unit"]:
        item = items.get(row["item"], row["item"])
        line = {"name": item, "difference": row["difference"]}
        found.setdefault(row["unit"], []).append(line)
    return [{"unit": units.get(code, code), "items": found[code]} for code in found]


def _drivers(found: Document | None, values: Names, items: Names) -> Any:
    """Parts of R² in percent of it, largest first; None without an outcome."""
    if found is None:
        return None
    r2 = found.get("r2") or 0.0
    rows = [
        {"name": row["name"], "percent": 100 * row["share"] / r2 if r2 else 0.0}
        for row in _named(found["values"], values)
    ]
    rows.sort(key=lambda row: -row["percent"])
    marks = [NumberMark(row["percent"], 0, row["percent"]) for row in rows]
    return {
        "outcome": items.get(found["outcome"], found["outcome"]),
        "n": found["n"],
        "r2_percent": 100 * r2,
        "rows": rows,
        "svg": number_chart(marks, ticks=PERCENTS),
    }
