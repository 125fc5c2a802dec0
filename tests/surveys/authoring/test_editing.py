"""Changing a draft: parts, order, checks, differences. No database."""

from __future__ import annotations

from typing import Any

import pytest

from surveys.errors import SurveyError
from surveys.instruments.borrowing import borrow
from surveys.instruments.checks import checks_of
from surveys.instruments.differences import differences
from surveys.instruments.document import (
    DimensionPart,
    Document,
    QuestionPart,
    SectionPart,
    canonical,
)
from surveys.instruments.editing import (
    apply_scale,
    drop,
    put_dimension,
    put_question,
    put_scale,
    put_section,
    put_settings,
)
from surveys.instruments.ordering import arrange, move
from surveys.instruments.parts import EditedMeanwhile, Place, Unfit, demand_seen, seen
from surveys.instruments.proofreading import faults_in
from surveys.instruments.ready import BEHAVIOURS, LENSES, add_scale, add_values, shipped
from surveys.instruments.translating import lines_of, merge, translated
from tests.surveys.test_load_instrument import EVERY_KIND, changed

EVERYTHING = Document.model_validate(EVERY_KIND)


def document(**at_paths: Any) -> Document:
    return Document.model_validate(changed(**at_paths))


def empty() -> Document:
    return Document(code="baru", version=1, languages=["id"], title={"id": "Baru"})


def comment(code: str) -> QuestionPart:
    return QuestionPart(code=code, kind="comment", label={"id": code})


def codes(part: Document) -> dict[str, list[str]]:
    return {s.code: [q.code for q in s.questions] for s in part.sections}


def option(n: int) -> dict[str, Any]:
    words = {"id": f"Kata {n}", "en": f"Word {n}"}
    return {"code": f"k{n}", "label": words, "dimension": "A", "polarity": 1}


def words_of(part: Document, *, blocks: bool) -> list[str]:
    return [one.words for one in checks_of(part) if one.blocks == blocks]


# -- Parts -----------------------------------------------------------------------------


def test_a_dimension_takes_its_users_along_when_its_code_changes() -> None:
    renamed = put_dimension(
        EVERYTHING, DimensionPart(code="B", name={"id": "B", "en": "B"}), old="A"
    )
    assert not list(faults_in(renamed))
    assert renamed.sections[0].dimension == "B"
    assert renamed.questions[3].options[0].dimension == "B"


def test_a_scale_takes_its_users_along_when_its_name_changes() -> None:
    renamed = put_scale(EVERYTHING, "baru", EVERYTHING.scales["tiga"], old="tiga")
    assert renamed.questions[0].scale == "baru"
    assert not list(faults_in(renamed))


def test_what_is_in_use_is_not_removed() -> None:
    for place in (Place("dimension", "A"), Place("scale", "tiga")):
        with pytest.raises(SurveyError, match="Masih dipakai oleh"):
            drop(EVERYTHING, place)


def test_codes_stay_unique() -> None:
    part = EVERYTHING.sections[0].questions[0]
    with pytest.raises(Unfit):
        put_question(EVERYTHING, part, section="S2")
    with pytest.raises(Unfit):
        put_section(EVERYTHING, SectionPart(code="S1", title={"id": "x"}))
    with pytest.raises(Unfit):
        put_scale(EVERYTHING, "tiga", [])


def test_a_section_keeps_its_questions() -> None:
    part = SectionPart(code="S9", title={"id": "Lain", "en": "Other"})
    assert codes(put_section(EVERYTHING, part, old="S1")) == {
        "S9": ["R", "C"],
        "S2": ["K", "P", "N"],
    }


def test_a_question_can_go_to_another_section() -> None:
    part = EVERYTHING.sections[0].questions[1]
    moved = put_question(EVERYTHING, part, section="S2", old="C")
    assert codes(moved) == {"S1": ["R"], "S2": ["K", "P", "N", "C"]}


def test_a_language_goes_with_its_texts() -> None:
    one = put_settings(EVERYTHING, title={"id": "Judul"}, note={}, languages=["id"])
    assert not list(faults_in(one))
    assert "'en'" not in str(one.model_dump())


def test_a_part_that_changed_meanwhile_is_not_overwritten() -> None:
    place = Place("question", "R")
    mark = seen(EVERYTHING, place)
    demand_seen(move(EVERYTHING, place, 1), place, mark)  # order is no part of it
    for other in (
        apply_scale(document(sections__0__questions__0__reversed=False), "tiga", []),
        drop(EVERYTHING, place),
    ):
        with pytest.raises(EditedMeanwhile):
            demand_seen(other, place, mark)


@pytest.mark.parametrize(
    ("place", "words"),
    [
        (Place("question", "R"), "Pertanyaan ini berubah"),
        (Place("section", "S1"), "Bagian ini berubah"),
        (Place("dimension", "A"), "Nilai ini berubah"),
        (Place("scale", "tiga"), "Skala ini berubah"),
        (Place("instrument"), "Judul dan bahasa berubah"),
        (Place("question", "X"), "Pertanyaan ini sudah dihapus"),
        (Place("section", "X"), "Bagian ini sudah dihapus"),
        (Place("dimension", "X"), "Nilai ini sudah dihapus"),
        (Place("scale", "x"), "Skala ini sudah dihapus"),
    ],
)
def test_what_changed_meanwhile_is_called_what_it_is(place: Place, words: str) -> None:
    with pytest.raises(EditedMeanwhile, match=words):
        demand_seen(EVERYTHING, place, "as it was seen")


# -- Order -----------------------------------------------------------------------------


def test_a_question_walks_through_the_sections() -> None:
    place = Place("question", "C")
    one = move(EVERYTHING, place, 1)
    assert codes(one) == {"S1": ["R"], "S2": ["C", "K", "P", "N"]}
    assert codes(move(one, place, -1)) == codes(EVERYTHING)
    end = move(EVERYTHING, Place("question", "N"), 1)
    assert end == EVERYTHING
    assert move(EVERYTHING, Place("question", "R"), -1) == EVERYTHING


def test_a_section_walks_with_its_questions() -> None:
    moved = move(EVERYTHING, Place("section", "S2"), -1)
    assert list(codes(moved)) == ["S2", "S1"]
    assert move(moved, Place("section", "S2"), -1) == moved


def test_an_arrangement_names_everything_once() -> None:
    order = {"S2": ["N", "R"], "S1": ["K", "C", "P"]}
    assert codes(arrange(EVERYTHING, order)) == order
    for wrong in (
        {"S1": ["R"], "S2": []},
        {"S1": ["R", "R", "C", "K", "P"], "S2": ["N"]},
        {"S1": ["R", "C", "K", "P", "N"]},
    ):
        with pytest.raises(EditedMeanwhile):
            arrange(EVERYTHING, wrong)


# -- Checks ----------------------------------------------------------------------------


def test_shipped_instruments_lack_nothing() -> None:
    for name in (BEHAVIOURS, LENSES):
        assert words_of(shipped(name), blocks=True) == []
        assert words_of(shipped(name), blocks=False) == []


@pytest.mark.parametrize(
    ("at_paths", "words"),
    [
        (
            {"sections__0__title": {"id": "Satu"}},
            "Bagian Satu: terjemahan en belum ada",
        ),
        ({"title": {"id": "Judul"}}, "Instrumen: terjemahan en belum ada"),
        ({"sections__0__questions": []}, "Bagian Satu: belum ada pertanyaan"),
        ({"sections": []}, "Instrumen: belum ada bagian"),
        (
            {"sections__0__questions__1__options": []},
            "Pertanyaan C: paling sedikit dua pilihan",
        ),
        ({"scales__tiga": []}, "Pertanyaan R: paling sedikit dua pilihan berangka"),
        (
            {"scales__tiga__0__label": {"id": "Tidak"}},
            "Skala tiga: terjemahan en belum ada",
        ),
        (
            {"sections__1__questions__1__picks": 9},
            "Pertanyaan P: banyak pilihan yang dipilih melebihi pilihan yang ada",
        ),
        ({"dimensions__0__name": {"id": "N"}}, "Nilai N: terjemahan en belum ada"),
    ],
)
def test_a_gap_is_said_with_its_place(at_paths: dict[str, Any], words: str) -> None:
    assert words in words_of(document(**at_paths), blocks=True)


def test_enough_to_pick_from_needs_no_look() -> None:
    path = "sections__1__questions__1__options"
    part = document(**{path: [option(n) for n in range(4)]})
    assert not [words for words in words_of(part, blocks=False) if "memilih" in words]


def test_a_value_without_a_name_goes_by_its_code() -> None:
    part = document(dimensions__0__name={"en": "Value"})
    assert "Nilai A: terjemahan id belum ada" in words_of(part, blocks=True)


def test_gaps_alike_at_one_place_are_counted() -> None:
    both = {"code": "A", "name": {"id": "N"}, "definition": {"id": "D"}}
    found = words_of(document(dimensions__0=both), blocks=True)
    assert "Nilai N: terjemahan en belum ada (2 tempat)" in found


@pytest.mark.parametrize(
    ("at_paths", "words"),
    [
        ({}, "Nilai Nilai: baru 1 pertanyaan penilaian; paling sedikit 2"),
        (
            {"sections__1__questions__1__picks": 3},
            "Pertanyaan P: semua dari 3 pilihan terpilih, jadi jawabannya selalu"
            " sama; sediakan paling sedikit 6 pilihan",
        ),
        (
            {"sections__1__questions__1__options": [option(n) for n in range(3)]},
            "Pertanyaan P: memilih 2 dari 3 pilihan kurang membedakan; sediakan paling"
            " sedikit 4 pilihan",
        ),
        (
            {"sections__1__questions__1__options__0__polarity": 0},
            "Pertanyaan P: 1 pilihan punya nilai tetapi belum punya arah",
        ),
        (
            {"sections__0__dimension": None},
            "Pertanyaan R: penilaian ini tidak mengukur nilai mana pun",
        ),
        (
            {"sections__1__questions__2__label": {"id": "Saran", "en": "x"}},
            "Pertanyaan N: bunyinya sama dengan K",
        ),
        (
            {"scales__lain": EVERY_KIND["scales"]["tiga"]},
            "Skala lain: skala ini tidak dipakai pertanyaan mana pun",
        ),
    ],
)
def test_what_looks_doubtful_is_a_note(at_paths: dict[str, Any], words: str) -> None:
    part = document(**at_paths)
    assert words in words_of(part, blocks=False)
    assert words_of(part, blocks=True) == []


# -- Differences -----------------------------------------------------------------------


def said(before: Document, after: Document) -> list[str]:
    return [
        f"{' '.join(place.code or '-' for place in one.places)} {one.what}"
        f" {one.before}>{one.after}"
        for one in differences(canonical(before), canonical(after))
    ]


def test_equal_versions_have_no_differences() -> None:
    later = EVERYTHING.model_copy(update={"version": 2})
    assert said(EVERYTHING, later) == []


@pytest.mark.parametrize(
    ("at_paths", "words"),
    [
        ({"title__en": "Name"}, ["- judul (English) Title>Name"]),
        ({"sections__0__questions__0__reversed": False}, ["R dibalik ya>tidak"]),
        ({"sections__1__questions__2__maximum": 41}, ["N paling besar 40>41"]),
        (
            {"sections__1__questions__1__options__1__polarity": -1},
            ["P arah pilihan p2 1>-1"],
        ),
        (
            {"sections__1__questions__0__code": "BARU"},
            ["K dihapus Saran>", "BARU baru >Saran"],
        ),
        (
            {"scales__tiga__0__label__id": "Bukan"},
            ["R bunyi pilihan T (Bahasa Indonesia) Tidak>Bukan"],
        ),
    ],
)
def test_a_difference_is_said_in_words(
    at_paths: dict[str, Any], words: list[str]
) -> None:
    assert said(EVERYTHING, document(**at_paths)) == words


def test_a_moved_question_is_said_to_have_moved_and_nothing_else() -> None:
    moved = move(EVERYTHING, Place("question", "N"), -1)
    assert len(said(EVERYTHING, moved)) == 1
    assert "pindah urutan" in said(EVERYTHING, moved)[0]


def test_one_change_of_a_shared_scale_is_one_difference() -> None:
    before = shipped(BEHAVIOURS)
    options = [
        option.model_copy(update={"label": {**option.label, "id": "Entah"}})
        if option.code == "TT"
        else option
        for option in before.scales["setuju-6"]
    ]
    after = put_scale(before, "setuju-6", options, old="setuju-6")
    (one,) = differences(canonical(before), canonical(after))
    assert len(one.places) == 21
    assert one.pieces == [("gone", "Tidak tahu"), ("new", "Entah")]


# -- Ready parts, borrowing, translating -----------------------------------------------


def test_values_and_scale_stand_ready_in_the_languages_of_the_draft() -> None:
    part = add_scale(add_values(empty()), "setuju-6")
    assert [one.code for one in part.dimensions] == [
        "BP",
        "AK",
        "KP",
        "HM",
        "LY",
        "AD",
        "KL",
    ]
    assert part.scales["setuju-6"][-1].missing
    assert part.dimensions[0].name == {"id": "Berorientasi Pelayanan"}
    assert add_values(part) == part
    assert add_scale(part, "setuju-6") == part


def test_a_borrowed_question_brings_its_scale_and_finds_a_free_code() -> None:
    home = put_section(
        add_values(empty()), SectionPart(code="S", title={"id": "S"}, dimension="BP")
    )
    once = borrow(home, shipped(BEHAVIOURS), "BP1", section="S")
    twice = borrow(once, shipped(BEHAVIOURS), "BP1", section="S")
    assert [part.code for part in twice.questions] == ["BP1", "BP2"]
    assert {part.scale for part in twice.questions} == {"setuju-6"}
    assert twice.questions[0].dimension is None
    assert list(twice.questions[0].label) == ["id"]
    assert not list(faults_in(twice))


def test_a_borrowed_catalogue_forgets_values_that_are_not_here() -> None:
    home = put_section(empty(), SectionPart(code="S", title={"id": "S"}))
    part = borrow(home, shipped(LENSES), "PRIBADI", section="S")
    assert {option.dimension for option in part.scales["katalog"]} == {None}
    assert not list(faults_in(part))


def test_translations_are_put_where_they_belong() -> None:
    lines = {line.path: line.text for line in lines_of(EVERYTHING)}
    path = "sections.S1.questions.R.label"
    assert lines[path] == {"id": "Nilai ini", "en": "Rate this"}
    part = translated(EVERYTHING, "en", {path: "Say", "scales.tiga.T.label": ""})
    assert part.questions[0].label["en"] == "Say"
    assert part.scales["tiga"][0].label == {"id": "Tidak"}


def test_two_translators_lose_nothing() -> None:
    merged = merge(
        typed={"a": "mine", "b": "same", "c": "mine", "d": ""},
        base={"a": "", "b": "", "c": "old", "d": ""},
        stored={"a": "", "b": "same", "c": "theirs", "d": "theirs"},
    )
    assert merged.words == {"a": "mine"}
    assert merged.conflicts == {"c": "theirs"}


def test_an_empty_draft_has_no_faults() -> None:
    part = put_section(empty(), SectionPart(code="S", title={"id": "S"}))
    part = put_question(part, comment("K"), section="S")
    assert not list(faults_in(part))
    assert words_of(part, blocks=True) == []
