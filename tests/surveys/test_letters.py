"""Letters on paper: everybody's own code, who printed them, and only once."""

from __future__ import annotations

import os
import re
import stat
import time
import zipfile
from pathlib import Path
from typing import Any

import pytest
from django.http import FileResponse
from django.test import Client

from surveys.fieldwork import waves
from surveys.messages import letters
from surveys.models import Contact, Job, LinkPrinting, UnitKerja, Wave
from tests.desk import cast_at_desk, signed_in, text_of
from tests.surveys.box import code_of, make_open_wave, people_of
from tests.surveys.register_pages import ended

pytestmark = pytest.mark.django_db(transaction=True)

PAGE = "/desk/surveys/mailing/surat/"
REASON = {"reason": "pegawai tanpa surel", "without_email": "", "unit_codes": ""}


@pytest.fixture
def wave() -> Wave:
    wave = make_open_wave({"01": "F" * 12, "02": "F" * 15})
    cast_at_desk({unit.code: unit for unit in UnitKerja.objects.all()})
    return wave


@pytest.fixture
def ani(wave: Wave) -> Client:
    return signed_in("Ani")


def asked(ani: Client, wave: Wave, **more: Any) -> Job:
    """The job, done."""
    answer = ani.post(f"{PAGE}?wave={wave.pk}", {**REASON, **more})
    assert answer.status_code == 302, answer.content.decode()
    return ended(Job.objects.latest("pk"))


def fetched(client: Client, job: Job) -> bytes:
    answer = client.post(f"{PAGE}{job.pk}/")
    assert isinstance(answer, FileResponse), answer.status_code
    return b"".join(answer.streaming_content)


def test_one_pdf_a_unit_one_page_a_person(
    ani: Client, wave: Wave, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(letters, "PAGES_AT_ONCE", 10)
    job = asked(ani, wave)
    assert job.result == {"n_letters": 27, "n_files": 4}
    file = tmp_path / "surat.zip"
    file.write_bytes(fetched(ani, job))
    with zipfile.ZipFile(file) as packed:
        assert packed.namelist() == [
            "01-001.pdf",
            "01-002.pdf",
            "02-001.pdf",
            "02-002.pdf",
        ]
        content = packed.read("01-001.pdf")
    assert content.startswith(b"%PDF-")
    assert b"pdfuaid:part" in content


def test_a_page_shows_the_persons_own_code_and_link(wave: Wave) -> None:
    person = people_of(wave, "01")[0]
    people = letters.addressees(wave, ["KEM/01/"], without_email=False)
    ((name, pages),) = letters.batches(wave, people)
    assert (name, len(pages)) == ("01-001.pdf", 12)
    codes = {re.sub("-", "", page["code"]) for page in pages}
    assert codes == {code_of(each) for each in people_of(wave, "01")}
    assert code_of(person) in codes
    assert all(page["qr"].startswith("<svg") for page in pages)
    common = letters.common(wave)
    assert wave.code in common["promise_address"]
    assert common["promise_digest"].replace("-", "").lower() == wave.promise_digest[:8]


def test_who_prints_and_why_is_recorded_first(ani: Client, wave: Wave) -> None:
    empty = ani.post(f"{PAGE}?wave={wave.pk}", {**REASON, "reason": " "})
    assert empty.status_code == 200
    assert not Job.objects.exists()
    asked(ani, wave, unit_codes="01")
    record = LinkPrinting.objects.get()
    assert (record.operator, record.n_links) == ("Ani", 12)
    assert record.reason == "pegawai tanpa surel"


def test_only_those_without_an_address(ani: Client, wave: Wave) -> None:
    page = ani.post(f"{PAGE}?wave={wave.pk}", {**REASON, "without_email": "on"})
    assert "punya alamat surel. Hapus centang" in page.content.decode()
    Contact.objects.filter(person_key__in=("01-1", "02-2")).update(email="")
    assert asked(ani, wave, without_email="on").result["n_letters"] == 2


def test_they_are_fetched_once_by_who_asked(ani: Client, wave: Wave) -> None:
    job = asked(ani, wave)
    path = letters._path(job)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert "Unduh surat" in text_of(ani, f"/desk/surveys/job/{job.pk}/change/")
    assert ani.get(f"{PAGE}{job.pk}/").status_code == 302, "a look takes nothing"
    for name in ("Budi", "Dewi"):
        assert signed_in(name).post(f"{PAGE}{job.pk}/").status_code in (302, 404)
    assert fetched(ani, job).startswith(b"PK")
    assert not path.exists()
    again = ani.post(f"{PAGE}{job.pk}/", follow=True).content.decode()
    assert "Sudah diunduh pada" in again
    assert "Cetak surat lagi" in again
    assert "Unduh surat (ZIP)" not in again


@pytest.mark.parametrize("between", [",", ";", " ", "\n", " ; "])
def test_codes_of_units_are_parted_as_people_part_them(
    ani: Client, wave: Wave, between: str
) -> None:
    assert asked(ani, wave, unit_codes=f"01{between}02").result["n_letters"] == 27


def test_everybody_gets_a_letter_unless_asked_otherwise(
    ani: Client, wave: Wave
) -> None:
    page = text_of(ani, f"{PAGE}?wave={wave.pk}")
    box = page[page.index('name="without_email"') :]
    assert "checked" not in box[: box.index(">")]


def test_what_nobody_fetches_is_gone_after_a_day(ani: Client, wave: Wave) -> None:
    job = asked(ani, wave)
    letters.forget_old()
    assert letters.is_waiting(job)
    old = time.time() - letters.KEEP_SECONDS - 60
    os.utime(letters._path(job), (old, old))
    letters.forget_old()
    assert not letters.is_waiting(job)
    page = text_of(ani, f"/desk/surveys/job/{job.pk}/change/")
    assert "Berkasnya sudah dihapus" in page
    assert "Unduh surat (ZIP)" not in page


def test_a_closed_wave_prints_nothing(ani: Client, wave: Wave) -> None:
    waves.close_wave(wave=wave)
    page = ani.post(f"{PAGE}?wave={wave.pk}", REASON).content.decode()
    assert "langkah ini tidak berlaku" in page
    assert not Job.objects.exists()
