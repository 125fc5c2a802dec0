"""Who changes something, and why: said beforehand, written down by the triggers.

``acting`` opens a context around a change; ``because`` adds the reason to one that is
open. Outside of any, a change is recorded all the same, by nobody known.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pghistory

from surveys.models import User


@contextmanager
def acting(
    *,
    user: User | None = None,
    operator: str = "",
    reason: str = "",
    via: str = "",
) -> Iterator[None]:
    """Everything changed inside is by this account, or by whoever sits at the shell.

    ``via`` names the door: the address of a page, a command, a task. Inside another
    one only what is said differs, and only until the end of the inner one.
    """
    said: dict[str, object] = {
        "user": user.pk if user else None,
        "who": str(user) if user else operator,
        "reason": reason,
        "via": via,
    }
    with pghistory.context() as context:
        before = dict(context.metadata)
        context.metadata.update({name: word for name, word in said.items() if word})
        try:
            yield
        finally:
            context.metadata.clear()
            context.metadata.update(before)


def because(reason: str) -> None:
    """Say why, before the change, in a context that is open already."""
    if reason.strip():
        pghistory.context(reason=reason.strip())
