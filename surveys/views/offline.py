"""The service worker, and the page where a carried-over form arrives."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from django.contrib.staticfiles import finders
from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from surveys.views.respond import page


@cache
def _source() -> bytes:
    return Path(str(finders.find("js/sw.js"))).read_bytes()


@require_safe
def worker(request: HttpRequest) -> HttpResponse:
    """The service worker: under ``/survei/``, so that its scope is just that."""
    response = HttpResponse(_source(), content_type="text/javascript; charset=utf-8")
    response["Cache-Control"] = "no-cache"
    return response


@never_cache
@require_safe
def carry(request: HttpRequest) -> HttpResponse:
    """Where the other phone goes on; the key stays in the browser."""
    return page(request, "carry")
