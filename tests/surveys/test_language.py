"""Respondent pages speak the reader's language; staff pages stay as they are."""

from __future__ import annotations

import ast
import gettext
import re
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.utils.translation.template import templatize

from surveys.answering.language import offered
from surveys.models import Wave
from tests.surveys.box import code_of, make_open_wave, people_of
from tests.surveys.ways_in import words

pytestmark = pytest.mark.django_db


@pytest.fixture
def wave() -> Wave:
    return make_open_wave({"01": "F" * 12})


def in_english(client: Client, address: str) -> Any:
    return client.get(f"{address}?bahasa=en", follow=True)


def test_the_choice_is_kept_on_the_device_and_leaves_the_address(
    client: Client,
) -> None:
    answer = client.get("/survei/?bahasa=en")
    assert answer["Location"] == "/survei/"
    cookie = answer.cookies["bahasa"]
    assert (cookie.value, cookie["path"], cookie["httponly"]) == ("en", "/", True)
    assert '<html lang="en">' in words(client.get("/survei/"))
    assert '<html lang="en">' in words(client.get("/bukti/"))


def test_staff_pages_and_strange_languages_stay_indonesian(client: Client) -> None:
    in_english(client, "/survei/")
    assert '<html lang="id">' in words(client.get("/hasil/"))
    client.cookies["bahasa"] = "xx"
    assert '<html lang="id">' in words(client.get("/survei/"))


def test_the_switch_leads_nowhere_else(client: Client) -> None:
    answer = client.get("/survei//evil.example/?bahasa=en")
    assert answer["Location"].startswith("/survei/")
    assert client.get("/survei/kirim/?bahasa=en")["Location"] == "/survei/"


def test_questions_without_english_stay_indonesian_and_say_so(
    wave: Wave, client: Client
) -> None:
    page = words(in_english(client, f"/survei/{code_of(people_of(wave)[0])}/"))
    assert '<html lang="en">' in page
    assert "Pernyataan 1" in page
    assert "Start" in page


def test_a_language_of_the_instrument_is_offered_by_its_own_name(
    wave: Wave, client: Client
) -> None:
    wave.instrument.languages = ["id", "jv"]
    assert offered(wave) == ["id", "en", "jv"]
    assert "Basa Jawa" not in words(client.get("/survei/"))
    client.get("/survei/?bahasa=jv")
    assert '<html lang="id">' in words(client.get("/survei/"))


# -- The catalogue ---------------------------------------------------------------------

CATALOGUE = Path("locale/en/LC_MESSAGES/django.mo")
TEMPLATES = (
    *Path("templates/surveys/respond").glob("*.html"),
    *Path("templates/surveys/entry").glob("*"),
    *(
        Path(f"templates/{name}.html")
        for name in ("base_respond", "404", "500", "503", "includes/simulated_tag")
    ),
)
SOURCES = (
    *(
        Path(f"surveys/views/{name}.py")
        for name in ("respond", "refusals", "entry", "kiosk", "proof", "drafts")
    ),
    Path("surveys/answering/forms.py"),
    Path("surveys/answering/lost_links.py"),
)
STAFF = ("kiosk_begin.html", "kiosk_started.html")
CALL = re.compile(r"""\b(n?gettext|_)\(u?("(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')""")

Said = set[tuple[str, bool]]
"""Texts, and whether each has a plural: the catalogue keeps those under another key."""


def said_in_templates() -> Said:
    found = set()
    for path in TEMPLATES:
        if path.name not in STAFF:
            source = templatize(path.read_text(), origin=str(path))
            for name, text in CALL.findall(source):
                found.add((ast.literal_eval(text), name == "ngettext"))
    return found


def said_in_code() -> Said:
    return {
        (node.args[0].value, node.func.id == "ngettext")
        for path in SOURCES
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id in ("_", "ngettext")
        and isinstance(node.args[0], ast.Constant)
        and isinstance(node.args[0].value, str)
    }


def said_in_english() -> Said:
    with CATALOGUE.open("rb") as file:
        keys = vars(gettext.GNUTranslations(file))["_catalog"]
    return {(key[0], True) if isinstance(key, tuple) else (key, False) for key in keys}


def test_everything_a_respondent_reads_has_its_english() -> None:
    said = said_in_templates() | said_in_code()
    assert {text for text, _ in said - said_in_english() if text.strip()} == set()
