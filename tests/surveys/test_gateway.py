"""WhatsApp and SMS by a real HTTP service, as its settings describe it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.core.cache import cache
from django.utils import timezone

from surveys.errors import SurveyError
from surveys.messages.gateways import GatewayMisconfigured, configured
from surveys.models import Contact, Participant, Wave
from tests.surveys.box import code_of, make_open_wave, people_of
from tests.surveys.gateway_service import GatewayService
from tests.surveys.mailed import delivery_of, now_due, sent_off, states, work

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[GatewayService]:
    service = GatewayService(tmp_path_factory.mktemp("gateway"))
    yield service
    service.stop()


@pytest.fixture
def gateway(service: GatewayService, settings: Any) -> GatewayService:
    cache.clear()
    service.clear()
    settings.MESSAGE_GATEWAY = service.settings()
    settings.GATEWAY_PER_MINUTE = 60_000
    settings.SENDING_HOURS = "00.00-24.00"
    return service


@pytest.fixture
def wave() -> Wave:
    """Twelve people, of whom nobody has a telephone yet."""
    return make_open_wave({"01": "F" * 12})


def number(person: Participant, phone: str) -> None:
    Contact.objects.filter(participant=person).update(phone=phone)


def test_the_service_gets_what_its_settings_describe(
    wave: Wave, gateway: GatewayService
) -> None:
    person = people_of(wave)[0]
    number(person, "+628120000000")
    mailing = work(sent_off(wave, channel="gateway"), rounds=2)
    (asked,) = gateway.asked()
    assert asked["path"] == "/kirim?versi=2"
    assert asked["headers"]["Authorization"] == "Bearer rahasia"
    assert asked["body"]["to"] == "+628120000000"
    assert f"/survei/{code_of(person)}/" in asked["body"]["text"]["body"]
    assert "tidak pernah meminta kata sandi" in asked["body"]["text"]["body"]
    assert asked["body"]["ref"] == asked["headers"]["Idempotency-Key"]
    assert (mailing.state, mailing.n_sent) == ("done", 1)


def test_too_many_and_out_of_order_are_tried_again_and_no_is_no(
    wave: Wave, gateway: GatewayService
) -> None:
    people = people_of(wave)
    for person, last in zip(people, "12340", strict=False):
        number(person, f"+62812000000{last}")
    mailing = work(sent_off(wave, channel="gateway"))
    assert states(mailing) == {"sent": 1, "queued": 2, "failed": 2}
    assert delivery_of(mailing, people[2]).error == "http 422"
    assert delivery_of(mailing, people[3]).error == "http 200 no"
    waits = (delivery_of(mailing, people[0]).due_at or timezone.now()) - timezone.now()
    assert timedelta(minutes=9) < waits <= timedelta(minutes=10), "as Retry-After says"
    now_due(mailing)
    assert states(work(mailing)) == {"sent": 3, "failed": 2}


def test_silence_leaves_a_reminder_open_and_repeats_an_invitation(
    wave: Wave, gateway: GatewayService
) -> None:
    number(people_of(wave)[0], "+628120000005")
    invitation = work(sent_off(wave, channel="gateway"))
    assert states(invitation) == {"queued": 1}
    reminder = work(sent_off(wave, "reminder", "gateway"))
    assert states(reminder) == {"unsure": 1}
    now_due(invitation)
    work(invitation)
    keys = [each["headers"]["Idempotency-Key"] for each in gateway.asked()]
    assert keys[0] == keys[2] != keys[1]


def test_a_redirect_is_not_followed(wave: Wave, gateway: GatewayService) -> None:
    number(people_of(wave)[0], "+628120000006")
    mailing = work(sent_off(wave, channel="gateway"))
    assert mailing.trouble == "gateway_login"
    assert len(gateway.asked()) == 1


def test_an_address_of_our_own_network_is_not_asked(
    wave: Wave, gateway: GatewayService, settings: Any
) -> None:
    number(people_of(wave)[0], "+628120000000")
    url = f"https://localhost:{gateway.port}/"
    settings.MESSAGE_GATEWAY = gateway.settings(url=url, allow_private=False)
    mailing = work(sent_off(wave, channel="gateway"))
    assert mailing.trouble == "gateway_private"
    assert gateway.asked() == []


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"url": "ftp://x/"}, "url"),
        ({"url": "https://x/{telepon}"}, "url"),
        ({"url": "http://contoh.id/", "allow_private": False}, "https"),
        ({"headers": {"X": "a\nb"}}, "headers"),
        ({"timeout": 0}, "timeout"),
        ({"warna": "biru"}, "warna"),
    ],
)
def test_settings_that_do_not_hold_are_named(
    service: GatewayService, settings: Any, more: dict[str, Any], said: str
) -> None:
    settings.MESSAGE_GATEWAY = service.settings(**more)
    with pytest.raises(GatewayMisconfigured, match=said):
        configured()


def test_settings_may_lie_in_a_file(
    service: GatewayService, settings: Any, tmp_path: Any
) -> None:
    file = tmp_path / "gateway.json"
    file.write_text(service.settings())
    settings.MESSAGE_GATEWAY = str(file)
    assert configured() is not None
    settings.MESSAGE_GATEWAY = str(tmp_path / "tidak-ada.json")
    with pytest.raises(SurveyError, match="tidak terbaca"):
        configured()
