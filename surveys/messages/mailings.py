"""Write an invitation or a reminder, send it off, hold it back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Exists, F, Q
from django.db.models.functions import Greatest
from django.utils import timezone
from django.utils.translation import gettext as _

from surveys.errors import SurveyError, WrongState
from surveys.fieldwork.waves import demand
from surveys.messages import channels, wording
from surveys.messages.recipients import recipients_of
from surveys.models import LinkPrinting, Mailing, User, Wave, WaveUnit
from surveys.monitoring.stepping import stepped

Channel, Audience, State = Mailing.Channel, Mailing.Audience, Mailing.State


# --- Writing -------------------------------------------------------------------------


@dataclass(frozen=True)
class Plan:
    """What somebody wants to send, to whom, and from when (None: at once)."""

    kind: str
    channel: str
    audience: str
    subject: str
    body: str
    units: Sequence[WaveUnit] = ()
    scheduled_at: datetime | None = None


@transaction.atomic
def write_mailing(*, wave: Wave, plan: Plan, created_by: User) -> Mailing:
    """A draft: nothing is sent yet."""
    return _write(Mailing(wave=wave, created_by=created_by), plan)


@transaction.atomic
def revise_mailing(*, mailing: Mailing, plan: Plan) -> Mailing:
    """Change a draft; what has begun stays as it is."""
    return _write(_locked(mailing, State.DRAFT), plan)


def _write(mailing: Mailing, plan: Plan) -> Mailing:
    demand(mailing.wave, Wave.State.DRAFT, Wave.State.OPEN)
    if not mailing.wave.is_online:
        raise SurveyError(_("Gelombang impor tidak punya tautan untuk dikirim."))
    _check_words(plan.channel, plan.subject, plan.body)
    units = list(plan.units) if plan.audience == Audience.CHOSEN else []
    if plan.audience == Audience.CHOSEN and not units:
        raise SurveyError(_("Pilih paling sedikit satu unit."))
    if any(unit.wave_id != mailing.wave_id for unit in units):
        raise SurveyError(_("Unit itu bukan dari gelombang ini."))
    mailing.kind, mailing.channel = plan.kind, plan.channel
    mailing.audience = plan.audience
    mailing.subject = plan.subject if mailing.is_email else ""
    mailing.body, mailing.scheduled_at = plan.body, plan.scheduled_at
    mailing.save()
    mailing.units.set(units)
    return mailing


def _check_words(channel: str, subject: str, body: str) -> None:
    unknown = wording.unknown_fields(f"{subject}\n{body}")
    if unknown:
        raise SurveyError(
            _("{%(name)s} bukan isian yang dikenal; yang ada: %(known)s.")
            % {
                "name": unknown[0],
                "known": ", ".join(f"{{{name}}}" for name in wording.FIELDS),
            }
        )
    if "{tautan}" not in body and "{kode}" not in body:
        raise SurveyError(_("Isi pesan harus memuat {tautan} atau {kode}."))
    if "{tautan}" in subject or "{kode}" in subject:
        raise SurveyError(_("Perihal terbaca orang lain: jangan memuat tautan, kode."))
    if channel == Channel.EMAIL and not subject.strip():
        raise SurveyError(_("Perihal surel masih kosong."))


@transaction.atomic
def discard_mailing(*, mailing: Mailing) -> None:
    """Delete a draft."""
    _locked(mailing, State.DRAFT).delete()


def _locked(mailing: Mailing, *states: Mailing.State) -> Mailing:
    """Fresh and held, if it is in one of these states; WrongState otherwise."""
    found = Mailing.objects.select_for_update(of=("self",)).select_related("wave")
    mailing = found.get(pk=mailing.pk)
    if mailing.state not in states:
        raise WrongState(
            _("Pesan ini berkeadaan «%(state)s»; langkah ini tidak berlaku.")
            % {"state": mailing.get_state_display()}
        )
    return mailing


# --- Sending off and holding back ----------------------------------------------------


@transaction.atomic
def send_mailing(*, mailing: Mailing) -> Mailing:
    """From now on (or from its hour) the workers send it."""
    mailing = _locked(mailing, State.DRAFT)
    demand(mailing.wave, Wave.State.OPEN)
    channels.demand_ready(mailing.wave, mailing.channel)
    shown = recipients_of(mailing).n_shown
    if not shown and not mailing.is_reminder:
        raise SurveyError(_("Tidak ada penerima yang dapat dihubungi lewat jalur ini."))
    mailing.n_shown = shown
    mailing.state = State.QUEUED
    mailing.queued_at = timezone.now()
    mailing.save()
    return mailing


@transaction.atomic
def pause_mailing(*, mailing: Mailing) -> Mailing:
    """Messages in a worker's hand still go; the rest waits."""
    return _turn(_locked(mailing, State.QUEUED, State.SENDING), State.PAUSED)


@transaction.atomic
def resume_mailing(*, mailing: Mailing) -> Mailing:
    """Go on where it was paused; nobody gets the same message again."""
    mailing = _locked(mailing, State.PAUSED)
    demand(mailing.wave, Wave.State.OPEN)
    is_filled = mailing.n_total or mailing.deliveries.exists()
    return _turn(mailing, State.SENDING if is_filled else State.QUEUED)


@transaction.atomic
def stop_mailing(*, mailing: Mailing) -> Mailing:
    """For good; who has it has it."""
    mailing = _locked(mailing, State.QUEUED, State.SENDING, State.PAUSED)
    skipped = mailing.deliveries.filter(state__in=("queued", "taken")).update(
        state="skipped", due_at=None, reminded_on=None
    )
    mailing.n_skipped += skipped
    mailing.ended_at = timezone.now()
    return _turn(mailing, State.STOPPED)


def _turn(mailing: Mailing, state: Mailing.State) -> Mailing:
    mailing.state = state
    mailing.trouble, mailing.trouble_at = "", None
    mailing.save()
    return mailing


@transaction.atomic
def send_failed_again(*, mailing: Mailing) -> int:
    """Try the failed deliveries of an invitation once more, to the address of today."""
    mailing = _locked(mailing, State.SENDING, State.DONE)
    demand(mailing.wave, Wave.State.OPEN)
    channels.demand_ready(mailing.wave, mailing.channel)
    if mailing.is_reminder:
        raise WrongState(_("Pengingat tidak diulang; tulis pengingat berikutnya."))
    n = mailing.deliveries.filter(state="failed").update(
        state="queued", attempts=0, error="", due_at=timezone.now()
    )
    Mailing.objects.filter(pk=mailing.pk).update(
        # Those that failed in the batch being sent now are not counted yet.
        state=State.SENDING,
        ended_at=None,
        n_failed=Greatest(F("n_failed") - n, 0),
    )
    return n


def failures_shown(mailing: Mailing) -> int | None:
    """Exact for an invitation; of a reminder in steps, None below ten."""
    if mailing.is_reminder:
        return stepped(mailing.n_failed, 0)
    return mailing.n_failed


def is_announced(wave: Wave) -> bool:
    """Whether anybody was invited: a mailing left, or links were printed."""
    invitations = Mailing.objects.filter(wave=wave, kind=Mailing.Kind.INVITATION)
    sent = Exists(invitations.exclude(state=State.DRAFT))
    printed = Exists(LinkPrinting.objects.filter(wave=wave))
    return Wave.objects.filter(sent | printed, pk=wave.pk).exists()


def running(**more: Any) -> Q:
    """Mailings that wait for a worker."""
    return Q(state__in=(State.QUEUED, State.SENDING), **more)
