"""Every constant of a method, as a validated and versioned document.

A scheme is written in YAML, parsed elsewhere into a mapping, and checked here. Nothing
else in ``scoring`` holds a number of the method. Messages are for the person who
wrote the document, in Indonesian, and name the path of each wrong field.
"""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Mapping
from decimal import ROUND_HALF_UP, Decimal
from typing import Any, Literal

from pydantic import Field, ValidationError, field_validator, model_validator
from pydantic_core import PydanticCustomError

from scoring.quality.rules import QualityRule
from scoring.rules import (
    Band,
    ComparabilityRule,
    ComparisonRule,
    CompositeRule,
    Count,
    DimensionRule,
    Document,
    DriversRule,
    LensRule,
    Level,
    MeasurementRule,
    MissingRule,
    OrderRule,
    RankingRule,
    Text,
    VarianceRule,
    WeightingRule,
)
from scoring.scheme_errors import errors_of

LONGEST_NAME = 150
TRUSTED_DECIMALS = 9
"""Binary arithmetic is trusted to this many decimals before a score is rounded."""


class Scheme(Document):
    """A method of scoring; ``docs/method.md`` says what each field does."""

    code: str = Field(min_length=1, max_length=50, pattern="^[a-z0-9][a-z0-9-]*$")
    version: Count
    name: Text
    official: bool = False
    note: Text
    measure: Literal["mean", "favourable", "votes"]
    favourable_from: int | None = Field(default=None, ge=-1_000, le=1_000)
    aggregation: Literal["arithmetic", "geometric"] = "arithmetic"
    dimensions: tuple[DimensionRule, ...] = ()
    lenses: LensRule | None = None
    composite: CompositeRule | None = None
    weighting: WeightingRule = WeightingRule()
    missing: MissingRule = MissingRule()
    bands: tuple[Band, ...] = ()
    decimals: int = Field(default=1, ge=0, le=3)
    minimum_cell: Count = 10
    variance: VarianceRule = VarianceRule()
    use_given_weight: bool = False
    prior_df: float = Field(default=4.0, ge=0.001, le=1_000_000)
    confidence: Level = 0.95
    comparison: ComparisonRule = ComparisonRule()
    ranking: RankingRule = RankingRule()
    measurement: MeasurementRule = MeasurementRule()
    comparability: ComparabilityRule = ComparabilityRule()
    order: OrderRule = OrderRule()
    drivers: DriversRule = DriversRule()
    quality: QualityRule = QualityRule()

    @field_validator("name")
    @classmethod
    def _short_name(cls, name: Text) -> Text:
        if len(name.id) > LONGEST_NAME or "\n" in name.id:
            raise PydanticCustomError(
                "name",
                "paling panjang {most} huruf, satu baris",
                {"most": LONGEST_NAME},
            )
        return name

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
        raise errors_of(error) from None
