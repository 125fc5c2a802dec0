"""E-mail by SMTP: what the other server said, sorted into what is to be done next."""

from __future__ import annotations

import re
import smtplib
from types import TracebackType
from typing import Self

from django.conf import settings
from django.core.mail import EmailMultiAlternatives, get_connection

from surveys.messages.letterbox import SENT, ChannelDown, Letter, Outcome

ENHANCED = re.compile(rb"\b([245]\.\d{1,3}\.\d{1,3})\b")

DOWN = (smtplib.SMTPAuthenticationError, smtplib.SMTPHeloError)


class Postman:
    """One connection to the mail server, opened again when it was lost."""

    def __init__(self) -> None:
        self._connection = get_connection()

    def __enter__(self) -> Self:
        self._open()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._connection.close()

    def _open(self) -> None:
        try:
            self._connection.open()
        except smtplib.SMTPAuthenticationError as error:
            raise ChannelDown("smtp_login") from error
        except (smtplib.SMTPException, OSError) as error:
            raise ChannelDown("smtp_unreachable") from error

    def send(self, letter: Letter) -> Outcome:
        """Until the server has said yes, no or later; a lost line leaves it open."""
        self._open()
        try:
            self._connection.send_messages([email_of(letter)])
        except smtplib.SMTPSenderRefused as error:
            raise ChannelDown("smtp_sender") from error
        except smtplib.SMTPRecipientsRefused as error:
            return _refused(*next(iter(error.recipients.values())))
        except smtplib.SMTPResponseException as error:
            return _refused(error.smtp_code, error.smtp_error)
        except (smtplib.SMTPException, OSError) as error:
            self._connection.close()
            return Outcome(Outcome.Kind.UNSURE, type(error).__name__[:40])
        except ValueError:
            return Outcome(Outcome.Kind.FAILED, "bad_address")
        return SENT


def email_of(letter: Letter) -> EmailMultiAlternatives:
    """The e-mail with the headers by which programs know it again, and how to stop."""
    message = letter.message
    headers = {"Message-ID": message_id(letter.key), "Auto-Submitted": "auto-generated"}
    if message.opt_out:
        headers["List-Unsubscribe"] = f"<{message.opt_out}>"
        headers["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    email = EmailMultiAlternatives(
        subject=message.subject, body=message.text, to=[letter.to], headers=headers
    )
    if message.html:
        email.attach_alternative(message.html, "text/html")
    return email


def message_id(key: str) -> str:
    """The same for every attempt of a letter: mail servers drop what they have had."""
    domain = settings.DEFAULT_FROM_EMAIL.rpartition("@")[2].strip("> ")
    return f"<{key}@{domain or 'localhost'}>"


def _refused(code: int, said: bytes | str) -> Outcome:
    """4xx may be tried again, 5xx not. What was said may name somebody: codes only."""
    text = said.encode() if isinstance(said, str) else said
    enhanced = ENHANCED.search(text)
    error = f"smtp {code} {enhanced[1].decode() if enhanced else ''}".strip()
    kind = Outcome.Kind.LATER if 400 <= code < 500 else Outcome.Kind.FAILED
    return Outcome(kind, error)
