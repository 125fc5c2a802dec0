"""Receipts of answers that were taken before: of those in the box, and the sealed ones.

Nothing is written here. A phone that heard no reply sends again, and is told the same
receipt; once a wave is sealed it is told from the sealed receipts alone.
"""

from __future__ import annotations

from surveys.answering import known_waves
from surveys.answering.quick_statements import Quick, safe_to_repeat
from surveys.box import ballots, wave_secret
from surveys.box.merkle import leaf_of
from surveys.errors import SurveyError
from surveys.models import Receipt, Wave

FIND_BALLOT = Quick(
    "find_ballot", "SELECT 1 FROM surveys_ballot WHERE serial = $1::uuid", n_values=1
)


class NotOpen(SurveyError):
    """The wave takes no (more) answers; ``wave`` has the times of whoever asked."""

    def __init__(self, wave: Wave) -> None:
        super().__init__(wave.code)
        self.wave = wave


@safe_to_repeat
def wave_of_ballot(text: str) -> Wave:
    """The wave a ballot names; BadBallot if there is none."""
    try:
        return known_waves.wave_with(ballots.wave_named_by(text))
    except (Wave.DoesNotExist, OverflowError) as error:
        raise ballots.BadBallot from error


def is_in_box(serial: bytes) -> bool:
    """Whether the ballot with this serial has been taken and not been sealed yet."""
    return FIND_BALLOT.one_row([ballots.row_key(serial)]) is not None


def is_known(wave: Wave, issued: ballots.Issued, receipt: str) -> bool:
    """Whether an answer was taken, be it in the box or sealed."""
    return (
        is_in_box(issued.serial)
        or Receipt.objects.filter(wave=wave, leaf=leaf_of(receipt)).exists()
    )


@safe_to_repeat
def receipt_if_taken(ballot: str) -> str:
    """The receipt if this ballot is in the box, or sealed; "" if it is not.

    Raises BadBallot, SecretMissing, or NotOpen when the wave is sealed without it.
    """
    wave = wave_of_ballot(ballot)
    try:
        secret = wave_secret.read(wave)
    except wave_secret.SecretMissing:
        return receipt_after_sealing(wave, ballot)
    issued = ballots.verify(secret, ballot)
    receipt = ballots.receipt_of(issued.serial)
    return receipt if is_known(wave, issued, receipt) else ""


def receipt_after_sealing(wave: Wave, ballot: str) -> str:
    """The key is gone: a resend is answered from the sealed receipts alone.

    The signature cannot be checked any more, and nothing is written.
    """
    wave = Wave.objects.get(pk=wave.pk)
    if wave.state not in (Wave.State.SEALING, Wave.State.SEALED):
        raise wave_secret.SecretMissing(wave_secret.sentence(wave))
    receipt = ballots.claimed_receipt(ballot)
    if Receipt.objects.filter(wave=wave, leaf=leaf_of(receipt)).exists():
        return receipt
    raise NotOpen(wave)
