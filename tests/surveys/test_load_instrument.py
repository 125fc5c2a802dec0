"""``load_instrument``: proofread, digested, published, and never changed again."""

from __future__ import annotations

import copy
from pathlib import Path
from typing import Any

import pytest
import yaml

from surveys.instruments.authoring import document_of, is_intact, sheet_of
from surveys.instruments.document import Document, canonical, digest_of
from surveys.instruments.proofreading import read_document
from surveys.instruments.sheet import SheetError, check_answers
from surveys.models import Instrument, Option, Question
from tests.surveys.files import refusal, run

pytestmark = pytest.mark.django_db

BERAKHLAK = (
    Path(__file__).parents[2] / "surveys" / "data" / "instruments" / "berakhlak-21.yaml"
)

EVERY_KIND: dict[str, Any] = {
    "code": "semua",
    "version": 1,
    "languages": ["id", "en"],
    "title": {"id": "Judul", "en": "Title"},
    "scales": {
        "tiga": [
            {"code": "T", "value": 1, "label": {"id": "Tidak", "en": "No"}},
            {"code": "Y", "value": 2, "label": {"id": "Ya", "en": "Yes"}},
            {"code": "TT", "missing": True, "label": {"id": "Tidak tahu", "en": "?"}},
        ]
    },
    "dimensions": [{"code": "A", "name": {"id": "Nilai", "en": "Value"}}],
    "sections": [
        {
            "code": "S1",
            "title": {"id": "Satu", "en": "One"},
            "dimension": "A",
            "questions": [
                {
                    "code": "R",
                    "kind": "rating",
                    "scale": "tiga",
                    "reversed": True,
                    "required": True,
                    "label": {"id": "Nilai ini", "en": "Rate this"},
                },
                {
                    "code": "C",
                    "kind": "choice",
                    "label": {"id": "Pilih", "en": "Choose"},
                    "options": [
                        {"code": "x", "label": {"id": "X", "en": "X"}},
                        {"code": "y", "label": {"id": "Y", "en": "Y"}},
                    ],
                },
            ],
        },
        {
            "code": "S2",
            "title": {"id": "Dua", "en": "Two"},
            "intro": {"id": "Sekarang …", "en": "Now …"},
            "questions": [
                {
                    "code": "K",
                    "kind": "comment",
                    "label": {"id": "Saran", "en": "Idea"},
                },
                {
                    "code": "P",
                    "kind": "pick",
                    "picks": 2,
                    "label": {"id": "Pilih dua", "en": "Pick two"},
                    "options": [
                        {
                            "code": "p1",
                            "label": {"id": "A", "en": "A"},
                            "dimension": "A",
                            "polarity": -1,
                        },
                        {"code": "p2", "label": {"id": "B", "en": "B"}, "polarity": 1},
                        {"code": "p3", "label": {"id": "C", "en": "C"}},
                    ],
                },
                {
                    "code": "N",
                    "kind": "number",
                    "minimum": -2,
                    "maximum": 40,
                    "label": {"id": "Berapa", "en": "How many"},
                },
            ],
        },
    ],
}


def saved(folder: Path, document: object, name: str = "instrumen.yaml") -> Path:
    path = folder / name
    path.write_text(yaml.safe_dump(document, allow_unicode=True), encoding="utf-8")
    return path


def changed(**at_paths: Any) -> dict[str, Any]:
    """EVERY_KIND with values put at paths such as ``sections__0__title``."""
    document = copy.deepcopy(EVERY_KIND)
    for path, value in at_paths.items():
        *steps, last = (int(s) if s.isdigit() else s for s in path.split("__"))
        part: Any = document
        for step in steps:
            part = part[step]
        part[last] = value
    return document


def test_the_berakhlak_instrument_is_what_the_circular_says() -> None:
    assert run("load_instrument", BERAKHLAK) == "berakhlak-21 versi 1 diterbitkan."
    sheet = sheet_of(Instrument.objects.get())
    codes = [d.code for d in sheet.dimensions]
    assert codes == ["BP", "AK", "KP", "HM", "LY", "AD", "KL"]
    assert sheet.width == 21
    assert [len(sheet.in_section(code)) for code in codes] == [3] * 7
    for question in sheet.questions[:21]:
        assert [o.value for o in question.options] == [1, 2, 3, 4, 5, 6, None]
        assert question.options[6].is_missing
        assert question.dimension == question.section
    assert [q.code for q in sheet.comment_questions] == ["SARAN"]
    assert sheet.question("AD2").label["id"].startswith("Terus berinovasi")


def test_what_is_stored_rebuilds_the_document_exactly(tmp_path: Path) -> None:
    path = saved(tmp_path, EVERY_KIND)
    run("load_instrument", path)
    instrument = Instrument.objects.get()
    form = canonical(read_document(path))
    assert document_of(instrument) == form
    assert instrument.digest == digest_of(form)
    assert is_intact(instrument)


def test_slots_follow_the_questions(tmp_path: Path) -> None:
    run("load_instrument", saved(tmp_path, EVERY_KIND))
    sheet = sheet_of(Instrument.objects.get())
    slots = {q.code: (q.slot, q.n_slots) for q in sheet.questions}
    assert slots == {"R": (0, 1), "C": (1, 1), "K": (2, 0), "P": (2, 2), "N": (4, 1)}
    assert sheet.width == 5
    check_answers(sheet, [3, 2, 3, 1, 43])
    with pytest.raises(SheetError):
        check_answers(sheet, [3, 2, 3, 1, 44])


def test_the_sheet_is_built_once_in_a_process(
    tmp_path: Path, django_assert_num_queries: Any
) -> None:
    run("load_instrument", saved(tmp_path, EVERY_KIND))
    instrument = Instrument.objects.get()
    first = sheet_of(instrument)
    with django_assert_num_queries(0):
        assert sheet_of(instrument) is first


def test_loading_again_changes_nothing(tmp_path: Path) -> None:
    path = saved(tmp_path, EVERY_KIND)
    run("load_instrument", path)
    keys = set(Option.objects.values_list("pk", flat=True))
    assert run("load_instrument", path) == "semua versi 1 tidak berubah."
    assert set(Option.objects.values_list("pk", flat=True)) == keys


def test_a_published_version_cannot_be_replaced(tmp_path: Path) -> None:
    run("load_instrument", saved(tmp_path, EVERY_KIND))
    other = changed(title={"id": "Judul lain", "en": "Other title"})
    assert "naikkan versinya" in refusal("load_instrument", saved(tmp_path, other))
    run("load_instrument", saved(tmp_path, {**other, "version": 2}))
    titles = Instrument.objects.order_by("version").values_list("title__id", flat=True)
    assert list(titles) == ["Judul", "Judul lain"]


def test_a_draft_is_replaced_and_then_published(tmp_path: Path) -> None:
    path = saved(tmp_path, EVERY_KIND)
    assert "rancangan" in run("load_instrument", path, "--draft")
    assert run("load_instrument", path, "--draft") == "semua versi 1 tidak berubah."
    other = changed(sections__1__questions=[EVERY_KIND["sections"][1]["questions"][0]])
    run("load_instrument", saved(tmp_path, other), "--draft")
    assert Question.objects.count() == 3
    assert sheet_of(Instrument.objects.get()).width == 2
    run("load_instrument", path)
    instrument = Instrument.objects.get()
    assert instrument.status == Instrument.Status.PUBLISHED
    assert is_intact(instrument)


def test_the_digest_knows_what_is_said_not_how_it_is_written() -> None:
    inline = copy.deepcopy(EVERY_KIND)
    rating = inline["sections"][0]["questions"][0]
    rating["options"] = inline.pop("scales")[rating.pop("scale")]
    rating["dimension"] = "A"
    first, second = (
        digest_of(canonical(Document.model_validate(d))) for d in (EVERY_KIND, inline)
    )
    assert first == second


QUESTION = "sections__0__questions__0__"
RATING = "sections[0].questions[0]"
PICK = "sections__1__questions__1__"


@pytest.mark.parametrize(
    ("path", "value", "said"),
    [
        ("title", "Hanya Indonesia", "title: terjemahan en belum ada"),
        ("title__fr", "Titre", "title.fr: bahasa ini tidak ada dalam languages"),
        ("title__en", " ", "title.en: tidak boleh kosong"),
        ("title__en", "a\x07b", "title.en: memuat karakter"),
        ("languages", ["id", "en", "id"], "languages: bahasa ada dua kali"),
        ("version", 0, "version: paling kecil 1"),
        ("version", "1", "version: harus bilangan bulat"),
        ("codee", "x", "codee: tidak dikenal"),
        ("code", "dua kata", "code: hanya boleh memuat"),
        ("sections", [], "sections: tidak boleh kosong"),
        ("dimensions__0__code", "B", "sections[0].dimension: dimensi ini tidak ada"),
        (QUESTION + "kind", "skala", f"{RATING}.kind: harus salah satu dari"),
        (QUESTION + "code", "C", "sections[0].questions[1].code: kode ada dua kali"),
        (QUESTION + "scale", "empat", f"{RATING}.scale: skala ini tidak ada"),
        (QUESTION + "picks", 2, f"{RATING}.picks: hanya untuk jenis pick"),
        (QUESTION + "minimum", 2, f"{RATING}.minimum: hanya untuk jenis number"),
        ("scales__tiga__0__value", "1", "scales.tiga[0].value: harus bilangan bulat"),
        ("scales__tiga__0__value", 1.5, "scales.tiga[0].value: harus bilangan bulat"),
        ("scales__tiga__0__value", 2, f"{RATING}.options[1].value: angka ini sudah"),
        ("scales__tiga__0__value", None, f"{RATING}.options: paling sedikit dua"),
        ("scales__tiga__2__value", 3, "scales.tiga[2].value: pilihan yang tidak"),
        ("scales__tiga__2__code", "Y", "scales.tiga[2].code: kode ada dua kali"),
        (PICK + "picks", 4, "sections[1].questions[1].picks: harus 1 sampai"),
        (PICK + "reversed", True, "sections[1].questions[1].reversed: hanya"),
        (
            PICK + "options__0__dimension",
            "Z",
            "sections[1].questions[1].options[0].dimension: dimensi ini tidak ada",
        ),
        (
            "sections__1__questions__2__maximum",
            -3,
            "sections[1].questions[2].maximum: harus paling kecil minimum",
        ),
    ],
)
def test_a_fault_is_named_by_its_path_and_nothing_is_written(
    tmp_path: Path, path: str, value: object, said: str
) -> None:
    document = saved(tmp_path, changed(**{path: value}))
    assert said in refusal("load_instrument", document)
    assert not Instrument.objects.exists()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("a: [1, 2", "baris"),
        ("code: a\ncode: b\n", "baris 2: kunci code ada dua kali"),
        ("- satu\n- dua\n", "harus berupa pasangan"),
        ("", "harus berupa pasangan"),
        ("a: \x00", "bukan YAML"),
    ],
)
def test_a_file_that_is_no_document_gets_a_sentence(
    tmp_path: Path, text: str, said: str
) -> None:
    path = tmp_path / "rusak.yaml"
    path.write_text(text, encoding="utf-8")
    assert said in refusal("load_instrument", path)


def test_a_file_that_is_not_utf8_gets_a_sentence(tmp_path: Path) -> None:
    path = tmp_path / "rusak.yaml"
    path.write_bytes("title: é".encode("latin-1"))
    assert "bukan YAML dalam UTF-8" in refusal("load_instrument", path)
