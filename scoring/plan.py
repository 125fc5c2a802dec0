"""How a questionnaire is read under a scheme: lookup tables from codes to points."""

from __future__ import annotations

import math
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from scoring.arrays import Booleans, Floats, Integers
from scoring.scheme import DimensionRule, Scheme, SchemeError
from surveys.instruments.sheet import Sheet, SheetQuestion

INDEX = "index"
"""The code of the last output, beside those of the dimensions."""


@dataclass(frozen=True, eq=False)
class Plan:
    """Lookup tables and coefficients for D dimensions, I items and C components.

    A component is what a ratio is taken of: a dimension for ``mean``, an item for
    ``favourable`` (equation 4). Points are kept as whole numbers of 1/``unit``, so that
    sums without a given weight are exact and no order of the answers can change them.
    """

    items: tuple[str, ...]
    dimensions: tuple[str, ...]
    slots: Integers
    """(I,) slot of each item."""
    dimension_of_item: Integers
    """(I,)"""
    points: Floats
    """(I, K) points of each code, in 1/unit of the item's component; 0 if missing."""
    is_valid: Booleans
    """(I, K) False for 0 and for missing options."""
    is_favourable: Booleans
    """(I, K) all False where the scheme names no cut."""
    is_by_item: bool
    """Components are the items (favourable), not the dimensions (mean)."""
    unit: Floats
    """(C,) how many units make one point."""
    n_needed: Integers
    """(D,) items that a person must answer for a valid dimension."""
    n_usable_items: int
    n_usable_dimensions: int
    mix: Floats
    """(D + 1, C) outputs (the dimensions, then the index) from component ratios."""
    item_mix: Floats
    """(D + 1, I) outputs of the favourable companion from item shares."""
    has_favourable: bool
    uses_given_weight: bool
    has_strata: bool

    @property
    def outputs(self) -> tuple[str, ...]:
        """Codes of the outputs: the dimensions and, last, the index."""
        return (*self.dimensions, INDEX)

    @property
    def n_components(self) -> int:
        return len(self.unit)


@dataclass(frozen=True)
class _Item:
    question: SheetQuestion
    dimension: int
    values: dict[int, int]
    """Position to value, reversed already; missing options left out."""

    @property
    def lowest(self) -> int:
        return min(self.values.values())

    def rescaled(self, value: int) -> Fraction:
        """Equation 1."""
        return Fraction(100 * (value - self.lowest), self._range)

    @property
    def _range(self) -> int:
        return max(self.values.values()) - self.lowest


def plan_of(sheet: Sheet, scheme: Scheme) -> Plan:
    """The plan of a sheet under a scheme; SchemeError where they do not fit."""
    rules = scheme.dimensions or _rules_of(sheet)
    items = [
        _item(sheet, code, number, f"dimensions[{number}]")
        for number, rule in enumerate(rules)
        for code in _items_of(sheet, rule, number)
    ]
    if not items:
        raise SchemeError({"dimensions": "instrumen tidak punya pertanyaan penilaian"})
    dimension_of_item = np.array([item.dimension for item in items], dtype=np.int64)
    n_items = np.bincount(dimension_of_item, minlength=len(rules))
    needed = [scheme.missing.n_needed(int(n)) for n in n_items]
    item_mix = _item_mix(rules, dimension_of_item)
    is_by_item = scheme.measure == "favourable"
    valid, favourable = _flags(items, scheme.favourable_from)
    if is_by_item:
        unit, points = np.ones(len(items)), favourable * np.float64(100)
    else:
        unit, points = _exact_points(items, n_items, needed)
    return Plan(
        items=tuple(item.question.code for item in items),
        dimensions=tuple(rule.code for rule in rules),
        slots=np.array([item.question.slot for item in items], dtype=np.int64),
        dimension_of_item=dimension_of_item,
        points=points,
        is_valid=valid,
        is_favourable=favourable,
        is_by_item=is_by_item,
        unit=unit,
        n_needed=np.array(needed, dtype=np.int64),
        n_usable_items=scheme.missing.n_usable_items(len(items)),
        n_usable_dimensions=scheme.missing.n_usable_dimensions(len(rules)),
        mix=item_mix if is_by_item else _mix(rules),
        item_mix=item_mix,
        has_favourable=scheme.favourable_from is not None,
        uses_given_weight=scheme.use_given_weight,
        has_strata=scheme.variance.strata == "cell",
    )


def _rules_of(sheet: Sheet) -> tuple[DimensionRule, ...]:
    rated = {q.dimension for q in sheet.questions if q.kind == "rating"}
    return tuple(
        DimensionRule(code=dimension.code)
        for dimension in sheet.dimensions
        if dimension.code in rated
    )


def _items_of(sheet: Sheet, rule: DimensionRule, number: int) -> tuple[str, ...]:
    if rule.items:
        return rule.items
    found = tuple(
        q.code
        for q in sheet.questions
        if q.kind == "rating" and q.dimension == rule.code
    )
    if not found:
        raise SchemeError(
            {f"dimensions[{number}].code": f"“{rule.code}” tidak ada di instrumen"}
        )
    return found


def _item(sheet: Sheet, code: str, dimension: int, path: str) -> _Item:
    try:
        question = sheet.question(code)
    except KeyError:
        raise SchemeError(
            {f"{path}.items": f"pertanyaan “{code}” tidak ada di instrumen"}
        ) from None
    if question.kind != "rating":
        raise SchemeError({f"{path}.items": f"“{code}” bukan pertanyaan penilaian"})
    values = {
        option.position: option.value
        for option in question.options
        if option.value is not None and not option.is_missing
    }
    if len(set(values.values())) < 2:
        raise SchemeError(
            {f"{path}.items": f"“{code}” perlu paling sedikit dua pilihan bernilai"}
        )
    if question.is_reversed:
        both = min(values.values()) + max(values.values())
        values = {position: both - value for position, value in values.items()}
    return _Item(question, dimension, values)


def _flags(items: list[_Item], cut: int | None) -> tuple[Booleans, Booleans]:
    n_codes = 1 + max(item.question.n_codes for item in items)
    valid = np.zeros((len(items), n_codes), dtype=np.bool_)
    favourable = np.zeros_like(valid)
    for row, item in enumerate(items):
        for position, value in item.values.items():
            valid[row, position] = True
            favourable[row, position] = cut is not None and value >= cut
    return valid, favourable


def _exact_points(
    items: list[_Item], n_items: Integers, needed: list[int]
) -> tuple[Floats, Floats]:
    """Units of the dimensions and, in them, the points of each item's codes.

    In these units every item, and every mean over an admissible number of items, is a
    whole number.
    """
    n_codes = 1 + max(item.question.n_codes for item in items)
    unit = []
    for dimension, (least, most) in enumerate(zip(needed, n_items, strict=True)):
        mine = [item for item in items if item.dimension == dimension]
        denominators = [
            item.rescaled(value).denominator
            for item in mine
            for value in item.values.values()
        ]
        unit.append(math.lcm(*denominators) * math.lcm(*range(least, int(most) + 1)))
    points = np.zeros((len(items), n_codes))
    for row, item in enumerate(items):
        for position, value in item.values.items():
            points[row, position] = float(item.rescaled(value) * unit[item.dimension])
    return np.array(unit, dtype=np.float64), points


def _weights(rules: tuple[DimensionRule, ...]) -> Floats:
    total = sum(rule.weight for rule in rules)
    return np.array([rule.weight / total for rule in rules])


def _mix(rules: tuple[DimensionRule, ...]) -> Floats:
    return np.vstack([np.eye(len(rules)), _weights(rules)])


def _item_mix(rules: tuple[DimensionRule, ...], dimension_of_item: Integers) -> Floats:
    is_in = dimension_of_item == np.arange(len(rules))[:, np.newaxis]
    shares = is_in / is_in.sum(axis=1, keepdims=True)
    return np.vstack([shares, _weights(rules) @ shares])
