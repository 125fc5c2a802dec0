"""Guessing is slowed by device and in all; an office, and a right code, never."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client, override_settings

from surveys.answering import attempts
from surveys.answering.attempts import WRONG_CODES, Limit, TooMany, count
from surveys.models import Participant
from tests.surveys.box import code_of, make_open_wave, people_of

pytestmark = pytest.mark.django_db

FEW = Limit("few", per_device=3, in_all=5)


@pytest.fixture(autouse=True)
def _no_attempts_yet(engines: None) -> Iterator[None]:
    cache.clear()
    yield
    cache.clear()


@pytest.fixture
def person() -> Participant:
    return people_of(make_open_wave({"01": "F" * 12}))[0]


def open_with(client: Client, code: str, address: str = "10.0.0.1") -> Any:
    return client.get(f"/survei/{code}/", REMOTE_ADDR=address)


def wrong_code(number: int) -> str:
    return f"{number:012}"


def test_a_device_that_guesses_is_told_how_long_to_wait(person: Participant) -> None:
    guesser = Client()
    statuses = [
        open_with(guesser, wrong_code(number)).status_code
        for number in range(WRONG_CODES.per_device + 2)
    ]
    # The first guess brings the cookie that the next ones are counted by.
    assert statuses == [404] * (WRONG_CODES.per_device + 1) + [429]
    reply = open_with(guesser, wrong_code(99))
    assert 0 < int(reply["Retry-After"]) <= 3600
    assert "menit" in reply.content.decode()


def test_a_right_code_opens_for_the_worst_guesser(person: Participant) -> None:
    guesser = Client()
    for number in range(WRONG_CODES.per_device + 2):
        open_with(guesser, wrong_code(number))
    assert open_with(guesser, code_of(person)).status_code == 200


def test_colleagues_behind_one_address_do_not_pay_for_a_guesser(
    person: Participant,
) -> None:
    guesser, colleague = Client(), Client()
    for number in range(WRONG_CODES.per_device + 2):
        open_with(guesser, wrong_code(number))
    assert open_with(guesser, wrong_code(0)).status_code == 429
    assert open_with(colleague, wrong_code(0)).status_code == 404
    assert open_with(colleague, code_of(person)).status_code == 200


def test_devices_that_forget_their_cookie_share_one_budget(
    person: Participant, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(attempts, "WRONG_CODES", FEW)
    statuses = [open_with(Client(), wrong_code(n)).status_code for n in range(6)]
    assert statuses == [404] * 5 + [429]
    assert open_with(Client(), code_of(person)).status_code == 200


def test_opening_with_a_right_code_leaves_nothing_in_redis(person: Participant) -> None:
    before = keys()
    open_with(Client(), code_of(person))
    assert keys() == before == []


def redis() -> Any:
    """This run's own corner of Redis."""
    return cache._cache.get_client()  # type: ignore[attr-defined]  # django's own client


def keys() -> list[str]:
    return sorted(key.decode() for key in redis().scan_iter())


def test_redis_keeps_no_name_of_a_device_and_only_for_an_hour() -> None:
    count(FEW, "nama-perangkat")
    assert len(keys()) == 2
    assert not any("nama-perangkat" in key for key in keys())
    assert all(0 < redis().ttl(key) <= attempts.HOUR for key in keys())


def test_the_keys_change_with_the_hour(monkeypatch: pytest.MonkeyPatch) -> None:
    now = 1_800_000_000
    monkeypatch.setattr("surveys.answering.attempts.time.time", lambda: now)
    for _ in range(FEW.per_device):
        count(FEW, "satu")
    first = keys()
    with pytest.raises(TooMany) as refusal:
        count(FEW, "satu")
    assert refusal.value.minutes == 60
    now += attempts.HOUR
    count(FEW, "satu")
    assert len(set(keys()) - set(first)) == 2


def test_without_redis_nobody_is_locked_out(person: Participant) -> None:
    gone = {
        "default": {
            "BACKEND": "django.core.cache.backends.redis.RedisCache",
            "LOCATION": "unix:///nowhere/redis.sock?db=0",
        }
    }
    with override_settings(CACHES=gone):
        assert open_with(Client(), wrong_code(1)).status_code == 404
        assert open_with(Client(), code_of(person)).status_code == 200
