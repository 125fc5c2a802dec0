"""One person, one answer: opening writes nothing, sending takes exactly one."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.db.utils import ProgrammingError
from django.utils import timezone

from surveys.answering.responding import (
    NotOpen,
    UnknownCode,
    invitation_for,
    submit_response,
)
from surveys.box.ballots import BadBallot
from surveys.box.wave_secret import SecretMissing, create, path_of
from surveys.fieldwork import waves
from surveys.instruments.sheet import SheetError
from surveys.models import Ballot, Participant, Wave
from tests.surveys.box import (
    answer,
    ballot_of,
    code_of,
    fill,
    make_open_wave,
    opened,
    people_of,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def wave() -> Wave:
    return make_open_wave({"01": "F" * 12, "02": "M" * 12})


def row_versions() -> list[tuple[object, ...]]:
    """Every row of register and frame, with the transaction that wrote it."""
    found: list[tuple[object, ...]] = []
    with connection.cursor() as cursor:
        for table in ("participant", "contact", "cell", "frame", "wave", "waveunit"):
            cursor.execute(
                f"SELECT '{table}', ctid, xmin, xmax FROM surveys_{table}"  # noqa: S608  # from this list
            )
            found += cursor.fetchall()
    return sorted(found, key=repr)


def test_an_answer_leaves_one_row_and_a_receipt(wave: Wave) -> None:
    person = people_of(wave)[0]
    receipt = answer(person, 1, 2, 4)
    assert len(receipt) == 16
    assert opened(wave)[0].answers == [1, 2, 4]
    assert Ballot.objects.get().cell_id == person.cell_id


def test_the_same_person_by_two_ways_is_one_answer(wave: Wave) -> None:
    person = people_of(wave)[0]
    first = ballot_of(person)
    receipt = answer(person, 1, 1, 1)
    assert submit_response(ballot=first, filled=fill(wave, 2, 2, 2)) == receipt
    assert opened(wave)[0].answers == [1, 1, 1]


def test_opening_and_sending_touch_no_row_but_the_ballot(wave: Wave) -> None:
    before = row_versions()
    answer(people_of(wave)[0])
    assert row_versions() == before
    assert Ballot.objects.count() == 1


def test_a_used_link_shows_its_receipt_and_never_the_answer(wave: Wave) -> None:
    person = people_of(wave)[0]
    receipt = answer(person)
    invitation = invitation_for(code_of(person))
    assert invitation.has_answered
    assert invitation.receipt == receipt


def test_codes_are_forgiving_and_strangers_are_not_known(wave: Wave) -> None:
    code = code_of(people_of(wave)[0])
    spelled = code.lower().replace("0", "o").replace("1", "l")
    assert invitation_for(f"{spelled[:4]} {spelled[4:8]}-{spelled[8:]}").wave == wave
    for wrong in ("", "A" * 12, code[:-1], code + "A", "0" * 12):
        with pytest.raises(UnknownCode):
            invitation_for(wrong)


def test_a_new_edition_of_the_code_ends_the_old_one(wave: Wave) -> None:
    from surveys.box.wave_secret import read
    from surveys.people.invitations import code_hash

    person = people_of(wave)[0]
    old = code_of(person)
    person.edition = 2
    person.code_hash = code_hash(read(wave), person.pk, 2)
    person.save()
    with pytest.raises(UnknownCode):
        invitation_for(old)
    assert invitation_for(code_of(person)).wave == wave


def test_what_the_sheet_does_not_allow_is_refused(wave: Wave) -> None:
    person = people_of(wave)[0]
    ballot = ballot_of(person)
    for codes in ((9, 1, 1), (-1, 1, 1)):
        with pytest.raises(SheetError) as refusal:
            submit_response(ballot=ballot, filled=fill(wave, *codes))
        assert refusal.value.errors == {"A1": "unknown_option"}
    assert not Ballot.objects.exists()


def test_a_ballot_of_another_wave_or_none_is_refused(wave: Wave) -> None:
    ballot = ballot_of(people_of(wave)[0])
    for forged in (ballot[:-2] + "AA", "A" * len(ballot), ""):
        with pytest.raises(BadBallot):
            submit_response(ballot=forged, filled=fill(wave))


def test_after_closing_an_issued_ballot_is_taken_and_no_new_one_issued(
    wave: Wave,
) -> None:
    early, late = people_of(wave)[:2]
    ballot = ballot_of(early)
    waves.close_wave(wave=wave)
    assert submit_response(ballot=ballot, filled=fill(wave))
    with pytest.raises(NotOpen):
        invitation_for(code_of(late))


def test_after_the_last_hour_nothing_is_taken(wave: Wave) -> None:
    ballot = ballot_of(people_of(wave)[0])
    past = timezone.now() - timedelta(minutes=1)
    Wave.objects.filter(pk=wave.pk).update(closes_at=past, seals_at=past)
    with pytest.raises(NotOpen):
        submit_response(ballot=ballot, filled=fill(wave))
    assert not Ballot.objects.exists()


def test_without_its_secret_a_wave_stops_and_gets_no_new_one(wave: Wave) -> None:
    person = people_of(wave)[0]
    code, ballot = code_of(person), ballot_of(person)
    path_of(wave).unlink()
    with pytest.raises(SecretMissing):
        invitation_for(code)
    with pytest.raises(SecretMissing):
        submit_response(ballot=ballot, filled=fill(wave))
    create(wave)
    with pytest.raises(SecretMissing):
        submit_response(ballot=ballot, filled=fill(wave))
    assert not Ballot.objects.exists()


def test_comments_are_masked_before_they_are_stored(wave: Wave) -> None:
    answer(people_of(wave)[0], comment=" telepon saya 081234567890 ")
    assert opened(wave)[0].comments == ["telepon saya [nomor disamarkan]"]


def test_someone_who_left_has_no_way_in(wave: Wave) -> None:
    person = people_of(wave)[0]
    Participant.objects.filter(pk=person.pk).update(has_left=True)
    with pytest.raises(UnknownCode):
        invitation_for(code_of(person))


@pytest.mark.usefixtures("as_app")
def test_the_app_takes_answers_and_can_never_change_them(wave: Wave) -> None:
    answer(people_of(wave)[0])
    box = Ballot.objects.all()
    for change in (lambda: box.update(envelope=b""), box.delete):
        with pytest.raises(ProgrammingError, match="permission denied"):  # noqa: SIM117  # the savepoint must end inside
            with transaction.atomic():
                change()


def test_the_longest_run_is_kept_and_the_shown_order_is_not(wave: Wave) -> None:
    answer(people_of(wave)[0], 2, 2, 2)
    answer(people_of(wave)[1], 0, 0, 0)
    runs = [content.longest_run for content in opened(wave)]
    assert sorted(runs) == [0, 3]
    assert not {"layout"} & {field.name for field in Ballot._meta.fields}
