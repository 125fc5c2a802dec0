"""A whole scoring run, beside the least that reading the same answers could take.

``python -m bench.scoring`` prints JSON; ``SIZES=100000,1000000`` asks for other sizes
and ``SCHEME=`` for another of the shipped schemes. For each size a sealed wave is made
(``bench.population``); a process computes it alone, with the floor right before and its
time by step; then one and two real workers compute it. The floor is a binary COPY of
the answers and one count over their codes. It fails unless all runs agree to the bit.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import psutil

from bench import stage
from bench.sources import ROOT

SIZES = os.environ.get("SIZES", "100000,1000000,4700000")
SCHEME = os.environ.get("SCHEME", "berakhlak-rata-rata-6")
RUNS = int(os.environ.get("RUNS", "2"))
"""Of each kind; the fastest counts, since others use the machine too."""

PATIENCE = 1800.0
STEPS = (
    "start_run",
    "check_answers",
    "tally_cells",
    "moments_of_cells",
    "pool_of_run",
    "checks_of_cells",
    "tallies_of",
    "compute",
    "examine_run",
    "analyse",
    "load_scores",
    "load_examined",
    "publish",
    "store_analyses",
)
"""Functions of ``scoring.runs`` whose time is told."""

APART = ("moments_of_cells", "pool_of_run", "checks_of_cells", "examine_run")
"""Passes 2 and 3, with what pass 1 keeps for them."""

NOBODY_DECIDES = {"families": 4}
"""Of 5,000 honest units some have flags of two families, and would wait for people."""

FLOOR = """
COPY (SELECT answers FROM surveys_answer WHERE wave_id = {wave:d})
TO STDOUT (FORMAT binary)
"""
AT_A_TIME = 20_000


def main() -> None:
    stage.begin()
    report = {}
    try:
        for size in SIZES.split(","):
            report[size] = measure(int(size))
            print(size, json.dumps(report[size]), file=sys.stderr)
    finally:
        stage.end()
    print(json.dumps(report, indent=2))
    if not all(size["agree"] for size in report.values()):
        sys.exit("The same wave gave different results.")


def measure(n: int) -> dict[str, Any]:
    """Seconds and memory of one size, best of ``RUNS``."""
    from bench.population import seal_population

    wave = seal_population(n)
    alone = [_in_a_process(wave.code) for _ in range(RUNS)]
    with_workers = {k: [_by_workers(k, wave) for _ in range(RUNS)] for k in (1, 2)}
    best = min(alone, key=_seconds)
    one, two = (min(with_workers[k], key=_seconds) for k in (1, 2))
    floor = min(each["floor_seconds"] for each in alone)
    every = [*alone, *with_workers[1], *with_workers[2]]
    return {
        "cells": wave.cells.filter(merged_into=None).count(),
        "units": wave.units.count(),
        "floor_seconds": floor,
        "alone": best,
        "one_worker": one,
        "two_workers": two,
        "alone_times_floor": round(_seconds(best) / floor, 2),
        "alone_without_passes_times_floor": round(best["without_passes"] / floor, 2),
        "one_worker_times_floor": round(_seconds(one) / floor, 2),
        "two_workers_faster": round(_seconds(one) / _seconds(two), 2),
        "load_average": os.getloadavg(),
        "agree": len({each["digest"] for each in every}) == 1,
    }


def _seconds(figures: dict[str, Any]) -> float:
    return float(figures["seconds"])


# --- Alone ---------------------------------------------------------------------------


def _in_a_process(code: str) -> dict[str, Any]:
    command = [sys.executable, "-m", "bench.scoring", code]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    told: dict[str, Any] = json.loads(done.stdout)
    return told


def alone(code: str) -> dict[str, Any]:
    """The floor, then the whole run, in this process."""
    import django

    django.setup()
    from scoring import runs
    from surveys.models import Wave

    wave = Wave.objects.get(code=code)
    start = time.perf_counter()
    read_and_count(wave)
    floor = time.perf_counter() - start
    scheme = _scheme()
    with _timed(runs) as steps:
        start = time.perf_counter()
        run = runs.start_run(wave=wave, scheme=scheme)
        for _ in runs.work_through(run):
            pass
        seconds = time.perf_counter() - start
    run.refresh_from_db()
    apart = sum(steps[name] for name in APART)
    return {
        "seconds": round(seconds, 2),
        "without_passes": round(seconds - apart, 2),
        "floor_seconds": round(floor, 2),
        "steps": {name: round(spent, 2) for name, spent in steps.items()},
        "megabytes": _megabytes(os.getpid()),
        "digest": run.result_digest,
    }


def read_and_count(wave: Any) -> np.ndarray:
    """How often each code was given: what no way of scoring could do without."""
    from django.db import connection

    counting = _Counting(wave.sheet_width)
    with connection.cursor() as cursor:
        cursor.copy_expert(FLOOR.format(wave=wave.pk), counting)
    counting.count()
    return counting.counts


class _Counting:
    def __init__(self, width: int) -> None:
        code = np.dtype([("length", ">i4"), ("value", ">i2")])
        head = [("n_fields", ">i2"), ("length", ">i4"), ("head", ">i4", (5,))]
        self._row = np.dtype([*head, ("codes", code, (width,))])
        self._parts: list[bytes] = []
        self.counts = np.zeros(1 << 15, dtype=np.int64)

    def write(self, part: bytes) -> int:
        self._parts.append(part[-self._row.itemsize :])  # the first has a header
        if len(self._parts) == AT_A_TIME:
            self.count()
        return len(part)

    def count(self) -> None:
        data = b"".join(self._parts)
        rows = np.frombuffer(data, self._row, count=len(data) // self._row.itemsize)
        codes = rows["codes"]["value"].ravel()
        self.counts += np.bincount(codes, minlength=len(self.counts))
        self._parts = []


@contextmanager
def _timed(module: Any) -> Iterator[dict[str, float]]:
    """Seconds spent in each of ``STEPS`` while the block runs."""
    spent: dict[str, float] = defaultdict(float)

    def timed(name: str, function: Callable[..., Any]) -> Callable[..., Any]:
        def call(*args: Any, **named: Any) -> Any:
            start = time.perf_counter()
            try:
                return function(*args, **named)
            finally:
                spent[name] += time.perf_counter() - start

        return call

    plain = {name: getattr(module, name) for name in STEPS}
    for name, function in plain.items():
        setattr(module, name, timed(name, function))
    module.analyse = timed("analyse", lambda *args: list(plain["analyse"](*args)))
    try:
        yield spent
    finally:
        for name, function in plain.items():
            setattr(module, name, function)


# --- By workers ----------------------------------------------------------------------


def _by_workers(n: int, wave: Any) -> dict[str, Any]:
    """From the start of a run to its published scores, by ``n`` workers."""
    from scoring import runs, tasks
    from scoring.models import ScoringRun

    with _workers(n) as workers:
        start = time.perf_counter()
        run = runs.start_run(wave=wave, scheme=_scheme())
        tasks.queue_run.delay(run.pk)
        while run.is_running:
            if time.perf_counter() > start + PATIENCE:
                raise TimeoutError("the run does not end")
            time.sleep(0.02)
            run.refresh_from_db(fields=["state", "result_digest", "error"])
        seconds = time.perf_counter() - start
        children = [child for each in workers for child in each.children()]
        memory = [_megabytes(child.pid) for child in children]
    if run.state != ScoringRun.State.COMPUTED:
        raise SystemExit(f"{run.get_state_display()}: {run.error}")
    return {
        "seconds": round(seconds, 2),
        "megabytes": memory,
        "digest": run.result_digest,
    }


@contextmanager
def _workers(n: int) -> Iterator[list[psutil.Process]]:
    from berakhlak.celery import app

    started = [_start_worker(number) for number in range(n)]
    try:
        deadline = time.monotonic() + stage.START_SECONDS
        while len(app.control.ping(timeout=1.0) or ()) < n:
            if time.monotonic() > deadline:
                raise TimeoutError("the workers do not answer")
        yield [psutil.Process(each.pid) for each in started]
    finally:
        for each in started:
            each.terminate()
        for each in started:
            each.wait(60)


def _start_worker(number: int) -> subprocess.Popen[bytes]:
    command = "celery --app berakhlak worker --queues celery --concurrency 1"
    command += f" --hostname bench{number}@%h --without-gossip --without-mingle"
    program, *options = command.split()
    return subprocess.Popen(
        [str(Path(sys.executable).with_name(program)), *options, "--loglevel", "ERROR"],
        cwd=ROOT,
        env={**os.environ, "DATABASE_ROLE": "app"},
        stdout=subprocess.DEVNULL,
    )


def _scheme() -> Any:
    import yaml

    from scoring.scheme import parse_scheme
    from scoring.schemes_store import store_scheme

    path = ROOT / "scoring" / "schemes" / f"{SCHEME}.yaml"
    document = yaml.safe_load(path.read_text("utf-8"))
    return store_scheme(parse_scheme({**document, "quality": NOBODY_DECIDES}))


def _megabytes(pid: int) -> int:
    """The most that a process has held."""
    status = Path(f"/proc/{pid}/status").read_text()
    (line,) = (line for line in status.splitlines() if line.startswith("VmHWM"))
    return round(int(line.split()[1]) / 1024)


if __name__ == "__main__":
    if len(sys.argv) == 2:
        print(json.dumps(alone(sys.argv[1])))
    else:
        main()
