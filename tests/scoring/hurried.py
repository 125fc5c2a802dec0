"""The Celery application in a hurry, for tests: short leases, a quick clock.

What waits for two minutes in production, because a worker died, waits for two seconds.
"""

from __future__ import annotations

from datetime import timedelta

from celery.signals import celeryd_after_setup

from berakhlak.celery import app as app

app.conf.beat_schedule = {
    "go on with scoring": {
        "task": "scoring.tasks.go_on_with_runs",
        "schedule": 0.5,
        "options": {"expires": 5.0},
    }
}


@celeryd_after_setup.connect
def shorten_leases(**_: object) -> None:
    from scoring import runs  # the apps are loaded by now, and not before

    runs.LEASE = timedelta(seconds=2)
