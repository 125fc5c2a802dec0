"""The three-lens instrument: 21 ratings, one catalogue of our own, three times ten."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest
from django.urls import reverse

from surveys.fieldwork import waves
from surveys.instruments.authoring import is_intact, sheet_of
from surveys.instruments.document import Document, OptionPart
from surveys.instruments.proofreading import read_document
from surveys.instruments.sheet import Sheet, SheetError, SheetQuestion, check_answers
from surveys.models import Instrument, Wave
from tests.surveys.box import code_of, make_draft, make_units, people_of, register
from tests.surveys.files import run
from tests.surveys.test_load_instrument import BERAKHLAK

THREE_LENSES = BERAKHLAK.with_name("berakhlak-21-tiga-lensa.yaml")
LENSES = ("PRIBADI", "SEKARANG", "HARAPAN")
PUBLISHED = ("Menghindari risiko", "Pasif terhadap perubahan", "Mengontrol", "Silo")
WHOSE = {"id": "Katalog sendiri, bukan katalog resmi", "en": "not an official one"}


@pytest.fixture(scope="module")
def document() -> Document:
    return read_document(THREE_LENSES)


@pytest.fixture(scope="module")
def catalogue(document: Document) -> list[OptionPart]:
    return document.scales["katalog"]


@pytest.fixture
def sheet(db: None) -> Sheet:
    run("load_instrument", THREE_LENSES)
    return sheet_of(Instrument.objects.get())


def lenses_of(sheet: Sheet) -> list[SheetQuestion]:
    return [sheet.question(code) for code in LENSES]


def test_each_value_has_six_labels_and_hindrances_belong_to_none(
    document: Document, catalogue: list[OptionPart]
) -> None:
    supporting = Counter(o.dimension for o in catalogue if o.polarity == 1)
    values = [dimension.code for dimension in document.dimensions]
    assert len(values) == 7
    assert all(supporting[value] >= 6 for value in values)
    hindering = [option for option in catalogue if option.polarity == -1]
    assert len(hindering) >= 25
    assert {option.dimension for option in hindering} == {None}
    assert 75 <= len(catalogue) <= 85


def test_labels_are_short_and_each_is_said_once(catalogue: list[OptionPart]) -> None:
    for language in ("id", "en"):
        labels = [option.label[language] for option in catalogue]
        assert len({label.casefold() for label in labels}) == len(labels)
        assert max(map(len, labels)) <= 50


def test_the_published_hindrances_are_there(catalogue: list[OptionPart]) -> None:
    polarity = {option.label["id"]: option.polarity for option in catalogue}
    assert [polarity[label] for label in PUBLISHED] == [-1] * 4


def test_the_21_ratings_are_those_of_the_circular_to_the_letter(
    document: Document,
) -> None:
    circular = read_document(BERAKHLAK)
    assert document.sections[:7] == circular.sections[:7]
    assert document.dimensions == circular.dimensions
    assert document.scales["setuju-6"] == circular.scales["setuju-6"]


def test_it_says_whose_catalogue_it_is_wherever_it_shows(document: Document) -> None:
    with_picks = [
        section
        for section in document.sections
        if any(question.kind == "pick" for question in section.questions)
    ]
    assert len(with_picks) == 3
    for language, words in WHOSE.items():
        shown = [document.note, *(section.intro for section in with_picks)]
        assert all(words.casefold() in text[language].casefold() for text in shown)


def test_it_loads_and_the_lenses_share_one_catalogue(sheet: Sheet) -> None:
    assert sheet.width == 21 + 3 * 10
    personal, present, hoped_for = lenses_of(sheet)
    assert personal.options == present.options == hoped_for.options
    assert [(lens.kind, lens.n_slots) for lens in lenses_of(sheet)] == [
        ("pick", 10)
    ] * 3
    assert is_intact(Instrument.objects.get())
    again = run("load_instrument", THREE_LENSES)
    assert again == "berakhlak-21-tiga-lensa versi 1 tidak berubah."


def test_ten_may_be_picked_in_each_lens_and_none_twice(sheet: Sheet) -> None:
    ten = list(range(79, 69, -1))
    check_answers(sheet, [6] * 21 + ten * 3)
    with pytest.raises(SheetError) as refusal:
        check_answers(sheet, [6] * 21 + ten + [5, 5, *ten[2:]] + ten)
    assert refusal.value.errors == {"SEKARANG": "duplicate"}


def test_the_form_shows_whose_catalogue_it_is(sheet: Sheet, client: Any) -> None:
    units = make_units({"01": []})
    wave: Wave = make_draft(units, instrument=Instrument.objects.get())
    register(wave, units, {"01": "F" * 12})
    waves.open_wave(wave=wave)
    address = reverse("respond:open", args=[code_of(people_of(wave)[0])])
    page = client.get(address).content.decode()
    assert page.count("Katalog sendiri, bukan katalog resmi") >= 3
