"""Flags of sheets and of units, and scores without some of the answers. Pure."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from scipy import stats

from scoring.arrays import Codes, Integers
from scoring.plan import plan_of
from scoring.quality import checks, duplicates, moments, people, scenarios, units
from scoring.quality.key import LEVELS, Key, key_of
from scoring.quality.people import Sheets
from scoring.quality.rules import QualityRule
from scoring.scheme import parse_scheme
from scoring.scheme_errors import SchemeError
from scoring.tally import tally_answers
from tests.scoring.sheets import scheme_of, sheet_of, shipped, tree_of

SEVEN = {f"v{v}": [f"q{v}{i}" for i in range(3)] for v in range(7)}
SHEET = sheet_of(SEVEN, reversed_items=["q00"], has_dont_know=True)
PLAN = plan_of(SHEET, scheme_of())
KEY: Key = replace(key_of(SHEET, PLAN), n_items_of_page=np.array([6, 15]))
RULE = QualityRule()
TURNED = np.isin(PLAN.items, ["q00"])


def people_of(n: int, seed: int = 1) -> Codes:
    """Sheets of people with an opinion of their own, of each value and of all."""
    generator = np.random.default_rng(seed)
    person = 4 + generator.standard_normal((n, 1))
    value = np.repeat(0.6 * generator.standard_normal((n, 7)), 3, axis=1)
    noise = 0.7 * generator.standard_normal((n, 21))
    scored = np.clip(np.round(person + value + noise), 1, 6)
    return np.where(TURNED, 7 - scored, scored).astype(np.int16)


def sheets_of(codes: Codes, seconds: tuple[int, int] = (60, 150)) -> Sheets:
    nothing = np.zeros(len(codes), dtype=np.int64)
    timed = np.tile(np.array(seconds), (len(codes), 1))
    return Sheets(codes, timed, nothing, nothing, nothing)


def moments_over(codes: Codes, order: Integers | None = None) -> moments.Moments:
    order = np.arange(len(codes)) if order is None else order
    longest = np.zeros(len(codes), dtype=np.int64)
    return moments.moments_of(KEY, RULE, codes, order, longest, longest, 7)


WAVE = people_of(3_000)
NATION = moments.nation_of(KEY, RULE, moments_over(WAVE))


# --- the whole wave ------------------------------------------------------------------


def test_moments_do_not_depend_on_how_the_wave_is_cut() -> None:
    order = np.arange(len(WAVE))
    whole = moments_over(WAVE)
    parts = [moments_over(WAVE[cut], order[cut]) for cut in np.split(order, [700, 701])]
    first, second, third = parts
    added = moments.add(third, moments.add(first, second, RULE), RULE)
    assert moments.to_bytes(added) == moments.to_bytes(whole)
    assert moments.to_bytes(moments.from_bytes(moments.to_bytes(whole))) == (
        moments.to_bytes(whole)
    )


def test_the_sample_is_that_of_the_lowest_numbers() -> None:
    rule = RULE.model_copy(
        update={"duplicates": RULE.duplicates.model_copy(update={"pool": 100})}
    )
    order = np.arange(len(WAVE))
    zeros = np.zeros(len(WAVE), dtype=np.int64)
    whole = moments.moments_of(KEY, rule, WAVE, order, zeros, zeros, 7)
    first, second = (
        moments.moments_of(
            KEY, rule, WAVE[half], order[half], zeros[half], zeros[half], 7
        )
        for half in np.split(order, 2)
    )
    assert len(whole.pool) == 100
    assert moments.to_bytes(moments.add(first, second, rule)) == moments.to_bytes(whole)


def test_a_mean_is_a_step_of_the_scale() -> None:
    scored = np.array([[0] * 21, [5] * 21, [-1] * 21, [5] * 20 + [-1]])
    assert KEY.level(scored).tolist() == [0, LEVELS, 0, LEVELS]


# --- sheets --------------------------------------------------------------------------


def flag_one(codes: list[int], seconds: tuple[int, int] = (60, 150)) -> people.Flags:
    return people.flag(NATION, sheets_of(np.array([codes], np.int16), seconds))


def kinds_of(flags: people.Flags) -> set[str]:
    return {
        kind for kind, is_set in zip(people.KINDS, flags.soft[0], strict=True) if is_set
    }


def test_honest_sheets_are_hardly_ever_left_out() -> None:
    found = people.flag(NATION, sheets_of(WAVE))
    assert not found.hard.any()
    assert found.strict.mean() < 0.02


def test_speed_is_soft_by_page_and_hard_over_all() -> None:
    honest = WAVE[0].tolist()
    assert kinds_of(flag_one(honest, (60, 150))) == set()
    assert kinds_of(flag_one(honest, (11, 150))) == {"hurried"}
    assert not flag_one(honest, (11, 150)).strict[0]
    assert flag_one(honest, (10, 10)).hard[0]
    assert flag_one(honest, (10, 10)).strict[0]
    assert not flag_one(honest, (0, 0)).soft[0, 0], "not known"


def test_a_straight_line_is_one_kind_however_it_is_seen() -> None:
    found = flag_one([4] * 21)
    assert kinds_of(found) == {"uniform"}
    assert (found.straight[0], found.highest[0], found.strict[0]) == (
        True,
        False,
        False,
    )


def test_the_longest_run_in_shown_order_counts_where_it_was_kept() -> None:
    kept = moments.nation_of(
        KEY, RULE, replace(moments_over(WAVE), n_runs=np.array([5]))
    )
    sheets = replace(sheets_of(WAVE[:2]), longest=np.array([10, 11]))
    assert people.flag(kept, sheets).soft[:, 1].tolist() == [False, True]


def test_all_highest_turns_a_reversed_item() -> None:
    highest = [1 if turned else 6 for turned in TURNED]
    assert flag_one(highest).highest[0]
    assert not flag_one([6] * 21).highest[0]
    assert flag_one([*highest[:-1], 7]).highest[0], "don't know is no lower answer"


def test_a_random_sheet_is_far_from_everybody_and_contradicts_itself() -> None:
    found = flag_one([1, 1, 6, 6, 1, 1, 1, 6, 1, 6, 1, 6, 1, 1, 6, 6, 1, 6, 1, 6, 1])
    assert {"outlying", "contradictory"} <= kinds_of(found)
    assert found.strict[0]


def test_a_sheet_with_gaps_is_judged_by_what_it_has() -> None:
    found = flag_one([*WAVE[0].tolist()[:18], 7, 7, 7])
    assert not found.soft[0, 2]


def test_few_people_give_no_limits() -> None:
    few = moments.nation_of(KEY, RULE, moments_over(WAVE[:10]))
    assert few.covariance.shape == (0, 0)
    assert not people.flag(few, sheets_of(WAVE[:10])).soft[:, 2:].any()


# --- duplicates ----------------------------------------------------------------------

POOL = duplicates.Pool(NATION)


def test_copies_of_a_sheet_are_found_and_honest_units_are_not() -> None:
    honest = people_of(60, seed=2)
    assert not duplicates.find(POOL, honest, 7, "01", 1).is_beyond_chance
    filled_in = honest.copy()
    filled_in[:9] = filled_in[0]
    found = duplicates.find(POOL, filled_in, 7, "01", 1)
    assert found.is_beyond_chance
    assert found.limit is not None
    assert found.n_pairs >= 36 > found.limit
    assert duplicates.find(POOL, filled_in, 7, "01", 1) == found


def test_straight_lines_are_set_aside() -> None:
    unit = people_of(40, seed=3)
    unit[:20] = 4
    found = duplicates.find(POOL, unit, 7, "02", 1)
    assert (found.n_people, found.is_beyond_chance) == (20, False)


def test_large_units_are_compared_in_blocks() -> None:
    rule = RULE.duplicates.model_copy(update={"block": 50})
    nation = replace(NATION, rule=RULE.model_copy(update={"duplicates": rule}))
    unit = people_of(120, seed=4)
    unit[:60] = unit[0]
    found = duplicates.find(duplicates.Pool(nation), unit, 7, "03", 1)
    assert found.is_beyond_chance
    assert 3 * 190 <= found.n_pairs < 1770


# --- units ---------------------------------------------------------------------------


def test_ceiling_is_held_against_the_other_units() -> None:
    n = np.array([100] * 12)
    highest = np.array([4, 6, 5, 9, 3, 7, 5, 6, 4, 8, 5, 60])
    chance = units.ceiling(n, highest)
    assert (chance < stats.norm.sf(3)).tolist() == [False] * 11 + [True]
    alike = units.ceiling(n, np.full(12, 5))
    assert alike == pytest.approx(stats.binom.sf(4, 100, 55.5 / 1101))


def test_a_unit_in_which_everybody_agrees_is_too_even() -> None:
    generator = np.random.default_rng(5)
    n = np.full(12, 40)
    rows = generator.normal(5_000, 1_500, (12, 40)).round().astype(np.int64)
    rows[3] = 5_000 + rows[3] // 100
    chance = units.evenness(n, rows.sum(axis=1), (rows**2).sum(axis=1))
    assert (chance < 0.001).tolist() == [place == 3 for place in range(12)]
    one = units.evenness(np.array([1, 40]), np.zeros(2, int), np.zeros(2, int))
    assert np.isnan(one).all()


def test_a_profile_is_flat_only_where_the_nations_is_not() -> None:
    nation = np.array([57.9, 74.1, 56.7, 63.8, 65.8, 38.9, 69.4])
    rows = np.stack([nation + 5, np.full(7, 80) + np.arange(7) / 10])
    assert units.is_flat(rows, nation, 0.2).tolist() == [False, True]
    assert not units.is_flat(rows[:, :2], nation[:2], 0.2).any()


def test_a_jump_needs_more_answers_or_all_alike() -> None:
    def wave(score: float, response: float) -> units.Before:
        return units.Before(*(np.full(2, x) for x in (score, 1.0, response)))

    then, even = wave(60, 0.5), np.array([False, True])
    assert units.is_jump(wave(70, 0.8), then, even, RULE).tolist() == [True, True]
    assert units.is_jump(wave(70, 0.6), then, even, RULE).tolist() == [False, True]
    assert units.is_jump(wave(64, 0.8), then, even, RULE).tolist() == [False, False]


def test_a_burst_is_held_against_when_others_answer() -> None:
    generator = np.random.default_rng(6)
    rate = np.array([1, 8, 6, 3, 2, 9, 5, 3, 2, 1]) / 4
    counts = generator.poisson(rate * 4, (30, 10))
    counts[4] = 1
    counts[4, 8] = 60
    chance = units.bursts(counts, 1)
    assert (chance < 0.001).tolist() == [place == 4 for place in range(30)]
    assert np.isnan(units.bursts(counts[:, :1], 1)).all()


def test_what_is_flagged_below_counts_where_it_is_a_tenth() -> None:
    flagged, everybody = np.array([0, 9, 10]), np.array([0, 100, 100])
    assert units.carried(flagged, everybody, 0.1).tolist() == [False, False, True]


def test_kinds_of_one_family_count_once() -> None:
    assert units.n_families({"ceiling", "jump", "even_spread"}) == 1
    assert units.n_families({"ceiling", "devices"}) == 2


# --- scenarios -----------------------------------------------------------------------

TREE = tree_of([-1, 0, 0], [1, 2])
ANSWERS = np.vstack([people_of(40, seed=8), people_of(40, seed=9)])
CELL = np.repeat([0, 1], 40)


def checks_of(sheets: Sheets, cell: Integers) -> checks.Checks:
    flags = people.flag(NATION, sheets)
    levels = KEY.level(KEY.read(sheets.codes, KEY.scored))
    leaving = checks.leaving_of(sheets, flags)
    ones = np.ones(len(cell))
    return checks.Checks(
        **checks.sums_of(cell, 2, levels, sheets, flags),
        **checks.left_of(PLAN, sheets.codes, cell, 2, ones, leaving),
        units=np.array([1, 2]),
        largest=np.zeros(2, dtype=np.int64),
        pairs=np.zeros((2, 3), dtype=np.int64),
    )


def test_scenarios_are_the_tallies_of_those_who_stay() -> None:
    answers = ANSWERS.copy()
    answers[3:6] = 4
    answers[50:70] = [1 if turned else 6 for turned in TURNED]
    device = np.zeros(80, dtype=np.int64)
    device[[10, 20, 30]] = 1
    sheets = replace(sheets_of(answers), device=device)
    sheets.seconds[7] = 1
    found = checks_of(sheets, CELL)
    whole = tally_answers(PLAN, answers, CELL, 2)
    every = scenarios.scenarios(whole, found, TREE, level=0.95, minimum=10)
    flags = people.flag(NATION, sheets)
    stays = ~checks.leaving_of(sheets, flags)
    for which in range(4):
        stay = stays[:, which]
        expected = tally_answers(PLAN, answers[stay], CELL[stay], 2)
        got = every[1 + which].tally
        assert (got.linear == expected.linear).all()
        assert (got.n_valid == expected.n_valid).all()
        assert every[1 + which].n_removed[0] == np.count_nonzero(~stay)
    assert every[3].n_removed.tolist() == [2, 2, 0]
    assert flags.straight[3:6].all()
    assert every[4].n_removed.tolist()[1] == 3


def test_all_highest_sheets_are_capped_and_the_cell_weighs_as_much() -> None:
    answers = ANSWERS.copy()
    answers[40:70] = [1 if turned else 6 for turned in TURNED]
    found = checks_of(sheets_of(answers), CELL)
    whole = tally_answers(PLAN, answers, CELL, 2)
    factor, removed = scenarios.cap(found, TREE, level=0.5, minimum=10)
    most = (0 + 30 / 40) / 2
    assert factor.tolist() == pytest.approx([1, most / (1 - most) * 10 / 30])
    assert removed.tolist() == [24, 0, 24]
    got = checks.capped(whole, found, factor)
    assert got.linear[:, 0].tolist() == pytest.approx([40, 40])
    plain, below = whole.linear[1], got.linear[1]
    assert below[1] / below[8] < plain[1] / plain[8]


def test_checks_are_put_together_cell_by_cell() -> None:
    whole = checks_of(sheets_of(ANSWERS), CELL)
    both = checks.in_order([whole, whole], [(1, 1), (0, 0)])
    assert both.n.tolist() == [40, 40]
    assert (both.counts[0] == whole.counts[1]).all()
    assert (both.left_linear[:, 1] == whole.left_linear[:, 0]).all()
    assert both.units.tolist() == [1, 2, 1, 2]
    assert checks.to_bytes(checks.from_bytes(checks.to_bytes(both))) == (
        checks.to_bytes(both)
    )


# --- the rule ------------------------------------------------------------------------


def test_wrong_constants_are_named() -> None:
    document = shipped("fevs-eei.yaml")
    wrong = {"quality": {"duplicates": {"alike": 1.2}, "families": 9, "x": 1}}
    with pytest.raises(SchemeError) as refused:
        parse_scheme(document | wrong)
    assert refused.value.errors == {
        "quality.duplicates.alike": "harus kurang dari 1.0",
        "quality.families": "harus paling banyak 4",
        "quality.x": "tidak dikenal",
    }
