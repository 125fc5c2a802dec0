"""The wave's secret: 32 random bytes in a file, never in the database.

Everything that could link a person to an answer while a wave is open hangs on this
file, and the answers cannot be read without it; destroying it at sealing is what makes
the promise true. A second copy in ``SECRETS_COPY_DIR``, best on another disk or host,
steps in when the first is lost. If both are missing or wrong, the collection stops;
they are never replaced by new ones.
"""

from __future__ import annotations

import hmac
import os
import secrets
from pathlib import Path

from django.conf import settings
from django.utils.translation import gettext as _

from surveys.ballots import mac
from surveys.errors import SurveyError
from surveys.models import Wave

LENGTH = 32


class SecretMissing(SurveyError):
    """No file holds the secret that the wave was opened with."""


def path_of(wave: Wave) -> Path:
    return paths_of(wave)[0]


def paths_of(wave: Wave) -> list[Path]:
    """Where the secret lies, the copy last, if there is to be one."""
    folders = [settings.SECRETS_DIR, settings.SECRETS_COPY_DIR]
    return [Path(folder) / f"{wave.code}.secret" for folder in folders if folder]


def create(wave: Wave) -> None:
    """Write the secret of a wave that is being set up; existing files are kept."""
    secret = _content_of(os.fspath(path_of(wave))) or secrets.token_bytes(LENGTH)
    for path in paths_of(wave):
        _write(path, secret)


def _write(path: Path, secret: bytes) -> None:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return
    with os.fdopen(descriptor, "wb") as file:
        file.write(secret)
        file.flush()
        os.fsync(file.fileno())


def read(wave: Wave) -> bytes:
    """The secret, verified against ``Wave.secret_check``; SecretMissing otherwise."""
    for folder in (settings.SECRETS_DIR, settings.SECRETS_COPY_DIR):
        secret = _content_of(f"{folder}/{wave.code}.secret") if folder else b""
        if secret and _is_that_of(wave, secret):
            return secret
    raise SecretMissing(sentence(wave))


def _content_of(path: str) -> bytes:
    """Each respondent waits for this: no more system calls than there must be."""
    try:
        descriptor = os.open(path, os.O_RDONLY)
    except OSError:
        return b""
    try:
        return os.read(descriptor, LENGTH + 1)
    except OSError:
        return b""
    finally:
        os.close(descriptor)


def _is_that_of(wave: Wave, secret: bytes) -> bool:
    expected = wave.secret_check
    return not expected or hmac.compare_digest(check_of(secret), expected)


def n_copies(wave: Wave) -> int:
    """How many files hold this wave's secret."""
    contents = [_content_of(os.fspath(path)) for path in paths_of(wave)]
    return sum(bool(secret) and _is_that_of(wave, secret) for secret in contents)


def sentence(wave: Wave) -> str:
    """For operators; respondents see a page of their own."""
    return _(
        "Rahasia gelombang %(code)s hilang atau bukan aslinya: pengisian dihentikan."
    ) % {"code": wave.code}


def check_of(secret: bytes) -> str:
    """What the wave remembers of its secret."""
    return mac(secret, "check", b"").hex()


def destroy(wave: Wave) -> None:
    """Overwrite and remove the files; safe to repeat."""
    for path in paths_of(wave):
        _destroy(path)


def _destroy(path: Path) -> None:
    try:
        size = path.stat().st_size
        with path.open("r+b") as file:
            file.write(secrets.token_bytes(size))
            file.flush()
            os.fsync(file.fileno())
        path.unlink()
    except FileNotFoundError:
        return
