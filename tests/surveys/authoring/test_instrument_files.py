"""Instruments as files: a round trip changes nothing, and a fault is named by place."""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook

from surveys.files.problems import InputError
from surveys.instruments.authoring import draft_of, store_instrument
from surveys.instruments.document import Document, canonical
from surveys.instruments.proofreading import read_document
from surveys.instruments.xlsform import to_xlsx
from surveys.instruments.xlsform_reading import read_xlsx_draft
from surveys.instruments.yamlfile import read_yaml_draft, to_yaml
from surveys.models import Instrument
from tests.surveys.test_load_instrument import EVERY_KIND

SHIPPED = sorted(
    (Path(__file__).parents[3] / "surveys" / "data" / "instruments").glob("*.yaml")
)
WITH_EVERYTHING = Document.model_validate(EVERY_KIND)

Write = Callable[[Document, Path], Path]


def as_yaml(document: Document, folder: Path) -> Path:
    path = folder / "instrumen.yaml"
    path.write_text(to_yaml(document), encoding="utf-8")
    return path


def as_xlsx(document: Document, folder: Path) -> Path:
    path = folder / "instrumen.xlsx"
    path.write_bytes(to_xlsx(document))
    return path


def cells_of(packed: bytes) -> dict[str, list[tuple[Any, ...]]]:
    workbook = load_workbook(io.BytesIO(packed))
    return {sheet.title: list(sheet.values) for sheet in workbook.worksheets}


def documents() -> list[Document]:
    return [*map(read_document, SHIPPED), WITH_EVERYTHING]


# -- Round trips -----------------------------------------------------------------------


@pytest.mark.django_db
@pytest.mark.parametrize("document", documents(), ids=lambda one: one.code)
def test_yaml_goes_through_the_store_unchanged(
    document: Document, tmp_path: Path
) -> None:
    draft = store_instrument(document=document, publish=False).instrument
    once = to_yaml(draft_of(draft))
    again = read_yaml_draft(as_yaml(draft_of(draft), tmp_path))
    assert canonical(again) == canonical(document)
    assert again.scales == document.scales
    Instrument.objects.all().delete()
    draft = store_instrument(document=again, publish=False).instrument
    assert to_yaml(draft_of(draft)) == once


@pytest.mark.django_db
@pytest.mark.parametrize("document", documents(), ids=lambda one: one.code)
def test_a_workbook_goes_through_the_store_unchanged(
    document: Document, tmp_path: Path
) -> None:
    draft = store_instrument(document=document, publish=False).instrument
    once = to_xlsx(draft_of(draft))
    again = read_xlsx_draft(as_xlsx(draft_of(draft), tmp_path))
    assert canonical(again) == canonical(document)
    assert again.scales == document.scales
    Instrument.objects.all().delete()
    draft = store_instrument(document=again, publish=False).instrument
    assert cells_of(to_xlsx(draft_of(draft))) == cells_of(once)


WORDS = st.text(
    st.characters(exclude_categories=("Cc", "Cs", "Cn")), min_size=1, max_size=30
).filter(str.strip)


@settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(words=WORDS, other=WORDS)
@pytest.mark.parametrize(
    ("write", "read"), [(as_yaml, read_yaml_draft), (as_xlsx, read_xlsx_draft)]
)
def test_any_words_survive_a_file(
    write: Write,
    read: Callable[[Path], Document],
    words: str,
    other: str,
    tmp_path: Path,
) -> None:
    document = Document.model_validate(
        {**EVERY_KIND, "title": {"id": words, "en": other}, "note": {"id": other}}
    )
    read_again = read(write(document, tmp_path))
    assert (read_again.title, read_again.note) == (document.title, document.note)


@pytest.mark.parametrize("words", ["=1+1", "@x", "-", "_x0041_", "a\nb", " 7", "TRUE"])
def test_words_that_a_spreadsheet_would_read_otherwise(
    words: str, tmp_path: Path
) -> None:
    document = Document.model_validate(
        {**EVERY_KIND, "title": {"id": words, "en": words}}
    )
    path = as_xlsx(document, tmp_path)
    assert read_xlsx_draft(path).title["id"] == words
    cell = load_workbook(path)["settings"]["D2"]
    assert cell.data_type == "s"


def test_the_workbook_speaks_xlsform(tmp_path: Path) -> None:
    sheets = cells_of(to_xlsx(read_document(SHIPPED[0])))
    assert sheets["survey"][0][:4] == (
        "type",
        "name",
        "label::Indonesia (id)",
        "label::English (en)",
    )
    types = [row[0] for row in sheets["survey"]]
    assert {"begin_group", "end_group", "select_one setuju-6"} <= set(types)
    assert sheets["settings"][0][:2] == ("form_id", "version")


# -- Faults ----------------------------------------------------------------------------


def spoilt(folder: Path, cells: Mapping[str, Any]) -> Path:
    """The workbook with every kind, and these cells (``survey!A3``) changed."""
    path = as_xlsx(WITH_EVERYTHING, folder)
    workbook: Workbook = load_workbook(path)
    for address, value in cells.items():
        sheet, _mark, cell = address.partition("!")
        workbook[sheet][cell] = value
    workbook.save(path)
    return path


@pytest.mark.parametrize(
    ("address", "value", "where"),
    [
        ("survey!A3", "select_many tiga", "lembar survey, baris 3, kolom type"),
        ("survey!A3", "select_one lima", "lembar survey, baris 3, kolom type"),
        ("survey!B3", "S 1", "lembar survey, baris 3, kolom name"),
        ("survey!B4", "R", "lembar survey, baris 4, kolom name"),
        ("survey!A5", None, "baris 6, kolom type: bagian sebelumnya"),
        ("survey!A2", None, "begin_group dan end_group"),
        ("survey!I3", "Z", "lembar survey, baris 3, kolom dimension"),
        ("survey!H3", "maybe", "lembar survey, baris 3, kolom required"),
        ("survey!K8", "two", "lembar survey, baris 8, kolom picks"),
        ("survey!C1", "label::Klingon", "bahasa ini tidak dikenal"),
        ("survey!C1", "label::English (en)", "kolom ada dua kali"),
        ("survey!A1", "jenis", "lembar survey, baris 1, kolom type"),
        ("choices!E2", 1.5, "lembar choices, baris 2, kolom value"),
        ("choices!H8", 4, "lembar choices, baris 8, kolom polarity"),
        ("choices!B3", "T", "lembar choices, baris 3, kolom name"),
        ("choices!A2", None, "lembar choices, baris 2, kolom list_name"),
        ("dimensions!A2", "?", "lembar dimensions, baris 2, kolom name"),
        ("settings!A2", None, "lembar settings, baris 2, kolom form_id"),
        ("settings!B2", "v1", "lembar settings, baris 2, kolom version"),
        ("survey!N1", "relevant", ""),
    ],
)
def test_a_fault_in_a_workbook_is_named_by_row_and_column(
    address: str, value: object, where: str, tmp_path: Path
) -> None:
    path = spoilt(tmp_path, {address: value})
    if not where:
        assert read_xlsx_draft(path)
        return
    with pytest.raises(InputError) as refusal:
        read_xlsx_draft(path)
    assert where in refusal.value.text()


def test_what_we_cannot_keep_is_refused_and_not_lost(tmp_path: Path) -> None:
    path = spoilt(tmp_path, {"survey!N1": "relevant", "survey!N3": "${C} = 'x'"})
    with pytest.raises(InputError, match="baris 3, kolom relevant"):
        read_xlsx_draft(path)


@pytest.mark.parametrize(
    ("before", "after", "line", "words"),
    [
        ("kind: pick", "kind: pilih", 66, "harus salah satu"),
        ("version: 1", "version: satu", 2, "bilangan bulat"),
        ("code: p2", "code: p1", 76, "kode ada dua kali"),
        ("scale: tiga", "scale: empat", 43, "skala ini tidak ada"),
        ("title:", "title: [", 6, "YAML"),
    ],
)
def test_a_fault_in_yaml_is_named_by_line(
    before: str, after: str, line: int, words: str, tmp_path: Path
) -> None:
    path = as_yaml(WITH_EVERYTHING, tmp_path)
    text = path.read_text(encoding="utf-8")
    assert before in text
    path.write_text(text.replace(before, after, 1), encoding="utf-8")
    with pytest.raises(InputError, match=words) as refusal:
        read_yaml_draft(path)
    assert refusal.value.problems[0].line in range(line - 12, line + 12)


@pytest.mark.parametrize(
    "text",
    [
        "&a [*a]",
        "[" * 3000,
        "? [a, b]\n: c",
        "a: &a [x]\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a,*a,*a]\n"
        + "".join(
            f"k{n}: &{chr(99 + n)} [{','.join(['*' + chr(98 + n)] * 10)}]\n"
            for n in range(8)
        ),
        "\x00",
        "ä".encode("latin-1").decode("latin-1"),
        "",
    ],
)
def test_a_spiteful_yaml_file_is_refused_with_a_sentence(
    text: str, tmp_path: Path
) -> None:
    path = tmp_path / "jahat.yaml"
    path.write_bytes(text.encode("latin-1"))
    with pytest.raises(InputError):
        read_yaml_draft(path)


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04rusak", b"\xd0\xcf\x11\xe0"])
def test_a_broken_workbook_is_refused_with_a_sentence(
    content: bytes, tmp_path: Path
) -> None:
    path = tmp_path / "rusak.xlsx"
    path.write_bytes(content)
    with pytest.raises(InputError):
        read_xlsx_draft(path)
