"""What the workers do for ``surveys``: ids in, one call."""

from __future__ import annotations

from celery import shared_task
from django.utils import timezone

from surveys import progress, sealing
from surveys.models import Wave
from surveys.wave_secret import SecretMissing
from surveys.waves import close_wave


@shared_task
def seal_wave(wave_id: int) -> None:
    """Runs on the ``sealing`` queue, as the owner of the database."""
    sealing.seal_wave(wave=Wave.objects.get(pk=wave_id))


@shared_task
def seal_waves() -> None:
    """Go on with every sealing that was interrupted."""
    for wave in Wave.objects.filter(state=Wave.State.SEALING):
        sealing.seal_wave(wave=wave)


@shared_task
def look_into_boxes() -> None:
    """Count arrivals and mark finishers of the waves that take answers."""
    waves = Wave.objects.filter(
        source=Wave.Source.ONLINE, state__in=(Wave.State.OPEN, Wave.State.CLOSED)
    )
    for wave in waves:
        progress.count_arrivals(wave=wave)
        try:
            progress.mark_finished(wave=wave)
        except SecretMissing:
            continue


@shared_task
def close_due_waves() -> None:
    """Close what the clock says is over."""
    due = Wave.objects.filter(
        source=Wave.Source.ONLINE,
        state=Wave.State.OPEN,
        closes_at__lte=timezone.now(),
    )
    for wave in due:
        close_wave(wave=wave)
