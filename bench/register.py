"""Importing a register, beside a bare COPY of the same rows.

``python -m bench.register`` prints JSON; ``PEOPLE=1000000`` asks for more people. Each
step is a process of its own, so that its peak of memory is its own: read as CSV or XLSX
and checked; applied; applied again with nothing changed, then with everybody changed.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from bench import stage

PEOPLE = int(os.environ.get("PEOPLE", "100000"))
UNITS = 400
HEADER = ("NIP", "Nama", "Unit", "Surel", "HP", "Jenis Kelamin", "Golongan")
XLSX_MOST = 200_000
"""A workbook of more takes minutes to write."""

TABLE = """
CREATE TABLE bench_copy (
    nip text PRIMARY KEY, name text, unit text, email text, phone text, sex text,
    grade text
)
"""


def main() -> None:
    folder = stage.begin()
    try:
        _make_wave()
        first, changed = folder / "pegawai.csv", folder / "berubah.csv"
        for path, mail in ((first, "contoh.go.id"), (changed, "baru.go.id")):
            _write(path, people(mail))
        report: dict[str, Any] = {
            "people": PEOPLE,
            "megabytes": first.stat().st_size / 1e6,
        }
        for name, path in (
            ("bare_copy", first),
            ("check", first),
            ("apply", first),
            ("apply_unchanged", first),
            ("apply_changed", changed),
        ):
            report[name] = _in_a_process(name.split("_")[0], path)
        if PEOPLE <= XLSX_MOST:
            book = folder / "pegawai.xlsx"
            _write_book(book, people("baru.go.id"))
            report["check_xlsx"] = _in_a_process("check", book)
        bare = report["bare_copy"]["seconds"]
        report["apply_times_bare_copy"] = report["apply"]["seconds"] / bare
    finally:
        stage.end()
    print(json.dumps(report, indent=2, default=str))


def _in_a_process(step: str, path: Path) -> dict[str, Any]:
    command = [sys.executable, "-m", "bench.register", step, str(path)]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    told: dict[str, Any] = json.loads(done.stdout)
    return told


# --- What is measured ----------------------------------------------------------------


def bare(path: Path) -> dict[str, int]:
    """COPY, as PostgreSQL reads a CSV, into a table with nothing but its key."""
    from django.db import connection

    with connection.cursor() as cursor, path.open("rb") as file:
        cursor.execute(TABLE)
        copy = "COPY bench_copy FROM STDIN (FORMAT csv, HEADER)"
        cursor.copy_expert(copy, file, 1 << 16)
    return {}


def check(path: Path) -> dict[str, int]:
    from surveys.files.faults import Faults
    from surveys.models import Wave
    from surveys.people.register import USUAL, check_participants

    faults = Faults(keep=20)
    done = check_participants(
        wave=Wave.objects.get(), path=path, strata=USUAL, faults=faults
    )
    return {**done.counts(), "n_faults": faults.n}


def apply(path: Path) -> dict[str, int]:
    from surveys.models import Wave
    from surveys.people.register import USUAL, load_participants

    done = load_participants(wave=Wave.objects.get(), path=path, strata=USUAL)
    return done.counts()


STEPS: dict[str, Callable[[Path], dict[str, int]]] = {
    "bare": bare,
    "check": check,
    "apply": apply,
}


def measured(step: str, path: Path) -> dict[str, Any]:
    """Seconds, rows a second, and memory before and at the peak."""
    import django

    django.setup()
    import surveys.people.register  # noqa: F401  # a worker has it in memory already

    before = _megabytes()
    start = time.perf_counter()
    counts = STEPS[step](path)
    seconds = time.perf_counter() - start
    return {
        "seconds": round(seconds, 2),
        "rows_per_second": round(PEOPLE / seconds),
        "megabytes_before": before,
        "megabytes_at_peak": _megabytes(),
        "counts": {name: n for name, n in counts.items() if n},
    }


def _megabytes() -> int:
    """The most this process has held; ``ru_maxrss`` would tell of its parent."""
    status = Path("/proc/self/status").read_text()
    (line,) = (line for line in status.splitlines() if line.startswith("VmHWM"))
    return round(int(line.split()[1]) / 1024)


# --- The ministry and its file -------------------------------------------------------


def _make_wave() -> None:
    from datetime import timedelta

    from django.utils import timezone

    from bench.sources import ROOT
    from surveys.fieldwork import waves
    from surveys.instruments.authoring import store_instrument
    from surveys.instruments.proofreading import read_document
    from surveys.models import UnitKerja, Wave

    path = ROOT / "surveys" / "data" / "instruments" / f"{stage.INSTRUMENT}.yaml"
    stored = store_instrument(document=read_document(path))
    root = UnitKerja.objects.create(
        code="KEM",
        name="Kementerian",
        level="INSTANSI",
        path="KEM/",
        valid_from="2022-01-01",
    )
    UnitKerja.objects.bulk_create(
        UnitKerja(
            code=unit,
            name=f"Unit {unit}",
            level="ESELON_I",
            parent=root,
            path=f"KEM/{unit}/",
            valid_from="2022-01-01",
        )
        for unit in map(_unit, range(UNITS))
    )
    waves.create_wave(
        code="BENCH",
        name="Gelombang ukur",
        instrument=stored.instrument,
        root=root,
        source=Wave.Source.ONLINE,
        closes_at=timezone.now() + timedelta(days=7),
        reference_date=timezone.localdate(),
    )


def _unit(n: int) -> str:
    return f"U{n % UNITS:04}"


def people(mail: str) -> Iterator[tuple[str, ...]]:
    """As a ministry sends them: dots in the NIP, blanks and dashes in the number."""
    for n in range(PEOPLE):
        day, month, year = 1 + n % 28, 1 + n // 28 % 12, 1965 + n // 336 % 35
        sex = 1 + n % 2
        nip = f"{year}{month:02}{day:02} {year + 24}{month:02} {sex} {n // 11760:03}"
        yield (
            nip,
            f"Pegawai Contoh {n}",
            _unit(n),
            f"pegawai.{n}@{mail}",
            f"0812-{n // 10000:04}-{n % 10000:04}",
            "LP"[n % 2],
            ("II", "III", "IV")[n % 3],
        )


def _write(path: Path, rows: Iterator[tuple[str, ...]]) -> None:
    with path.open("w", encoding="utf-8") as file:
        file.write(",".join(HEADER) + "\n")
        file.writelines(",".join(row) + "\n" for row in rows)


def _write_book(path: Path, rows: Iterator[tuple[str, ...]]) -> None:
    from openpyxl import Workbook

    book = Workbook(write_only=True)
    sheet = book.create_sheet()
    sheet.append(HEADER)
    for row in rows:
        sheet.append(row)
    book.save(path)


if __name__ == "__main__":
    if len(sys.argv) == 3:
        print(json.dumps(measured(sys.argv[1], Path(sys.argv[2]))))
    else:
        main()
