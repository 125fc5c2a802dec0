"""What happens to a run beside its computation: called again, cancelled, failed."""

from __future__ import annotations

from django.db.models import Q, QuerySet
from django.db.models.functions import Now
from django.utils.translation import gettext as _

from scoring import runs
from scoring.models import ScoringRun
from surveys.errors import SurveyError, WrongState


def cancel(*, run: ScoringRun, reason: str) -> None:
    """End a run before it is published; workers leave it after the shard they hold.

    One conditional statement: whoever is finishing the run at the same time either has
    ended it already, and this is refused, or finds it cancelled and writes nothing.
    """
    if not reason.strip():
        raise SurveyError(_("Sebutkan alasan pembatalan."))
    states = (*ScoringRun.BUSY, ScoringRun.State.REVIEWING)
    mine = ScoringRun.objects.filter(pk=run.pk, state__in=states)
    if not mine.update(
        state=ScoringRun.State.CANCELLED, error=reason.strip(), leased_until=None
    ):
        raise WrongState(_("Perhitungan ini sudah berakhir."))
    run.refresh_from_db()


def unfinished() -> QuerySet[ScoringRun]:
    """Runs that a worker may have left behind."""
    return ScoringRun.objects.filter(state__in=ScoringRun.BUSY)


def may_be_queued(run: ScoringRun) -> bool:
    """Whether it is time to call the workers again, at most once in a lease.

    While a run is being tallied its ``leased_until`` is the time of the next call.
    """
    quiet = Q(leased_until=None) | Q(leased_until__lt=Now())
    due = unfinished().filter(quiet, pk=run.pk)
    if run.state == ScoringRun.State.RUNNING:
        return bool(due.update(leased_until=Now() + runs.LEASE))
    return due.exists()


def fail(run_id: int, error: Exception) -> None:
    """A run whose data or code is wrong stops here, and says so."""
    reason = str(error) if isinstance(error, SurveyError) else type(error).__name__
    unfinished().filter(pk=run_id).update(
        state=ScoringRun.State.FAILED, error=reason, leased_until=None
    )
