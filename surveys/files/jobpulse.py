"""The pulse of a job: its progress and heartbeat, on a connection of its own.

The work may sit in one long transaction, or in one long statement; what is written here
is seen at once, and shows that somebody is still at it.
"""

from __future__ import annotations

import logging
import threading
import time
from types import TracebackType

from django.db import DatabaseError, connection
from django.utils import timezone

from surveys.models import Job

logger = logging.getLogger(__name__)

WRITE_EVERY_SECONDS = 0.5
BEAT_EVERY_SECONDS = 10.0

State = tuple[int, int | None, str]


class Pulse:
    """For the time of the block a thread writes what ``progress`` was told last."""

    def __init__(self, job_id: int) -> None:
        self._job_id = job_id
        self._told: State = (0, None, "")
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._beat, daemon=True)

    def __enter__(self) -> Pulse:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._stopping.set()
        self._thread.join()

    def progress(
        self, n_done: int, n_total: int | None = None, words: str = ""
    ) -> None:
        """Remember it; it is written within half a second."""
        self._told = (n_done, n_total, words)

    def copy_to(self, job: Job) -> None:
        """Put what was told last on the row that is about to be saved."""
        self._stopping.set()
        self._thread.join()
        job.n_done, job.n_total, _words = self._told

    def _beat(self) -> None:
        written: State = (0, None, "")
        beaten = time.monotonic()
        try:
            while not self._stopping.wait(WRITE_EVERY_SECONDS):
                told = self._told
                is_due = time.monotonic() - beaten >= BEAT_EVERY_SECONDS
                if told != written or is_due:
                    self._write(told)
                    written, beaten = told, time.monotonic()
        finally:
            connection.close()

    def _write(self, told: State) -> None:
        """A missed beat is no reason to stop the work."""
        n_done, n_total, words = told
        running = Job.objects.filter(pk=self._job_id, state=Job.State.RUNNING)
        try:
            running.update(
                n_done=n_done,
                n_total=n_total,
                words=words,
                heartbeat_at=timezone.now(),
            )
        except DatabaseError as error:
            logger.warning("Job %s missed a beat: %s", self._job_id, type(error))
            connection.close()
