"""The wave console: the page of a wave, from draft to sealed."""

from __future__ import annotations

from typing import Any, cast

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import ngettext

from surveys.box.ballots import in_groups
from surveys.fieldwork.steps import buttons_for
from surveys.fieldwork.windows import extensions_of
from surveys.messages.mailings import is_announced
from surveys.models import Answer, User, Wave
from surveys.monitoring.charts import hours_chart
from surveys.monitoring.console import Console, console_of, register_of
from surveys.monitoring.hours import hours_of
from surveys.monitoring.stepping import stepped
from surveys.staff.permissions import DESK, MANAGES, covers, may_act, paths_of
from surveys.views.desk import (
    TINTS,
    counted_words,
    desk_page,
    left_words,
    level_words,
    stepped_words,
)
from surveys.views.sealing import sealing_context
from surveys.views.wave_words import minimum_words

LINES_PER_PAGE = 200
LATE_MINUTES = 40
"""A count that should have been renewed every quarter of an hour is late after this."""


def console(request: HttpRequest, model_admin: Any, wave: Wave) -> HttpResponse:
    """How a wave stands: dates, promise, participation in steps, and what is next."""
    user = cast(User, request.user)
    paths = paths_of(user, DESK)
    context: dict[str, Any] = {
        "title": wave.name,
        "original": wave,
        "wave": wave,
        "tint": TINTS[Wave.State(wave.state)],
        "left": left_words(wave),
        "buttons": buttons_for(user, wave),
        "promise_digest": in_groups(wave.promise_digest[:8].upper()),
        "minimum": minimum_words(wave),
        "is_whole": covers(paths, wave.root),
        "batches": list(wave.batches.all()),
        "extensions": [] if wave.state == Wave.State.DRAFT else extensions_of(wave),
    }
    if wave.state == Wave.State.DRAFT:
        n, units = register_of(wave=wave, paths=paths)
        context |= {"n_people": n, "register": units}
    elif wave.is_online:
        context |= _participation(request, wave, user, paths)
    elif wave.n_answers is None:
        n_loaded = Answer.objects.filter(wave=wave).count()
        context["n_imported"] = stepped_words(stepped(n_loaded, 2))
    if wave.state == Wave.State.SEALING:
        context |= sealing_context(request, wave)
    return desk_page(request, model_admin, "surveys/desk/console.html", context)


def _participation(
    request: HttpRequest, wave: Wave, user: User, paths: list[str]
) -> dict[str, Any]:
    shown = console_of(wave=wave, paths=paths, code=request.GET.get("unit", ""))
    if shown is None:
        raise Http404
    n_all = shown.total.n_registered if shown.total else 0
    pages = Paginator(shown.lines, LINES_PER_PAGE)
    may_remind = wave.state == Wave.State.OPEN and may_act(user, wave, MANAGES)
    is_unannounced = may_remind and not is_announced(wave)
    return {
        "console": shown,
        "lines": pages.get_page(request.GET.get("halaman")),
        "counted": counted_words(shown.counted_at),
        "is_late": _is_late(wave, shown),
        "finding": _finding(wave, shown),
        "levels": [(level_words(each.level), each) for each in shown.levels],
        "is_unannounced": is_unannounced,
        "reminder_url": _reminder_url(wave)
        if may_remind and not is_unannounced
        else "",
        "sealed_percent": 100 * (wave.n_answers or 0) // n_all if n_all else None,
        **_hours(shown),
    }


def _hours(shown: Console) -> dict[str, Any]:
    """The picture of the chosen unit's last day."""
    hours = hours_of(shown.total.count) if shown.total else None
    if hours is None:
        return {}
    return {
        "hours": hours,
        "hours_day": date_format(hours.on, "l, j F"),
        "hours_chart": hours_chart(hours.day),
    }


def _is_late(wave: Wave, shown: Console) -> bool:
    """Whether the clock has missed a count or two: the old numbers stay, and say so."""
    takes_answers = wave.state in (Wave.State.OPEN, Wave.State.CLOSED)
    if shown.counted_at is None or not takes_answers:
        return False
    age = timezone.now() - shown.counted_at
    return age.total_seconds() > 60 * LATE_MINUTES


def _finding(wave: Wave, shown: Console) -> str:
    """What the table says, in a sentence; empty where nobody falls short."""
    n = len(shown.short)
    if not n:
        return ""
    if wave.state == Wave.State.OPEN:
        return ngettext(
            "%(n)d unit mungkin tidak mencapai minimumnya.",
            "%(n)d unit mungkin tidak mencapai minimumnya.",
            n,
        ) % {"n": n}
    return ngettext(
        "%(n)d unit tidak mencapai minimumnya.",
        "%(n)d unit tidak mencapai minimumnya.",
        n,
    ) % {"n": n}


def _reminder_url(wave: Wave) -> str:
    """Where a reminder is written; a line adds its unit. Empty without mailings."""
    try:
        page = reverse("admin:surveys_mailing_add")
    except NoReverseMatch:
        return ""
    return f"{page}?wave={wave.pk}&kind=reminder"
