"""How long a run still takes, from the pace of the shards that are done."""

from __future__ import annotations

from django.utils.translation import gettext as _

SHARDS_TO_TELL = 2
"""Fewer finished shards tell no pace."""


def seconds_left(
    *, answers_done: int, answers: int, shards_done: int, elapsed: float
) -> float | None:
    """Seconds for the remaining answers at the pace so far; None if none is known.

    >>> seconds_left(answers_done=200, answers=500, shards_done=2, elapsed=60)
    90.0
    """
    if shards_done < SHARDS_TO_TELL or not answers_done or elapsed <= 0:
        return None
    return elapsed * (answers - answers_done) / answers_done


def left_in_words(seconds: float | None) -> str:
    """``kira-kira 3 menit lagi``; coarse, as the estimate is."""
    if seconds is None:
        return _("Sisa waktu belum dapat diperkirakan.")
    minutes = round(seconds / 60)
    if minutes < 1:
        return _("Kurang dari satu menit lagi.")
    if minutes < 90:
        return _("Kira-kira %(n)d menit lagi.") % {"n": minutes}
    return _("Kira-kira %(n)d jam lagi.") % {"n": round(minutes / 60)}
