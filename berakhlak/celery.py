"""The Celery application and its clock."""

from __future__ import annotations

import os
from typing import Any

from celery import Celery
from celery.schedules import crontab
from celery.signals import beat_init, celeryd_init

from berakhlak import embedded

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "berakhlak.settings")

app = Celery("berakhlak")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
app.conf.beat_schedule = {
    "look into the open boxes": {
        "task": "surveys.tasks.look_into_boxes",
        "schedule": crontab(minute="*/15"),
    },
    "close waves whose time is over": {
        "task": "surveys.tasks.close_due_waves",
        "schedule": 60.0,
    },
    "forget expired drafts": {
        "task": "surveys.tasks.forget_expired_drafts",
        "schedule": crontab(hour="0", minute="10"),
    },
    "go on with sealing": {
        "task": "surveys.tasks.seal_waves",
        "schedule": 60.0,
        "options": {"expires": 50.0},
    },
    "go on with scoring": {
        "task": "scoring.tasks.go_on_with_runs",
        "schedule": 15.0,
        "options": {"expires": 12.0},
    },
}


@celeryd_init.connect
@beat_init.connect
def hold_engines(**_: Any) -> None:
    """A worker or beat started by hand brings its own engines along."""
    if embedded.is_wanted():
        embedded.hold()
