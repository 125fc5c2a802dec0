"""Which steps of a journey are rises and falls."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

from scoring.comparing.differences import Difference
from scoring.results.comparisons import arrows, since
from scoring.results.journeys import Journey
from scoring.results.unit_rows import Arrow, Cell
from scoring.scheme import Scheme

Key = tuple[str, int, int]


def with_arrows(journey: Journey, scheme: Scheme) -> Journey:
    """Each stop against the one before, all of the page's comparisons as one family."""
    found = arrows(_asked(journey), scheme)

    def marked(cell: Cell, key: Key) -> Cell:
        arrow: Arrow | None = found.get(key)
        return replace(cell, arrow=arrow)

    stops = [
        replace(
            stop,
            cells=tuple(
                marked(cell, ("stop", number, place))
                for place, cell in enumerate(stop.cells)
            ),
        )
        for number, stop in enumerate(journey.stops)
    ]
    below = [
        replace(each, now=marked(each.now, ("below", number, 0)))
        for number, each in enumerate(journey.below)
    ]
    joint = journey.joint
    if joint is not None:
        joint = replace(joint, now=marked(joint.now, ("joint", 0, 0)))
    return Journey(stops, joint, below)


def _asked(journey: Journey) -> dict[Key, Difference | None]:
    asked: dict[Key, Difference | None] = {}
    for number, (was, now) in enumerate(pairwise(journey.stops), start=1):
        if not now.broken:
            for place, cell in enumerate(now.cells):
                asked["stop", number, place] = since(cell, was.cells[place])
    if journey.joint is not None:
        earlier = journey.joint.earlier.index
        asked["joint", 0, 0] = since(journey.joint.now, earlier)
    for number, beside in enumerate(journey.below):
        asked["below", number, 0] = since(beside.now, beside.before)
    return asked
