"""An office of 3,000 behind one address, on a bad network: everyone is served once.

``python -m bench.shared_address`` prints JSON. Ten minutes are pressed into
``SECONDS``. Connections are cut at random while opening, in the middle of sending, and
before the reply is read; a phone tries again until it holds a receipt, and some send
twice at once. It fails unless every answer is there exactly once and none was refused.
"""

from __future__ import annotations

import json
import random
import socket
import struct
import sys
import threading
import time
from collections import Counter
from typing import Any

from bench import stage
from bench.client import (
    RECEIPT,
    Answering,
    Crowd,
    NotServed,
    crowd,
    found,
    post,
    posting,
)

PEOPLE = 3000
SECONDS = 150.0
AT_A_TIME = 200
CUT_WHILE_OPENING = 0.10
CUT_WHILE_SENDING = 0.15
CUT_BEFORE_READING = 0.15
SENT_TWICE = 0.05
SEND = "/survei/kirim/"


class Office:
    """The people, what happened to them, and one die for all."""

    def __init__(self, answering: Answering, codes: list[str]) -> None:
        self.answering, self.events = answering, Counter[str]()
        self.random, self.lock = random.Random(20260101), threading.Lock()  # noqa: S311  # bad luck, no secret
        self.begun = time.monotonic()
        self.arrivals = {code: self.random.uniform(0, SECONDS) for code in codes}

    def in_order(self) -> list[str]:
        """Codes by the moment their people arrive."""
        return sorted(self.arrivals, key=lambda code: self.arrivals[code])

    def happens(self, event: str, share: float) -> bool:
        """Throw the die, and count what it says."""
        with self.lock:
            does = self.random.random() < share
            self.events[event] += does
        return does

    def person(self, code: str) -> str:
        """Come at the appointed time, and go with a receipt."""
        wait = self.begun + self.arrivals[code] - time.monotonic()
        time.sleep(max(0.0, wait))
        if self.happens("cut while opening", CUT_WHILE_OPENING):
            self._cut(
                f"GET /survei/{code}/ HTTP/1.1\r\nHost: localhost\r\n\r\n".encode()
            )
        body = self.answering.open(code)
        while self.happens("cut while sending", CUT_WHILE_SENDING):
            raw = posting(SEND, body)
            self._cut(raw[: -len(body) // 2])
        while self.happens("cut before reading", CUT_BEFORE_READING):
            self._cut(posting(SEND, body))
        receipts = self._send(body, 2 if self.happens("twice", SENT_TWICE) else 1)
        if len(set(receipts)) != 1:
            raise NotServed("two receipts for one person")
        return receipts[0]

    def _cut(self, raw: bytes) -> None:
        """Send this much, then drop the connection; try again a little later."""
        with socket.create_connection(
            ("127.0.0.1", self.answering.port), 60
        ) as connection:
            connection.sendall(raw)
            time.sleep(0.05 * self.random.random())
            at_once = struct.pack("ii", 1, 0)
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, at_once)
        time.sleep(0.1 + 0.2 * self.random.random())

    def _send(self, body: bytes, times: int) -> list[str]:
        send = self.answering.port, SEND, body
        replies = crowd("x" * times, times, lambda _: found(RECEIPT, post(*send)))
        if replies.failures:
            raise NotServed(replies.failures[0])
        return replies.receipts


def main() -> None:
    stage.begin()
    try:
        codes = stage.open_wave(PEOPLE)
        with stage.gunicorn("berakhlak.wsgi") as server:
            office = Office(Answering(server.port, stage.fields()), codes)
            result = crowd(office.in_order(), AT_A_TIME, office.person)
        report = told(office, result)
    finally:
        stage.end()
    print(json.dumps(report, indent=2))
    if not report["each_exactly_once"]:
        sys.exit("Not every answer is there exactly once.")


def told(office: Office, result: Crowd) -> dict[str, Any]:
    """What the box holds beside what the people were told."""
    from surveys.models import Ballot

    rows = Ballot.objects.count()
    receipts = set(result.receipts)
    return {
        "people": PEOPLE,
        "seconds": round(result.duration, 1),
        "rows": rows,
        "receipts": len(receipts),
        "refused": result.failures[:5],
        "events": dict(office.events),
        "each_exactly_once": rows == len(receipts) == PEOPLE and not result.failures,
    }


if __name__ == "__main__":
    main()
