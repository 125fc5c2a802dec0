"""Erasure by the clock: contacts go, seats and answers stay."""

from __future__ import annotations

import os
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from berakhlak import embedded
from surveys.fieldwork import waves
from surveys.files import jobfiles
from surveys.models import (
    Answer,
    Contact,
    Job,
    Participant,
    PersonalDataAct,
    UnitKerja,
    Wave,
)
from surveys.people import erasure
from tests.factories import make_wave
from tests.surveys.box import make_units, register

pytestmark = pytest.mark.django_db(transaction=True)

PEOPLE = {"01.01": "F" * 6 + "M" * 6}


def sealed(code: str, days_ago: int, state: str = Wave.State.SEALED) -> Wave:
    """A sealed wave that still holds its twelve contacts."""
    known = {unit.code: unit for unit in UnitKerja.objects.order_by("path")}
    units = known or make_units({"01": ["01.01"]})
    wave = make_wave(units, code, state=Wave.State.DRAFT)
    waves.prepare_secret(wave=wave)
    wave.save()
    register(wave, units, PEOPLE)
    Participant.objects.filter(wave=wave).update(code_hash=None)
    sealed_at = timezone.now() - timedelta(days=days_ago)
    Wave.objects.filter(pk=wave.pk).update(state=state, sealed_at=sealed_at)
    return Wave.objects.get(pk=wave.pk)


def contacts(wave: Wave) -> int:
    return Contact.objects.filter(wave=wave).count()


def test_contacts_go_after_the_days_that_were_set(settings: Any) -> None:
    settings.ERASE_CONTACTS_AFTER_DAYS = 30
    old, young = sealed("W1", 31), sealed("W2", 29)
    n_answers = Answer.objects.count()
    assert erasure.erase_due_contacts() == 1
    assert (contacts(old), contacts(young)) == (0, 12)
    assert Participant.objects.filter(wave=old).count() == 12
    assert Answer.objects.count() == n_answers
    act = PersonalDataAct.objects.get()
    assert (act.kind, act.n_people, act.wave) == ("clock", 12, old)
    assert "30 hari" in act.reason
    assert erasure.erase_due_contacts() == 0
    assert PersonalDataAct.objects.count() == 1


@pytest.mark.parametrize("state", ["draft", "open", "closed", "sealing"])
def test_a_wave_that_is_not_sealed_keeps_its_contacts(state: str) -> None:
    wave = sealed("W1", 400, state)
    assert erasure.erase_due_contacts() == 0
    assert contacts(wave) == 12


def test_the_heap_file_holds_no_name_any_more() -> None:
    wave = sealed("W1", 400)
    Contact.objects.filter(wave=wave).update(name="Nama-yang-dicari")
    erasure.erase_due_contacts()
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_relation_filepath('surveys_contact')")
        heap = embedded.data_dir() / "postgres" / cursor.fetchone()[0]
    if not os.access(heap.parent, os.R_OK):
        pytest.skip("the files belong to another user")
    assert b"Nama-yang-dicari" not in heap.read_bytes()


def test_files_of_the_waves_jobs_go_too(settings: Any, tmp_path: Path) -> None:
    settings.FILES_DIR = tmp_path
    wave = sealed("W1", 400)
    job = Job(kind="register_check", wave=wave, state=Job.State.DONE)
    output = jobfiles.output_for(job, "kesalahan.csv")
    job.input_name = "daftar pegawai Biro X.xlsx"
    job.save()
    erasure.erase_due_contacts()
    job = Job.objects.get()
    assert (job.output_name, job.input_name) == ("", "")
    assert jobfiles.output_of(job) is None
    os.utime(output, (0, 0))
    jobfiles.clear_away()
    assert not output.exists()
