"""One person of a register: found, copied, erased, given a new code."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core import mail
from django.urls import reverse

from surveys.answering import lost_links
from surveys.answering.responding import UnknownCode, invitation_for
from surveys.errors import WrongState
from surveys.fieldwork import waves
from surveys.messages import demo_mailbox
from surveys.models import (
    Contact,
    Job,
    Participant,
    PersonalDataAct,
    UnitKerja,
    User,
    Wave,
)
from surveys.people import erased, personal
from tests.desk import cast_at_desk, signed_in, text_of
from tests.surveys.box import answer, code_of, make_draft, make_units
from tests.surveys.register_pages import (
    applied,
    checked,
    lines,
    nip,
    page_of,
)

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _empty_folder() -> None:
    """The folder of this test run, which a worker shares."""
    for path in Path(settings.FILES_DIR).glob("*"):
        path.unlink()


@pytest.fixture
def wave() -> Wave:
    units = make_units({"01": ["01.01"], "02": ["02.01"]})
    cast_at_desk(units)
    return make_draft(units)


# --- one person ----------------------------------------------------------------------


@pytest.fixture
def open_wave(wave: Wave) -> Wave:
    applied(checked(wave, lines(15)))
    return waves.open_wave(wave=wave)


def ani_of(wave: Wave) -> Contact:
    return Contact.objects.get(wave=wave, name="Ani")


def person_url(contact: Contact) -> str:
    return reverse(
        "admin:surveys_wave_person", args=[contact.wave_id, contact.participant_id]
    )


def ask(contact: Contact, act: str, reason: str = "Surat 12/2026") -> Any:
    data: Mapping[str, str] = {"act": act, "reason": reason}
    return signed_in("Ani").post(person_url(contact), data, follow=True)


def found(wave: Wave, typed: str) -> str:
    """The page of the register after looking for somebody."""
    page = signed_in("Ani").post(page_of(wave), {"cari": typed})
    return str(page.content.decode())


@pytest.mark.parametrize(
    "typed", [nip(0), f"{nip(0)[:8]} {nip(0)[8:]}", "ani@contoh.id", "Ani"]
)
def test_a_person_is_found_and_neither_code_nor_state_is_shown(
    open_wave: Wave, typed: str
) -> None:
    ani = ani_of(open_wave)
    Participant.objects.update(state=Participant.State.FINISHED)
    assert person_url(ani) in found(open_wave, typed)
    person = text_of(signed_in("Ani"), person_url(ani))
    code = code_of(ani.participant)
    for secret in (code, "Selesai", "finished", ani.participant.code_hash or "-"):
        assert secret not in person


def test_nobody_is_found_by_two_letters_or_by_a_stranger(open_wave: Wave) -> None:
    for typed in ("An", "Zzz", "%%%", "~~~"):
        assert "Tidak ditemukan" in found(open_wave, typed)


def test_who_is_looked_for_stands_in_no_address(open_wave: Wave) -> None:
    page = found(open_wave, nip(0))
    form = page[page.index("Cari satu orang") :].partition("</form>")[0]
    assert 'method="post"' in form
    assert f'value="{nip(0)}"' in form
    for name in ("q", "cari"):
        asked = text_of(signed_in("Ani"), f"{page_of(open_wave)}?{name}={nip(0)}")
        assert nip(0) not in asked


def test_a_copy_holds_what_we_hold_and_is_recorded(open_wave: Wave) -> None:
    copy = json.loads(ask(ani_of(open_wave), "salinan").content)
    assert copy["nama"] == "Ani"
    assert copy["telepon"] == "+62812345678"
    assert "invited" not in json.dumps(copy)
    act = PersonalDataAct.objects.get()
    assert (act.kind, act.operator, act.reason) == ("export", "Ani", "Surat 12/2026")


def test_without_a_reason_nothing_is_done(open_wave: Wave) -> None:
    for act in ("salinan", "hapus", "kode", "surat", "kirim"):
        ask(ani_of(open_wave), act, reason=" ")
    assert not PersonalDataAct.objects.exists()
    assert ani_of(open_wave).participant.edition == 1


def test_an_erased_contact_stays_erased_and_the_answer_stays(open_wave: Wave) -> None:
    ani = ani_of(open_wave)
    receipt = answer(ani.participant)
    code = code_of(ani.participant)
    assert "Kontak dihapus" in ask(ani, "hapus").content.decode()
    left = Contact.objects.get(pk=ani.pk)
    assert left.person_key.startswith(erased.ERASED)
    assert (left.name, left.email, left.phone) == ("", "", "")
    assert signed_in("Ani").get(person_url(ani)).status_code == 404
    job = checked(open_wave, lines(15), marks_gone="on")
    assert (job.result["counts"]["n_erased"], job.result["counts"]["n_added"]) == (1, 0)
    assert applied(job).state == Job.State.DONE
    assert Contact.objects.get(pk=ani.pk).name == ""
    assert Participant.objects.count() == 15
    assert not Participant.objects.filter(has_left=True).exists()
    assert invitation_for(code).wave == open_wave
    assert answer(ani.participant) == receipt


def test_a_second_click_leaves_what_was_erased(open_wave: Wave) -> None:
    ani = ani_of(open_wave)
    asked = {"user": User.objects.get(name="Ani"), "reason": "Surat 12/2026"}
    personal.erase_contact(contact=ani, **asked)  # type: ignore[arg-type]
    before = Contact.objects.get(pk=ani.pk).person_key
    with pytest.raises(WrongState, match="sudah dihapus"):
        personal.erase_contact(contact=ani, **asked)  # type: ignore[arg-type]
    assert Contact.objects.get(pk=ani.pk).person_key == before
    assert checked(open_wave, lines(15)).result["counts"]["n_added"] == 0


def test_a_contact_erased_during_an_import_is_not_brought_back(wave: Wave) -> None:
    applied(checked(wave, lines(5)))
    check = checked(wave, lines(5, nama="Ani Baru"))
    ask(ani_of(wave), "hapus")
    late = applied(check)
    assert late.state == Job.State.FAILED
    assert not Contact.objects.filter(name__startswith="Ani").exists()


def test_a_new_code_makes_the_old_one_worthless(open_wave: Wave) -> None:
    ani = ani_of(open_wave)
    receipt = answer(ani.participant)
    old = code_of(ani.participant)
    page = ask(ani, "kode").content.decode()
    assert "Kode diganti" in page
    fresh = Participant.objects.get(pk=ani.pk)
    new = code_of(fresh)
    assert new not in page
    assert new != old
    with pytest.raises(UnknownCode):
        invitation_for(old)
    assert answer(fresh) == receipt
    assert PersonalDataAct.objects.get().kind == "new_code"


def test_the_new_link_is_sent_to_the_registered_address_alone(
    open_wave: Wave, settings: Any
) -> None:
    settings.SITE_URL, settings.HAS_EMAIL = "https://survei.contoh.id", True
    ani = ani_of(open_wave)
    ask(ani, "kode")
    page = ask(ani, "kirim").content.decode()
    lost_links.sender().submit(lambda: None).result(20)
    code = code_of(Participant.objects.get(pk=ani.pk))
    assert code not in page
    (message,) = mail.outbox
    assert message.to == ["ani@contoh.id"]
    assert code in str(message.body)


def test_where_nothing_can_be_sent_no_link_is_said_to_be(
    open_wave: Wave, settings: Any
) -> None:
    settings.HAS_EMAIL = settings.EMBEDDED = False
    page = ask(ani_of(open_wave), "kirim").content.decode()
    assert "belum ada yang dapat dikirim" in page
    assert "Tautan dikirim" not in page
    assert not PersonalDataAct.objects.exists()


def test_a_link_of_the_demo_lies_in_its_mailbox(
    open_wave: Wave, settings: Any, tmp_path: Any
) -> None:
    settings.HAS_EMAIL, settings.EMBEDDED = False, True
    settings.DATA_DIR = tmp_path
    ani = ani_of(open_wave)
    lost_links._sent.clear()
    ask(ani, "kirim")
    lost_links.sender().submit(lambda: None).result(20)
    (kept,) = demo_mailbox.messages_of([open_wave.pk])
    assert kept.to == "ani@contoh.id"
    assert code_of(ani.participant) in kept.text
    assert not mail.outbox


def test_the_letter_is_a_pdf_and_recorded(open_wave: Wave) -> None:
    response = ask(ani_of(open_wave), "surat")
    assert response.content.startswith(b"%PDF")
    assert "no-store" in response["Cache-Control"]
    assert PersonalDataAct.objects.get().kind == "printed"


def test_after_closing_a_contact_can_still_be_erased_but_no_code_changed(
    open_wave: Wave,
) -> None:
    waves.close_wave(wave=open_wave)
    ani = ani_of(open_wave)
    assert "sebelum gelombang ditutup" in ask(ani, "kode").content.decode()
    ask(ani, "hapus")
    assert not Contact.objects.filter(name="Ani").exists()


def test_the_same_person_is_named_in_the_other_waves(open_wave: Wave) -> None:
    root = UnitKerja.objects.get(code="KEM")
    other = make_draft({"KEM": root}, "W2")
    applied(checked(other, lines(4)))
    page = text_of(signed_in("Ani"), person_url(ani_of(open_wave)))
    assert person_url(ani_of(other)) in page


def test_find_people_takes_no_wildcards(open_wave: Wave) -> None:
    assert personal.find_people(wave=open_wave, typed="%_%") == []
