"""That the answers a run reads are those that were sealed."""

from __future__ import annotations

from django.db import connection, transaction
from django.db.models.functions import Now
from django.utils.translation import gettext as _

from scoring.models import ScoringRun
from surveys.box.sealing import answers_digest
from surveys.errors import SurveyError
from surveys.models import Wave

CHECKING = 0x53434F52
"""Namespace of the advisory lock of whoever compares the answers to their digest."""


@transaction.atomic
def check_answers(run_id: int) -> None:
    """Compare the sealed answers to their digest, once in a run.

    It takes as long as half of the tallies, so a worker does it beside them. Whoever
    comes meanwhile waits for that worker, or goes on in its place if it dies.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", (CHECKING, run_id))
    run = ScoringRun.objects.select_related("wave").get(pk=run_id)
    if run.checked_at is None and run.is_running:
        demand_untouched(run.wave)
        ScoringRun.objects.filter(pk=run_id).update(checked_at=Now())


def demand_untouched(wave: Wave) -> None:
    """The sealed answers are those whose digest sealing published."""
    if answers_digest(wave) != wave.answers_digest:
        raise SurveyError(_("Jawaban tersegel tidak cocok dengan sidiknya."))
