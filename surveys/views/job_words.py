"""How a piece of long work stands: in words, and the tint of its badge."""

from __future__ import annotations

from django.utils.translation import ngettext

from surveys.files import jobs
from surveys.models import Job
from surveys.views.desk import in_words

TINTS = {
    Job.State.QUEUED: "info",
    Job.State.RUNNING: "info",
    Job.State.DONE: "done",
    Job.State.FAILED: "attention",
}


def standing(job: Job) -> tuple[str, str]:
    """A check that found faults has ended, and is not well."""
    if n := jobs.n_faults(job):
        words = ngettext(
            "Selesai, ada %(n)s kesalahan", "Selesai, ada %(n)s kesalahan", n
        )
        return words % {"n": in_words(n)}, "attention"
    return job.get_state_display(), TINTS[Job.State(job.state)]
