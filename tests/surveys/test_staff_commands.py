"""What the shell does for staff: a first administrator, and a lost second factor."""

from __future__ import annotations

from io import StringIO

import pytest
from allauth.mfa.models import Authenticator
from django.core import mail
from django.core.management import CommandError, call_command
from django.test import Client
from django.test.utils import override_settings

from surveys.models import Role, UnitKerja, User
from surveys.staff import second_factor
from tests.factories import make_user

pytestmark = pytest.mark.django_db

INVITED = ("invite_staff", "eka@example.org", "--name", "Eka", "--unit")
LOCAL_MAIL = "django.core.mail.backends.locmem.EmailBackend"


def printed(*words: str) -> str:
    out = StringIO()
    call_command(*words, stdout=out)
    return out.getvalue()


def test_the_first_administrator_comes_by_the_printed_link(
    units: dict[str, UnitKerja],
) -> None:
    path = printed(*INVITED, "KEM", "--role", Role.Kind.ADMINISTRATOR).strip()
    words = {"new_password1": "kata-sandi-eka-9", "new_password2": "kata-sandi-eka-9"}
    assert Client().post(path, words).status_code == 302
    eka = User.objects.get(email="eka@example.org")
    assert eka.check_password("kata-sandi-eka-9")
    assert [role.unit.code for role in eka.roles.all()] == ["KEM"]


@pytest.mark.parametrize(
    ("unit", "role", "why"),
    [("KEM2", "administrator", "Unit KEM2 tidak ada"), ("KEM", "raja", "raja")],
)
def test_an_invitation_that_cannot_be_makes_nobody(
    units: dict[str, UnitKerja], unit: str, role: str, why: str
) -> None:
    with pytest.raises(CommandError, match=why):
        call_command(*INVITED, unit, "--role", role)
    assert not User.objects.exists()


@override_settings(EMAIL_BACKEND=LOCAL_MAIL)
def test_a_lost_factor_is_taken_away_and_its_owner_told(
    django_capture_on_commit_callbacks: type,
) -> None:
    ani = make_user("Ani")
    Authenticator.objects.create(user=ani, type=Authenticator.Type.TOTP, data={})
    reset = ("reset_second_factor", ani.email, "--operator", "Budi", "--reason")
    with pytest.raises(CommandError, match="alasan"):
        call_command(*reset, " ")
    assert second_factor.has_one(ani)
    with django_capture_on_commit_callbacks(execute=True):
        assert "dilepas" in printed(*reset, "Ponsel hilang")
    assert not second_factor.has_one(ani)
    (told,) = mail.outbox
    assert (told.to, "Ponsel hilang" in told.body) == ([ani.email], True)


def test_nobody_is_reset_by_a_mistyped_address() -> None:
    with pytest.raises(CommandError, match="Tidak ada akun"):
        call_command(
            "reset_second_factor", "x@y.id", "--operator", "B", "--reason", "Hilang"
        )
