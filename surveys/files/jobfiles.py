"""The files of jobs, in ``FILES_DIR``: readable by the product alone, kept briefly.

An input is deleted when its job ends, or after a day if a following job may want it; an
output after seven days. Names on disk are random and say nothing.
"""

from __future__ import annotations

import os
import uuid
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Protocol

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from surveys.errors import SurveyError
from surveys.models import Job

MEGABYTE = 1_000_000
MOST_MEGABYTES = 300
KEEP_INPUT = timedelta(days=1)
KEEP_OUTPUT = timedelta(days=7)
LOOSE_SECONDS = 60 * 60.0
"""A file without a job may be an upload under way; after this long it is none."""

BLOCK = 1 << 20


class Upload(Protocol):
    """What Django makes of an uploaded file, or of any other with ``File``."""

    name: str | None

    @property
    def size(self) -> int | None:
        """How many bytes it has."""

    def chunks(self, chunk_size: int | None = None) -> Iterator[bytes]:
        """Its bytes, block by block."""


def input_of(job: Job) -> Path:
    """Where the file of a job lies; a sentence if it has been cleared away."""
    path = _place(job, "in")
    if not path.exists():
        raise SurveyError(_("Berkasnya sudah dihapus. Unggah lagi."))
    return path


def output_for(job: Job, name: str) -> Path:
    """An empty file, for its owner alone, offered for download as ``name``."""
    path = _place(job, "out")
    path.unlink(missing_ok=True)
    os.close(_create(path))
    job.output_name = name
    return path


def output_of(job: Job) -> Path | None:
    """What can be downloaded, as long as it is kept."""
    path = _place(job, "out")
    return path if job.output_name and path.exists() else None


def _place(job: Job, end: str) -> Path:
    return Path(settings.FILES_DIR) / f"{job.key}.{end}"


def _create(path: Path) -> int:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    return os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)


def store(job: Job, upload: Upload) -> str:
    """Write an upload down whole or not at all; returns the name it came with."""
    demand_fits(upload.size)
    path = _place(job, "in")
    part = path.with_suffix(f".{uuid.uuid4().hex}.part")
    try:
        with os.fdopen(_create(part), "wb") as file:
            for block in upload.chunks(BLOCK):
                file.write(block)
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
    except OSError as error:
        part.unlink(missing_ok=True)
        raise SurveyError(
            _("Berkas tidak dapat disimpan; mungkin diska penuh. Coba lagi nanti.")
        ) from error
    return Path(upload.name or "").name[:200] or "berkas"


def demand_fits(size: int | None) -> None:
    """A sentence if a file is empty or larger than is taken."""
    if not size:
        raise SurveyError(_("Berkas ini kosong."))
    if size > MOST_MEGABYTES * MEGABYTE:
        raise SurveyError(
            _(
                "Berkas %(size)d MB terlalu besar; paling banyak %(most)d MB. Bagi"
                " menjadi beberapa berkas per unit, atau kompres CSV dengan gzip."
            )
            % {"size": size // MEGABYTE, "most": MOST_MEGABYTES}
        )


def take_over(job: Job, earlier: Job) -> str:
    """Let a job have the file that an earlier one has kept for it."""
    path = input_of(earlier)
    _place(job, "in").hardlink_to(path)

    def let_go() -> None:
        Job.objects.filter(pk=earlier.pk).update(has_input=False)
        path.unlink(missing_ok=True)

    transaction.on_commit(let_go)
    return earlier.input_name


def tidy(job: Job) -> None:
    """Remove what a job that has ended no longer needs."""
    if not job.has_input:
        _place(job, "in").unlink(missing_ok=True)
    if not job.output_name:
        _place(job, "out").unlink(missing_ok=True)


def clear_away() -> int:
    """Delete files whose time is over, and those that belong to no job any more."""
    now = timezone.now()
    ended = Job.objects.exclude(state__in=Job.UNFINISHED)
    ended.filter(finished_at__lt=now - KEEP_INPUT).update(has_input=False)
    ended.filter(finished_at__lt=now - KEEP_OUTPUT).update(output_name="")
    with_input = Job.objects.filter(has_input=True)
    with_output = Job.objects.exclude(output_name="")
    wanted = {f"{key}.in" for key in with_input.values_list("key", flat=True)}
    wanted |= {f"{key}.out" for key in with_output.values_list("key", flat=True)}
    unfinished = Job.objects.unfinished().values_list("key", flat=True)
    wanted |= {f"{key}.{end}" for key in unfinished for end in ("in", "out")}
    n_removed = 0
    for path in Path(settings.FILES_DIR).glob("*"):
        if path.name not in wanted and now.timestamp() - _written(path) > LOOSE_SECONDS:
            path.unlink(missing_ok=True)
            n_removed += 1
    return n_removed


def _written(path: Path) -> float:
    """When; a file that has just gone is as good as fresh."""
    try:
        return path.stat().st_mtime
    except FileNotFoundError:
        return float("inf")
