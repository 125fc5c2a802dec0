"""Every constant of a method, as a validated and versioned document.

A scheme is written in YAML, parsed elsewhere into a mapping, and checked here. Nothing
else in ``scoring`` holds a number of the method. Messages are for the person who
wrote the document, in Indonesian, and name the path of each wrong field.
"""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Iterable, Mapping
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from typing import Annotated, Any, Literal

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    ValidationError,
    field_validator,
    model_validator,
)
from pydantic_core import ErrorDetails, PydanticCustomError

from scoring.quality.rules import QualityRule

TRUSTED_DECIMALS = 9
"""Binary arithmetic is trusted to this many decimals before a score is rounded."""


class SchemeError(ValueError):
    """A scheme that cannot be used; ``errors`` maps a field's path to what is wrong."""

    def __init__(self, errors: Mapping[str, str]) -> None:
        super().__init__("; ".join(f"{path}: {why}" for path, why in errors.items()))
        self.errors = dict(errors)


class _Document(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


def _share(value: Fraction) -> Fraction:
    if not 0 < value <= 1:
        raise PydanticCustomError("share", "harus lebih dari 0 dan paling banyak 1")
    return value.limit_denominator(10_000)


Share = Annotated[Fraction, AfterValidator(_share)]
Code = Annotated[str, Field(min_length=1, max_length=50)]
Level = Annotated[float, Field(gt=0.5, lt=1)]


class Text(_Document):
    """One text in Indonesian and, where there is one, in English."""

    id: str = Field(min_length=1)
    en: str = ""


class DimensionRule(_Document):
    """A dimension that counts; without ``items``, its rating questions of the sheet.

    ``item_weights`` are whole numbers, one for each of ``items``; all 1 by default.
    """

    code: Code
    weight: float = Field(default=1.0, gt=0)
    items: tuple[Code, ...] = ()
    item_weights: tuple[Annotated[int, Field(ge=1, le=9)], ...] = ()

    @model_validator(mode="after")
    def _one_weight_each(self) -> DimensionRule:
        if self.item_weights and len(self.item_weights) != len(self.items):
            raise PydanticCustomError(
                "weights", "item_weights harus sebanyak items, dan items harus ditulis"
            )
        return self


class MissingRule(_Document):
    """When a person's dimension is valid, and when a person is usable (equation 2).

    ``any`` asks for one valid item; ``share`` for shares of items and dimensions.
    """

    rule: Literal["share", "any"] = "share"
    item_share: Share = Fraction(1, 2)
    usable_dimensions: int = Field(default=5, ge=1)
    usable_item_share: Share = Fraction(2, 3)

    def n_needed(self, n_items: int) -> int:
        """How many of a dimension's ``n_items`` must be answered."""
        return 1 if self.rule == "any" else math.ceil(self.item_share * n_items)

    def needed_of(self, n_items: Iterable[int]) -> list[int]:
        """``n_needed`` of each dimension."""
        return [self.n_needed(n) for n in n_items]

    def n_usable_items(self, n_items: int) -> int:
        """How many items in all a usable person must have answered."""
        return 1 if self.rule == "any" else math.ceil(self.usable_item_share * n_items)

    def n_usable_dimensions(self, n_dimensions: int) -> int:
        """How many dimensions of a usable person must be valid."""
        return 1 if self.rule == "any" else min(self.usable_dimensions, n_dimensions)


class LensRule(_Document):
    """The pick questions in which people say what describes them, their unit, the hope.

    ``statistic`` says how votes become points of a dimension (equation 50):
    ``reach_present``, whether any of its options was picked for the unit as it is;
    ``reach_either``, for oneself or the unit; ``reach_mean``, the mean of both;
    ``share_mean``, the share of its options that were picked for the unit.
    """

    personal: Code
    present: Code
    desired: Code
    statistic: Literal["reach_present", "reach_either", "reach_mean", "share_mean"] = (
        "reach_present"
    )
    minimum_picks: int = Field(default=1, ge=1)
    top: int = Field(default=10, ge=3, le=30)
    draws: int = Field(default=1_000, ge=100, le=100_000)


class CompositeRule(_Document):
    """Index and evidence together: ``survey_share`` of the index, the rest evidence."""

    survey_share: float = Field(gt=0, lt=1)


class WeightingRule(_Document):
    """How answers are weighted to the staff (equations 5 and 40 to 43).

    ``cells``: each cell by itself. ``margins``: raked to unit and to each stratum; by
    the cells where all have ``least_answers``.
    """

    recipe: Literal["cells", "margins"] = "cells"
    least_answers: int = Field(default=10, ge=1)
    trim_at: float = Field(default=5.0, gt=1)
    warning_effect: float = Field(default=1.5, gt=1)
    largest_effect: float = Field(default=2.0, gt=1)


class Band(_Document):
    """A category of scores from ``lower`` up to the next band."""

    lower: float = Field(ge=0, lt=100)
    letter: Code
    label: Text


class VarianceRule(_Document):
    """The design behind the margins: cells as strata, or one stratum of people."""

    strata: Literal["cell", "none"] = "cell"


class ComparisonRule(_Document):
    """What a difference, or a band, must reach before it is shown (80 to 85)."""

    minimum_difference: float = Field(default=2.0, ge=0)
    false_discoveries: float = Field(default=0.05, gt=0, lt=1)
    band_probability: Level = 0.80


class RankingRule(_Document):
    """How rank intervals are drawn (equations 17 to 20)."""

    confidence: Level = 0.95
    draws: int = Field(default=10_000, ge=100, le=1_000_000)
    simultaneous_up_to: int = Field(default=50, ge=2)
    largest_set: int = Field(default=300, ge=2)


class MeasurementRule(_Document):
    """When the questionnaire is said to measure, and to measure well (70 to 74)."""

    least_people: int = Field(default=30, ge=3)
    least_alpha: float = Field(default=0.70, ge=0, le=1)
    redundant_alpha: float = Field(default=0.95, ge=0, le=1)
    least_icc2: float = Field(default=0.50, ge=0, le=1)
    alike_values: float = Field(default=0.90, ge=0, le=1)
    unknown_share: float = Field(default=0.10, ge=0, le=1)
    skewed_null: tuple[float, ...] = (0.05, 0.15, 0.20, 0.35, 0.25)


class ComparabilityRule(_Document):
    """When an item works otherwise in one group than in the others (equation 75)."""

    least_people: int = Field(default=100, ge=10)
    item_difference: float = Field(default=0.25, gt=0)
    confidence: Level = 0.999


class OrderRule(_Document):
    """How the order of units is tried (equations 21 to 26, 76 to 78)."""

    size_classes: tuple[int, ...] = (10, 50, 250, 1000)
    least_in_class: int = Field(default=4, ge=2)
    least_shrunken: int = Field(default=5, ge=3)
    weight_draws: int = Field(default=2_000, ge=100, le=100_000)
    concentrations: tuple[float, ...] = (50.0, 1.0)
    leeway: float = Field(default=0.25, gt=0, lt=1)


class DriversRule(_Document):
    """A question outside the score, with which the values may go (equation 79)."""

    outcome: str = Field(default="", max_length=50)
    least_people: int = Field(default=100, ge=10)


class Scheme(_Document):
    """A method of scoring; ``docs/method.md`` says what each field does."""

    code: Code
    version: int = Field(ge=1)
    name: Text
    official: bool = False
    note: Text
    measure: Literal["mean", "favourable", "votes"]
    favourable_from: int | None = None
    aggregation: Literal["arithmetic", "geometric"] = "arithmetic"
    dimensions: tuple[DimensionRule, ...] = ()
    lenses: LensRule | None = None
    composite: CompositeRule | None = None
    weighting: WeightingRule = WeightingRule()
    missing: MissingRule = MissingRule()
    bands: tuple[Band, ...] = ()
    decimals: int = Field(default=1, ge=0, le=3)
    minimum_cell: int = Field(default=10, ge=1)
    variance: VarianceRule = VarianceRule()
    use_given_weight: bool = False
    prior_df: float = Field(default=4.0, gt=0)
    confidence: Level = 0.95
    comparison: ComparisonRule = ComparisonRule()
    ranking: RankingRule = RankingRule()
    measurement: MeasurementRule = MeasurementRule()
    comparability: ComparabilityRule = ComparabilityRule()
    order: OrderRule = OrderRule()
    drivers: DriversRule = DriversRule()
    quality: QualityRule = QualityRule()

    @field_validator("dimensions")
    @classmethod
    def _each_once(cls, rules: tuple[DimensionRule, ...]) -> tuple[DimensionRule, ...]:
        codes = [rule.code for rule in rules]
        items = [item for rule in rules for item in rule.items]
        for code in (*codes, *items):
            if codes.count(code) > 1 or items.count(code) > 1:
                raise PydanticCustomError(
                    "repeated",
                    "kode “{code}” ditulis lebih dari sekali",
                    {"code": code},
                )
        return rules

    @field_validator("bands")
    @classmethod
    def _highest_first(cls, bands: tuple[Band, ...]) -> tuple[Band, ...]:
        limits = [band.lower for band in bands]
        if len(set(limits)) < len(limits):
            raise PydanticCustomError("repeated", "batas bawah tidak boleh sama")
        return tuple(sorted(bands, key=lambda band: -band.lower))

    @model_validator(mode="after")
    def _measure_has_what_it_needs(self) -> Scheme:
        if self.measure == "favourable" and self.favourable_from is None:
            raise PydanticCustomError(
                "cut", "favourable_from wajib diisi untuk measure “favourable”"
            )
        if self.measure == "votes" and self.lenses is None:
            raise PydanticCustomError(
                "lenses", "lenses wajib diisi untuk measure “votes”"
            )
        if self.use_given_weight and self.lenses is not None:
            raise PydanticCustomError(
                "given", "bobot yang diberikan tidak dapat dipakai bersama lenses"
            )
        if self.use_given_weight and self.weighting.recipe != "cells":
            raise PydanticCustomError(
                "given", "bobot yang diberikan bersifat final: weighting harus “cells”"
            )
        return self

    @property
    def digest(self) -> str:
        """SHA-256 of the canonical document, in hexadecimal."""
        return digest_of(self.model_dump(mode="json"))

    def rounded(self, score: float) -> Decimal:
        """The score as it is printed: half up, in decimal arithmetic (equation 7)."""
        return round_half_up(score, self.decimals)

    def band_of(self, score: float) -> Band | None:
        """The band of the *printed* score; None below all bands or without a score.

        Equation 7. The label and the printed number can never disagree.
        """
        if math.isnan(score):
            return None
        printed = self.rounded(score)
        for band in self.bands:
            if printed >= Decimal(str(band.lower)):
                return band
        return None


def round_half_up(score: float, decimals: int) -> Decimal:
    """``score`` rounded half up in decimal arithmetic (equation 7).

    >>> round_half_up(74.95, 1), round_half_up(74.94, 1)
    (Decimal('75.0'), Decimal('74.9'))
    """
    exact = Decimal(repr(round(float(score), TRUSTED_DECIMALS)))
    return exact.quantize(Decimal(1).scaleb(-decimals), rounding=ROUND_HALF_UP)


def canonical_json(scheme: Scheme) -> str:
    """The one text of a scheme that is stored and digested, defaults written out."""
    return _canonical(scheme.model_dump(mode="json"))


def digest_of(document: Mapping[str, Any]) -> str:
    """SHA-256 of a stored document, as it was when it was stored."""
    return hashlib.sha256(_canonical(document).encode()).hexdigest()


def _canonical(document: Mapping[str, Any]) -> str:
    return json.dumps(
        document, ensure_ascii=False, sort_keys=True, separators=(",", ":")
    )


def parse_scheme(document: Mapping[str, Any]) -> Scheme:
    """The scheme that a document describes; SchemeError names each wrong field."""
    try:
        return Scheme.model_validate(document)
    except ValidationError as error:
        raise SchemeError(
            {_path(found["loc"]): _reason(found) for found in error.errors()}
        ) from None


def _path(location: tuple[int | str, ...]) -> str:
    path = ""
    for step in location:
        path += f"[{step}]" if isinstance(step, int) else f".{step}"
    return path.lstrip(".") or "skema"


_OWN_REASONS = {"share", "repeated", "cut", "weights", "lenses", "given"}

_REASONS = {
    "missing": "wajib diisi",
    "extra_forbidden": "tidak dikenal",
    "literal_error": "harus salah satu dari {expected}",
    "greater_than": "harus lebih dari {gt}",
    "greater_than_equal": "harus paling sedikit {ge}",
    "less_than": "harus kurang dari {lt}",
    "less_than_equal": "harus paling banyak {le}",
    "string_too_short": "tidak boleh kosong",
    "string_too_long": "paling panjang {max_length} huruf",
    "string_type": "harus berupa teks",
    "bool_parsing": "harus true atau false",
    "bool_type": "harus true atau false",
    "tuple_type": "harus berupa daftar",
    "model_type": "harus berupa kelompok isian",
}


def _reason(found: ErrorDetails) -> str:
    kind = found["type"]
    if kind in _OWN_REASONS:
        return found["msg"]
    if kind.startswith("int_"):
        return "harus bilangan bulat"
    if kind.startswith(("float_", "fraction_", "finite_")):
        return "harus bilangan"
    return _REASONS.get(kind, "tidak sah").format(**found.get("ctx", {}))
