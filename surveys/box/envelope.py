"""An answer in the open box: closed under the wave's secret until sealing opens it.

Pure. Whoever reads the open box, a dump of it or the write-ahead log may know in which
order people answered and still reads no answer; once the secret is destroyed, nobody
ever does. All envelopes of a sheet are equally long, or a long comment would show.
"""

from __future__ import annotations

import json
import secrets
import struct
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from surveys.box.ballots import Issued, mac, row_key
from surveys.instruments.sheet import Sheet

_VERSION = b"\x01"
"""First byte; another layout gets another one, and both are read while waves run."""

_NONCE = 12
_LENGTH = struct.Struct(">I")
_PLACE = struct.Struct(">QQ16s")
"""Wave, cell and key of the row: an envelope put elsewhere does not open."""

SPARE, PER_NUMBER, PER_COMMENT = 128, 4, 1000
"""Bytes of an envelope, compressed text being shorter than a byte per character."""


class Tampered(ValueError):
    """An envelope that this wave's secret did not close, or that was moved."""


@dataclass(frozen=True)
class Content:
    """All that is known of one answer; ``device`` and ``network`` are HMACs."""

    answers: Sequence[int]
    comments: Sequence[str] = ()
    seconds: Sequence[int] = ()
    longest_run: int = 0
    device: UUID | None = None
    network: UUID | None = None


def room_in(sheet: Sheet) -> int:
    """Bytes that hold practically every answer to this sheet."""
    n_numbers = sheet.width + len(sheet.sections)
    n_comments = len(sheet.comment_questions)
    return SPARE + PER_NUMBER * n_numbers + PER_COMMENT * n_comments


def close(secret: bytes, place: bytes, content: Content, room: int) -> bytes:
    """The envelope; one that needs more than ``room`` takes a multiple of it."""
    text = json.dumps(_as_list(content), ensure_ascii=False)
    packed = zlib.compress(text.encode())
    body = _LENGTH.pack(len(packed)) + packed
    body += bytes(-len(body) % room)
    nonce = secrets.token_bytes(_NONCE)
    return _VERSION + nonce + _cipher(secret).encrypt(nonce, body, place)


def unseal(secret: bytes, place: bytes, envelope: bytes) -> Content:
    """What was closed in; Tampered if it was not closed for this place."""
    version, nonce, closed = (
        envelope[:1],
        envelope[1 : 1 + _NONCE],
        envelope[1 + _NONCE :],
    )
    if version != _VERSION:
        raise Tampered
    try:
        body = _cipher(secret).decrypt(nonce, closed, place)
    except (InvalidTag, ValueError) as error:
        raise Tampered from error
    (length,) = _LENGTH.unpack_from(body)
    packed = body[_LENGTH.size : _LENGTH.size + length]
    return _from_list(json.loads(zlib.decompress(packed)))


def place_of(issued: Issued) -> bytes:
    """Where the envelope of this ballot belongs."""
    return place(issued.wave_id, issued.cell_id, row_key(issued.serial))


def place(wave_id: int, cell_id: int, serial: UUID) -> bytes:
    return _PLACE.pack(wave_id, cell_id, serial.bytes)


def _cipher(secret: bytes) -> AESGCM:
    return AESGCM(mac(secret, "envelope", b""))


def _as_list(content: Content) -> list[object]:
    keys = [key.hex if key else None for key in (content.device, content.network)]
    return [
        list(content.answers),
        list(content.comments),
        list(content.seconds),
        content.longest_run,
        *keys,
    ]


def _from_list(parts: list[object]) -> Content:
    answers, comments, seconds, longest_run, *keys = parts
    device, network = (UUID(str(key)) if key else None for key in keys)
    return Content(answers, comments, seconds, longest_run, device, network)  # type: ignore[arg-type]  # as _as_list wrote them
