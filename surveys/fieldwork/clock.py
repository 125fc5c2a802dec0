"""Opening and closing by the clock: what beat asks for, each minute."""

from __future__ import annotations

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from surveys.errors import SurveyError
from surveys.fieldwork.waves import close_wave, lock_wave, open_wave
from surveys.models import Wave


def due_to_open() -> QuerySet[Wave]:
    """Drafts whose time has come, and that have not failed since they were changed."""
    return Wave.objects.filter(
        source=Wave.Source.ONLINE,
        state=Wave.State.DRAFT,
        opens_at__lte=timezone.now(),
        opening_failed_at=None,
    )


def open_if_due(*, wave: Wave) -> bool:
    """Open a draft by the clock; what it lacks is kept for the desk to show."""
    try:
        with transaction.atomic():
            lock_wave(wave)
            if not due_to_open().filter(pk=wave.pk).exists():
                return False
            open_wave(wave=wave)
    except SurveyError as error:
        failed = due_to_open().filter(pk=wave.pk)
        failed.update(opening_problem=str(error), opening_failed_at=timezone.now())
        return False
    return True


@transaction.atomic
def close_if_due(*, wave: Wave) -> bool:
    """Close a wave by the clock, unless it is closed already or was extended."""
    wave = lock_wave(wave)
    if wave.state != Wave.State.OPEN or wave.closes_at > timezone.now():
        return False
    close_wave(wave=wave)
    return True
