"""How often do flags fall on honest units, and is a clerk found? On real answers.

``python -m bench.false_alarms`` reads FEVS 2018 (101,881 civil servants in 234 units)
and prints as JSON, for three questionnaires made of its items,

- of each flag, how many units with at least ten answers it falls on, though nobody
  is known to have steered any of them;
- how often a clerk is found who replaced nine sheets of a unit by copies of one, in
  sixty units drawn by size.

It ends with 1 if near-duplicates fall on more than 1 % of the units, over three seeds.
"""

from __future__ import annotations

import json
import sys
import time
from typing import Any

import numpy as np
import pandas as pd
from scipy.stats import norm

from bench.sources import FEVS
from scoring.arrays import Codes, Integers
from scoring.plan import plan_of
from scoring.quality import duplicates, moments, people, units
from scoring.quality.duplicates import Pool
from scoring.quality.key import key_of
from scoring.quality.people import Sheets
from scoring.quality.rules import QualityRule
from tests.scoring.sheets import scheme_of, sheet_of

RULE = QualityRule()
SEEDS = (1, 2, 3)
CLERKS, COPIES, LEAST, MOST = 60, 9, 10, 0.01
QUESTIONNAIRES: dict[str, dict[str, tuple[int, ...]]] = {
    "engagement index, 15 items": {
        "LEADERS_LEAD": (53, 54, 56, 60, 61),
        "SUPERVISORS": (47, 48, 49, 51, 52),
        "INTRINSIC": (3, 4, 6, 11, 12),
    },
    "seven values, 21 items": {
        f"V{v}": tuple(range(1 + 3 * v, 4 + 3 * v)) for v in range(7)
    },
    "all, 71 items": {
        f"PART{part}": tuple(range(1 + 10 * part, min(11 + 10 * part, 72)))
        for part in range(8)
    },
}


def pool_of(
    codes: Codes, unit: Integers, dimensions: dict[str, tuple[int, ...]], seed: int
) -> Pool:
    """The file as one wave."""
    names = {code: [f"Q{i}" for i in items] for code, items in dimensions.items()}
    sheet = sheet_of(names, n_points=5)
    key = key_of(sheet, plan_of(sheet, scheme_of()))
    nobody = np.zeros(len(codes), dtype=np.int64)
    order = np.arange(len(codes), dtype=np.int64)
    found = moments.moments_of(key, RULE, codes, order, nobody, unit, seed)
    return Pool(moments.nation_of(key, RULE, found))


def level_flags(pool: Pool, codes: Codes, groups: list[Integers]) -> dict[str, int]:
    """Units on which the flags of the last family fall."""
    key = pool.nation.key
    scored = key.read(codes, key.scored)
    level, highest = key.level(scored), np.all(scored == key.top, axis=1)
    n = np.array([len(rows) for rows in groups])
    sums = np.array([[level[r].sum(), (level[r] ** 2).sum()] for r in groups])
    most = np.array([int(highest[rows].sum()) for rows in groups])
    limit = norm.sf(RULE.ceiling_errors)
    by_item = np.eye(len(key.plan.dimensions))[key.dimension_of_item]
    scores = (scored @ by_item) / by_item.sum(axis=0)
    means = np.array([scores[rows].mean(axis=0) for rows in groups])
    flat = units.is_flat(means, scores.mean(axis=0), RULE.flat_share)
    even = units.evenness(n, *sums.T) < 1 - RULE.spread_level
    return {
        "ceiling": int((units.ceiling(n, most) < limit).sum()),
        "even_spread": int(even.sum()),
        "flat_profile": int(flat.sum()),
    }


def clerks_found(
    pool: Pool, codes: Codes, owner: Integers, groups: list[Integers]
) -> dict[str, Any]:
    """Of clerks with nine copies of one sheet, in units drawn at random."""
    generator = np.random.default_rng(SEEDS[0])
    found = dict.fromkeys(("below 100", "100 to 499", "500 and more"), 0)
    n = dict.fromkeys(found, 0)
    large = [rows for rows in groups if len(rows) >= 3 * COPIES]
    for place in generator.choice(len(large), CLERKS, replace=False).tolist():
        unit = codes[large[place]].copy()
        chosen = generator.choice(len(unit), COPIES, replace=False)
        unit[chosen] = unit[chosen[0]]
        size = list(found)[(len(unit) >= 100) + (len(unit) >= 500)]
        n[size] += 1
        name = f"clerk {place}"
        number = int(owner[large[place][0]])
        alike = duplicates.find(pool, unit, SEEDS[0], name, number)
        found[size] += alike.is_beyond_chance
    each = {f"units of {size}": f"{found[size]} of {n[size]}" for size in found}
    return {"found": sum(found.values()), "of": CLERKS, **each}


def alarms(
    pool: Pool, codes: Codes, owner: Integers, groups: dict[str, Integers], seed: int
) -> int:
    """Units on which near-duplicates fall."""
    return sum(
        duplicates.find(
            pool, codes[rows], seed, name, int(owner[rows[0]])
        ).is_beyond_chance
        for name, rows in groups.items()
    )


def measure(
    codes: Codes,
    owner: Integers,
    dimensions: dict[str, tuple[int, ...]],
    groups: dict[str, Integers],
) -> dict[str, Any]:
    started = time.monotonic()
    pools = [pool_of(codes, owner, dimensions, seed) for seed in SEEDS]
    flagged = [
        alarms(pool, codes, owner, groups, seed)
        for pool, seed in zip(pools, SEEDS, strict=True)
    ]
    seconds = time.monotonic() - started
    pool, every = pools[0], list(groups.values())
    nobody = np.zeros(len(codes), dtype=np.int64)
    sheets = Sheets(codes, nobody[:, np.newaxis], nobody, nobody, nobody)
    flags = people.flag(pool.nation, sheets)
    kinds = zip(people.KINDS, flags.soft.mean(axis=0), strict=True)
    return {
        "units": len(groups),
        "near_duplicates": {
            "flagged": dict(zip(SEEDS, flagged, strict=True)),
            "share": round(sum(flagged) / len(SEEDS) / len(groups), 4),
            "seconds": round(seconds / len(SEEDS), 1),
        },
        "level": level_flags(pool, codes, every),
        "clerks": clerks_found(pool, codes, owner, every),
        "sheets": {
            **{kind: round(float(share), 4) for kind, share in kinds},
            "strict": round(float(flags.strict.mean()), 4),
            "straight": round(float(flags.straight.mean()), 4),
        },
    }


def main() -> None:
    if not FEVS.exists():
        raise SystemExit(f"The real answers are not here: {FEVS}")
    table = pd.read_csv(FEVS)
    owner = np.unique(table["LEVEL1"], return_inverse=True)[1].astype(np.int64)
    indices = table.groupby("LEVEL1").indices
    groups = {
        str(unit): np.array(rows, dtype=np.int64)
        for unit, rows in indices.items()
        if len(rows) >= LEAST
    }
    report = {}
    for name, dimensions in QUESTIONNAIRES.items():
        columns = [f"Q{item}" for items in dimensions.values() for item in items]
        codes = table[columns].to_numpy().astype(np.int16)
        report[name] = measure(codes, owner, dimensions, groups)
    print(json.dumps(report, indent=2))
    shares = [found["near_duplicates"]["share"] for found in report.values()]
    sys.exit(max(shares) > MOST)


if __name__ == "__main__":
    main()
