"""The private engines: any process may start them, at any time, after any accident."""

from __future__ import annotations

import os
import signal
import stat
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psutil
import psycopg2
import pytest

from berakhlak import embedded, engines
from berakhlak.embedded import BASE_DIR

HOLD = "from berakhlak import embedded; embedded.hold(); input()"
WHO = "SELECT current_user, current_setting('is_superuser')"


@pytest.fixture
def data(monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A data folder of this test alone; nothing of it runs on afterwards."""
    # Not tmp_path: every start of pytest closes that to other accounts.
    with tempfile.TemporaryDirectory(prefix="berakhlak-test-") as parent:
        folder = Path(parent).resolve() / "data"
        monkeypatch.setenv("DATA_DIR", str(folder))
        yield folder
        embedded.release()
        embedded.erase()
        assert not engines_of(folder)


def engines_of(folder: Path) -> list[str]:
    """The names of the servers that run in a data folder."""
    servers = ("postgres", "redis-server")
    return sorted(
        process.info["name"]
        for process in psutil.process_iter(["name", "cmdline"])
        if process.info["name"] in servers
        and str(folder) in " ".join(process.info["cmdline"] or ())
    )


def start_holder() -> subprocess.Popen[bytes]:
    """A process that holds the engines until its input ends."""
    command = [sys.executable, "-c", HOLD]
    return subprocess.Popen(command, cwd=BASE_DIR, stdin=subprocess.PIPE)


def query(role: str, text: str) -> tuple[object, ...]:
    """The first row of a query as one of the two roles."""
    url = embedded.database_url(role).replace("postgres://", "postgresql://")
    connection = psycopg2.connect(url)
    try:
        with connection.cursor() as cursor:
            cursor.execute(text)
            return cursor.fetchone() or ()
    finally:
        connection.close()


def test_it_starts_once_for_many_and_stops_after_the_last(data: Path) -> None:
    holders = [start_holder() for _ in range(3)]
    embedded.hold()
    assert engines_of(data) == ["postgres", "redis-server"]
    embedded.release()
    for holder in holders[:2]:
        holder.communicate(b"\n")
    assert engines_of(data) == ["postgres", "redis-server"]
    holders[2].communicate(b"\n")
    assert engines_of(data) == []


def test_it_starts_again_after_both_were_killed(data: Path) -> None:
    embedded.hold()
    postmaster = int((data / "postgres" / "postmaster.pid").read_text().split()[0])
    redis = int((data / "redis" / "redis.pid").read_text())
    for pid in (postmaster, redis):
        os.kill(pid, signal.SIGKILL)
    embedded.hold()
    assert query("app", "SELECT 1") == (1,)


def test_it_does_not_trust_a_stale_process_number(data: Path) -> None:
    embedded.hold()
    embedded.stop()
    (data / "postgres" / "postmaster.pid").write_text(f"{os.getpid()}\n")
    embedded.hold()
    assert query("app", "SELECT 1") == (1,)


def test_it_works_under_a_path_too_long_for_a_socket(
    data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATA_DIR", str(data / ("x" * 100)))
    embedded.hold()
    assert query("app", "SELECT 1") == (1,)
    embedded.release()
    embedded.erase()
    monkeypatch.setenv("DATA_DIR", str(data))


def test_it_says_that_the_disk_is_full(
    data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engines, "FREE_SPACE_NEEDED", 2**60)
    with pytest.raises(engines.EngineError, match="penuh"):
        embedded.hold()


def test_it_keeps_its_secrets_from_other_accounts(data: Path) -> None:
    key = embedded.secret_key()
    assert embedded.secret_key() == key
    assert stat.S_IMODE((data / "secret_key").stat().st_mode) == 0o600
    embedded.hold()
    assert stat.S_IMODE((data / "run").stat().st_mode) == 0o700


def test_its_roles_own_what_they_should_and_no_more(data: Path) -> None:
    embedded.hold()
    assert query("owner", WHO) == ("berakhlak_owner", "off")
    assert query("app", WHO) == ("berakhlak_app", "off")
    with pytest.raises(psycopg2.errors.InsufficientPrivilege):
        query("app", "CREATE TABLE mine (id int); SELECT 1")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("log_statement", "none"),
        ("log_min_error_statement", "panic"),
        ("log_min_duration_statement", "-1"),
        ("log_error_verbosity", "terse"),
        ("track_commit_timestamp", "off"),
        ("fsync", "on"),
    ],
)
def test_it_leaves_no_trace_and_loses_nothing(
    engines: None, name: str, value: str
) -> None:
    assert query("app", f"SELECT current_setting('{name}')") == (value,)
