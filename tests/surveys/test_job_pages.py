"""Files of long work, and the pages on which it is found again."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client, override_settings
from django.urls import reverse
from django.utils import timezone

from surveys.errors import SurveyError
from surveys.files import jobfiles, jobs
from surveys.models import Job, UnitKerja, User, Wave
from tests.desk import cast_at_desk, signed_in, text_of
from tests.factories import make_unit, make_units, make_wave

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _kinds(tmp_path: Path) -> Iterator[None]:
    """Kinds of these tests alone, and a folder of their own."""
    before = dict(jobs._kinds)
    jobs.kind("uji", label="Uji")(lambda job, progress: {})
    with override_settings(FILES_DIR=tmp_path):
        yield
    jobs._kinds.clear()
    jobs._kinds.update(before)


@pytest.fixture
def wave() -> Wave:
    units = make_units()
    cast_at_desk(units)
    return make_wave(units, state=Wave.State.DRAFT)


def ani() -> User:
    return User.objects.get(name="Ani")


def start(about: Wave, **more: object) -> Job:
    options = {"kind": "uji", "started_by": ani(), "wave": about, **more}
    return jobs.start_job(**options)  # type: ignore[arg-type]


def page_of(job: Job) -> str:
    return reverse("admin:surveys_job_change", args=[job.pk])


def after(job: Job) -> Job:
    jobs.run(job_id=job.pk)
    return Job.objects.get(pk=job.pk)


def file(text: str = "a,b\n1,2\n") -> SimpleUploadedFile:
    return SimpleUploadedFile("daftar pegawai.csv", text.encode())


# --- files ---------------------------------------------------------------------------


def test_an_input_is_for_us_alone_and_gone_when_the_job_ends(wave: Wave) -> None:
    job = start(wave, upload=file())
    path = jobfiles.input_of(job)
    assert path.read_text() == "a,b\n1,2\n"
    assert path.stat().st_mode & 0o777 == 0o600
    assert "pegawai" not in path.name
    assert job.input_name == "daftar pegawai.csv"
    after(job)
    assert not path.exists()


def test_a_kept_input_goes_to_the_job_that_follows(wave: Wave) -> None:
    @jobs.kind("periksa", label="Periksa", keeps_input=True)
    def work(job: Job, progress: jobs.Progress) -> Mapping[str, object]:
        return {}

    check = after(start(wave, kind="periksa", upload=file()))
    assert check.has_input
    job = start(wave, follows=check)
    assert jobfiles.input_of(job).read_text() == "a,b\n1,2\n"
    with pytest.raises(SurveyError, match="Unggah lagi"):
        jobfiles.input_of(check)
    after(job)
    assert not list(Path(settings.FILES_DIR).glob("*"))


@pytest.mark.parametrize(
    ("size", "words"), [(0, "kosong"), (301_000_000, "301 MB terlalu besar")]
)
def test_an_empty_or_huge_file_is_refused_and_nothing_is_left(
    wave: Wave, size: int, words: str
) -> None:
    upload = file()
    upload.size = size
    with pytest.raises(SurveyError, match=words):
        start(wave, upload=upload)
    assert not Job.objects.exists()
    assert not list(Path(settings.FILES_DIR).glob("*"))


def make_output(wave: Wave) -> Job:
    @jobs.kind("tulis", label="Tulis")
    def work(job: Job, progress: jobs.Progress) -> Mapping[str, object]:
        jobfiles.output_for(job, "kesalahan.csv").write_text("baris,alasan\n")
        return {}

    return after(start(wave, kind="tulis"))


def test_an_output_can_be_fetched_for_seven_days(wave: Wave) -> None:
    job = make_output(wave)
    client = signed_in("Ani")
    url = reverse("admin:surveys_job_download", args=[job.pk])
    assert url in text_of(client, page_of(job))
    response = client.get(url)
    assert b"".join(response.streaming_content) == b"baris,alasan\n"  # type: ignore[attr-defined]
    assert "attachment" in response["Content-Disposition"]
    ended = timezone.now() - timedelta(days=8)
    Job.objects.update(finished_at=ended)
    path = jobfiles.output_of(job)
    assert path is not None
    os_time = (ended.timestamp(), ended.timestamp())

    os.utime(path, os_time)
    assert jobfiles.clear_away() == 1
    assert client.get(url).status_code == 404
    assert url not in text_of(client, page_of(job))


def test_a_file_of_no_job_is_cleared_away_once_it_cannot_be_an_upload() -> None:

    folder = Path(settings.FILES_DIR)
    fresh, old = folder / "a.upload", folder / "b.upload"
    fresh.touch()
    old.touch()
    os.utime(old, (0, 0))
    assert jobfiles.clear_away() == 1
    assert [path.name for path in folder.glob("*")] == ["a.upload"]
    fresh.unlink()


# --- who sees it ---------------------------------------------------------------------


def test_a_job_is_seen_by_managers_of_its_wave_and_nobody_else(wave: Wave) -> None:
    job = make_output(wave)
    foreign = make_unit("LAIN", "INSTANSI", None)
    other = make_wave({"LAIN": foreign}, "W2", state=Wave.State.DRAFT)
    theirs = start(other)
    for url in (
        page_of(job),
        reverse("admin:surveys_job_download", args=[job.pk]),
        reverse("admin:surveys_job_progress", args=[job.pk]),
    ):
        response = signed_in("Ani").get(url)
        assert response.status_code == 200
        response.close()
        assert signed_in("Budi").get(url).status_code == 404
        assert signed_in("Citra").get(url).status_code in (302, 403)
        assert Client().get(url).status_code == 302
    Job.objects.filter(pk=theirs.pk).update(started_by=None)
    assert signed_in("Ani").get(page_of(theirs)).status_code == 404


def test_the_list_names_the_work_and_says_what_to_do_when_empty(wave: Wave) -> None:
    url = reverse("admin:surveys_job_changelist")
    assert "Belum ada pekerjaan" in text_of(signed_in("Ani"), url)
    start(wave)
    shown = text_of(signed_in("Ani"), url)
    assert "Uji" in shown
    assert "Menunggu" in shown
    assert "Uji" not in text_of(signed_in("Budi"), url)


def test_the_page_asks_on_while_it_runs_and_loads_anew_at_the_end(wave: Wave) -> None:
    job = start(wave)
    client = signed_in("Ani")
    progress = reverse("admin:surveys_job_progress", args=[job.pk])
    assert f'hx-get="{progress}"' in text_of(client, page_of(job))
    Job.objects.update(created_at=timezone.now() - timedelta(minutes=1))
    assert "Belum ada pekerja" in text_of(client, progress)
    Job.objects.update(state=Job.State.RUNNING, n_done=1200, n_total=5000)
    assert "24 %." in text_of(client, progress)
    Job.objects.update(state=Job.State.QUEUED)
    after(job)
    response = client.get(progress)
    assert response["HX-Refresh"] == "true"


def test_units_outside_ones_own_are_not_found(wave: Wave) -> None:
    root = UnitKerja.objects.get(code="02")
    job = start(wave, wave=None, root=root)
    assert signed_in("Ani").get(page_of(job)).status_code == 200
    assert signed_in("Budi").get(page_of(job)).status_code == 404
