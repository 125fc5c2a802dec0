"""How many queries each page may ask, however many units and waves there are.

``query_counts.json`` holds the numbers; a change of one is reviewed like code.
"""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from surveys.models import Role
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

COUNTS: dict[str, int] = json.loads(
    (Path(__file__).parent / "query_counts.json").read_text()
)


def make_ministry(n_more: int) -> Client:
    """The usual tree with as many more units and waves; a reader of four roles."""
    more = {f"{number:02}": () for number in range(10, 10 + n_more)}
    units = make_units({**TREE, **more})
    scores = {**SCORES, **{code: 60.0 + place for place, code in enumerate(more)}}
    for number in range(1, 2 + n_more):
        run = make_run(make_wave(units, f"W{number}"), scores)
        open_run(run, "committee", "leaders", "own_unit")
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
    client = make_ministry(n_more)
    assert {address: ask(client, address) for address in COUNTS} == COUNTS
