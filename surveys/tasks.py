"""What the workers do for ``surveys``: ids in, one call."""

from __future__ import annotations

from celery import shared_task
from django.utils import timezone

from surveys.answering import drafts
from surveys.box import sealing, wave_secret
from surveys.fieldwork import clock, opening
from surveys.files import jobfiles, jobs
from surveys.messages import letters, posting
from surveys.models import Wave
from surveys.monitoring import progress
from surveys.people import erasure, register_jobs
from surveys.structure import unit_imports

KINDS_OF_JOBS = (letters, opening, register_jobs, unit_imports)
"""Modules whose long work registers itself when they are loaded."""


@shared_task
def seal_wave(wave_id: int) -> None:
    """Runs on the ``sealing`` queue, as the owner of the database."""
    sealing.seal_wave(wave=Wave.objects.get(pk=wave_id))


@shared_task
def seal_waves() -> None:
    """Go on with every sealing that was interrupted; each on its own."""
    sealing_waves = Wave.objects.filter(state=Wave.State.SEALING)
    for wave_id in sealing_waves.values_list("pk", flat=True):
        seal_wave.delay(wave_id)


@shared_task
def look_into_box(wave_id: int) -> None:
    """Count the arrivals of one wave and mark those who have finished."""
    wave = Wave.objects.get(pk=wave_id)
    progress.count_arrivals(wave=wave)
    wave_secret.restore_copies(wave)
    progress.mark_finished(wave=wave)


@shared_task
def look_into_boxes() -> None:
    """Every wave that takes answers; each on its own."""
    waves = Wave.objects.filter(
        source=Wave.Source.ONLINE, state__in=(Wave.State.OPEN, Wave.State.CLOSED)
    )
    for wave_id in waves.values_list("pk", flat=True):
        look_into_box.delay(wave_id)


@shared_task
def open_due_wave(wave_id: int) -> None:
    """Open a draft whose time has come; why it cannot is kept for the desk."""
    clock.open_if_due(wave=Wave.objects.get(pk=wave_id))


@shared_task
def open_due_waves() -> None:
    """What the clock says begins; each on its own."""
    for wave_id in clock.due_to_open().values_list("pk", flat=True):
        open_due_wave.delay(wave_id)


@shared_task
def close_due_wave(wave_id: int) -> None:
    """Close a wave whose time is over, unless somebody was quicker."""
    clock.close_if_due(wave=Wave.objects.get(pk=wave_id))


@shared_task
def close_due_waves() -> None:
    """What the clock says is over; each on its own."""
    due = Wave.objects.filter(
        source=Wave.Source.ONLINE,
        state=Wave.State.OPEN,
        closes_at__lte=timezone.now(),
    )
    for wave_id in due.values_list("pk", flat=True):
        close_due_wave.delay(wave_id)


@shared_task
def forget_expired_drafts() -> None:
    """Half-filled forms that were carried to another phone, after their last day."""
    drafts.forget_expired_drafts()


@shared_task
def run_job(job_id: int) -> None:
    """Long work that somebody has started at the desk."""
    jobs.run(job_id=job_id)


@shared_task
def take_up_silent_jobs() -> None:
    """Work whose worker died, or whose message was lost; each on its own."""
    for job_id in jobs.silent_jobs():
        run_job.delay(job_id)


@shared_task
def clear_away_files() -> None:
    """Uploads and downloads whose time is over."""
    jobfiles.clear_away()


@shared_task
def send_mailing(mailing_id: int) -> None:
    """A batch of an invitation or a reminder, if its hour has come."""
    posting.send_batch(mailing_id=mailing_id)


@shared_task
def send_mailings() -> None:
    """Every invitation and reminder that is under way; each on its own."""
    for mailing_id in posting.due_mailings():
        send_mailing.delay(mailing_id)


@shared_task
def forget_letters() -> None:
    """Printed letters that nobody has fetched in a day."""
    letters.forget_old()


@shared_task
def erase_due_contacts() -> None:
    """Contacts of waves sealed long enough ago; on the ``sealing`` queue, as owner."""
    erasure.erase_due_contacts()
