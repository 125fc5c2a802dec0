"""How the register stands beside the frame that was frozen when the wave opened."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Sum

from surveys.models import FrameChange, Participant, Wave


@dataclass(frozen=True)
class Changes:
    """The frozen frame, and what later imports have added and taken away."""

    n_frame: int
    n_added: int
    n_left: int
    n_returned: int


def register_counts(wave: Wave) -> tuple[int, int]:
    """How many are registered now, and how many have left."""
    people = Participant.objects.filter(wave=wave)
    n_left = people.filter(has_left=True).count()
    return people.count() - n_left, n_left


def changes_of(wave: Wave) -> Changes | None:
    """None while the frame is not frozen."""
    if wave.state == Wave.State.DRAFT:
        return None
    changes = FrameChange.objects.filter(wave=wave).aggregate(
        added=Sum("n_added"), left=Sum("n_left"), returned=Sum("n_returned")
    )
    frame = wave.cells.aggregate(n=Sum("n_registered"))["n"]
    return Changes(
        n_frame=frame or 0,
        n_added=changes["added"] or 0,
        n_left=changes["left"] or 0,
        n_returned=changes["returned"] or 0,
    )
