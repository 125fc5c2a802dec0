"""E-mail to a real mail server: once to each, and what is refused is told."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from surveys.messages import mailings
from surveys.messages.failures import words_for
from surveys.models import Delivery, Mailing, Wave
from surveys.tasks import send_mailing
from tests.conftest import Worker
from tests.surveys.box import code_of, make_open_wave, people_of
from tests.surveys.mailed import (
    address,
    delivery_of,
    finish,
    now_due,
    sent_off,
    states,
    work,
)
from tests.surveys.post_office import PostOffice, text_of
from tests.surveys.ways_in import free_port

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PostOffice]:
    office = PostOffice(tmp_path_factory.mktemp("mail"))
    yield office
    office.stop()


@pytest.fixture
def post(office: PostOffice, settings: Any) -> PostOffice:
    """The mail server is configured, the hours are all day, nothing has been sent."""
    cache.clear()
    office.clear()
    for name, value in {
        "HAS_EMAIL": True,
        "EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend",
        "EMAIL_HOST": "127.0.0.1",
        "EMAIL_PORT": office.port,
        "EMAIL_HOST_USER": "",
        "EMAIL_USE_TLS": False,
        "EMAIL_USE_SSL": False,
        "EMAIL_PER_MINUTE": 60_000,
        "SENDING_HOURS": "00.00-24.00",
        "SITE_URL": "https://survei.contoh.go.id",
        "DEFAULT_FROM_EMAIL": "Survei <survei@contoh.go.id>",
    }.items():
        setattr(settings, name, value)
    return office


@pytest.fixture
def wave() -> Wave:
    return make_open_wave({"01": "F" * 12})


def test_everybody_gets_one_letter_with_their_own_link(
    wave: Wave, post: PostOffice
) -> None:
    mailing = work(sent_off(wave))
    letters = post.letters(12)
    links = {
        f"https://survei.contoh.go.id/survei/{code_of(p)}/" for p in people_of(wave)
    }
    assert len(letters) == 12
    found = {link for link in links for letter in letters if link in text_of(letter)}
    assert found == links
    assert work(mailing).state == Mailing.State.DONE
    assert (mailing.n_total, mailing.n_sent, mailing.n_failed) == (12, 12, 0)


def test_a_letter_shows_how_to_check_it_and_how_to_stop(
    wave: Wave, post: PostOffice, client: Client
) -> None:
    work(sent_off(wave))
    letter = post.letters(12)[0]
    for text in (text_of(letter), text_of(letter, "text/html")):
        assert (
            f"https://survei.contoh.go.id/survei/gelombang/{wave.code}/janji/" in text
        )
        assert (
            f"{wave.promise_digest[:4].upper()}-{wave.promise_digest[4:8].upper()}"
            in text
        )
        assert "tidak pernah meminta kata sandi" in text
    stop = letter["List-Unsubscribe"].strip("\n <>")
    assert letter["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert (
        client.post(stop.removeprefix("https://survei.contoh.go.id")).status_code == 200
    )
    post.clear()
    reminder = work(sent_off(wave, "reminder"), rounds=2)
    assert len(post.letters(11)) == 11
    assert reminder.n_total == 11


def test_refusals_are_told_apart(wave: Wave, post: PostOffice) -> None:
    no, full, later, *_others = people_of(wave)
    for person, name in ((no, "tolak"), (full, "penuh"), (later, "nanti")):
        address(person, f"{name}@contoh.id")
    mailing = work(sent_off(wave))
    assert states(mailing) == {"sent": 9, "failed": 2, "queued": 1}
    assert delivery_of(mailing, no).error == "smtp 550 5.1.1"
    assert "tidak dikenal" in str(words_for(delivery_of(mailing, no).error)[0])
    assert "penuh" in str(words_for(delivery_of(mailing, full).error)[0])
    waiting = delivery_of(mailing, later)
    wait = (waiting.due_at or timezone.now()) - timezone.now()
    assert timedelta(minutes=4) < wait < timedelta(minutes=6)
    now_due(mailing)
    assert states(work(mailing)) == {"sent": 10, "failed": 2}
    assert work(mailing).state == Mailing.State.DONE
    assert len(post.letters(10)) == 10


def test_who_waits_five_times_in_vain_is_given_up(wave: Wave, post: PostOffice) -> None:
    person = people_of(wave)[0]
    address(person, "nanti-lagi@contoh.id")
    mailing = work(sent_off(wave))
    row = mailing.deliveries.filter(participant=person)
    for attempt in range(2, 6):
        address(person, f"nanti{attempt}@contoh.id")  # refused the first time, as ever
        now_due(mailing)
        work(mailing)
        assert row.get().attempts == attempt
    assert row.get().state == "failed"
    assert "smtp 451" in row.get().error


def test_a_corrected_address_gets_its_letter_and_nobody_else_another(
    wave: Wave, post: PostOffice
) -> None:
    person = people_of(wave)[0]
    address(person, "tolak@contoh.id")
    mailing = work(sent_off(wave), rounds=2)
    assert len(post.letters(11)) == 11
    address(person, "benar@contoh.id")
    assert mailings.send_failed_again(mailing=mailing) == 1
    mailing = work(mailing, rounds=2)
    assert [m["X-RcptTo"] for m in post.letters(12)].count("benar@contoh.id") == 1
    assert (mailing.state, mailing.n_sent, mailing.n_failed) == ("done", 12, 0)


def test_without_a_mail_server_nobodys_attempts_are_used_up(
    wave: Wave, post: PostOffice, settings: Any, caplog: Any
) -> None:
    settings.EMAIL_PORT = free_port()
    mailing = work(sent_off(wave))
    assert mailing.trouble == "smtp_unreachable"
    assert set(mailing.deliveries.values_list("attempts", flat=True)) == {0}
    assert "orang0" not in caplog.text
    settings.EMAIL_PORT = post.port
    mailing = work(mailing)
    assert (mailing.trouble, mailing.n_sent) == ("", 12)


# -- The worker is killed between sending and writing that down ------------------------

QUEUE = "mail-test"


def until_killed(
    mailing: Mailing, post: PostOffice, worker: Worker, monkeypatch: Any
) -> None:
    """A worker hands the message over, and dies before the server has said so."""
    for name, value in {
        "EMAIL_URL": f"smtp://127.0.0.1:{post.port}",
        "SENDING_HOURS": "00.00-24.00",
        "EMAIL_PER_MINUTE": "60000",
        "DEFAULT_FROM_EMAIL": "survei@contoh.go.id",
    }.items():
        monkeypatch.setitem(os.environ, name, value)
    worker.start()
    try:
        send_mailing.apply_async((mailing.pk,), queue=QUEUE)
        assert len(post.letters(1, seconds=30)) == 1
    finally:
        worker.kill()
    assert Delivery.objects.filter(state="sending").count() == 1


@pytest.fixture
def only_one(wave: Wave) -> Wave:
    """One person with an address, at a slow server."""
    person, *others = people_of(wave)
    address(person, "pelan@contoh.id")
    for other in others:
        address(other, "")
    return wave


@pytest.fixture
def mortal(tmp_path_factory: pytest.TempPathFactory, engines: None) -> Worker:
    """On a queue of its own: another worker of this run knows no mail server."""
    return Worker(QUEUE, "app", tmp_path_factory.mktemp("mortal"))


def test_an_invitation_in_doubt_goes_again_under_the_same_message_id(
    only_one: Wave, post: PostOffice, mortal: Worker, monkeypatch: Any
) -> None:
    mailing = sent_off(only_one)
    until_killed(mailing, post, mortal, monkeypatch)
    work(mailing)
    assert len(post.letters(1)) == 1, "its lease has not ended"
    now_due(mailing)
    address(people_of(only_one)[0], "cepat@contoh.id")
    mailing = work(mailing)
    first, second = post.letters(2)
    assert first["Message-ID"] == second["Message-ID"]
    assert mailing.n_sent == 1


def test_a_reminder_in_doubt_does_not_go_again(
    only_one: Wave, post: PostOffice, mortal: Worker, monkeypatch: Any
) -> None:
    mailing = sent_off(only_one, "reminder")
    until_killed(mailing, post, mortal, monkeypatch)
    now_due(mailing)
    mailing = work(mailing, rounds=2)
    assert len(post.letters(1)) == 1
    assert (mailing.state, mailing.n_unsure) == (Mailing.State.DONE, 1)


def test_what_a_dead_worker_held_and_had_not_begun_goes_once(
    wave: Wave, post: PostOffice, mortal: Worker, monkeypatch: Any
) -> None:
    address(people_of(wave)[0], "pelan@contoh.id")
    mailing = sent_off(wave, "reminder")
    for name, value in {
        "EMAIL_URL": f"smtp://127.0.0.1:{post.port}",
        "SENDING_HOURS": "00.00-24.00",
        "EMAIL_PER_MINUTE": "60000",
    }.items():
        monkeypatch.setitem(os.environ, name, value)
    mortal.start()
    send_mailing.apply_async((mailing.pk,), queue=QUEUE)
    deadline = time.monotonic() + 60
    while "pelan@contoh.id" not in [m["X-RcptTo"] for m in post.letters(1)]:
        assert time.monotonic() < deadline
    mortal.kill()
    now_due(mailing)
    work(mailing, rounds=2)
    addresses = [m["X-RcptTo"] for m in post.letters(12)]
    assert len(addresses) == len(set(addresses)) == 12


def test_nobody_who_has_finished_is_reminded(wave: Wave, post: PostOffice) -> None:
    people = people_of(wave)
    finish(*people[:10])
    mailing = work(sent_off(wave, "reminder"), rounds=2)
    assert len(post.letters(2)) == 2
    assert mailing.n_total == 2
    text = text_of(post.letters(2)[0])
    assert "Abaikan pesan ini bila sudah mengisi" in text
