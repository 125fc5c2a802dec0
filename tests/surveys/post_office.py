"""A real mail server in a process of its own, which refuses whom it is told to.

``python -m tests.surveys.post_office PORT FOLDER``. What it does depends on the
address: ``tolak…`` 550 and ``penuh…`` 552 for good, ``nanti…`` 451 the first time,
``pelan…`` takes the message and then says nothing for a long while.
"""

from __future__ import annotations

import asyncio
import mailbox
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from aiosmtpd.handlers import Mailbox
from aiosmtpd.smtp import SMTP

from tests.surveys.ports import free_port, wait_for

SLOW_SECONDS = 20.0


class Handler(Mailbox):
    """Keeps what it takes in a Maildir."""

    def __init__(self, folder: str) -> None:
        super().__init__(Path(folder))
        self.asked: set[str] = set()

    async def handle_RCPT(  # noqa: N802  # the name aiosmtpd calls
        self, server: Any, session: Any, envelope: Any, address: str, options: Any
    ) -> str:
        if address.startswith("tolak"):
            return f"550 5.1.1 <{address}>: tidak ada orang itu"
        if address.startswith("penuh"):
            return "552 5.2.2 kotak surat penuh"
        if address.startswith("nanti") and address not in self.asked:
            self.asked.add(address)
            return "451 4.7.1 coba lagi nanti"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802  # the name aiosmtpd calls
        said: str = await super().handle_DATA(server, session, envelope)
        if envelope.rcpt_tos[0].startswith("pelan"):
            await asyncio.sleep(SLOW_SECONDS)
        return said


class PostOffice:
    """The server, and what it received."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.port = folder / "post", free_port()
        command = ["-m", "tests.surveys.post_office", str(self.port), str(self.folder)]
        self.process = subprocess.Popen([sys.executable, *command])
        wait_for(self.port)

    def stop(self) -> None:
        self.process.terminate()
        self.process.wait()

    def letters(self, n: int, seconds: float = 10) -> list[mailbox.MaildirMessage]:
        """All letters, once there are ``n`` or time is over."""
        deadline = time.monotonic() + seconds
        while len(found := list(mailbox.Maildir(self.folder))) < n:
            if time.monotonic() > deadline:
                break
            time.sleep(0.05)
        return found

    def clear(self) -> None:
        mailbox.Maildir(self.folder).clear()


def text_of(letter: mailbox.MaildirMessage, kind: str = "text/plain") -> str:
    """The part of a letter in this form."""
    for part in letter.walk():
        if part.get_content_type() == kind:
            content = part.get_payload(decode=True)
            assert isinstance(content, bytes)
            return content.decode()
    raise AssertionError(f"no {kind}")


async def serve(port: int, folder: str) -> None:
    handler = Handler(folder)
    server = await asyncio.get_running_loop().create_server(
        lambda: SMTP(handler), "127.0.0.1", port
    )
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(serve(int(sys.argv[1]), sys.argv[2]))
