"""The life of a wave: draft → open → closed → sealing → sealed, and never back."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from surveys.box import wave_secret
from surveys.errors import SurveyError, WrongState
from surveys.fieldwork.frames import freeze_register, freeze_tree
from surveys.fieldwork.minimums import Rule
from surveys.fieldwork.promise import digest_of, promise_of, purpose_of
from surveys.instruments.authoring import sheet_of
from surveys.models import Answer, Instrument, Participant, UnitKerja, Wave
from surveys.monitoring import counters
from surveys.staff.history import because

LOCK = 0x57415645
"""Namespace of the advisory lock that sends share and closing and sealing own."""

SENDING_GRACE = timedelta(hours=72)

HALF = Rule("share", 50.0)
"""The minimum of a wave that says nothing else: half of the people."""

CHANGEABLE = {
    "name",
    "instrument",
    "root",
    "reference_date",
    "competing_level",
    "opens_at",
    "closes_at",
    "seals_at",
    "organiser",
    "contact",
    "purpose",
    "is_simulated",
}
"""Facts of a draft that may still be changed."""


def lock_wave(wave: Wave) -> Wave:
    """Wait until no send is under way, keep new ones waiting; returns fresh facts."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", (LOCK, wave.pk))
    return Wave.objects.select_for_update().get(pk=wave.pk)


def demand(wave: Wave, *states: Wave.State) -> None:
    """WrongState, in a sentence, unless the wave is in one of these states."""
    if wave.state not in states:
        raise WrongState(
            _("Gelombang %(code)s berkeadaan «%(state)s»; langkah ini tidak berlaku.")
            % {"code": wave.code, "state": wave.get_state_display()}
        )


@transaction.atomic
def create_wave(
    *,
    code: str,
    name: str,
    instrument: Instrument,
    root: UnitKerja,
    source: str,
    closes_at: datetime,
    reference_date: date,
    seals_at: datetime | None = None,
    is_simulated: bool = False,
    organiser: str = "",
    contact: str = "",
    purpose: str = "",
    competing_level: str = "ESELON_I",
    opens_at: datetime | None = None,
    minimum: Rule = HALF,
) -> Wave:
    """A draft. An online wave gets its secret at once: codes are derived from it."""
    _demand_published(instrument)
    wave = Wave(
        code=code,
        name=name,
        instrument=instrument,
        root=root,
        source=source,
        closes_at=closes_at,
        seals_at=seals_at or closes_at + SENDING_GRACE,
        reference_date=reference_date,
        is_simulated=is_simulated,
        organiser=organiser,
        contact=contact,
        purpose=purpose,
        competing_level=competing_level,
        opens_at=opens_at,
    )
    _set_minimum(wave, minimum)
    wave.full_clean()
    prepare_secret(wave=wave)
    wave.save()
    return wave


def _demand_published(instrument: Instrument) -> None:
    if instrument.status != Instrument.Status.PUBLISHED:
        raise SurveyError(_("Instrumen belum diterbitkan."))


def _demand_purpose(wave: Wave) -> str:
    """Whoever is asked is told what for."""
    purpose = purpose_of(wave)
    if wave.is_online and not purpose:
        raise SurveyError(
            _("Tujuan survei belum ditulis; pegawai membacanya di janji.")
        )
    return purpose


def _set_minimum(wave: Wave, minimum: Rule) -> None:
    wave.minimum_rule = minimum.name
    wave.minimum_figure = minimum.figure
    wave.minimum_spread = minimum.spread


@transaction.atomic
def change_draft(*, wave: Wave, minimum: Rule | None = None, **facts: Any) -> Wave:
    """Write these facts into a draft; a failed opening by the clock may be tried again.

    Its code and source stay: the secret is kept under the one and hangs on the other.
    """
    wave = lock_wave(wave)
    demand(wave, Wave.State.DRAFT)
    unknown = facts.keys() - CHANGEABLE
    if unknown:
        raise SurveyError(
            _("%(names)s tidak dapat diubah lagi.") % {"names": ", ".join(unknown)}
        )
    is_elsewhere = facts.get("root", wave.root) != wave.root
    if is_elsewhere and Participant.objects.filter(wave=wave).exists():
        raise SurveyError(
            _("Organisasi tidak dapat diganti: daftar pegawai sudah dimuat untuknya.")
        )
    for name, value in facts.items():
        setattr(wave, name, value)
    if facts.get("seals_at", wave.seals_at) is None:
        wave.seals_at = wave.closes_at + SENDING_GRACE
    _demand_published(wave.instrument)
    if minimum is not None:
        _set_minimum(wave, minimum)
    wave.windows_edition += 1
    wave.opening_problem, wave.opening_failed_at = "", None
    wave.full_clean()
    wave.save()
    return wave


def prepare_secret(*, wave: Wave) -> None:
    """Give a new online wave its secret file and the check the wave remembers."""
    if wave.is_online and not wave.secret_check:
        wave_secret.create(wave)
        wave.secret_check = wave_secret.check_of(wave_secret.read(wave))


@transaction.atomic
def open_wave(*, wave: Wave) -> Wave:
    """Freeze tree, cells, frame and promise; from now on answers are taken."""
    wave = lock_wave(wave)
    demand(wave, Wave.State.DRAFT)
    is_over = wave.closes_at <= timezone.now() and not wave.is_simulated
    if is_over and wave.is_online:
        raise SurveyError(_("Waktu berakhir pengisian sudah lewat."))
    wave.purpose = _demand_purpose(wave)
    freeze_tree(wave=wave)
    if wave.is_online:
        wave_secret.read(wave)
        freeze_register(wave)
    now = timezone.now()
    if wave.opens_at and wave.opens_at > now:
        wave.opens_at = now
    wave.promise = promise_of(wave)
    wave.promise_digest = digest_of(wave.promise)
    wave.sheet_width = sheet_of(wave.instrument).width
    wave.opening_problem, wave.opening_failed_at = "", None
    wave.state, wave.opened_at = Wave.State.OPEN, now
    wave.save()
    counters.refresh(wave=wave)
    return wave


@transaction.atomic
def close_wave(*, wave: Wave, reason: str = "") -> Wave:
    """No new ballots; those issued before are taken until ``seals_at``.

    Real people were promised to be asked until ``closes_at``: before that it takes a
    reason, which everybody may read.
    """
    wave = lock_wave(wave)
    demand(wave, Wave.State.OPEN)
    now, reason = timezone.now(), reason.strip()
    if ends_early(wave) and not wave.is_simulated and not reason:
        raise SurveyError(
            _("Sebutkan alasan menutup sebelum waktu yang dijanjikan kepada pegawai.")
        )
    because(reason)
    wave.state, wave.closed_at = Wave.State.CLOSED, now
    wave.closing_reason = reason
    wave.save(update_fields=("state", "closed_at", "closing_reason"))
    return wave


def ends_early(wave: Wave) -> bool:
    """Whether the promised end is still to come."""
    return wave.is_online and timezone.now() < wave.closes_at


@transaction.atomic
def decide_on_sealing(
    *, wave: Wave, secret_lost: str = "", left_out: str = "", copy_lost: str = ""
) -> Wave:
    """Record why a sealing may go on without something that it waits for.

    ``secret_lost``: no copy of the secret is left, so no answer can be read.
    ``left_out``: without the ballots that cannot be read. ``copy_lost``: although one
    copy of the secret is not there to be destroyed.
    """
    wave = lock_wave(wave)
    if wave.state not in (Wave.State.CLOSED, Wave.State.SEALING):
        demand(wave, Wave.State.SEALING)
    if secret_lost and wave_secret.n_copies(wave):
        raise SurveyError(
            _("Rahasia gelombang ini masih ada: segel tanpa pilihan itu.")
        )
    is_moved = wave.sealing_step not in ("", Wave.SealingStep.MERGED)
    if is_moved and (secret_lost or left_out):
        raise WrongState(_("Jawaban sudah dipindah; keputusan ini tidak berguna lagi."))
    wave.secret_lost = secret_lost or wave.secret_lost
    wave.left_out = left_out or wave.left_out
    wave.copy_lost = copy_lost or wave.copy_lost
    wave.save(update_fields=("secret_lost", "left_out", "copy_lost"))
    return wave


@transaction.atomic
def start_sealing(*, wave: Wave) -> Wave:
    """The last send has ended; ``surveys.box.sealing`` does the rest, step by step.

    A wave of real people waits for ``seals_at``, as its promise says. A simulated
    wave has no phones to wait for.
    """
    wave = lock_wave(wave)
    demand(wave, Wave.State.CLOSED)
    if wave.is_online and not wave.secret_lost:
        wave_secret.read(wave)
    if not wave.is_online and not Answer.objects.filter(wave=wave).exists():
        raise SurveyError(_("Belum ada jawaban yang dimuat ke gelombang ini."))
    if wave.is_online and not wave.is_simulated and timezone.now() < wave.seals_at:
        raise SurveyError(
            _("Jawaban yang menunggu sinyal masih diterima sampai %(when)s.")
            % {"when": timezone.localtime(wave.seals_at).strftime("%d-%m-%Y %H.%M")}
        )
    wave.state = Wave.State.SEALING
    wave.save(update_fields=("state",))
    return wave
