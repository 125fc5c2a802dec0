"""Single sign-on of respondents by OpenID Connect: a claim found in the register.

allauth does the dance; it stops before it would make a user, an account, a session or a
last login. What it must remember between the two halves rides in a signed cookie.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.providers.oauth2.views import (
    OAuth2CallbackView,
    OAuth2LoginView,
)
from allauth.socialaccount.providers.openid_connect.views import (
    OpenIDConnectOAuth2Adapter,
)
from django.conf import settings
from django.contrib.sessions.backends.signed_cookies import SessionStore
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from requests import RequestException

from surveys.people.invitations import code_for, seats_in_open_waves

PROVIDER = "oidc"
"""The one provider, as ``SOCIALACCOUNT_PROVIDERS`` calls it."""

STATE_COOKIE = "masuk"
STATE_SECONDS = 10 * 60

View = Callable[[HttpRequest], HttpResponse]


class Recognised(Exception):
    """The provider vouches for this person; nothing has been written."""

    def __init__(self, person_key: str) -> None:
        super().__init__("recognised")
        self.person_key = person_key


class NotRecognised(Exception):
    """The provider refused, could not be reached, or did not say who it is."""


def is_offered() -> bool:
    """Whether a provider is configured."""
    return bool(settings.OIDC_SERVER_URL)


class RespondentAdapter(DefaultSocialAccountAdapter):  # type: ignore[misc]  # untyped library
    """Ends every sign-on before allauth would keep anything of it."""

    def is_open_for_signup(self, request: HttpRequest, sociallogin: Any) -> bool:
        return False

    def pre_social_login(self, request: HttpRequest, sociallogin: Any) -> None:
        raise Recognised(claim_in(sociallogin.account.extra_data))

    def on_authentication_error(self, *args: Any, **kwargs: Any) -> None:
        raise NotRecognised


def claim_in(data: dict[str, Any]) -> str:
    """The configured claim from the user information or else the ID token."""
    for part in ("userinfo", "id_token"):
        value = data.get(part, {}).get(settings.OIDC_CLAIM)
        if isinstance(value, str | int) and str(value).strip():
            return str(value).strip()
    raise NotRecognised


def _with_state_in_a_cookie(view: View) -> View:
    """allauth sees a session that is a cookie; the real one is not even read."""

    @wraps(view)
    def wrapped(request: HttpRequest) -> HttpResponse:
        kept = request.session
        request.session = SessionStore(request.COOKIES.get(STATE_COOKIE))
        try:
            response = view(request)
            _write(request, response)
        finally:
            request.session = kept
        return response

    return wrapped


def _write(request: HttpRequest, response: HttpResponse) -> None:
    request.session.save()
    response.set_cookie(
        STATE_COOKIE,
        request.session.session_key or "",
        max_age=STATE_SECONDS,
        path=reverse("respond:sign_on"),
        secure=request.is_secure(),
        httponly=True,
        samesite="Lax",
    )


@_with_state_in_a_cookie
def to_provider(request: HttpRequest) -> HttpResponse:
    """Send the browser to the provider; NotRecognised where it cannot be reached."""
    view = OAuth2LoginView.adapter_view(OpenIDConnectOAuth2Adapter(request, PROVIDER))
    try:
        response: HttpResponse = view(request)
    except RequestException as error:
        raise NotRecognised from error
    return response


@_with_state_in_a_cookie
def from_provider(request: HttpRequest) -> HttpResponse:
    """Ends in Recognised or NotRecognised, never in a page of allauth's."""
    view = OAuth2CallbackView.adapter_view(
        OpenIDConnectOAuth2Adapter(request, PROVIDER)
    )
    view(request)
    raise NotRecognised


def codes_of_person(person_key: str) -> dict[str, str]:
    """Personal codes of this person by wave code, for waves that are open."""
    return {
        seat.wave.code: code_for(wave=seat.wave, participant=seat.participant)
        for seat in seats_in_open_waves(Q(person_key=person_key))
    }
