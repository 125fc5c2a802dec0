"""The strict content policy with its one exception, the desk; and no NUL anywhere."""

from collections.abc import Callable
from functools import cache
from urllib.parse import unquote

from csp.constants import HEADER, SELF, UNSAFE_EVAL, UNSAFE_INLINE
from csp.middleware import CSPMiddleware, PolicyParts
from csp.utils import build_policy
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase

# Unfold ships Alpine's eval build and writes style attributes. It shows no answer text.
DESK = {"script-src": [SELF, UNSAFE_EVAL], "style-src": [SELF, UNSAFE_INLINE]}


@cache
def usual_policy() -> str:
    """The settings' policy, put together once."""
    return build_policy()


class ContentPolicyMiddleware(CSPMiddleware):
    """django-csp, loosened under ``/desk/`` alone."""

    def process_response(
        self, request: HttpRequest, response: HttpResponseBase
    ) -> HttpResponseBase:
        """The usual policy as it stands; all else is left to django-csp."""
        parts = self.get_policy_parts(request, response)
        if settings.DEBUG or parts != PolicyParts() or HEADER in response:
            return super().process_response(request, response)
        response[HEADER] = usual_policy()
        return response

    def get_policy_parts(
        self,
        request: HttpRequest,
        response: HttpResponseBase,
        report_only: bool = False,
    ) -> PolicyParts:
        """The settings' policy, with the desk's two additions where they are due."""
        parts = super().get_policy_parts(request, response, report_only)
        if request.path_info.startswith("/desk/"):
            parts.replace = {**DESK, **(parts.replace or {})}
        return parts


class NoNulCharacters:
    """An address with a NUL names nothing; PostgreSQL would not even look for it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        query = request.META.get("QUERY_STRING", "")
        if "\0" not in request.path_info and "\0" not in unquote(query):
            return self.get_response(request)
        if request.path_info.startswith("/api/"):
            from berakhlak.api import refusal  # its views load only after the apps

            return refusal(400, "invalid")
        raise Http404
