"""A small file that was handed in with a form, read where it lies for a moment."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _

from surveys.files.problems import InputError

MEGABYTE = 1_000_000


@contextmanager
def on_disk(upload: UploadedFile[bytes], *, megabytes: int) -> Iterator[Path]:
    """A path to read it from; InputError if it is larger than that."""
    if (upload.size or 0) > megabytes * MEGABYTE:
        raise InputError(_("Berkas ini lebih dari %(n)d MB.") % {"n": megabytes})
    ending = Path(upload.name or "").suffix.lower()
    with tempfile.NamedTemporaryFile(suffix=ending) as file:
        for chunk in upload.chunks():
            file.write(chunk)
        file.flush()
        yield Path(file.name)
