"""Which values go with a separate outcome, inside units. Pure."""

from __future__ import annotations

from typing import Any

import numpy as np

from scoring.measurement.drivers import explained, relative_weights, shapley_shares
from scoring.measurement.material import Material
from scoring.measurement.reliability import covariance_of
from scoring.rules import DriversRule

LEAST_SD = 1e-3
"""Points; a spread below it is the rounding of none."""


def drivers_report(material: Material, rule: DriversRule) -> dict[str, Any] | None:
    """Parts of R² over people of all units, each unit centred at zero (equation 79).

    None without a separate outcome; without shares where too few people gave it, or
    where it is the same for everybody.
    """
    asked = material.table.outcome
    if asked is None:
        return None
    homes = material.homes.outcome
    homes = homes[homes[:, 0, 0] > 0]
    n = float(homes[:, 0, 0].sum())
    report: dict[str, Any] = {"outcome": asked.code, "n": n, "values": []}
    if n < rule.least_people:
        return report
    sums = homes[:, 0, 1:]
    between = (sums.T / homes[:, 0, 0]) @ sums
    within = homes[:, 1:, 1:].sum(axis=0) - between
    within = covariance_of(n, np.zeros(len(within)), within)
    sd = np.sqrt(np.clip(np.diag(within), 0, None))
    if not (sd > LEAST_SD).all():
        return report
    correlation = within / np.outer(sd, sd)
    among, with_outcome = correlation[:-1, :-1], correlation[:-1, -1]
    shapley = shapley_shares(among, with_outcome)
    quick = relative_weights(among, with_outcome)
    values = zip(material.plan.dimensions, shapley, quick, with_outcome, strict=True)
    report["r2"] = explained(among, with_outcome)
    report["values"] = [
        {"code": code, "share": share, "relative": relative, "correlation": r}
        for code, share, relative, r in values
    ]
    return report
