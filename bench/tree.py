"""The tree of units at the desk, at 5,000 and at 50,000 units: time and statements.

``python -m bench.tree`` prints JSON. Each page is asked for as an administrator of the
whole tree through Django itself, without a network; the figures are medians. Times of
the two sizes are compared: ``ratio`` is large over small. The import tries and applies
a file of all units with one in twenty renamed, as a worker does.
"""

from __future__ import annotations

import csv
import json
import resource
import statistics
import sys
import tempfile
import time
from datetime import timedelta
from pathlib import Path
from typing import Any

from bench import stage

SIZES = (5_000, 50_000)
RUNS = 15
WIDTH = 37
"""Units right below each unit: a ministry's Eselon II has about so many at most."""

MOST_STATEMENTS = 25


def main() -> None:
    stage.begin()
    try:
        report = {str(n): measure(n) for n in SIZES}
    finally:
        stage.end()
    small, large = (report[str(n)]["pages"] for n in SIZES)
    ratios = {page: round(large[page]["ms"] / small[page]["ms"], 2) for page in small}
    print(json.dumps({**report, "ratio": ratios}, indent=2))
    for page, figures in large.items():
        if figures["statements"] != small[page]["statements"]:
            sys.exit(f"{page}: more statements for more units")
        if figures["statements"] > MOST_STATEMENTS:
            sys.exit(f"{page}: {figures['statements']} statements")


def measure(n_units: int) -> dict[str, Any]:
    """Pages and import with this many units."""
    from django.db import connection
    from django.test.utils import override_settings

    from surveys.models import UnitKerja

    grow(n_units)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    client = administrator()
    leaf = UnitKerja.objects.order_by("-path")[:1].get()
    with override_settings(ALLOWED_HOSTS=["testserver"], SECURE_SSL_REDIRECT=False):
        pages = {name: ask(client, url) for name, url in addresses(leaf).items()}
    return {"units": UnitKerja.objects.count(), "pages": pages, "import": imported()}


def administrator() -> Any:
    """A browser of somebody who administers the whole tree, second factor shown."""
    from allauth.account.internal.flows.login import record_authentication
    from django.contrib.auth.signals import user_logged_in
    from django.test import Client

    from surveys.models import Role, UnitKerja, User
    from surveys.staff.permissions import grant_role

    def show(sender: object, request: Any, user: Any, **_: Any) -> None:
        record_authentication(request, user, "mfa", type="totp")
        request.session["seen_at"] = int(time.time())

    email = "bench@example.org"
    user = User.objects.filter(email=email).first()
    user = user or User.objects.create_user(email, "x" * 20)
    root = UnitKerja.objects.get(parent=None)
    grant_role(user=user, kind=Role.Kind.ADMINISTRATOR, unit=root)
    user_logged_in.connect(show)
    client = Client()
    client.force_login(user)
    user_logged_in.disconnect(show)
    return client


def grow(n_units: int) -> None:
    """Units level by level, ``WIDTH`` below each, until there are this many."""
    from surveys.models import UnitKerja

    if not UnitKerja.objects.exists():
        UnitKerja.objects.create(
            code="K", name="Kementerian", level="L0", path="K/", valid_from="2022-01-01"
        )
    n_missing = n_units - UnitKerja.objects.count()
    childless = UnitKerja.objects.filter(children=None).order_by("pk")
    while n_missing > 0:
        fresh = [
            UnitKerja(
                code=f"{parent.code}.{number:02}",
                name=f"Unit {number:02} di {parent.code}",
                level=f"L{parent.depth + 1}",
                parent=parent,
                path=f"{parent.path}{parent.code}.{number:02}/",
                valid_from="2022-01-01",
            )
            for parent in childless[: 1 + n_missing // WIDTH]
            for number in range(WIDTH)
        ][:n_missing]
        UnitKerja.objects.bulk_create(fresh, batch_size=2000)
        n_missing -= len(fresh)


def addresses(leaf: Any) -> dict[str, str]:
    """What is asked for."""
    from django.urls import reverse
    from django.utils import timezone

    tree = reverse("admin:surveys_unitkerja_tree")
    last_year = timezone.localdate() - timedelta(days=365)
    parent = reverse("admin:surveys_unitkerja_level", args=[leaf.parent_id])
    return {
        "tree": tree,
        "level": parent,
        "search": f"{tree}?cari={leaf.code}",
        "search by name": f"{tree}?cari=Unit+07",
        "opened": f"{tree}?buka={leaf.parent.parent_id}",
        "a year ago": f"{tree}?tanggal={last_year}",
        "unit": reverse("admin:surveys_unitkerja_change", args=[leaf.parent_id]),
        "list": reverse("admin:surveys_unitkerja_changelist") + "?keadaan=berlaku",
    }


def ask(client: Any, url: str) -> dict[str, float]:
    """Median time and number of statements; the first visit only warms up."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    seconds = []
    for _ in range(RUNS + 1):
        with CaptureQueriesContext(connection) as queries:
            begun = time.perf_counter()
            response = client.get(url)
            seconds.append(time.perf_counter() - begun)
        if response.status_code != 200:
            raise SystemExit(f"{response.status_code} {url}")
    ms = 1000 * statistics.median(seconds[1:])
    return {"ms": round(ms, 1), "statements": len(queries), "bytes": size_of(response)}


def size_of(response: Any) -> int:
    return len(response.content)


def imported() -> dict[str, Any]:
    """Try a file of the whole tree, then apply it; seconds, and the process's peak."""
    from django.utils import timezone

    from surveys.structure.unit_imports import apply_units, try_units

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "unit.csv"
        n_rows = write_file(path)
        begun = time.perf_counter()
        trial = try_units(
            path=path,
            root=None,
            starts_on=timezone.localdate(),
            reason="ukur",
            file_name=path.name,
            tried_by=None,
        )
        tried = time.perf_counter() - begun
        apply_units(trial=trial, applied_by=None)
        applied = time.perf_counter() - begun - tried
    return {
        "rows": n_rows,
        "changed": trial.counts["renamed"],
        "try_seconds": round(tried, 2),
        "apply_seconds": round(applied, 2),
        "peak_mb": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024),
    }


def write_file(path: Path) -> int:
    """Every unit as it is, but one in twenty under another name."""
    from surveys.models import UnitKerja
    from surveys.structure.unitfile import COLUMNS

    columns = ("code", "name", "acronym", "level", "parent__code", "kind", "valid_from")
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(COLUMNS)
        n_rows = 0
        for row in UnitKerja.objects.order_by("path").values_list(*columns):
            name = f"{row[1]} (baru)" if n_rows % 20 == 0 else row[1]
            writer.writerow((row[0], name, *row[2:], ""))
            n_rows += 1
    return n_rows


if __name__ == "__main__":
    main()
