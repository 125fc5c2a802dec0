"""Single sign-on with a real OpenID Connect provider in a process of its own."""

from __future__ import annotations

import copy
import json
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
from allauth.socialaccount.models import SocialAccount, SocialApp, SocialToken
from django.test import Client

from surveys.fieldwork import waves
from surveys.models import Ballot, Participant, Wave
from tests.surveys.box import answer, code_of, make_open_wave, opened, people_of
from tests.surveys.ways_in import (
    assert_nothing_was_written,
    free_port,
    post,
    row_versions,
    title,
    words,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("as_app", "provider")]

START = "/survei/masuk/"
FORM = "/survei/masuk/isi/W1/"
PEOPLE = [
    {"sub": "ani", "nip": "01-0"},
    {"sub": "budi", "nip": "01-1"},
    {"sub": "dewi", "nip": "tidak-terdaftar"},
    {"sub": "tanpa-nip"},
]


@pytest.fixture(scope="module")
def provider_address() -> Iterator[str]:
    port = free_port()
    claims = [f"--user-claims={json.dumps(person)}" for person in PEOPLE]
    module = [sys.executable, "-W", "ignore", "-m", "oidc_provider_mock"]
    with subprocess.Popen([*module, "--port", str(port), *claims]) as process:
        address = f"http://127.0.0.1:{port}"
        deadline = time.monotonic() + 30
        while time.monotonic() < deadline:
            try:
                requests.get(address, timeout=1)
                break
            except requests.RequestException:
                time.sleep(0.1)
        yield address
        process.terminate()


@pytest.fixture
def provider(provider_address: str, settings: Any) -> str:
    known = copy.deepcopy(settings.SOCIALACCOUNT_PROVIDERS)
    app = known["openid_connect"]["APPS"][0]
    app.update(client_id="survei", secret="rahasia")
    app["settings"]["server_url"] = provider_address
    settings.SOCIALACCOUNT_PROVIDERS = known
    settings.OIDC_SERVER_URL = provider_address
    return provider_address


@pytest.fixture
def wave() -> Wave:
    return make_open_wave({"01": "F" * 12, "02": "M" * 12})


def to_provider(client: Client) -> str:
    """Where the browser is sent to sign in."""
    away = client.get(START)
    assert away.status_code == 302, words(away)
    return str(away["Location"])


def sign_in_there(address: str, sub: str) -> str:
    """The person signs in at the provider; where the browser is sent back to."""
    back = requests.post(address, {"sub": sub}, allow_redirects=False, timeout=10)
    place = urlsplit(back.headers["Location"])
    assert place.path == "/survei/masuk/kembali/"
    return f"{place.path}?{place.query}"


def come_in(client: Client, sub: str) -> Any:
    """All of it, up to the page the person sees at last."""
    return client.get(sign_in_there(to_provider(client), sub), follow=True)


def test_a_person_of_the_register_comes_to_the_form_without_a_code(
    wave: Wave, client: Client
) -> None:
    page = come_in(client, "ani")
    assert page.redirect_chain == [(FORM, 302)]
    assert 'name="surat_suara"' in words(page)
    assert code_of(people_of(wave, "01")[0]) not in words(page)


def test_it_is_the_same_answer_as_by_the_personal_link(
    wave: Wave, client: Client
) -> None:
    page = words(come_in(client, "ani"))
    ballot = re.search(r'name="surat_suara"\s+value="([^"]+)"', page)
    assert ballot is not None
    assert post(
        client,
        "/survei/kirim/",
        {"surat_suara": ballot[1], "q-A1": "1", "konfirmasi": "1"},
    )
    receipt = answer(people_of(wave, "01")[0])
    assert opened(wave)[0].answers[0] == 1
    assert receipt[:4] in words(client.get(FORM))


def test_signing_on_writes_nothing(wave: Wave, client: Client) -> None:
    before = row_versions()
    for sub in ("ani", "budi", "dewi", "tanpa-nip"):
        come_in(client, sub)
    assert_nothing_was_written(before, client)
    for model in (SocialAccount, SocialApp, SocialToken):
        assert not model.objects.exists()
    assert not Ballot.objects.exists()


def test_cookies_are_short_lived_and_closed_to_scripts(
    wave: Wave, client: Client
) -> None:
    away = to_provider(client)
    state = client.cookies["masuk"]
    back = client.get(sign_in_there(away, "ani"))
    given = back.cookies["pintu"]
    assert (state["max-age"], state["path"], state["httponly"]) == (600, START, True)
    assert (given["max-age"], given["path"], given["httponly"]) == (1800, START, True)
    assert back.cookies["masuk"]["max-age"] == 0


def test_the_provider_is_asked_with_state_and_a_code_challenge(
    wave: Wave, client: Client
) -> None:
    asked = parse_qs(urlsplit(to_provider(client)).query)
    assert asked["response_type"] == ["code"]
    assert asked["code_challenge_method"] == ["S256"]
    assert asked["state"][0]


@pytest.mark.parametrize(
    ("sub", "status", "heading"),
    [
        ("dewi", 404, "Tidak ada survei untuk Anda saat ini"),
        ("tanpa-nip", 403, "Anda belum berhasil masuk"),
    ],
)
def test_strangers_are_told_so(
    wave: Wave, client: Client, sub: str, status: int, heading: str
) -> None:
    page = come_in(client, sub)
    assert (page.status_code, title(page)) == (status, heading)
    assert "pintu" not in client.cookies


def test_who_left_or_whose_wave_is_closed_has_nothing_to_open(
    wave: Wave, client: Client
) -> None:
    Participant.objects.filter(contact__person_key="01-0").update(has_left=True)
    assert come_in(client, "ani").status_code == 404
    waves.close_wave(wave=wave)
    assert come_in(client, "budi").status_code == 404


def test_another_browsers_answer_or_a_second_use_opens_nothing(
    wave: Wave, client: Client
) -> None:
    back = sign_in_there(to_provider(client), "ani")
    assert title(Client().get(back)) == "Anda belum berhasil masuk"
    assert client.get(back).status_code == 302
    assert client.get(back).status_code == 403
    for forged in ("?state=x&code=y", "?error=access_denied", ""):
        assert client.get(f"/survei/masuk/kembali/{forged}").status_code == 403


def test_a_pass_is_for_its_waves_and_cannot_be_forged(
    wave: Wave, client: Client
) -> None:
    come_in(client, "ani")
    assert client.get("/survei/masuk/isi/W2/").status_code == 403
    client.cookies["pintu"] = client.cookies["pintu"].value[:-1] + "x"
    assert client.get(FORM).status_code == 403


def test_a_provider_that_is_away_is_said_to_be(
    wave: Wave, client: Client, settings: Any
) -> None:
    gone = copy.deepcopy(settings.SOCIALACCOUNT_PROVIDERS)
    app = gone["openid_connect"]["APPS"][0]
    app["settings"]["server_url"] = f"http://127.0.0.1:{free_port()}"
    settings.SOCIALACCOUNT_PROVIDERS = gone
    page = client.get(START)
    assert (page.status_code, title(page)) == (502, "Anda belum berhasil masuk")
