"""Redis, queue and logs after people have opened, mistyped, sent and sent again."""

from __future__ import annotations

import io
import logging
import runpy
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode

import pytest
import redis
from django.conf import settings
from django.test import Client
from django.urls import reverse

from berakhlak import embedded
from berakhlak.embedded import BASE_DIR
from berakhlak.traces import RespondentTraces
from surveys.box import ballots
from surveys.box.wave_secret import read
from surveys.models import Participant, Wave
from surveys.tasks import look_into_boxes
from tests.surveys.box import ballot_of, code_of, make_open_wave, people_of

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def log() -> Iterator[io.StringIO]:
    """What the web process would print, at a level below the one in force."""
    lines = io.StringIO()
    handler = logging.StreamHandler(lines)
    handler.addFilter(RespondentTraces())
    root = logging.getLogger()
    level = root.level
    root.addHandler(handler)
    root.setLevel(logging.INFO)
    yield lines
    root.removeHandler(handler)
    root.setLevel(level)


def everything_in_redis() -> str:
    """Keys and values of queue and cache."""
    found: list[Any] = []
    for url in (settings.REDIS_URL, str(settings.CACHES["default"]["LOCATION"])):
        with redis.Redis.from_url(url) as client:
            for key in client.scan_iter():
                kind = client.type(key).decode()
                found += [key, READERS[kind](client, key)]
    return repr(found)


READERS: dict[str, Any] = {
    "string": lambda client, key: client.get(key),
    "list": lambda client, key: client.lrange(key, 0, -1),
    "set": lambda client, key: client.smembers(key),
    "hash": lambda client, key: client.hgetall(key),
    "zset": lambda client, key: client.zrange(key, 0, -1, withscores=True),
}


def names_of(wave: Wave, person: Participant) -> set[str]:
    """All that stands for this person in this wave, however it is written."""
    code = code_of(person)
    serial = ballots.serial_of(read(wave), person.pk)
    key = ballots.row_key(serial)
    receipt = ballots.receipt_of(serial)
    names = {str(person.pk), person.pk.hex, str(person.code_hash), code}
    names |= {str(key), key.hex, serial.hex(), receipt}
    return names | {ballots.in_groups(code), ballots.in_groups(receipt)}


def posted(client: Client, name: str, form: dict[str, str]) -> int:
    """The status a browser gets that sends this form."""
    kind = "application/x-www-form-urlencoded"
    return client.post(reverse(name), urlencode(form), content_type=kind).status_code


def visit(person: Participant) -> None:
    """Opens the form, mistypes the code, sends nonsense, sends, sends again."""
    client, code, ballot = Client(), code_of(person), ballot_of(person)
    filled = {"surat_suara": ballot, "q-A1": "1", "q-A2": "2", "q-A3": "3"}
    assert client.get(reverse("respond:open", args=[code])).status_code == 200
    posted(client, "respond:code", {"kode": code[:-1] + "0"})
    client.get(reverse("respond:open", args=["0" * 12]))
    assert posted(client, "respond:send", {**filled, "q-A1": "9"}) >= 400
    assert posted(client, "respond:send", {**filled, "surat_suara": ballot[:-3]}) >= 400
    for _ in range(2):
        assert posted(client, "respond:send", filled) == 200
    assert client.get(reverse("respond:open", args=[code])).status_code == 200


def test_neither_redis_nor_queue_nor_log_names_anybody(log: io.StringIO) -> None:
    wave = make_open_wave({"01": "F" * 12})
    people = people_of(wave)
    names = set[str]().union(*(names_of(wave, person) for person in people))
    for person in people:
        visit(person)
    look_into_boxes.delay()
    server_log = embedded.data_dir() / "postgres" / "server.log"
    traces = everything_in_redis() + log.getvalue()
    if server_log.exists():
        traces += server_log.read_text(errors="replace")
    assert "look_into_boxes" in traces
    assert "/survei/" in traces
    assert [name for name in sorted(names) if name in traces] == []


def test_the_web_server_keeps_no_access_log() -> None:
    """Nobody can match the times of requests with the order of answers."""
    assert (
        runpy.run_path(str(BASE_DIR / "deploy" / "gunicorn.conf.py"))["accesslog"]
        is None
    )
