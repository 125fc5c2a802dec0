"""Until when a telephone keeps what was typed and sent, and which tab may write it."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from surveys.box import sealing
from surveys.fieldwork import waves
from surveys.models import Participant, Wave
from tests.browser.answering import (
    ALL,
    PHONE,
    answers,
    fill_all,
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

RECORDS = """async () => {
    const known = (await indexedDB.databases()).some((one) => one.name === 'survei');
    if (!known) return [];
    const wish = indexedDB.open('survei');
    await new Promise((done) => { wish.onsuccess = done; });
    const db = wish.result;
    const all = db.transaction('isian').objectStore('isian').getAll();
    await new Promise((done) => { all.onsuccess = done; });
    db.close();
    return all.result;
}"""
PAGES = """async () => {
    if (!await caches.has('survei')) return 0;
    const keys = await (await caches.open('survei')).keys();
    return keys.filter((one) => one.url.includes('/survei/simpan/')).length;
}"""
TYPED = "Lebih banyak latihan"


@pytest.fixture
def phone(open_browser: Any) -> Any:
    return open_browser(**PHONE)


@pytest.fixture
def ani(answering_wave: Wave) -> Participant:
    return people_of(answering_wave)[0]


def wait_until(page: Any, is_so: Callable[[], bool]) -> None:
    for _ in range(50):
        if is_so():
            return
        page.wait_for_timeout(100)
    raise AssertionError("it did not become so")


def wait_kept(page: Any) -> None:
    wait_until(page, lambda: page.evaluate(PAGES) == 1)
    page.evaluate("navigator.serviceWorker.ready.then(() => 0)")


def sent(page: Any, home: str, person: Participant) -> str:
    """Filled in, sent, and the receipt."""
    start(page, home, person)
    wait_kept(page)
    fill_all(page)
    press(page, "Kirim jawaban")
    return receipt_on(page)


def seal(wave: Wave) -> None:
    with connection.cursor() as cursor:  # sealing is the owner's
        cursor.execute("RESET ROLE")
    for person in people_of(wave)[1:13]:
        answer(person, 3, 3, 4, 1, 2, 13)
    waves.close_wave(wave=wave)
    past = timezone.now() - timedelta(hours=1)
    Wave.objects.update(closes_at=past, seals_at=past)
    wave.refresh_from_db()
    sealing.seal_wave(wave=waves.start_sealing(wave=wave))


def test_what_was_sent_is_kept_whole_until_sealing_and_then_only_its_receipt(
    ani: Participant, answering_wave: Wave, phone: Any, line: Line
) -> None:
    receipt = sent(phone, line.url, ani)
    link = phone.url
    (record,) = phone.evaluate(RECORDS)
    assert TYPED in json.dumps(record)
    seal(answering_wave)
    phone.goto(link)  # the server knows it no more; the kept page asks
    assert receipt_on(phone) == receipt
    wait_until(phone, lambda: set(phone.evaluate(RECORDS)[0]) == {"seals", "receipt"})
    wait_until(phone, lambda: phone.evaluate(PAGES) == 0)
    assert phone.evaluate(RECORDS)[0]["receipt"] == receipt
    phone.goto(link)
    phone.get_by_text("sudah selesai dan disegel").wait_for()


@pytest.mark.parametrize("address", ["/survei/", "/bukti/", "/survei/pindah/"])
def test_a_day_after_sealing_any_page_of_ours_sweeps_everything(
    ani: Participant, phone: Any, line: Line, address: str
) -> None:
    sent(phone, line.url, ani)
    phone.goto(f"{line.url}{address}")
    phone.wait_for_timeout(300)
    assert TYPED in json.dumps(phone.evaluate(RECORDS))
    ends_at = Wave.objects.get().seals_at
    phone.clock.set_fixed_time(ends_at + timedelta(hours=23))
    phone.reload()
    phone.wait_for_timeout(300)
    assert TYPED in json.dumps(phone.evaluate(RECORDS))
    phone.clock.set_fixed_time(ends_at + timedelta(hours=25))
    phone.reload()
    wait_until(phone, lambda: phone.evaluate(RECORDS) == [])
    wait_until(phone, lambda: phone.evaluate(PAGES) == 0)
    assert phone.evaluate("localStorage.length") == 0


def test_sweeping_makes_no_store_where_nothing_was_kept(phone: Any, line: Line) -> None:
    for address in ("/survei/", "/bukti/"):
        phone.goto(f"{line.url}{address}")
        phone.wait_for_timeout(300)
        assert phone.evaluate("indexedDB.databases()") == []
        assert phone.evaluate("caches.keys()") == []


def test_an_end_moved_later_is_heard_by_the_next_opening(
    ani: Participant, phone: Any, line: Line
) -> None:
    start(phone, line.url, ani)
    rate(phone, "Setuju")
    wait_saved(phone)
    later = timezone.now() + timedelta(days=30)
    Wave.objects.update(seals_at=later)
    open_link(phone, line.url, ani)
    wait_until(
        phone,
        lambda: (
            phone.evaluate(RECORDS)[0]["seals"][:10]
            == timezone.localtime(later).date().isoformat()
        ),
    )


# -- Two tabs --------------------------------------------------------------------------


def test_a_tab_that_was_taken_over_while_sending_stays_silent(
    ani: Participant, phone: Any, line: Line
) -> None:
    """Its reply comes late, after the other tab has gone on."""
    held: list[Any] = []
    sends: list[str] = []
    start(phone, line.url, ani)
    fill_all(phone)
    phone.route("**/survei/kirim/", lambda route: held.append(route))
    press(phone, "Kirim jawaban")
    wait_until(phone, lambda: len(held) == 1)
    other = phone.context.new_page()
    busy = {"status": 503, "json": {"reason": "paused", "text": ""}}
    other.route("**/survei/kirim/", lambda route: route.fulfill(**busy))
    open_link(other, line.url, ani)
    press(other, "Lanjutkan di sini")
    other.get_by_role("heading", name="Menunggu giliran untuk mengirim").wait_for()
    phone.get_by_role("heading", name="Survei ini terbuka di tab lain").wait_for()
    phone.on("request", lambda request: sends.append(request.url))
    held[0].fulfill(**busy)
    phone.wait_for_timeout(300)
    phone.evaluate("dispatchEvent(new Event('online'))")
    phone.wait_for_timeout(300)
    assert not [url for url in sends if url.endswith("/kirim/")]
    title = phone.locator("#layar h1").inner_text()
    assert title == "Survei ini terbuka di tab lain"


def test_nor_does_it_write_a_receipt_over_what_the_other_keeps(
    ani: Participant, phone: Any, line: Line
) -> None:
    held: list[Any] = []
    start(phone, line.url, ani)
    fill_all(phone)
    phone.route("**/survei/kirim/", lambda route: held.append(route))
    press(phone, "Kirim jawaban")
    wait_until(phone, lambda: len(held) == 1)
    other = phone.context.new_page()
    gate = {"status": 503, "json": {"reason": "paused", "text": ""}}
    other.route("**/survei/kirim/", lambda route: route.fulfill(**gate))
    open_link(other, line.url, ani)
    press(other, "Lanjutkan di sini")
    other.get_by_role("heading", name="Menunggu giliran untuk mengirim").wait_for()
    phone.get_by_role("heading", name="Survei ini terbuka di tab lain").wait_for()
    before = phone.evaluate(RECORDS)
    held[0].continue_()
    phone.wait_for_timeout(800)
    assert phone.evaluate(RECORDS) == before
    other.unroute("**/survei/kirim/")
    press(other, "Coba kirim sekarang")
    receipt_on(other)
    assert answers() == [ALL]
