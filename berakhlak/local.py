"""The product on one machine: ``make demo`` and ``make reset`` end here.

``python -m berakhlak.local demo`` or ``reset``. Whatever this starts, it stops.
"""

from __future__ import annotations

import contextlib
import errno
import fcntl
import hashlib
import io
import os
import re
import shutil
import signal
import socket
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from honcho.environ import parse_procfile
from honcho.manager import Manager

from berakhlak import embedded
from berakhlak.embedded import BASE_DIR
from berakhlak.engines import EngineError

UNUSED = ["redoc", "rest_framework"]  # static files of faces we do not show
READY_SECONDS = 60.0
LOOK_EVERY_SECONDS = 5.0
DISK_FULL = os.strerror(errno.ENOSPC)
STOPPED_BY_A_PERSON = {128 + signal.SIGINT, 128 + signal.SIGTERM}


@contextlib.contextmanager
def step(name: str) -> Iterator[None]:
    """One line of output for one thing done, with its time."""
    print(f"  {name:<50}", end="", flush=True)
    start = time.monotonic()
    try:
        yield
    except BaseException:
        print("gagal", flush=True)
        raise
    print(f"{time.monotonic() - start:6.1f} s", flush=True)


# -- demo ------------------------------------------------------------------------------


def demo() -> int:
    """Prepare everything, then run the processes of the Procfile until stopped."""
    port = asked_port()
    os.environ["DATABASE_ROLE"] = "owner"  # of this process; the Procfile says its own
    with only_demo_of_this_folder() as pids:
        require_free_port(port)
        embedded.port_file().write_text(str(port))
        with step("PostgreSQL dan Redis"):
            embedded.hold()
        prepare(port)
        os.environ["DATABASE_ROLE"] = "app"
        return serve(port, pids)


def prepare(port: int) -> None:
    """Tables, static files and content; all of it quick when nothing changed."""
    import django
    from django.core.management import call_command, get_commands
    from django.db import connections

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "berakhlak.settings")
    with step("Program"):
        django.setup()
    with step("Tabel"):
        call_command("prepare_database", verbosity=0, stdout=io.StringIO())
    collect_static()
    if "demo" in get_commands():
        call_command("demo")
    connections.close_all()


def collect_static() -> None:
    """Hash and compress the static files, unless they are those of last time."""
    from django.conf import settings
    from django.core.management import call_command

    files = sorted(path for path in (BASE_DIR / "static").rglob("*") if path.is_file())
    digest = hashlib.sha256((BASE_DIR / "requirements.txt").read_bytes())
    for path in files:
        digest.update(str(path).encode() + path.read_bytes())
    stamp = settings.STATIC_ROOT / "collected-from.txt"
    if stamp.exists() and stamp.read_text() == digest.hexdigest():
        return
    with step("Berkas statis"):
        call_command(
            "collectstatic",
            interactive=False,
            clear=True,
            verbosity=0,
            ignore_patterns=UNUSED,
        )
        stamp.write_text(digest.hexdigest())


def serve(port: int, pids: Path) -> int:
    """Run the Procfile's processes; their output goes to ``.data/log``."""
    logs = Logs(pids, when_started=lambda: watch(port))
    manager = Manager(printer=logs)
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    environment = {**os.environ, "PATH": path, "PORT": str(port)}
    procfile = parse_procfile((BASE_DIR / "Procfile").read_text())
    for name, command in procfile.processes.items():
        own = {**environment, "DATABASE_ROLE": "app"}
        manager.add_process(name, f"exec env {command}", env=own, cwd=str(BASE_DIR))
    manager.loop()
    if manager.returncode in STOPPED_BY_A_PERSON:
        print("\nBerhenti.")
        return 0
    print(f"\nProses {logs.first_stop} berhenti sendiri; lihat {log_folder()}.")
    return 1


class Logs:
    """Honcho's printer: one file per process, and what was started, for ``reset``."""

    width = 0

    def __init__(self, pids: Path, when_started: Callable[[], None]) -> None:
        self.pids, self.when_started = pids, when_started
        self.first_stop = ""
        self.is_watched = False
        shutil.rmtree(log_folder(), ignore_errors=True)
        log_folder().mkdir()

    def write(self, message: Any) -> None:
        """Called by honcho's loop, the first time when every process is forked."""
        line = message.data
        text = line.decode(errors="replace") if isinstance(line, bytes) else line
        if message.name == "system":
            if started := re.search(r"started \(pid=(\d+)\)", text):
                with self.pids.open("a") as file:
                    file.write(f"{started[1]}\n")
            if "stopped (" in text and not self.first_stop:
                self.first_stop = text.split()[0]
        with (log_folder() / f"{message.name}.log").open("a") as file:
            file.write(text.rstrip("\n") + "\n")
        if not self.is_watched:
            self.is_watched = True
            threading.Thread(target=self.when_started, daemon=True).start()


def watch(port: int) -> None:
    """Say how to get in once the web answers; then keep the engines alive."""
    try:
        with step("Web, pekerja, penyegel, penjadwal"):
            wait_for_web(port)
        announce(port)
    except Exception as error:  # in a thread nobody else would see it
        print(f"\n{error} Lihat {log_folder()}.", flush=True)
        os.kill(os.getpid(), signal.SIGTERM)
    while True:
        time.sleep(LOOK_EVERY_SECONDS)
        with contextlib.suppress(EngineError):
            embedded.hold()  # starts again what was killed


def wait_for_web(port: int) -> None:
    """Until ``/healthz`` says ok."""
    address = f"http://127.0.0.1:{port}/healthz"
    deadline = time.monotonic() + READY_SECONDS
    while time.monotonic() < deadline:
        try:
            with urllib.request.urlopen(address, timeout=5):
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.1)
    raise TimeoutError(f"Tidak ada jawaban dari {address}.")


def announce(port: int) -> None:
    """The address, a sign-in per role and a personal link."""
    from django.core.management import call_command, get_commands
    from django.db import connections

    if "demo_access" in get_commands():
        call_command("demo_access", port=port)
        connections.close_all()
    else:
        print(f"\nhttp://localhost:{port}")
    print("\nCtrl-C menghentikan semuanya.", flush=True)


def asked_port() -> int:
    """``PORT``, or 8000."""
    word = os.environ.get("PORT") or "8000"
    if not (word.isascii() and word.isdigit() and 0 < int(word) < 2**16):
        raise EngineError(f"PORT={word} bukan nomor port; pakai 1024 sampai 65535.")
    return int(word)


def require_free_port(port: int) -> None:
    """A sentence now instead of a stack trace from the web server later."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError as error:
            raise EngineError(
                f"Port {port} tidak dapat dipakai ({error.strerror}). Pilih yang lain:"
                f" make demo PORT={port + 1}"
            ) from error


def log_folder() -> Path:
    """Where the processes of the demo write."""
    return embedded.data_dir() / "log"


@contextlib.contextmanager
def only_demo_of_this_folder() -> Iterator[Path]:
    """Hold the demo's lock; the file lists our process and those we start."""
    path = embedded.make_data_dir() / "demo.pids"
    with path.open("a+") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise EngineError(
                "Demo dari folder ini sudah berjalan; `make reset` menghentikan dan"
                " mengosongkannya."
            ) from None
        file.truncate(0)
        file.write(f"{os.getpid()}\n")
        file.flush()
        yield path
        file.truncate(0)


# -- reset -----------------------------------------------------------------------------


def reset() -> int:
    """End this folder's demo, stop its engines, remove its data."""
    end_demo()
    embedded.erase()
    print("Kosong lagi: `make demo` berikutnya mulai dari awal.")
    return 0


def end_demo() -> None:
    """Ask the running demo to stop; end what an interrupted one left behind."""
    import psutil

    path = embedded.data_dir() / "demo.pids"
    words = path.read_text().split() if path.exists() else []
    processes = []
    for pid in map(int, words):
        with contextlib.suppress(psutil.Error):
            process = psutil.Process(pid)
            if "berakhlak" in " ".join(process.cmdline()):
                processes.append(process)
    for process in processes:
        with contextlib.suppress(psutil.Error):
            process.terminate()
    for process in psutil.wait_procs(processes, timeout=15)[1]:
        process.kill()


def in_sentences(work: Callable[[], int]) -> int:
    """Do it; an expected trouble is one sentence and a Ctrl-C no trouble at all."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))
    signal.signal(signal.SIGHUP, lambda *_: os.kill(os.getpid(), signal.SIGTERM))
    try:
        return work()
    except KeyboardInterrupt:
        print("\nBerhenti.")
        return 128 + signal.SIGINT
    except EngineError as error:
        print(f"\n{error}", file=sys.stderr)
    except Exception as error:
        if DISK_FULL not in str(error):
            raise
        print(
            f"\nDiska penuh; sediakan ruang lalu coba lagi. ({error})", file=sys.stderr
        )
    return 1


if __name__ == "__main__":
    sys.exit(in_sentences({"demo": demo, "reset": reset}[sys.argv[1]]))
