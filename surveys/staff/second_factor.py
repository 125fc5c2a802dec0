"""The second factor: who must have one, and what happens when it is lost.

allauth does the asking; here stands the rule. Administrators and the committee must
have one, superusers too; everybody else may.
"""

from __future__ import annotations

import base64
import secrets
from functools import partial
from typing import Any, ClassVar

from allauth.account.authentication import get_authentication_records
from allauth.account.internal.flows.login import record_authentication
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.core.mail import send_mail
from django.db import transaction
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _

from surveys.errors import SurveyError
from surveys.models import Role, User
from surveys.staff.demo_accounts import is_demo_account
from surveys.staff.history import because
from surveys.staff.sessions import end_sessions

OBLIGED = frozenset({Role.Kind.ADMINISTRATOR, Role.Kind.COMMITTEE})
FACTORS = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)
NONCE_BYTES = 12


def holds_an_obliged_role(user: User) -> bool:
    """Whether the account may do what one password is not enough for."""
    from surveys.staff.permissions import paths_of  # it asks once for all that follows

    return user.is_superuser or bool(paths_of(user, OBLIGED))


def must_have(user: User) -> bool:
    """Whether this account gets nowhere without a second factor."""
    return holds_an_obliged_role(user) and not is_demo_account(user)


def has_one(user: User) -> bool:
    """Whether an authenticator app or a passkey is set up; codes alone do not count."""
    return bool(Authenticator.objects.filter(user=user, type__in=FACTORS).exists())


def was_shown(request: HttpRequest, user: User) -> bool:
    """Whether this very session showed, or set up, a second factor."""
    records = get_authentication_records(request, user)
    return any(record.get("method") == "mfa" for record in records)


def remember_set_up(
    sender: object, request: HttpRequest, user: User, authenticator: Any, **_: Any
) -> None:
    """Who has just set one up holds it in the hand: this session has shown it."""
    if authenticator.type in FACTORS:
        record_authentication(request, user, "mfa", type=authenticator.type)


@transaction.atomic
def reset(*, user: User, reason: str) -> None:
    """Take away every factor of an account whose owner lost it; it is signed out.

    At the next sign-in its password leads to setting up a new one.
    """
    if not reason.strip():
        raise SurveyError(_("Tulis alasannya; alasan ini masuk ke riwayat."))
    because(reason)
    for factor in Authenticator.objects.filter(user=user):
        factor.delete()
    end_sessions(user=user)
    transaction.on_commit(partial(_tell, user, reason.strip()), robust=True)


def _tell(user: User, reason: str) -> None:
    """The owner hears of it, who alone knows whether the request was theirs."""
    words = {"user": user, "reason": reason}
    send_mail(
        subject=_("Faktor kedua akun Anda disetel ulang"),
        message=render_to_string("account/email/second_factor_reset.txt", words),
        from_email=None,
        recipient_list=[user.email],
    )


def _cipher() -> AESGCM:
    return AESGCM(salted_hmac("second factor", b"", algorithm="sha256").digest())


class Adapter(DefaultMFAAdapter):  # type: ignore[misc]  # untyped library
    """Secrets are unreadable in the database; who must have one keeps the last."""

    error_messages: ClassVar[dict[str, Any]] = {
        **DefaultMFAAdapter.error_messages,
        "incorrect_code": _("Kode ini tidak cocok atau sudah dipakai. Coba yang baru."),
        "cannot_delete_authenticator": _(
            "Peran Anda wajib memakai faktor kedua. Pasang yang baru lebih dulu."
        ),
    }

    def encrypt(self, text: str) -> str:
        nonce = secrets.token_bytes(NONCE_BYTES)
        sealed = _cipher().encrypt(nonce, text.encode(), b"")
        return base64.b64encode(nonce + sealed).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """The secret; one that no code ever fits where SECRET_KEY has changed."""
        data = base64.b64decode(encrypted_text)
        try:
            secret = _cipher().decrypt(data[:NONCE_BYTES], data[NONCE_BYTES:], b"")
        except InvalidTag:
            return base64.b32encode(secrets.token_bytes(20)).decode()
        return secret.decode()

    def can_delete_authenticator(self, authenticator: Authenticator) -> bool:
        user = authenticator.user
        others = Authenticator.objects.filter(user=user, type__in=FACTORS).exclude(
            pk=authenticator.pk
        )
        return others.exists() or not must_have(user)

    def generate_authenticator_name(self, user: User, type: str) -> str:
        n = Authenticator.objects.filter(user_id=user.pk, type=type).count()
        return str(_("Kunci sandi %(n)d") % {"n": n + 1})
