"""The acts on a wave that the desk offers as buttons, in the order of their urgency.

Later apps add theirs with ``offer``; so the console needs not know them.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from surveys.models import User, Wave
from surveys.staff.permissions import may_act

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise


@dataclass(frozen=True)
class Step:
    """A button of the console: when it stands there, for whom, and where it leads."""

    label: _StrPromise
    kinds: tuple[str, ...]
    stands: Callable[[Wave], bool]
    url: Callable[[Wave], str]
    is_final: bool = False
    rank: int = 5
    """The lowest comes first, and is what the page asks for."""


@dataclass(frozen=True)
class Button:
    """A step as it stands for one wave."""

    label: str
    url: str
    is_final: bool


_offered: list[Step] = []


def offer(*steps: Step) -> None:
    """Put steps behind those that stand already."""
    _offered.extend(steps)


def buttons_for(user: User, wave: Wave) -> list[Button]:
    """What this user may do with this wave, what comes next first.

    What ends something stands last. Of steps to the same page the first counts.
    """
    found: dict[str, Button] = {}
    for step in sorted(_offered, key=lambda step: (step.is_final, step.rank)):
        if step.stands(wave) and may_act(user, wave, step.kinds):
            url = step.url(wave)
            found.setdefault(url, Button(str(step.label), url, step.is_final))
    return list(found.values())
