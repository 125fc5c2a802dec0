"""Staff come by invitation: a signed link that ends after three days and works once.

The database holds no secret of it: the link names the invitation and its edition, and
is signed with SECRET_KEY. Sending again or withdrawing makes a new edition.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from typing import NamedTuple

from django.conf import settings
from django.core import signing
from django.core.mail import send_mail
from django.db import transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from surveys.errors import SurveyError
from surveys.models import StaffInvitation, UnitKerja, User
from surveys.staff.permissions import grant_role
from surveys.staff.sessions import end_sessions

VALID_FOR = timedelta(hours=72)
SALT = "surveys.staff.staff_invitations"
UNSENT = "django.core.mail.backends.dummy.EmailBackend"


class Held(NamedTuple):
    """A role to be: its kind and the unit it is held for."""

    kind: str
    unit: UnitKerja


@transaction.atomic
def invite(
    *, email: str, name: str, roles: Iterable[Held], invited_by: User | None
) -> StaffInvitation:
    """An account nobody can sign in to yet, its roles, and the invitation to it."""
    roles = list(roles)
    if not roles:
        raise SurveyError(_("Beri paling sedikit satu peran."))
    address = User.objects.normalize_email(email)
    if User.objects.filter(email__iexact=address).exists():
        why = _("Sudah ada akun dengan surel %(email)s.")
        raise SurveyError(why % {"email": email})
    user = User.objects.create_user(address, None, name=name)
    for kind, unit in roles:
        grant_role(user=user, kind=kind, unit=unit)
    return invitation_to(user=user, invited_by=invited_by)


def invitation_to(*, user: User, invited_by: User | None) -> StaffInvitation:
    """The first invitation to this account."""
    return StaffInvitation.objects.create(
        user=user, invited_by=invited_by, expires_at=timezone.now() + VALID_FOR
    )


@transaction.atomic
def renew(*, invitation: StaffInvitation) -> StaffInvitation:
    """Another three days and another link; every earlier one ends."""
    held = _locked(invitation)
    if held.accepted_at:
        raise SurveyError(_("Undangan ini sudah diterima; akunnya sudah dipakai."))
    held.edition += 1
    held.expires_at = timezone.now() + VALID_FOR
    held.sent_at = held.withdrawn_at = None
    held.save()
    _set_active(held.user, is_active=True)
    return held


@transaction.atomic
def withdraw(*, invitation: StaffInvitation) -> StaffInvitation:
    """No link leads in any more, and the account stays shut."""
    held = _locked(invitation)
    if held.accepted_at:
        raise SurveyError(
            _("Undangan ini sudah diterima. Untuk menutup akunnya, hapus tanda aktif.")
        )
    held.edition += 1
    held.withdrawn_at = timezone.now()
    held.save()
    _set_active(held.user, is_active=False)
    return held


@transaction.atomic
def accept(*, invitation: StaffInvitation, password: str) -> User:
    """Set the password; from now on the link is used up."""
    held = _locked(invitation)
    if held.edition != invitation.edition or not is_open(held):
        raise SurveyError(_("Undangan ini sudah dipakai atau tidak berlaku lagi."))
    held.accepted_at = timezone.now()
    held.save()
    user = held.user
    user.set_password(password)
    user.save(update_fields=("password",))
    end_sessions(user=user)
    return user


def is_open(invitation: StaffInvitation) -> bool:
    """Whether its link still leads somewhere."""
    is_over = invitation.accepted_at or invitation.withdrawn_at
    return not is_over and invitation.expires_at > timezone.now()


# --- the link ------------------------------------------------------------------------


def path_of(invitation: StaffInvitation) -> str:
    """The address within this site; shown once, or sent."""
    token = signing.dumps([invitation.pk, invitation.edition], salt=SALT, compress=True)
    return reverse("staff_invitation", args=[token])


def invitation_of(token: str) -> StaffInvitation | None:
    """The open invitation this link leads to; None for every other link."""
    try:
        pk, edition = signing.loads(token, salt=SALT, max_age=VALID_FOR)
    except (signing.BadSignature, ValueError, TypeError):
        return None
    found = StaffInvitation.objects.select_related("user", "invited_by")
    invitation = found.filter(pk=pk, edition=edition).first()
    return invitation if invitation and is_open(invitation) else None


def can_send() -> bool:
    """Whether mail leaves this installation at all."""
    return bool(settings.EMAIL_BACKEND != UNSENT)


def send(*, invitation: StaffInvitation, home: str) -> None:
    """By e-mail, now: whoever invites sees at once whether it went out."""
    words = {
        "invitation": invitation,
        "roles": invitation.user.roles.select_related("unit"),
        "link": f"{home}{path_of(invitation)}",
    }
    send_mail(
        subject=_("Undangan mengelola Indeks BerAKHLAK"),
        message=render_to_string("account/email/staff_invitation.txt", words),
        from_email=None,
        recipient_list=[invitation.user.email],
    )
    invitation.sent_at = timezone.now()
    invitation.save(update_fields=("sent_at",))


def _locked(invitation: StaffInvitation) -> StaffInvitation:
    found = StaffInvitation.objects.select_for_update(of=("self",))
    return found.select_related("user").get(pk=invitation.pk)


def _set_active(user: User, *, is_active: bool) -> None:
    if user.is_active != is_active:
        user.is_active = is_active
        user.save(update_fields=("is_active",))
