"""Ask and take an answer: one look-up when the form opens, one statement when sent.

Opening writes nothing anywhere. Sending touches only the box, in one transaction that
shares the wave's lock with other sends, so that closing and sealing see each send
either wholly before or wholly after them.
"""

from __future__ import annotations

import ipaddress
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from uuid import UUID

from django.db import connection
from django.utils import timezone

from surveys import ballots, wave_secret
from surveys.authoring import sheet_of
from surveys.errors import SurveyError
from surveys.masking import mask
from surveys.merkle import leaf_of
from surveys.models import Ballot, Participant, Receipt, Wave
from surveys.sheet import Sheet, check_answers
from surveys.waves import LOCK

TAKE_BALLOT = """
SELECT pg_advisory_xact_lock_shared(%(lock)s, %(wave)s);
INSERT INTO surveys_ballot
    (serial, wave_id, cell_id, answers, comments, seconds, layout, device, network)
SELECT %(serial)s, id, %(cell)s, %(answers)s::smallint[], %(comments)s::text[],
       %(seconds)s::smallint[], %(layout)s, %(device)s, %(network)s
FROM surveys_wave
WHERE id = %(wave)s AND state IN ('open', 'closed') AND now() < seals_at
ON CONFLICT (serial) DO NOTHING
RETURNING 1
"""


class UnknownCode(SurveyError):
    """Nobody in a wave that takes answers has this code."""


class NotOpen(SurveyError):
    """The wave takes no (more) answers; ``wave`` says which one."""

    def __init__(self, wave: Wave) -> None:
        super().__init__(wave.code)
        self.wave = wave


@dataclass(frozen=True)
class Invitation:
    """A person at the door: the wave, what is asked, and a signed ballot."""

    wave: Wave
    sheet: Sheet
    ballot: str
    layout: int
    receipt: str
    has_answered: bool


@dataclass(frozen=True)
class Filled:
    """What a form carried: ``sheet.width`` codes and one text per comment question."""

    answers: Sequence[int]
    comments: Sequence[str] = ()
    seconds: Sequence[int] = ()
    device: str = ""
    address: str = ""


def invitation_for(code: str) -> Invitation:
    """Who holds this code, with a ballot; UnknownCode or NotOpen otherwise."""
    wave, person = _participant_with(code)
    secret = wave_secret.read(wave)
    serial = ballots.serial_of(secret, person.pk)
    has_answered = Ballot.objects.filter(pk=ballots.row_key(serial)).exists()
    if not has_answered and not takes_new_ballots(wave):
        raise NotOpen(wave)
    layout = secrets.randbelow(256)
    issued = ballots.Issued(wave.pk, person.cell_id or 0, serial, layout)
    return Invitation(
        wave=wave,
        sheet=sheet_of(wave.instrument),
        ballot=ballots.issue(secret, issued),
        layout=layout,
        receipt=ballots.receipt_of(serial),
        has_answered=has_answered,
    )


def takes_new_ballots(wave: Wave) -> bool:
    return wave.state == Wave.State.OPEN and timezone.now() < wave.closes_at


def _participant_with(code: str) -> tuple[Wave, Participant]:
    """Draft and closed waves are searched too, so that each can say what it is."""
    if len(ballots.normalise(code)) != ballots.CODE_LENGTH:
        raise UnknownCode
    hashes = {
        ballots.hash_of_code(wave_secret.read(wave), code): wave
        for wave in _waves_with_codes()
    }
    person = (
        Participant.objects.only("id", "cell_id", "code_hash", "wave_id")
        .filter(code_hash__in=hashes, has_left=False)
        .first()
    )
    if person is None:
        raise UnknownCode
    wave = hashes[person.code_hash or ""]
    if wave.state == Wave.State.DRAFT:
        raise NotOpen(wave)
    return wave, person


def _waves_with_codes() -> list[Wave]:
    return list(
        Wave.objects.filter(
            source=Wave.Source.ONLINE,
            state__in=(Wave.State.DRAFT, Wave.State.OPEN, Wave.State.CLOSED),
        ).select_related("instrument")
    )


@lru_cache(maxsize=64)
def _frozen_wave(wave_id: int) -> Wave:
    """Facts that never change once a wave is open; its state is not read from here."""
    return Wave.objects.select_related("instrument").get(pk=wave_id)


def wave_of_ballot(text: str) -> Wave:
    """The wave a ballot names; BadBallot if there is none."""
    wave_id = ballots.wave_named_by(text)
    try:
        return _frozen_wave(wave_id)
    except (Wave.DoesNotExist, OverflowError) as error:
        raise ballots.BadBallot from error


def submit_response(*, ballot: str, filled: Filled) -> str:
    """Take one answer and return its receipt; the same receipt on every repetition.

    Raises BadBallot, SheetError, SecretMissing, or NotOpen when the wave takes no more
    answers and this one is not in the box.
    """
    wave = wave_of_ballot(ballot)
    try:
        secret = wave_secret.read(wave)
    except wave_secret.SecretMissing:
        return _receipt_after_sealing(wave, ballot)
    issued = ballots.verify(secret, ballot)
    sheet = sheet_of(wave.instrument)
    check_answers(sheet, filled.answers)
    receipt = ballots.receipt_of(issued.serial)
    if _take(secret, issued, filled) or _is_known(wave, issued, receipt):
        return receipt
    raise NotOpen(wave)


def _take(secret: bytes, issued: ballots.Issued, filled: Filled) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(
            TAKE_BALLOT,
            {
                "lock": LOCK,
                "wave": issued.wave_id,
                "serial": ballots.row_key(issued.serial),
                "cell": issued.cell_id,
                "answers": list(filled.answers),
                "comments": [mask(text.strip()) for text in filled.comments],
                "seconds": list(filled.seconds),
                "layout": issued.layout,
                "device": _key(secret, "device", filled.device),
                "network": _key(secret, "network", network_of(filled.address)),
            },
        )
        return cursor.fetchone() is not None


def _key(secret: bytes, label: str, value: str) -> UUID | None:
    if not value:
        return None
    return UUID(bytes=ballots.mac(secret, label, value.encode())[:16])


def network_of(address: str) -> str:
    """The /24 (or, for IPv6, /48) an address belongs to; "" if it is none."""
    try:
        ip = ipaddress.ip_address(address)
    except ValueError:
        return ""
    prefix = 24 if ip.version == 4 else 48
    return str(ipaddress.ip_network(f"{ip}/{prefix}", strict=False))


def _is_known(wave: Wave, issued: ballots.Issued, receipt: str) -> bool:
    return (
        Ballot.objects.filter(pk=ballots.row_key(issued.serial)).exists()
        or Receipt.objects.filter(wave=wave, leaf=leaf_of(receipt)).exists()
    )


def _receipt_after_sealing(wave: Wave, ballot: str) -> str:
    """The key is gone: a resend is answered from the sealed receipts alone.

    The signature cannot be checked any more, and nothing is written.
    """
    wave = Wave.objects.get(pk=wave.pk)
    if wave.state not in (Wave.State.SEALING, Wave.State.SEALED):
        raise wave_secret.SecretMissing(wave_secret.sentence(wave))
    receipt = ballots.receipt_of(ballots.claimed_serial(ballot))
    if Receipt.objects.filter(wave=wave, leaf=leaf_of(receipt)).exists():
        return receipt
    raise NotOpen(wave)
