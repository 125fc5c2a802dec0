"""The Celery application and its clock."""

from __future__ import annotations

import os
from typing import Any

from celery import Celery
from celery.contrib.django.task import DjangoTask
from celery.schedules import crontab
from celery.signals import beat_init, celeryd_init

from berakhlak import embedded

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "berakhlak.settings")


class RecordedTask(DjangoTask):  # type: ignore[type-arg]  # generic in its stubs alone
    """What a worker changes stands in the history under the name of its task."""

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        from surveys.staff.history import acting  # this module loads before the apps

        with acting(via=self.name):
            return super().__call__(*args, **kwargs)


app = Celery("berakhlak", task_cls=RecordedTask)
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
app.conf.beat_schedule = {
    "look into the open boxes": {
        "task": "surveys.tasks.look_into_boxes",
        "schedule": crontab(minute="*/15"),
    },
    "open waves whose time has come": {
        "task": "surveys.tasks.open_due_waves",
        "schedule": 60.0,
        "options": {"expires": 50.0},
    },
    "close waves whose time is over": {
        "task": "surveys.tasks.close_due_waves",
        "schedule": 60.0,
    },
    "forget expired drafts": {
        "task": "surveys.tasks.forget_expired_drafts",
        "schedule": crontab(hour="0", minute="10"),
    },
    "take up silent jobs": {
        "task": "surveys.tasks.take_up_silent_jobs",
        "schedule": 60.0,
        "options": {"expires": 50.0},
    },
    "clear away files": {
        "task": "surveys.tasks.clear_away_files",
        "schedule": crontab(minute="20"),
    },
    "erase contacts of sealed waves": {
        "task": "surveys.tasks.erase_due_contacts",
        "schedule": crontab(hour="1", minute="5"),
    },
    "send invitations and reminders": {
        "task": "surveys.tasks.send_mailings",
        "schedule": 10.0,
        "options": {"expires": 9.0},
    },
    "forget letters that nobody fetched": {
        "task": "surveys.tasks.forget_letters",
        "schedule": crontab(minute="40"),
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
