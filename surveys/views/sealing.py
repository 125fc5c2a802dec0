"""How far sealing is, and whether anybody is at work on it."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache

from surveys.models import Wave

QUIET_SECONDS = 15
"""After this long without movement the page says that nobody is at work."""

ONLINE_STEPS = tuple(Wave.SealingStep)[1:]
IMPORTED_STEPS = (Wave.SealingStep.MERGED, Wave.SealingStep.PUBLISHED)


@never_cache
def sealing(request: HttpRequest, wave: Wave) -> HttpResponse:
    """The sealing steps, asked for every two seconds until the wave is sealed."""
    response = render(
        request, "surveys/desk/sealing.html", sealing_context(request, wave)
    )
    if wave.state != Wave.State.SEALING:
        response["HX-Refresh"] = "true"
    return response


def sealing_context(request: HttpRequest, wave: Wave) -> dict[str, Any]:
    """The steps with what is done, what runs, and since when nothing moved."""
    steps = ONLINE_STEPS if wave.is_online else IMPORTED_STEPS
    reached = Wave.SealingStep(wave.sealing_step)
    n_done = steps.index(reached) + 1 if reached in steps else 0
    since = moved_at(request, n_done)
    return {
        "wave": wave,
        "sealing_steps": [
            {"label": each.label, "is_done": i < n_done, "is_next": i == n_done}
            for i, each in enumerate(steps)
        ],
        "n_done": n_done,
        "n_steps": len(steps),
        "since": since,
        "is_quiet": is_quiet(since),
    }


def moved_at(request: HttpRequest, n_done: int) -> int:
    """When the page first saw this count; the page carries it from poll to poll."""
    now = int(timezone.now().timestamp())
    seen, since = request.GET.get("selesai", ""), request.GET.get("sejak", "")
    if since.isdecimal() and seen == str(n_done):
        return min(now, int(since[:12]))
    return now


def is_quiet(since: int) -> bool:
    """Whether nothing has moved for so long that the page should say so."""
    return timezone.now().timestamp() - since >= QUIET_SECONDS
