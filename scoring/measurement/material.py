"""What the analyses of a run are made of. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from scoring.arrays import Booleans, Floats, Integers
from scoring.measurement.sums import Moments
from scoring.measurement.table import Measured
from scoring.plan import Plan


@dataclass(frozen=True, eq=False)
class Material:
    """Sums of everybody, and of the K competing units whose index may be shown.

    Of any other unit there is nothing here but its people's part in everybody's sums.
    """

    plan: Plan
    table: Measured
    everybody: Moments
    counts: Integers
    """(I, codes) how many people chose each option of each item."""
    homes: Moments
    """Of every unit that people belong to directly, for centring; never stored."""
    units: tuple[str, ...]
    """Codes, in the order of the organisation."""
    moments: Moments
    unit_counts: Integers
    """(K, I, codes)"""
    may_agree: Booleans
    """(K,) every item has enough answers to be told of."""
    sizes: tuple[int, ...]
    values: Floats
    """(K, D) scores."""
