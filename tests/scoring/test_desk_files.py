"""A method and evidence scores, handed in at the desk."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from scoring.models import Evidence, Scheme
from scoring.scheme import parse_scheme
from scoring.schemes_store import DEFAULT, SHIPPED, store_scheme
from surveys.models import UnitKerja, Wave
from tests.desk import cast_at_desk, said, signed_in, text_of
from tests.factories import make_instrument, make_wave
from tests.scoring.test_desk import start_of
from tests.scoring.test_runs import SCHEME

pytestmark = pytest.mark.django_db

ADD = "/desk/scoring/scheme/add/"
BOTH = SCHEME | {"composite": {"survey_share": 0.8}}


@pytest.fixture
def wave(units: dict[str, UnitKerja]) -> Wave:
    cast_at_desk(units)
    return make_wave(units, instrument=make_instrument())


def file_of(document: object, name: str = "metode.yaml") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, yaml.safe_dump(document).encode())


def table(text: str) -> SimpleUploadedFile:
    return SimpleUploadedFile("bukti.csv", text.encode())


def evidence_of(wave: Wave) -> str:
    return f"{start_of(wave)}nilai-bukti/"


def test_a_method_that_was_loaded_stands_among_the_choices(wave: Wave) -> None:
    ani = signed_in("Ani")
    assert "Muat metode" in text_of(ani, start_of(wave))
    (message,) = said(ani, f"{ADD}?wave={wave.pk}", {"file": file_of(BOTH)})
    row = Scheme.objects.get()
    assert message == f"Metode {row} tersimpan."
    chosen = f"{start_of(wave)}?metode={row.digest}"
    assert f'value="{row.digest}"' in text_of(ani, chosen)
    assert row.digest == parse_scheme(BOTH).digest
    file = ani.get(reverse("admin:scoring_scheme_file", args=[row.digest]))
    assert parse_scheme(yaml.safe_load(file.content)).digest == row.digest


def test_a_shipped_method_is_downloaded_changed_and_loaded(wave: Wave) -> None:
    ani = signed_in("Ani")
    shipped = yaml.safe_load((SHIPPED / f"{DEFAULT}.yaml").read_text())
    digest = parse_scheme(shipped).digest
    assert digest in text_of(ani, ADD)
    file = ani.get(reverse("admin:scoring_scheme_file", args=[digest]))
    document = yaml.safe_load(file.content)
    assert parse_scheme(document).digest == digest
    document["decimals"] = 2
    page = ani.post(ADD, {"file": file_of(document)}).content.decode()
    assert "sudah ada dan isinya lain. Naikkan versi." in page
    assert not Scheme.objects.exists()
    document["version"] += 1
    said(ani, ADD, {"file": file_of(document)})
    assert Scheme.objects.get().version == str(document["version"])


def test_what_is_wrong_in_a_method_is_told_by_line_and_field(wave: Wave) -> None:
    wrong = yaml.safe_dump(SCHEME | {"decimals": 9, "bnads": []}, sort_keys=False)
    line = 1 + wrong.splitlines().index("decimals: 9")
    upload = SimpleUploadedFile("m.yaml", wrong.encode())
    page = signed_in("Ani").post(ADD, {"file": upload}).content.decode()
    assert f"baris {line}" in page
    assert "<code>decimals</code>" in page
    assert "harus paling banyak 3" in page
    assert "<code>bnads</code>" in page
    torn = SimpleUploadedFile("m.yaml", b"code: [")
    page = signed_in("Ani").post(ADD, {"file": torn}).content.decode()
    assert "bukan YAML yang benar" in page
    assert not Scheme.objects.exists()


def test_no_file_calls_itself_official(wave: Wave) -> None:
    upload = file_of(SCHEME | {"official": True})
    page = signed_in("Ani").post(ADD, {"file": upload}).content.decode()
    assert "Metode resmi belum diumumkan" in page
    assert not Scheme.objects.exists()


def test_a_file_that_is_nested_without_end_is_refused(wave: Wave) -> None:
    upload = SimpleUploadedFile("m.yaml", b"[" * 3000 + b"]" * 3000)
    page = signed_in("Ani").post(ADD, {"file": upload}).content.decode()
    assert "terlalu dalam" in page


def test_evidence_is_taken_at_the_desk_and_shown_among_the_checks(wave: Wave) -> None:
    ani = signed_in("Ani")
    assert "Nilai bukti" not in text_of(ani, start_of(wave))
    store_scheme(parse_scheme(BOTH))
    text = "kode_unit;nilai\n01;92,5\n02;50\n"
    said(ani, evidence_of(wave), {"file": table(text)})
    kept = Evidence.objects.get()
    assert kept.scores == {"01": "92.5", "02": "50"}
    assert str(kept.uploaded_by) == "Ani"
    assert "Ke-1: 2 unit" in text_of(ani, evidence_of(wave))


def test_wrong_rows_of_evidence_are_named_and_nothing_is_kept(wave: Wave) -> None:
    upload = table("kode_unit;nilai\n01;101\n99;5\n")
    page = signed_in("Ani").post(evidence_of(wave), {"file": upload})
    shown = page.content.decode()
    assert "baris 2, kolom nilai" in shown
    assert "baris 3, kolom kode_unit" in shown
    assert "harus bilangan dari 0 sampai 100" in shown
    assert not Evidence.objects.exists()


def test_only_those_who_compute_load_anything(wave: Wave, tmp_path: Path) -> None:
    for name in ("Budi", "Citra", "Dewi"):
        browser = signed_in(name)
        assert browser.get(evidence_of(wave)).status_code in (302, 403, 404), name
        assert browser.get(ADD).status_code in (302, 403), name
        browser.post(ADD, {"file": file_of(BOTH)})
    assert not Scheme.objects.exists()
