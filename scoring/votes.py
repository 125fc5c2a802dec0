"""Votes: which options of a catalogue people picked, seen through three lenses. Pure.

Each lens is a pick question over the same catalogue: what describes oneself, the unit
as it is, and the unit as it should be. A person votes for an option or does not.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from scoring.arrays import Booleans, Codes, Floats, Integers
from scoring.rules import DimensionRule, LensRule
from scoring.scheme_errors import SchemeError
from surveys.instruments.sheet import Sheet, SheetQuestion

LENSES = ("personal", "present", "desired")
PERSONAL, PRESENT, DESIRED = range(3)

GROUPS = 24
"""Groups that people are sorted into, so that margins need no second look at sheets."""

LIMITING = "limiting"
"""Code of an output: votes of the present lens that go to limiting options."""


@dataclass(frozen=True, eq=False)
class Lenses:
    """The three pick questions over one catalogue of V options, for D dimensions."""

    rule: LensRule
    options: tuple[str, ...]
    """(V,) codes, in the order of the present lens, then those only others have."""
    slots: tuple[Integers, ...]
    """Of each lens, the slots that hold its picks."""
    places: tuple[Integers, ...]
    """Of each lens, (codes,) the option of each code; V for 0, nothing picked."""
    is_of: Booleans
    """(V, D) the option belongs to the dimension."""
    is_limiting: Booleans
    """(V,)"""
    floor: Floats
    """(D,) points that random ticking would give (equation 52)."""

    @property
    def n_votes(self) -> int:
        """Length of a person's vector of votes: V options through three lenses."""
        return len(LENSES) * len(self.options)

    @property
    def unit(self) -> Integers:
        """(D,) how many units make one point, so that points are whole numbers."""
        is_share = self.rule.statistic == "share_mean"
        n_options: Integers = self.is_of.sum(axis=0)
        return n_options if is_share else np.ones_like(n_options)


def lenses_of(sheet: Sheet, rule: LensRule, rules: tuple[DimensionRule, ...]) -> Lenses:
    """The lenses of a sheet; SchemeError names a question or dimension that is not."""
    questions = [_question(sheet, name, getattr(rule, name)) for name in LENSES]
    ordered = [questions[PRESENT], questions[PERSONAL], questions[DESIRED]]
    found = {option.code: option for one in reversed(ordered) for option in one.options}
    options = tuple(dict.fromkeys(o.code for one in ordered for o in one.options))
    is_of = np.array(
        [[found[code].dimension == each.code for each in rules] for code in options]
    )
    for number, rule_of in enumerate(rules):
        if not is_of[:, number].any():
            reason = f"tidak ada pilihan untuk “{rule_of.code}” di lensa"
            raise SchemeError({f"dimensions[{number}].code": reason})
    return Lenses(
        rule=rule,
        options=options,
        slots=tuple(np.arange(q.slot, q.slot + q.n_slots) for q in questions),
        places=tuple(_places(q, options) for q in questions),
        is_of=is_of,
        is_limiting=np.array([found[code].polarity < 0 for code in options]),
        floor=_floor(questions, rule, rules),
    )


def _question(sheet: Sheet, name: str, code: str) -> SheetQuestion:
    try:
        question = sheet.question(code)
    except KeyError:
        reason = f"pertanyaan “{code}” tidak ada di instrumen"
        raise SchemeError({f"lenses.{name}": reason}) from None
    if question.kind != "pick":
        raise SchemeError({f"lenses.{name}": f"“{code}” bukan pertanyaan pilih-k"})
    return question


def _places(question: SheetQuestion, options: tuple[str, ...]) -> Integers:
    places = np.full(len(question.options) + 1, len(options), dtype=np.int64)
    for option in question.options:
        places[option.position] = options.index(option.code)
    return places


def _floor(
    questions: list[SheetQuestion], rule: LensRule, rules: tuple[DimensionRule, ...]
) -> Floats:
    """(D,) expected points of people who tick at random, all picks used (eq. 52)."""
    reach = [
        [_chance(question, each.code) for each in rules]
        for question in (questions[PERSONAL], questions[PRESENT])
    ]
    personal, present = np.array(reach, dtype=np.float64)
    question = questions[PRESENT]
    share = question.n_slots / len(question.options)
    floors: dict[str, Floats] = {
        "reach_present": 100 * present,
        "reach_either": 100 * (1 - (1 - personal) * (1 - present)),
        "reach_mean": 50 * (personal + present),
        "share_mean": np.full(len(rules), 100 * share),
    }
    return floors[rule.statistic]


def _chance(question: SheetQuestion, dimension: str) -> Fraction:
    """That one of the picks, drawn from the options, belongs to the dimension."""
    n, k = len(question.options), question.n_slots
    n_own = sum(option.dimension == dimension for option in question.options)
    return 1 - Fraction(math.comb(n - n_own, k), math.comb(n, k))


def cast(lenses: Lenses, sheets: Codes) -> Booleans:
    """(n, 3, V) which options each person picked through each lens."""
    n, n_options = len(sheets), len(lenses.options)
    votes = np.zeros((n, len(LENSES), n_options + 1), dtype=np.bool_)
    rows = np.arange(n)[:, np.newaxis]
    for lens, (slots, places) in enumerate(
        zip(lenses.slots, lenses.places, strict=True)
    ):
        votes[rows, lens, places[sheets[:, slots]]] = True
    return votes[..., :n_options]


def points_of(lenses: Lenses, votes: Booleans) -> tuple[Floats, Booleans]:
    """Points (n, D) in 1/``lenses.unit``, and who picked enough to have them (n,).

    Equation 50.
    """
    statistic = lenses.rule.statistic
    n_picks = votes.sum(axis=2)
    is_enough: Booleans = n_picks >= lenses.rule.minimum_picks
    of = lenses.is_of.astype(np.float32)
    n_own = votes[:, :DESIRED, :].astype(np.float32) @ of
    personal, present = n_own[:, PERSONAL], n_own[:, PRESENT]
    if statistic == "share_mean":
        return 100 * present.astype(np.float64), is_enough[:, PRESENT]
    if statistic == "reach_present":
        return np.where(present > 0, 100.0, 0.0), is_enough[:, PRESENT]
    both = is_enough[:, PERSONAL] & is_enough[:, PRESENT]
    if statistic == "reach_either":
        return np.where((present > 0) | (personal > 0), 100.0, 0.0), both
    reached = (present > 0).astype(np.float64) + (personal > 0)
    return 50 * reached, both


def limiting_of(lenses: Lenses, votes: Booleans) -> tuple[Floats, Floats]:
    """100 times the limiting votes of each person (n,), and all votes: present lens.

    Equation 51: their ratio over people is the limiting share, in percent.
    """
    present = votes[:, PRESENT]
    n_votes = present.sum(axis=1).astype(np.float64)
    return 100.0 * present[:, lenses.is_limiting].sum(axis=1), n_votes


def group_of(sheets: Codes) -> Integers:
    """(n,) the group of each person, from the sheet alone (equation 55).

    Chance in effect, and the same whoever stands beside whom.
    """
    odd = np.random.default_rng(0).integers(2**63, size=sheets.shape[1]) * 2 + 1
    mixed = (sheets.astype(np.uint64) + 1) * odd.astype(np.uint64)
    hashed = np.bitwise_xor.reduce(mixed ^ (mixed >> np.uint64(29)), axis=1)
    groups: Integers = ((hashed >> np.uint64(33)) % GROUPS).astype(np.int64)
    return groups
