"""The index and evidence, put together by the scheme's shares. Pure (equation 56)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from scoring.arrays import Floats

COMPOSITE, EVIDENCE = "composite", "evidence"


@dataclass(frozen=True, eq=False)
class Derived:
    """An output that follows from the index and stands beside it."""

    code: str
    score: Floats
    """(nodes,) NaN where a part is missing."""
    share: float
    """The part of the index in it: its errors are so many times those of the index."""
    has_band: bool


def composed(
    index: Floats, evidence: Floats, *, survey_share: float
) -> tuple[Derived, Derived]:
    """Composite and evidence (nodes,), from 0 to 100; evidence has no sampling error.

    >>> composed(np.array([70.0]), np.array([90.0]), survey_share=0.8)[0].score
    array([74.])
    """
    both = survey_share * index + (1 - survey_share) * evidence
    shown = np.where(np.isnan(index), np.nan, evidence)
    return (
        Derived(COMPOSITE, both, survey_share, has_band=True),
        Derived(EVIDENCE, shown, 0.0, has_band=False),
    )
