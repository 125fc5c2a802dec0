"""What every channel speaks: a letter goes in, an outcome comes back."""

from __future__ import annotations

from dataclasses import dataclass
from types import TracebackType
from typing import Protocol, Self

from surveys.messages.wording import Message


@dataclass(frozen=True)
class Letter:
    """A message on its way. ``key`` is the same on every attempt, and names nobody."""

    to: str
    message: Message
    key: str


@dataclass(frozen=True)
class Outcome:
    """How one attempt ended. ``error`` holds codes only: no address, no sentence."""

    class Kind:
        SENT = "sent"
        FAILED = "failed"
        LATER = "later"
        UNSURE = "unsure"

    kind: str
    error: str = ""
    wait_seconds: int = 0


SENT = Outcome(Outcome.Kind.SENT)


class ChannelDown(Exception):
    """Nothing can be sent to anybody now; the code says why, the attempt counts not."""


class Transport(Protocol):
    """A way out, open for as long as a batch takes."""

    def __enter__(self) -> Self: ...

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None: ...

    def send(self, letter: Letter) -> Outcome:
        """Hand one letter over."""
