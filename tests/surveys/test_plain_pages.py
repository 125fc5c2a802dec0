"""Without scripts, at the wrong address, in another language, after the end."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format

from surveys.fieldwork import waves
from surveys.models import Ballot, Participant, Wave
from tests.surveys.box import answer, ballot_of, code_of
from tests.surveys.served import SEND, form
from tests.surveys.test_respond_pages import FORM, opened, people_with_waves, send
from tests.surveys.ways_in import post, title, words

pytestmark = pytest.mark.django_db


@pytest.fixture
def people() -> list[Participant]:
    return people_with_waves()


# -- Without scripts -------------------------------------------------------------------


def test_a_complete_form_goes_straight_through(people: list[Participant]) -> None:
    with CaptureQueriesContext(connection) as queries:
        reply = send(form(ballot_of(people[0])) + b"&q-SARAN=")
    assert title(reply) == "Jawaban Anda sudah diterima"
    assert sum("EXECUTE take_ballot" in query["sql"] for query in queries) == 1


def test_a_form_with_gaps_is_shown_again_before_it_is_final(
    people: list[Participant],
) -> None:
    body = form(ballot_of(people[0]), {"A2": "3", "SARAN": "Lebih banyak latihan"})
    reply = send(body)
    page = words(reply)
    assert reply.status_code == 422
    assert title(reply) == "Belum semua dijawab"
    assert "2 dari 3 pertanyaan belum dijawab lengkap." in page
    missing = re.findall(r'<li> <a href="#(q-A\d)">', page)
    assert sorted(missing) == ["q-A1", "q-A3"]
    assert f'<a class="button" href="#{missing[0]}">Lengkapi dahulu</a>' in page
    assert page.count(" checked") == 1
    assert "Lebih banyak latihan" in page
    assert "<script" not in page
    assert "?bahasa=" not in page
    assert not Ballot.objects.exists()
    sent = send(body + b"&konfirmasi=1")
    assert title(sent) == "Jawaban Anda sudah diterima"
    assert Ballot.objects.count() == 1


def test_a_number_in_a_comment_is_questioned_once(people: list[Participant]) -> None:
    codes = {"A1": "1", "A2": "3", "A3": "2", "SARAN": "Tanya 0812-3456-7890"}
    body = form(ballot_of(people[0]), codes)
    asked = send(body)
    assert (asked.status_code, title(asked)) == (422, "Periksa tulisan Anda")
    assert 'aria-describedby="q-SARAN-bantuan q-SARAN-salah"' in words(asked)
    assert "Bagian itu disamarkan" in words(asked)
    assert not Ballot.objects.exists()
    sent = send(body + b"&konfirmasi=1")
    assert title(sent) == "Jawaban Anda sudah diterima"


def test_a_second_form_is_told_that_it_changes_nothing(
    people: list[Participant],
) -> None:
    body = form(ballot_of(people[0])) + b"&konfirmasi=1"
    said = "tidak menambah atau mengganti yang sudah diterima"
    assert said not in words(send(body))
    assert said in words(send(body))


def test_enter_on_the_page_that_asks_presses_no_button(
    people: list[Participant],
) -> None:
    page = words(send(form(ballot_of(people[0]), {})))
    first = page.index("<button")
    assert page[first:].startswith('<button type="submit" form="isi" disabled hidden>')
    assert first < page.index('name="konfirmasi"')


def test_scripts_are_asked_nothing_twice(people: list[Participant]) -> None:
    known = people[0]
    opened(known)
    body = form(ballot_of(known), {"A1": "1"})
    with CaptureQueriesContext(connection) as queries:
        reply = send(body, Accept="application/json")
    assert reply.json().keys() == {"receipt", "is_repeat", "is_sealed"}
    assert len(queries) == 1


def test_what_is_wrong_comes_before_what_is_left_out(
    people: list[Participant],
) -> None:
    reply = send(form(ballot_of(people[0]), {"A1": "99"}))
    assert title(reply) == "Jawaban belum terkirim"
    assert 'name="konfirmasi"' not in words(reply)


def test_a_forged_form_with_gaps_is_refused_at_once(people: list[Participant]) -> None:
    ballot = ballot_of(people[0])
    forged = ballot[:-1] + ("A" if ballot[-1] != "A" else "Q")
    reply = send(form(forged, {"SARAN": "jangan dipantulkan"}))
    assert reply.status_code == 400
    assert "dipantulkan" not in words(reply)


def test_the_question_is_asked_in_english_too(people: list[Participant]) -> None:
    client = Client()
    client.cookies["bahasa"] = "en"
    body = form(ballot_of(people[0]), {"A1": "1"})
    page = words(client.post(SEND, body, content_type=FORM))
    assert "2 of 3 questions are not fully answered." in page
    assert "Send it as it is" in page


@pytest.mark.parametrize(
    ("name", "home"), [("respond:send", "/survei/"), ("proof_download", "/bukti/")]
)
def test_who_comes_by_where_forms_are_posted_is_led_on(
    db: None, name: str, home: str
) -> None:
    reply = Client().get(reverse(name))
    assert (reply.status_code, reply["Location"]) == (302, home)
    assert Client().put(reverse(name)).status_code == 405


# -- Languages -------------------------------------------------------------------------


def test_questions_in_another_language_than_the_page_say_so(
    people: list[Participant],
) -> None:
    client = Client()
    client.cookies["bahasa"] = "en"
    english = words(opened(people[0], client))
    assert re.search(r'<h3 [^>]*lang="id">Pernyataan 1</h3>', english)
    assert '<h2 id="bagian-1" lang="id">' in english
    assert '<span lang="id">Tidak setuju</span>' in english
    indonesian = words(opened(people[0]))
    assert "<span>Tidak setuju</span>" in indonesian
    assert '<h2 id="bagian-1">' in indonesian


# -- Closed, sealed --------------------------------------------------------------------


def test_until_sealing_a_closed_wave_takes_what_a_phone_holds(
    people: list[Participant],
) -> None:
    link = f"/survei/{code_of(people[0])}/"
    waves.close_wave(wave=people[0].wave)
    said = "buka tautan ini di ponsel dan peramban yang sama"
    assert said in words(Client().get(link))
    now = timezone.now()
    Wave.objects.filter(pk=people[0].wave_id).update(
        closes_at=now - timedelta(minutes=2), seals_at=now - timedelta(minutes=1)
    )
    page = words(Client().get(link))
    assert said not in page
    assert "tidak ikut dihitung" in page


def test_a_wave_closed_early_tells_its_real_end(people: list[Participant]) -> None:
    wave = people[0].wave
    answer(people[0])
    waves.close_wave(wave=wave)
    wave.refresh_from_db()
    assert wave.closed_at is not None
    now, planned = (
        date_format(timezone.localtime(at), "j F Y")
        for at in (wave.closed_at, wave.closes_at)
    )
    for page in (words(opened(people[0])), words(opened(people[1]))):
        assert f"{now} pukul" in page
        assert planned not in page


def test_scripts_hear_the_real_end_too(people: list[Participant]) -> None:
    wave, body = people[0].wave, form(ballot_of(people[0]))
    waves.close_wave(wave=wave)
    wave.refresh_from_db()
    past = timezone.now() - timedelta(hours=1)
    Wave.objects.filter(pk=wave.pk).update(closes_at=past, seals_at=past)
    reply = send(body, Accept="application/json").json()
    assert reply["text"].startswith("Pengisian berakhir ")
    assert reply["closes_at"].startswith(past.strftime("%Y-%m-%dT%H:%M"))


@pytest.mark.parametrize("address", ["/survei/0000-0000-0000/", "/survei/"])
def test_an_unknown_code_may_be_one_of_a_sealed_wave(db: None, address: str) -> None:
    client = Client()
    reply = (
        post(client, address, {"kode": "0000-0000-0000"})
        if address == "/survei/"
        else client.get(address)
    )
    assert "survei Anda sudah selesai dan disegel" in words(reply)
    assert '<a href="/bukti/">' in words(reply)


def test_the_code_page_leads_to_the_other_ways(db: None) -> None:
    page = words(Client().get("/survei/"))
    for name in ("respond:carry", "respond:lost_link", "respond:not_me"):
        assert f'href="{reverse(name)}"' in page
