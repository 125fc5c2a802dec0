"""The history in the desk: one list of everything, and a page beside each object."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.contrib import admin
from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.db.models import Model
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from surveys.staff.changes import Act, Asked, act_at, acts, rows_of
from surveys.staff.recorded import all_kept

PAGE = 40
ROWS = 100
PERIODS = (
    ("1", gettext_lazy("24 jam terakhir")),
    ("7", gettext_lazy("7 hari terakhir")),
    ("30", gettext_lazy("30 hari terakhir")),
    ("365", gettext_lazy("Satu tahun terakhir")),
    ("semua", gettext_lazy("Sejak awal")),
)
USUAL_PERIOD = "30"


def may_read(request: HttpRequest) -> bool:
    """Whether any of the history is for this reader."""
    return any(kept.readable(request) is not None for kept in all_kept())


def changes(request: HttpRequest) -> HttpResponse:
    """Everything that staff changed and this reader may open, the newest first."""
    if not may_read(request):
        raise Http404
    chosen = {
        "siapa": request.GET.get("siapa", "").strip()[:100],
        "apa": request.GET.get("apa", ""),
        "kapan": request.GET.get("kapan", USUAL_PERIOD),
    }
    since = _since(chosen["kapan"])
    asked = Asked(who=chosen["siapa"], what=chosen["apa"], since=since)
    number = _page_number(request)
    found = acts(request, asked, start=(number - 1) * PAGE, size=PAGE)
    words = {
        "title": _("Riwayat perubahan"),
        "chosen": chosen,
        "kinds": _kinds(request),
        "periods": PERIODS,
        "is_filtered": bool(chosen["siapa"] or chosen["apa"]),
        **_pages(request, found, number, PAGE),
    }
    return _page(request, "surveys/desk/history/list.html", words)


def act(request: HttpRequest, label: str, first: int) -> HttpResponse:
    """What one act did, row by row."""
    one = act_at(request, label, first)
    if one is None:
        raise Http404
    number = _page_number(request)
    found = rows_of(request, one, start=(number - 1) * ROWS, size=ROWS)
    words = {
        "title": _("Rincian perubahan"),
        "act": one,
        **_pages(request, found, number, ROWS),
    }
    return _page(request, "surveys/desk/history/act.html", words)


def object_history(
    request: HttpRequest, model_admin: Any, original: Model
) -> HttpResponse:
    """What was done to one object and its parts, and what was said about it."""
    label = original._meta.label
    asked = Asked(about=(label, original.pk))
    number = _page_number(request)
    found = acts(request, asked, start=(number - 1) * PAGE, size=PAGE)
    words = {
        "title": _("Riwayat"),
        "crumb": _("Riwayat"),
        "object": original,
        "opts": model_admin.opts,
        "said": _said_about(original),
        **_pages(request, found, number, PAGE),
    }
    return _page(request, "surveys/desk/history/object.html", words)


def _said_about(original: Model) -> list[LogEntry]:
    """Acts that the desk put into words: openings, sealings, withdrawals."""
    entries = LogEntry.objects.filter(
        content_type=ContentType.objects.get_for_model(original),
        object_id=str(original.pk),
    )
    latest = entries.select_related("user").order_by("-action_time")[:PAGE]
    return [entry for entry in latest if not entry.change_message.startswith("[")]


def _page(request: HttpRequest, template: str, words: dict[str, Any]) -> HttpResponse:
    request.current_app = admin.site.name
    return render(request, template, {**admin.site.each_context(request), **words})


def _kinds(request: HttpRequest) -> list[tuple[str, str]]:
    """What the filter offers: kinds of which this reader may see any."""
    return [
        (kept.label, capfirst(str(kept.model._meta.verbose_name)))
        for kept in all_kept()
        if kept.readable(request) is not None
    ]


def _since(period: str) -> datetime | None:
    is_number = period.isascii() and period.isdecimal() and len(period) < 5
    return timezone.now() - timedelta(days=int(period)) if is_number else None


def _page_number(request: HttpRequest) -> int:
    word = request.GET.get("hal", "1")
    is_number = word.isascii() and word.isdecimal() and len(word) < 6
    return max(1, int(word)) if is_number else 1


def _pages(
    request: HttpRequest, found: list[Act], number: int, size: int
) -> dict[str, Any]:
    """The lines of this page and the addresses of the next and the one before."""
    query = request.GET.copy()

    def address(to: int) -> str:
        query["hal"] = str(to)
        return f"?{query.urlencode()}"

    return {
        "acts": found[:size],
        "newer": address(number - 1) if number > 1 else "",
        "older": address(number + 1) if len(found) > size else "",
    }
