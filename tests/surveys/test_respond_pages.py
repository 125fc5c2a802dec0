"""Kept pages hold nothing of anybody; the busy ways cost few statements."""

from __future__ import annotations

import gzip
import re
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from surveys.answering import known_waves
from surveys.answering.responding import invitation_for
from surveys.answering.stencils import Stencil, cut
from surveys.fieldwork import waves
from surveys.models import Ballot, Participant, Wave
from surveys.views import pages
from tests.factories import make_user
from tests.surveys.box import answer, ballot_of, code_of, make_open_wave, people_of
from tests.surveys.box import opened as in_box
from tests.surveys.served import SEND, form

pytestmark = pytest.mark.django_db

BALLOT = re.compile(r'name="surat_suara" value="([^"]+)"')
FORM = "application/x-www-form-urlencoded"


@pytest.fixture
def people() -> list[Participant]:
    return people_with_waves()


@pytest.fixture
def one_layout(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every ballot asks for the same order, which is rendered but once."""
    monkeypatch.setattr("surveys.answering.responding.secrets.randbelow", lambda n: 7)


def people_with_waves() -> list[Participant]:
    """Each knows its wave already, so that no test counts that look-up."""
    wave = make_open_wave({"01": "F" * 12, "02": "M" * 12})
    people = people_of(wave)
    for person in people:
        person.wave = wave
    return people


def opened(person: Participant, client: Client | None = None, **more: Any) -> Any:
    return (client or Client()).get(f"/survei/{code_of(person)}/", **more)


def send(body: bytes, **headers: str) -> Any:
    return Client().post(SEND, body, content_type=FORM, headers=headers)


def test_a_form_differs_from_person_to_person_by_its_ballot_alone(
    people: list[Participant], one_layout: None
) -> None:
    pages = [opened(person).content.decode() for person in people[:2]]
    assert len({found[1] for page in pages if (found := BALLOT.search(page))}) == 2
    assert len({BALLOT.sub("", page) for page in pages}) == 1
    assert not any(code_of(person) in pages[0] for person in people[:2])


def test_a_compressed_form_is_the_form(people: list[Participant]) -> None:
    reply = opened(people[0], headers={"Accept-Encoding": "gzip, br"})
    assert reply["Content-Encoding"] == "gzip"
    assert "Accept-Encoding" in reply["Vary"]
    assert BALLOT.search(gzip.decompress(reply.content).decode())


def test_each_language_has_its_own_form(people: list[Participant]) -> None:
    english = Client()
    english.cookies["bahasa"] = "en"
    texts = [
        opened(people[0], client).content.decode() for client in (english, Client())
    ]
    assert '<html lang="en">' in texts[0]
    assert '<html lang="id">' in texts[1]


def test_the_oldest_pages_make_room_for_new_ones(
    people: list[Participant], monkeypatch: pytest.MonkeyPatch
) -> None:
    rendered: list[str] = []

    def counted(page: str, gap: str) -> Stencil:
        rendered.append(page)
        return cut(page, gap)

    monkeypatch.setattr(pages, "_kept", {})
    monkeypatch.setattr(pages, "MOST_KEPT", 8)
    monkeypatch.setattr(pages, "cut", counted)
    layouts = iter([*range(10), *range(9, 1, -1), 0])
    monkeypatch.setattr(
        "surveys.answering.responding.secrets.randbelow", lambda n: next(layouts)
    )
    for _ in range(10):
        opened(people[0])
    assert (len(rendered), len(pages._kept)) == (10, 8)
    for _ in range(8):
        opened(people[0])
    assert len(rendered) == 10
    opened(people[0])
    assert len(rendered) == 11


def test_opening_takes_two_statements_and_sending_one(
    people: list[Participant], one_layout: None
) -> None:
    opened(people[0])
    with CaptureQueriesContext(connection) as queries:
        assert opened(people[1]).status_code == 200
    assert len(queries) == 2
    body = form(ballot_of(people[1]))
    with CaptureQueriesContext(connection) as queries:
        assert send(body).status_code == 200
    assert len(queries) == 1


def test_a_member_of_staff_is_nobody_here(
    people: list[Participant], one_layout: None
) -> None:
    client = Client()
    client.force_login(make_user("Ani", is_staff=True))
    opened(people[0])
    with CaptureQueriesContext(connection) as queries:
        reply = opened(people[0], client)
    assert len(queries) == 2
    assert "Ani" not in reply.content.decode()
    assert "sessionid" not in reply.cookies


def test_scripts_get_receipts_errors_and_refusals_as_json(
    people: list[Participant],
) -> None:
    body = form(ballot_of(people[0]))
    first = send(body, Accept="application/json").json()
    again = send(body, Accept="application/json").json()
    assert re.fullmatch(r"[0-9A-Z]{4}(-[0-9A-Z]{4}){3}", first["receipt"])
    assert (first["is_repeat"], again["is_repeat"]) == (False, True)
    assert first["receipt"] == again["receipt"]
    assert first["receipt"] in opened(people[0]).content.decode()
    refused = send(b"surat_suara=x", Accept="application/json")
    assert (refused.status_code, refused.json()["reason"]) == (400, "refused")


def test_a_closed_wave_says_when_it_closed(people: list[Participant]) -> None:
    wave = people[0].wave
    body = form(ballot_of(people[0]))
    past = timezone.now() - timedelta(hours=1)
    Wave.objects.filter(pk=wave.pk).update(closes_at=past, seals_at=past)
    reply = send(body, Accept="application/json")
    assert reply.status_code == 410
    assert reply.json()["reason"] == "closed"
    assert reply.json()["closes_at"].startswith(past.strftime("%Y-%m-%dT"))
    assert opened(people[1]).status_code == 410


def test_a_later_end_counts_at_once(people: list[Participant]) -> None:
    wave = people[0].wave
    opened(people[0])
    later = wave.closes_at + timedelta(days=1)
    Wave.objects.filter(pk=wave.pk).update(closes_at=later, seals_at=later)
    assert invitation_for(code_of(people[0])).wave.closes_at == later


def test_a_closed_wave_issues_no_ballot_from_memory(people: list[Participant]) -> None:
    opened(people[0])
    waves.close_wave(wave=people[0].wave)
    assert opened(people[0]).status_code == 410


def test_a_wave_opened_after_the_last_look_is_found(people: list[Participant]) -> None:
    known_waves.with_codes(anew=True)
    other = people_of(make_open_wave_beside())[0]
    assert opened(other).status_code == 200


def make_open_wave_beside() -> Wave:
    from tests.surveys.box import make_draft, make_units, register

    units = make_units({"71": []}, root="LAIN")
    wave = make_draft(units, "W9")
    register(wave, units, {"71": "F" * 12})
    return waves.open_wave(wave=wave)


@pytest.mark.parametrize(("n_proxies", "n_networks"), [(0, 1), (1, 2)])
def test_the_network_is_the_one_our_own_proxy_saw(
    people: list[Participant], settings: Any, n_proxies: int, n_networks: int
) -> None:
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = n_proxies
    for person, told in zip(people, ("9.9.9.9, 10.1.1.1", "10.2.2.2"), strict=False):
        headers = {"X-Forwarded-For": told}
        send(form(ballot_of(person)), **headers)
    networks = {content.network for content in in_box(people[0].wave)}
    assert len(networks) == n_networks


def test_seconds_reach_the_box(people: list[Participant]) -> None:
    send(form(ballot_of(people[0])) + b"&detik=41,9")
    assert in_box(people[0].wave)[0].seconds == [41]


@pytest.mark.django_db(transaction=True)
def test_a_connection_that_died_costs_nobody_an_answer() -> None:
    people = people_with_waves()
    body = form(ballot_of(people[0]))
    _end_connection()
    assert send(body).status_code == 200
    _end_connection()
    assert opened(people[1]).status_code == 200
    _end_connection()
    answer(people[1])
    assert Ballot.objects.count() == 2


def _end_connection() -> None:
    import psycopg2

    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        (pid,) = cursor.fetchone() or (0,)
    own = connection.get_connection_params()
    other = psycopg2.connect(dbname=own["dbname"], user=own["user"], host=own["host"])
    other.autocommit = True
    with other.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(%s, 5000)", [pid])
    other.close()
