"""A private PostgreSQL and a private Redis for one machine, kept under ``.data/``.

Both come from wheels and listen on unix sockets only, in a folder that nobody else may
enter; so within this machine account there are no passwords to keep.

Who keeps them alive: every process that uses the engines holds a shared lock on
``.data/users.lock`` until it ends, however it ends. The last one to leave stops them.
"""

from __future__ import annotations

import atexit
import contextlib
import fcntl
import hashlib
import os
import secrets
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import IO
from urllib.parse import quote

from berakhlak.engines import APP, DATABASE, OWNER, PORT, EngineError, Postgres, Redis

BASE_DIR = Path(__file__).resolve().parent.parent
SOCKET_PATH_LIMIT = 107

_held: dict[Path, IO[str]] = {}


def is_wanted() -> bool:
    """True unless the environment names a PostgreSQL server to use instead."""
    return not os.environ.get("DATABASE_URL")


def data_dir() -> Path:
    """The folder of everything this machine keeps; ``DATA_DIR`` moves it."""
    return Path(os.environ.get("DATA_DIR") or BASE_DIR / ".data").resolve()


def port_file() -> Path:
    """Where the demo writes its port, for commands in another window."""
    return data_dir() / "demo.port"


def port_of_demo() -> str:
    """The port of the demo started last, or the usual one."""
    try:
        return port_file().read_text()
    except OSError:
        return "8000"


def make_data_dir() -> Path:
    """The same, made if needed: others may walk through, not look around."""
    folder = data_dir()
    try:
        folder.mkdir(mode=0o711, parents=True, exist_ok=True)
    except OSError as error:
        raise EngineError(
            f"Folder {folder} tidak dapat dibuat: {error.strerror}."
        ) from error
    return folder


def secret_key() -> str:
    """This machine's own random SECRET_KEY, made once and kept with mode 0600."""
    path = make_data_dir() / "secret_key"
    if not path.exists():
        draft = path.with_name(f"secret_key.{os.getpid()}")
        draft.touch(mode=0o600)
        draft.write_text(secrets.token_urlsafe(48))
        with contextlib.suppress(FileExistsError):  # another process was faster
            os.link(draft, path)
        draft.unlink()
    return path.read_text()


def database_url(role: str = "app", database: str = DATABASE) -> str:
    """Where the embedded PostgreSQL is (or will be), as the owner or as the app."""
    user = {"owner": OWNER, "app": APP}[role]
    return f"postgres://{user}@/{database}?host={quote(str(_sockets()))}"


def redis_url(number: int = 0) -> str:
    """Where the embedded Redis is (or will be)."""
    return f"unix://{quote(str(_redis().socket))}?db={number}"


def hold() -> None:
    """Start the engines unless they run, and keep them until this process ends."""
    data = make_data_dir()
    with _exclusively():
        if data not in _held:
            _held[data] = users = (data / "users.lock").open("w")
            fcntl.flock(users, fcntl.LOCK_SH)
            # A forked child inherits lock and registration: only we release.
            pid = os.getpid()
            atexit.register(lambda: release() if os.getpid() == pid else None)
        _postgres().start()
        _redis().start()


def release() -> None:
    """Leave the engines; they stop when nobody else uses them."""
    users = _held.pop(data_dir(), None)
    if users is None:
        return
    users.close()
    if not data_dir().exists():
        return
    with _exclusively(), (data_dir() / "users.lock").open("w") as probe:
        try:
            fcntl.flock(probe, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return  # somebody else still uses the engines
        _stop_both()


def stop() -> None:
    """Stop both engines, whoever uses them."""
    if data_dir().exists():
        with _exclusively():
            _stop_both()


def erase() -> None:
    """Stop both engines and remove everything this machine keeps."""
    stop()
    for folder in (_sockets(), data_dir()):
        if folder.exists():
            shutil.rmtree(folder)


def _stop_both() -> None:
    _postgres().stop()
    _redis().stop()


def _postgres() -> Postgres:
    return Postgres(data_dir() / "postgres", _sockets())


def _redis() -> Redis:
    return Redis(data_dir() / "redis", _sockets())


def _sockets() -> Path:
    """The folder of both sockets: elsewhere if the path is too long for one."""
    folder = data_dir() / "run"
    if len(os.fsencode(folder / f".s.PGSQL.{PORT}")) <= SOCKET_PATH_LIMIT:
        return folder
    name = hashlib.sha256(os.fsencode(folder)).hexdigest()[:12]
    return Path("/tmp") / f"berakhlak-{os.geteuid()}-{name}"  # noqa: S108  # its owner is checked before use


@contextlib.contextmanager
def _exclusively() -> Iterator[None]:
    """One process at a time starts or stops."""
    with (data_dir() / "start.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
