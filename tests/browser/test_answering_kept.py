"""Never lost: reload, dead network, second tab, refused or wiped storage."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from surveys.fieldwork import waves
from surveys.models import Participant, Wave
from tests.browser.answering import (
    ALL,
    PHONE,
    answers,
    fill_all,
    heading,
    open_link,
    press,
    rate,
    receipt_on,
    start,
    wait_saved,
)
from tests.browser.line import Line
from tests.surveys.box import answer, people_of

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.browser,
    pytest.mark.usefixtures("as_app"),
]

WAITING = "Menunggu sinyal untuk mengirim"
REFUSED = "Ponsel ini tidak dapat menyimpan jawaban"
WIPE = """() => new Promise((done) => {
    const wish = indexedDB.deleteDatabase('survei');
    wish.onsuccess = done; wish.onblocked = done;
})"""


@pytest.fixture
def phone(open_browser: Any) -> Any:
    return open_browser(**PHONE)


@pytest.fixture
def ani(answering_wave: Wave) -> Participant:
    return people_of(answering_wave)[0]


def wait_kept(page: Any) -> None:
    """The page and its six parts are on the phone and the service worker runs."""
    is_kept = """async () => navigator.serviceWorker.controller?.state === 'activated'
        && (await (await caches.open('survei')).keys()).length >= 7"""
    for _ in range(100):
        if page.evaluate(is_kept):
            return
        page.wait_for_timeout(100)
    raise AssertionError("the page is not kept")


def wait_for(page: Any, title: str) -> None:
    page.get_by_role("heading", name=title).wait_for()


def test_a_reload_brings_back_card_order_and_answers(
    ani: Participant, phone: Any, line: Line
) -> None:
    start(phone, line.url, ani)
    first = heading(phone)
    rate(phone, "Setuju")
    press(phone, "Lanjut")
    rate(phone, "Agak setuju")
    second = heading(phone)
    wait_saved(phone)
    for _ in range(4):  # each page comes with its own random order
        phone.reload()
        wait_saved(phone)
        assert heading(phone) == second
        press(phone, "Kembali")
        assert heading(phone) == first
        press(phone, "Lanjut")
    assert phone.locator("fieldset:visible :checked + span").inner_text() == (
        "Agak setuju"
    )


def test_a_closed_tab_opens_where_it_was(
    ani: Participant, phone: Any, line: Line
) -> None:
    start(phone, line.url, ani)
    rate(phone, "Setuju")
    press(phone, "Lanjut")
    rate(phone, "Setuju")
    second = heading(phone)
    wait_saved(phone)
    other = phone.context.new_page()
    phone.close()
    open_link(other, line.url, ani)
    other.get_by_text("2 dari 4 sudah dijawab").wait_for()
    other.get_by_role("link", name="Lanjutkan mengisi").click()
    assert heading(other) == second


def test_without_network_from_the_first_card_to_the_last(
    ani: Participant, phone: Any, line: Line
) -> None:
    open_link(phone, line.url, ani)
    wait_kept(phone)
    line.cut()
    phone.context.set_offline(True)
    phone.get_by_role("link", name="Mulai mengisi").click()
    rate(phone, "Tidak setuju")
    wait_saved(phone)
    phone.reload()
    phone.locator("fieldset:visible :checked").wait_for()
    fill_all(phone)
    press(phone, "Kirim jawaban")
    wait_for(phone, WAITING)
    phone.get_by_text("Jangan hapus data peramban").wait_for()
    phone.get_by_text("Lengkap, 2 bagian").wait_for()
    other = phone.context.new_page()
    phone.close()
    open_link(other, line.url, ani)
    wait_for(other, WAITING)
    assert answers() == []
    line.mend()
    other.context.set_offline(False)  # the browser says "online", nobody presses
    receipt = receipt_on(other)
    assert answers() == [ALL]
    line.cut()
    other.reload()
    assert receipt_on(other) == receipt


def test_the_button_tries_again(ani: Participant, phone: Any, line: Line) -> None:
    start(phone, line.url, ani)
    fill_all(phone)
    line.cut()
    press(phone, "Kirim jawaban")
    wait_for(phone, WAITING)
    phone.get_by_text("Baru saja").wait_for()
    line.mend()
    press(phone, "Coba kirim sekarang")
    receipt_on(phone)
    assert answers() == [ALL]


def test_a_second_tab_says_so_and_can_take_over(
    ani: Participant, phone: Any, line: Line
) -> None:
    start(phone, line.url, ani)
    rate(phone, "Setuju")
    wait_saved(phone)
    second = phone.context.new_page()
    open_link(second, line.url, ani)
    wait_for(second, "Survei ini terbuka di tab lain")
    press(second, "Lanjutkan di sini")
    second.get_by_role("link", name="Lanjutkan mengisi").click()
    second.locator("fieldset:visible :checked").wait_for()
    wait_for(phone, "Survei ini terbuka di tab lain")
    assert phone.locator("fieldset:visible").count() == 0


def test_refused_storage_is_said_and_the_answer_still_arrives(
    ani: Participant, phone: Any, line: Line
) -> None:
    phone.add_init_script(
        "IDBFactory.prototype.open = () => { throw new DOMException('', 'Security') }"
    )
    open_link(phone, line.url, ani)
    phone.locator(f":text('{REFUSED}'):visible").wait_for()
    phone.get_by_role("link", name="Mulai mengisi").click()
    fill_all(phone)
    phone.locator(f":text('{REFUSED}'):visible").wait_for()
    assert not phone.get_by_text("Tersimpan di ponsel ini").is_visible()
    line.cut()
    press(phone, "Kirim jawaban")
    wait_for(phone, WAITING)
    phone.get_by_text("Jangan menutup halaman ini.").wait_for()
    assert not phone.get_by_text("tersimpan di ponsel ini").is_visible()
    line.mend()
    press(phone, "Coba kirim sekarang")
    receipt_on(phone)
    assert answers() == [ALL]


def test_an_address_without_https_still_sends(
    ani: Participant, phone: Any, line: Line
) -> None:
    phone.add_init_script(
        "Object.defineProperty(crypto, 'subtle', { value: undefined });"
        "delete Navigator.prototype.serviceWorker;"
    )
    open_link(phone, line.url, ani)
    phone.locator(f":text('{REFUSED}'):visible").wait_for()
    phone.get_by_role("link", name="Mulai mengisi").click()
    fill_all(phone)
    press(phone, "Kirim jawaban")
    receipt_on(phone)
    assert answers() == [ALL]


def test_wiped_storage_is_noticed_later(
    ani: Participant, phone: Any, line: Line
) -> None:
    start(phone, line.url, ani)
    rate(phone, "Setuju")
    wait_saved(phone)
    phone.goto(f"{line.url}/survei/")
    phone.evaluate(WIPE)
    open_link(phone, line.url, ani)
    phone.get_by_text("data peramban tampaknya dihapus").wait_for()


def test_storage_wiped_under_an_open_form_is_written_again(
    ani: Participant, phone: Any, line: Line
) -> None:
    start(phone, line.url, ani)
    rate(phone, "Setuju")
    wait_saved(phone)
    session = phone.context.new_cdp_session(phone)
    clear = {"origin": line.url, "storageTypes": "indexeddb"}
    session.send("Storage.clearDataForOrigin", clear)
    phone.get_by_text("sudah disimpan lagi").wait_for()
    phone.reload()
    phone.locator("fieldset:visible :checked").wait_for()


def test_a_restored_server_gets_the_answer_again(
    ani: Participant, phone: Any, line: Line
) -> None:
    start(phone, line.url, ani)
    fill_all(phone)
    press(phone, "Kirim jawaban")
    receipt = receipt_on(phone)
    with connection.cursor() as cursor:  # as a backup of yesterday would
        cursor.execute("RESET ROLE; DELETE FROM surveys_ballot")
    open_link(phone, line.url, ani)
    assert receipt_on(phone) == receipt
    phone.wait_for_timeout(500)
    assert answers() == [ALL]


def test_an_answer_given_on_another_phone_gives_the_same_receipt(
    ani: Participant, phone: Any, line: Line
) -> None:
    start(phone, line.url, ani)
    fill_all(phone)
    answer(ani, 1, 1, 1, 2, 3, 1)
    press(phone, "Kirim jawaban")
    phone.get_by_text("Ini tanda terima yang sama.").wait_for()
    assert len(answers()) == 1


OWN = "Jawaban yang tersimpan di ponsel ini sudah terkirim."
LIKELY = "Ponsel ini sudah mencoba mengirim jawaban Anda"
DOUBT = "Belum merasa mengisi?"


def open_anew(page: Any, line: Line, person: Participant) -> Any:
    """Another tab; the one before is closed."""
    other = page.context.new_page()
    page.close()
    open_link(other, line.url, person)
    wait_for(other, "Jawaban Anda sudah diterima")
    return other


def test_what_was_sent_unseen_is_known_as_this_phones_own(
    ani: Participant, phone: Any, line: Line
) -> None:
    start(phone, line.url, ani)
    fill_all(phone)
    phone.evaluate("Object.defineProperty(document, 'hidden', { value: true })")
    press(phone, "Kirim jawaban")
    receipt_on(phone)
    phone.wait_for_timeout(300)
    again = open_anew(phone, line, ani)
    again.get_by_text(OWN).wait_for()
    assert not again.get_by_text(DOUBT).is_visible()
    again.reload()
    again.get_by_text("Ini tanda terima yang sama.").wait_for()
    assert again.get_by_text(DOUBT).is_visible()


def test_a_reply_that_was_lost_leaves_it_likely(
    ani: Participant, phone: Any, line: Line
) -> None:
    start(phone, line.url, ani)
    fill_all(phone)

    def lose_the_reply(route: Any) -> None:
        route.fetch()
        route.abort()

    phone.route("**/survei/kirim/", lose_the_reply)
    press(phone, "Kirim jawaban")
    wait_for(phone, WAITING)
    open_anew(phone, line, ani).get_by_text(LIKELY).wait_for()


def test_an_answer_of_somebody_else_is_never_called_own(
    ani: Participant, phone: Any, line: Line
) -> None:
    start(phone, line.url, ani)
    fill_all(phone)
    wait_kept(phone)
    phone.context.set_offline(True)
    press(phone, "Kirim jawaban")
    wait_for(phone, WAITING)
    answer(ani, 1, 1, 1, 2, 3, 1)
    other = phone.context.new_page()
    phone.close()
    other.context.set_offline(False)
    open_link(other, line.url, ani)
    other.get_by_text("Ini tanda terima yang sama.").wait_for()
    other.wait_for_timeout(300)
    assert not other.get_by_text(LIKELY).is_visible()
    assert other.get_by_text(DOUBT).is_visible()


def test_a_slow_send_says_that_it_sends(
    ani: Participant, phone: Any, line: Line
) -> None:
    start(phone, line.url, ani)
    fill_all(phone)
    phone.route("**/survei/kirim/", lambda route: None)  # no reply, yet
    press(phone, "Kirim jawaban")
    wait_for(phone, "Mengirim jawaban …")
    assert not phone.locator("#layar .round").is_visible()
    assert not phone.get_by_role("link", name="Aksesibilitas").is_visible()


def test_nothing_is_begun_before_it_is_known_what_is_kept(
    ani: Participant, phone: Any, line: Line
) -> None:
    start(phone, line.url, ani)
    second = phone.context.new_page()
    open_link(second, line.url, ani)
    assert not second.get_by_role("link", name="Mulai mengisi").is_visible()
    wait_for(second, "Survei ini terbuka di tab lain")


def test_what_is_not_kept_is_not_offered_without_signal(
    ani: Participant, phone: Any, line: Line
) -> None:
    start(phone, line.url, ani)
    foot = phone.get_by_role("link", name="Aksesibilitas")
    assert foot.is_visible()
    phone.context.set_offline(True)
    foot.wait_for(state="hidden")
    phone.context.set_offline(False)
    foot.wait_for()


def test_what_waits_when_the_wave_closes_still_arrives(
    ani: Participant, answering_wave: Wave, phone: Any, line: Line
) -> None:
    start(phone, line.url, ani)
    wait_kept(phone)
    fill_all(phone)
    line.cut()
    press(phone, "Kirim jawaban")
    wait_for(phone, WAITING)
    waves.close_wave(wave=answering_wave)
    line.mend()
    phone.reload()  # the server opens no form any more; the kept one may still send
    receipt_on(phone)
    assert answers() == [ALL]


def test_what_comes_too_late_is_said_and_dropped(
    ani: Participant, answering_wave: Wave, phone: Any, line: Line
) -> None:
    start(phone, line.url, ani)
    fill_all(phone)
    line.cut()
    press(phone, "Kirim jawaban")
    wait_for(phone, WAITING)
    past = timezone.now() - timedelta(hours=1)
    Wave.objects.update(closes_at=past, seals_at=past)
    waves.close_wave(wave=answering_wave)
    line.mend()
    press(phone, "Coba kirim sekarang")
    wait_for(phone, "Survei ini sudah ditutup")
    phone.get_by_text("sudah dihapus dari ponsel ini").wait_for()
    kept = """() => new Promise((done) => {
        indexedDB.open('survei').onsuccess = ({ target: { result } }) => {
            result.transaction('isian').objectStore('isian').count().onsuccess =
                (event) => done(event.target.result);
        };
    })"""
    phone.wait_for_timeout(300)
    assert phone.evaluate(kept) == 0
    assert answers() == []
