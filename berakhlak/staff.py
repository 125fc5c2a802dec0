"""Sessions, sign-in and messages: for staff, and out of the way of respondents.

Whatever cookies a browser sends along, a respondent's page looks up no session and no
user; so none can be written, and opening a form costs no more than it must.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib.auth.middleware import AuthenticationMiddleware
from django.contrib.messages.middleware import MessageMiddleware
from django.contrib.sessions.middleware import SessionMiddleware
from django.http import HttpRequest


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
