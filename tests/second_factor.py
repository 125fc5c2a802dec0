"""An authenticator app for tests: what a telephone would show."""

from __future__ import annotations

import time

from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import (
    TOTP,
    format_hotp_value,
    generate_totp_secret,
    hotp_value,
)

from surveys.models import User


def code_of(secret: str, step: int = 0) -> str:
    """The six digits of now; ``step`` is that many half minutes later."""
    return str(format_hotp_value(hotp_value(secret, int(time.time()) // 30 + step)))


def give_totp(user: User) -> str:
    """An authenticator app and recovery codes, set up already; returns the secret."""
    secret = str(generate_totp_secret())
    TOTP.activate(user, secret)
    RecoveryCodes.activate(user)
    return secret
