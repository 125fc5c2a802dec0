"""A shared device: staff start it, colleagues answer, nothing of them stays."""

from __future__ import annotations

import re
import time
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.test import Client

from surveys.answering import kiosk
from surveys.models import Ballot, Wave
from surveys.staff.permissions import grant_role
from tests.factories import make_user
from tests.surveys.box import (
    answer,
    code_of,
    make_draft,
    make_open_wave,
    make_units,
    opened,
    people_of,
    register,
)
from tests.surveys.ways_in import (
    assert_nothing_was_written,
    post,
    row_versions,
    title,
    words,
)

pytestmark = pytest.mark.django_db

FORGET = '"cache", "cookies", "storage"'


@pytest.fixture
def wave(db: None) -> Wave:
    return make_open_wave({"01": "F" * 12, "02": "M" * 12})


@pytest.fixture
def start(wave: Wave) -> str:
    return kiosk.start(wave=wave).start_url


def sit_down(client: Client, start: str, code: str) -> Any:
    """Type the code; the page one is led to."""
    led = post(client, start, {"kode": code})
    assert led.status_code == 302, words(led)
    assert code not in led["Location"]
    return client.get(led["Location"])


def send(client: Client, start: str, page: Any, **fields: str) -> Any:
    """As the scripts of the page do it, whatever is left out."""
    ballot = re.search(r'name="surat_suara"\s+value="([^"]+)"', words(page))
    assert ballot is not None
    form = {"surat_suara": ballot[1], "konfirmasi": "1", **fields}
    sent = post(client, f"{start}kirim/", form)
    return client.get(sent["Location"]) if sent.status_code == 302 else sent


# -- Staff -----------------------------------------------------------------------------


@pytest.fixture
def coordinator(wave: Wave, client: Client) -> Client:
    budi = make_user("Budi")
    unit = wave.units.get(code="01").unit
    assert unit is not None
    grant_role(user=budi, kind="coordinator", unit=unit)
    client.force_login(budi)
    return client


def test_a_coordinator_starts_a_kiosk_and_is_signed_out(
    wave: Wave, coordinator: Client
) -> None:
    assert wave.name in words(coordinator.get("/kios/"))
    begun = coordinator.post("/kios/", {"gelombang": "W1", "di_sini": "1"})
    rest = coordinator.get(begun["Location"])
    assert rest["Clear-Site-Data"] == FORGET
    assert "Perangkat bersama" in words(coordinator.get(rest["Location"]))
    assert not Session.objects.exists()


def test_or_shows_its_address_for_another_device(coordinator: Client) -> None:
    page = words(coordinator.post("/kios/", {"gelombang": "W1"}))
    address = re.search(r"http://testserver(/survei/kios/[^/]+/)", page)
    assert address is not None
    assert '<svg xmlns="http://www.w3.org/2000/svg"' in page
    assert Client().get(address[1]).status_code == 200


def test_strangers_and_other_waves_start_nothing(
    wave: Wave, coordinator: Client
) -> None:
    stranger = Client()
    assert "/akun/login/" in stranger.get("/kios/")["Location"]
    stranger.force_login(make_user("Dewi"))
    assert stranger.post("/kios/", {"gelombang": "W1"}).status_code == 403
    assert coordinator.post("/kios/", {"gelombang": "W2"}).status_code == 403


def test_a_kiosk_ends_after_a_day_and_cannot_be_forged(
    client: Client, start: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert client.get(start[:-2] + "/").status_code == 410
    tomorrow = time.time() + timedelta(days=1, minutes=1).total_seconds()
    monkeypatch.setattr(time, "time", lambda: tomorrow)
    assert title(client.get(start)) == "Kios ini sudah berakhir"


# -- Colleagues ------------------------------------------------------------------------


def test_an_answer_at_a_kiosk_has_neither_device_nor_network(
    wave: Wave, client: Client, start: str
) -> None:
    client.cookies["perangkat"] = "sebuah-nama"
    page = sit_down(client, start, code_of(people_of(wave)[0]).lower())
    sent = send(client, start, page, **{"q-A1": "2"})
    row = opened(wave)[0]
    assert row.answers[0] == 2
    assert (row.device, row.network) == (None, None)
    assert title(sent) == "Jawaban Anda sudah diterima"


def test_after_sending_the_device_forgets(
    wave: Wave, client: Client, start: str
) -> None:
    page = sit_down(client, start, code_of(people_of(wave)[0]))
    sent = send(client, start, page)
    assert sent["Clear-Site-Data"] == FORGET
    assert "no-store" in page["Cache-Control"]
    assert "no-store" in sent["Cache-Control"]
    again = client.get(f"{start}isi/")
    assert again["Location"] == start
    assert client.get(start).status_code == 200


def test_a_receipt_is_shown_also_when_the_pass_is_over(
    wave: Wave, client: Client, start: str
) -> None:
    page = sit_down(client, start, code_of(people_of(wave)[0]))
    del client.cookies["pintu"]
    sent = send(client, start, page)
    assert title(sent) == "Jawaban Anda sudah diterima"
    assert sent["Clear-Site-Data"] == FORGET


def test_who_walks_away_is_forgotten(wave: Wave, client: Client, start: str) -> None:
    sit_down(client, start, code_of(people_of(wave)[0]))
    ended = client.get(f"{start}selesai/")
    assert (ended["Location"], ended["Clear-Site-Data"]) == (start, FORGET)
    assert client.get(f"{start}isi/")["Location"] == start


def test_the_page_says_so_and_carries_its_marks(
    wave: Wave, client: Client, start: str
) -> None:
    form = words(sit_down(client, start, code_of(people_of(wave)[0])))
    for page in (words(client.get(start)), form):
        assert "Tidak ada yang disimpan di sini" in page
        assert "<body data-kiosk>" in page
        assert f'data-kiosk-end="{start}selesai/"' in page
        assert re.search(r'<noscript> <meta http-equiv="refresh"', page)
    assert f'action="{start}kirim/"' in form
    personal = Client().get(f"/survei/{code_of(people_of(wave)[1])}/")
    assert "kios" not in words(personal)


def test_what_is_wrong_is_shown_in_the_kiosk(
    wave: Wave, client: Client, start: str
) -> None:
    page = sit_down(client, start, code_of(people_of(wave)[0]))
    wrong = send(client, start, page, **{"q-A1": "99"})
    assert wrong.status_code == 422
    assert f'action="{start}kirim/"' in words(wrong)
    assert "Clear-Site-Data" not in wrong
    assert not Ballot.objects.exists()


def test_without_scripts_a_kiosk_asks_before_it_sends_half_a_form(
    wave: Wave, client: Client, start: str
) -> None:
    page = sit_down(client, start, code_of(people_of(wave)[0]))
    ballot = re.search(r'name="surat_suara"\s+value="([^"]+)"', words(page))
    assert ballot is not None
    asked = post(client, f"{start}kirim/", {"surat_suara": ballot[1]})
    assert title(asked) == "Belum semua dijawab"
    assert f'action="{start}kirim/"' in words(asked)
    assert "Clear-Site-Data" not in asked
    assert not Ballot.objects.exists()


def test_wrong_codes_and_codes_of_other_waves_are_not_known_here(
    wave: Wave, client: Client, start: str
) -> None:
    units = make_units({"03": []}, root="LAIN")
    other = make_draft(units, "W2")
    register(other, units, {"03": "F" * 12})
    from surveys.fieldwork.waves import open_wave

    open_wave(wave=other)
    stranger = code_of(people_of(other)[0])
    for typed in ("000000000000", "KURANG", stranger):
        page = post(client, start, {"kode": typed})
        assert page.status_code == 400
        assert 'aria-invalid="true"' in words(page)
    ballot = {"surat_suara": "x"}
    assert post(client, f"{start}kirim/", ballot).status_code == 400


def test_a_used_code_shows_its_receipt(wave: Wave, client: Client, start: str) -> None:
    receipt = answer(people_of(wave)[0])
    page = words(sit_down(client, start, code_of(people_of(wave)[0])))
    assert receipt[:4] in page
    assert "Jawaban dengan tautan atau kode ini sudah kami terima." in page
    assert "Anda boleh menutup halaman ini" not in page
    assert "Belum merasa mengisi?" in page


def test_who_has_just_sent_is_not_asked_whether_it_was_somebody_else(
    wave: Wave, client: Client, start: str
) -> None:
    page = sit_down(client, start, code_of(people_of(wave)[0]))
    sent = words(send(client, start, page))
    assert "Jawaban Anda sudah diterima" in sent
    assert "Belum merasa mengisi?" not in sent


@pytest.mark.usefixtures("as_app")
def test_a_kiosk_writes_the_ballot_and_nothing_else(wave: Wave) -> None:
    start, client = kiosk.start(wave=wave).start_url, Client()
    before = row_versions()
    for person in people_of(wave)[:3]:
        send(client, start, sit_down(client, start, code_of(person)))
        client.get(f"{start}selesai/")
    assert_nothing_was_written(before, client)
    assert Ballot.objects.count() == 3


def test_who_comes_back_to_the_address_of_sending_is_led_to_the_start(
    client: Client, start: str
) -> None:
    reply = client.get(f"{start}kirim/")
    assert (reply.status_code, reply["Location"]) == (302, start)
    assert client.put(f"{start}kirim/").status_code == 405
