"""Which requests may change what is recorded: those of staff, never a respondent's."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from berakhlak.staff import NOT_FOR_STAFF
from surveys.staff.history import acting

READING = ("GET", "HEAD", "OPTIONS", "TRACE")


def is_recorded(request: HttpRequest) -> bool:
    """Whether this request may change something that is recorded, by staff."""
    is_staff_page = not request.path_info.startswith(NOT_FOR_STAFF)
    return is_staff_page and request.method not in READING


class RecordedRequests:
    """Middleware: what staff change through a page stands under their name."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not is_recorded(request):
            return self.get_response(request)
        user = request.user if request.user.is_authenticated else None
        with acting(user=user, via=request.path_info[:200]):
            return self.get_response(request)
