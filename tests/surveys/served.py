"""The real web server on the test database, and requests byte by byte."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from berakhlak import embedded
from tests.conftest import environment_of_tests

START_SECONDS = 60.0
SEND = "/survei/kirim/"


@contextmanager
def gunicorn() -> Iterator[int]:
    """Two processes of four threads, as in production; the port they listen at."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    program = Path(sys.executable).with_name("gunicorn")
    process = subprocess.Popen(
        [str(program), "berakhlak.wsgi", "--config", "deploy/gunicorn.conf.py"],
        cwd=embedded.BASE_DIR,
        env={**environment_of_tests("app"), "PORT": str(port)},
    )
    try:
        _wait_for(port)
        yield port
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(30)


def _wait_for(port: int) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        try:
            os.close(connect(port).detach())
        except OSError:
            time.sleep(0.05)
        else:
            return
    raise TimeoutError("gunicorn does not listen")


def connect(port: int) -> socket.socket:
    return socket.create_connection(("127.0.0.1", port), 30)


def form(ballot: str, codes: Mapping[str, str] | None = None) -> bytes:
    """A filled form as a browser would encode it."""
    codes = {"A1": "1", "A2": "2", "A3": "3"} if codes is None else codes
    return urlencode(
        {"surat_suara": ballot, **{f"q-{name}": code for name, code in codes.items()}}
    ).encode()


def request(body: bytes, *, length: int | None = None, more: str = "") -> bytes:
    """A POST by our scripts; ``length`` may lie about the body."""
    n = len(body) if length is None else length
    size = f"Content-Length: {n}\r\n" if n >= 0 else ""
    head = (
        f"POST {SEND} HTTP/1.1\r\nHost: localhost\r\nX-Forwarded-Proto: https\r\n"
        "Accept: application/json\r\nConnection: close\r\n"
        f"Content-Type: application/x-www-form-urlencoded\r\n{size}{more}\r\n"
    )
    return head.encode() + body


def exchange(port: int, raw: bytes) -> tuple[int, Any]:
    """Status and JSON of the reply."""
    with connect(port) as connection:
        connection.sendall(raw)
        reply = b""
        while piece := connection.recv(65536):
            reply += piece
    head, _, body = reply.partition(b"\r\n\r\n")
    return int(head[9:12]), json.loads(body) if body.startswith(b"{") else body
