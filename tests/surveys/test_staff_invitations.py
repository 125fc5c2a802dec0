"""Staff come by invitation: the link, the mail, and what ends them."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.core import mail
from django.test import Client
from django.test.utils import override_settings
from django.urls import reverse
from django.utils import timezone

from surveys.models import Role, StaffInvitation, UnitKerja, User
from surveys.staff import staff_invitations
from surveys.staff.permissions import grant_role
from surveys.staff.staff_invitations import Held, invite
from tests.desk import cast_at_desk, said, signed_in, text_of
from tests.factories import Cast, make_user

pytestmark = pytest.mark.django_db

ADD = "/desk/surveys/user/add/"
NEW_PASSWORD = "kata-sandi-eka-9"
MAIL = "django.core.mail.backends.locmem.EmailBackend"


@pytest.fixture
def cast(units: dict[str, UnitKerja]) -> Cast:
    return cast_at_desk(units)


def typed(unit: UnitKerja, **more: object) -> dict[str, object]:
    return {
        "email": "eka@example.org",
        "name": "Eka",
        "roles-TOTAL_FORMS": "1",
        "roles-INITIAL_FORMS": "0",
        "roles-0-kind": Role.Kind.OPERATOR,
        "roles-0-unit": unit.pk,
        **more,
    }


def link_on(page: str) -> str:
    found = re.search(r"data-copy-text>http://testserver([^<]+)<", page)
    assert found is not None
    return found[1]


def choose(path: str, password: str = NEW_PASSWORD) -> Client:
    """Open the link in a fresh browser and choose a password."""
    client = Client()
    client.post(path, {"new_password1": password, "new_password2": password})
    return client


@override_settings(EMAIL_BACKEND=staff_invitations.UNSENT)
def test_without_mail_the_link_is_shown_once(
    cast: Cast, units: dict[str, UnitKerja]
) -> None:
    ani = signed_in("Ani")
    page = ani.post(ADD, typed(units["01"]), follow=True).content.decode()
    path = link_on(page)
    eka = User.objects.get(email="eka@example.org")
    assert not eka.has_usable_password()
    again = text_of(ani, reverse("admin:surveys_user_invitation", args=[eka.pk]))
    assert path not in again
    assert "Surel belum diatur" in again
    client = choose(path)
    assert client.get("/desk/").status_code == 200
    eka.refresh_from_db()
    assert eka.check_password(NEW_PASSWORD)
    assert [str(role) for role in eka.roles.all()] == ["Operator perhitungan · Unit 01"]


@override_settings(EMAIL_BACKEND=MAIL)
def test_with_mail_it_is_sent_and_not_shown(
    cast: Cast, units: dict[str, UnitKerja]
) -> None:
    page = signed_in("Ani").post(ADD, typed(units["01"]), follow=True)
    assert "data-copy-text" not in page.content.decode()
    (letter,) = mail.outbox
    assert letter.to == ["eka@example.org"]
    assert "Operator perhitungan · Unit 01" in letter.body
    found = re.search(r"http://testserver(/akun/undangan/\S+)", str(letter.body))
    assert found is not None
    assert "Ani mengundang" in text_of(Client(), found[1])


@override_settings(EMAIL_BACKEND="django.core.mail.backends.smtp.EmailBackend")
@override_settings(EMAIL_HOST="127.0.0.1", EMAIL_PORT=9)
def test_a_mail_that_cannot_be_sent_shows_the_link(
    cast: Cast, units: dict[str, UnitKerja]
) -> None:
    page = signed_in("Ani").post(ADD, typed(units["01"]), follow=True)
    assert "tidak dapat dikirim" in page.content.decode()
    assert link_on(page.content.decode())


def invited(units: dict[str, UnitKerja], kind: str = "operator") -> StaffInvitation:
    return invite(
        email="eka@example.org",
        name="Eka",
        roles=[Held(kind, units["01"])],
        invited_by=None,
    )


def is_dead(path: str) -> bool:
    return Client().get(path).status_code == 410


def test_a_link_works_once(units: dict[str, UnitKerja]) -> None:
    path = staff_invitations.path_of(invited(units))
    choose(path)
    assert is_dead(path)
    choose(path, "punya-orang-lain-1")
    assert User.objects.get(email="eka@example.org").check_password(NEW_PASSWORD)


def test_a_link_ends_after_three_days(units: dict[str, UnitKerja]) -> None:
    invitation = invited(units)
    path = staff_invitations.path_of(invitation)
    late = timezone.now() - timedelta(minutes=1)
    StaffInvitation.objects.update(expires_at=late)
    assert is_dead(path)
    left = invitation.expires_at - timezone.now()
    assert timedelta(hours=71) < left <= timedelta(hours=72)


def test_a_link_cannot_be_made_up(units: dict[str, UnitKerja]) -> None:
    path = staff_invitations.path_of(invited(units))
    head, _, tail = path.strip("/").rpartition(":")
    for other in (f"/{head}:{tail[::-1]}/", "/akun/undangan/x:y:z/"):
        assert is_dead(other)


def test_a_weak_password_is_refused_in_words(units: dict[str, UnitKerja]) -> None:
    path = staff_invitations.path_of(invited(units))
    page = Client().post(path, {"new_password1": "12345", "new_password2": "12345"})
    assert "errorlist" in page.content.decode()
    assert not is_dead(path)


@override_settings(EMAIL_BACKEND=staff_invitations.UNSENT)
def test_sending_again_ends_the_first_link(
    cast: Cast, units: dict[str, UnitKerja]
) -> None:
    invitation = invited(units)
    first = staff_invitations.path_of(invitation)
    page = reverse("admin:surveys_user_invitation", args=[invitation.user_id])
    second = link_on(
        signed_in("Ani").post(page, {"renew": "1"}, follow=True).content.decode()
    )
    assert is_dead(first)
    assert not is_dead(second)


def test_withdrawing_ends_the_link_and_shuts_the_account(
    cast: Cast, units: dict[str, UnitKerja]
) -> None:
    invitation = invited(units)
    path = staff_invitations.path_of(invitation)
    page = reverse("admin:surveys_user_invitation", args=[invitation.user_id])
    assert said(signed_in("Ani"), page, {"withdraw": "1"}) == [
        "Undangan ditarik; tautannya mati."
    ]
    assert is_dead(path)
    assert not User.objects.get(pk=invitation.user_id).is_active
    signed_in("Ani").post(page, {"renew": "1"})
    assert User.objects.get(pk=invitation.user_id).is_active


def test_an_accepted_invitation_is_neither_renewed_nor_withdrawn(
    cast: Cast, units: dict[str, UnitKerja]
) -> None:
    invitation = invited(units)
    choose(staff_invitations.path_of(invitation))
    page = reverse("admin:surveys_user_invitation", args=[invitation.user_id])
    for act in ("renew", "withdraw"):
        assert "sudah diterima" in said(signed_in("Ani"), page, {act: "1"})[0]
    assert User.objects.get(pk=invitation.user_id).is_active


def test_who_must_have_a_second_factor_is_led_there(
    units: dict[str, UnitKerja],
) -> None:
    path = staff_invitations.path_of(invited(units, Role.Kind.ADMINISTRATOR))
    answer = choose(path).get("/desk/")
    assert answer["Location"].startswith(reverse("mfa_index"))


def test_an_address_in_use_is_refused_however_it_is_spelled(
    cast: Cast, units: dict[str, UnitKerja]
) -> None:
    typed_twice = typed(units["01"], email=cast.budi.email.upper())
    page = signed_in("Ani").post(ADD, typed_twice).content.decode()
    assert "Sudah ada akun dengan surel ini." in page
    assert not StaffInvitation.objects.exists()


def test_only_those_above_see_the_invitation(
    cast: Cast, units: dict[str, UnitKerja]
) -> None:
    other = make_user("Fani")
    grant_role(user=other, kind=Role.Kind.ADMINISTRATOR, unit=units["02"])
    invitation = invited(units)
    page = reverse("admin:surveys_user_invitation", args=[invitation.user_id])
    assert signed_in("Fani").get(page).status_code == 404
    assert signed_in("Budi").get(page).status_code in (403, 404)
    assert signed_in("Citra").get(page).status_code in (302, 403, 404)
    assert "Menunggu diterima" in text_of(signed_in("Ani"), page)
