"""Open computed scores to an audience, and record who looked before that."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from scoring.models import PrivateReading, PublishedScore, Release, ScoringRun
from scoring.results.reviews import decisions_in_wave, decisions_of, demand_decided
from scoring.schemes_store import scheme_of
from surveys.errors import SurveyError
from surveys.models import Wave


@transaction.atomic
def release(
    *,
    run: ScoringRun,
    audiences: Iterable[str],
    released_by: str,
    not_before: datetime | None = None,
) -> list[Release]:
    """Open a computed run to these audiences; a withdrawn release is opened again."""
    if run.state == ScoringRun.State.REVIEWING:
        demand_decided(run)
        raise SurveyError(_("Pemeriksaan unit bertanda belum diselesaikan."))
    if run.state != ScoringRun.State.COMPUTED:
        raise SurveyError(_("Perhitungan ini belum selesai."))
    chosen = list(dict.fromkeys(audiences))
    if not chosen or set(chosen) - set(Release.Audience.values):
        raise SurveyError(_("Pilih paling sedikit satu pembaca yang dikenal."))
    Wave.objects.select_for_update().get(pk=run.wave_id)  # one at a time
    demand_openable(run)
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


def demand_openable(run: ScoringRun) -> None:
    """SurveyError, in a sentence, if no audience may be given this run."""
    refuse_overruled(run)
    minimum = max(run.wave.min_cell, scheme_of(run.scheme).minimum_cell)
    refuse_differences(run, minimum)


def refuse_overruled(run: ScoringRun) -> None:
    """Refuse to show what another run of the wave withheld, unless this one decided."""
    decided = decisions_of(run)
    for review in decisions_in_wave(run.wave):
        if review.is_withheld and review.unit_id not in decided:
            raise SurveyError(
                _(
                    "%(unit)s ditahan pada perhitungan #%(run)d, dan perhitungan ini"
                    " tidak memutuskannya. Hitung lagi, lalu putuskan."
                )
                % {"unit": review.unit, "run": review.run_id}
            )


def refuse_differences(run: ScoringRun, minimum: int) -> None:
    """Refuse what, beside a run opened earlier, would give a small group away.

    Two methods count different people, and their difference may be one person; so a
    wave is opened by one method, also after a withdrawal. A repetition by the same
    method shows no unit that was hidden, and each with the same people or ten more or
    fewer. It may hide more: that tells nothing.
    """
    earlier = ScoringRun.objects.filter(
        wave=run.wave_id, releases__isnull=False
    ).exclude(pk=run.pk)
    for other in earlier.distinct():
        if other.scheme_id != run.scheme_id:
            raise SurveyError(
                _(
                    "Gelombang ini sudah dibuka dengan metode lain: %(scheme)s. Selisih"
                    " dua metode dapat membuka jawaban kelompok kecil."
                )
                % {"scheme": other.scheme}
            )
        if _differs_by_few(_shown(run), _shown(other), minimum):
            raise SurveyError(
                _(
                    "Hasil ini menampilkan kelompok yang dulu disembunyikan, atau"
                    " berselisih beberapa orang dari perhitungan #%(run)d yang sudah"
                    " dibuka. Hitung lagi: yang pernah disembunyikan tetap tersembunyi."
                )
                % {"run": other.pk}
            )


def _shown(run: ScoringRun) -> dict[tuple[int, str], int]:
    shown = PublishedScore.objects.filter(run=run, is_hidden=False)
    return {(row.unit_id, row.dimension): row.n or 0 for row in shown}


def _differs_by_few(
    new: dict[tuple[int, str], int], old: dict[tuple[int, str], int], minimum: int
) -> bool:
    return not new.keys() <= old.keys() or any(
        0 < abs(n - old[key]) < minimum for key, n in new.items()
    )


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
