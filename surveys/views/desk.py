"""What every page of the desk shares: its frame, its words, and its front page."""

from __future__ import annotations

from datetime import datetime
from typing import Any, cast

from django.http import HttpRequest
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.formats import date_format, number_format
from django.utils.translation import gettext as _

from surveys.fieldwork.steps import buttons_for
from surveys.models import User, Wave
from surveys.staff.first_day import first_steps, order_of_work
from surveys.staff.permissions import DESK, MANAGES, paths_of, touched

TINTS = {
    Wave.State.DRAFT: "",
    Wave.State.OPEN: "done",
    Wave.State.CLOSED: "attention",
    Wave.State.SEALING: "info",
    Wave.State.SEALED: "info",
}
"""Badge of each state."""


def moment(at: datetime) -> str:
    """``20 November 2026 23.59``."""
    return date_format(timezone.localtime(at), "j F Y H.i")


def in_words(n: int | None) -> str:
    return "–" if n is None else number_format(n, force_grouping=True)


def stepped_words(n: int | None) -> str:
    """A stepped count; None stands for fewer than ten."""
    return _("di bawah 10") if n is None else in_words(n)


def counted_words(at: datetime | None) -> str:
    """``14.05`` today, with its day otherwise."""
    if at is None:
        return ""
    local = timezone.localtime(at)
    clock = local.strftime("%H.%M")
    day = date_format(local, "j F Y")
    if clock == "00.00":  # sealing coarsens the counts to days
        return day
    return clock if local.date() == timezone.localdate() else f"{day} {clock}"


def level_words(level: str) -> str:
    """``ESELON_II`` as people write it: ``Eselon II``."""
    return " ".join(
        word if set(word) <= set("IVX") else word.capitalize()
        for word in level.split("_")
    )


def left_words(wave: Wave) -> str:
    """How long an open wave still takes answers, in days."""
    days = (timezone.localdate(wave.closes_at) - timezone.localdate()).days
    if days < 1:
        return _("hari ini") if days == 0 else _("sudah lewat")
    return _("%(n)d hari lagi") % {"n": days}


def desk_page(
    request: HttpRequest, model_admin: Any, template: str, context: dict[str, Any]
) -> TemplateResponse:
    """A page of the desk beside the lists and forms of ``model_admin``."""
    site = model_admin.admin_site
    request.current_app = site.name
    shared = {
        **site.each_context(request),
        "opts": model_admin.opts,
        "model_admin": model_admin,
        "has_view_permission": True,
    }
    return TemplateResponse(request, template, {**shared, **context})


def front_page(request: HttpRequest, context: dict[str, Any]) -> dict[str, Any]:
    """What the desk opens with: the latest waves and what each waits for."""
    user = cast(User, request.user)
    paths = paths_of(user, DESK)
    latest = Wave.objects.filter(touched(paths)).select_related("root")[:6]
    cards = [
        {
            "wave": wave,
            "tint": TINTS[Wave.State(wave.state)],
            "left": left_words(wave),
            "buttons": buttons_for(user, wave)[:1],
        }
        for wave in latest
    ]
    managed = paths_of(user, MANAGES)
    is_first = bool(managed) and all(w.state == Wave.State.DRAFT for w in latest)
    newest = next(iter(latest), None)
    return {
        **context,
        "cards": cards,
        "may_add": bool(managed),
        "may_look": bool(paths),
        "first_steps": first_steps(paths=managed, wave=newest) if is_first else [],
        "order_of_work": [] if is_first or not managed else order_of_work(),
    }
