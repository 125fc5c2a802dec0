"""Schemes as documents: defaults, digests, bands, and errors that name the field."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

import pytest

from scoring.scheme import canonical_json, parse_scheme, round_half_up
from scoring.scheme_errors import SchemeError
from tests.scoring.sheets import scheme_of, shipped

BERAKHLAK = "berakhlak-rata-rata-6.yaml"
SHIPPED = [BERAKHLAK, "fevs-eei.yaml", "suara-budaya-tiga-lensa.yaml"]


@pytest.mark.parametrize("name", SHIPPED)
def test_shipped_schemes_claim_not_to_be_official(name: str) -> None:
    scheme = parse_scheme(shipped(name))
    assert scheme.code == name.removesuffix(".yaml")
    assert not scheme.official
    assert scheme.note.id
    assert scheme.note.en


@pytest.mark.parametrize("name", SHIPPED)
def test_canonical_text_reads_back_as_the_same_scheme(name: str) -> None:
    scheme = parse_scheme(shipped(name))
    again = parse_scheme(json.loads(canonical_json(scheme)))
    assert again == scheme
    assert again.digest == scheme.digest


def test_digest_ignores_order_and_written_defaults_and_sees_each_number() -> None:
    document = shipped(BERAKHLAK)
    backwards = dict(reversed(document.items()))
    less = {key: value for key, value in document.items() if key != "prior_df"}
    digest = parse_scheme(document).digest
    assert parse_scheme(backwards).digest == parse_scheme(less).digest == digest
    assert parse_scheme(document | {"prior_df": 5}).digest != digest


@pytest.mark.parametrize(
    ("score", "printed", "letter"),
    [
        (74.95, "75.0", "A"),
        (74.94999999999999, "75.0", "A"),
        (74.94, "74.9", "B"),
        (49.95, "50.0", "B"),
        (100.0, "100.0", "A"),
        (24.9, "24.9", "D"),
        (0.0, "0.0", "D"),
    ],
)
def test_band_and_printed_number_agree(score: float, printed: str, letter: str) -> None:
    scheme = parse_scheme(shipped(BERAKHLAK))
    band = scheme.band_of(score)
    assert scheme.rounded(score) == Decimal(printed)
    assert band is not None
    assert band.letter == letter


@pytest.mark.parametrize(
    ("dimensions", "published"),
    [
        ([57.9, 74.1, 56.7, 63.8, 65.8, 38.9, 69.4], "60.9"),
        ([59.6, 64.1, 58.3, 53.7, 62.7, 43.5, 67.7], "58.5"),
    ],
    ids=["national 2022", "Kemendikbudristek 2022"],
)
def test_published_rows(dimensions: list[float], published: str) -> None:
    scheme = parse_scheme(shipped(BERAKHLAK))
    mean = sum(dimensions) / 7
    band = scheme.band_of(mean)
    assert scheme.rounded(mean) == Decimal(published)
    assert band is not None
    assert (band.letter, band.label.id) == ("B", "Cukup Sehat")


def test_no_score_or_no_bands_has_no_band() -> None:
    assert parse_scheme(shipped(BERAKHLAK)).band_of(float("nan")) is None
    assert scheme_of().band_of(50) is None
    assert round_half_up(0.25, 1) == Decimal("0.3")


def test_missing_rule_counts() -> None:
    rule = parse_scheme(shipped(BERAKHLAK)).missing
    assert [rule.n_needed(k) for k in (1, 2, 3, 4, 5)] == [1, 1, 2, 2, 3]
    assert rule.n_usable_items(21) == 14
    assert rule.n_usable_dimensions(7) == 5
    assert rule.n_usable_dimensions(3) == 3
    assert scheme_of().missing.n_needed(3) == 1


@pytest.mark.parametrize(
    ("change", "path", "reason"),
    [
        ({"code": ""}, "code", "tidak boleh kosong"),
        ({"colour": 1}, "colour", "tidak dikenal"),
        ({"name": {"en": "x"}}, "name.id", "wajib diisi"),
        ({"measure": "median"}, "measure", "harus salah satu dari"),
        ({"measure": "favourable"}, "skema", "favourable_from wajib diisi"),
        ({"minimum_cell": 0}, "minimum_cell", "harus paling sedikit 1"),
        ({"minimum_cell": "ten"}, "minimum_cell", "harus bilangan bulat"),
        ({"prior_df": "four"}, "prior_df", "harus bilangan"),
        ({"confidence": 1}, "confidence", "harus paling banyak 0.9999"),
        ({"missing": {"item_share": 0}}, "missing.item_share", "harus lebih dari 0"),
        ({"missing": {"item_share": "x"}}, "missing.item_share", "harus bilangan"),
        ({"dimensions": [{}]}, "dimensions[0].code", "wajib diisi"),
        (
            {"dimensions": [{"code": "a"}, {"code": "a"}]},
            "dimensions",
            "“a” ditulis lebih dari sekali",
        ),
        (
            {"dimensions": [{"code": "a", "weight": -1}]},
            "dimensions[0].weight",
            "harus paling sedikit 0.001",
        ),
        ({"bands": 3}, "bands", "harus berupa daftar"),
        ({"variance": "cell"}, "variance", "harus berupa kelompok isian"),
    ],
)
def test_error_names_the_field(change: dict[str, Any], path: str, reason: str) -> None:
    with pytest.raises(SchemeError) as caught:
        scheme_of(**change)
    assert list(caught.value.errors) == [path]
    assert reason in caught.value.errors[path]


def test_all_errors_are_named_at_once() -> None:
    with pytest.raises(SchemeError) as caught:
        parse_scheme({"measure": "mean", "decimals": 9})
    assert set(caught.value.errors) == {"code", "version", "name", "note", "decimals"}


@pytest.mark.parametrize(
    ("change", "path"),
    [
        ({"aggregation": "median"}, "aggregation"),
        ({"composite": {"survey_share": 1}}, "composite.survey_share"),
        ({"weighting": {"recipe": "guess"}}, "weighting.recipe"),
        ({"weighting": {"trim_at": 1}}, "weighting.trim_at"),
        ({"dimensions": [{"code": "v", "item_weights": [1]}]}, "dimensions[0]"),
        (
            {"dimensions": [{"code": "v", "items": ["a"], "item_weights": [0]}]},
            "dimensions[0].item_weights[0]",
        ),
    ],
)
def test_further_rules_name_the_wrong_field(change: dict[str, Any], path: str) -> None:
    with pytest.raises(SchemeError) as caught:
        scheme_of(**change)
    assert list(caught.value.errors) == [path]


def test_given_weights_are_final() -> None:
    with pytest.raises(SchemeError, match="bobot yang diberikan bersifat final"):
        scheme_of(use_given_weight=True, weighting={"recipe": "margins"})
