"""Pages beside the form, ways that ended, kiosk and single sign-on: all accessible."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from django.core import signing

from surveys.answering import kiosk
from surveys.box import sealing
from surveys.box.ballots import in_groups
from surveys.box.wave_secret import path_of
from surveys.fieldwork import waves
from surveys.models import Participant, Wave
from surveys.people.invitations import link_for
from surveys.staff.permissions import grant_role
from tests.browser.accessible import Inspector
from tests.browser.answering import open_link, press
from tests.browser.every_kind import SHEET, STATEMENT
from tests.factories import make_user
from tests.surveys.box import answer, code_of, people_of
from tests.surveys.test_single_sign_on import (
    provider,  # noqa: F401  # a fixture
    provider_address,  # noqa: F401  # a fixture
)

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.browser]

# -- Beside the form, and when there is none -------------------------------------------

PAGES = {
    "/survei/": "Masukkan kode survei",
    "/survei/0000-0000-0000/": "Tautan ini tidak kami kenali",
    "/survei/tautan-hilang/": "Tautan hilang",
    "/survei/pindah/": "Lanjutkan di ponsel ini",
    "/survei/pindah/kedaluwarsa/": "Isian ini tidak tersimpan lagi",
    "/survei/gelombang/W1/janji/": "Janji lengkap",
    "/survei/gelombang/W1/unit-keliru/": "Unit atau golongan Anda keliru?",
    "/survei/gelombang/W1/bukan-saya/": "Seseorang mengisi atas nama saya",
    "/survei/bukan-saya/": "Seseorang mengisi atas nama saya",
    "/survei/masuk/": "Masuk dengan akun pegawai belum tersedia",
    "/survei/masuk/isi/W1/": "Masuk lagi untuk membuka survei",
    "/bukti/": "Periksa tanda terima",
    "/aksesibilitas/": "Pernyataan aksesibilitas",
}


def test_the_pages_beside_the_form(every_kind: Wave, narrow: Any, home: str) -> None:
    inspector = Inspector()
    for address, title in PAGES.items():
        narrow.goto(home + address)
        inspector.look(narrow, title)
    narrow.goto(f"{home}/survei/pindah/#AAAA-BBBB")
    narrow.get_by_text("Kunci belum lengkap").wait_for()
    inspector.look(narrow, "Lanjutkan di ponsel ini")
    narrow.goto(f"{home}/survei/tautan-hilang/")
    narrow.get_by_label("Alamat surel").fill("ani@contoh.id")
    press(narrow, "Kirim tautan")
    inspector.look(narrow, "Permintaan diterima")
    type_code(narrow, f"{home}/survei/", "0000-0000-0000")
    inspector.look(narrow, "Masukkan kode survei")
    assert inspector.report() == ""


def type_code(page: Any, address: str, code: str) -> None:
    page.goto(address)
    page.get_by_label("Kode survei").fill(code)
    press(page, "Lanjut")


def test_when_there_is_no_form(
    every_kind: Wave, narrow: Any, home: str, tmp_path: Path
) -> None:
    inspector = Inspector()
    person, gone = people_of(every_kind)[0], people_of(every_kind)[1]
    for _ in range(21):
        narrow.request.get(f"{home}/survei/0000-0000-0000/")
    narrow.goto(f"{home}/survei/0000-0000-0000/")
    inspector.look(narrow, "Terlalu sering dicoba")
    Participant.objects.filter(pk=gone.pk).update(has_left=True)
    open_link(narrow, home, gone)
    inspector.look(narrow, "Anda tidak lagi tercatat")
    open_link(narrow, home, people_of(Wave.objects.get(code="W2"))[0])
    inspector.look(narrow, "Survei ini belum dibuka")
    post_forged(narrow, home)
    inspector.look(narrow, "Jawaban ini tidak diterima")
    address = link_for(wave=every_kind, participant=person)
    secret = path_of(every_kind).rename(tmp_path / "secret")
    narrow.goto(home + address)
    inspector.look(narrow, "Pengisian dihentikan sementara")
    secret.rename(path_of(every_kind))
    waves.close_wave(wave=every_kind)
    narrow.goto(home + address)
    inspector.look(narrow, "Survei ini sudah ditutup")
    assert inspector.report() == ""


def post_forged(page: Any, home: str) -> None:
    page.goto(f"{home}/survei/")
    page.eval_on_selector(
        "form", "form => { form.action = '/survei/kirim/'; form.submit() }"
    )


def test_the_receipt_in_the_sealed_box(
    every_kind: Wave, narrow: Any, home: str
) -> None:
    inspector = Inspector()
    receipts = [answer(person, *SHEET) for person in people_of(every_kind)[:12]]
    narrow.goto(f"{home}/bukti/")
    for receipt in (receipts[0], "0" * 16):
        narrow.get_by_label("Nomor tanda terima").fill(in_groups(receipt))
        press(narrow, "Periksa tanda terima")
        inspector.look(narrow, "Periksa tanda terima")
    waves.close_wave(wave=every_kind)
    sealing.seal_wave(wave=waves.start_sealing(wave=every_kind))
    narrow.get_by_label("Nomor tanda terima").fill(in_groups(receipts[0]))
    press(narrow, "Periksa tanda terima")
    narrow.get_by_text("Ikut dihitung.").wait_for()
    narrow.get_by_text("Lihat bukti lengkap").click()
    inspector.look(narrow, "Periksa tanda terima")
    assert inspector.report() == ""


# -- Kiosk and single sign-on ----------------------------------------------------------


def test_the_kiosk(every_kind: Wave, narrow: Any, home: str, client: Any) -> None:
    inspector = Inspector()
    budi = make_user("Budi")
    grant_role(user=budi, kind="coordinator", unit=every_kind.root)
    client.force_login(budi)
    session = {"name": "sessionid", "value": client.cookies["sessionid"].value}
    narrow.context.add_cookies([{**session, "url": home}])
    narrow.goto(f"{home}/kios/")
    inspector.look(narrow, "Mulai kios")
    press(narrow, "Tampilkan alamat untuk perangkat lain")
    inspector.look(narrow, "Alamat kios")
    begin = f"{home}{kiosk.start(wave=every_kind).start_url}"
    type_code(narrow, begin, "0000-0000-0000")
    inspector.look(narrow, "Masukkan kode survei")
    type_code(narrow, begin, code_of(people_of(every_kind)[0]))
    narrow.wait_for_url(re.compile("/isi/$"))
    narrow.eval_on_selector("[data-kiosk-end]", "one => { one.hidden = false }")
    inspector.look(narrow, every_kind.name)
    narrow.get_by_role("link", name="Mulai mengisi").click()
    inspector.look(narrow, STATEMENT)
    answer(people_of(every_kind)[0], *SHEET)
    narrow.reload()
    inspector.look(narrow, "Jawaban Anda sudah diterima")
    narrow.goto(f"{home}/survei/kios/lama/")
    inspector.look(narrow, "Kios ini sudah berakhir")
    assert inspector.report() == ""


@pytest.mark.usefixtures("provider")
def test_single_sign_on(every_kind: Wave, narrow: Any, home: str) -> None:
    inspector = Inspector()
    narrow.goto(f"{home}/survei/")
    inspector.look(narrow, "Masukkan kode survei")
    for who, title in (
        ("dewi", "Tidak ada survei untuk Anda saat ini"),
        ("tanpa-nip", "Anda belum berhasil masuk"),
        ("ani", every_kind.name),
    ):
        narrow.goto(f"{home}/survei/masuk/")
        narrow.locator("[name=sub]").first.fill(who)
        narrow.locator("[type=submit]").first.click()
        inspector.look(narrow, title)
    code = code_of(people_of(every_kind)[0])
    several = signing.dumps({"W1": code, "W2": code}, salt="surveys.answering.passes")
    narrow.context.add_cookies([{"name": "pintu", "value": several, "url": home}])
    narrow.goto(f"{home}/survei/masuk/pilih/")
    inspector.look(narrow, "Pilih survei")
    assert inspector.report() == ""
