"""The life of a wave: draft → open → closed → sealing → sealed, and never back."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.db import connection, transaction
from django.db.models import Count
from django.utils import timezone
from django.utils.translation import gettext as _

from surveys import wave_secret
from surveys.authoring import sheet_of
from surveys.cells import Key
from surveys.errors import SurveyError, WrongState
from surveys.frames import build_cells, freeze_tree, strata_key, too_small
from surveys.models import Answer, Instrument, Participant, UnitKerja, Wave
from surveys.promise import digest_of, promise_of

LOCK = 0x57415645
"""Namespace of the advisory lock that sends share and closing and sealing own."""

SENDING_GRACE = timedelta(hours=72)

ATTACH_CELLS = """
UPDATE surveys_participant AS person
SET cell_id = frame.cell_id
FROM surveys_frame AS frame
JOIN surveys_waveunit AS unit ON unit.id = frame.unit_id
WHERE person.wave_id = %(wave)s AND frame.wave_id = %(wave)s
  AND unit.unit_id = person.unit_id AND frame.strata = person.strata
"""


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
    competing_level: str = "ESELON_I",
) -> Wave:
    """A draft. An online wave gets its secret at once: codes are derived from it."""
    if instrument.status != Instrument.Status.PUBLISHED:
        raise SurveyError(_("Instrumen belum diterbitkan."))
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
        competing_level=competing_level,
    )
    wave.full_clean()
    prepare_secret(wave=wave)
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
    freeze_tree(wave=wave)
    if wave.is_online:
        wave_secret.read(wave)
        _freeze_register(wave)
    wave.promise = promise_of(wave)
    wave.promise_digest = digest_of(wave.promise)
    wave.sheet_width = sheet_of(wave.instrument).width
    wave.state = Wave.State.OPEN
    wave.opened_at = timezone.now()
    wave.save()
    return wave


def _freeze_register(wave: Wave) -> None:
    people = registered_people(wave)
    if not people:
        raise SurveyError(_("Daftar pegawai gelombang ini masih kosong."))
    build_cells(wave=wave, people=people, known=True)
    with connection.cursor() as cursor:
        cursor.execute(ATTACH_CELLS, {"wave": wave.pk})
    small = too_small(wave=wave)
    if small:
        names = ", ".join(f"{cell.unit} ({cell.n_registered})" for cell in small[:5])
        raise SurveyError(
            _("Kelompok di bawah %(least)d pegawai tidak dapat digabung: %(names)s.")
            % {"least": wave.min_cell, "names": names}
        )


def registered_people(wave: Wave) -> dict[Key, int]:
    """People of the register by unit path and categories, leavers left out."""
    paths = dict(wave.units.values_list("unit_id", "path"))
    stratifiers = list(wave.stratifiers.all())
    rows = (
        Participant.objects.filter(wave=wave, has_left=False)
        .values_list("unit_id", "strata")
        .annotate(n=Count("pk"))
        .order_by()
    )
    people: dict[Key, int] = {}
    for unit_id, strata, n in rows:
        if unit_id not in paths:
            raise SurveyError(
                _("%(n)d pegawai tercatat di unit di luar pohon gelombang.") % {"n": n}
            )
        people[paths[unit_id], strata_key(stratifiers, strata)] = n
    return people


@transaction.atomic
def close_wave(*, wave: Wave) -> Wave:
    """No new ballots; those issued before are taken until ``seals_at``."""
    wave = lock_wave(wave)
    demand(wave, Wave.State.OPEN)
    wave.state = Wave.State.CLOSED
    wave.closed_at = timezone.now()
    wave.save(update_fields=("state", "closed_at"))
    return wave


@transaction.atomic
def give_up_secret(*, wave: Wave, reason: str) -> Wave:
    """Record that no copy of the secret is left, for a sealing that waits for it."""
    wave = lock_wave(wave)
    demand(wave, Wave.State.SEALING)
    wave.secret_lost = reason
    wave.save(update_fields=("secret_lost",))
    return wave


@transaction.atomic
def start_sealing(*, wave: Wave, secret_lost: str = "") -> Wave:
    """The last send has ended; ``surveys.sealing`` does the rest, step by step.

    A wave of real people waits for ``seals_at``, as its promise says. A simulated
    wave has no phones to wait for. ``secret_lost`` is the recorded reason to seal a
    box that nobody can open any more, because no copy of the secret is left.
    """
    wave = lock_wave(wave)
    demand(wave, Wave.State.CLOSED)
    if wave.is_online and not secret_lost:
        wave_secret.read(wave)
    if not wave.is_online and not Answer.objects.filter(wave=wave).exists():
        raise SurveyError(_("Belum ada jawaban yang dimuat ke gelombang ini."))
    if wave.is_online and not wave.is_simulated and timezone.now() < wave.seals_at:
        raise SurveyError(
            _("Jawaban yang menunggu sinyal masih diterima sampai %(when)s.")
            % {"when": timezone.localtime(wave.seals_at).strftime("%d-%m-%Y %H.%M")}
        )
    wave.state = Wave.State.SEALING
    wave.secret_lost = secret_lost
    wave.save(update_fields=("state", "secret_lost"))
    return wave
