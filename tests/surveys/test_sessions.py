"""Where somebody is signed in, and signing out from there."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from surveys.models import UnitKerja
from surveys.staff.sessions import device_words, devices_of
from tests.desk import cast_at_desk, said, signed_in, text_of
from tests.factories import PASSWORD, Cast

pytestmark = pytest.mark.django_db

PHONE = "Mozilla/5.0 (Linux; Android 14) AppleWebKit Chrome/126.0 Mobile Safari/537.36"
OFFICE = "Mozilla/5.0 (Windows NT 10.0; Win64) Gecko/20100101 Firefox/128.0"
ACCOUNT = "/akun/2fa/"


@pytest.fixture
def cast(units: dict[str, UnitKerja]) -> Cast:
    return cast_at_desk(units)


def on(agent: str, email: str) -> Client:
    client = Client(headers={"user-agent": agent})
    client.post(reverse("account_login"), {"login": email, "password": PASSWORD})
    return client


def is_in(client: Client) -> bool:
    return client.get(ACCOUNT).status_code == 200


@pytest.mark.parametrize(
    ("agent", "words"),
    [
        (PHONE, "Chrome di Android"),
        (OFFICE, "Firefox di Windows"),
        ("curl/8.5.0", "curl"),
        ("", "Perangkat tidak dikenal"),
    ],
)
def test_devices_are_named_as_people_name_them(agent: str, words: str) -> None:
    assert device_words(agent) == words


def test_budi_sees_his_devices_and_ends_one(cast: Cast) -> None:
    phone, office = on(PHONE, cast.budi.email), on(OFFICE, cast.budi.email)
    page = text_of(office, ACCOUNT)
    assert "Chrome di Android" in page
    assert page.count("Perangkat ini") == 1
    lost = next(d for d in devices_of(cast.budi) if "Android" in d.name)
    assert said(office, reverse("end_session"), {"id": lost.id}) == [
        "1 perangkat dikeluarkan."
    ]
    assert not is_in(phone)
    assert is_in(office)


def test_all_others_at_once(cast: Cast) -> None:
    others = [on(PHONE, cast.budi.email) for _ in range(2)]
    here = on(OFFICE, cast.budi.email)
    said(here, reverse("end_session"))
    assert [is_in(client) for client in others] == [False, False]
    assert is_in(here)


def test_nobody_ends_the_session_of_another(cast: Cast) -> None:
    citra = on(PHONE, cast.citra.email)
    (device,) = devices_of(cast.citra)
    on(OFFICE, cast.budi.email).post(reverse("end_session"), {"id": device.id})
    assert is_in(citra)


def test_a_new_password_ends_every_other_session(cast: Cast) -> None:
    phone, office = on(PHONE, cast.budi.email), on(OFFICE, cast.budi.email)
    new = {"password1": "sandi-baru-budi-8", "password2": "sandi-baru-budi-8"}
    office.post(reverse("account_change_password"), {"oldpassword": PASSWORD, **new})
    assert not is_in(phone)
    assert is_in(office)
    assert [device.name for device in devices_of(cast.budi)] == ["Firefox di Windows"]


def test_an_administrator_ends_them_all_with_a_reason(cast: Cast) -> None:
    phone = on(PHONE, cast.budi.email)
    page = reverse("admin:surveys_user_devices", args=[cast.budi.pk])
    ani = signed_in("Ani")
    assert "Chrome di Android" in text_of(ani, page)
    assert signed_in("Budi").get(page).status_code in (403, 404)
    ani.post(page, {"reason": ""})
    assert is_in(phone)
    assert "Laptop dicuri" in said(ani, page, {"reason": "Laptop dicuri"})[0]
    assert not is_in(phone)
