"""Long work: one of a kind at a time, seen while it runs, and taken up again."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator, Mapping
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import override_settings
from django.urls import reverse
from django.utils import timezone

from surveys.errors import SurveyError
from surveys.files import jobs
from surveys.files.problems import InputError
from surveys.models import Job, User, Wave
from tests.desk import cast_at_desk, signed_in, text_of
from tests.factories import make_units, make_wave

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


# --- one at a time -------------------------------------------------------------------


def test_a_second_one_of_its_kind_is_refused_and_says_who_was_first(wave: Wave) -> None:
    start(wave)
    with pytest.raises(SurveyError, match=r"sudah dimulai Ani pukul \d\d\.\d\d"):
        start(wave, upload=file())
    assert Job.objects.count() == 1
    assert not list(Path(settings.FILES_DIR).glob("*"))


def test_another_kind_wave_or_unit_is_free(wave: Wave) -> None:
    jobs.kind("lain", label="Lain")(lambda job, progress: {})
    start(wave)
    start(wave, kind="lain")
    start(wave, wave=None)
    start(wave, wave=None, root=wave.root)
    with pytest.raises(SurveyError):
        start(wave, wave=None)


def test_of_two_at_the_same_moment_one_wins(wave: Wave) -> None:
    outcomes: list[str] = []
    both = threading.Barrier(2)

    def press() -> None:
        try:
            both.wait()
            start(wave, upload=file())
            outcomes.append("started")
        except SurveyError:
            outcomes.append("refused")
        finally:
            connection.close()

    pressing = [threading.Thread(target=press) for _ in range(2)]
    for thread in pressing:
        thread.start()
    for thread in pressing:
        thread.join()
    assert sorted(outcomes) == ["refused", "started"]
    assert len(list(Path(settings.FILES_DIR).glob("*.in"))) == 1


# --- the work ------------------------------------------------------------------------


def test_progress_is_seen_from_outside_while_the_work_is_one_transaction(
    wave: Wave,
) -> None:
    seen: list[tuple[int, int | None, str]] = []

    def look() -> None:
        row = Job.objects.values_list("n_done", "n_total", "words").get()
        seen.append(row)
        connection.close()

    @jobs.kind("lama", label="Lama", is_atomic=True)
    def work(job: Job, progress: jobs.Progress) -> Mapping[str, object]:
        Wave.objects.update(name="Setengah jalan")
        progress(5, 10, "Membaca")
        time.sleep(1.2)
        looking = threading.Thread(target=look)
        looking.start()
        looking.join()
        return {"n": 3}

    job = after(start(wave, kind="lama"))
    assert seen == [(5, 10, "Membaca")]
    assert (job.state, job.result, job.n_done) == (Job.State.DONE, {"n": 3}, 5)
    assert job.finished_at is not None


def test_a_refusal_is_shown_and_leaves_nothing_half_written(wave: Wave) -> None:
    @jobs.kind("gagal", label="Gagal", is_atomic=True)
    def work(job: Job, progress: jobs.Progress) -> Mapping[str, object]:
        Wave.objects.update(name="Setengah jalan")
        raise InputError("Kolom NIP tidak ada.")

    job = after(start(wave, kind="gagal", upload=file()))
    assert (job.state, job.words) == (Job.State.FAILED, "Kolom NIP tidak ada.")
    assert Wave.objects.get().name != "Setengah jalan"
    assert "Kolom NIP tidak ada." in text_of(signed_in("Ani"), page_of(job))
    assert not list(Path(settings.FILES_DIR).glob("*"))


def test_our_own_fault_is_logged_without_what_the_rows_held(
    wave: Wave, caplog: pytest.LogCaptureFixture
) -> None:
    told = "Ani, 198609262015051001"

    @jobs.kind("rusak", label="Rusak")
    def work(job: Job, progress: jobs.Progress) -> Mapping[str, object]:
        raise ValueError(told)

    job = after(start(wave, kind="rusak"))
    assert job.state == Job.State.FAILED
    assert "Kesalahan pada program" in job.words
    assert "ValueError" in caplog.text
    assert "19860926" not in caplog.text + job.words


def test_what_another_worker_holds_is_left_alone(wave: Wave) -> None:
    job = start(wave)
    held, let_go = threading.Event(), threading.Event()

    def hold() -> None:
        with jobs._held(job.pk):
            held.set()
            let_go.wait(10)
        connection.close()

    holding = threading.Thread(target=hold)
    holding.start()
    held.wait(10)
    assert after(job).state == Job.State.QUEUED
    let_go.set()
    holding.join()
    assert after(job).state == Job.State.DONE


def test_a_job_whose_worker_died_is_taken_up_and_given_up_after_three(
    wave: Wave,
) -> None:
    job = start(wave)
    long_ago = timezone.now() - timedelta(minutes=3)
    assert jobs.silent_jobs() == []
    Job.objects.update(state=Job.State.RUNNING, n_tries=1, heartbeat_at=long_ago)
    assert jobs.silent_jobs() == [job.pk]
    again = after(job)
    assert (again.state, again.n_tries) == (Job.State.DONE, 2)
    Job.objects.update(state=Job.State.RUNNING, n_tries=3)
    last = after(job)
    assert last.state == Job.State.FAILED
    assert "tiga kali" in last.words


def test_a_job_that_ended_is_not_done_again(wave: Wave) -> None:
    first = after(start(wave))
    assert after(first).finished_at == first.finished_at
