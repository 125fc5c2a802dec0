"""Importing units through the desk: who may, what bad files say, what is shown."""

from __future__ import annotations

import io
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from django.core.files.base import ContentFile
from django.test import Client, override_settings
from django.urls import reverse

from surveys.models import Job, Role, UnitImport, UnitKerja
from surveys.staff.permissions import grant_role
from surveys.structure.unit_imports import apply_units
from tests.desk import cast_at_desk, signed_in, text_of
from tests.factories import Cast, make_user
from tests.surveys.register_pages import ended
from tests.surveys.unit_files import (
    AS_IT_IS,
    HEADER,
    REORGANISED,
    TODAY,
    reasons,
    tried,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast(units: dict[str, UnitKerja]) -> Cast:
    return cast_at_desk(units)


@pytest.fixture(autouse=True)
def _files(tmp_path: Path) -> Iterator[None]:
    with override_settings(FILES_DIR=tmp_path / "files"):
        yield


@pytest.fixture
def eka(units: dict[str, UnitKerja], cast: Cast) -> Client:
    """Administers 02."""
    eka = make_user("Eka")
    grant_role(user=eka, kind=Role.Kind.ADMINISTRATOR, unit=units["02"])
    return signed_in("Eka")


UPLOAD = reverse("admin:surveys_unitkerja_upload")


def sent(client: Client, raw: bytes, root: UnitKerja | str = "", **more: str) -> Job:
    """Upload a file; the job that was started, done."""
    data = {
        "file": ContentFile(raw, name="unit.csv"),
        "root": root.pk if isinstance(root, UnitKerja) else root,
        "starts_on": TODAY.isoformat(),
        "reason": "Perpres 1",
        **more,
    }
    response = client.post(UPLOAD, data)
    assert response.status_code == 302, response.context["form"].errors
    return Job.objects.latest("pk")


@pytest.mark.django_db(transaction=True)
def test_eka_uploads_looks_and_applies(
    units: dict[str, UnitKerja], eka: Client, as_app: None
) -> None:
    rows = AS_IT_IS.splitlines()
    mine = "\n".join([HEADER, *(row for row in rows if row.startswith("02"))])
    job = sent(eka, mine.replace("Unit 02.01", "Biro <b>").encode(), units["02"])
    job = ended(job)
    assert job.state == Job.State.DONE, job.words
    assert not job.has_input
    url = reverse("admin:surveys_unitkerja_trial", args=[job.result["trial"]])
    page = text_of(eka, url)
    for words in ("Ganti nama", "Unit 02.01", "Biro &lt;b&gt;", "Terapkan"):
        assert words in page
    assert url in text_of(eka, reverse("admin:surveys_job_change", args=[job.pk]))
    assert eka.post(url).status_code == 302
    ended(Job.objects.latest("pk"))
    assert UnitKerja.objects.get(code="02.01").name == "Biro <b>"
    page = text_of(eka, url)
    assert "Diterapkan" in page
    assert "Terapkan perubahan ini" not in page


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    ("raw", "sentence"),
    [
        ((HEADER + "\n01,Biro É").encode("cp1252"), "bukan UTF-8"),
        (HEADER.encode(), "Tidak ada satu unit pun"),
        (b"kode,nama\n01,X\n", "kolom tidak ada"),
        (b"PK\x03\x04half an upload", "rusak atau terpotong"),
    ],
)
def test_a_file_that_cannot_be_read_ends_in_a_sentence(
    units: dict[str, UnitKerja], eka: Client, raw: bytes, sentence: str
) -> None:
    job = sent(eka, raw, units["02"])
    ended(job)
    page = text_of(eka, reverse("admin:surveys_job_change", args=[job.pk]))
    assert sentence in page
    assert not UnitImport.objects.exists()


def workbook(*rows: list[Any]) -> bytes:
    book = openpyxl.Workbook()
    for row in (HEADER.split(","), *rows):
        book.active.append(row)  # type: ignore[union-attr]  # a new book has a sheet
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("form", ["semicolons", "mark", "xlsx"])
def test_it_reads_what_spreadsheets_write(
    units: dict[str, UnitKerja], eka: Client, form: str
) -> None:
    row = "02.04,'=1+1,,ESELON_II,02,,2026-01-01,"
    text = f"{HEADER}\r\n{row}\r\n"
    sheet = ["02.04", "'=1+1", "", "ESELON_II", "02", None, date(2026, 1, 1), None]
    raw = {
        "semicolons": text.replace(",", ";").encode(),
        "mark": text.encode("utf-8-sig"),
        "xlsx": workbook(sheet),
    }[form]
    job = sent(eka, raw, units["02"])
    ended(job)
    trial = UnitImport.objects.get()
    assert not reasons(trial)
    apply_units(trial=trial, applied_by=None)
    unit = UnitKerja.objects.get(code="02.04")
    assert (unit.name, unit.valid_from) == ("=1+1", date(2026, 1, 1))
    download = eka.get(reverse("admin:surveys_unitkerja_download"))
    text = b"".join(download.streaming_content).decode()  # type: ignore[attr-defined]  # a stream
    assert "'=1+1" in text


def test_two_administrators_at_once_get_a_sentence(
    units: dict[str, UnitKerja], eka: Client
) -> None:
    sent(eka, HEADER.encode(), units["02"])
    data = {"file": ContentFile(b"x", name="b.csv"), "root": units["02"].pk}
    page = eka.post(UPLOAD, {**data, "starts_on": "", "reason": "lagi"})
    assert "sudah dimulai Eka" in page.content.decode()


def test_nobody_imports_beside_or_above_their_part(
    units: dict[str, UnitKerja], cast: Cast, eka: Client, tmp_path: Path
) -> None:
    for root in ("", units["KEM"].pk, units["03"].pk):
        data = {"file": ContentFile(b"x", name="b.csv"), "root": root, "reason": "x"}
        page = eka.post(UPLOAD, data)
        assert set(page.context["form"].errors) == {"root"}
    assert signed_in("Budi").get(UPLOAD).status_code == 403
    foreign = tried(tmp_path, AS_IT_IS, root=units["KEM"]).pk
    whole = tried(tmp_path, AS_IT_IS).pk
    for pk in (foreign, whole, whole + 1000):
        url = reverse("admin:surveys_unitkerja_trial", args=[pk])
        text_of(eka, url, 404)
        assert eka.post(url).status_code == 404
        text_of(signed_in("Budi"), url, 404)


def test_a_long_list_is_read_kind_by_kind(
    units: dict[str, UnitKerja], cast: Cast, tmp_path: Path
) -> None:
    more = "".join(f"03.{n:02},Baru {n},,II,03,,2026-01-01,\n" for n in range(60))
    trial = tried(tmp_path, REORGANISED + more, root=units["KEM"])
    url = reverse("admin:surveys_unitkerja_trial", args=[trial.pk])
    ani = signed_in("Ani")
    assert "Lihat 51 lagi" in text_of(ani, url)
    page = text_of(ani, f"{url}?jenis=added&p=2")
    assert "Baru 59" in page
    assert "Badan Satu" not in page
    found = text_of(ani, f"{url}?jenis=added&cari=baru+7")
    assert "Baru 7" in found
    assert "Baru 8" not in found


def test_a_new_level_is_possible_and_said(
    units: dict[str, UnitKerja], cast: Cast, tmp_path: Path
) -> None:
    row = "03.01,Biro Umum,,Unit Khusus,03,,2026-01-01,\n"
    trial = tried(tmp_path, AS_IT_IS + row, root=units["KEM"])
    url = reverse("admin:surveys_unitkerja_trial", args=[trial.pk])
    page = text_of(signed_in("Ani"), url)
    assert "Tingkat baru: Unit Khusus." in page
    assert "Terapkan" in page
    apply_units(trial=trial, applied_by=None)
    assert UnitKerja.objects.get(code="03.01").level == "UNIT_KHUSUS"


def test_of_a_faulty_file_the_page_shows_the_faults_alone(
    units: dict[str, UnitKerja], cast: Cast, tmp_path: Path
) -> None:
    faulty = "\n01,Unit 01,,ESELON_I,KEM,,kemarin,\n"
    trial = tried(tmp_path, faulty, root=units["KEM"])
    url = reverse("admin:surveys_unitkerja_trial", args=[trial.pk])
    page = text_of(signed_in("Ani"), url)
    assert "tanggal harus berbentuk" in page
    for words in ("Ditambahkan", "Tidak ada dalam berkas", "Tidak berubah"):
        assert words not in page


def test_the_page_says_which_columns_must_be_filled_and_offers_a_file(
    eka: Client,
) -> None:
    page = text_of(eka, UPLOAD)
    assert "<code>kode, nama, tingkat, berlaku_sejak</code>" in page
    empty = reverse("admin:surveys_unitkerja_empty")
    assert empty in page
    content = eka.get(empty).content.decode()
    assert content.strip() == "\ufeff" + HEADER.replace(",", ";")


PICTURES = {
    "pdf": b"%PDF-1.7\n%\xe2\xe3",
    "png": b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR",
    "jpeg": b"\xff\xd8\xff\xe0\0\x10JFIF",
}


@pytest.mark.parametrize("kind", PICTURES)
def test_what_is_no_table_is_refused_at_once(
    units: dict[str, UnitKerja], eka: Client, kind: str
) -> None:
    file = ContentFile(PICTURES[kind], name="unit.csv")
    data = {"file": file, "root": units["02"].pk, "reason": "Perpres 1"}
    page = eka.post(UPLOAD, data)
    assert page.context["form"].errors["file"] == ["Ini bukan berkas CSV atau XLSX."]
    assert not Job.objects.exists()
