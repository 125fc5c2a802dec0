"""Signing in through the pages, as staff do it: password, then the second factor."""

from __future__ import annotations

import re
from typing import Any

from django.test import Client

from surveys.models import User
from tests.factories import PASSWORD
from tests.second_factor import code_of


def sign_in(page: Any, home: str, email: str, password: str = PASSWORD) -> str:
    """To the first page after it; who is led to set a factor up, sets it up.

    Returns the secret of the authenticator app, empty where none was asked for.
    """
    type_password(page, home, email, password)
    page.wait_for_url(re.compile("/(hasil|desk|akun/2fa)/"))
    return set_up_app(page) if "/akun/2fa/" in page.url else ""


def type_password(page: Any, home: str, email: str, password: str = PASSWORD) -> None:
    page.goto(f"{home}/akun/login/")
    page.get_by_label("Surel").fill(email)
    page.get_by_label("Kata sandi", exact=True).fill(password)
    page.get_by_role("button", name="Masuk", exact=True).click()


def set_up_app(page: Any) -> str:
    """From the page of one's account: an authenticator app, and the codes beside it."""
    page.get_by_role("link", name="Pasang").first.click()
    page.get_by_text("Tidak dapat memindai?").click()
    secret = str(page.locator("#authenticator_secret").inner_text())
    page.get_by_label("Enam angka dari aplikasi").fill(code_of(secret))
    page.get_by_role("button", name="Pasang").click()
    page.get_by_role("heading", name="Simpan kode cadangan").wait_for()
    page.get_by_role("link", name="Sudah saya simpan, lanjut").click()
    page.wait_for_url(re.compile("/(hasil|desk|anugerah)/"))
    return secret


def signed_in_already(page: Any, home: str, user: User) -> None:
    """Without the pages: a whole sign-in, for tests of something else."""
    client = Client()
    client.force_login(user)
    value = client.cookies["sessionid"].value
    page.context.add_cookies([{"name": "sessionid", "value": value, "url": home}])
