"""Printed links and what was done with one person's data: in the history, unnamed."""

from __future__ import annotations

import pytest
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format

from surveys.models import (
    Contact,
    Participant,
    PersonalDataAct,
    Role,
    UnitKerja,
    Wave,
)
from surveys.people.invitations import record_printing
from surveys.people.personal import erase_contact
from surveys.staff.permissions import grant_role
from tests.desk import cast_at_desk, signed_in, text_of
from tests.factories import Cast, make_user

pytestmark = pytest.mark.django_db

HISTORY = "/desk/riwayat/"


@pytest.fixture
def cast(units: dict[str, UnitKerja]) -> Cast:
    return cast_at_desk(units)


@pytest.fixture
def acts_with_people(cast: Cast, wave: Wave, units: dict[str, UnitKerja]) -> Contact:
    """Ani prints 75 links of the wave, and erases one person of it."""
    record_printing(wave=wave, operator="Ani", reason="Pabrik tanpa surel", n_links=75)
    seat = Participant.objects.create(wave=wave, unit=units["01.01"])
    contact = Contact.objects.create(
        participant=seat,
        wave=wave,
        person_key="198001012005012001",
        name="Eka Pertiwi",
        email="eka@contoh.go.id",
    )
    erase_contact(contact=contact, user=cast.ani, reason="Permintaan tertulis")
    return contact


@pytest.mark.parametrize("page", ["list", "wave"])
def test_printing_and_erasing_stand_in_the_history(
    acts_with_people: Contact, wave: Wave, page: str
) -> None:
    own = reverse("admin:surveys_wave_history", args=[wave.pk])
    text = text_of(signed_in("Ani"), HISTORY if page == "list" else own)
    today = date_format(timezone.localdate(), "j F Y")
    for words in (
        f"<b>75 tautan · {wave.name}</b>",
        "Pabrik tanpa surel",
        f"<b>Kontak dihapus atas permintaan · satu orang · {wave.name}</b>",
        "Permintaan tertulis",
        f">{today}</time>",
    ):
        assert words in text, words


def test_they_are_filtered_like_everything_else(acts_with_people: Contact) -> None:
    ani = signed_in("Ani")
    printed = text_of(ani, f"{HISTORY}?apa=surveys.LinkPrinting&kapan=1&siapa=ani")
    assert "75 tautan" in printed
    assert "satu orang" not in printed
    erased = text_of(ani, f"{HISTORY}?apa=surveys.PersonalDataAct&kapan=1&siapa=ani")
    assert "satu orang" in erased
    assert "75 tautan" not in erased
    assert "75 tautan" not in text_of(ani, f"{HISTORY}?siapa=budi")


def test_acts_of_one_day_are_a_line_each(
    acts_with_people: Contact, wave: Wave, cast: Cast
) -> None:
    for reason in ("Tautan hilang", "Pindah rumah"):
        PersonalDataAct.objects.create(
            wave=wave, kind="sent", operator="Ani", reason=reason
        )
    text = text_of(signed_in("Ani"), f"{HISTORY}?apa=surveys.PersonalDataAct")
    assert text.count("satu orang") == 3
    assert "Tautan hilang" in text
    assert "Pindah rumah" in text


def test_nothing_says_who_the_person_is(acts_with_people: Contact, wave: Wave) -> None:
    ani, contact = signed_in("Ani"), acts_with_people
    act = PersonalDataAct.objects.get()
    addresses = (
        HISTORY,
        reverse("admin:surveys_wave_history", args=[wave.pk]),
        reverse("desk_history_act", args=["surveys.PersonalDataAct", act.pk]),
    )
    for address in addresses:
        text = text_of(ani, address)
        assert "satu orang" in text
        for secret in (
            str(act.participant),
            "198001012005012001",
            contact.name or "Eka Pertiwi",
            "eka@contoh.go.id",
        ):
            assert secret not in text, address


def test_who_reads_the_wave_reads_of_printing_and_who_manages_it_of_persons(
    acts_with_people: Contact, wave: Wave, units: dict[str, UnitKerja]
) -> None:
    fani = make_user("Fani")
    grant_role(user=fani, kind=Role.Kind.ADMINISTRATOR, unit=units["02"])
    own = reverse("admin:surveys_wave_history", args=[wave.pk])
    grant_role(user=make_user("Gita"), kind=Role.Kind.OPERATOR, unit=units["KEM"])
    for address in (HISTORY, own):
        text = text_of(signed_in("Gita"), address)
        assert "75 tautan" in text
        assert "Permintaan tertulis" not in text
    text = text_of(signed_in("Fani"), HISTORY)
    assert "Permintaan tertulis" not in text
    act = PersonalDataAct.objects.get()
    detail = reverse("desk_history_act", args=["surveys.PersonalDataAct", act.pk])
    text_of(signed_in("Fani"), detail, 404)
