"""Long work: started by a door, done by a worker, left and found again by a person.

A *kind* is a function of a job and of ``progress``; it registers itself with ``kind``.
The worker holds a lock of the database session while it works, so a job whose worker
died is taken up by the next one and never done by two at once.
"""

from __future__ import annotations

import logging
import traceback
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Protocol

from django.db import (
    IntegrityError,
    InterfaceError,
    OperationalError,
    connection,
    transaction,
)
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from surveys.errors import SurveyError
from surveys.files import jobfiles
from surveys.files.jobpulse import Pulse
from surveys.models import Job, UnitKerja, User, Wave
from surveys.staff.history import acting

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

logger = logging.getLogger(__name__)

LOCK = 0x4A4F4253
"""Namespace of the advisory lock that a job's worker holds."""

SILENT_AFTER = timedelta(seconds=60)
MOST_TRIES = 3


class Progress(Protocol):
    """Says how far the work is; may be called as often as one likes."""

    def __call__(
        self, n_done: int, n_total: int | None = None, words: str = ""
    ) -> None: ...


Work = Callable[[Job, Progress], Mapping[str, object]]


@dataclass(frozen=True)
class Kind:
    """One sort of long work.

    ``is_atomic``: the work and its being done are one transaction. ``keeps_input``: the
    file stays for a job that follows, for a day at most.
    """

    code: str
    label: _StrPromise | str
    work: Work
    is_atomic: bool
    keeps_input: bool


_kinds: dict[str, Kind] = {}


def kind(
    code: str,
    *,
    label: _StrPromise | str,
    is_atomic: bool = False,
    keeps_input: bool = False,
) -> Callable[[Work], Work]:
    """Register a function as the work of this kind."""

    def register(work: Work) -> Work:
        _kinds[code] = Kind(code, label, work, is_atomic, keeps_input)
        return work

    return register


def label_of(code: str) -> str:
    """What people call this kind of work."""
    return str(_kinds[code].label) if code in _kinds else code


def labels() -> dict[str, str]:
    """Every kind by its code."""
    return {code: str(each.label) for code, each in _kinds.items()}


@transaction.atomic
def start_job(
    *,
    kind: str,
    started_by: User | None,
    wave: Wave | None = None,
    root: UnitKerja | None = None,
    upload: jobfiles.Upload | None = None,
    follows: Job | None = None,
    options: Mapping[str, object] | None = None,
) -> Job:
    """A job that waits for ``tasks.run_job.delay_on_commit(job.pk)``.

    Its file is ``upload``, or that of the job it ``follows``. SurveyError if one of its
    kind is unfinished for this wave or unit.
    """
    job = Job(kind=_kinds[kind].code, wave=wave, root=root, started_by=started_by)
    job.options = dict(options or {})
    try:
        with transaction.atomic():
            job.save()
    except IntegrityError as error:
        raise SurveyError(_running_already(job)) from error
    if upload is not None:
        job.input_name = jobfiles.store(job, upload)
    elif follows is not None:
        job.input_name = jobfiles.take_over(job, follows)
    job.has_input = bool(job.input_name)
    job.save(update_fields=("input_name", "has_input"))
    return job


def n_faults(job: Job) -> int:
    """What a check that has ended found wrong with its file."""
    return int(job.result.get("n_faults") or job.result.get("n_problems") or 0)


def is_under_way(*, kind: str, wave: Wave) -> bool:
    """Whether work of this kind waits or runs for this wave."""
    return Job.objects.unfinished().filter(kind=kind, wave=wave).exists()


def _running_already(job: Job) -> str:
    other = Job.objects.unfinished().filter(kind=job.kind, wave=job.wave, root=job.root)
    found = other.select_related("started_by").first()
    if found is None:
        return _("Pekerjaan yang sama baru saja selesai. Coba lagi.")
    return _(
        "Pekerjaan yang sama (%(label)s) sudah dimulai %(who)s pukul %(clock)s. Tunggu"
        " sampai selesai, lalu coba lagi; lihat daftar Pekerjaan."
    ) % {
        "label": label_of(job.kind),
        "who": found.started_by or "–",
        "clock": date_format(timezone.localtime(found.created_at), "H.i"),
    }


def run(*, job_id: int) -> None:
    """Do a job that waits, or one whose worker died; what another one does is left."""
    with _held(job_id) as is_ours:
        job = Job.objects.filter(pk=job_id).first() if is_ours else None
        if job is None or not job.is_unfinished:
            return
        if job.n_tries >= MOST_TRIES:
            _end(job, Job.State.FAILED, _stopped_too_often())
            return
        job.state = Job.State.RUNNING
        job.started_at = job.heartbeat_at = timezone.now()
        job.n_tries += 1
        job.n_done, job.n_total, job.words = 0, None, ""
        job.save()
        _work(job)


@contextmanager
def _held(job_id: int) -> Iterator[bool]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s, %s)", (LOCK, job_id))
        is_ours = bool(cursor.fetchone()[0])
    try:
        yield is_ours
    finally:
        if is_ours and connection.is_usable():
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s, %s)", (LOCK, job_id))


def _work(job: Job) -> None:
    """The work itself. Nobody is named in what is logged or shown of a failure."""
    chosen = _kinds[job.kind]
    try:
        by = acting(user=job.started_by, via=label_of(job.kind))
        with by, Pulse(job.pk) as pulse, _transaction(chosen):
            job.result = dict(chosen.work(job, pulse.progress))
            pulse.copy_to(job)
            _end(job, Job.State.DONE)
    except SurveyError as error:
        _end(job, Job.State.FAILED, str(error) or _("Tidak dapat dikerjakan."))
    except (OperationalError, InterfaceError):
        raise  # the database went away: beat has the job taken up again
    except Exception as error:
        places = "".join(traceback.format_tb(error.__traceback__))
        logger.error("Job %s: %s\n%s", job.pk, type(error).__name__, places)
        _end(job, Job.State.FAILED, _our_fault())


def _transaction(chosen: Kind) -> Any:
    return transaction.atomic() if chosen.is_atomic else nullcontext()


def _end(job: Job, state: Job.State, words: str = "") -> None:
    """Write the end; the input goes, unless a following job may want it."""
    job.state = state
    job.words = words
    job.finished_at = timezone.now()
    chosen = _kinds.get(job.kind)
    keeps = state == Job.State.DONE and chosen is not None and chosen.keeps_input
    job.has_input = job.has_input and keeps
    if state == Job.State.FAILED:
        job.result, job.output_name = {}, ""
    job.save()
    transaction.on_commit(lambda: jobfiles.tidy(job))


def _our_fault() -> str:
    return _(
        "Kesalahan pada program; tidak ada yang diubah setengah jalan. Coba sekali"
        " lagi. Bila berulang, beri tahu pengelola sistem nomor pekerjaan ini."
    )


def _stopped_too_often() -> str:
    return _(
        "Pekerjaan terhenti tiga kali di tengah jalan (server mati atau kehabisan"
        " memori). Tidak ada yang diubah setengah jalan. Hubungi pengelola sistem."
    )


def silent_jobs() -> list[int]:
    """Unfinished jobs that nobody seems to work on: lost on the way, or died."""
    since = timezone.now() - SILENT_AFTER
    waiting = Job.objects.filter(state=Job.State.QUEUED, created_at__lt=since)
    running = Job.objects.filter(state=Job.State.RUNNING, heartbeat_at__lt=since)
    return sorted((waiting | running).values_list("pk", flat=True))
