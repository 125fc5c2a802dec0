"""Where somebody is signed in: which device, since when, last used; and its end."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime

from allauth.usersessions.models import UserSession
from django.db import transaction
from django.utils.translation import gettext as _

from surveys.models import User

BROWSERS = (
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("SamsungBrowser", "Samsung Internet"),
    ("Firefox", "Firefox"),
    ("Chrome", "Chrome"),
    ("Safari", "Safari"),
)
SYSTEMS = (
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Windows", "Windows"),
    ("Mac OS X", "macOS"),
    ("CrOS", "ChromeOS"),
    ("Linux", "Linux"),
)


@dataclass(frozen=True)
class Device:
    """One sign-in, in words."""

    id: int
    name: str
    address: str
    since: datetime
    last_used: datetime
    is_this: bool


def device_words(agent: str) -> str:
    """``Chrome di Windows``; what cannot be recognised is said to be so."""
    browser = next((name for mark, name in BROWSERS if mark in agent), "")
    system = next((name for mark, name in SYSTEMS if mark in agent), "")
    if browser and system:
        return _("%(browser)s di %(system)s") % {"browser": browser, "system": system}
    first = re.match(r"[\w.-]{1,40}", agent)
    return browser or system or (first[0] if first else _("Perangkat tidak dikenal"))


def devices_of(user: User, current_key: str | None = None) -> list[Device]:
    """Where this account is signed in, the last used first; the ended are forgotten."""
    sessions = UserSession.objects.purge_and_list(user)
    found = [
        Device(
            id=session.pk,
            name=device_words(session.user_agent),
            address=session.ip,
            since=session.created_at,
            last_used=session.last_seen_at,
            is_this=session.session_key == current_key,
        )
        for session in sessions
    ]
    return sorted(found, key=lambda device: device.last_used, reverse=True)


@transaction.atomic
def end_sessions(*, user: User, only: int | None = None, but: str | None = None) -> int:
    """Sign this account out: everywhere, of one device, or everywhere but here."""
    sessions = UserSession.objects.filter(user=user)
    if only is not None:
        sessions = sessions.filter(pk=only)
    if but is not None:
        sessions = sessions.exclude(session_key=but)
    ended = list(sessions)
    for session in ended:
        session.end()
    return len(ended)
