"""What pass 1 keeps of the whole wave, so that one sheet can be held against it.

Whole numbers and a sample that does not depend on how the wave was cut: sums over
shards are the same in any order.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from scoring.arrays import Codes, Floats, Integers
from scoring.packing import pack, unpack
from scoring.quality.careless import synonym_pairs, within_person_sd
from scoring.quality.key import LEVELS, Key
from scoring.quality.rules import QualityRule

SPREADS = 1_000
"""Steps in which the spread within a person is counted, of the range of the scale."""

PRIMES = (0x9E3779B97F4A7C15, 0xBF58476D1CE4E5B9, 0x94D049BB133111EB)


@dataclass(frozen=True, eq=False)
class Moments:
    """Sums over usable people (equation 60)."""

    n_complete: Integers
    """(1,) people with every item."""
    sums: Integers
    """(I,) over them."""
    products: Integers
    """(I, I)"""
    spreads: Integers
    """(SPREADS + 1,) people by spread within the person."""
    levels: Integers
    """(LEVELS + 1,) people by their mean."""
    n_runs: Integers
    """(1,) people whose longest run was kept when they answered."""
    priority: NDArray[np.uint64]
    """(m,) of the sampled people, rising; the lowest of the wave."""
    pool: Codes
    """(m, I) their sheets."""
    pool_unit: Integers
    """(m,) the unit each of them answered for."""

    @cached_property
    def n(self) -> int:
        return int(self.levels.sum())


def moments_of(
    key: Key,
    rule: QualityRule,
    sheets: Codes,
    order: Integers,
    longest: Integers,
    unit: Integers,
    seed: int,
) -> Moments:
    """Sums over usable sheets (n, width); ``order`` (n,) is their fixed number."""
    codes = sheets[usable := key.is_usable(sheets)][:, key.slots]
    raw, scored = key.read(codes, key.raw), key.read(codes, key.scored)
    complete = scored[(scored >= 0).all(axis=1)]
    priority = priority_of(order[usable], seed)
    levels = np.bincount(key.level(scored), minlength=LEVELS + 1)
    spreads = np.bincount(spread_of(key, raw), minlength=SPREADS + 1)
    chosen = np.argsort(priority, kind="stable")[: rule.duplicates.pool]
    return Moments(
        n_complete=np.array([len(complete)], dtype=np.int64),
        sums=complete.sum(axis=0),
        products=complete.T @ complete,
        spreads=spreads.astype(np.int64),
        levels=levels.astype(np.int64),
        n_runs=np.array([np.count_nonzero(longest[usable])], dtype=np.int64),
        priority=priority[chosen],
        pool=codes[chosen],
        pool_unit=unit[usable][chosen],
    )


def spread_of(key: Key, raw: Integers) -> Integers:
    """(n,) spread within a person (equation 36) in steps of 1/SPREADS of the range."""
    spread = np.nan_to_num(within_person_sd(key.as_floats(raw)))
    return np.minimum(np.round(spread * SPREADS / key.top), SPREADS).astype(np.int64)


def priority_of(order: Integers, seed: int) -> NDArray[np.uint64]:
    """A number for each person as if drawn, the same for the same seed (SplitMix)."""
    mixed = order.astype(np.uint64) + np.uint64(seed % 2**63)
    mixed = mixed * np.uint64(PRIMES[0])
    mixed = (mixed ^ (mixed >> np.uint64(30))) * np.uint64(PRIMES[1])
    mixed = (mixed ^ (mixed >> np.uint64(27))) * np.uint64(PRIMES[2])
    found: NDArray[np.uint64] = mixed ^ (mixed >> np.uint64(31))
    return found


def add(first: Moments, second: Moments, rule: QualityRule) -> Moments:
    """Of both sets of people; the sample keeps the lowest priorities of both."""
    summed = {
        field.name: getattr(first, field.name) + getattr(second, field.name)
        for field in fields(Moments)
        if field.name not in ("priority", "pool", "pool_unit")
    }
    priority = np.concatenate([first.priority, second.priority])
    chosen = np.argsort(priority, kind="stable")[: rule.duplicates.pool]
    return Moments(
        **summed,
        priority=priority[chosen],
        pool=np.concatenate([first.pool, second.pool])[chosen],
        pool_unit=np.concatenate([first.pool_unit, second.pool_unit])[chosen],
    )


def to_bytes(moments: Moments) -> bytes:
    return pack({field.name: getattr(moments, field.name) for field in fields(Moments)})


def from_bytes(data: bytes) -> Moments:
    """The moments that ``to_bytes`` wrote; ValueError for anything else."""
    return Moments(**unpack(data))


@dataclass(frozen=True, eq=False)
class Nation:
    """Everybody of the wave, as one sheet is held against them."""

    key: Key
    rule: QualityRule
    moments: Moments
    mean: Floats
    """(I,)"""
    covariance: Floats
    """(I, I); empty where too few are complete or an item does not vary."""
    pairs: Integers
    """(m, 2) items that people answer alike."""
    least_spread: int
    """Highest step of spread that only the lowest ``low_spread`` reach; 0 at least."""
    part_of_level: Integers
    """(LEVELS + 1,) which of the equal parts of the wave a mean falls into."""


def nation_of(key: Key, rule: QualityRule, moments: Moments) -> Nation:
    """Moments as limits."""
    n_items = len(moments.sums)
    n = int(moments.n_complete[0])
    mean = moments.sums / max(n, 1)
    covariance, pairs = np.empty((0, 0)), np.empty((0, 2), dtype=np.int64)
    if n > n_items:
        whole = n * moments.products - np.outer(moments.sums, moments.sums)
        if np.all(np.diagonal(whole) > 0):
            covariance = whole / (n * (n - 1))
            scale = np.sqrt(np.diagonal(covariance))
            correlation = covariance / np.outer(scale, scale)
            pairs = synonym_pairs(correlation, above=rule.sheets.synonyms_above)
    rarer = np.cumsum(moments.spreads) <= rule.sheets.low_spread * moments.n
    below = np.cumsum(moments.levels) - moments.levels
    parts = rule.duplicates.parts
    return Nation(
        key=key,
        rule=rule,
        moments=moments,
        mean=mean,
        covariance=covariance,
        pairs=pairs,
        least_spread=max(int(rarer.sum()) - 1, 0),
        part_of_level=np.minimum(parts * below // max(moments.n, 1), parts - 1),
    )
