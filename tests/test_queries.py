"""How many queries each page may ask, however many units and waves there are.

``query_counts.json`` holds the numbers; a change of one is reviewed like code.
"""

from __future__ import annotations

import json
from datetime import date
from functools import reduce
from pathlib import Path

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from surveys.models import Role, UnitKerja
from surveys.staff.permissions import grant_role
from tests.factories import (
    SCORES,
    TREE,
    give_role,
    make_run,
    make_units,
    make_user,
    make_wave,
    open_run,
)
from tests.scoring.analysed import analyse_drawn
from tests.scoring.desk_pages import run_places
from tests.surveys.authoring.pages import instrument_places
from tests.surveys.register_pages import register_places
from tests.surveys.wave_pages import wave_places

COUNTS: dict[str, int] = json.loads(
    (Path(__file__).parent / "query_counts.json").read_text()
)


DESK = "/desk/"
ELSEWHERE = "/desk/surveys/mail"
"""The pages of mailings need an open wave: tests/surveys/test_desk_mailings.py."""


def make_ministry(n_more: int) -> dict[str, UnitKerja]:
    """The usual tree with as many more units and waves; by code."""
    more = {f"{number:02}": () for number in range(10, 10 + n_more)}
    units = make_units({**TREE, **more})
    scores = {**SCORES, **{code: 60.0 + place for place, code in enumerate(more)}}
    for number in range(1, 2 + n_more):
        run = make_run(make_wave(units, f"W{number}"), scores)
        analyse_drawn(run, ["01", "02", *more])
        open_run(run, "committee", "leaders", "own_unit")
    before = make_wave(units, "W0", reference_date=date(2024, 10, 1))
    open_run(make_run(before, scores), "committee", "leaders", "own_unit")
    return units


def reader_of_four_roles(units: dict[str, UnitKerja]) -> Client:
    """Citra reads results."""
    reader = make_user("Citra")
    for kind, code in (
        (Role.Kind.COMMITTEE, "KEM"),
        (Role.Kind.LEADER, "01"),
        (Role.Kind.COORDINATOR, "02"),
        (Role.Kind.ANALYST, "03"),
    ):
        give_role(reader, kind, units[code])
    client = Client()
    client.force_login(reader)
    return client


def administrator(units: dict[str, UnitKerja]) -> Client:
    """Ani sits at the desk."""
    ani = make_user("Ani")
    grant_role(user=ani, kind=Role.Kind.ADMINISTRATOR, unit=units["KEM"])
    client = Client()
    client.force_login(ani)
    return client


def filled(address: str, places: dict[str, str]) -> str:
    """The address with its ``{places}`` taken by what this run has made."""
    return reduce(lambda text, place: text.replace(*place), places.items(), address)


def ask(client: Client, address: str) -> int:
    """Queries of the second visit: charts and draws are kept after the first."""
    client.get(address)
    with CaptureQueriesContext(connection) as queries:
        answer = client.get(address)
    assert answer.status_code in (200, 302), address
    return len(queries)


@pytest.mark.django_db
@pytest.mark.parametrize("n_more", [0, 8])
def test_no_page_asks_more_than_it_may(n_more: int) -> None:
    units = make_ministry(n_more)
    reader, ani = reader_of_four_roles(units), administrator(units)
    places = {"{unit}": str(units["02"].pk), **instrument_places(n_more)}
    places |= register_places(units, n_more)
    places |= wave_places(units, n_more) | run_places(n_more)
    found = {}
    wanted = {a: n for a, n in COUNTS.items() if not a.startswith(ELSEWHERE)}
    wanted.pop(DESK)
    for address in wanted:
        client = ani if address.startswith("/desk/") else reader
        found[address] = ask(client, filled(address, places))
    assert found == wanted


@pytest.mark.django_db
def test_the_desk_opens_with_six_waves_however_many_there_are() -> None:
    ani = administrator(make_ministry(8))
    assert ask(ani, DESK) == COUNTS[DESK]
