"""A pass from a door (single sign-on, a kiosk) to the form.

A signed cookie for half an hour that only the server reads: no row, no session, and no
personal code in the address bar.
"""

from __future__ import annotations

from collections.abc import Mapping

from django.core import signing
from django.http import HttpRequest, HttpResponse

COOKIE = "pintu"
SECONDS = 30 * 60
_SALT = "surveys.answering.passes"


def give(
    request: HttpRequest, response: HttpResponse, codes: Mapping[str, str], path: str
) -> None:
    """Let this browser open the forms of these codes, by wave code, below ``path``."""
    response.set_cookie(
        COOKIE,
        signing.dumps(dict(codes), salt=_SALT),
        max_age=SECONDS,
        path=path,
        secure=request.is_secure(),
        httponly=True,
        samesite="Lax",
    )


def codes_of(request: HttpRequest) -> dict[str, str]:
    """Personal codes by wave code; none without a pass that is valid now."""
    text = request.COOKIES.get(COOKIE, "")
    try:
        codes: dict[str, str] = signing.loads(text, salt=_SALT, max_age=SECONDS)
    except signing.BadSignature:
        return {}
    return codes


def take_back(response: HttpResponse, path: str) -> None:
    """The form is sent or given up."""
    response.delete_cookie(COOKIE, path=path, samesite="Lax")
