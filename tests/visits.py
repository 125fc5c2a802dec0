"""How a test goes to a page: as one of the cast, or signed in as nobody."""

from __future__ import annotations

from typing import Any

from django.test import Client

from surveys.models import User


def client_of(user: User | None) -> Client:
    client = Client()
    if user is not None:
        client.force_login(user)
    return client


def visit(url: str, user: User | None = None) -> Any:
    """The answer, whatever it is."""
    return client_of(user).get(url)


def text_of(url: str, user: User | None = None) -> str:
    """The words of a page that opens, white space reduced to single blanks."""
    answer = visit(url, user)
    assert answer.status_code == 200, url
    return " ".join(answer.content.decode().split())
