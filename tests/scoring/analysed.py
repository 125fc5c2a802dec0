"""Analyses of people who never were, for pages: the real reports of drawn answers."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from scoring.arrays import Codes, Integers
from scoring.measurement.comparability import comparability_report
from scoring.measurement.drivers_report import drivers_report
from scoring.measurement.material import Material
from scoring.measurement.report import measurement_report
from scoring.measurement.sums import unpack
from scoring.models import Analysis, ScoringRun
from scoring.ordering.report import Contest, order_report
from scoring.plan import Plan, plan_of
from scoring.results.analyses import Found, clean, store_analyses
from scoring.scheme import Scheme
from scoring.tally import Tally, tally_answers
from tests.factories import VALUES
from tests.scoring.sheets import scheme_of, sheet_of

Kind = Analysis.Kind
SHEET = sheet_of(
    {code: [f"{code}{n}" for n in (1, 2, 3)] for code in VALUES} | {"": ["HASIL"]},
    has_dont_know=True,
)
SCHEME = scheme_of(
    dimensions=[{"code": code} for code in VALUES],
    minimum_cell=10,
    drivers={"outcome": "HASIL"},
)


def drawn_answers(
    n_units: int, n_people: int, *, seed: int = 1, spread: float = 0.5
) -> Codes:
    """(n_units · n_people, 22) codes: units, values, people and items all differ."""
    rng = np.random.default_rng(seed)
    unit = np.repeat(rng.normal(0, spread, n_units), n_people)[:, np.newaxis]
    person = rng.normal(0, 0.8, (n_units * n_people, 1))
    value = rng.normal(0, 0.5, (n_units * n_people, len(VALUES)))
    level = np.repeat(4 + unit + person + value, 3, axis=1)
    outcome = level[:, [0]] + 0.5 * level[:, [18]] - 2
    exact = np.hstack([level, outcome])
    codes = np.rint(exact + rng.normal(0, 0.7, exact.shape)).clip(1, 6)
    codes[rng.random(codes.shape) < 0.02] = 7
    codes[rng.random(len(codes)) < 0.12, 5] = 7
    return codes.astype(np.int16)


def material_of(plan: Plan, tally: Tally, units: Sequence[str]) -> Material:
    """Each cell is a unit, and all of them may be told of."""
    assert plan.measured is not None
    ratios = tally.linear[:, 1:8] / tally.linear[:, 8:15] / plan.unit
    return Material(
        plan=plan,
        table=plan.measured,
        everybody=unpack(plan, plan.measured, tally.moments.sum(axis=0)),
        counts=tally.option_counts.sum(axis=0),
        homes=unpack(plan, plan.measured, tally.moments),
        units=tuple(units),
        moments=unpack(plan, plan.measured, tally.moments),
        unit_counts=tally.option_counts,
        may_agree=np.ones(len(units), dtype=np.bool_),
        sizes=tuple(sizes_of(units).tolist()),
        values=ratios,
    )


def sizes_of(units: Sequence[str]) -> Integers:
    """Half of the units are of one size class, half of the next."""
    place = np.arange(len(units))
    return np.where(place < len(units) // 2, 120, 600) + place


def drawn(
    units: Sequence[str],
    answers: Codes | None = None,
    *,
    n_people: int = 120,
    scheme: Scheme = SCHEME,
) -> Iterator[Found]:
    """Every report on drawn answers, or on ``answers``, of these units."""
    if answers is None:
        answers = drawn_answers(len(units), n_people)
    cells = np.repeat(np.arange(len(units)), len(answers) // len(units))
    plan = plan_of(SHEET, scheme)
    material = material_of(plan, tally_answers(plan, answers, cells, len(units)), units)
    report = measurement_report(material, scheme.measurement, confidence=0.95)
    gate = comparability_report(
        material,
        report,
        scheme.comparability,
        measurement=scheme.measurement,
        order=scheme.order,
    )
    contest = Contest(
        units=tuple(units),
        scores=material.values @ plan.weights,
        se=np.full(len(units), 2.0),
        values=material.values,
        weights=plan.weights,
        sizes=material.sizes,
        seed=7,
        unweighted=material.values @ plan.weights,
    )
    drivers = drivers_report(material, scheme.drivers)
    for kind, document in (
        (Kind.MEASUREMENT, report),
        (Kind.COMPARABILITY, gate),
        (Kind.DRIVERS, drivers or {}),
        (Kind.ORDER, order_report(contest, scheme)),
    ):
        yield Found(kind, None, clean(document))


def analyse_drawn(run: ScoringRun, units: Sequence[str], *, below: str = "") -> None:
    """Stored with the run; with ``below``, an order of that unit's children, too."""
    found = list(drawn(units))
    if below:
        parent = run.wave.units.get(code=below)
        children = run.wave.units.filter(parent=parent)
        codes = [unit.code for unit in children]
        found += [
            Found(one.kind, parent, one.document)
            for one in drawn(codes)
            if one.kind == Kind.ORDER
        ]
    run.analyses_digest = store_analyses(run=run, found=found)
    run.save()
