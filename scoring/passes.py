"""Passes 2 and 3 over the sealed answers: flags of sheets, and whom scenarios lose.

Pass 1 keeps moments of each shard; when all shards have theirs, each is read again and
held against their sum. Shards hold whole units, so nothing here depends on the cutting.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache

import numpy as np

from scoring.arrays import Booleans, Codes, Integers
from scoring.extract_sheets import StoredSheets, sheets_of_cells
from scoring.models import ScoringRun
from scoring.plan import plan_of
from scoring.quality import checks, duplicates, moments, people
from scoring.quality.checks import Checks
from scoring.quality.duplicates import Alike, Pool
from scoring.quality.key import Key, key_of
from scoring.quality.moments import Moments, Nation, nation_of
from scoring.quality.people import Sheets
from scoring.scheme import Scheme
from scoring.schemes_store import scheme_of
from surveys.instruments.authoring import sheet_of
from surveys.models import Wave


def key_for(wave: Wave, scheme: Scheme) -> Key:
    """How this wave's sheets are compared."""
    sheet = sheet_of(wave.instrument)
    return key_of(sheet, plan_of(sheet, scheme), has_pages=wave.is_online)


def moments_of_cells(
    wave: Wave, scheme: Scheme, cell_ids: Sequence[int], seed: int
) -> Moments:
    """With pass 1: what these cells add to the whole wave (equation 60)."""
    key = key_for(wave, scheme)
    stored = sheets_of_cells(wave, cell_ids, n_pages=len(key.n_items_of_page))
    owner = dict(wave.cells.filter(pk__in=cell_ids).values_list("pk", "unit_id"))
    return moments.moments_of(
        key,
        scheme.quality,
        stored.answers,
        stored.order,
        stored.longest,
        np.array([owner[cell] for cell in stored.cell.tolist()], dtype=np.int64),
        seed,
    )


def nation_over(wave: Wave, scheme: Scheme, parts: Iterable[Moments]) -> Nation:
    """The sum of all shards, as limits."""
    first, *others = parts
    total = first
    for part in others:
        total = moments.add(total, part, scheme.quality)
    return nation_of(key_for(wave, scheme), scheme.quality, total)


def checks_of_cells(
    wave: Wave, pool: Pool, cell_ids: Sequence[int], seed: int
) -> Checks:
    """Passes 2 and 3 over cells of whole units, in one reading."""
    nation, key = pool.nation, pool.nation.key
    stored = sheets_of_cells(wave, cell_ids, n_pages=len(key.n_items_of_page))
    place = {cell: i for i, cell in enumerate(cell_ids)}
    cell = np.array([place[c] for c in stored.cell.tolist()], dtype=np.int64)
    codes = stored.answers[:, key.slots]
    units, groups = _by_unit(wave, cell_ids, cell, key.is_usable(stored.answers))
    rows = np.concatenate([np.empty(0, dtype=np.int64), *groups])
    parts = [_sheets(stored, codes, mine) for mine in groups]
    flags = [people.flag(nation, sheets) for sheets in parts]
    left = [checks.leaving_of(*both) for both in zip(parts, flags, strict=True)]
    alike = [
        duplicates.find(pool, sheets.codes, seed, code, unit)
        for sheets, (unit, code) in zip(parts, units.items(), strict=True)
    ]
    everybody = _sheets(stored, codes, rows)
    levels = key.level(key.read(everybody.codes, key.scored))
    n_cells = len(cell_ids)
    return Checks(
        **checks.sums_of(cell[rows], n_cells, levels, everybody, people.joined(flags)),
        **checks.left_of(
            key.plan,
            stored.answers[rows],
            cell[rows],
            n_cells,
            stored.weight[rows],
            np.concatenate([np.empty((0, len(checks.LEAVING)), np.bool_), *left]),
        ),
        units=np.array(list(units), dtype=np.int64),
        largest=np.array([largest_of(s.device) for s in parts], dtype=np.int64),
        pairs=np.array([_pairs(found) for found in alike], np.int64).reshape(-1, 3),
    )


def _by_unit(
    wave: Wave, cell_ids: Sequence[int], cell: Integers, usable: Booleans
) -> tuple[dict[int, str], list[Integers]]:
    """Units with usable answers (key to code), and the rows of each."""
    cells = wave.cells.filter(pk__in=cell_ids)
    found = {
        pk: (unit, code)
        for pk, unit, code in cells.values_list("pk", "unit_id", "unit__code")
    }
    owner = np.array([found[pk][0] for pk in cell_ids], dtype=np.int64)[cell]
    rows = np.flatnonzero(usable)
    rows = rows[np.argsort(owner[rows], kind="stable")]
    present, starts = np.unique(owner[rows], return_index=True)
    code_of = dict(found.values())
    units = {unit: code_of[unit] for unit in present.tolist()}
    return units, np.split(rows, starts[1:]) if len(rows) else []


def _sheets(stored: StoredSheets, codes: Codes, rows: Integers) -> Sheets:
    return Sheets(
        codes=codes[rows],
        seconds=stored.seconds[rows],
        longest=stored.longest[rows],
        device=stored.device[rows],
        network=stored.network[rows],
    )


def largest_of(clusters: Integers) -> int:
    """Most answers with one number above 0."""
    known = clusters[clusters > 0]
    return int(np.bincount(known).max()) if len(known) else 0


def _pairs(found: Alike) -> tuple[int, int, int]:
    beyond = found.limit if found.is_beyond_chance else None
    return found.n_people, found.n_pairs, -1 if beyond is None else beyond


# --- what shards keep ----------------------------------------------------------------


def pool_of(wave: Wave, scheme: Scheme, parts: Iterable[Moments]) -> Pool:
    """The whole wave as pass 2 sees it, from the moments of all shards."""
    return Pool(nation_over(wave, scheme, parts))


@lru_cache(maxsize=1)
def pool_of_run(run_id: int) -> Pool:
    """The same from what pass 1 stored, which nothing changes; once for all shards."""
    run = ScoringRun.objects.select_related("wave__instrument", "scheme").get(pk=run_id)
    return pool_of(run.wave, scheme_of(run.scheme), stored_moments(run))


def stored_moments(run: ScoringRun) -> Iterator[Moments]:
    for stored in run.shards.order_by("number").values_list("moments", flat=True):
        yield moments.from_bytes(bytes(stored or b""))


def checks_of(run: ScoringRun) -> list[Checks]:
    """What passes 2 and 3 stored, shards in the order of their number."""
    stored = run.shards.order_by("number").values_list("checks", flat=True)
    return [checks.from_bytes(bytes(each or b"")) for each in stored]


def cells_of_shards(run: ScoringRun) -> list[list[int]]:
    """How the run was cut."""
    return list(run.shards.order_by("number").values_list("cell_ids", flat=True))


def put_together(
    run: ScoringRun, cells: Sequence[int], parts: Sequence[Checks]
) -> Checks:
    """The checks of all shards, over cells in this order."""
    place = {
        cell: (part, at)
        for part, cell_ids in enumerate(cells_of_shards(run))
        for at, cell in enumerate(cell_ids)
    }
    return checks.in_order(parts, [place[cell] for cell in cells])
