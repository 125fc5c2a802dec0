"""How many must answer in a unit, by the rule that the wave has chosen.

Each rule is what its name says and no more: none of them makes a biased selection of
people represent a unit. ``docs/method.md`` holds the equations, and which rule fits
what. Every count is at least 1 and at most the number of people.

Pure: no Django, no I/O.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass

CHI_SQUARE = 3.841
"""95 % point of chi-square with one degree of freedom, as Krejcie and Morgan print."""

Z = 1.96
"""97.5 % point of the normal distribution, as survey books print it."""


def share(n_people: int, percent: float) -> int:
    """A fixed share: ``percent`` of the people, rounded up.

    A rule of thumb, with no statistics behind it.

    >>> share(331, 50), share(10, 50), share(0, 50)
    (166, 5, 0)
    """
    return _within(n_people, _rounded_up(n_people * percent / 100))


def number(n_people: int, n: float) -> int:
    """A fixed number, or everybody where there are fewer.

    >>> number(500, 140), number(90, 140)
    (140, 90)
    """
    return _within(n_people, _rounded_up(n))


def slovin(n_people: int, percent_error: float) -> int:
    """``N / (1 + N e²)``, rounded up: for a proportion near one half, at about 95 %.

    It is Cochran's formula with p = 0.5 and z rounded to 2, which offices know by this
    name; it was never derived for anything else (Tejada and Punzalan, The Philippine
    Statistician 61(1), 2012).

    >>> [slovin(n, 5) for n in (10, 30, 100, 500, 1000, 5000, 100_000)]
    [10, 28, 80, 223, 286, 371, 399]
    """
    error = percent_error / 100
    return _within(n_people, _rounded_up(n_people / (1 + n_people * error**2)))


def krejcie_morgan(n_people: int, percent_error: float = 5.0) -> int:
    """``χ² N P(1−P) / (d²(N−1) + χ² P(1−P))`` with P = 0.5, rounded to the nearest.

    For a proportion, at 95 % (Krejcie and Morgan, Educational and Psychological
    Measurement 30, 1970, whose table has d = 5 %).

    >>> [krejcie_morgan(n) for n in (10, 100, 1000, 5000, 100_000, 1_000_000)]
    [10, 80, 278, 357, 383, 384]
    """
    spread = CHI_SQUARE * 0.25
    error = percent_error / 100
    size = n_people * spread / (error**2 * (n_people - 1) + spread)
    return _within(n_people, math.floor(size + 0.5))


def mean(n_people: int, points: float, spread: float) -> int:
    """``n₀ / (1 + (n₀ − 1)/N)`` with ``n₀ = (z S / e)²``, rounded up.

    Cochran's formula for a mean, and so the one that fits an index from 0 to 100:
    ``spread`` is the standard deviation S of the index between people, ``points`` the
    margin e that 95 % of samples keep.

    >>> [mean(n, 2, 20) for n in (10, 30, 100, 500, 1000, 5000, 100_000)]
    [10, 28, 80, 218, 278, 357, 383]
    """
    unlimited = (Z * spread / points) ** 2
    return _within(
        n_people, _rounded_up(unlimited / (1 + (unlimited - 1) / max(1, n_people)))
    )


@dataclass(frozen=True)
class Rule:
    """A rule by its name, its figure, and (for the mean) the spread between people."""

    name: str
    figure: float
    spread: float = 20.0


_RULES: Mapping[str, Callable[[int, Rule], int]] = {
    "share": lambda n, rule: share(n, rule.figure),
    "number": lambda n, rule: number(n, rule.figure),
    "slovin": lambda n, rule: slovin(n, rule.figure),
    "krejcie_morgan": lambda n, rule: krejcie_morgan(n, rule.figure),
    "mean": lambda n, rule: mean(n, rule.figure, rule.spread),
}


def needed(rule: Rule, n_people: int, *, shown_from: int) -> int:
    """How many must answer among so many people.

    Never fewer than ``shown_from``: below that a unit's result is not shown at all.

    >>> needed(Rule("share", 50), 12, shown_from=10)
    10
    """
    return min(n_people, max(shown_from, _RULES[rule.name](n_people, rule)))


def _rounded_up(size: float) -> int:
    """Up, but not for the last bit of a float: 0.07 × 100 stays 7."""
    return math.ceil(round(size, 9))


def _within(n_people: int, n: int) -> int:
    return max(min(1, n_people), min(n_people, n))
