"""The wave's secret: 32 random bytes in a file, never in the database.

Everything that could link a person to an answer while a wave is open hangs on this
file; destroying it at sealing is what makes the promise true. A missing or wrong file
stops the collection; it is never replaced by a new one.
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


class SecretMissing(SurveyError):
    """The secret's file is missing or is not the one the wave was opened with."""


def path_of(wave: Wave) -> Path:
    return Path(settings.SECRETS_DIR) / f"{wave.code}.secret"


def create(wave: Wave) -> None:
    """Write the secret of a wave that is being set up; an existing file is kept."""
    path = path_of(wave)
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return
    with os.fdopen(descriptor, "wb") as file:
        file.write(secrets.token_bytes(32))
        file.flush()
        os.fsync(file.fileno())


def read(wave: Wave) -> bytes:
    """The secret, verified against ``Wave.secret_check``; SecretMissing otherwise."""
    try:
        secret = path_of(wave).read_bytes()
    except OSError as error:
        raise SecretMissing(sentence(wave)) from error
    expected = wave.secret_check
    if expected and not hmac.compare_digest(check_of(secret), expected):
        raise SecretMissing(sentence(wave))
    return secret


def sentence(wave: Wave) -> str:
    """For operators; respondents see a page of their own."""
    return _(
        "Rahasia gelombang %(code)s hilang atau bukan aslinya: pengisian dihentikan."
    ) % {"code": wave.code}


def check_of(secret: bytes) -> str:
    """What the wave remembers of its secret."""
    return mac(secret, "check", b"").hex()


def destroy(wave: Wave) -> None:
    """Overwrite and remove the file; safe to repeat."""
    path = path_of(wave)
    try:
        size = path.stat().st_size
        with path.open("r+b") as file:
            file.write(secrets.token_bytes(size))
            file.flush()
            os.fsync(file.fileno())
        path.unlink()
    except FileNotFoundError:
        return
