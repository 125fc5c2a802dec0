"""Sheets of one unit that are more alike than chance makes them (equation 63).

Permuting items would ignore that items belong together, and would flag every honest
unit. Here a person is replaced as a whole, by somebody of the wave who answers about as
high: what remains is what only this unit's sheets have in common.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from scoring.arrays import Booleans, Codes, Floats, Integers
from scoring.quality.moments import Nation
from scoring.quality.rules import DuplicateRule


@dataclass(frozen=True)
class Alike:
    """Pairs of a unit that are alike; ``limit`` is None where the draws ended early."""

    n_pairs: int
    n_people: int
    limit: int | None
    """The point that chance exceeds once in a thousand."""
    is_beyond_chance: bool


@dataclass(frozen=True, eq=False)
class Pool:
    """The sampled people of a wave who do not answer in a straight line, by part."""

    nation: Nation

    @cached_property
    def _part(self) -> Integers:
        key = self.nation.key
        scored = key.read(self.nation.moments.pool, key.scored)
        part = self.nation.part_of_level[key.level(scored)]
        return np.where(is_straight(self.nation, self.nation.moments.pool), -1, part)

    @cached_property
    def order(self) -> Integers:
        """Places in the pool, those of one part side by side."""
        return np.argsort(self._part, kind="stable").astype(np.int64)

    @cached_property
    def ticked(self) -> Floats:
        """(m, I · K) one column for each answer, 1 where it was given."""
        return ticks(self.nation.moments.pool, self.nation.key.raw.shape[1])

    def part_of(self, codes: Codes) -> Integers:
        """(n,) the part of the wave each person falls into."""
        key = self.nation.key
        level = key.level(key.read(codes, key.scored))
        part: Integers = self.nation.part_of_level[level]
        return part

    def without(self, unit: int) -> Others:
        """The pool less the people of one unit, whose copies would hide it."""
        order = self.order[self.nation.moments.pool_unit[self.order] != unit]
        parts = np.arange(self.nation.rule.duplicates.parts)
        ranked = self._part[order]
        start = np.searchsorted(ranked, parts, side="left")
        stop = np.searchsorted(ranked, parts, side="right")
        return Others(self.ticked, order, start, stop - start)


@dataclass(frozen=True, eq=False)
class Others:
    """Who may stand in for the people of a unit."""

    ticked: Floats
    order: Integers
    """Places in the pool, those of one part side by side."""
    start: Integers
    """(parts,) where each part begins in ``order``."""
    size: Integers
    """(parts,) how many it holds."""

    def draw(self, part: Integers, generator: np.random.Generator) -> Floats:
        """(n, I · K) somebody of the same part in place of each person."""
        place = generator.random(len(part)) * self.size[part]
        chosen = self.order[self.start[part] + place.astype(np.int64)]
        found: Floats = self.ticked[chosen]
        return found


def is_straight(nation: Nation, codes: Codes) -> Booleans:
    """(n,) the same answer throughout: set aside, it is alike by itself."""
    raw = nation.key.read(codes, nation.key.raw)
    valid = raw >= 0
    lowest = np.where(valid, raw, nation.key.top).min(axis=1, initial=nation.key.top)
    straight: Booleans = lowest >= raw.max(axis=1, initial=-1)
    return straight


def ticks(codes: Codes, n_codes: int) -> Floats:
    """Indicators of the answers given; an item left out is like no other.

    In single precision: sums of a few hundred ones are exact.
    """
    given = codes[:, :, np.newaxis] == np.arange(1, n_codes)
    n_columns = codes.shape[1] * (n_codes - 1)
    flat: Floats = given.reshape(len(codes), n_columns).astype(np.float32)
    return flat


def n_alike(ticked: Floats, least: int) -> int:
    """Pairs of rows with at least ``least`` equal answers."""
    equal = ticked @ ticked.T
    np.fill_diagonal(equal, 0)
    return int(np.count_nonzero(equal >= least)) // 2


def find(pool: Pool, codes: Codes, seed: int, code: str, unit: int) -> Alike:
    """Compare the sheets (n, I) of a unit, in blocks, with draws from the others."""
    rule = pool.nation.rule.duplicates
    kept = codes[~is_straight(pool.nation, codes)]
    part = pool.part_of(kept)
    others = pool.without(unit)
    has_others = others.size[part] > 0
    kept, part = kept[has_others], part[has_others]
    least = math.ceil(rule.alike * codes.shape[1] - 1e-9)
    generator = generator_of(seed, code)
    blocks = _blocks(len(kept), rule.block, generator)
    ticked = ticks(kept, pool.nation.key.raw.shape[1])
    observed = sum(n_alike(ticked[block], least) for block in blocks)
    parts = [part[block] for block in blocks]
    drawn = _drawn_pairs(others, parts, least, generator)
    limit = _limit(rule, observed, drawn)
    return Alike(observed, len(kept), limit, is_beyond_chance=limit is not None)


def generator_of(seed: int, code: str) -> np.random.Generator:
    """One for each unit of a run."""
    digest = hashlib.sha256(f"{seed}|duplicates|{code}".encode()).digest()
    return np.random.default_rng(int.from_bytes(digest[:16], "big"))


def _blocks(n: int, size: int, generator: np.random.Generator) -> list[Integers]:
    """Everybody, or random blocks of about ``size`` people."""
    if n <= size:
        return [np.arange(n)]
    return list(np.array_split(generator.permutation(n), math.ceil(n / size)))


def _drawn_pairs(
    others: Others,
    parts: Sequence[Integers],
    least: int,
    generator: np.random.Generator,
) -> Iterator[int]:
    """Pairs alike among replaced people, over all blocks, draw by draw."""
    while True:
        yield sum(n_alike(others.draw(part, generator), least) for part in parts)


def _limit(rule: DuplicateRule, observed: int, drawn: Iterator[int]) -> int | None:
    """The ``level`` point of the draws, or None as soon as it must come too near.

    ``observed`` is to exceed it by ``margin``: what units have in common honestly.
    Whether the unit is beyond chance is the same as if all draws had been made.
    """
    n_above = math.floor((1 - rule.level) * (rule.draws + 1) + 1e-9) - 1
    reached: list[int] = []
    n_near = 0
    for _draw in range(rule.draws):
        reached.append(next(drawn))
        n_near += reached[-1] * (1 + rule.margin) >= observed
        if n_near > n_above:
            return None
    return sorted(reached)[-1 - n_above]
