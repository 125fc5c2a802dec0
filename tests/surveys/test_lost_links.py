"""A lost link goes to the registered address alone; nobody learns who has one."""

from __future__ import annotations

import mailbox
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import redis
from django.conf import settings
from django.core.cache import cache
from django.db import connection, transaction
from django.test import Client

from surveys.answering import lost_links
from surveys.fieldwork import waves
from surveys.models import Contact, Participant, Wave
from tests.surveys.box import code_of, make_open_wave, people_of
from tests.surveys.ways_in import (
    assert_nothing_was_written,
    free_port,
    row_versions,
    words,
)
from tests.surveys.ways_in import post as post_form

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("as_app"),
]

PAGE = "/survei/tautan-hilang/"
STRANGER = "siapa.pun@contoh.id"


def ask(client: Client, typed: str) -> Any:
    return post_form(client, PAGE, {"siapa": typed})


def wait() -> None:
    """Until the thread that sends has nothing left to do."""
    lost_links.sender().submit(int).result()


class Post:
    """A real mail server in a process of its own, and what it received."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.port = folder / "post", free_port()
        handler = ("-c", "aiosmtpd.handlers.Mailbox", str(self.folder))
        address = f"127.0.0.1:{self.port}"
        self.process = subprocess.Popen(
            [sys.executable, "-m", "aiosmtpd", "-n", "-l", address, *handler]
        )
        deadline = time.monotonic() + 20
        while time.monotonic() < deadline:
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", self.port)) == 0:
                    return
            time.sleep(0.1)
        raise RuntimeError("no mail server")

    def letters(self, n: int) -> list[mailbox.MaildirMessage]:
        """All letters, once there are ``n`` or time is over."""
        deadline = time.monotonic() + 10
        while len(found := list(mailbox.Maildir(self.folder))) < n:
            if time.monotonic() > deadline:
                break
            time.sleep(0.05)
        return found


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Post]:
    post = Post(tmp_path_factory.mktemp("mail"))
    yield post
    post.process.terminate()
    post.process.wait()


@pytest.fixture
def post(server: Post, settings: Any) -> Iterator[Post]:
    cache.clear()
    mailbox.Maildir(server.folder).clear()
    for name, value in {
        "HAS_EMAIL": True,
        "EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend",
        "EMAIL_HOST": "127.0.0.1",
        "EMAIL_PORT": server.port,
        "EMAIL_HOST_USER": "",
        "EMAIL_USE_TLS": False,
        "EMAIL_USE_SSL": False,
    }.items():
        setattr(settings, name, value)
    yield server
    wait()


@pytest.fixture
def wave() -> Wave:
    return make_open_wave({"01": "F" * 12})


@pytest.mark.parametrize("typed", ["ORANG0@01.contoh.id", " 01-0 "])
def test_the_link_goes_to_the_registered_address(
    wave: Wave, client: Client, post: Post, typed: str
) -> None:
    person = people_of(wave)[0]
    ask(client, typed)
    (letter,) = post.letters(1)
    assert letter["X-RcptTo"] == "orang0@01.contoh.id"
    body = letter.get_payload(decode=True)
    assert isinstance(body, bytes)
    assert f"http://testserver/survei/{code_of(person)}/" in body.decode()


def test_the_page_is_the_same_and_looks_nothing_up(
    wave: Wave, client: Client, post: Post, django_assert_num_queries: Any
) -> None:
    pages = []
    for typed in ("orang0@01.contoh.id", STRANGER, "01-0", "bukan-nomor"):
        with django_assert_num_queries(0):
            pages.append(words(ask(client, typed)))
    assert len(set(pages)) == 1
    assert len(post.letters(1)) == 1


def test_asking_writes_nothing_to_tables_and_no_name_to_redis(
    wave: Wave, client: Client, post: Post
) -> None:
    before = row_versions()
    client.get(PAGE)
    ask(client, "orang0@01.contoh.id")
    assert len(post.letters(1)) == 1
    wait()
    assert_nothing_was_written(before, client)
    code = code_of(people_of(wave)[0])
    person = str(people_of(wave)[0].pk)
    for location in (settings.REDIS_URL, settings.CACHES["default"]["LOCATION"]):
        with redis.Redis.from_url(str(location)) as store:
            keys = store.keys()
            held = b" ".join([*keys, *(store.dump(key) or b"" for key in keys)])
        for secret in (b"orang0", code.encode(), person.encode()):
            assert secret not in held


def test_leavers_strangers_and_closed_waves_get_no_letter(
    wave: Wave, client: Client, post: Post
) -> None:
    leaver = people_of(wave)[1]
    Participant.objects.filter(pk=leaver.pk).update(has_left=True)
    for typed in (STRANGER, "01-1", "%", "01-%", "a\0b"):
        ask(client, typed)
    waves.close_wave(wave=wave)
    ask(client, "01-2")
    wait()
    assert post.letters(0) == []


def test_one_mailbox_is_not_flooded(wave: Wave, client: Client, post: Post) -> None:
    for _ in range(3):
        ask(Client(), "01-0")
    wait()
    assert len(post.letters(1)) == 1


def test_a_device_that_asks_too_often_is_told_when_to_come_back(
    wave: Wave, client: Client, post: Post
) -> None:
    client.get(PAGE)
    answers = [ask(client, STRANGER) for _ in range(6)]
    assert [answer.status_code for answer in answers] == [200] * 5 + [429]
    assert int(answers[-1]["Retry-After"]) > 0
    assert ask(Client(), STRANGER).status_code == 200


def test_a_broken_mail_server_is_no_ones_business(
    wave: Wave, client: Client, post: Post, settings: Any, caplog: Any
) -> None:
    settings.EMAIL_PORT = free_port()
    assert ask(client, "01-0").status_code == 200
    wait()
    text = caplog.text
    assert "could not be sent" in text
    assert "orang0" not in text


def test_nothing_typed_is_said_to_be_nothing(client: Client) -> None:
    for typed in ("", " ", "x" * 300):
        assert ask(client, typed).status_code == 400
    assert not Contact.objects.exists()


def test_an_address_is_found_without_reading_the_register(wave: Wave) -> None:
    """However it is written; the planner is only kept from reading so short a table."""
    found = Contact.objects.filter(email__iexact="Orang1@01.contoh.id")
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        plan = found.order_by().explain()
    assert "contact_by_email" in plan
