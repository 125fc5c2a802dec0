"""Whole respondents per second, beside the least that Django could do.

``python -m bench.respond`` prints JSON. A whole respondent opens the personal link and
sends the form, each on a new connection, and reads the receipt. The floor is two bare
views (``bench/floor/``) behind the same gunicorn and PostgreSQL. Three runs alternate;
the figures are medians. It fails if rows and receipts differ in number.
"""

from __future__ import annotations

import json
import statistics
import sys
import time
from collections.abc import Sequence
from typing import Any

from bench import stage
from bench.client import Answering, Crowd, crowd

PEOPLE_AT_A_TIME = {1: 200, 8: 800, 32: 1600, 128: 1600}
"""How many at a time, and how many in all."""

RUNS = 3
WARM_UP = 2000
ANSWERS = json.dumps([1 + n % 7 for n in range(21)])
STATISTICS_ARE_WRITTEN = 12.0
"""Seconds after which an idle PostgreSQL has told what it did."""


def main() -> None:
    n_people = WARM_UP + RUNS * sum(PEOPLE_AT_A_TIME.values())
    stage.begin()
    try:
        codes = stage.open_wave(n_people)
        report = measure(codes)
    finally:
        stage.end()
    print(json.dumps(report, indent=2))
    if report["rows"] != report["receipts"] or report["failures"]:
        sys.exit("Rows and receipts differ.")


def measure(codes: list[str]) -> dict[str, Any]:
    """Both servers, alternately; and whether every answer is there."""
    from bench.floor.models import TABLE
    from surveys.models import Ballot

    _run(TABLE)
    waiting = iter(codes)
    seen: list[Crowd] = []
    with (
        stage.gunicorn("berakhlak.wsgi") as ours,
        stage.gunicorn("bench.floor.wsgi") as floor,
    ):
        people = Answering(ours.port, stage.fields())
        bare = Answering(floor.port, {"answers": ANSWERS})
        statements = _statements_each(people, [next(waiting) for _ in range(WARM_UP)])
        crowd("x" * 300, 8, bare.whole)
        figures: dict[int, dict[str, list[dict[str, float]]]] = {}
        for _ in range(RUNS):
            for n, in_all in PEOPLE_AT_A_TIME.items():
                both = figures.setdefault(n, {"ours": [], "floor": []})
                group = [next(waiting) for _ in range(in_all)]
                both["ours"].append(_figures(ours, group, n, people, seen))
                both["floor"].append(_figures(floor, group, n, bare, []))
    receipts = {receipt for result in seen for receipt in result.receipts}
    return {
        "at_a_time": {n: _medians(both) for n, both in figures.items()},
        "statements_per_respondent": statements,
        "rows": Ballot.objects.count() - WARM_UP,
        "receipts": len(receipts),
        "failures": [failure for result in seen for failure in result.failures][:5],
    }


def _figures(
    server: stage.Server,
    codes: Sequence[str],
    n_at_a_time: int,
    answering: Answering,
    seen: list[Crowd],
) -> dict[str, float]:
    cpu = server.cpu_seconds()
    result = crowd(codes, n_at_a_time, answering.whole)
    cpu = server.cpu_seconds() - cpu
    seen.append(result)
    cuts = statistics.quantiles(result.seconds, n=100)
    return {
        "per_second": len(codes) / result.duration,
        "cpu_ms": 1000 * cpu / len(codes),
        **{f"p{p}_ms": 1000 * cuts[p - 1] for p in (50, 95, 99)},
    }


def _medians(both: dict[str, list[dict[str, float]]]) -> dict[str, Any]:
    medians = {
        who: {
            name: round(statistics.median(run[name] for run in runs), 2)
            for name in runs[0]
        }
        for who, runs in both.items()
    }
    share = medians["ours"]["per_second"] / medians["floor"]["per_second"]
    return {**medians, "share_of_floor": round(share, 3)}


def _statements_each(people: Answering, codes: list[str]) -> float:
    """Transactions of the database per respondent while these answer: none idles.

    Each statement of ours is sent alone and is a transaction of its own.
    """
    before = _transactions()
    result = crowd(codes, 8, people.whole)
    if result.failures:
        raise SystemExit(result.failures[0])
    return round((_transactions() - before) / len(codes), 2)


def _transactions() -> int:
    time.sleep(STATISTICS_ARE_WRITTEN)
    return int(
        _run(
            "SELECT xact_commit + xact_rollback FROM pg_stat_database"
            " WHERE datname = current_database()"
        )
    )


def _run(statement: str) -> Any:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(statement)
        return cursor.fetchone()[0] if cursor.description else None


if __name__ == "__main__":
    main()
