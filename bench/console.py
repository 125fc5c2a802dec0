"""The wave console at 5,000 and at 1,000,000 people: it should cost the same.

``python -m bench.console`` prints JSON: milliseconds and queries of the console's top,
of a unit below it and of the list of waves, and what the clock's count takes. Page
times are medians of requests through Django's own handler, signed in as the system's
manager. It fails if the page of the large wave asks more than that of the small one.
"""

from __future__ import annotations

import json
import statistics
import sys
import time
from datetime import timedelta
from typing import Any

from bench import stage
from bench.sources import ROOT

TREES = {5_000: (10, 8), 1_000_000: (10, 8, 5, 40)}
"""How many units stand below each, level by level, and people spread over the last."""

REQUESTS = 30
WARM_UP = 5
ROUNDS = 3
LEVELS = ("ESELON_I", "ESELON_II", "ESELON_III", "ESELON_IV")

REGISTER = """
INSERT INTO surveys_participant
    (id, wave_id, unit_id, strata, edition, state, has_left)
SELECT gen_random_uuid(), %(wave)s, unit.id, '{}', 1, 'invited', false
FROM surveys_unitkerja AS unit, generate_series(1, %(each)s)
WHERE unit.path LIKE %(under)s AND unit.level = %(level)s
"""

ARRIVE = """
INSERT INTO surveys_arrival (wave_id, unit_id, quarter_hour, n_new)
SELECT %(wave)s, unit.id,
       date_trunc('hour', now()) - make_interval(hours => back * 5), 4 + unit.id %% 3
FROM surveys_waveunit AS unit, generate_series(0, 5) AS back
WHERE unit.wave_id = %(wave)s AND unit.level = %(level)s
"""


def main() -> None:
    stage.begin()
    try:
        report = {str(n): measure(n, below) for n, below in TREES.items()}
    finally:
        stage.end()
    print(json.dumps(report, indent=2))
    small, large = (report[str(n)]["pages"] for n in TREES)
    grown = [p for p in small if large[p]["queries"] > small[p]["queries"]]
    if grown:
        sys.exit(f"More queries for more people: {', '.join(grown)}.")


def measure(n_people: int, below: tuple[int, ...]) -> dict[str, Any]:
    """One wave of this size, opened, counted, and looked at."""
    from surveys.fieldwork import waves
    from surveys.models import Wave, WaveUnit
    from surveys.monitoring import counters
    from surveys.monitoring.progress import count_arrivals

    wave = draft(n_people, below)
    started = time.perf_counter()
    wave = waves.open_wave(wave=wave)
    opened = time.perf_counter() - started
    _run(ARRIVE, {"wave": wave.pk, "level": LEVELS[len(below) - 1]})
    _run("ANALYZE")
    counters.refresh(wave=wave)
    counting = []
    for _ in range(ROUNDS):
        started = time.perf_counter()
        count_arrivals(wave=Wave.objects.get(pk=wave.pk))
        counting.append(time.perf_counter() - started)
    page = f"/desk/surveys/wave/{wave.pk}/change/"
    unit = WaveUnit.objects.filter(wave=wave, level=LEVELS[0]).order_by("path")[0]
    return {
        "people": n_people,
        "units": WaveUnit.objects.filter(wave=wave).count(),
        "open_seconds": round(opened, 2),
        "count_seconds": round(statistics.median(counting), 2),
        "pages": {
            "console": timed(page),
            "console of a unit": timed(f"{page}?unit={unit.code}"),
            "list of waves": timed("/desk/surveys/wave/"),
        },
    }


def draft(n_people: int, below: tuple[int, ...]) -> Any:
    """A draft with its tree and its register, nobody of whom has a contact."""
    from django.utils import timezone

    from surveys.fieldwork import waves
    from surveys.instruments.authoring import store_instrument
    from surveys.instruments.proofreading import read_document
    from surveys.models import UnitKerja, Wave

    folder = ROOT / "surveys" / "data" / "instruments"
    document = read_document(folder / f"{stage.INSTRUMENT}.yaml")
    code = f"K{n_people}"
    root = tree(code, below)
    wave = waves.create_wave(
        code=code,
        name=f"Gelombang {n_people}",
        instrument=store_instrument(document=document).instrument,
        root=UnitKerja.objects.get(pk=root.pk),
        source=Wave.Source.ONLINE,
        closes_at=timezone.now() + timedelta(days=7),
        reference_date=timezone.localdate(),
        is_simulated=True,
    )
    n_leaves = 1
    for n in below:
        n_leaves *= n
    names = {"wave": wave.pk, "each": -(-n_people // n_leaves)}
    _run(REGISTER, {**names, "under": f"{code}/%", "level": LEVELS[len(below) - 1]})
    return wave


def tree(code: str, below: tuple[int, ...]) -> Any:
    """A root and so many units below each, level by level."""
    from surveys.models import UnitKerja

    root = UnitKerja(code=code, name=code, level="INSTANSI", path=f"{code}/")
    above, root.valid_from = [root], "2022-01-01"
    UnitKerja.objects.bulk_create(above)
    for level, n in zip(LEVELS, below, strict=False):
        units = [
            UnitKerja(
                code=f"{parent.code}.{number:02}",
                name=f"Unit {parent.code}.{number:02}",
                level=level,
                parent=parent,
                path=f"{parent.path}{parent.code}.{number:02}/",
                valid_from="2022-01-01",
            )
            for parent in above
            for number in range(n)
        ]
        UnitKerja.objects.bulk_create(units, batch_size=5000)
        above = units
    return root


def timed(address: str) -> dict[str, float]:
    """Median milliseconds, queries and bytes of one page."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    client = manager()
    seconds = []
    for number in range(WARM_UP + REQUESTS):
        started = time.perf_counter()
        answer = client.get(address)
        if answer.status_code != 200:
            raise SystemExit(f"{address}: {answer.status_code}")
        if number >= WARM_UP:
            seconds.append(time.perf_counter() - started)
    with CaptureQueriesContext(connection) as queries:
        client.get(address)
    return {
        "ms": round(1000 * statistics.median(seconds), 1),
        "queries": len(queries),
        "kilobytes": round(len(answer.content) / 1024, 1),
    }


def manager() -> Any:
    """A browser of the system's manager, second factor shown."""
    from allauth.account.internal.flows.login import record_authentication
    from django.contrib.auth.signals import user_logged_in
    from django.test import Client

    from surveys.models import User

    def show(sender: object, request: Any, user: Any, **_: Any) -> None:
        record_authentication(request, user, "mfa", type="totp")
        request.session["seen_at"] = int(time.time())

    email = "bench@contoh.invalid"
    user = User.objects.filter(email=email).first()
    user_logged_in.connect(show)
    client = Client(SERVER_NAME="localhost")
    client.force_login(user or User.objects.create_superuser(email, "x" * 20))
    user_logged_in.disconnect(show)
    return client


def _run(statement: str, names: dict[str, Any] | None = None) -> None:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(statement, names)


if __name__ == "__main__":
    main()
