"""Opening a large wave is long work: a worker does it, and the desk shows how far."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from surveys.errors import SurveyError
from surveys.fieldwork import waves
from surveys.files import jobs
from surveys.models import Job, Participant, Wave

KIND = "open_wave"

AT_ONCE = 20_000
"""Up to so many people a wave is opened while the page waits."""


def is_long(wave: Wave) -> bool:
    """Whether opening takes longer than a page should."""
    return Participant.objects.filter(wave=wave).count() > AT_ONCE


@jobs.kind(KIND, label=gettext_lazy("Pembukaan gelombang"), is_atomic=True)
def open_at_length(job: Job, progress: jobs.Progress) -> Mapping[str, object]:
    """All of it or nothing, as at the desk; what is missing becomes the outcome."""
    if job.wave is None:
        raise SurveyError(_("Gelombangnya sudah tidak ada."))
    progress(0, None, _("Sel dan kerangka sedang dibekukan."))
    wave = waves.open_wave(wave=job.wave)
    return {"n_cells": wave.cells.count()}
