"""What a test may ask for: the real engines, the app's role, workers, a browser."""

from __future__ import annotations

import fcntl
import os
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import IO, Any

import pytest
import redis
from allauth.account.internal.flows.login import record_authentication
from django.conf import settings
from django.contrib.auth.signals import user_logged_in
from django.core.cache import cache
from django.db import connection
from django.db.backends.signals import connection_created
from django.test import TransactionTestCase
from django.test.utils import override_settings

from berakhlak import embedded
from berakhlak.celery import app as celery_app
from berakhlak.engines import APP, DATABASE, OWNER
from berakhlak.privileges import grant_app_privileges
from scoring.models import ScoringRun
from surveys.models import UnitKerja, Wave
from tests.emptying import fixture_teardown
from tests.factories import (
    HIDDEN,
    SCORES,
    Cast,
    make_cast,
    make_run,
    make_units,
    make_wave,
)

CHROMIUM_FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
WORKER_START_SECONDS = 60.0
END_OTHER_SESSIONS = """
    SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity
    WHERE datname = current_database() AND pid <> pg_backend_pid()
"""


def pytest_configure(config: pytest.Config) -> None:
    """Give this run its own database and Redis numbers, beside demo and other runs."""
    number, lock = _free_place()
    config.stash[PLACE] = (number, lock)
    user = settings.DATABASES["default"]
    user["USER"] = OWNER
    user["CONN_MAX_AGE"] = 0  # or threads of the live server keep the database open
    user["TEST"]["NAME"] = f"test_{DATABASE}{'' if number == 1 else number}"


PLACE = pytest.StashKey[tuple[int, IO[str]]]()


def _free_place() -> tuple[int, IO[str]]:
    """The first of seven places whose lock nobody holds."""
    folder = embedded.data_dir()
    folder.mkdir(mode=0o711, parents=True, exist_ok=True)
    for number in range(1, 8):
        lock = (folder / f"test-{number}.lock").open("w")
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            lock.close()
        else:
            return number, lock
    raise pytest.UsageError("Seven test runs are going on in this folder already.")


@pytest.fixture(scope="session", autouse=True)
def _settings_of_tests(
    pytestconfig: pytest.Config, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[None]:
    """Plain static files, quick passwords, own secrets, own corner of Redis."""
    number = pytestconfig.stash[PLACE][0]
    broker = embedded.redis_url(2 * number)
    cache = {
        **settings.CACHES["default"],
        "LOCATION": embedded.redis_url(2 * number + 1),
    }
    static = "django.contrib.staticfiles.storage.StaticFilesStorage"
    secrets = tmp_path_factory.mktemp("secrets")
    secrets.chmod(0o700)
    files = tmp_path_factory.mktemp("files")
    as_celery_spells_it = broker.replace("unix:", "redis+socket:")
    celery_app.conf.update(
        broker_url=as_celery_spells_it.replace("?db=", "?virtual_host=")
    )
    with override_settings(
        CACHES={"default": cache},
        REDIS_URL=broker,
        SECRETS_DIR=secrets,
        FILES_DIR=files,
        STATIC_ROOT=tmp_path_factory.mktemp("static"),
        STORAGES={**settings.STORAGES, "staticfiles": {"BACKEND": static}},
        PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"],
    ):
        yield


@pytest.fixture(scope="session", autouse=True)
def _quick_teardown() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(TransactionTestCase, "_fixture_teardown", fixture_teardown)
        yield


@pytest.fixture(scope="session")
def engines(pytestconfig: pytest.Config) -> Iterator[None]:
    """The embedded PostgreSQL and Redis, this run's corner of Redis empty."""
    embedded.hold()
    number = pytestconfig.stash[PLACE][0]
    for corner in (2 * number, 2 * number + 1):
        with redis.Redis.from_url(embedded.redis_url(corner)) as client:
            client.flushdb()
    yield
    embedded.release()


@pytest.fixture(scope="session")
def django_db_modify_db_settings(engines: None) -> None:
    """pytest-django asks for this before it creates the test database."""


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """The test database, with the app's rights as ``prepare_database`` gives them."""
    with django_db_blocker.unblock():
        grant_app_privileges()
    yield
    with django_db_blocker.unblock(), connection.cursor() as cursor:
        cursor.execute(END_OTHER_SESSIONS)


@pytest.fixture
def as_app(db: None) -> Iterator[None]:
    """Everything in the test, pages of ``live_server`` included, runs as the app."""

    became: list[Any] = []  # a browser's tests have a second connection in this thread

    def become_app(sender: object, connection: Any, **_: Any) -> None:
        with connection.cursor() as cursor:
            cursor.execute(f"SET ROLE {APP}")
        if threading.current_thread() is threading.main_thread():
            became.append(connection)

    connection_created.connect(become_app)
    become_app(None, connection)
    yield
    connection_created.disconnect(become_app)
    for each in became:
        with each.cursor() as cursor:
            cursor.execute("RESET ROLE")


class Worker:
    """A real Celery worker process on the test database; ``kill`` and start again."""

    def __init__(self, queue: str, role: str, folder: Path) -> None:
        self.queue, self.role, self.folder = queue, role, folder
        self.name = f"{queue}-{os.getpid()}"
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Returns when the worker takes tasks."""
        self.log = self.folder / f"{self.queue}-{time.monotonic_ns()}.log"
        which = ["-Q", self.queue, "-n", f"{self.name}@test", "-P", "solo"]
        options = [*which, "-l", "INFO", "--without-mingle"]
        with self.log.open("wb") as output:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "celery", "-A", "berakhlak", "worker", *options],
                stdout=output,
                stderr=output,
                env=environment_of_tests(self.role),
                cwd=embedded.BASE_DIR,
            )
        deadline = time.monotonic() + WORKER_START_SECONDS
        while " ready." not in self.log.read_text():
            if self.process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(f"No worker:\n{self.log.read_text()[-3000:]}")
            time.sleep(0.1)

    def listen(self) -> None:
        """Take the tasks that come from now on; returns when it does."""
        with redis.Redis.from_url(settings.REDIS_URL) as broker:
            broker.delete(self.queue)  # what tests left that did its work themselves
        if self.process is None or self.process.poll() is not None:
            self.start()
        else:
            self._told("add_consumer")

    def rest(self) -> None:
        """Take no more tasks; returns when the last one is done."""
        if self.process is not None and self.process.poll() is None:
            self._told("cancel_consumer")

    def _told(self, order: str) -> None:
        tell, name = getattr(celery_app.control, order), f"{self.name}@test"
        replies = tell(
            self.queue, destination=[name], reply=True, limit=1, timeout=60.0
        )
        if not replies:
            raise RuntimeError(f"No reply:\n{self.log.read_text()[-3000:]}")

    def kill(self) -> None:
        """As a power cut would: no warning, nothing finished."""
        if self.process is not None:
            self.process.kill()
            self.process.wait()


def environment_of_tests(role: str) -> dict[str, str]:
    """As in production: every name is given, the engines are those of this test run."""
    name = connection.settings_dict["NAME"]
    return {
        **os.environ,
        "DATABASE_ROLE": role,
        "DATABASE_URL": embedded.database_url(role, name),
        "REDIS_URL": settings.REDIS_URL,
        "SECRET_KEY": settings.SECRET_KEY,
        "SECRETS_DIR": str(settings.SECRETS_DIR),
        "FILES_DIR": str(settings.FILES_DIR),
        "ALLOWED_HOSTS": "localhost",
    }


@pytest.fixture(scope="session")
def _workers(
    django_db_setup: None, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[dict[str, Worker]]:
    """One for each queue, started by the first test that asks for it."""
    folder = tmp_path_factory.mktemp("workers")
    roles = {"celery": "app", "sealing": "owner"}
    workers = {queue: Worker(queue, role, folder) for queue, role in roles.items()}
    yield workers
    for each in workers.values():
        each.kill()


@pytest.fixture
def worker(transactional_db: None, _workers: dict[str, Worker]) -> Iterator[Worker]:
    """A worker as the app, which takes the tasks of this test and of no other."""
    worker = _workers["celery"]
    worker.listen()
    yield worker
    worker.rest()


@pytest.fixture
def sealer(transactional_db: None, _workers: dict[str, Worker]) -> Iterator[Worker]:
    """A worker as the owner, on the queue ``sealing``."""
    sealer = _workers["sealing"]
    sealer.listen()
    yield sealer
    sealer.rest()


OpenBrowser = Callable[..., Any]


@pytest.fixture(scope="session")
def chromium() -> Iterator[Any]:
    """One Chromium for all the tests; what a test does in it, its context forgets."""
    from playwright.sync_api import sync_playwright

    program = shutil.which("chromium")
    if program is None:
        reason = "there is no Chromium; as root: apt-get install chromium"
        (pytest.fail if os.environ.get("CI") else pytest.skip)(reason)
    # Playwright keeps an event loop in this thread; our own queries stay synchronous.
    with pytest.MonkeyPatch.context() as patch, sync_playwright() as playwright:
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
        yield playwright.chromium.launch(executable_path=program, args=CHROMIUM_FLAGS)


@pytest.fixture
def open_browser(chromium: Any) -> Iterator[OpenBrowser]:
    """``open_browser(width=360, **options)`` gives a page that knows no other test."""
    with ExitStack() as opened:

        def open_page(*, width: int = 1280, height: int = 800, **options: Any) -> Any:
            size = {"width": width, "height": height}
            context = chromium.new_context(viewport=size, locale="id-ID", **options)
            opened.callback(context.close)
            return context.new_page()

        yield open_page


@pytest.fixture
def page(open_browser: OpenBrowser) -> Any:
    """One page of a desktop browser."""
    return open_browser()


@pytest.fixture(autouse=True)
def _nothing_remembered(request: pytest.FixtureRequest) -> None:
    """What another test left in the cache, its sign-ins counted there among it."""
    if "_django_db_helper" in request.fixturenames:
        request.getfixturevalue("engines")
        cache.clear()


@pytest.fixture(autouse=True)
def _second_factor_was_shown() -> Iterator[None]:
    """``Client.force_login`` stands for a whole sign-in, the second factor included.

    Django's test client signs in with a request that came to no address; a sign-in
    through the pages is left as it is.
    """

    def remember(sender: object, request: Any, user: Any, **_: Any) -> None:
        if not request.path:
            record_authentication(request, user, "mfa", type="totp")
            request.session["seen_at"] = int(time.time())

    user_logged_in.connect(remember)
    yield
    user_logged_in.disconnect(remember)


# --- The small ministry of tests/factories.py ----------------------------------------


@pytest.fixture
def units() -> dict[str, UnitKerja]:
    return make_units()


@pytest.fixture
def cast(units: dict[str, UnitKerja]) -> Cast:
    return make_cast(units)


@pytest.fixture
def wave(units: dict[str, UnitKerja]) -> Wave:
    return make_wave(units)


@pytest.fixture
def run(wave: Wave) -> ScoringRun:
    """Computed, not released; unit 03 hidden."""
    return make_run(wave, {**SCORES, "03": HIDDEN})
