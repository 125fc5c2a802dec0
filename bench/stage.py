"""A wave of its own to answer in, in a database of its own, and web servers for it."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import psutil

from bench.sources import ROOT

INSTRUMENT = "berakhlak-21"
UNITS = 40
START_SECONDS = 60.0


def begin() -> Path:
    """A fresh data folder with running engines and tables; call before any model."""
    folder = Path(tempfile.mkdtemp(prefix="berakhlak-bench-"))
    folder.chmod(0o711)
    os.environ.pop("DATABASE_URL", None)
    os.environ.update(
        DATA_DIR=str(folder),
        DATABASE_ROLE="owner",
        DJANGO_SETTINGS_MODULE="berakhlak.settings",
    )
    import django
    from django.core.management import call_command

    from berakhlak import embedded

    embedded.hold()
    django.setup()
    call_command("prepare_database", verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0)
    return folder


def end() -> None:
    """Stop the engines and remove everything."""
    from berakhlak import embedded

    embedded.erase()


def open_wave(n_people: int, instrument: str = INSTRUMENT) -> list[str]:
    """An open wave with this many people; their codes."""
    from django.utils import timezone

    from surveys.fieldwork import waves
    from surveys.instruments.authoring import store_instrument
    from surveys.instruments.proofreading import read_document
    from surveys.models import UnitKerja, Wave

    path = ROOT / "surveys" / "data" / "instruments" / f"{instrument}.yaml"
    stored = store_instrument(document=read_document(path))
    root = _unit("KEM", None)
    units = [_unit(f"U{number:02}", root) for number in range(UNITS)]
    wave = waves.create_wave(
        code="BENCH",
        name="Gelombang ukur",
        instrument=stored.instrument,
        root=UnitKerja.objects.get(pk=root.pk),
        source=Wave.Source.ONLINE,
        closes_at=timezone.now() + timedelta(days=7),
        reference_date=timezone.localdate(),
        organiser="Panitia",
        contact="panitia@contoh.go.id",
    )
    codes = _register(wave, units, n_people)
    waves.open_wave(wave=wave)
    return codes


def _unit(code: str, parent: Any) -> Any:
    from surveys.models import UnitKerja

    return UnitKerja.objects.create(
        code=code,
        name=f"Unit {code}",
        level="ESELON_I" if parent else "INSTANSI",
        parent=parent,
        path=f"{parent.path if parent else ''}{code}/",
        valid_from="2022-01-01",
    )


def _register(wave: Any, units: list[Any], n_people: int) -> list[str]:
    from surveys.box import ballots
    from surveys.box.wave_secret import read
    from surveys.models import Participant

    secret = read(wave)
    people = [Participant(wave=wave, unit=units[n % UNITS]) for n in range(n_people)]
    codes = [ballots.code_of(secret, person.pk, person.edition) for person in people]
    for person, code in zip(people, codes, strict=True):
        person.code_hash = ballots.hash_of_code(secret, code)
    Participant.objects.bulk_create(people, batch_size=2000)
    return codes


def fields() -> dict[str, str]:
    """A form filled in: every question with options gets one, the rest stays empty."""
    from surveys.answering.forms import input_name
    from surveys.instruments.authoring import sheet_of
    from surveys.models import Wave

    sheet = sheet_of(Wave.objects.get().instrument)
    chosen = {
        input_name(q): str(1 + n % len(q.options))
        for n, q in enumerate(sheet.questions)
        if q.kind in ("rating", "choice")
    }
    return {**chosen, "detik": ",".join("40" for _ in sheet.sections)}


@contextmanager
def gunicorn(application: str) -> Iterator[Server]:
    """The web server as it runs in production, as the app, on a free port."""
    port = _free_port()
    process = subprocess.Popen(
        [
            str(Path(sys.executable).with_name("gunicorn")),
            application,
            "--config",
            "deploy/gunicorn.conf.py",
        ],
        cwd=ROOT,
        env={**os.environ, "DATABASE_ROLE": "app", "PORT": str(port)},
    )
    try:
        _wait_for(port)
        yield Server(port, psutil.Process(process.pid))
    finally:
        process.terminate()
        process.wait(30)


class Server:
    """A running gunicorn: its port, and the CPU time of all its processes."""

    def __init__(self, port: int, master: psutil.Process) -> None:
        self.port, self.master = port, master

    def cpu_seconds(self) -> float:
        """Of the master, its workers, and the workers it has replaced."""
        own = self.master.cpu_times()
        total: float = own.user + own.system + own.children_user + own.children_system
        for worker in self.master.children():
            times = worker.cpu_times()
            total += times.user + times.system
        return total


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait_for(port: int) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise TimeoutError("gunicorn does not listen")
