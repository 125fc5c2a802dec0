"""The order in which a person sees the questions, and what it tells. Pure."""

from __future__ import annotations

import random
from collections.abc import Iterable, Sequence
from itertools import groupby

from surveys.instruments.sheet import Sheet, SheetQuestion


def shown_order(questions: Iterable[SheetQuestion], layout: int) -> list[SheetQuestion]:
    """Rating questions shuffled by the ballot's layout; the rest stay in place."""
    ordered = list(questions)
    places = [i for i, q in enumerate(ordered) if q.kind == "rating"]
    shuffled = [ordered[i] for i in places]
    random.Random(layout).shuffle(shuffled)  # noqa: S311  # order on screen, no secret
    for place, question in zip(places, shuffled, strict=True):
        ordered[place] = question
    return ordered


def longest_run(sheet: Sheet, answers: Sequence[int], layout: int) -> int:
    """Most equal answers in a row to ratings, in the order shown; 0 without any.

    Kept instead of the order itself, which would be a mark of the person's own page.
    """
    shown = [answers[slot] for slot in _slots_as_shown(sheet, layout)]
    runs = [len(list(same)) for code, same in groupby(shown) if code]
    return max(runs, default=0)


_known: dict[tuple[str, int], list[int]] = {}
"""By sheet and layout: each answer needs one of the 256 orders of a sheet."""


def _slots_as_shown(sheet: Sheet, layout: int) -> list[int]:
    key = (sheet.digest, layout)
    if key not in _known:
        _known[key] = [
            question.slot
            for section in sheet.sections
            for question in shown_order(sheet.in_section(section.code), layout)
            if question.kind == "rating"
        ]
    return _known[key]
