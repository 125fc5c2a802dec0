"""What the tests of the ways in share: words of a page, and traces in the database."""

from __future__ import annotations

import socket
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from django.apps import apps
from django.contrib.sessions.models import Session
from django.db import connection
from django.test import Client

from berakhlak.privileges import app_privileges
from surveys.models import Ballot, User

Rows = list[tuple[object, ...]]


def free_port() -> int:
    """A port for a server that a test starts."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def words(response: Any) -> str:
    """The page's text, white space reduced to single blanks."""
    return " ".join(response.content.decode().split())


def post(client: Client, address: str, fields: Mapping[str, str]) -> Any:
    """A form as a browser sends it."""
    form = "application/x-www-form-urlencoded"
    return client.post(address, urlencode(fields), content_type=form)


def title(response: Any) -> str:
    """What stands in ``h1``."""
    return words(response).split("<h1>")[1].split("</h1>")[0].strip()


def row_versions() -> Rows:
    """Every row of every table but the box, with the transaction that wrote it."""
    tables = {
        model._meta.db_table
        for model in apps.get_models(include_auto_created=True)
        if model is not Ballot
        and model._meta.managed
        and not model._meta.proxy
        and "SELECT" in app_privileges(model)
    }
    found: Rows = []
    with connection.cursor() as cursor:
        for table in sorted(tables):
            cursor.execute(f'SELECT ctid, xmin, xmax FROM "{table}"')  # noqa: S608  # names of our models
            found += [(table, *row) for row in cursor.fetchall()]
    return sorted(found, key=repr)


def assert_nothing_was_written(before: Rows, client: Client) -> None:
    """No row, no session, no account; and no cookie that would stand for one."""
    assert row_versions() == before
    assert not Session.objects.exists()
    assert not User.objects.exists()
    assert not {"sessionid", "csrftoken"} & client.cookies.keys()
