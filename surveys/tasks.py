"""What the workers do for ``surveys``: ids in, one call."""

from __future__ import annotations

from celery import shared_task
from django.utils import timezone

from surveys import drafts, progress, sealing
from surveys.models import Wave
from surveys.waves import close_wave


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
def close_due_wave(wave_id: int) -> None:
    """Close a wave whose time is over, unless somebody was quicker."""
    wave = Wave.objects.get(pk=wave_id)
    if wave.state == Wave.State.OPEN:
        close_wave(wave=wave)


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
