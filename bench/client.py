"""People with browsers, as cheap as possible: a new connection for each request."""

from __future__ import annotations

import re
import socket
import threading
import time
import zlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import cached_property
from urllib.parse import urlencode

BALLOT = re.compile(rb'name="surat_suara" value="([^"]+)"')
RECEIPT = re.compile(rb'class="receipt"[^>]*>\s*([0-9A-Z-]{16,19})\s*<')
TIMEOUT = 60.0


class NotServed(Exception):
    """The server answered something else than what a respondent came for."""


@dataclass(frozen=True)
class Reply:
    """``raw`` is what came over the wire, ``body`` what it stands for."""

    status: int
    raw: bytes
    is_gzip: bool

    @property
    def body(self) -> bytes:
        return zlib.decompress(self.raw, wbits=31) if self.is_gzip else self.raw

    def find(self, pattern: re.Pattern[bytes]) -> re.Match[bytes] | None:
        """Where it stands; unpacked no further, as a browser has a CPU of its own."""
        if not self.is_gzip:
            return pattern.search(self.raw)
        unpacking, seen, rest = zlib.decompressobj(wbits=31), b"", self.raw
        while rest and not unpacking.eof:
            seen += unpacking.decompress(rest, 16384)
            rest = unpacking.unconsumed_tail
            if match := pattern.search(seen):
                return match
        return None


def get(port: int, path: str) -> Reply:
    return exchange(port, f"GET {path} HTTP/1.1\r\n{_headers()}\r\n".encode())


def post(port: int, path: str, body: bytes) -> Reply:
    return exchange(port, posting(path, body))


def posting(path: str, body: bytes) -> bytes:
    """The bytes of a POST."""
    head = (
        f"POST {path} HTTP/1.1\r\n{_headers()}"
        "Content-Type: application/x-www-form-urlencoded\r\n"
        f"Content-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


def _headers() -> str:
    return "Host: localhost\r\nAccept-Encoding: gzip\r\nConnection: close\r\n"


def exchange(port: int, request: bytes) -> Reply:
    """Send on a new connection, read until the server closes it."""
    with socket.create_connection(("127.0.0.1", port), TIMEOUT) as connection:
        connection.sendall(request)
        pieces = []
        while piece := connection.recv(65536):
            pieces.append(piece)
    return parsed(b"".join(pieces))


def parsed(raw: bytes) -> Reply:
    head, _, body = raw.partition(b"\r\n\r\n")
    if not head.startswith(b"HTTP/1.1 "):
        raise NotServed("the connection ended before a reply")
    return Reply(int(head[9:12]), body, b"content-encoding: gzip" in head.lower())


def found(pattern: re.Pattern[bytes], reply: Reply) -> str:
    match = reply.find(pattern)
    if reply.status != 200 or match is None:
        raise NotServed(f"{reply.status}: {reply.body[:300]!r}")
    return match[1].decode()


@dataclass(frozen=True)
class Answering:
    """How to open and fill one of the two forms."""

    port: int
    fields: dict[str, str]

    @cached_property
    def filled(self) -> bytes:
        """The answers as a browser encodes them; the same for everybody here."""
        return urlencode(self.fields).encode()

    def open(self, code: str) -> bytes:
        """GET the personal link; the body that sends its ballot and the answers."""
        ballot = found(BALLOT, get(self.port, f"/survei/{code}/"))
        return b"surat_suara=" + ballot.encode() + b"&" + self.filled

    def whole(self, code: str) -> str:
        """A whole respondent: open, send, receipt."""
        return found(RECEIPT, post(self.port, "/survei/kirim/", self.open(code)))


@dataclass
class Crowd:
    """What a number of people, so many at a time, got and how long each waited."""

    seconds: list[float] = field(default_factory=list)
    receipts: list[str] = field(default_factory=list)
    failures: list[str] = field(default_factory=list)
    duration: float = 0.0


def crowd(
    codes: Iterable[str], n_at_a_time: int, person: Callable[[str], str]
) -> Crowd:
    """Let each code's person do it, ``n_at_a_time`` at a time."""
    result, waiting, lock = Crowd(), iter(codes), threading.Lock()

    def one_after_the_other() -> None:
        while True:
            with lock:
                code = next(waiting, None)
            if code is None:
                return
            begun = time.perf_counter()
            try:
                result.receipts.append(person(code))
            except (NotServed, OSError) as error:
                result.failures.append(f"{type(error).__name__} {error}")
            result.seconds.append(time.perf_counter() - begun)

    threads = [threading.Thread(target=one_after_the_other) for _ in range(n_at_a_time)]
    begun = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    result.duration = time.perf_counter() - begun
    return result
