"""Counts as they may be shown while people answer: in steps, and none below ten.

Totals move in larger steps than their parts, so that no part can be had by
subtraction: 5 at the leaves, 25 above them, 100 above those.

Pure: no Django, no I/O.
"""

from __future__ import annotations

SHOWN_FROM = 10
STEPS = (5, 25, 100)
HOUR_STEPS = (5, 10, 25)
"""For the answers of one hour, which are fewer."""


def step_of(n: int, height: int, steps: tuple[int, ...] = STEPS) -> int:
    """How coarse a count is shown; ``height``: how many levels stand below.

    >>> step_of(40, 0), step_of(40, 1), step_of(40, 2), step_of(340, 2)
    (5, 25, 5, 100)
    """
    step = steps[min(height, len(steps) - 1)]
    return step if n >= step else steps[0]


def stepped(n: int, height: int, steps: tuple[int, ...] = STEPS) -> int | None:
    """Round down to the step; None below 10.

    >>> stepped(9, 0), stepped(13, 0), stepped(88, 1), stepped(2188, 2)
    (None, 10, 75, 2100)
    """
    if n < SHOWN_FROM:
        return None
    step = step_of(n, height, steps)
    return n // step * step
