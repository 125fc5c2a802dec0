"""The pages of a register: sending, checking, applying, and a draft with people."""

from __future__ import annotations

import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from surveys.files import jobs
from surveys.models import Contact, Job, UnitKerja, Wave
from surveys.people import register_jobs
from tests.desk import signed_in, text_of
from tests.surveys.box import make_draft, register

HEADER = "NIP;Nama;Unit;Surel;HP;Jenis Kelamin"


def register_places(units: Mapping[str, UnitKerja], n_more: int) -> dict[str, str]:
    """Its wave, one of its people, and a job; the more people and jobs, the larger."""
    wave = make_draft(units, "DAFTAR")
    register(wave, units, {"01.01": "F" * (12 + n_more), "02.01": "M" * 12})
    jobs = [_job(wave) for _ in range(2 + n_more)]
    person = Contact.objects.filter(wave=wave).order_by("person_key").first()
    assert person is not None
    return {
        "{registered}": str(wave.pk),
        "{person}": str(person.participant_id),
        "{job}": str(jobs[0].pk),
    }


def _job(wave: Wave) -> Job:
    counts = {
        "n_rows": 24,
        "n_added": 24,
        "n_changed": 0,
        "n_unchanged": 0,
        "n_gone": 0,
    }
    return Job.objects.create(
        kind="register_check",
        wave=wave,
        state=Job.State.DONE,
        has_input=True,
        result={"counts": counts, "n_faults": 0, "state": "draft", "strata": []},
    )


def nip(n: int) -> str:
    return f"19860926{2000 + n // 1000:04}012{n % 1000:03}"


def lines(n: int, **first: str) -> str:
    cells = {"nip": nip(0), "nama": "Ani", "surel": "ani@contoh.id", **first}
    ani = f"{cells['nip']};{cells['nama']};01.01;{cells['surel']};0812345678;P"
    rest = [f"{nip(k)};Nama {k};01.01;;;P" for k in range(1, n)]
    return "\n".join((HEADER, ani, *rest)) + "\n"


def page_of(wave: Wave) -> str:
    return reverse("admin:surveys_wave_register", args=[wave.pk])


def send(wave: Wave, text: str, name: str = "Ani", **more: str) -> Any:
    upload = SimpleUploadedFile("pegawai.csv", text.encode())
    return signed_in(name).post(page_of(wave), {"file": upload, **more}, follow=True)


def checked(wave: Wave, text: str, **more: str) -> Job:
    """The file sent and its check done, in this process."""
    send(wave, text, **more)
    job = Job.objects.filter(kind=register_jobs.CHECK).latest("pk")
    return ended(job)


def ended(job: Job) -> Job:
    """Done in this process."""
    jobs.run(job_id=job.pk)
    return Job.objects.get(pk=job.pk)


def waited(job: Job) -> Job:
    """Done by a worker."""
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        job = Job.objects.get(pk=job.pk)
        if not job.is_unfinished:
            return job
        time.sleep(0.2)
    raise TimeoutError(job.state)


def applied(check: Job) -> Job:
    url = reverse("admin:surveys_wave_register_apply", args=[check.wave_id, check.pk])
    signed_in("Ani").post(url)
    job = Job.objects.filter(kind=register_jobs.APPLY).latest("pk")
    return ended(job)


def shown(job: Job) -> str:
    return text_of(signed_in("Ani"), reverse("admin:surveys_job_change", args=[job.pk]))


def files() -> list[str]:
    return [path.name for path in Path(settings.FILES_DIR).glob("*")]
