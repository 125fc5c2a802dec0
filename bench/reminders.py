"""Queueing 100,000 reminders: how long, how many rows a second, and by which plan.

``python -m bench.reminders`` prints JSON. Beside it stands what PostgreSQL needs to
insert the same rows from a plain table, in the same run. It fails if the register or
the deliveries are read from end to end more than once, for the queue or for a batch.
"""

from __future__ import annotations

import json
import statistics
import sys
import time
from collections.abc import Iterator
from typing import Any

from bench import stage

PEOPLE = 125_000
REMINDED = 100_000
RUNS = 3
BATCH = 100
LARGE = ("surveys_participant", "surveys_contact", "surveys_delivery", "surveys_optout")

REGISTER = """
INSERT INTO surveys_participant
    (id, wave_id, unit_id, strata, edition, code_hash, state, has_left)
SELECT gen_random_uuid(), %(wave)s, (%(units)s::bigint[])[1 + n %% %(n_units)s],
    '{}', 1, NULL, 'invited', false
FROM generate_series(1, %(n)s) AS n;
INSERT INTO surveys_contact (participant_id, wave_id, person_key, name, email, phone)
SELECT id, %(wave)s, 'P' || row_number() OVER (), 'Nama Pegawai',
    'pegawai' || row_number() OVER () || '@contoh.go.id', ''
FROM surveys_participant WHERE wave_id = %(wave)s;
UPDATE surveys_participant SET state = 'finished' WHERE id IN (
    SELECT id FROM surveys_participant WHERE wave_id = %(wave)s
    ORDER BY id LIMIT %(n)s - %(reminded)s);
ANALYZE surveys_participant, surveys_contact
"""

FLOOR = """
CREATE TEMPORARY TABLE floor_delivery (LIKE surveys_delivery INCLUDING ALL);
CREATE TEMPORARY TABLE floor_rows AS SELECT * FROM surveys_delivery
"""


def main() -> None:
    stage.begin()
    try:
        report = measure()
    finally:
        stage.end()
    print(json.dumps(report, indent=2))
    if report["queue"]["scans_per_person"] or report["batch"]["scans_per_person"]:
        sys.exit("A table is read from end to end for each person.")


def measure() -> dict[str, Any]:
    """The queue, a batch of it, and the same rows without us."""
    from surveys.messages.queueing import fill_queue
    from surveys.models import Delivery

    mailing = _approved_reminder()
    seconds = []
    for run in range(RUNS):
        if run:
            _undo(mailing)
        start = time.perf_counter()
        n_rows = fill_queue(mailing=mailing)
        seconds.append(time.perf_counter() - start)
    _run("ANALYZE surveys_delivery")
    floor = _floor()
    queue = statistics.median(seconds)
    mailing.refresh_from_db()
    return {
        "people": PEOPLE,
        "messages": n_rows,
        "rows": Delivery.objects.count(),
        "queue": {
            "seconds": round(queue, 2),
            "per_second": round(n_rows / queue),
            "plain_insert_seconds": round(floor, 2),
            **_scans(_plan_of_queue(mailing)),
        },
        "batch": {"size": BATCH, **_batch(mailing)},
    }


def _approved_reminder() -> Any:
    from surveys.messages import mailings, wording
    from surveys.models import Mailing, User, Wave

    stage.open_wave(10 * stage.UNITS)
    wave = Wave.objects.get()
    units = list(wave.units.exclude(parent=None).values_list("unit_id", flat=True))
    names = {"wave": wave.pk, "n": PEOPLE, "reminded": REMINDED}
    _run("DELETE FROM surveys_participant")
    _run(REGISTER, {**names, "units": units, "n_units": len(units)})
    subject, body = wording.default_for("reminder", "email")
    plan = mailings.Plan("reminder", "email", "all", subject, body)
    user = User.objects.create_user("ani@contoh.go.id")
    mailing = mailings.write_mailing(wave=wave, plan=plan, created_by=user)
    Mailing.objects.filter(pk=mailing.pk).update(state=Mailing.State.QUEUED)
    mailing.refresh_from_db()
    return mailing


def _undo(mailing: Any) -> None:
    from surveys.models import Mailing

    _run("TRUNCATE surveys_delivery")
    Mailing.objects.filter(pk=mailing.pk).update(state=Mailing.State.QUEUED)


def _floor() -> float:
    """The same rows and indexes, from a table that holds them already."""
    _run(FLOOR)
    start = time.perf_counter()
    _run("INSERT INTO floor_delivery SELECT * FROM floor_rows")
    return time.perf_counter() - start


def _plan_of_queue(mailing: Any) -> dict[str, Any]:
    """As it was carried out, into an empty queue; then undone."""
    from django.db import transaction
    from django.utils import timezone

    from surveys.messages.queueing import queue_statement

    sql, names = queue_statement(mailing, timezone.now())
    with transaction.atomic():
        _run("DELETE FROM surveys_delivery")
        plan = _explain(sql, names)
        transaction.set_rollback(True)
    return plan


def _batch(mailing: Any) -> dict[str, Any]:
    """Taking a batch of the full queue: all statements timed, the first explained."""
    from datetime import timedelta

    from django.utils import timezone

    from surveys.messages import deliveries

    now = timezone.now()
    names = {"mailing": mailing.pk, "now": now, "n": BATCH}
    names["lease"] = now + timedelta(minutes=10)
    plan = _explain(deliveries.TAKE, names)
    seconds = []
    for _ in range(20):
        start = time.perf_counter()
        assert len(deliveries.take(mailing=mailing, n=BATCH)) == BATCH  # noqa: S101  # or the figure means nothing
        seconds.append(time.perf_counter() - start)
    return {
        "milliseconds": round(1000 * statistics.median(seconds), 1),
        **_scans(plan),
    }


def _explain(sql: str, names: dict[str, Any]) -> dict[str, Any]:
    found = _run(f"EXPLAIN (ANALYZE, TIMING OFF, FORMAT JSON) {sql}", names)
    plan: dict[str, Any] = (json.loads(found) if isinstance(found, str) else found)[0]
    return plan


def _scans(plan: dict[str, Any]) -> dict[str, Any]:
    """How each large table is read, and how often from end to end."""
    nodes = [
        (node["Node Type"], node["Relation Name"], node["Actual Loops"])
        for node in _nodes(plan["Plan"])
        if node.get("Relation Name") in LARGE
    ]
    return {
        "plan": [f"{kind} {table} × {loops:.0f}" for kind, table, loops in nodes],
        "scans_per_person": sum(
            kind == "Seq Scan" and loops > 1 for kind, _table, loops in nodes
        ),
        "milliseconds_in_plan": round(plan["Execution Time"]),
    }


def _nodes(node: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield node
    for inner in node.get("Plans", ()):
        yield from _nodes(inner)


def _run(sql: str, names: dict[str, Any] | None = None) -> Any:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(sql, names)
        return cursor.fetchone()[0] if cursor.description else None


if __name__ == "__main__":
    main()
