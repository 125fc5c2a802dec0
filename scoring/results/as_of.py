"""When and how the numbers on a page came to be: the line that closes it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from scoring.models import ScoringRun


@dataclass(frozen=True, slots=True)
class AsOf:
    """Moment, method and digest of one run."""

    moment: datetime | None
    method: str
    method_version: str
    is_official: bool
    result_code: str
    """The first digits of the result's digest, in groups of four."""
    confidence_percent: float


def as_of(run: ScoringRun) -> AsOf:
    document = run.scheme.document
    digits = run.result_digest[:12]
    return AsOf(
        moment=run.computed_at,
        method=run.scheme.name,
        method_version=run.scheme.version,
        is_official=bool(document.get("official")),
        result_code=" ".join(digits[at : at + 4] for at in range(0, len(digits), 4)),
        confidence_percent=100 * float(document.get("confidence", 0.95)),
    )
