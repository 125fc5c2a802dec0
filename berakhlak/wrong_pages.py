"""403, 404 and 500 in words; in the desk, within the desk.

Whoever works there keeps the sidebar and so a way on. The page of an error asks neither
the database nor who is signed in: either may be what failed.
"""

from __future__ import annotations

from django.contrib import admin
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.views import defaults

DESK = "/desk/"


def is_at_desk(request: HttpRequest) -> bool:
    """Whether this reader has a sidebar to go back to."""
    user = getattr(request, "user", None)
    return request.path_info.startswith(DESK) and getattr(user, "is_staff", False)


def not_allowed(request: HttpRequest, exception: Exception) -> HttpResponseBase:
    """403."""
    if is_at_desk(request):
        return _in_the_desk(request, "admin/403.html", 403)
    return defaults.permission_denied(request, exception)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponseBase:
    """404."""
    if is_at_desk(request):
        return _in_the_desk(request, "admin/404.html", 404)
    return defaults.page_not_found(request, exception)


def failed(request: HttpRequest) -> HttpResponseBase:
    """500."""
    if request.path_info.startswith(DESK):
        words = {"at": timezone.localtime()}
        # Without a request: nobody is looked up.
        return render(None, "admin/500.html", words, status=500)
    return defaults.server_error(request)


def _in_the_desk(request: HttpRequest, template: str, status: int) -> HttpResponse:
    request.current_app = admin.site.name
    return render(request, template, admin.site.each_context(request), status=status)
