"""From the form to the sheet and back: every kind of question."""

from __future__ import annotations

from typing import Any

import pytest
from django.utils.datastructures import MultiValueDict

from surveys.answering.forms import read_form, reason_in_words, shown_sections
from surveys.answering.shown_order import shown_order
from surveys.instruments.authoring import sheet_from
from surveys.instruments.document import Document, canonical
from surveys.instruments.sheet import Sheet, SheetError, check_answers
from tests.surveys.box import SCALE

LABELS = [{"code": f"L{n}", "label": f"Label {n}"} for n in range(1, 13)]
QUESTIONS: list[dict[str, Any]] = [
    *(
        {
            "code": f"R{n}",
            "kind": "rating",
            "label": f"Pernyataan {n}",
            "options": SCALE,
        }
        for n in (1, 2, 3)
    ),
    {"code": "MUKIM", "kind": "choice", "label": "Domisili", "options": LABELS[:3]},
    {
        "code": "TAHUN",
        "kind": "number",
        "label": "Masa kerja",
        "minimum": -2,
        "maximum": 40,
    },
    {
        "code": "LENSA",
        "kind": "pick",
        "label": "Pilih tiga",
        "options": LABELS,
        "picks": 3,
    },
    {"code": "SARAN", "kind": "comment", "label": "Saran"},
]
RATINGS, CHOICE, NUMBER, PICKS = slice(0, 3), 3, 4, slice(5, 8)


def make_sheet(**required: bool) -> Sheet:
    questions = [{**q, "required": required.get(q["code"], False)} for q in QUESTIONS]
    sections = [
        {"code": "S1", "title": "Satu", "questions": questions[:4]},
        {"code": "S2", "title": "Dua", "questions": questions[4:]},
    ]
    document = {
        "code": "semua-jenis",
        "version": 1,
        "languages": ["id"],
        "title": "Semua jenis",
        "sections": sections,
    }
    return sheet_from(canonical(Document.model_validate(document)), "d" * 64)


def posted(**fields: str | list[str]) -> MultiValueDict[str, str]:
    """``LENSA=["3", "1"]`` as a browser would post it."""
    return MultiValueDict(
        {
            name if name == "detik" else f"q-{name}": [value]
            if isinstance(value, str)
            else value
            for name, value in fields.items()
        }
    )


def faults(sheet: Sheet, **fields: str | list[str]) -> dict[str, str]:
    typed = read_form(sheet, posted(**fields))
    try:
        check_answers(sheet, typed.answers, typed.faults)
    except SheetError as error:
        return error.errors
    return {}


def test_an_empty_form_is_a_sheet_of_nothing() -> None:
    typed = read_form(make_sheet(), posted())
    assert typed.answers == [0] * 8
    assert typed.comments == [""]
    assert faults(make_sheet()) == {}


def test_picks_are_kept_in_the_order_they_were_picked() -> None:
    typed = read_form(make_sheet(), posted(LENSA=["11", "2", "7"]))
    assert typed.answers[PICKS] == [11, 2, 7]
    assert read_form(make_sheet(), posted(LENSA=["5"])).answers[PICKS] == [5, 0, 0]


@pytest.mark.parametrize(
    ("picked", "reason"),
    [
        (["1", "2", "3", "4"], "too_many"),
        (["1", "1"], "duplicate"),
        (["13"], "unknown_option"),
        (["0"], "unknown_option"),
        (["-1"], "unknown_option"),
        (["satu"], "unknown_option"),
    ],
)
def test_picks_that_the_question_does_not_have_are_refused(
    picked: list[str], reason: str
) -> None:
    assert faults(make_sheet(), LENSA=picked) == {"LENSA": reason}


def test_a_required_pick_wants_exactly_k() -> None:
    sheet = make_sheet(LENSA=True)
    assert faults(sheet) == {"LENSA": "required"}
    assert faults(sheet, LENSA=["1", "2"]) == {"LENSA": "too_few"}
    assert faults(sheet, LENSA=["1", "2", "3"]) == {}
    question = sheet.question("LENSA")
    assert reason_in_words("too_few", question) == "Pilih tepat 3."


@pytest.mark.parametrize(("typed", "code"), [("-2", 1), ("0", 3), (" 40 ", 43)])
def test_a_number_is_stored_from_its_minimum_on(typed: str, code: int) -> None:
    assert read_form(make_sheet(), posted(TAHUN=typed)).answers[NUMBER] == code


@pytest.mark.parametrize(
    "typed", ["-3", "41", "12.5", "--5", "1e3", "٣", "9" * 30, "dua", "0x1"]
)
def test_a_number_outside_its_range_is_refused_and_never_left_out(typed: str) -> None:
    assert faults(make_sheet(), TAHUN=typed) == {"TAHUN": "out_of_range"}


def test_one_question_has_one_answer() -> None:
    assert faults(make_sheet(), R1=["1", "2"]) == {"R1": "unknown_option"}
    assert faults(make_sheet(), R1=["2", "2"]) == {}
    assert faults(make_sheet(), R1="5", MUKIM="4") == {
        "R1": "unknown_option",
        "MUKIM": "unknown_option",
    }


@pytest.mark.parametrize(
    ("typed", "seconds"),
    [
        ("12,7", [12, 7]),
        ("12,7,99", [12, 7]),
        ("99999,-4", [32767, 0]),
        ("12,x", [12]),
        ("", []),
        ("," * 5000, []),
    ],
)
def test_seconds_are_clamped_and_at_most_one_per_section(
    typed: str, seconds: list[int]
) -> None:
    assert read_form(make_sheet(), posted(detik=typed)).seconds == seconds


def test_comments_are_cut_and_count_line_ends_once() -> None:
    typed = read_form(make_sheet(), posted(SARAN="a\r\nb" + "c" * 2000))
    assert typed.comments[0].startswith("a\nbc")
    assert len(typed.comments[0]) == 1000


def test_the_order_on_screen_hangs_on_the_layout_and_the_stored_one_does_not() -> None:
    sheet = make_sheet()
    orders, options = set(), set()
    for layout in range(50):
        section = shown_sections(sheet, layout)
        orders.add(tuple(item.name for item in section[0].questions))
        lens = section[1].questions[1]
        options.add(tuple(option.position for option in lens.options))
        assert sorted(o.position for o in lens.options) == list(range(1, 13))
        for option in lens.options:
            assert option.label == f"Label {option.position}"
    assert len(orders) == 6
    assert len(options) > 40
    assert shown_sections(sheet, 7) == shown_sections(sheet, 7)
    kinds = [q.kind for q in shown_order(sheet.in_section("S1"), 3)]
    assert kinds == ["rating", "rating", "rating", "choice"]


def test_what_was_filled_is_shown_again_after_an_error() -> None:
    sheet = make_sheet()
    typed = read_form(
        sheet,
        posted(R1="2", TAHUN="41", LENSA=["9", "3", "5", "1"], SARAN="<b>tebal</b>"),
    )
    errors = {"TAHUN": "out_of_range", "LENSA": "too_many"}
    shown = {
        item.question.code: item
        for section in shown_sections(sheet, 0, typed, errors)
        for item in section.questions
    }
    assert shown["R1"].chosen == 2
    assert shown["TAHUN"].text == "41"
    assert shown["TAHUN"].error == "Isi dengan bilangan bulat dari -2 sampai 40."
    assert shown["LENSA"].picked == [9, 3, 5, 1]
    assert shown["LENSA"].picks == 3
    assert shown["LENSA"].error == "Pilih paling banyak 3."
    assert shown["SARAN"].text == "<b>tebal</b>"
