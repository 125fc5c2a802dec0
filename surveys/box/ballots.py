"""Codes, serials, closed ballots and receipts. Pure: bytes in, bytes and text out.

The same person always gets the same serial, whichever link or phone is used, so two
ways in are one answer. Blind signatures could replace the HMAC behind these functions.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
import secrets
import struct
from dataclasses import dataclass
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Base32 without I, L, O and U; what is typed for them is understood."""

CODE_LENGTH = 12
RECEIPT_LENGTH = 16

_LOOK_ALIKES = str.maketrans({"I": "1", "L": "1", "O": "0", "U": "V"})
_TO_ALPHABET = str.maketrans("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", ALPHABET)


class BadBallot(ValueError):
    """A ballot that was not issued by this wave."""


def mac(secret: bytes, label: str, data: bytes) -> bytes:
    """A key or value for one purpose: HMAC-SHA-256(secret, label ‖ 0x00 ‖ data)."""
    return hmac.digest(secret, label.encode() + b"\0" + data, "sha256")


def base32(data: bytes, length: int) -> str:
    """The first ``length`` characters of ``data`` in the look-alike-free alphabet."""
    return base64.b32encode(data).decode().translate(_TO_ALPHABET)[:length]


def normalise(typed: str) -> str:
    """What a person meant: upper case, no separators, look-alikes resolved."""
    return re.sub(r"[^0-9A-Z]", "", typed.upper()).translate(_LOOK_ALIKES)


def in_groups(text: str) -> str:
    """``ABCDEFGHJKLM`` → ``ABCD-EFGH-JKLM``."""
    return "-".join(text[i : i + 4] for i in range(0, len(text), 4))


def code_of(secret: bytes, participant: UUID, edition: int) -> str:
    """The personal code: derived, never stored. A new edition makes a new code."""
    data = participant.bytes + struct.pack(">H", edition)
    return base32(mac(secret, "code", data), CODE_LENGTH)


def hash_of_code(secret: bytes, code: str) -> str:
    """What the register keeps of a code; useless without the secret."""
    return mac(secret, "code-hash", normalise(code).encode()).hex()


def serial_of(secret: bytes, participant: UUID) -> bytes:
    """32 bytes that stand for the person in this wave, and for nothing elsewhere."""
    return mac(secret, "serial", participant.bytes)


def row_key(serial: bytes) -> UUID:
    """Primary key of the ballot in the box: 128 bits of SHA-256(serial)."""
    return UUID(bytes=hashlib.sha256(serial).digest()[:16])


def receipt_of(serial: bytes) -> str:
    """The same from every phone and on every retry."""
    return base32(_raw_receipt(serial), RECEIPT_LENGTH)


def _raw_receipt(serial: bytes) -> bytes:
    """80 bits: sixteen characters."""
    return hashlib.sha256(b"receipt" + serial).digest()[:10]


@dataclass(frozen=True)
class Issued:
    """What a ballot says: wave, cell, serial, and the seed of the shown order."""

    wave_id: int
    cell_id: int
    serial: bytes
    layout: int


_OPEN = struct.Struct(">QB10s")
"""Wave, layout and receipt: what whoever holds the page may know anyway."""

_CLOSED = struct.Struct(">Q32s")
"""Cell and serial: what would lead from the page to the row in the box."""

_NONCE, _TAG = 12, 16


def issue(secret: bytes, ballot: Issued) -> str:
    """Sign and close a ballot; the text goes into the form as a hidden field."""
    receipt = _raw_receipt(ballot.serial)
    opened = _OPEN.pack(ballot.wave_id, ballot.layout, receipt)
    closed = _CLOSED.pack(ballot.cell_id, ballot.serial)
    nonce = secrets.token_bytes(_NONCE)
    body = opened + nonce + _cipher(secret).encrypt(nonce, closed, opened)
    return base64.urlsafe_b64encode(body).decode().rstrip("=")


def verify(secret: bytes, text: str) -> Issued:
    """The ballot, if this wave's secret signed it; BadBallot otherwise."""
    opened, nonce, closed = _split(text)
    try:
        plain = _cipher(secret).decrypt(nonce, closed, opened)
    except InvalidTag as error:
        raise BadBallot from error
    wave_id, layout, _receipt = _OPEN.unpack(opened)
    cell_id, serial = _CLOSED.unpack(plain)
    return Issued(wave_id, cell_id, serial, layout)


def wave_named_by(text: str) -> int:
    """Which wave a ballot claims to belong to, before it is verified."""
    return int(_OPEN.unpack(_split(text)[0])[0])


def claimed_layout(text: str) -> int:
    """The layout a ballot claims, unverified: only to show the form again."""
    return int(_OPEN.unpack(_split(text)[0])[1])


def claimed_receipt(text: str) -> str:
    """The receipt a ballot claims, unverified: only to look for it among the sealed."""
    return base32(_OPEN.unpack(_split(text)[0])[2], RECEIPT_LENGTH)


def _cipher(secret: bytes) -> AESGCM:
    return AESGCM(mac(secret, "ballot", b""))


def _split(text: str) -> tuple[bytes, bytes, bytes]:
    try:
        padded = text + "=" * (-len(text) % 4)
        raw = base64.b64decode(padded, altchars=b"-_", validate=True)
    except ValueError as error:
        raise BadBallot from error
    if len(raw) != _OPEN.size + _NONCE + _CLOSED.size + _TAG:
        raise BadBallot
    start = _OPEN.size + _NONCE
    return raw[: _OPEN.size], raw[_OPEN.size : start], raw[start:]
