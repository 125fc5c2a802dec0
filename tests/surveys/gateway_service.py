"""A real WhatsApp/SMS service in a process of its own, and what it was asked.

``python -m tests.surveys.gateway_service PORT FILE``. What it answers depends on the
number: ``…1`` 429 the first time, ``…2`` 503 the first time, ``…3`` 422, ``…4`` 200
with a "no" in it, ``…5`` nothing at all for a while, ``…6`` a redirect, else yes.
"""

from __future__ import annotations

import json
import subprocess
import sys
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from tests.surveys.ports import free_port, wait_for

SLOW_SECONDS = 5.0


class Service(BaseHTTPRequestHandler):
    """Writes each request down as a line of JSON, then answers."""

    file: Path
    seen: set[str]

    def do_POST(self) -> None:  # the name http.server calls
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        line = {"path": self.path, "headers": dict(self.headers), "body": body}
        with self.file.open("a", encoding="utf-8") as file:
            file.write(json.dumps(line) + "\n")
        number = body["to"]
        is_first = number not in self.seen
        self.seen.add(number)
        self.reply(number[-1], is_first)

    def reply(self, last: str, is_first: bool) -> None:
        if last == "5":
            time.sleep(SLOW_SECONDS)
        if last in "12" and is_first:
            self.answer(429 if last == "1" else 503, {}, retry_after="600")
        elif last == "3":
            self.answer(422, {"status": "bad number"})
        elif last == "6":
            self.answer(302, {})
        else:
            self.answer(200, {"result": [{"status": "no" if last == "4" else "ok"}]})

    def answer(self, status: int, body: dict[str, Any], retry_after: str = "") -> None:
        content = json.dumps(body).encode()
        self.send_response(status)
        if retry_after:
            self.send_header("Retry-After", retry_after)
        if status == 302:
            self.send_header("Location", "/lain/")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_: Any) -> None:
        """Nothing to the console."""


class GatewayService:
    """The service, and the settings that lead to it."""

    def __init__(self, folder: Path) -> None:
        self.file, self.port = folder / "asked.jsonl", free_port()
        self.file.touch()
        command = ["-m", "tests.surveys.gateway_service", str(self.port)]
        self.process = subprocess.Popen([sys.executable, *command, str(self.file)])
        wait_for(self.port)

    def stop(self) -> None:
        self.process.terminate()
        self.process.wait()

    def asked(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.file.read_text().splitlines()]

    def clear(self) -> None:
        self.file.write_text("")

    def settings(self, **more: Any) -> str:
        """``MESSAGE_GATEWAY`` for this service."""
        return json.dumps(
            {
                "url": f"http://127.0.0.1:{self.port}/kirim?versi=2",
                "headers": {"Authorization": "Bearer rahasia"},
                "body": {
                    "to": "{telepon}",
                    "text": {"body": "{pesan}"},
                    "ref": "{kunci}",
                },
                "success": {"path": "result.0.status", "equals": "ok"},
                "timeout": 1,
                "allow_private": True,
                **more,
            }
        )


if __name__ == "__main__":
    Service.file, Service.seen = Path(sys.argv[2]), set()
    ThreadingHTTPServer(("127.0.0.1", int(sys.argv[1])), Service).serve_forever()
