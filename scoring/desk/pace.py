"""How long a run still takes, from the pace of the shards that are done."""

from __future__ import annotations

from typing import Any

from django.db.models import Count, Q, Sum
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from scoring.models import ScoringRun, Shard

CHECKING = 2
"""Passes 2 and 3 take about so many times as long as pass 1."""

SHARDS_TO_TELL = 2
"""Fewer finished shards tell no pace."""


def work_done(run: ScoringRun) -> dict[str, Any]:
    """Shards and answers of the pass that goes on, and of both passes together."""
    is_checked = Q(state=Shard.State.CHECKED)
    is_tallied = is_checked | Q(state=Shard.State.DONE)
    counts = run.shards.aggregate(
        tallied=Count("pk", filter=is_tallied),
        checked=Count("pk", filter=is_checked),
        answers=Coalesce(Sum("n_answers"), 0),
        answers_tallied=Coalesce(Sum("n_answers", filter=is_tallied), 0),
        answers_checked=Coalesce(Sum("n_answers", filter=is_checked), 0),
    )
    is_second = counts["tallied"] == run.n_shards
    now = "checked" if is_second else "tallied"
    done = counts["answers_tallied"] + CHECKING * counts["answers_checked"]
    return {
        "is_second_pass": is_second,
        "shards_done": counts[now],
        "answers_done": counts[f"answers_{now}"],
        "answers": counts["answers"],
        "n_done": counts["tallied"] + counts["checked"],
        "n_total": 2 * run.n_shards,
        "work_done": done,
        "work": (1 + CHECKING) * counts["answers"],
    }


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
