"""Send a lost link again, to the registered address alone.

The page that takes the request looks nothing up and keeps nothing: it hands the typed
text to a thread of the same process and answers. So the answer is the same, in the same
time, for everybody, and neither a table, nor Redis, nor the queue ever holds who asked.
A request is lost with its process; the page says to ask again.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from uuid import UUID

from django.core.mail import EmailMessage
from django.db import connection
from django.db.models import Q
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.utils.translation import override

from surveys.box.wave_secret import SecretMissing
from surveys.messages import channels, demo_mailbox
from surveys.models import Contact, Mailing
from surveys.people.invitations import link_for, seats_in_open_waves

logger = logging.getLogger(__name__)

LONGEST = 254
MOST_WAITING = 200
MOST_SEATS = 5
QUIET_SECONDS = 10 * 60
"""One person gets one message in this time, so that nobody's mailbox is flooded."""

_places = threading.BoundedSemaphore(MOST_WAITING)
_sent: dict[UUID, float] = {}


@cache
def sender() -> ThreadPoolExecutor:
    """One thread, started by the first request; it ends its work when we stop."""
    return ThreadPoolExecutor(max_workers=1, thread_name_prefix="lost-links")


def ask(*, typed: str, home: str, language: str) -> None:
    """Take the request and return at once; with too many waiting it is dropped."""
    if not _places.acquire(blocking=False):
        logger.error("Too many lost links are waiting for the mail server.")
        return
    sender().submit(_work, typed[:LONGEST], home, language)


def _work(typed: str, home: str, language: str) -> None:
    """Nothing that happens here may name anybody in a log."""
    try:
        with override(language):
            send_links(typed=typed, home=home)
    except Exception as error:  # a thread has nobody to tell
        logger.error("A lost link could not be sent: %s.", type(error).__name__)
    finally:
        connection.close()
        _places.release()


def send_links(*, typed: str, home: str) -> None:
    """Mail to each seat found its link, under ``home`` (``https://host``)."""
    for contact in seats_known_as(typed):
        if _is_due(contact.participant_id):
            try:
                _mail(contact, home)
            except Exception:
                del _sent[contact.participant_id]
                raise


def seats_known_as(typed: str) -> list[Contact]:
    """Seats in open waves with this e-mail address or staff number."""
    text = typed.strip()
    if not text or "\0" in text:
        return []
    who = Q(email__iexact=text) if "@" in text else Q(person_key__in=_spelled(text))
    return [seat for seat in seats_in_open_waves(who) if seat.email][:MOST_SEATS]


def _spelled(number: str) -> Iterable[str]:
    """As typed, and without the blanks people put into long numbers."""
    return {number, "".join(number.split())}


def _is_due(participant: UUID) -> bool:
    now = time.monotonic()
    for known, at in list(_sent.items()):
        if now - at > QUIET_SECONDS:
            del _sent[known]
    return _sent.setdefault(participant, now) == now


def _mail(contact: Contact, home: str) -> None:
    try:
        link = link_for(wave=contact.wave, participant=contact.participant)
    except SecretMissing:
        return
    subject = _("Tautan survei Anda")
    words = {"wave": contact.wave, "link": home + link}
    body = render_to_string("surveys/entry/lost_link.txt", words)
    if channels.readiness(contact.wave, Mailing.Channel.EMAIL).is_demo:
        demo_mailbox.keep(
            wave=contact.wave_id, to=contact.email, subject=subject, text=body
        )
        demo_mailbox.make_room()
    else:
        EmailMessage(subject=subject, body=body, to=[contact.email]).send()
