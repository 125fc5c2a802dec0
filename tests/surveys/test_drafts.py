"""A half-filled form travels as ciphertext of one size, and goes by its day."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection
from django.test import Client
from django.utils import timezone

from surveys.answering.attempts import DRAFTS
from surveys.answering.drafts import SIZE, draft_with, expiry_day, forget_expired_drafts
from surveys.models import Draft, Wave
from surveys.tasks import forget_expired_drafts as daily_task
from tests.surveys.box import answer, make_open_wave, people_of, uuid_of

pytestmark = pytest.mark.django_db

ID = "0123456789abcdef0123456789abcdef"
BYTES = "application/octet-stream"


def put(
    content: bytes, key: str = ID, content_type: str = BYTES, client: Any = None
) -> Any:
    client = client or Client()
    return client.put(f"/survei/draf/{key}/", content, content_type=content_type)


def get(key: str = ID) -> Any:
    return Client().get(f"/survei/draf/{key}/")


@pytest.mark.usefixtures("as_app")
def test_what_one_phone_puts_another_gets() -> None:
    assert put(b"\x01" * SIZE).status_code == 204
    got = get()
    assert got.content == b"\x01" * SIZE
    assert got["Content-Type"] == BYTES
    assert "no-store" in got["Cache-Control"]


@pytest.mark.usefixtures("as_app")
def test_a_newer_draft_takes_the_place_of_the_older() -> None:
    put(b"\x01" * SIZE)
    assert put(b"\x02" * SIZE).status_code == 204
    assert get().content == b"\x02" * SIZE
    assert Draft.objects.count() == 1


def test_an_unknown_draft_is_not_found_in_words() -> None:
    reply = get("f" * 32)
    assert reply.status_code == 404
    assert set(reply.json()) == {"reason", "text"}


@pytest.mark.parametrize("key", ["0" * 31, "0" * 33, "G" * 32, "A" * 32])
def test_an_id_is_32_lower_case_hexadecimal_digits(key: str) -> None:
    assert get(key).status_code == 404
    assert put(b"\0" * SIZE, key).status_code == 404


def test_only_4096_bytes_of_that_type_are_taken() -> None:
    for size in (1, SIZE - 1, SIZE + 1):
        assert put(b"\0" * size).status_code == 400
    assert put(b"\0" * 70_000).status_code == 413
    assert put(b"\0" * SIZE, content_type="text/plain").status_code == 415
    assert not Draft.objects.exists()
    with pytest.raises(IntegrityError):
        Draft.objects.create(
            id=uuid_of(1), ciphertext=b"\0", expires_on=timezone.localdate()
        )


def test_a_draft_holds_no_person_no_wave_and_no_time() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT column_name, data_type FROM information_schema.columns"
            " WHERE table_name = 'surveys_draft'"
        )
        assert set(cursor.fetchall()) == {
            ("id", "uuid"),
            ("ciphertext", "bytea"),
            ("expires_on", "date"),
        }


def test_a_draft_is_kept_until_the_last_open_wave_is_sealed() -> None:
    today = timezone.localdate()
    assert expiry_day() == today + timedelta(days=30)
    wave = make_open_wave({"01": "F" * 12})
    assert expiry_day() == timezone.localdate(wave.seals_at)
    past = timezone.now() - timedelta(days=2)
    Wave.objects.filter(pk=wave.pk).update(closes_at=past, seals_at=past)
    assert expiry_day() == today


def test_sending_the_form_leaves_the_draft_alone() -> None:
    wave = make_open_wave({"01": "F" * 12})
    put(b"\x01" * SIZE)
    answer(people_of(wave)[0])
    assert draft_with(uuid_of(int(ID, 16))) is not None


@pytest.mark.usefixtures("as_app")
def test_the_day_after_its_last_a_draft_is_gone() -> None:
    today = timezone.localdate()
    put(b"\x01" * SIZE)
    Draft.objects.update(expires_on=today)
    daily_task()
    assert get().status_code == 200
    Draft.objects.update(expires_on=today - timedelta(days=1))
    assert get().status_code == 404
    assert forget_expired_drafts() == 1
    assert not Draft.objects.exists()


def test_drafts_of_one_device_are_limited(engines: None) -> None:
    client = Client()
    client.cookies["perangkat"] = "satu-perangkat"
    replies = [
        put(b"\0" * SIZE, client=client).status_code
        for _ in range(DRAFTS.per_device + 1)
    ]
    assert replies == [204] * DRAFTS.per_device + [429]
    assert put(b"\0" * SIZE).status_code == 204
