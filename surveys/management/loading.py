"""What the loading commands share: they are doors, and end in a sentence."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.core.management.base import CommandError, CommandParser
from django.utils.translation import gettext as _
from tqdm import tqdm

from surveys.errors import SurveyError
from surveys.files.csvfile import Progress
from surveys.files.problems import InputError
from surveys.models import Wave


@contextmanager
def sentences(path: Path | None = None) -> Iterator[None]:
    """A refusal becomes a CommandError (exit code 1), headed by the file's name."""
    try:
        yield
    except InputError as error:
        head = _("%(file)s tidak dimuat.") % {"file": path.name} if path else ""
        raise CommandError("\n".join(filter(None, (head, error.text())))) from error
    except SurveyError as error:
        raise CommandError(str(error)) from error


def wave_named(code: str) -> Wave:
    """The wave with this code; a sentence if there is none."""
    wave = Wave.objects.filter(code=code).first()
    if wave is None:
        raise InputError(_("Tidak ada gelombang berkode %(code)s.") % {"code": code})
    return wave


def columns(text: str | None) -> tuple[str, ...] | None:
    """``"sex, grade"`` → ``("sex", "grade")``; None where nothing was said."""
    if text is None:
        return None
    return tuple(part.strip() for part in text.split(",") if part.strip())


@contextmanager
def progress_bar(path: Path) -> Iterator[Progress]:
    """Bytes read of the file, on stderr, only where a person watches."""
    size = path.stat().st_size if path.exists() else 0
    with tqdm(
        total=size, unit="B", unit_scale=True, disable=None, file=sys.stderr
    ) as bar:

        def show(n_bytes: int) -> None:
            bar.update(n_bytes - bar.n)

        yield show


def add_strata_arguments(parser: CommandParser) -> None:
    """``--strata`` and ``--strata-labels``, the same for register and frame."""
    parser.add_argument(
        "--strata", help="Kolom strata, dipisah koma; yang terakhir dilepas lebih dulu."
    )
    parser.add_argument(
        "--strata-labels", type=Path, help="Nama strata dan kategorinya (YAML)."
    )
