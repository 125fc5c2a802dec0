"""A message sent to its author first: as its readers get it, with nobody's code."""

from __future__ import annotations

import dataclasses
import re
import secrets

from django.utils.translation import gettext as _

from surveys.errors import SurveyError
from surveys.messages import channels, wording
from surveys.messages.failures import TROUBLES, words_for
from surveys.messages.letterbox import Letter, Outcome
from surveys.models import Mailing

NUMBER = re.compile(r"\+?\d{8,15}")


def send_test(*, mailing: Mailing, to: str) -> None:
    """Send the example to this address; a sentence if it was refused."""
    channels.demand_ready(mailing.wave, mailing.channel)
    to = to.strip()
    if not mailing.is_email:
        to = re.sub(r"[\s.-]", "", to)
        if not NUMBER.fullmatch(to):
            raise SurveyError(_("Tulis nomor telepon Anda, misalnya +628123456789."))
    message = wording.message_for(mailing, wording.example_reader(mailing.wave))
    marked = dataclasses.replace(
        message, subject=_("[Uji] %(subject)s") % {"subject": message.subject}
    )
    key = f"uji-{secrets.token_hex(8)}"
    with channels.transport_for(mailing) as transport:
        outcome = transport.send(Letter(to, marked, key))
    if outcome.kind != Outcome.Kind.SENT:
        happened, _advice = words_for(outcome.error)
        raise SurveyError(f"{happened} ({outcome.error})")


def refusal(code: str) -> str:
    """Why a channel sends nothing now, and what to do."""
    happened, advice = TROUBLES[code]
    return f"{happened} {advice}"
