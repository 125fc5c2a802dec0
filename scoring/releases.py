"""Open computed scores to an audience, and record who looked before that."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from scoring.models import PrivateReading, Release, ScoringRun
from surveys.errors import SurveyError


@transaction.atomic
def release(
    *,
    run: ScoringRun,
    audiences: Iterable[str],
    released_by: str,
    not_before: datetime | None = None,
) -> list[Release]:
    """Open a computed run to these audiences; a withdrawn release is opened again."""
    if run.state != ScoringRun.State.COMPUTED:
        raise SurveyError(_("Perhitungan ini belum selesai."))
    chosen = list(dict.fromkeys(audiences))
    if not chosen or set(chosen) - set(Release.Audience.values):
        raise SurveyError(_("Pilih paling sedikit satu pembaca yang dikenal."))
    return [
        Release.objects.update_or_create(
            run=run,
            audience=audience,
            defaults={
                "not_before": not_before or timezone.now(),
                "released_by": released_by,
                "withdrawn_at": None,
            },
        )[0]
        for audience in chosen
    ]


@transaction.atomic
def withdraw(*, release: Release) -> None:
    """Close an opened result again; the row stays as a record."""
    release.withdrawn_at = timezone.now()
    release.save(update_fields=("withdrawn_at",))


@transaction.atomic
def record_private_reading(
    *, run: ScoringRun, operator: str, reason: str
) -> PrivateReading:
    """Who reads scores nobody has opened, and why; both must be said."""
    if not operator.strip() or not reason.strip():
        raise SurveyError(_("--private memerlukan --operator dan --reason."))
    return PrivateReading.objects.create(run=run, operator=operator, reason=reason)
