"""Counts as they may be shown while people answer: in steps, and none below ten.

Totals move in larger steps than their parts: 5 at the leaves, 25 above them, 100 above
those. Steps alone do not hide a part below ten from subtraction; a total does not hold
it where it is the only one (``counters``).

Pure: no Django, no I/O.
"""

from __future__ import annotations

SHOWN_FROM = 10
STEPS = (5, 25, 100)


def step_of(n: int, height: int) -> int:
    """How coarse a count is shown; ``height``: how many levels stand below.

    >>> step_of(40, 0), step_of(40, 1), step_of(40, 2), step_of(340, 2)
    (5, 25, 5, 100)
    """
    step = STEPS[min(height, len(STEPS) - 1)]
    return step if n >= step else STEPS[0]


def stepped(n: int, height: int) -> int | None:
    """Round down to the step; None below 10.

    >>> stepped(9, 0), stepped(13, 0), stepped(88, 1), stepped(2188, 2)
    (None, 10, 75, 2100)
    """
    if n < SHOWN_FROM:
        return None
    return floored(n, step_of(n, height))


def least_shown(step: int) -> int:
    """Below this a part of a total with this step is not shown."""
    return max(SHOWN_FROM, step)


def floored(n: int, step: int) -> int | None:
    """A part of a total in the total's own step, so that parts never add up to more.

    >>> floored(1675, 100), floored(99, 100), floored(8, 5)
    (1600, None, None)
    """
    return n // step * step if n >= least_shown(step) else None
