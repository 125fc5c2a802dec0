"""The worker's round: a batch of a mailing, within the hours and at the pace set."""

from __future__ import annotations

import logging
import time
from collections import Counter
from collections.abc import Iterator

from django.db import IntegrityError
from django.utils import timezone

from surveys.box import ballots, wave_secret
from surveys.messages import channels, deliveries, opting_out, wording
from surveys.messages.deliveries import COUNTED, Held
from surveys.messages.letterbox import ChannelDown, Letter, Outcome, Transport
from surveys.messages.mailings import running, stop_mailing
from surveys.messages.queueing import fill_queue
from surveys.messages.sending_hours import allowance, give_back, may_send_at
from surveys.models import Mailing, Wave

logger = logging.getLogger(__name__)

BATCH = 100
BATCH_SECONDS = 45.0
"""A worker gives the rest back after this long: others wait for it too."""


def due_mailings() -> Iterator[int]:
    """Mailings that a worker should look at now."""
    waiting = Mailing.objects.filter(running()).select_related("wave").order_by("pk")
    for mailing in waiting.exclude(scheduled_at__gt=timezone.now()):
        if may_go_now(mailing):
            yield mailing.pk


def may_go_now(mailing: Mailing) -> bool:
    """In the sending hours; at any hour if it ends in the demo's mailbox anyway."""
    is_demo = channels.readiness(mailing.wave, mailing.channel).is_demo
    return is_demo or may_send_at(timezone.now())


def send_batch(*, mailing_id: int) -> int:
    """Fill the queue if need be, send what may go now; returns how many went out."""
    found = Mailing.objects.filter(running(pk=mailing_id))
    mailing = found.select_related("wave__root").first()
    if mailing is None or not may_go_now(mailing):
        return 0
    if mailing.wave.state != Wave.State.OPEN:
        _stop(mailing)
        return 0
    if mailing.state == Mailing.State.QUEUED:
        if mailing.scheduled_at and mailing.scheduled_at > timezone.now():
            return 0
        fill_queue(mailing=mailing)
    try:
        with channels.transport_for(mailing) as transport:
            return _send(mailing, transport)
    except ChannelDown as down:
        _note(mailing, str(down))
    except wave_secret.SecretMissing:
        _note(mailing, "secret_missing")
    return 0


def _send(mailing: Mailing, transport: Transport) -> int:
    secret = wave_secret.read(mailing.wave)
    wanted = allowance(mailing.channel, channels.per_minute(mailing), BATCH)
    held = _taken(mailing, wanted) if wanted else []
    give_back(mailing.channel, wanted - len(held))
    if not held:
        if wanted:
            deliveries.finish(mailing=mailing)
        return 0
    done: Counter[str] = Counter()
    waiting = [each.id for each in held]
    deadline = time.monotonic() + BATCH_SECONDS
    try:
        for each in held:
            if time.monotonic() > deadline or not may_go_now(mailing):
                break
            waiting.remove(each.id)
            if deliveries.begin(each):
                done[_send_one(mailing, transport, secret, each)] += 1
    finally:
        deliveries.put_back(waiting)
        ended = {COUNTED[s]: n for s, n in done.items() if s in COUNTED}
        deliveries.count(mailing, **ended)
    _note(mailing, "")
    return done.total()


def _taken(mailing: Mailing, n: int) -> list[Held]:
    try:
        return deliveries.take(mailing=mailing, n=n)
    except IntegrityError:
        # Another mailing has just taken the same person for today's only reminder.
        return []


def _send_one(mailing: Mailing, transport: Transport, secret: bytes, held: Held) -> str:
    letter = letter_for(mailing, secret, held)
    try:
        outcome = transport.send(letter)
    except ChannelDown:
        deliveries.undo(held)
        raise
    except Exception as error:
        # What a library says may hold an address: its kind alone is kept.
        logger.error("A message could not be sent: %s.", type(error).__name__)
        outcome = Outcome(Outcome.Kind.UNSURE, type(error).__name__[:40])
    return deliveries.record(mailing=mailing, held=held, outcome=outcome)


def letter_for(mailing: Mailing, secret: bytes, held: Held) -> Letter:
    """The message for one person. The key stands for it on every attempt."""
    reader = wording.Reader(
        name=held.name,
        unit=held.unit,
        code=ballots.code_of(secret, held.participant, held.edition),
        closes_at=held.closes_at,
        opt_out=opting_out.path_of(held.participant),
    )
    label = f"message {mailing.pk}"
    key = ballots.base32(ballots.mac(secret, label, held.participant.bytes), 26)
    return Letter(held.address, wording.message_for(mailing, reader), key.lower())


def _note(mailing: Mailing, trouble: str) -> None:
    """Why nothing goes out, and since when; empty once it does."""
    if mailing.trouble != trouble:
        since = timezone.now() if trouble else None
        Mailing.objects.filter(pk=mailing.pk).update(trouble=trouble, trouble_at=since)
        if trouble:
            logger.error("Mailing %s waits: %s.", mailing.pk, trouble)


def _stop(mailing: Mailing) -> None:
    """The wave takes no more answers: nobody is asked for one."""
    stop_mailing(mailing=mailing)
