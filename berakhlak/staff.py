"""Sessions, sign-in and messages: for staff, and out of the way of respondents.

Whatever cookies a browser sends along, a respondent's page looks up no session and no
user; so none can be written, and opening a form costs no more than it must.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from django.contrib.auth.middleware import AuthenticationMiddleware
from django.contrib.messages.middleware import MessageMiddleware
from django.contrib.sessions.middleware import SessionMiddleware
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse


def asks_nobody(path: str) -> bool:
    """Whether who reads this page does not matter; single sign-on is what must know."""
    return path.startswith("/survei/") and not path.startswith("/survei/masuk/")


class ForStaff:
    """Mixed into a middleware that steps aside for respondents."""

    get_response: Callable[[HttpRequest], Any]

    def __call__(self, request: HttpRequest) -> Any:
        """The response, without this middleware where nobody is asked who they are."""
        if asks_nobody(request.path_info):
            return self.get_response(request)
        return super().__call__(request)  # type: ignore[misc]  # what it is mixed into


class Sessions(ForStaff, SessionMiddleware):
    """Django's sessions."""


class SignedIn(ForStaff, AuthenticationMiddleware):
    """Django's ``request.user``."""


class Messages(ForStaff, MessageMiddleware):
    """Django's messages."""


# --- what a sign-in needs before it opens anything -----------------------------------

NOT_FOR_STAFF = ("/survei/", "/bukti/", "/static/", "/api/token/", "/healthz")
ACCOUNT = "/akun/"
SIGNING_IN = tuple(
    f"{ACCOUNT}{page}/"
    for page in (
        "login",
        "logout",
        "undangan",
        "password/reset",
        "reauthenticate",
        "2fa/authenticate",
        "2fa/reauthenticate",
        "2fa/lagi",
        "2fa/webauthn/login",
        "2fa/webauthn/reauthenticate",
    )
)
"""Pages that lead to a second factor, or away."""
SEEN_EVERY_SECONDS = 10 * 60


class SecondFactor:
    """Who must have a second factor gets nowhere before this session has shown it.

    Who has one, must or not, first shows it to change what protects the account.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path_info.startswith((*NOT_FOR_STAFF, *SIGNING_IN)):
            return self.get_response(request)
        from surveys.staff import second_factor

        user = request.user
        if not user.is_authenticated:
            return self.get_response(request)
        if second_factor.was_shown(request, user):
            return self.get_response(request)
        demands = (
            second_factor.has_one
            if request.path_info.startswith(ACCOUNT)
            else second_factor.must_have
        )
        if not demands(user):
            return self.get_response(request)
        if request.path_info.startswith("/api/"):
            from berakhlak.api import refusal

            return refusal(403, "permission_denied")
        name = "second_factor_again" if second_factor.has_one(user) else "mfa_index"
        onward = urlencode({"next": request.get_full_path()})
        return HttpResponseRedirect(f"{reverse(name)}?{onward}")


class LastSeen:
    """Notes every ten minutes that a sign-in is in use, for the list of devices."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        is_staff_page = not request.path_info.startswith(NOT_FOR_STAFF)
        if is_staff_page and request.user.is_authenticated:
            seen_at = request.session.get("seen_at", 0)
            if time.time() - seen_at > SEEN_EVERY_SECONDS:
                from allauth.usersessions.models import UserSession

                UserSession.objects.create_from_request(request)
                request.session["seen_at"] = int(time.time())
        return self.get_response(request)
