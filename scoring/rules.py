"""The parts of a scheme, each with the numbers of one step of the method."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable
from fractions import Fraction
from typing import Annotated, Any, Literal

import numpy as np
from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    field_validator,
    model_validator,
)
from pydantic_core import PydanticCustomError

from scoring.measurement.reliability import null_variance, stretched


class Document(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)


def _as_written(value: Any) -> Any:
    """No endless number: ``1e-99999999`` would be written out before it is refused."""
    if isinstance(value, str) and not re.fullmatch(r"\d{1,6}([/.]\d{1,6})?", value):
        raise PydanticCustomError("share", "harus bilangan, misalnya 0.5 atau 2/3")
    if isinstance(value, float) and not math.isfinite(value):
        raise PydanticCustomError("share", "harus bilangan yang terhingga")
    return value


def _share(value: Fraction) -> Fraction:
    if not 0 < value <= 1:
        raise PydanticCustomError("share", "harus lebih dari 0 dan paling banyak 1")
    if (plain := value.limit_denominator(10_000)) == 0:
        raise PydanticCustomError("share", "harus paling sedikit 0,0001")
    return plain


_UNWRITABLE = re.compile("[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff]")


def _writable(text: str) -> str:
    if _UNWRITABLE.search(text):
        raise PydanticCustomError("control", "berisi tanda yang tidak dapat ditulis")
    return text


def _one_line(text: str) -> str:
    if "\n" in text or "\t" in text:
        raise PydanticCustomError("control", "harus satu baris")
    return _writable(text)


Share = Annotated[Fraction, AfterValidator(_share), BeforeValidator(_as_written)]
Writable, OneLine = AfterValidator(_writable), AfterValidator(_one_line)
Code = Annotated[str, Field(min_length=1, max_length=50), OneLine]
Level = Annotated[float, Field(gt=0.5, le=0.9999)]
Weight = Annotated[float, Field(ge=0.001, le=1_000)]
Count = Annotated[int, Field(ge=1, le=1_000_000)]


class Text(Document):
    """One text in Indonesian and, where there is one, in English."""

    id: Annotated[str, Field(min_length=1, max_length=10_000), Writable]
    en: Annotated[str, Field(max_length=10_000), Writable] = ""


RESERVED = frozenset({"index", "limiting", "composite", "evidence"})
"""Codes of the outputs that stand beside the dimensions."""


class DimensionRule(Document):
    """A dimension that counts; without ``items``, its rating questions of the sheet.

    ``item_weights`` are whole numbers, one for each of ``items``; all 1 by default.
    """

    code: Annotated[str, Field(min_length=1, max_length=40), OneLine]
    weight: Weight = 1.0
    items: tuple[Code, ...] = ()
    item_weights: tuple[Annotated[int, Field(ge=1, le=9)], ...] = ()

    @field_validator("code")
    @classmethod
    def _of_its_own(cls, code: str) -> str:
        if code in RESERVED:
            raise PydanticCustomError(
                "reserved", "“{code}” adalah nama hasil lain", {"code": code}
            )
        return code

    @model_validator(mode="after")
    def _one_weight_each(self) -> DimensionRule:
        if self.item_weights and len(self.item_weights) != len(self.items):
            raise PydanticCustomError(
                "weights", "item_weights harus sebanyak items, dan items harus ditulis"
            )
        return self


class MissingRule(Document):
    """When a person's dimension is valid, and when a person is usable (equation 2).

    ``any`` asks for one valid item; ``share`` for shares of items and dimensions.
    """

    rule: Literal["share", "any"] = "share"
    item_share: Share = Fraction(1, 2)
    usable_dimensions: Count = 5
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


class LensRule(Document):
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
    minimum_picks: int = Field(default=1, ge=1, le=100)
    top: int = Field(default=10, ge=3, le=30)
    draws: int = Field(default=1_000, ge=100, le=100_000)


class CompositeRule(Document):
    """Index and evidence together: ``survey_share`` of the index, the rest evidence."""

    survey_share: float = Field(ge=0.001, le=0.999)


class WeightingRule(Document):
    """How answers are weighted to the staff (equations 5 and 40 to 43).

    ``cells``: each cell by itself. ``margins``: raked to unit and to each stratum; by
    the cells where all have ``least_answers``.
    """

    recipe: Literal["cells", "margins"] = "cells"
    least_answers: Count = 10
    trim_at: float = Field(default=5.0, gt=1, le=1_000)
    warning_effect: float = Field(default=1.5, gt=1, le=1_000)
    largest_effect: float = Field(default=2.0, gt=1, le=1_000)


class Band(Document):
    """A category of scores from ``lower`` up to the next band."""

    lower: float = Field(ge=0, lt=100)
    letter: Annotated[str, Field(min_length=1, max_length=10), OneLine]
    label: Text


class VarianceRule(Document):
    """The design behind the margins: cells as strata, or one stratum of people."""

    strata: Literal["cell", "none"] = "cell"


class ComparisonRule(Document):
    """What a difference, or a band, must reach before it is shown (80 to 85)."""

    minimum_difference: float = Field(default=2.0, ge=0, le=100)
    false_discoveries: float = Field(default=0.05, gt=0, lt=1)
    band_probability: Level = 0.80


class RankingRule(Document):
    """How rank intervals are drawn (equations 17 to 20)."""

    confidence: Level = 0.95
    draws: int = Field(default=10_000, ge=100, le=100_000)
    simultaneous_up_to: int = Field(default=50, ge=2, le=300)
    largest_set: int = Field(default=300, ge=2, le=1_000)


MOST_POINTS = 11
"""Of a rating scale."""
LEAST_VARIANCE = 0.01
"""Of an answer given at random; agreement is measured against it."""


class MeasurementRule(Document):
    """When the questionnaire is said to measure, and to measure well (70 to 74)."""

    least_people: int = Field(default=30, ge=3, le=1_000_000)
    least_alpha: float = Field(default=0.70, ge=0, le=1)
    redundant_alpha: float = Field(default=0.95, ge=0, le=1)
    least_icc2: float = Field(default=0.50, ge=0, le=1)
    alike_values: float = Field(default=0.90, ge=0, le=1)
    unknown_share: float = Field(default=0.10, ge=0, le=1)
    skewed_null: tuple[Annotated[float, Field(ge=0, le=1)], ...] = Field(
        default=(0.05, 0.15, 0.20, 0.35, 0.25), min_length=2, max_length=MOST_POINTS
    )

    @field_validator("skewed_null")
    @classmethod
    def _an_answer_that_varies(cls, shares: tuple[float, ...]) -> tuple[float, ...]:
        if abs(sum(shares) - 1) > 1e-6:
            raise PydanticCustomError("null", "jumlah bagiannya harus 1")
        given = np.array(shares)
        for n_points in range(2, MOST_POINTS + 1):
            if null_variance(stretched(given, n_points)) < LEAST_VARIANCE:
                raise PydanticCustomError("null", "bagiannya terlalu terpusat")
        return shares


class ComparabilityRule(Document):
    """When an item works otherwise in one group than in the others (equation 75)."""

    least_people: int = Field(default=100, ge=10, le=1_000_000)
    item_difference: float = Field(default=0.25, gt=0, le=100)
    confidence: Level = 0.999


class OrderRule(Document):
    """How the order of units is tried (equations 21 to 26, 76 to 78)."""

    size_classes: tuple[Count, ...] = Field(
        default=(10, 50, 250, 1000), min_length=1, max_length=20
    )
    least_in_class: int = Field(default=4, ge=2, le=1_000)
    least_shrunken: int = Field(default=5, ge=3, le=1_000)
    weight_draws: int = Field(default=2_000, ge=100, le=100_000)
    concentrations: tuple[Annotated[float, Field(ge=0.01, le=10_000)], ...] = Field(
        default=(50.0, 1.0), min_length=1, max_length=5
    )
    leeway: float = Field(default=0.25, gt=0, lt=1)

    @field_validator("size_classes", "concentrations")
    @classmethod
    def _each_once(cls, values: tuple[float, ...]) -> tuple[float, ...]:
        """As it is printed: columns of the report are named after them."""
        if len({f"{value:g}" for value in values}) < len(values):
            raise PydanticCustomError("repeated", "tidak boleh ada yang sama")
        return values


class DriversRule(Document):
    """A question outside the score, with which the values may go (equation 79)."""

    outcome: Annotated[str, Field(max_length=50), OneLine] = ""
    least_people: int = Field(default=100, ge=10, le=1_000_000)
