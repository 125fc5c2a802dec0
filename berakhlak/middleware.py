"""The strict content policy, and its one exception: the desk."""

from csp.constants import SELF, UNSAFE_EVAL, UNSAFE_INLINE
from csp.middleware import CSPMiddleware, PolicyParts
from django.http import HttpRequest, HttpResponseBase

# Unfold ships Alpine's eval build and writes style attributes. It shows no answer text.
DESK = {"script-src": [SELF, UNSAFE_EVAL], "style-src": [SELF, UNSAFE_INLINE]}


class ContentPolicyMiddleware(CSPMiddleware):
    """django-csp, loosened under ``/desk/`` alone."""

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
