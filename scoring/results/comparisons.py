"""Arrows and bands of a page, from the published scores that stand on it and no other.

Whoever reads a unit and the whole it belongs to can work out the difference; its error
comes from the two published errors alone. So nothing of a hidden sibling is in it.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

from scoring.comparing.bands import band_probabilities, likely_bands
from scoring.comparing.differences import (
    Difference,
    Estimate,
    from_earlier,
    from_whole,
    marks,
    pooled,
)
from scoring.plan import INDEX
from scoring.results.unit_rows import Arrow, Cell, UnitRow
from scoring.rules import Band
from scoring.scheme import TRUSTED_DECIMALS, Scheme

Key = TypeVar("Key")


# --- one cell and another ------------------------------------------------------------


def estimate_of(cell: Cell) -> Estimate | None:
    """What a shown cell says of the truth; None if it is hidden."""
    if cell.score is None or cell.se_model is None:
        return None
    return Estimate(cell.score, cell.se_model)


def beside_whole(cell: Cell, whole: Cell, scheme: Scheme) -> Difference | None:
    """A unit's cell against that of a unit above it (equation 81)."""
    unit, above = estimate_of(cell), estimate_of(whole)
    if unit is None or above is None:
        return None
    return from_whole(unit, above, _share(cell, whole, scheme))


def _share(cell: Cell, whole: Cell, scheme: Scheme) -> float:
    """The unit's part of the whole: of its people, else of its answers.

    0 where given weights stand for people that no frame counts.
    """
    parts = cell.frame, whole.frame
    if None in parts:
        parts = (0, 1) if scheme.use_given_weight else (cell.n, whole.n)
    unit, above = parts
    return min(unit / above, 1.0) if unit and above else 0.0


def since(now: Cell, before: Cell) -> Difference | None:
    """A cell against that of an earlier wave (equation 82)."""
    later, earlier = estimate_of(now), estimate_of(before)
    if later is None or earlier is None:
        return None
    return from_earlier(later, earlier)


def joined(cells: Sequence[Cell], scheme: Scheme) -> Cell:
    """Cells of disjoint units as one (equation 83); empty if one of them is hidden.

    A geometric index of all is no mean of theirs, and empty, too.
    """
    first = cells[0]
    if len(cells) == 1:
        return first
    if first.measure.code == INDEX and scheme.aggregation == "geometric":
        return Cell(first.measure)
    estimates = [each for cell in cells if (each := estimate_of(cell))]
    margins = [margin for cell in cells if (margin := cell.margin) is not None]
    frames = [cell.frame for cell in cells if cell.frame]
    sizes = frames if len(frames) == len(cells) else [cell.n or 0 for cell in cells]
    if min(len(estimates), len(margins)) < len(cells) or not sum(sizes):
        return Cell(first.measure)
    whole = pooled(estimates, sizes)
    score = round(whole.score, TRUSTED_DECIMALS)
    shares = [size / sum(sizes) for size in sizes]
    pairs = zip(shares, margins, strict=True)
    margin = math.hypot(*(share * each for share, each in pairs))
    return Cell(
        first.measure,
        score,
        max(score - margin, 0.0),
        min(score + margin, 100.0),
        se_model=whole.se,
        n=sum(cell.n or 0 for cell in cells),
    )


# --- all of a page -------------------------------------------------------------------


def arrows(
    differences: Mapping[Key, Difference | None], scheme: Scheme
) -> dict[Key, Arrow]:
    """All comparisons of one page together; those that cannot be made are left out."""
    known = {key: each for key, each in differences.items() if each is not None}
    found = marks(known, scheme.comparison)
    return {key: Arrow(mark, known[key].size) for key, mark in found.items()}


@dataclass(frozen=True)
class PageArrows:
    """One unit's page: against the whole, the wave before, and its children's rows.

    ``whole`` and ``earlier`` hold the index first; None where nothing was compared.
    """

    whole: list[Arrow | None]
    earlier: list[Arrow | None]
    rows: list[UnitRow]


def compare_page(
    row: UnitRow,
    *,
    root: UnitRow | None,
    rows: Sequence[UnitRow],
    earlier: Sequence[Cell] | None,
    scheme: Scheme,
) -> PageArrows:
    """Rows come back with their arrows against ``row``, the unit above them."""
    asked: dict[tuple[str, int, int], Difference | None] = {}
    for place, cell in enumerate(row.cells):
        if root is not None:
            asked["whole", 0, place] = beside_whole(cell, root.cells[place], scheme)
        if earlier is not None:
            asked["earlier", 0, place] = since(cell, earlier[place])
        for number, one in enumerate(rows):
            asked["row", number, place] = beside_whole(one.cells[place], cell, scheme)
    found = arrows(asked, scheme)

    def of(kind: str, number: int = 0) -> list[Arrow | None]:
        places = range(len(row.cells))
        return [found.get((kind, number, place)) for place in places]

    compared = [with_arrows(one, of("row", i)) for i, one in enumerate(rows)]
    return PageArrows(of("whole"), of("earlier"), compared)


def with_arrows(row: UnitRow, found: Sequence[Arrow | None]) -> UnitRow:
    """The row with an arrow in each cell, the index first."""
    index, *scores = (
        replace(cell, arrow=arrow) for cell, arrow in zip(row.cells, found, strict=True)
    )
    return replace(row, index=index, scores=tuple(scores))


# --- bands ---------------------------------------------------------------------------


@dataclass(frozen=True)
class BandChance:
    """Bands that the score may well be in, and the probability of each in percent."""

    bands: list[tuple[Band, float]]

    @property
    def is_clear(self) -> bool:
        return len(self.bands) == 1

    @property
    def letters(self) -> str:
        return "/".join(band.letter for band, _percent in self.bands)


def band_chance(cell: Cell, scheme: Scheme) -> BandChance | None:
    """How sure the category is (equation 80); None without categories or an error."""
    here = None if cell.score is None else scheme.band_of(cell.score)
    if cell.score is None or here is None or cell.se_fpc is None:
        return None
    if cell.se_fpc <= 0:
        return BandChance([(here, 100.0)])
    found = band_probabilities(
        cell.score,
        cell.se_fpc,
        cell.df or math.inf,
        [band.lower for band in scheme.bands],
    )
    likely = likely_bands(found, scheme.comparison.band_probability)
    return BandChance([(scheme.bands[i], 100 * found[i]) for i in likely])
