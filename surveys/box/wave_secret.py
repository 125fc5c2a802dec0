"""The wave's secret: 32 random bytes in a file, never in the database.

Everything that could link a person to an answer while a wave is open hangs on this
file, and the answers cannot be read without it; destroying it at sealing is what makes
the promise true. A second copy in ``SECRETS_COPY_DIR``, best on another disk or host,
steps in when the first is lost. If both are missing or wrong, the collection stops;
they are never replaced by new ones.
"""

from __future__ import annotations

import hmac
import logging
import os
import secrets
from contextlib import suppress
from pathlib import Path

from django.conf import settings
from django.utils.translation import gettext as _

from surveys.box.ballots import mac
from surveys.errors import SealingWaits, SurveyError
from surveys.models import Wave

LENGTH = 32
logger = logging.getLogger(__name__)


class SecretMissing(SurveyError):
    """No file holds the secret that the wave was opened with."""


def path_of(wave: Wave) -> Path:
    return paths_of(wave)[0]


def paths_of(wave: Wave) -> list[Path]:
    """Where the secret lies, the copy last, if there is to be one."""
    folders = [settings.SECRETS_DIR, settings.SECRETS_COPY_DIR]
    return [Path(folder) / f"{wave.code}.secret" for folder in folders if folder]


def create(wave: Wave) -> None:
    """Write the secret of a wave that is being set up, and every copy there is to be.

    A secret that lies there already is kept: codes may hang on it. A copy that differs
    is one of an earlier draft, and replaced.
    """
    folder = settings.SECRETS_COPY_DIR
    if folder and not Path(folder).is_dir():
        raise SurveyError(
            _("Folder salinan rahasia tidak ada: %(name)s.") % {"name": folder}
        )
    path_of(wave).parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    secret = _content_of(os.fspath(path_of(wave))) or secrets.token_bytes(LENGTH)
    for path in paths_of(wave):
        _write(path, secret)
    wave.n_secret_copies = n_copies(wave)


def _write(path: Path, secret: bytes) -> None:
    """Whole or not at all, and on disk when this returns."""
    if _content_of(os.fspath(path)) == secret:
        return
    _gravestone(path).unlink(missing_ok=True)
    new = path.with_suffix(".new")
    new.unlink(missing_ok=True)
    descriptor = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(secret)
        file.flush()
        os.fsync(file.fileno())
    new.replace(path)
    _sync(path.parent)


def _sync(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def restore_copies(wave: Wave) -> None:
    """Write what is missing or wrong anew from the copy that is good; and raise alarm.

    SecretMissing, and an alarm of its own, if none is good.
    """
    try:
        secret = read(wave)
    except SecretMissing:
        logger.exception("The secret of wave %s is lost: nobody can answer", wave.code)
        raise
    for path in paths_of(wave):
        if _content_of(os.fspath(path)) != secret:
            logger.error("A copy of the secret of wave %s is written anew", wave.code)
            try:
                _write(path, secret)
            except OSError:
                logger.exception("The copy cannot be written")


def read(wave: Wave) -> bytes:
    """The secret, verified against ``Wave.secret_check``; SecretMissing otherwise."""
    for folder in (settings.SECRETS_DIR, settings.SECRETS_COPY_DIR):
        secret = _content_of(f"{folder}/{wave.code}.secret") if folder else b""
        if secret and _is_that_of(wave, secret):
            return secret
    raise SecretMissing(sentence(wave))


def _content_of(path: str) -> bytes:
    """32 bytes, or none. Each respondent waits for this: no call more than must be."""
    try:
        descriptor = os.open(path, os.O_RDONLY)
    except OSError:
        return b""
    try:
        content = os.read(descriptor, LENGTH + 1)
    except OSError:
        return b""
    finally:
        os.close(descriptor)
    return content if len(content) == LENGTH else b""


def _is_that_of(wave: Wave, secret: bytes) -> bool:
    expected = wave.secret_check
    return not expected or hmac.compare_digest(check_of(secret), expected)


def n_copies(wave: Wave) -> int:
    """How many files, each its own, hold this wave's secret."""
    files = set()
    for path in paths_of(wave):
        secret = _content_of(os.fspath(path))
        if secret and _is_that_of(wave, secret):
            status = path.stat()
            files.add((status.st_dev, status.st_ino))
    return len(files)


def sentence(wave: Wave) -> str:
    """For operators; respondents see a page of their own."""
    return _(
        "Rahasia gelombang %(code)s hilang atau bukan aslinya: pengisian dihentikan."
    ) % {"code": wave.code}


def check_of(secret: bytes) -> str:
    """What the wave remembers of its secret."""
    return mac(secret, "check", b"").hex()


def demand_copies(wave: Wave) -> list[Path]:
    """The files there are to destroy, or to have been destroyed.

    SealingWaits if fewer are found than were written and nobody has said why.
    """
    paths = paths_of(wave)
    found = [p for p in paths if p.exists() or _gravestone(p).exists()]
    is_decided = wave.copy_lost or wave.secret_lost
    if len(found) < min(wave.n_secret_copies, len(paths)) and not is_decided:
        raise SealingWaits(
            _(
                "Salinan rahasia tidak ditemukan untuk dimusnahkan. Pasang disknya,"
                " atau catat alasannya:"
                " manage.py wave seal %(code)s --copy-lost ALASAN."
            )
            % {"code": wave.code}
        )
    return found


def destroy(wave: Wave) -> None:
    """Overwrite and remove the files; safe to repeat.

    An empty file tells of each that it was destroyed. SealingWaits, before anything
    happens, as from ``demand_copies``.
    """
    for path in demand_copies(wave):
        _destroy(path)


def _gravestone(path: Path) -> Path:
    return path.with_suffix(".destroyed")


def _destroy(path: Path) -> None:
    with suppress(FileNotFoundError), path.open("r+b") as file:
        file.write(secrets.token_bytes(LENGTH))
        file.flush()
        os.fsync(file.fileno())
    _gravestone(path).touch(mode=0o600)
    path.unlink(missing_ok=True)
    _sync(path.parent)
