"""Flags of single sheets. They leave this package as counts only, never one by one."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, fields

import numpy as np

from scoring.arrays import Booleans, Codes, Floats, Integers
from scoring.quality import careless
from scoring.quality.moments import Nation, spread_of

KINDS = ("hurried", "uniform", "outlying", "contradictory")
"""Soft flags. A straight line is one kind, however it is seen: it may be honest."""


@dataclass(frozen=True, eq=False)
class Sheets:
    """Usable sheets of one unit, in their stored order."""

    codes: Codes
    """(n, I) codes of the plan's items."""
    seconds: Integers
    """(n, S) on each page; 0 is not known."""
    longest: Integers
    """(n,) longest run of equal answers in shown order; 0 is not known."""
    device: Integers
    """(n,) number of the device among those of the unit; 0 alone or not known."""
    network: Integers
    """(n,)"""


@dataclass(frozen=True, eq=False)
class Flags:
    """What was seen of each sheet."""

    hard: Booleans
    """(n,) faster than anybody reads."""
    soft: Booleans
    """(n, KINDS)"""
    straight: Booleans
    """(n,) one and the same answer throughout."""
    highest: Booleans
    """(n,) the highest answer throughout."""
    consistency: Floats
    """(n,) even-odd (equation 39), for information; NaN where it cannot be told."""

    @property
    def strict(self) -> Booleans:
        """One hard flag, or two soft ones of different kinds (equation 61)."""
        found: Booleans = self.hard | (self.soft.sum(axis=1) >= 2)
        return found


def joined(parts: Sequence[Flags]) -> Flags:
    """The flags of several units, one after the other."""
    none = np.zeros(0, dtype=np.bool_)
    nobody = Flags(none, none.reshape(0, len(KINDS)), none, none, np.empty(0))
    return Flags(
        **{
            field.name: np.concatenate(
                [getattr(part, field.name) for part in (nobody, *parts)]
            )
            for field in fields(Flags)
        }
    )


def flag(nation: Nation, sheets: Sheets) -> Flags:
    """Hold sheets against the whole wave (equation 61)."""
    key, rule = nation.key, nation.rule.sheets
    raw, scored = (key.read(sheets.codes, table) for table in (key.raw, key.scored))
    hard, hurried = _speed(nation, sheets)
    valid = raw >= 0
    lowest = np.where(valid, raw, key.top).min(axis=1, initial=key.top)
    soft = np.zeros((len(raw), len(KINDS)), dtype=np.bool_)
    soft[:, 0] = hurried
    if raw.shape[1] >= rule.least_items:
        soft[:, 1] = _uniform(nation, sheets, raw)
        soft[:, 2] = _outlying(nation, scored)
        soft[:, 3] = _contradictory(nation, scored)
    return Flags(
        hard=hard,
        soft=soft,
        straight=(lowest == raw.max(axis=1, initial=-1)) & (valid.sum(axis=1) > 1),
        highest=valid.any(axis=1) & np.all((scored == key.top) | ~valid, axis=1),
        consistency=_consistency(nation, scored),
    )


def _speed(nation: Nation, sheets: Sheets) -> tuple[Booleans, Booleans]:
    rule, n_items = nation.rule.sheets, nation.key.n_items_of_page
    seconds = sheets.seconds.astype(np.float64)
    limits = n_items.astype(np.float64)
    known = (sheets.seconds > 0) & (n_items > 0)
    fast = known & (seconds < rule.soft_seconds * limits)
    n_known = known.sum(axis=1)
    hurried = (n_known > 0) & (fast.sum(axis=1) >= rule.soft_pages * n_known)
    hard = careless.is_too_fast(seconds, limits, rule.hard_seconds)
    return hard, hurried


def _uniform(nation: Nation, sheets: Sheets, raw: Integers) -> Booleans:
    """A long run of equal answers (35), or hardly any spread (36)."""
    key, rule = nation.key, nation.rule.sheets
    longest = sheets.longest
    if not nation.moments.n_runs[0]:
        longest = careless.longest_run(key.as_floats(raw))
    is_long: Booleans = longest >= math.ceil(rule.run_share * raw.shape[1])
    is_low: Booleans = spread_of(key, raw) <= nation.least_spread
    return is_long | is_low


def _outlying(nation: Nation, scored: Integers) -> Booleans:
    """Far from everybody (37); a sheet with gaps is not judged."""
    found = np.zeros(len(scored), dtype=np.bool_)
    complete = (scored >= 0).all(axis=1)
    if len(nation.covariance) and complete.any():
        limit = careless.mahalanobis_limit(
            scored.shape[1], nation.rule.sheets.outlier_level
        )
        rows = scored[complete].astype(np.float64)
        distance = careless.mahalanobis(rows, nation.mean, nation.covariance)
        found[complete] = distance > limit
    return found


def _contradictory(nation: Nation, scored: Integers) -> Booleans:
    """Pairs that others answer alike, answered the other way round (38)."""
    if len(nation.pairs) < nation.rule.sheets.least_pairs:
        return np.zeros(len(scored), dtype=np.bool_)
    rows = nation.key.as_floats(scored)
    found: Booleans = careless.synonym_correlation(rows, nation.pairs) < 0
    return found


def _consistency(nation: Nation, scored: Integers) -> Floats:
    key, rows = nation.key, nation.key.as_floats(scored)
    halves: list[list[Floats]] = [[], []]
    for dimension in range(len(key.plan.dimensions)):
        mine = np.flatnonzero(key.dimension_of_item == dimension)
        if len(mine) >= 2:
            for half, part in zip(halves, (mine[::2], mine[1::2]), strict=True):
                half.append(rows[:, part].mean(axis=1))
    if len(halves[0]) < nation.rule.sheets.least_pairs:
        return np.full(len(rows), np.nan)
    even, odd = (np.stack(half, axis=1) for half in halves)
    return careless.even_odd(even, odd)
