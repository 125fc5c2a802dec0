"""A sent answer is never shown again: not to who posts an old page anew either."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from surveys.answering import kiosk
from surveys.box import sealing
from surveys.box.ballots import Issued, in_groups, issue, serial_of
from surveys.box.wave_secret import read
from surveys.fieldwork import waves
from surveys.models import Ballot, Participant, Wave
from tests.surveys.box import (
    answer,
    ballot_of,
    code_of,
    make_draft,
    make_open_wave,
    make_units,
    people_of,
    register,
)
from tests.surveys.served import SEND, form
from tests.surveys.ways_in import post, title, words

pytestmark = pytest.mark.django_db

FORM = "application/x-www-form-urlencoded"
TYPED = "Lorong gelap"
WITH_GAPS = {"A2": "3", "SARAN": TYPED}
WITH_FAULTS = {**WITH_GAPS, "A1": "99"}
FORGET = '"cache", "cookies", "storage"'


@pytest.fixture
def wave(db: None) -> Wave:
    return make_open_wave({"01": "F" * 24})


@pytest.fixture
def ani(wave: Wave) -> Participant:
    return people_of(wave)[0]


def send(body: bytes, to: Client | None = None, **headers: str) -> Any:
    client = to or Client()
    return client.post(SEND, body, content_type=FORM, headers=headers)


def is_receipt(page: Any, receipt: str) -> None:
    """The receipt as given before, and nothing of what was typed."""
    assert (page.status_code, title(page)) == (200, "Jawaban Anda sudah diterima")
    assert in_groups(receipt) in words(page)
    assert "Ini tanda terima yang sama." in words(page)
    assert TYPED not in words(page)
    assert "checked" not in words(page)


@pytest.mark.parametrize("codes", [WITH_GAPS, WITH_FAULTS], ids=["gaps", "faults"])
def test_the_first_page_posted_anew_gets_the_receipt(
    ani: Participant, codes: dict[str, str]
) -> None:
    body = form(ballot_of(ani), codes)
    assert (send(body).status_code, Ballot.objects.count()) == (422, 0)
    receipt = answer(ani)
    is_receipt(send(body), receipt)
    assert Ballot.objects.count() == 1


@pytest.mark.parametrize("codes", [WITH_GAPS, WITH_FAULTS], ids=["gaps", "faults"])
@pytest.mark.django_db(transaction=True)
def test_also_after_sealing(codes: dict[str, str]) -> None:
    wave = make_open_wave({"01": "F" * 24})
    people = people_of(wave)
    body, late = (form(ballot_of(person), codes) for person in (people[0], people[-1]))
    receipts = [answer(person) for person in people[:20]]
    waves.close_wave(wave=wave)
    sealing.seal_wave(wave=waves.start_sealing(wave=wave))
    is_receipt(send(body), receipts[0])
    assert send(late).status_code == 410


def test_scripts_hear_sentences_alone(ani: Participant) -> None:
    body = form(ballot_of(ani), WITH_FAULTS)
    answer(ani)
    reply = send(body, Accept="application/json")
    assert (reply.status_code, list(reply.json())) == (422, ["errors"])
    assert TYPED not in reply.content.decode()


def test_asking_before_half_a_form_costs_scripts_nothing(ani: Participant) -> None:
    body = form(ballot_of(ani), WITH_GAPS)
    send(form(ballot_of(people_of(ani.wave)[1])))
    with CaptureQueriesContext(connection) as queries:
        assert send(body).status_code == 422
    assert [query["sql"][:8] for query in queries] == ["EXECUTE ", "SELECT 1"]
    with CaptureQueriesContext(connection) as queries:
        assert send(body, Accept="application/json").status_code == 200
    assert len(queries) == 1


# -- At a kiosk ------------------------------------------------------------------------


@pytest.fixture
def start(wave: Wave) -> str:
    return kiosk.start(wave=wave).start_url


def sit_down(client: Client, start: str, person: Participant) -> None:
    assert post(client, start, {"kode": code_of(person)}).status_code == 302


def at_kiosk(client: Client, start: str, body: bytes) -> Any:
    return client.post(f"{start}kirim/", body, content_type=FORM)


def is_start(reply: Any, start: str) -> None:
    assert (reply.status_code, reply["Location"]) == (302, start)
    assert reply["Clear-Site-Data"] == FORGET


@pytest.mark.parametrize("codes", [WITH_GAPS, WITH_FAULTS], ids=["gaps", "faults"])
def test_the_next_colleague_meets_no_sent_form(
    ani: Participant, client: Client, start: str, codes: dict[str, str]
) -> None:
    sit_down(client, start, ani)
    body = form(ballot_of(ani), codes)
    assert at_kiosk(client, start, body).status_code == 422
    answer(ani)
    client.get(f"{start}selesai/")
    is_start(at_kiosk(client, start, body), start)
    is_start(at_kiosk(client, start, body + b"&konfirmasi=1"), start)


@pytest.mark.parametrize("codes", [WITH_GAPS, WITH_FAULTS], ids=["gaps", "faults"])
def test_nor_a_form_that_was_given_up(
    ani: Participant, client: Client, start: str, codes: dict[str, str]
) -> None:
    sit_down(client, start, ani)
    body = form(ballot_of(ani), codes)
    client.get(f"{start}selesai/")
    is_start(at_kiosk(client, start, body), start)
    sit_down(client, start, people_of(ani.wave)[1])
    is_start(at_kiosk(client, start, body), start)
    assert not Ballot.objects.exists()


# -- A wave put back -------------------------------------------------------------------


def test_a_wave_put_back_to_a_draft_lets_telephones_wait(db: None) -> None:
    """As a backup of the day before the opening would: the ballots are out already."""
    units = make_units({"01": []})
    wave = make_draft(units)
    register(wave, units, {"01": "F" * 12})
    ani = people_of(wave)[0]
    link = f"/survei/{code_of(ani)}/"
    secret = read(wave)
    issued = Issued(wave.pk, 1, serial_of(secret, ani.pk), 7)
    body = form(issue(secret, issued))
    reply = send(body, Accept="application/json")
    assert (reply.status_code, reply.json()["reason"]) == (503, "paused")
    assert int(reply["Retry-After"]) > 0
    page = send(body)
    assert (page.status_code, title(page)) == (503, "Pengisian dihentikan sementara")
    assert title(Client().get(link)) == "Survei ini belum dibuka"
    waves.open_wave(wave=wave)
    assert send(form(ballot_of(ani)), Accept="application/json").status_code == 200
