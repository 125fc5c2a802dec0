"""How respondents' pages are made: plain ones rendered, the busy ones filled in."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from datetime import datetime
from functools import wraps
from http import HTTPStatus
from operator import attrgetter
from threading import Lock
from typing import Any, ParamSpec

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import get_language
from django.views.decorators.http import require_POST

from surveys.answering.stencils import Stencil, cut
from surveys.models import Wave

GAP = secrets.token_hex(16)
"""Stands in a page for the one text that differs from person to person."""

Arguments = ParamSpec("Arguments")
MakeContext = Callable[[str], dict[str, Any]]
"""The context of a page, with this text in the one place that differs."""

_FACTS = attrgetter(
    *(f.attname for f in Wave._meta.concrete_fields if f.attname != "promise")
)
MOST_KEPT = 5000
"""Nine waves in both languages, 512 orders each. A page takes 12 kB of memory, that of
the three lenses 14 kB: 72 MB in each process at most. The oldest goes first."""

_kept: dict[tuple[object, ...], Stencil] = {}
_keeping = Lock()


def page(
    request: HttpRequest,
    name: str,
    context: dict[str, Any] | None = None,
    status: HTTPStatus = HTTPStatus.OK,
    *,
    folder: str = "respond",
) -> HttpResponse:
    """A respondent page from ``templates/surveys/``, most of them in ``respond/``."""
    context = context or {}
    wave = context.get("wave")
    context.setdefault("is_simulated", bool(wave and wave.is_simulated))
    if isinstance(wave, Wave):
        context["ended_at"] = end_of(wave)
    template = f"surveys/{folder}/{name}.html"
    return _kept_apart(render(request, template, context, status=status))


def filled(
    request: HttpRequest,
    name: str,
    wave: Wave,
    key: tuple[object, ...],
    make_context: MakeContext,
    value: str,
) -> HttpResponse:
    """A page about this wave in which only ``value`` differs from person to person.

    It is rendered once for each wave, language and ``key`` (what else it hangs on).
    The template then sees no request: nothing of the person for whom it happens to be
    rendered first can get into it. Pages of a kiosk know their kiosk, and are not kept.
    """
    if hasattr(request, "kiosk"):
        return page(request, name, {"wave": wave, **make_context(value)})
    takes_gzip = "gzip" in request.META.get("HTTP_ACCEPT_ENCODING", "")
    kept = _stencil(name, wave, key, make_context)
    fill = kept.gzipped if takes_gzip else kept.plain
    response = HttpResponse(fill(value.encode()))
    if takes_gzip:
        response["Content-Encoding"] = "gzip"
    response["Vary"] = "Accept-Encoding"
    return _kept_apart(response)


def _stencil(
    name: str, wave: Wave, key: tuple[object, ...], make_context: MakeContext
) -> Stencil:
    place = (name, get_language(), key, _facts(wave))
    found = _kept.get(place)
    if found is None:
        context = {"wave": wave, "is_simulated": wave.is_simulated}
        context |= {"ended_at": end_of(wave), **make_context(GAP)}
        text = render_to_string(f"surveys/respond/{name}.html", context)
        found = cut(text, GAP)
        with _keeping:
            while len(_kept) >= MOST_KEPT:
                del _kept[next(iter(_kept))]
            _kept[place] = found
    return found


def _facts(wave: Wave) -> tuple[object, ...]:
    """Every column a template may show; the promise by its digest."""
    facts: tuple[object, ...] = _FACTS(wave)
    return facts


def end_of(wave: Wave) -> datetime:
    """When forms stop, or stopped, being opened: somebody may have closed it early."""
    return min(wave.closes_at, wave.closed_at or wave.closes_at)


def _kept_apart(response: HttpResponse) -> HttpResponse:
    """The address holds a personal code: it must reach no other page."""
    response["Referrer-Policy"] = "no-referrer"
    return response


def post_only(
    home: str,
) -> Callable[[Callable[..., HttpResponse]], Callable[..., HttpResponse]]:
    """For addresses that only take a form: whoever just comes by is led to ``home``.

    People do come by: they bookmark the page that answered, or load it anew.
    """

    def decorate(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
        strict = require_POST(view)

        @wraps(view)
        def wrapped(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if request.method in ("GET", "HEAD"):
                return HttpResponseRedirect(reverse(home))
            return strict(request, *args, **kwargs)

        return wrapped

    return decorate


def not_stored(
    view: Callable[Arguments, HttpResponse],
) -> Callable[Arguments, HttpResponse]:
    """No cache on the way keeps the reply; the word says all, and is said quickly."""

    @wraps(view)
    def wrapped(*args: Arguments.args, **kwargs: Arguments.kwargs) -> HttpResponse:
        response = view(*args, **kwargs)
        response["Cache-Control"] = "no-store"
        return response

    return wrapped
