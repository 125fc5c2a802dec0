"""How a questionnaire is read under a scheme: lookup tables from codes to points.

Ratings have a table for each item; votes are read by ``scoring/votes.py``.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np

from scoring.arrays import Booleans, Floats, Integers
from scoring.items import Item, item_of, items_of, rules_of, sums_of
from scoring.measurement.table import Measured, Outcome, measured_items
from scoring.rules import DimensionRule
from scoring.scheme import Scheme
from scoring.scheme_errors import SchemeError
from scoring.votes import LIMITING, Lenses, lenses_of
from surveys.instruments.sheet import Sheet

INDEX = "index"
"""The code of the last output, beside those of the dimensions."""

_MOST_UNITS = 10**9
"""Points are held in units of at most so small a part, or sums would be inexact."""


@dataclass(frozen=True, eq=False)
class Plan:
    """Lookup tables and coefficients for D dimensions, I items and C components.

    A component is what a ratio is taken of: a dimension for ``mean`` and ``votes``, an
    item for ``favourable`` (equation 4), and last the limiting share, if the scheme
    names lenses: E (0 or 1) outputs that count in no index. Under ``votes`` there are
    no items. Points are kept as whole numbers of 1/``unit``, so that
    sums without a given weight are exact and no order of the answers can change them.
    """

    items: tuple[str, ...]
    dimensions: tuple[str, ...]
    extras: tuple[str, ...]
    """(E,) further outputs."""
    slots: Integers
    """(I,) slot of each item."""
    dimension_of_item: Integers
    """(I,)"""
    points: Floats
    """(I, K) points of each code, in 1/unit of the item's component; 0 if missing."""
    item_weight: Floats
    """(I,) whole numbers."""
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
    """(O, C) outputs (dimensions, extras, index) from component ratios."""
    item_mix: Floats
    """(O, I) outputs of the favourable companion from item shares; 0 for extras."""
    weights: Floats
    """(D,) of the dimensions in the index, 1 in all."""
    is_geometric: bool
    lenses: Lenses | None
    has_favourable: bool
    uses_given_weight: bool
    has_strata: bool
    measured: Measured | None
    """What measurement reads; None under ``votes``."""

    @property
    def outputs(self) -> tuple[str, ...]:
        """Codes of the outputs: the dimensions, extras and, last, the index."""
        return (*self.dimensions, *self.extras, INDEX)

    @property
    def is_by_votes(self) -> bool:
        """Points come from the lenses alone."""
        return not self.items

    @property
    def counted(self) -> tuple[str, ...]:
        """Outputs with a number of people of their own: all but the index."""
        return self.outputs[:-1]

    @property
    def n_components(self) -> int:
        return len(self.unit)

    @property
    def width(self) -> int:
        """How many slots of a sheet hold items and outcome, from the first slot on."""
        asked = self.measured.outcome if self.measured else None
        return 1 + max(int(self.slots.max(initial=-1)), asked.slot if asked else -1)


def plan_of(sheet: Sheet, scheme: Scheme) -> Plan:
    """The plan of a sheet under a scheme; SchemeError where they do not fit."""
    rules = rules_of(sheet, scheme)
    lenses = lenses_of(sheet, scheme.lenses, rules) if scheme.lenses else None
    items = [] if scheme.measure == "votes" else items_of(sheet, rules)
    extras = (LIMITING,) if lenses else ()
    slots, dimension_of_item, item_weight = _columns(items)
    needed, n_items = _needed(scheme, dimension_of_item, len(rules))
    item_mix = _item_mix(rules, dimension_of_item, item_weight)
    valid, favourable = _flags(items, scheme.favourable_from)
    if is_by_item := scheme.measure == "favourable":
        unit, points = np.ones(len(items)), favourable * np.float64(100)
    elif lenses and not items:
        unit, points = lenses.unit.astype(np.float64), np.zeros((0, 1))
    else:
        unit, points = _exact_points(items, n_items, needed)
    return Plan(
        items=tuple(item.question.code for item in items),
        dimensions=tuple(rule.code for rule in rules),
        extras=extras,
        slots=slots,
        dimension_of_item=dimension_of_item,
        points=points,
        item_weight=item_weight,
        is_valid=valid,
        is_favourable=favourable,
        is_by_item=is_by_item,
        unit=np.append(unit, [1] * len(extras)),
        n_needed=np.array(needed, dtype=np.int64),
        n_usable_items=scheme.missing.n_usable_items(len(items)),
        n_usable_dimensions=scheme.missing.n_usable_dimensions(len(rules)),
        mix=_with_extras(item_mix if is_by_item else _mix(rules), len(extras), True),
        item_mix=_with_extras(item_mix, len(extras), False),
        weights=_weights(rules),
        is_geometric=scheme.aggregation == "geometric",
        lenses=lenses,
        has_favourable=bool(items) and scheme.favourable_from is not None,
        uses_given_weight=scheme.use_given_weight,
        has_strata=scheme.variance.strata == "cell",
        measured=_measured(sheet, scheme, items, needed) if items else None,
    )


def _measured(
    sheet: Sheet, scheme: Scheme, items: list[Item], needed: list[int]
) -> Measured:
    """Tables for measurement; the outcome is a rating that the score leaves out."""
    of_dimension = [[i for i in items if i.dimension == d] for d in range(len(needed))]
    parts = [
        math.lcm(*sums_of(mine, least, len(mine)))
        for mine, least in zip(of_dimension, needed, strict=True)
    ]
    n_codes = 1 + max(item.question.n_codes for item in items)
    columns = [(item.values, item.dimension, item.weight) for item in items]
    found = measured_items(columns, parts, n_codes)
    code = scheme.drivers.outcome
    if not code:
        return found
    if code in {item.question.code for item in items}:
        raise SchemeError({"drivers.outcome": f"“{code}” sudah dihitung dalam skor"})
    outcome = item_of(sheet, code, 0, 1, "drivers.outcome")
    steps = np.zeros(1 + outcome.question.n_codes)
    valid = np.zeros(len(steps), dtype=np.bool_)
    for position, value in outcome.values.items():
        steps[position], valid[position] = value - outcome.lowest, True
    slot = outcome.question.slot
    return replace(found, outcome=Outcome(code, slot, steps, valid))


def _needed(
    scheme: Scheme, dimension_of_item: Integers, n_dimensions: int
) -> tuple[list[int], Integers]:
    """Items that a valid dimension needs, and how many it has."""
    n_items = np.bincount(dimension_of_item, minlength=n_dimensions)
    return scheme.missing.needed_of(n_items.tolist()), n_items


def _columns(items: list[Item]) -> tuple[Integers, Integers, Floats]:
    """Slot, dimension and weight of each item."""
    columns = [(item.question.slot, item.dimension, item.weight) for item in items]
    slots, dimensions, weights = np.array(columns, dtype=np.int64).reshape(-1, 3).T
    return slots, dimensions, weights.astype(np.float64)


def _with_extras(mix: Floats, n_extras: int, has_components: bool) -> Floats:
    """Rows for the extras before the index, each from a component of its own."""
    rows = np.vstack([mix[:-1], np.zeros((n_extras, mix.shape[1])), mix[-1:]])
    if not has_components:
        return rows
    own = np.zeros((len(rows), n_extras))
    own[-1 - n_extras : -1] = np.eye(n_extras)
    return np.hstack([rows, own])


def _flags(items: list[Item], cut: int | None) -> tuple[Booleans, Booleans]:
    n_codes = 1 + max((item.question.n_codes for item in items), default=0)
    valid = np.zeros((len(items), n_codes), dtype=np.bool_)
    favourable = np.zeros_like(valid)
    for row, item in enumerate(items):
        for position, value in item.values.items():
            valid[row, position] = True
            favourable[row, position] = cut is not None and value >= cut
    return valid, favourable


def _exact_points(
    items: list[Item], n_items: Integers, needed: list[int]
) -> tuple[Floats, Floats]:
    """Units of the dimensions and, in them, the points of each item's codes.

    In these units every item, and every weighted mean over an admissible number of
    items, is a whole number.
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
        sums = sums_of(mine, least, int(most))
        unit.append(math.lcm(*denominators) * math.lcm(*sums))
        if unit[-1] > _MOST_UNITS:
            path = f"dimensions[{dimension}].item_weights"
            raise SchemeError(
                {path: "terlalu beragam; pakai bilangan yang lebih kecil"}
            )
    points = np.zeros((len(items), n_codes))
    for row, item in enumerate(items):
        for position, value in item.values.items():
            scaled = item.weight * item.rescaled(value) * unit[item.dimension]
            points[row, position] = float(scaled)
    return np.array(unit, dtype=np.float64), points


def _weights(rules: tuple[DimensionRule, ...]) -> Floats:
    total = sum(rule.weight for rule in rules)
    return np.array([rule.weight / total for rule in rules])


def _mix(rules: tuple[DimensionRule, ...]) -> Floats:
    return np.vstack([np.eye(len(rules)), _weights(rules)])


def _item_mix(
    rules: tuple[DimensionRule, ...], dimension_of_item: Integers, weight: Floats
) -> Floats:
    is_in = dimension_of_item == np.arange(len(rules))[:, np.newaxis]
    own = is_in * weight
    shares = own / own.sum(axis=1, keepdims=True).clip(min=1)
    return np.vstack([shares, _weights(rules) @ shares])
