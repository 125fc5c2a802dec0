"""A ranking as rows of a file."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from awards.standings import Ranking

COLUMNS = (
    "rank",
    "rank_lower",
    "rank_upper",
    "is_tied",
    "is_in_first_set",
    "unit_code",
    "unit_name",
    "level",
    "dimension",
    "n",
    "frame",
    "response_rate",
    "score",
    "se_model",
    "lower",
    "upper",
    "band",
    "reason",
)
_NUMBERS = COLUMNS[9:16]


def ranking_rows(ranking: Ranking) -> Iterator[dict[str, Any]]:
    """Best first; a unit that is not ranked has a reason and no numbers."""
    for place in ranking.places:
        standing = place.standing
        is_ranked = standing.rank is not None
        row = {
            name: getattr(place.score, name) if is_ranked else None for name in _NUMBERS
        }
        yield row | {
            "rank": standing.rank,
            "rank_lower": standing.rank_lower,
            "rank_upper": standing.rank_upper,
            "is_tied": _yes_no(standing.is_tied) if is_ranked else "",
            "is_in_first_set": _yes_no(standing.is_in_first_set) if is_ranked else "",
            "unit_code": place.unit.code,
            "unit_name": _as_text(place.unit.name),
            "level": place.unit.level,
            "dimension": ranking.measure.code,
            "band": place.score.band if place.score and is_ranked else "",
            "reason": standing.reason,
        }


def _yes_no(answer: bool) -> str:
    return "yes" if answer else "no"


def _as_text(cell: str) -> str:
    """A name that a spreadsheet would take for a formula gets an apostrophe."""
    return f"'{cell}" if cell[:1] in "=+-@\t\r" else cell
