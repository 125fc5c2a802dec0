"""The register at the desk: send, check, apply; a person's own requests."""

from __future__ import annotations

import socket
import time
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from surveys.models import (
    Contact,
    Job,
    Participant,
    User,
    Wave,
)
from surveys.people import register_jobs
from tests.desk import cast_at_desk, signed_in, text_of
from tests.surveys.box import make_draft, make_units, people_of
from tests.surveys.register_pages import (
    HEADER,
    applied,
    checked,
    files,
    lines,
    nip,
    page_of,
    send,
    shown,
    waited,
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


# --- check, then apply ---------------------------------------------------------------


def test_a_check_shows_what_would_happen_and_changes_nothing(wave: Wave) -> None:
    job = checked(wave, lines(30))
    page = shown(job)
    assert "tidak berisi kesalahan" in page
    assert "Terapkan" in page
    assert job.result["counts"]["n_added"] == 30
    assert not Participant.objects.exists()
    done = applied(job)
    assert done.state == Job.State.DONE, done.words
    assert Participant.objects.count() == 30
    assert "Daftar pegawai diperbarui" in shown(done)
    assert not files()
    assert "sudah diterapkan" in shown(job)


def test_faults_can_be_fetched_and_nothing_can_be_applied(wave: Wave) -> None:
    job = checked(wave, lines(3, nip="=1+1"))
    page = shown(job)
    assert "1 kesalahan" in page
    assert "baris 2, kolom NIP" in page
    assert "=1+1" not in page
    url = reverse("admin:surveys_job_download", args=[job.pk])
    rows = b"".join(signed_in("Ani").get(url).streaming_content).decode()  # type: ignore[attr-defined]
    assert "2;NIP;'=1+1;" in rows
    again = reverse("admin:surveys_wave_register_apply", args=[wave.pk, job.pk])
    signed_in("Ani").post(again)
    assert not Job.objects.filter(kind=register_jobs.APPLY).exists()
    assert files() == [f"{job.key}.out"]


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("Nama;Unit\nAni;01.01\n", "kolom tidak ada; biasanya bernama “NIP”"),
        (HEADER + "\n", "Tidak ada satu orang pun"),
        ("\n", "judul kolom tidak ada"),
        ("PK\x03\x04 bukan zip", "rusak atau terpotong"),
    ],
)
def test_a_file_that_is_no_register_fails_with_a_sentence(
    wave: Wave, text: str, sentence: str
) -> None:
    job = checked(wave, text)
    assert job.state == Job.State.FAILED
    assert sentence in shown(job)
    assert not files()


def test_a_check_that_found_faults_does_not_look_like_a_clean_one(wave: Wave) -> None:
    checked(wave, lines(3))
    faulty = checked(wave, lines(3, nip="x"))
    ani = signed_in("Ani")
    words = '<span class="tint attention">Selesai, ada 1 kesalahan</span>'
    for url in (reverse("admin:surveys_job_changelist"), page_of(wave)):
        page = text_of(ani, url)
        assert page.count(words) == 1, url
        assert page.count('<span class="tint done">Selesai</span>') == 1, url
    assert words in shown(faulty)


def test_faults_come_in_the_order_of_the_rows(wave: Wave) -> None:
    twice = f"{nip(0)};Lagi;01.01;;;P"
    text = lines(1) + f"{twice}\nx;Salah;01.01;;;P\n{twice}\ny;Salah;01.01;;;P\n"
    job = checked(wave, text)
    rows = [fault.split(",")[0] for fault in job.result["faults"]]
    assert rows == ["baris 3", "baris 4", "baris 5", "baris 6"]
    url = reverse("admin:surveys_job_download", args=[job.pk])
    content = b"".join(signed_in("Ani").get(url).streaming_content).decode()  # type: ignore[attr-defined]  # a stream
    assert [row[:2] for row in content.splitlines()[1:]] == ["3;", "4;", "5;", "6;"]
    assert content.startswith("\ufeffbaris;")


def test_what_is_no_table_is_refused_before_there_is_a_job(wave: Wave) -> None:
    page = send(wave, "%PDF-1.7 daftar").content.decode()
    assert "Ini bukan berkas CSV atau XLSX." in page
    assert not Job.objects.exists()


def test_without_a_file_or_with_an_empty_one_the_form_says_so(wave: Wave) -> None:
    response = signed_in("Ani").post(page_of(wave), {})
    assert "Pilih berkasnya dulu" in response.content.decode()
    assert "Berkas ini kosong" in send(wave, "").content.decode()
    assert not Job.objects.exists()


def test_more_than_300_mb_is_read_away_and_refused(
    wave: Wave, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("surveys.files.uploads.MOST_MEGABYTES", 0)
    response = send(wave, lines(9))
    assert "Berkas lebih dari 300 MB" in response.content.decode()
    assert not Job.objects.exists()
    assert not files()


def test_a_half_finished_upload_leaves_nothing(wave: Wave, live_server: Any) -> None:
    client = signed_in("Ani")
    session = client.cookies["sessionid"].value
    token = "t" * 32
    body = (
        f'--x\r\nContent-Disposition: form-data; name="csrfmiddlewaretoken"\r\n\r\n'
        f'{token}\r\n--x\r\nContent-Disposition: form-data; name="file"; '
        f'filename="a.csv"\r\nContent-Type: text/csv\r\n\r\n{lines(50)}'
    )
    head = (
        f"POST {page_of(wave)} HTTP/1.1\r\nHost: localhost\r\n"
        f"Content-Length: 9000000\r\n"
        f"Content-Type: multipart/form-data; boundary=x\r\n"
        f"Cookie: sessionid={session}; csrftoken={token}\r\n\r\n"
    )
    address = (live_server.thread.host, live_server.thread.port)
    with socket.create_connection(address, 10) as connection:
        connection.sendall((head + body).encode())
    time.sleep(1)
    assert not Job.objects.exists()
    assert not files()


def test_two_administrators_do_not_import_at_once(wave: Wave) -> None:
    register_jobs.start_check(
        wave=wave,
        upload=SimpleUploadedFile("satu.csv", lines(5).encode()),
        strata=(),
        marks_gone=False,
        started_by=User.objects.get(name="Ani"),
    )
    second = send(wave, lines(6))
    assert "sudah dimulai Ani" in second.content.decode()
    assert Job.objects.count() == 1
    assert len(files()) == 1


def test_what_one_applied_makes_the_others_check_old(wave: Wave) -> None:
    first = checked(wave, lines(5))
    second = checked(wave, lines(7))
    assert applied(first).state == Job.State.DONE
    late = applied(second)
    assert late.state == Job.State.FAILED
    assert "berubah sejak pemeriksaan" in late.words
    assert Participant.objects.count() == 5


def test_a_worker_of_its_own_does_it_as_the_app(wave: Wave, worker: Any) -> None:
    send(wave, lines(40))
    check = waited(Job.objects.latest("pk"))
    assert check.result["counts"]["n_added"] == 40, check.words
    url = reverse("admin:surveys_wave_register_apply", args=[wave.pk, check.pk])
    signed_in("Ani").post(url)
    done = waited(Job.objects.latest("pk"))
    assert done.state == Job.State.DONE, done.words
    assert Contact.objects.count() == 40


def test_the_page_counts_offers_an_empty_file_and_states_the_rules(wave: Wave) -> None:
    applied(checked(wave, lines(12)))
    page = text_of(signed_in("Ani"), page_of(wave))
    for words in ("Terdaftar, per", "Plt., Plh.", "Pindah unit", "Berkas ini lengkap"):
        assert words in page
    url = reverse("admin:surveys_wave_register_empty", args=[wave.pk])
    content = signed_in("Ani").get(url).content.decode()
    assert content.startswith(
        "\ufeffNIP;Unit;Nama;Surel;HP;Status;Jabatan;Jenis Kelamin"
    )


def test_only_managers_of_the_wave_come_in(wave: Wave) -> None:
    applied(checked(wave, lines(12)))
    person = people_of(wave)[0]
    lain = make_units({}, root="LAIN")
    other = make_draft(lain, "W2")
    urls = (
        page_of(wave),
        reverse("admin:surveys_wave_register_empty", args=[wave.pk]),
        reverse("admin:surveys_wave_person", args=[wave.pk, person.pk]),
    )
    for url in urls:
        assert signed_in("Ani").get(url).status_code == 200
        assert signed_in("Budi").get(url).status_code == 404
        assert Client().get(url).status_code == 302
    foreign = reverse("admin:surveys_wave_person", args=[other.pk, person.pk])
    assert signed_in("Ani").get(foreign).status_code == 404
    assert signed_in("Ani").get(page_of(other)).status_code == 404
    assert send(wave, lines(3), name="Budi").status_code == 404
