"""Pages beside the form: ways that ended, the promise, help, and what they write."""

from __future__ import annotations

import hashlib
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client

from surveys.fieldwork import waves
from surveys.models import Ballot, Participant, Wave
from tests.surveys.box import (
    answer,
    code_of,
    make_draft,
    make_open_wave,
    make_units,
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

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("as_app")]


@pytest.fixture
def wave(db: None) -> Wave:
    return make_open_wave({"01": "F" * 12, "02": "M" * 12})


# -- Each refusal has its own page -----------------------------------------------------


def test_a_stranger_a_draft_a_closed_wave_and_a_leaver_read_different_pages(
    wave: Wave, client: Client
) -> None:
    titles = {
        "stranger": client.get("/survei/0000-0000-0000/"),
        "leaver": _page_of_leaver(wave, client),
        "draft": _page_of_draft(client),
        "closed": _page_of_closed(wave, client),
        "draft expired": client.get("/survei/pindah/kedaluwarsa/"),
        "no provider": client.get("/survei/masuk/"),
        "pass ended": client.get("/survei/masuk/isi/W1/"),
        "kiosk over": client.get("/survei/kios/1:abc:def/"),
    }
    texts = {name: title(page) for name, page in titles.items()}
    assert len(set(texts.values())) == len(titles), texts
    statuses = {name: page.status_code for name, page in titles.items()}
    assert all(400 <= status < 500 for status in statuses.values()), statuses


def _page_of_leaver(wave: Wave, client: Client) -> Any:
    person = people_of(wave)[0]
    Participant.objects.filter(pk=person.pk).update(has_left=True)
    return client.get(f"/survei/{code_of(person)}/")


def _page_of_draft(client: Client) -> Any:
    units = make_units({"03": []}, root="LAIN")
    draft = make_draft(units, "W2")
    register(draft, units, {"03": "F" * 12})
    return client.get(f"/survei/{code_of(people_of(draft)[0])}/")


def _page_of_closed(wave: Wave, client: Client) -> Any:
    waves.close_wave(wave=wave)
    return client.get(f"/survei/{code_of(people_of(wave)[1])}/")


def test_a_used_link_shows_the_receipt_it_got(wave: Wave, client: Client) -> None:
    person = people_of(wave)[0]
    receipt = answer(person)
    assert receipt[:4] in words(client.get(f"/survei/{code_of(person)}/"))


# -- Typed code ------------------------------------------------------------------------


@pytest.mark.parametrize("typed", ["0000-0000-0000", "KURANG", ""])
def test_a_wrong_code_is_said_beside_the_field_and_can_be_mended(
    wave: Wave, client: Client, typed: str
) -> None:
    page = post(client, "/survei/", {"kode": typed})
    assert page.status_code == 400
    assert 'aria-invalid="true"' in words(page)
    assert f'value="{typed}"' in words(page)


@pytest.mark.parametrize("typed", ["<i>sisip", 'sisip"', "sisip" * 9])
def test_what_is_no_code_does_not_come_back(
    wave: Wave, client: Client, typed: str
) -> None:
    assert "sisip" not in words(post(client, "/survei/", {"kode": typed}))


def test_a_right_code_leads_to_the_form_however_it_is_spelled(
    wave: Wave, client: Client
) -> None:
    code = code_of(people_of(wave)[0])
    spelled = code.lower().replace("0", "o").replace("1", "l")
    typed = f" {spelled[:4]}-{spelled[4:8]} {spelled[8:]}"
    led = post(client, "/survei/", {"kode": typed})
    assert led["Location"] == f"/survei/{code}/"


@pytest.mark.parametrize(
    "pasted",
    ["https://survei.contoh.id/survei/{}/", "survei/{}?bahasa=en", " /survei/{}#isi"],
)
def test_of_a_whole_link_that_is_pasted_the_code_is_taken(
    wave: Wave, client: Client, pasted: str
) -> None:
    code = code_of(people_of(wave)[0])
    led = post(client, "/survei/", {"kode": pasted.format(code)})
    assert led["Location"] == f"/survei/{code}/"


def test_typed_codes_of_leavers_and_closed_waves_say_so(
    wave: Wave, client: Client
) -> None:
    leaver, late = people_of(wave)[:2]
    Participant.objects.filter(pk=leaver.pk).update(has_left=True)
    waves.close_wave(wave=wave)
    headings = {
        title(post(client, "/survei/", {"kode": code_of(person)}))
        for person in (leaver, late)
    }
    assert headings == {
        "Anda tidak lagi tercatat pada survei ini",
        "Survei ini sudah ditutup",
    }


def test_guesses_are_counted_and_right_codes_are_never_refused(
    wave: Wave, client: Client
) -> None:
    cache.clear()
    client.get("/survei/")
    guesses = [post(client, "/survei/", {"kode": "0" * 12}) for _ in range(21)]
    assert [page.status_code for page in guesses] == [400] * 20 + [429]
    code = code_of(people_of(wave)[0])
    assert post(client, "/survei/", {"kode": code}).status_code == 302


# -- The promise -----------------------------------------------------------------------


def test_the_promise_can_be_checked_against_its_digest(
    wave: Wave, client: Client
) -> None:
    page = words(client.get("/survei/gelombang/W1/janji/"))
    file = client.get("/survei/gelombang/W1/janji.json")
    assert hashlib.sha256(file.content).hexdigest() == wave.promise_digest
    assert wave.promise_digest in page
    assert "janji-W1.json" in file["Content-Disposition"]
    assert "sha256sum janji-W1.json" in page


@pytest.mark.parametrize("page", ["gelombang/W1/janji/", "{code}/"])
def test_the_promise_says_who_holds_the_key_what_is_recorded_and_who_reads(
    wave: Wave, client: Client, page: str
) -> None:
    address = f"/survei/{page.format(code=code_of(people_of(wave)[0]))}"
    indonesian = words(client.get(address))
    assert "kuncinya dipegang pengelola server ini" in indonesian
    assert "sedikitnya 10 orang sekaligus" in indonesian
    assert "Siapa membaca komentar saya?" in indonesian
    assert "tidak dapat dilihat siapa pun" not in indonesian
    assert "penyelenggara sendiri" not in indonesian
    english = words(client.get(f"{address}?bahasa=en", follow=True))
    assert "The organiser's own words are in Indonesian." in english.replace(
        "&#x27;", "'"
    )


@pytest.mark.parametrize(
    "page", ["janji/", "janji.json", "unit-keliru/", "bukan-saya/"]
)
def test_a_wave_that_is_not_open_yet_has_no_pages(page: str, client: Client) -> None:
    make_draft(make_units({"03": []}, root="LAIN"), "W2")
    for code in ("W2", "TAK-ADA"):
        assert client.get(f"/survei/gelombang/{code}/{page}").status_code == 404


# -- Help ------------------------------------------------------------------------------


def test_help_names_whom_to_tell(wave: Wave, client: Client) -> None:
    Wave.objects.filter(pk=wave.pk).update(contact="Ani, biro 0210000")
    for page in (
        "/survei/gelombang/W1/unit-keliru/",
        "/survei/gelombang/W1/bukan-saya/",
        "/survei/bukan-saya/",
        "/aksesibilitas/",
    ):
        assert "Ani, biro 0210000" in words(client.get(page)), page


def test_the_accessibility_statement_says_what_was_not_tested(client: Client) -> None:
    text = words(client.get("/aksesibilitas/"))
    for name in ("WCAG 2.2", "Belum diuji", "TalkBack", "NVDA", "iOS"):
        assert name in text


# -- Traces ----------------------------------------------------------------------------


def test_no_page_writes_anything(wave: Wave, client: Client) -> None:
    code = code_of(people_of(wave)[0])
    before = row_versions()
    for address in (
        "/survei/",
        f"/survei/{code}/",
        f"/survei/{code}/?bahasa=en",
        "/survei/gelombang/W1/janji/",
        "/survei/gelombang/W1/unit-keliru/",
        "/survei/gelombang/W1/bukan-saya/",
        "/survei/bukan-saya/",
        "/survei/masuk/",
        "/survei/masuk/pilih/",
        "/survei/tautan-hilang/",
        "/survei/pindah/kedaluwarsa/",
        "/aksesibilitas/",
    ):
        page = client.get(address)
        assert page.status_code < 500, address
        assert "no-store" in page["Cache-Control"], address
    assert_nothing_was_written(before, client)
    assert not Ballot.objects.exists()
