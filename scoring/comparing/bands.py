"""How sure the category of a score is."""

from __future__ import annotations

import math
from collections.abc import Sequence

from scipy.special import ndtr, stdtr


def band_probabilities(
    score: float, se: float, df: float, limits: Sequence[float]
) -> list[float]:
    """Probability of each band, in the order of ``limits`` (equation 80).

    ``limits`` are the lower ends of the bands, highest first; ``se`` in points, above
    0; ``df`` degrees of freedom, infinite for the normal distribution. They add up to
    less than 1 where a score may lie below all bands.

    >>> [round(p, 3) for p in band_probabilities(75.3, 1.5, math.inf, [75, 50])]
    [0.579, 0.421]
    """
    reached = [_above(limit, score, se, df) for limit in limits]
    below = [0.0, *reached]
    return [here - higher for here, higher in zip(reached, below, strict=False)]


def _above(limit: float, score: float, se: float, df: float) -> float:
    """That the truth reaches ``limit``; no score lies below 0."""
    if limit <= 0:
        return 1.0
    t = (score - limit) / se
    return float(ndtr(t) if math.isinf(df) else stdtr(df, t))


def likely_bands(probabilities: Sequence[float], threshold: float) -> tuple[int, ...]:
    """Places of the fewest bands that together reach ``threshold``, in their order.

    One place: the band is clear. More: the score stands between them.

    >>> likely_bands([0.579, 0.421], 0.8), likely_bands([0.1, 0.9], 0.8)
    ((0, 1), (1,))
    """
    found: list[int] = []
    for place in sorted(range(len(probabilities)), key=lambda i: -probabilities[i]):
        if found and math.fsum(probabilities[i] for i in found) >= threshold:
            break
        found.append(place)
    return tuple(sorted(found))
