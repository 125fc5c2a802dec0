"""Ask and take an answer: two look-ups when the form opens, one statement when sent.

Opening writes nothing anywhere. Sending touches only the box, in one transaction that
shares the wave's lock with other sends, so that closing and sealing see each send
either wholly before or wholly after them.
"""

from __future__ import annotations

import ipaddress
import secrets
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from uuid import UUID

from surveys.answering import known_waves
from surveys.answering.known_receipts import (
    NotOpen as NotOpen,
)
from surveys.answering.known_receipts import (
    is_in_box,
    is_known,
    receipt_after_sealing,
    wave_of_ballot,
)
from surveys.answering.masking import mask
from surveys.answering.quick_statements import Quick, safe_to_repeat
from surveys.answering.shown_order import longest_run
from surveys.box import ballots, wave_secret
from surveys.box.envelope import Content, close, place_of, room_in
from surveys.errors import SurveyError
from surveys.fieldwork.waves import LOCK
from surveys.instruments.authoring import sheet_of
from surveys.instruments.sheet import Sheet, check_answers
from surveys.models import Wave

FIND_PERSON = Quick(
    "find_person",
    """
SELECT person.wave_id, person.id, person.cell_id, person.has_left, person.unit_id,
       wave.state, wave.closes_at, wave.seals_at, wave.windows_edition
FROM surveys_participant AS person JOIN surveys_wave AS wave ON wave.id = person.wave_id
WHERE person.code_hash = ANY ($1::text[])
""",
    n_values=1,
)

TAKE_BALLOT = Quick(
    "take_ballot",
    """
INSERT INTO surveys_ballot (serial, wave_id, cell_id, envelope)
SELECT $2::uuid, id, $3::bigint, $4::bytea FROM surveys_wave
WHERE id = $1::bigint AND state IN ('open', 'closed') AND now() < seals_at
ON CONFLICT (serial) DO NOTHING
RETURNING 1
""",
    n_values=4,
    first=f"SELECT pg_advisory_xact_lock_shared({LOCK}, %(p1)s);",
)
"""Wave, key, cell and envelope."""


class UnknownCode(SurveyError):
    """Nobody in a wave that takes answers has this code."""


class HasLeft(UnknownCode):
    """This was the code of somebody who has left the register of ``wave`` since."""

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
    """What a form carried: ``sheet.width`` codes and one text per comment question.

    ``faults``: what is wrong with questions and no code can show (a pick too many).
    """

    answers: Sequence[int]
    comments: Sequence[str] = ()
    seconds: Sequence[int] = ()
    device: str = ""
    address: str = ""
    faults: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Taken:
    """The receipt of an answer in the box, and whether it was there before."""

    receipt: str
    is_repeat: bool


@safe_to_repeat
def invitation_for(code: str) -> Invitation:
    """Who holds this code, with a ballot; UnknownCode or NotOpen otherwise."""
    wave, participant, cell_id = _participant_with(code)
    return invitation_of(wave=wave, participant=participant, cell_id=cell_id)


def invitation_of(*, wave: Wave, participant: UUID, cell_id: int | None) -> Invitation:
    """A ballot for somebody whose right to it is proved; NotOpen if there is none."""
    if wave.state == Wave.State.DRAFT:
        raise NotOpen(wave)
    if cell_id is None:
        raise HasLeft(wave)  # when the wave was opened
    secret = wave_secret.read(wave)
    serial = ballots.serial_of(secret, participant)
    has_answered = is_in_box(serial)
    if not has_answered and not takes_new_ballots(wave):
        raise NotOpen(wave)
    layout = secrets.randbelow(256)
    issued = ballots.Issued(wave.pk, cell_id, serial, layout)
    return Invitation(
        wave=wave,
        sheet=sheet_of(wave.instrument),
        ballot=ballots.issue(secret, issued),
        layout=layout,
        receipt=ballots.receipt_of(serial),
        has_answered=has_answered,
    )


def takes_new_ballots(wave: Wave) -> bool:
    return wave.state == Wave.State.OPEN and wave.has_begun and not wave.has_ended


def _participant_with(code: str) -> tuple[Wave, UUID, int | None]:
    """Draft and closed waves are searched too, so that each can say what it is."""
    if len(ballots.normalise(code)) != ballots.CODE_LENGTH:
        raise UnknownCode
    found = _look_for(code, known_waves.with_codes().values())
    return found or _look_for_anew(code)


def _look_for_anew(code: str) -> tuple[Wave, UUID, int | None]:
    """The code may be of a wave this process has not heard of."""
    waves = known_waves.with_codes(anew=True).values()
    found = _look_for(code, waves)
    if found is None:
        for wave in waves:
            wave_secret.read(wave)  # or the code may be one of a wave that stands still
        raise UnknownCode
    return found


def _look_for(code: str, waves: Iterable[Wave]) -> tuple[Wave, UUID, int | None] | None:
    hashes = [ballots.hash_of_code(s, code) for s in _readable_secrets(waves)]
    row = FIND_PERSON.one_row([hashes])
    if row is None:
        return None
    wave_id, participant, cell_id, has_left, unit_id, *live = row
    wave = known_waves.as_it_stands(wave_id, *live)
    wave = known_waves.as_seen_by(wave, unit_id)
    if has_left:
        raise HasLeft(wave)
    return wave, participant, cell_id


def _readable_secrets(waves: Iterable[Wave]) -> Iterator[bytes]:
    for wave in waves:
        with suppress(wave_secret.SecretMissing):
            yield wave_secret.read(wave)


def submit_response(*, ballot: str, filled: Filled) -> str:
    """As ``take_response``, for whom the receipt is all."""
    return take_response(ballot=ballot, filled=filled).receipt


@safe_to_repeat
def take_response(*, ballot: str, filled: Filled) -> Taken:
    """Take one answer; the receipt is the same on every repetition.

    Raises BadBallot, SheetError, SecretMissing, or NotOpen when the wave takes no more
    answers and this one is not in the box.
    """
    wave = wave_of_ballot(ballot)
    if wave.state == Wave.State.SEALED:
        return Taken(receipt_after_sealing(wave, ballot), is_repeat=True)
    try:
        secret = wave_secret.read(wave)
    except wave_secret.SecretMissing:
        return Taken(receipt_after_sealing(wave, ballot), is_repeat=True)
    issued = ballots.verify(secret, ballot)
    sheet = sheet_of(wave.instrument)
    check_answers(sheet, filled.answers, filled.faults)
    receipt = ballots.receipt_of(issued.serial)
    if _take(secret, sheet, issued, filled):
        return Taken(receipt, is_repeat=False)
    if is_known(wave, issued, receipt):
        return Taken(receipt, is_repeat=True)
    raise NotOpen(Wave.objects.get(pk=wave.pk))


def _take(secret: bytes, sheet: Sheet, issued: ballots.Issued, filled: Filled) -> bool:
    content = Content(
        answers=filled.answers,
        comments=[mask(text.strip()) for text in filled.comments],
        seconds=filled.seconds,
        longest_run=longest_run(sheet, filled.answers, issued.layout),
        device=_key(secret, "device", filled.device),
        network=_key(secret, "network", network_of(filled.address)),
    )
    envelope = close(secret, place_of(issued), content, room_in(sheet))
    key = ballots.row_key(issued.serial)
    values = (issued.wave_id, key, issued.cell_id, envelope)
    return TAKE_BALLOT.one_row(values) is not None


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
