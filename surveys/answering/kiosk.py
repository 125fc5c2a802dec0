"""A shared device on which colleagues answer one after the other.

A coordinator starts it with a signed token that lasts a day and rides in the address:
so it outlives the clearing of everything else the browser keeps.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.core.signing import BadSignature, TimestampSigner
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from surveys.models import User, Wave
from surveys.staff.permissions import DESK, paths_of, touched

LIFE = timedelta(days=1)
IDLE_SECONDS = 120
"""After this long without a touch the page empties itself."""

WARNING_SECONDS = 20
UNSCRIPTED_SECONDS = 20 * 60
"""Without scripts a page cannot tell idle from reading: it waits this long."""

FORGET = '"cache", "cookies", "storage"'


@dataclass(frozen=True)
class Kiosk:
    """A started kiosk: its wave, and its addresses."""

    wave: Wave
    token: str

    @property
    def start_url(self) -> str:
        return reverse("respond:kiosk", args=[self.token])

    @property
    def form_url(self) -> str:
        return reverse("respond:kiosk_form", args=[self.token])

    @property
    def send_url(self) -> str:
        return reverse("respond:kiosk_send", args=[self.token])

    @property
    def end_url(self) -> str:
        return reverse("respond:kiosk_end", args=[self.token])


def _signer() -> TimestampSigner:
    return TimestampSigner(salt="surveys.answering.kiosk")


def start(*, wave: Wave) -> Kiosk:
    """A token for one day; nothing is stored."""
    return Kiosk(wave, _signer().sign(str(wave.pk)))


def kiosk_of(token: str) -> Kiosk | None:
    """The kiosk of a token that is valid now."""
    try:
        wave_id = int(_signer().unsign(token, max_age=LIFE))
    except (BadSignature, ValueError):
        return None
    wave = Wave.objects.select_related("instrument").filter(pk=wave_id).first()
    return Kiosk(wave, token) if wave else None


def waves_to_start(user: User) -> list[Wave]:
    """Open waves in which this user serves at the desk for some unit."""
    return list(
        Wave.objects.filter(
            touched(paths_of(user, DESK)),
            source=Wave.Source.ONLINE,
            state=Wave.State.OPEN,
        )
    )


def forget(response: HttpResponse) -> HttpResponse:
    """Have the browser drop cache, cookies and storage of this site."""
    response["Clear-Site-Data"] = FORGET
    return response


def anonymous(request: HttpRequest) -> HttpRequest:
    """Without device and network: many answers from here are no sign of steering."""
    request.COOKIES = {}
    for name in ("HTTP_X_FORWARDED_FOR", "HTTP_X_REAL_IP", "HTTP_FORWARDED"):
        request.META.pop(name, None)
    request.META["REMOTE_ADDR"] = ""
    return request


def kiosk_page(request: HttpRequest) -> dict[str, Any]:
    """Context processor: ``is_kiosk``, and on a kiosk's pages ``kiosk``."""
    kiosk = getattr(request, "kiosk", None)
    if kiosk is None:
        return {"is_kiosk": False}
    return {
        "is_kiosk": True,
        "kiosk": kiosk,
        "send_url": kiosk.send_url,
        "idle_seconds": IDLE_SECONDS,
        "warning_seconds": WARNING_SECONDS,
        "unscripted_seconds": UNSCRIPTED_SECONDS,
    }
