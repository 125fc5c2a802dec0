"""Minimum respondents: the published tables, and what every rule keeps to."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from surveys.fieldwork.minimums import Rule, krejcie_morgan, mean, needed, slovin

# Krejcie and Morgan, Determining Sample Size for Research Activities, Educational and
# Psychological Measurement 30 (1970), table 1, whole. (The row that is often reprinted
# as 100,000 → 384 is that of 1,000,000; the equation gives 383 for 100,000.)
TABLE_1970 = """
10 10 15 14 20 19 25 24 30 28 35 32 40 36 45 40 50 44 55 48 60 52 65 56 70 59 75 63
80 66 85 70 90 73 95 76 100 80 110 86 120 92 130 97 140 103 150 108 160 113 170 118
180 123 190 127 200 132 210 136 220 140 230 144 240 148 250 152 260 155 270 159 280
162 290 165 300 169 320 175 340 181 360 186 380 191 400 196 420 201 440 205 460 210
480 214 500 217 550 226 600 234 650 242 700 248 750 254 800 260 850 265 900 269 950
274 1000 278 1100 285 1200 291 1300 297 1400 302 1500 306 1600 310 1700 313 1800 317
1900 320 2000 322 2200 327 2400 331 2600 335 2800 338 3000 341 3500 346 4000 351
4500 354 5000 357 6000 361 7000 364 8000 367 9000 368 10000 370 15000 375 20000 377
30000 379 40000 380 50000 381 75000 382 1000000 384
"""


def test_krejcie_and_morgan_give_every_row_of_their_table() -> None:
    numbers = [int(word) for word in TABLE_1970.split()]
    table = dict(zip(numbers[::2], numbers[1::2], strict=True))
    assert {n: krejcie_morgan(n) for n in table} == table
    assert krejcie_morgan(100_000) == 383


def test_slovin_and_the_mean_agree_with_their_equations_worked_by_hand() -> None:
    sizes = (10, 30, 100, 500, 1000, 5000, 100_000)
    assert [slovin(n, 5) for n in sizes] == [10, 28, 80, 223, 286, 371, 399]
    assert [mean(n, 2, 20) for n in sizes] == [10, 28, 80, 218, 278, 357, 383]
    assert [mean(n, 3, 20) for n in sizes] == [10, 26, 64, 128, 146, 166, 171]
    # 1000 / (1 + 1000 · 0.03²) = 526.3; (1.96 · 15 / 2)² = 216.09, no end of people.
    assert slovin(1000, 3) == 527
    assert mean(10**9, 2, 15) == 217


RULES = st.builds(
    Rule,
    st.sampled_from(["share", "number", "slovin", "krejcie_morgan", "mean"]),
    st.floats(0.1, 50),
    st.floats(1, 50),
)


@given(rule=RULES, n=st.integers(0, 5_000_000))
def test_nobody_is_asked_for_more_than_there_are_or_fewer_than_are_shown(
    rule: Rule, n: int
) -> None:
    found = needed(rule, n, shown_from=10)
    assert min(n, 10) <= found <= n
    assert needed(rule, n + 1, shown_from=10) >= found


@pytest.mark.parametrize(("percent", "n"), [(7, 7), (50, 50), (0.1, 1), (100, 100)])
def test_a_share_is_not_rounded_up_for_the_last_bit_of_a_float(
    percent: float, n: int
) -> None:
    assert needed(Rule("share", percent), 100, shown_from=0) == n
