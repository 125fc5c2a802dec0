"""Invitations and reminders at the desk: write, look, send, and whose they are."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from surveys.fieldwork import waves
from surveys.messages import bounces, demo_mailbox, posting
from surveys.messages.deliveries import Held
from surveys.models import Mailing, UnitKerja, Wave
from tests.desk import cast_at_desk, said, signed_in, text_of
from tests.surveys.box import (
    code_of,
    make_draft,
    make_open_wave,
    people_of,
    register,
)
from tests.surveys.mailed import finish, now_due, sent_off, work, written
from tests.test_queries import COUNTS, ask

pytestmark = pytest.mark.django_db

LIST = "/desk/surveys/mailing/"
ADD = f"{LIST}add/"


@pytest.fixture(autouse=True)
def _mail(settings: Any, tmp_path: Any) -> None:
    """No mail server; a mailbox of its own; all day long."""
    cache.clear()
    settings.DATA_DIR = tmp_path
    settings.HAS_EMAIL = False
    settings.EMBEDDED = True
    settings.EMAIL_PER_MINUTE = 60_000
    settings.SENDING_HOURS = "00.00-24.00"


@pytest.fixture
def wave() -> Wave:
    """Twelve people in 01, fifteen in 02; the cast holds its usual roles."""
    wave = make_open_wave({"01": "F" * 12, "02": "F" * 15})
    cast_at_desk({unit.code: unit for unit in UnitKerja.objects.all()})
    return wave


@pytest.fixture
def ani(wave: Wave) -> Client:
    return signed_in("Ani")


def real_wave() -> Wave:
    """Another wave of the same ministry, of people who are not made up."""
    units = {unit.code: unit for unit in UnitKerja.objects.order_by("path")}
    wave = make_draft(units, "W2", is_simulated=False)
    register(wave, units, {"01": "F" * 12})
    return waves.open_wave(wave=wave)


def held_by(wave: Wave) -> Held:
    person = people_of(wave)[0]
    return Held(0, person.pk, 1, "", "x@contoh.id", "", wave.closes_at)


def form_of(**more: Any) -> dict[str, Any]:
    return {
        "kind": "invitation",
        "channel": "email",
        "audience": "all",
        "subject": "Undangan {survei}",
        "body": "Yth. {nama},\n\n{tautan}\n\nSalam",
        "scheduled_at_0": "",
        "scheduled_at_1": "",
        **more,
    }


def page_of(mailing: Mailing, *more: str) -> str:
    return "/".join([f"{LIST}{mailing.pk}", *(more or ("change",)), ""])


def test_a_message_is_written_seen_tried_and_sent(ani: Client, wave: Wave) -> None:
    assert "Belum ada undangan" in text_of(ani, LIST)
    form = text_of(ani, f"{ADD}?wave={wave.pk}")
    assert "mengundang Anda mengisi {survei}" in form
    ani.post(f"{ADD}?wave={wave.pk}", form_of())
    mailing = Mailing.objects.get()
    page = text_of(ani, page_of(mailing))
    assert "Undangan Gelombang W1" in page
    assert "Siti Rahayu" in page
    assert "Kirim kepada 27 orang" in page
    assert "Server surel belum diatur (EMAIL_URL)" in page
    (words,) = said(ani, page_of(mailing, "uji"))
    assert "Pesan uji dikirim ke kotak surat demo" in words
    said(ani, page_of(mailing, "langkah", "kirim"))
    work(mailing, rounds=2)
    page = text_of(ani, page_of(mailing))
    assert "Selesai" in page
    box = text_of(ani, f"{LIST}kotak-surat/")
    assert box.count("Undangan Gelombang W1") >= 27
    assert "[Uji]" in box


def test_the_preview_shows_nobodys_code(ani: Client, wave: Wave) -> None:
    page = text_of(ani, page_of(written(wave)))
    assert "0000-0000-0000" in page
    assert not [p for p in people_of(wave) if code_of(p) in page]


def test_what_is_wrong_with_a_text_is_said_and_nothing_is_lost(
    ani: Client, wave: Wave
) -> None:
    response = ani.post(f"{ADD}?wave={wave.pk}", form_of(body="Halo {nma}"))
    page = response.content.decode()
    assert "{nma} bukan isian yang dikenal" in page
    assert "Halo {nma}" in page
    late = form_of(scheduled_at_0="2020-01-01", scheduled_at_1="08:00:00")
    page = ani.post(f"{ADD}?wave={wave.pk}", late).content.decode()
    assert "Waktu ini sudah lewat" in page
    wrong = form_of(audience="chosen", unit_codes="02, 77")
    page = ani.post(f"{ADD}?wave={wave.pk}", wrong).content.decode()
    assert "Tidak ada unit dengan kode 77" in page
    assert not Mailing.objects.exists()


def test_a_mailing_is_called_by_its_subject_as_it_is_read(wave: Wave) -> None:
    mailing = written(wave)
    assert "{survei}" in mailing.subject
    assert str(mailing) == mailing.subject.replace("{survei}", wave.name)


def test_one_click_from_a_short_unit(ani: Client, wave: Wave) -> None:
    unit = wave.units.get(code="02")
    address = f"{reverse('admin:surveys_mailing_add')}?wave={wave.pk}&unit={unit.pk}"
    page = text_of(ani, f"{address}&kind=reminder")
    assert "Abaikan surat ini bila Anda sudah mengisi" in page
    form = form_of(kind="reminder", audience="chosen", units=[unit.pk])
    ani.post(f"{ADD}?wave={wave.pk}", form)
    mailing = Mailing.objects.get()
    assert list(mailing.units.all()) == [unit]
    assert "Unit 02" in text_of(ani, page_of(mailing))


def test_a_reminders_page_tells_no_exact_number(ani: Client, wave: Wave) -> None:
    finish(*people_of(wave, "01")[:11])
    mailing = work(sent_off(wave, "reminder"), rounds=2)
    assert mailing.n_sent == 16
    page = text_of(ani, page_of(mailing))
    assert "16" not in page.partition('id="pengiriman"')[2].partition("</section>")[0]
    assert "paling banyak sekitar 27" in page
    assert ani.get(page_of(mailing, "kegagalan")).status_code == 404


def test_failures_say_what_to_do_and_can_be_sent_again(ani: Client, wave: Wave) -> None:
    mailing = work(sent_off(wave), rounds=2)
    data = {"text": "orang0@01.contoh.id\norang3@02.contoh.id"}
    (words,) = said(ani, f"{LIST}terpental/?wave={wave.pk}", data)
    assert "2 alamat dibaca; 2 di antaranya" in words
    page = text_of(ani, page_of(mailing, "kegagalan"))
    assert "Nama 01 0" in page
    assert "Perbaiki surelnya" in page
    found = text_of(ani, page_of(mailing, "kegagalan") + "?q=02.contoh")
    assert "Nama 01 0" not in found
    said(ani, page_of(mailing, "langkah", "ulang"))
    now_due(mailing)
    assert work(mailing, rounds=2).n_failed == 0
    assert "Semua sampai" in text_of(ani, page_of(mailing, "kegagalan"))


def test_pause_go_on_stop_and_throw_away(ani: Client, wave: Wave) -> None:
    mailing = sent_off(wave)
    assert "dijeda" in said(ani, page_of(mailing, "langkah", "jeda"))[0]
    assert "Lanjutkan" in text_of(ani, page_of(mailing))
    assert "dua kali" in said(ani, page_of(mailing, "langkah", "lanjut"))[0]
    assert "tidak dapat dilanjutkan" in text_of(
        ani, page_of(mailing, "langkah", "henti")
    )
    assert "dihentikan" in said(ani, page_of(mailing, "langkah", "henti"))[0]
    (again,) = said(ani, page_of(mailing, "langkah", "lanjut"))
    assert "tidak berlaku" in again
    draft = written(wave)
    assert "dihapus" in said(ani, page_of(draft, "langkah", "hapus"))[0]
    assert not Mailing.objects.filter(pk=draft.pk).exists()
    assert ani.get(page_of(mailing, "langkah", "kirim")).status_code == 404


def test_without_a_way_out_real_people_get_nothing_and_the_page_says_why(
    ani: Client,
) -> None:
    mailing = written(real_wave())
    page = text_of(ani, page_of(mailing))
    assert "tautan orang sungguhan tidak disimpan di kotak surat demo" in page
    assert "Kirim kepada" not in page
    (words,) = said(ani, page_of(mailing, "langkah", "kirim"))
    assert "EMAIL_URL" in words
    assert text_of(ani, f"{LIST}kotak-surat/")


@pytest.mark.parametrize("name", ["Budi", "Citra", "Dewi"])
def test_others_find_nothing_here(wave: Wave, name: str) -> None:
    """Budi coordinates a part of the wave; codes of others are not his either."""
    mailing = work(sent_off(wave))
    (kept, *_rest) = demo_mailbox.messages_of({wave.pk})
    stranger = signed_in(name)
    pages = [
        ADD + f"?wave={wave.pk}",
        page_of(mailing),
        page_of(mailing, "ubah"),
        page_of(mailing, "kemajuan"),
        page_of(mailing, "kegagalan"),
        page_of(mailing, "langkah", "henti"),
        f"{LIST}terpental/?wave={wave.pk}",
        f"{LIST}surat/?wave={wave.pk}",
        f"{LIST}kotak-surat/{kept.key}/",
    ]
    for page in pages:
        assert stranger.get(page).status_code in (302, 404), page
    assert stranger.post(page_of(mailing, "langkah", "henti")).status_code in (302, 404)
    mailing.refresh_from_db()
    assert mailing.state != Mailing.State.STOPPED


def test_the_demo_mailbox_holds_simulated_waves_only(
    ani: Client, wave: Wave, settings: Any
) -> None:
    work(sent_off(wave))
    (kept, *_rest) = demo_mailbox.messages_of({wave.pk})
    assert "Buka survei" in text_of(ani, f"{LIST}kotak-surat/{kept.key}/")
    real = sent_off(wave)
    real.wave = real_wave()
    (letter,) = [posting.letter_for(real, b"x" * 32, held_by(wave))]
    with demo_mailbox.DemoMailbox(real) as box:
        box.send(letter)
    (other, *_rest) = demo_mailbox.messages_of({real.wave.pk})
    assert ani.get(f"{LIST}kotak-surat/{other.key}/").status_code == 404
    settings.EMBEDDED = False
    assert ani.get(f"{LIST}kotak-surat/").status_code == 404


def test_a_closed_wave_is_not_written_to(ani: Client, wave: Wave) -> None:
    waves.close_wave(wave=wave)
    page = ani.post(f"{ADD}?wave={wave.pk}", form_of()).content.decode()
    assert "langkah ini tidak berlaku" in page


def test_bounces_are_read_out_of_any_text() -> None:
    text = "Final-Recipient: rfc822; <A.B@contoh.id>\n550 a.b@CONTOH.id, x@y"
    assert bounces.addresses_in(text) == ["A.B@CONTOH.ID"]


# -- Queries ---------------------------------------------------------------------------

OWN = {address: n for address, n in COUNTS.items() if address.startswith(LIST)}


@pytest.mark.parametrize("n_more", [0, 6])
def test_no_page_asks_more_than_it_may(ani: Client, wave: Wave, n_more: int) -> None:
    draft, sent = written(wave), work(sent_off(wave))
    for _ in range(n_more):
        written(wave, "reminder", audience="chosen", units=[*wave.units.all()])
    back = " ".join(f"orang{n}@02.contoh.id" for n in range(2 + n_more))
    bounces.take_bounces(wave=wave, text=back)
    keys = {"draft": draft.pk, "sent": sent.pk, "wave": wave.pk}
    assert {page: ask(ani, page.format(**keys)) for page in OWN} == OWN
