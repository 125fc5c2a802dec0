"""What tests of invitations and reminders share: a wave, a text, a round of sending."""

from __future__ import annotations

from typing import Any

from django.utils import timezone

from surveys.messages import mailings, posting, wording
from surveys.messages.mailings import Plan
from surveys.models import Contact, Delivery, Mailing, Participant, User, Wave
from tests.factories import make_user


def plan_of(kind: str, channel: str, **more: Any) -> Plan:
    subject, body = wording.default_for(kind, channel)
    options = {"audience": "all", "subject": subject, "body": body, **more}
    return Plan(kind=kind, channel=channel, **options)


def written(
    wave: Wave, kind: str = "invitation", channel: str = "email", **more: Any
) -> Mailing:
    """A draft by Ani, with the default words."""
    ani = User.objects.filter(name="Ani").first() or make_user("Ani")
    plan = plan_of(kind, channel, **more)
    return mailings.write_mailing(wave=wave, plan=plan, created_by=ani)


def sent_off(
    wave: Wave, kind: str = "invitation", channel: str = "email", **more: Any
) -> Mailing:
    """Approved, and not yet taken by a worker."""
    return mailings.send_mailing(mailing=written(wave, kind, channel, **more))


def work(mailing: Mailing, rounds: int = 1) -> Mailing:
    """What the clock has a worker do."""
    for _ in range(rounds):
        posting.send_batch(mailing_id=mailing.pk)
    mailing.refresh_from_db()
    return mailing


def now_due(mailing: Mailing) -> None:
    """Let all waits and leases be over."""
    mailing.deliveries.filter(due_at__isnull=False).update(due_at=timezone.now())


def address(person: Participant, email: str) -> None:
    Contact.objects.filter(participant=person).update(email=email)


def states(mailing: Mailing) -> dict[str, int]:
    """How many deliveries are in each state."""
    found: dict[str, int] = {}
    for state in mailing.deliveries.values_list("state", flat=True):
        found[state] = found.get(state, 0) + 1
    return found


def delivery_of(mailing: Mailing, person: Participant) -> Delivery:
    return mailing.deliveries.get(participant=person)


def finish(*people: Participant) -> None:
    """Mark them as the clock would."""
    keys = [person.pk for person in people]
    Participant.objects.filter(pk__in=keys).update(state="finished")
