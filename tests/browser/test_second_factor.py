"""The second factor in a real browser: an app, a passkey, and a telephone lost."""

from __future__ import annotations

import re
from typing import Any

import pytest

from surveys.models import UnitKerja
from tests.browser.signing_in import sign_in, type_password
from tests.desk import cast_at_desk
from tests.factories import Cast
from tests.second_factor import code_of

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.browser,
    pytest.mark.usefixtures("as_app"),
]

AUTHENTICATOR = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


@pytest.fixture
def cast(units: dict[str, UnitKerja]) -> Cast:
    return cast_at_desk(units)


def sign_out(page: Any, home: str) -> None:
    page.goto(f"{home}/akun/logout/")
    page.get_by_role("main").get_by_role("button", name="Keluar").click()
    page.wait_for_url(f"{home}/")


def test_ani_sets_up_an_app_and_signs_in_with_it(
    cast: Cast, home: str, open_browser: Any
) -> None:
    page = open_browser(width=360)
    secret = sign_in(page, home, cast.ani.email)
    page.goto(f"{home}/desk/")
    page.get_by_role("heading", level=1).first.wait_for()
    assert page.url == f"{home}/desk/"
    sign_out(page, home)
    type_password(page, home, cast.ani.email)
    page.get_by_role("heading", name="Faktor kedua").wait_for()
    page.goto(f"{home}/desk/")
    assert "/akun/2fa/" in page.url
    page.get_by_label("Kode").fill("000000")
    page.get_by_role("button", name="Masuk", exact=True).click()
    page.get_by_text("Kode ini tidak cocok").wait_for()
    page.get_by_label("Kode").fill(code_of(secret))
    page.get_by_role("button", name="Masuk", exact=True).click()
    page.wait_for_url(re.compile("/hasil/"))
    page.goto(f"{home}/desk/")
    assert page.url == f"{home}/desk/"


def test_citra_signs_in_with_a_passkey_alone(cast: Cast, home: str, page: Any) -> None:
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    session.send("WebAuthn.addVirtualAuthenticator", {"options": AUTHENTICATOR})
    type_password(page, home, cast.citra.email)
    page.wait_for_url(re.compile("/akun/2fa/"))
    page.get_by_role("link", name="Tambah").click()
    page.get_by_label("Nama kunci").fill("Telepon Citra")
    page.get_by_role("button", name="Tambah").click()
    page.get_by_role("link", name="Sudah saya simpan, lanjut").click()
    page.wait_for_url(re.compile("/hasil/"))
    sign_out(page, home)
    page.goto(f"{home}/akun/login/")
    page.get_by_role("button", name="Masuk dengan kunci sandi").click()
    page.wait_for_url(re.compile("/hasil/"))
    page.goto(f"{home}/akun/2fa/")
    assert page.get_by_text("Telepon Citra").is_visible()
    page.get_by_role("link", name="Lepas").click()
    page.get_by_text("Pasang yang baru lebih dulu").wait_for()


def test_a_refused_passkey_says_so(cast: Cast, home: str, page: Any) -> None:
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    unwilling = {**AUTHENTICATOR, "isUserVerified": False}
    session.send("WebAuthn.addVirtualAuthenticator", {"options": unwilling})
    page.goto(f"{home}/akun/login/")
    page.get_by_role("button", name="Masuk dengan kunci sandi").click()
    page.get_by_text("Kunci sandi tidak jadi dipakai").wait_for()
