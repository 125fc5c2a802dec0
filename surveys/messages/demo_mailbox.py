"""Where messages of a simulated wave end up while no mail server is configured.

Files under ``DATA_DIR``, readable by the product alone; the desk shows them as they
would have arrived. Only on one machine without a mail server, and only for simulated
waves: personal links of real people are shown to nobody.
"""

from __future__ import annotations

import json
import os
import time
import uuid
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from django.conf import settings

from surveys.messages.letterbox import SENT, Letter, Outcome
from surveys.models import Mailing

MOST_KEPT = 200


def folder() -> Path:
    return Path(settings.DATA_DIR) / "demo-mailbox"


@dataclass(frozen=True)
class Kept:
    """A message that would have been sent."""

    key: str
    wave: int
    at: datetime
    to: str
    subject: str
    text: str
    html: str


class DemoMailbox:
    """Keeps the first letters of each mailing; what lies above is counted as sent."""

    def __init__(self, mailing: Mailing) -> None:
        self.mailing = mailing

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """The newest stay, the oldest make room."""
        make_room()

    def send(self, letter: Letter) -> Outcome:
        """A file instead of a message on its way."""
        message = letter.message
        keep(
            wave=self.mailing.wave_id,
            to=letter.to,
            subject=message.subject or str(self.mailing.get_channel_display()),
            text=message.text,
            html=message.html,
        )
        return SENT


def keep(*, wave: int, to: str, subject: str, text: str, html: str = "") -> None:
    """One more message; ``make_room`` is for whoever has kept the last of them."""
    content: dict[str, Any] = {
        "wave": wave,
        "at": time.time(),
        "to": to,
        "subject": subject,
        "text": text,
        "html": html,
    }
    folder().mkdir(mode=0o700, parents=True, exist_ok=True)
    name = f"{time.time_ns():020}-{uuid.uuid4().hex}.json"
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL
    descriptor = os.open(folder() / name, flags, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        json.dump(content, file)


def make_room() -> None:
    """All but the newest go."""
    for path in sorted(folder().glob("*.json"))[:-MOST_KEPT]:
        path.unlink(missing_ok=True)


def messages_of(waves: Collection[int]) -> Iterator[Kept]:
    """What is kept for these waves, the newest first."""
    for path in sorted(folder().glob("*.json"), reverse=True):
        kept = _read(path)
        if kept.wave in waves:
            yield kept


def message(key: str, waves: Collection[int]) -> Kept | None:
    """One message, if it belongs to one of these waves."""
    return next((kept for kept in messages_of(waves) if kept.key == key), None)


def _read(path: Path) -> Kept:
    content = json.loads(path.read_text(encoding="utf-8"))
    at = datetime.fromtimestamp(content.pop("at"), UTC)
    return Kept(key=path.stem.rpartition("-")[2], at=at, **content)


def forget(wave: int) -> None:
    """Everything kept for a wave that is being sealed."""
    for path in folder().glob("*.json"):
        if _read(path).wave == wave:
            path.unlink(missing_ok=True)
