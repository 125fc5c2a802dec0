"""What the workers do for ``scoring``: ids in, one call, safe to run twice."""

from __future__ import annotations

from celery import shared_task
from django.db import DatabaseError

from scoring import runs, untouched, upkeep
from scoring.models import ScoringRun, Shard


@shared_task
def score_shard(shard_id: int) -> None:
    """Tally or check one shard; whoever stores the last one queues what comes next."""
    run_id = Shard.objects.values_list("run_id", flat=True).get(pk=shard_id)
    try:
        state = runs.work_on_shard(shard_id)
    except DatabaseError:
        raise
    except Exception as error:
        upkeep.fail(run_id, error)
        raise
    run = ScoringRun.objects.get(pk=run_id)
    if state == Shard.State.CHECKED and runs.is_checked(run):
        finish_run.delay(run_id)
    elif state == Shard.State.DONE and runs.is_tallied(run):
        _queue_shards(run)


@shared_task
def check_answers(run_id: int) -> None:
    """That the answers are those that were sealed, while others tally them."""
    try:
        untouched.check_answers(run_id)
    except DatabaseError:
        raise
    except Exception as error:
        upkeep.fail(run_id, error)
        raise


@shared_task
def finish_run(run_id: int) -> None:
    """Everything after the tallies."""
    try:
        runs.finish_run(run_id)
    except DatabaseError:
        raise
    except Exception as error:
        upkeep.fail(run_id, error)
        raise


@shared_task
def queue_run(run_id: int) -> None:
    """Call the workers for whatever part of a run nobody holds."""
    run = ScoringRun.objects.get(pk=run_id)
    if not upkeep.may_be_queued(run):
        return
    if run.checked_at is None:
        check_answers.delay(run_id)
    _queue_shards(run)
    if runs.is_checked(run):
        finish_run.delay(run_id)


def _queue_shards(run: ScoringRun) -> None:
    for shard_id in runs.free_shards(run).values_list("pk", flat=True):
        score_shard.delay(shard_id)


@shared_task
def go_on_with_runs() -> None:
    """Runs whose worker, queue or database went away; asked every 15 seconds."""
    for run in upkeep.unfinished():
        queue_run(run.pk)
