"""A second factor: who must have one, setting it up, losing it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.test import Client
from django.test.utils import override_settings
from django.urls import reverse

from surveys.errors import SurveyError
from surveys.models import Role, UnitKerja, User
from surveys.staff import second_factor
from surveys.staff.demo_accounts import access_file
from surveys.staff.permissions import grant_role
from tests.desk import cast_at_desk, said, signed_in, text_of
from tests.factories import PASSWORD, Cast, make_user
from tests.second_factor import code_of, give_totp

pytestmark = pytest.mark.django_db

DESK, RESULTS = "/desk/", "/hasil/"


@pytest.fixture
def cast(units: dict[str, UnitKerja]) -> Cast:
    return cast_at_desk(units)


def by_password(user: User) -> Client:
    """A browser in which the password was typed, through the page."""
    client = Client()
    client.post(reverse("account_login"), {"login": user.email, "password": PASSWORD})
    return client


def where(client: Client, address: str) -> str:
    """Where a page leads instead, without its query; empty where it opens."""
    answer = client.get(address)
    return "" if answer.status_code == 200 else str(answer["Location"]).split("?")[0]


@pytest.mark.parametrize("name", ["Ani", "Citra"])
def test_administrators_and_the_committee_are_led_to_set_it_up(
    cast: Cast, name: str
) -> None:
    client = by_password(User.objects.get(name=name))
    for address in (DESK, RESULTS, "/anugerah/", "/desk/surveys/wave/"):
        assert where(client, address) == reverse("mfa_index"), address
    assert "Pasang faktor kedua dulu" in text_of(client, reverse("mfa_index"))


def test_a_superuser_too(db: None) -> None:
    root = make_user("Fajar", is_superuser=True, is_staff=True)
    assert where(by_password(root), DESK) == reverse("mfa_index")


def test_others_may_and_need_not(cast: Cast) -> None:
    client = by_password(cast.budi)
    assert where(client, DESK) == ""
    page = text_of(client, reverse("mfa_index"))
    assert "Pasang faktor kedua dulu" not in page
    assert "Aplikasi autentikator" in page


def test_the_api_refuses_a_session_without_it(cast: Cast) -> None:
    assert by_password(cast.citra).get("/api/v1/waves/").status_code == 403


def activate(client: Client) -> str:
    """Go through the page as a person would; returns the secret."""
    page = client.get(reverse("mfa_activate_totp"))
    secret = str(page.context["form"].secret)
    answer = client.post(reverse("mfa_activate_totp"), {"code": code_of(secret)})
    assert answer["Location"] == reverse("mfa_view_recovery_codes")
    return secret


@pytest.mark.django_db(transaction=True)  # allauth says so after the commit
def test_setting_it_up_opens_the_page_one_was_going_to(cast: Cast) -> None:
    client = by_password(cast.ani)
    target = "/desk/surveys/unitkerja/?q=01"
    client.get(client.get(target)["Location"])
    activate(client)
    codes = text_of(client, reverse("mfa_view_recovery_codes"))
    assert codes.count("<li>") == 10
    assert client.get(reverse("onward"))["Location"] == target
    assert where(client, target) == ""


def test_a_wrong_code_sets_up_nothing(cast: Cast) -> None:
    client = by_password(cast.ani)
    client.get(reverse("mfa_activate_totp"))
    page = client.post(reverse("mfa_activate_totp"), {"code": "000000"})
    assert "Kode ini tidak cocok" in page.content.decode()
    assert not Authenticator.objects.exists()


def test_the_next_sign_in_asks_for_it_and_a_code_works_once(cast: Cast) -> None:
    secret = give_totp(cast.ani)
    client, code = by_password(cast.ani), code_of(secret)
    assert where(client, DESK) != ""
    wrong = client.post(reverse("mfa_authenticate"), {"code": "12345"})
    assert "Kode ini tidak cocok" in wrong.content.decode()
    client.post(reverse("mfa_authenticate"), {"code": code})
    assert where(client, DESK) == ""
    again = by_password(cast.ani)
    again.post(reverse("mfa_authenticate"), {"code": code})
    assert where(again, DESK) != ""


def test_a_recovery_code_stands_in_once(cast: Cast) -> None:
    give_totp(cast.ani)
    held = Authenticator.objects.get(type=Authenticator.Type.RECOVERY_CODES)
    code = held.wrap().get_unused_codes()[0]
    client = by_password(cast.ani)
    client.post(reverse("mfa_authenticate"), {"code": code})
    assert where(client, DESK) == ""
    again = by_password(cast.ani)
    again.post(reverse("mfa_authenticate"), {"code": code})
    assert where(again, DESK) != ""


def test_a_session_from_before_has_to_show_it(cast: Cast) -> None:
    client = by_password(cast.ani)
    secret = give_totp(cast.ani)  # meanwhile, on another device
    assert where(client, DESK) == reverse("second_factor_again")
    asked = client.get(f"{reverse('second_factor_again')}?next={DESK}")["Location"]
    assert asked.startswith(reverse("mfa_reauthenticate"))
    client.post(asked, {"code": code_of(secret), "next": DESK})
    assert where(client, DESK) == ""


ACCOUNT_PAGES = (
    "mfa_index",
    "mfa_view_recovery_codes",
    "mfa_generate_recovery_codes",
    "mfa_deactivate_totp",
    "mfa_add_webauthn",
    "account_change_password",
)


@pytest.mark.parametrize("page", ACCOUNT_PAGES)
def test_a_session_from_before_changes_nothing_of_the_account(
    cast: Cast, page: str
) -> None:
    client = by_password(cast.ani)
    give_totp(cast.ani)
    assert where(client, reverse(page)) == reverse("second_factor_again")


@pytest.mark.django_db(transaction=True)
def test_the_last_one_stays_while_the_role_demands_it(cast: Cast) -> None:
    client = by_password(cast.ani)
    activate(client)
    client.post(reverse("mfa_deactivate_totp"))
    assert second_factor.has_one(cast.ani)
    assert "wajib" in text_of(client, reverse("mfa_deactivate_totp"))


def test_secrets_are_not_readable_in_the_database(cast: Cast) -> None:
    secret = give_totp(cast.ani)
    assert secret not in str(list(Authenticator.objects.values_list("data")))
    with override_settings(SECRET_KEY="another"):
        totp = Authenticator.objects.get(type=Authenticator.Type.TOTP).wrap()
        assert not totp.validate_code(code_of(secret))


# --- lost ----------------------------------------------------------------------------


def page_of(user: User) -> str:
    return reverse("admin:surveys_user_factor", args=[user.pk])


def test_another_administrator_resets_it_with_a_reason(cast: Cast) -> None:
    secret = give_totp(cast.citra)
    citra, ani = by_password(cast.citra), signed_in("Ani")
    citra.post(reverse("mfa_authenticate"), {"code": code_of(secret)})
    assert where(citra, reverse("mfa_index")) == ""
    ani.post(page_of(cast.citra), {"reason": ""})
    assert second_factor.has_one(cast.citra)
    words = said(ani, page_of(cast.citra), {"reason": "Telepon hilang"})
    assert words == ["Faktor kedua disetel ulang. Alasan: Telepon hilang"]
    assert not Authenticator.objects.filter(user=cast.citra).exists()
    assert where(citra, reverse("mfa_index")) == reverse("account_login")
    history = reverse("admin:surveys_user_history", args=[cast.citra.pk])
    page = text_of(ani, history)
    assert page.count("Telepon hilang") >= 2
    assert "Faktor kedua" in page


def test_nobody_resets_their_own_or_that_of_somebody_above(
    cast: Cast, units: dict[str, UnitKerja]
) -> None:
    below = make_user("Eka")
    grant_role(user=below, kind=Role.Kind.ADMINISTRATOR, unit=units["01"])
    give_totp(cast.ani)
    why = {"reason": "Ingin tahu"}
    assert signed_in("Ani").post(page_of(cast.ani), why).status_code == 403
    assert signed_in("Eka").post(page_of(cast.ani), why).status_code == 404
    assert signed_in("Budi").post(page_of(cast.ani), why).status_code in (403, 404)
    assert second_factor.has_one(cast.ani)


def test_a_reset_without_a_reason_is_refused_by_the_function(cast: Cast) -> None:
    with pytest.raises(SurveyError, match="alasan"):
        second_factor.reset(user=cast.ani, reason=" ")


# --- the demo ------------------------------------------------------------------------


@pytest.fixture
def demo_file(tmp_path: Path) -> Any:
    folder = tmp_path / "secrets"
    folder.mkdir()
    with override_settings(SECRETS_DIR=folder):
        access_file().write_text("{}")
        yield


def test_only_the_demos_own_people_are_let_off(
    units: dict[str, UnitKerja], demo_file: None
) -> None:
    ani = User.objects.create_user("ani@demo.invalid", PASSWORD, name="Ani")
    real = User.objects.create_user("ani@example.org", PASSWORD, name="Nyata")
    for user in (ani, real):
        grant_role(user=user, kind=Role.Kind.ADMINISTRATOR, unit=units["KEM"])
    client = by_password(ani)
    assert where(client, DESK) == ""
    assert "Akun demo" in text_of(client, reverse("mfa_index"))
    assert "Akun demo" in text_of(client, DESK)
    assert where(by_password(real), DESK) == reverse("mfa_index")


def test_nobody_is_let_off_where_no_demo_runs(units: dict[str, UnitKerja]) -> None:
    ani = User.objects.create_user("ani@demo.invalid", PASSWORD, name="Ani")
    grant_role(user=ani, kind=Role.Kind.ADMINISTRATOR, unit=units["KEM"])
    access_file().unlink(missing_ok=True)  # another test may have run the demo
    assert where(by_password(ani), DESK) == reverse("mfa_index")
    with override_settings(EMBEDDED=False):
        assert second_factor.must_have(ani)
    assert settings.EMBEDDED
