"""The part of a scheme that says when answers are looked at by people."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from scoring.rules import Document, Level

Part = Annotated[float, Field(gt=0, lt=1)]


class SheetRule(Document):
    """When one sheet looks careless (equations 35 to 39 and 61)."""

    least_items: int = Field(default=6, ge=3, le=1_000)
    soft_seconds: float = Field(default=2.0, gt=0, le=3_600)
    soft_pages: Part = 0.5
    hard_seconds: float = Field(default=1.0, gt=0, le=3_600)
    run_share: Part = 0.5
    low_spread: Part = 0.01
    outlier_level: Level = 0.999
    synonyms_above: Part = 0.60
    least_pairs: int = Field(default=3, ge=3, le=1_000)


class DuplicateRule(Document):
    """When sheets of a unit are more alike than chance makes them (equation 63)."""

    alike: Part = 0.85
    parts: int = Field(default=20, ge=1, le=100)
    draws: int = Field(default=1_000, ge=100, le=100_000)
    level: Level = 0.999
    margin: Part = 0.10
    block: int = Field(default=500, ge=50, le=2_000)
    pool: int = Field(default=20_000, ge=1_000, le=200_000)

    @model_validator(mode="after")
    def _draws_reach_the_level(self) -> DuplicateRule:
        if (1 - self.level) * (self.draws + 1) + 1e-9 < 1:
            raise PydanticCustomError("draws", "draws terlalu sedikit untuk level ini")
        return self


class QualityRule(Document):
    """When a unit's answers are looked at by people (equations 60 to 69)."""

    sheets: SheetRule = SheetRule()
    duplicates: DuplicateRule = DuplicateRule()
    device_answers: int = Field(default=5, ge=2, le=1_000_000)
    device_share: Part = 0.10
    burst_level: Level = 0.999
    window_hours: float = Field(default=1.0, gt=0, le=720)
    ceiling_errors: float = Field(default=3.0, gt=0, le=30)
    spread_level: Level = 0.999
    flat_share: Part = 0.20
    jump_errors: float = Field(default=3.0, gt=0, le=100)
    jump_response: Part = 0.20
    carried_share: Part = 0.10
    least_units: int = Field(default=5, ge=2, le=1_000_000)
    winsor_level: Level = 0.95
    removal_share: Part = 0.15
    families: int = Field(default=2, ge=1, le=4)
