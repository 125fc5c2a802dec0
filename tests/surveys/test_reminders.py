"""Who is reminded, when, and how little of it anybody can see."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.core.cache import cache
from django.core.exceptions import ImproperlyConfigured
from django.test import Client
from django.utils import timezone

from surveys.box import sealing
from surveys.errors import SurveyError, WrongState
from surveys.fieldwork import waves
from surveys.messages import bounces, mailings, opting_out, posting, wording
from surveys.messages.mailings import Plan
from surveys.messages.queueing import fill_queue
from surveys.messages.recipients import recipients_of
from surveys.messages.sending_hours import allowance, hours_words, may_send_at
from surveys.models import Contact, Delivery, Mailing, OptOut, Participant, Wave
from tests.factories import make_user
from tests.surveys.box import answer, make_open_wave, people_of
from tests.surveys.mailed import (
    address,
    delivery_of,
    finish,
    plan_of,
    sent_off,
    states,
    work,
    written,
)

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def post(settings: Any, mailoutbox: list[Any]) -> list[Any]:
    """Messages stay in memory: what a server says to them is tested elsewhere."""
    cache.clear()
    settings.HAS_EMAIL = True
    settings.EMAIL_PER_MINUTE = 60_000
    settings.SENDING_HOURS = "00.00-24.00"
    return mailoutbox


@pytest.fixture
def wave() -> Wave:
    return make_open_wave({"01": "F" * 12, "02": "F" * 40})


# -- Who -------------------------------------------------------------------------------


def test_leavers_and_those_who_finished_meanwhile_are_passed_over(
    wave: Wave, post: list[Any]
) -> None:
    people = people_of(wave, "02")
    mailing = sent_off(wave, "reminder")
    work(mailing)
    assert len(post) == 52
    tomorrow = sent_off(wave, "reminder")
    Delivery.objects.update(reminded_on=timezone.localdate() - timedelta(days=1))
    Participant.objects.filter(pk=people[0].pk).update(has_left=True)
    finish(*people[1:11])
    mailing = work(tomorrow, rounds=2)
    assert (mailing.n_sent, len(post)) == (41, 93)


def test_only_chosen_units_are_reminded(wave: Wave, post: list[Any]) -> None:
    unit = wave.units.get(code="01")
    mailing = work(sent_off(wave, "reminder", audience="chosen", units=[unit]))
    assert mailing.n_total == 12
    assert {m.to[0].partition("@")[2] for m in post} == {"01.contoh.id"}


def test_only_units_short_of_their_minimum_are_reminded(
    wave: Wave, post: list[Any]
) -> None:
    from surveys.monitoring.progress import count_arrivals

    for person in people_of(wave, "01")[:11]:
        answer(person, 1, 1, 1)
    count_arrivals(wave=wave)
    mailing = work(sent_off(wave, "reminder", audience="short"))
    assert {m.to[0].partition("@")[2] for m in post} == {"02.contoh.id"}
    assert mailing.n_total == 40


def test_whom_the_invitation_did_not_reach_is_not_reminded_there(
    wave: Wave, post: list[Any]
) -> None:
    person = people_of(wave, "01")[0]
    work(sent_off(wave), rounds=2)
    text = "Terpental:\n<ORANG0@01.contoh.id>;\nlain@contoh.id, orang0@01.contoh.id"
    taken = bounces.take_bounces(wave=wave, text=text)
    assert (taken.n_listed, taken.n_known) == (2, 1)
    assert Mailing.objects.get().n_failed == 1
    reminder = work(sent_off(wave, "reminder"))
    assert reminder.n_total == 51
    assert not reminder.deliveries.filter(participant=person).exists()


def test_bounces_say_nothing_about_reminders(wave: Wave) -> None:
    """Or one address at a time would tell who had been reminded."""
    reminder = work(sent_off(wave, "reminder"), rounds=2)
    taken = bounces.take_bounces(wave=wave, text="orang0@01.contoh.id")
    reminder.refresh_from_db()
    assert (taken.n_known, reminder.n_failed) == (1, 0)
    with pytest.raises(SurveyError, match="Tidak ada alamat"):
        bounces.take_bounces(wave=wave, text="bukan alamat")


def test_whose_contact_was_erased_meanwhile_is_passed_over(
    wave: Wave, post: list[Any]
) -> None:
    mailing = sent_off(wave)
    fill_queue(mailing=mailing)
    Contact.objects.filter(participant=people_of(wave)[0]).delete()
    mailing = work(mailing, rounds=2)
    assert (mailing.state, mailing.n_sent, mailing.n_skipped) == ("done", 51, 1)


# -- When ------------------------------------------------------------------------------


def test_nobody_is_reminded_twice_a_day(wave: Wave, post: list[Any]) -> None:
    work(sent_off(wave, "reminder"), rounds=2)
    second = work(sent_off(wave, "reminder"), rounds=2)
    assert (len(post), second.n_skipped, second.state) == (52, 52, "done")
    invitation = work(sent_off(wave), rounds=2)
    assert invitation.n_sent == 52, "an invitation is no reminder"


def test_the_database_itself_refuses_a_second_reminder(wave: Wave) -> None:
    from django.db import IntegrityError

    first = work(sent_off(wave, "reminder"))
    person = people_of(wave)[0]
    other = written(wave, "reminder")
    today = delivery_of(first, person).reminded_on
    with pytest.raises(IntegrityError, match="reminded_once_a_day"):
        Delivery.objects.create(
            mailing=other, participant=person, state="sent", reminded_on=today
        )


@pytest.mark.parametrize(
    ("hours", "clock", "may"),
    [
        ("07.00-20.00", 0, True),  # 07.00 WIB
        ("07.00-20.00", 12, True),  # 19.00
        ("07.00-20.00", 13, False),  # 20.00
        ("07.00-20.00", 23, False),  # 06.00
        ("20:00-06:30", 14, True),  # 21.00
        ("20:00-06:30", 23, True),  # 06.00
        ("20:00-06:30", 3, False),  # 10.00
        ("00.00-24.00", 17, True),
    ],
)
def test_the_night_is_quiet(settings: Any, hours: str, clock: int, may: bool) -> None:
    settings.SENDING_HOURS = hours
    assert may_send_at(datetime(2026, 11, 2, clock, tzinfo=UTC)) is may


def test_out_of_hours_nothing_is_taken(
    wave: Wave, post: list[Any], settings: Any
) -> None:
    mailing = sent_off(wave, "reminder")
    past = timezone.localtime() - timedelta(hours=2)
    settings.SENDING_HOURS = f"{past:%H.%M}-{past + timedelta(minutes=1):%H.%M}"
    assert list(posting.due_mailings()) == []
    assert work(mailing).state == Mailing.State.QUEUED
    assert post == []


def test_hours_that_make_no_sense_are_named(settings: Any) -> None:
    settings.SENDING_HOURS = "pagi"
    with pytest.raises(ImproperlyConfigured, match="SENDING_HOURS=pagi"):
        hours_words()


def test_a_minute_holds_no_more_than_it_may(settings: Any) -> None:
    cache.clear()
    granted = [allowance("email", 300, 40) for _ in range(3)]
    assert sum(granted) <= 100  # ten seconds may end in between
    assert granted[0] == 40


def test_scheduled_means_not_before(wave: Wave, post: list[Any]) -> None:
    later = timezone.now() + timedelta(hours=3)
    mailing = work(sent_off(wave, "reminder", scheduled_at=later))
    assert (mailing.state, post) == (Mailing.State.QUEUED, [])
    assert list(posting.due_mailings()) == []
    Mailing.objects.update(scheduled_at=timezone.now())
    assert list(posting.due_mailings()) == [mailing.pk]


# -- Holding back ----------------------------------------------------------------------


def test_paused_and_resumed_nobody_gets_it_twice(
    wave: Wave, post: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(posting, "BATCH", 10)
    mailing = work(sent_off(wave))
    mailings.pause_mailing(mailing=mailing)
    assert len(post) == 10
    work(mailing)
    assert len(post) == 10
    mailings.resume_mailing(mailing=mailing)
    mailing = work(mailing, rounds=6)
    assert (mailing.state, len(post)) == (Mailing.State.DONE, 52)
    assert len({m.to[0] for m in post}) == 52


def test_stopped_is_for_good(
    wave: Wave, post: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(posting, "BATCH", 10)
    mailing = mailings.stop_mailing(mailing=work(sent_off(wave)))
    assert states(mailing) == {"sent": 10, "skipped": 42}
    with pytest.raises(WrongState):
        mailings.resume_mailing(mailing=mailing)
    assert len(post) == 10


def test_a_closed_wave_asks_nobody(wave: Wave, post: list[Any]) -> None:
    mailing = sent_off(wave)
    waves.close_wave(wave=wave)
    assert work(mailing).state == Mailing.State.STOPPED
    assert post == []


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"body": "Halo {nma} {tautan}"}, "{nma} bukan isian"),
        ({"body": "Halo"}, "harus memuat"),
        ({"subject": "Kode Anda {kode}"}, "Perihal terbaca"),
        ({"subject": ""}, "Perihal surel masih kosong"),
        ({"audience": "chosen"}, "satu unit"),
    ],
)
def test_a_text_that_would_not_do_is_refused(
    wave: Wave, more: dict[str, str], said: str
) -> None:
    with pytest.raises(SurveyError, match=said):
        written(wave, **more)


def test_a_value_with_braces_is_no_field() -> None:
    assert wording.fill("{nama} {x}", {"nama": "{kode}", "kode": "A"}) == "{kode} {x}"


# -- What can be seen ------------------------------------------------------------------


def test_the_desk_counts_a_reminder_in_steps_of_the_console(wave: Wave) -> None:
    from surveys.monitoring.progress import count_arrivals

    for person in people_of(wave, "02")[:23]:
        answer(person, 1, 1, 1)
    count_arrivals(wave=wave)
    finish(*people_of(wave, "02")[:23])
    unit = wave.units.get(code="02")
    mailing = written(wave, "reminder", audience="chosen", units=[unit])
    assert recipients_of(mailing).n_shown == 40 - 20
    mailing = work(mailings.send_mailing(mailing=mailing), rounds=2)
    assert (mailing.n_total, mailing.n_shown) == (17, 20)
    mailing.n_failed = 9
    assert mailings.failures_shown(mailing) is None


def test_opting_out_is_between_them_and_us(wave: Wave, client: Client) -> None:
    person = people_of(wave)[0]
    page = opting_out.path_of(person.pk)
    assert "Berhenti diingatkan?" in client.get(page).content.decode()
    assert not OptOut.objects.exists(), "mail programs open every link"
    assert client.post(page).status_code == 200
    assert client.post(page).status_code == 200
    assert OptOut.objects.get().participant_id == person.pk
    forged = page[:-5] + "AAAA/"
    assert client.post(forged).status_code == 404
    assert client.post("/survei/berhenti/contoh/").status_code == 404


def test_sealing_forgets_who_was_reminded(wave: Wave) -> None:
    people = people_of(wave)
    for person in people[:30]:
        answer(person, 1, 1, 1)
    mailing = work(sent_off(wave, "reminder"), rounds=2)
    OptOut.objects.create(participant=people[0])
    waiting = sent_off(wave, "reminder")
    waves.close_wave(wave=wave)
    sealing.seal_wave(wave=waves.start_sealing(wave=wave))
    assert not Delivery.objects.exists()
    assert not OptOut.objects.exists()
    mailing.refresh_from_db()
    waiting.refresh_from_db()
    assert (mailing.n_sent, mailing.n_total) == (mailing.n_shown, mailing.n_shown)
    assert waiting.state == Mailing.State.STOPPED


def test_a_draft_wave_is_written_to_and_sent_to_later(
    units: Any, settings: Any
) -> None:
    from tests.surveys.box import make_draft

    wave = make_draft(units, "W9")
    mailing = mailings.write_mailing(
        wave=wave, plan=plan_of("invitation", "email"), created_by=make_user("Ani")
    )
    with pytest.raises(WrongState):
        mailings.send_mailing(mailing=mailing)
    plan = Plan("invitation", "email", "all", "Undangan", "{tautan}")
    mailings.revise_mailing(mailing=mailing, plan=plan)
    from surveys.fieldwork.discarding import discard_draft

    discard_draft(wave=wave)
    assert not Mailing.objects.exists()


def test_nobody_can_be_reached_is_said_before_sending(wave: Wave) -> None:
    for person in people_of(wave):
        address(person, "")
    with pytest.raises(SurveyError, match="Tidak ada penerima"):
        sent_off(wave)
