"""Analyses of a run: stored is what the sheets say, and nothing of hidden units."""

from __future__ import annotations

import json
from collections.abc import Iterator
from io import StringIO
from typing import Any

import numpy as np
import pytest
from django.core.cache import cache
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django.db.utils import DatabaseError

from berakhlak.engines import APP
from scoring.arrays import Floats
from scoring.measurement import reliability
from scoring.measurement.drivers import shapley_shares
from scoring.models import Analysis, ScoringRun, UnitScore
from scoring.ordering.posterior import shrink
from surveys.models import Wave
from tests.scoring.fixture_wave import (
    DONT_KNOW,
    HIDDEN,
    computed,
    forget,
    sealed_fixture,
    sheets,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def wave(django_db_setup: None, django_db_blocker: Any) -> Iterator[Wave]:
    """One sealed wave for the module, gone after it."""
    with django_db_blocker.unblock():
        cache.clear()
        try:
            yield sealed_fixture()
        finally:
            forget()


@pytest.fixture(scope="module")
def run(wave: Wave, django_db_blocker: Any) -> ScoringRun:
    with django_db_blocker.unblock():
        return computed(wave)


def document(run: ScoringRun, kind: str) -> dict[str, Any]:
    found: dict[str, Any] = Analysis.objects.get(run=run, kind=kind, unit=None).document
    return found


SHOWN = ("A", "B", "C")


def answered(*units: str) -> Floats:
    """(n, 7) sheets of these units, NaN for "don't know"."""
    rows = np.vstack([sheets()[unit] for unit in units or sheets()]).astype(float)
    rows[rows == DONT_KNOW] = np.nan
    return rows


def complete(*units: str) -> Floats:
    rows = answered(*units)[:, :6]
    return rows[~np.isnan(rows).any(axis=1)]


def values_of(rows: Floats) -> Floats:
    """(n, 2) values of persons, 0 to 100."""
    points = 20 * (rows[:, :6] - 1)
    return np.column_stack(
        [np.nanmean(points[:, :3], axis=1), np.nanmean(points[:, 3:], axis=1)]
    )


# --- measurement ---------------------------------------------------------------------


def test_alpha_and_omega_are_those_of_complete_sheets(run: ScoringRun) -> None:
    scales = {s["code"]: s for s in document(run, "measurement")["scales"]}
    for code, items in (("v1", slice(0, 3)), ("v2", slice(3, 6))):
        covariance = np.cov(complete()[:, items].T)
        assert scales[code]["alpha"] == pytest.approx(reliability.alpha(covariance))
        omega = reliability.omega_of_three(covariance)
        known = None if np.isnan(omega) else pytest.approx(omega)
        assert scales[code]["omega"] == known
    total = reliability.alpha(np.cov(complete().T))
    assert scales["index"]["alpha"] == pytest.approx(total)
    assert document(run, "measurement")["n_complete"] == 70


def test_spread_is_that_of_the_units_shown(run: ScoringRun) -> None:
    index = [values_of(answered(unit)).mean(axis=1) for unit in SHOWN]
    expected = reliability.icc(
        np.array([float(len(y)) for y in index]),
        np.array([y.sum() for y in index]),
        np.array([(y**2).sum() for y in index]),
    )
    found = document(run, "measurement")["spread"][0]
    assert found["code"] == "index"
    for name in ("icc1", "icc1_mean_size", "icc2"):
        assert found[name] == pytest.approx(getattr(expected, name))


def test_agreement_is_that_of_each_unit_shown(run: ScoringRun) -> None:
    agreement = {a["unit"]: a for a in document(run, "measurement")["agreement"]}
    assert list(agreement) == list(SHOWN)
    for unit, found in agreement.items():
        rows = answered(unit)[:, :6]
        variances = np.nanvar(rows, axis=0, ddof=1)
        assert found["uniform"] == pytest.approx(reliability.rwg_j(variances, 35 / 12))
        deviation = np.nanmean(np.abs(rows - np.nanmean(rows, axis=0)), axis=0)
        assert found["average_deviation"] == pytest.approx(deviation.mean())
    assert agreement["B"]["uniform"] == pytest.approx(0.8564047363)


def test_who_does_not_know_is_counted(run: ScoringRun) -> None:
    items = document(run, "measurement")["items"]
    assert items[0] == {
        "code": "q1",
        "n": 72,
        "dont_know": pytest.approx(2 / 72),
        "blank": 0,
    }
    assert all(item["dont_know"] == 0 for item in items[1:])


def test_effective_weights_are_shares_of_the_spread(run: ScoringRun) -> None:
    found = document(run, "measurement")["weights"]
    values = np.array([values_of(answered(unit)).mean(axis=0) for unit in SHOWN])
    index = values.mean(axis=1)
    expected = [0.5 * np.cov(v, index)[0, 1] / index.var(ddof=1) for v in values.T]
    assert [one["effective"] for one in found] == pytest.approx(expected)
    assert sum(expected) == pytest.approx(1)


# --- comparability and drivers -------------------------------------------------------


def test_profiles_are_distances_from_the_own_value(run: ScoringRun) -> None:
    points = 20 * (complete() - 1)
    own = np.repeat(
        np.column_stack([points[:, :3].mean(axis=1), points[:, 3:].mean(axis=1)]),
        3,
        axis=1,
    )
    profile = document(run, "comparability")["profile"]
    distances = points - own
    assert [p["mean"] for p in profile] == pytest.approx(list(distances.mean(axis=0)))
    sd = distances.std(axis=0, ddof=1)
    assert [p["sd"] for p in profile] == pytest.approx(list(sd))


def test_drivers_are_parts_of_r2_within_units(run: ScoringRun) -> None:
    rows = []
    for unit in sheets():
        own = np.column_stack([values_of(answered(unit)), answered(unit)[:, 6]])
        rows.append(own - own.mean(axis=0))
    correlation = np.corrcoef(np.vstack(rows).T)
    shares = shapley_shares(correlation[:2, :2], correlation[:2, 2])
    found = document(run, "drivers")
    assert found["outcome"] == "hasil"
    assert [v["share"] for v in found["values"]] == pytest.approx(list(shares))
    assert found["r2"] == pytest.approx(shares.sum())


def test_without_an_outcome_there_are_no_drivers(wave: Wave) -> None:
    run = computed(wave, drivers={"outcome": ""})
    assert not Analysis.objects.filter(run=run, kind="drivers").exists()


# --- order ---------------------------------------------------------------------------


def test_the_order_is_that_of_the_units_shown(run: ScoringRun) -> None:
    order = document(run, "order")
    assert [u["unit"] for u in order["units"]] == ["C", "A", "B"]
    assert [u["rank"] for u in order["units"]] == [1, 2, 3]
    assert order["best"] == {"1": ["C"], "2": ["C", "A"], "3": ["C", "A", "B"]}
    assert order["doubts"] == ["not_shrunken"]
    assert order["always_leads"] == ["C"]


def test_few_units_are_shrunken_only_if_the_scheme_says_so(wave: Wave) -> None:
    run = computed(wave, order={"least_shrunken": 3})
    units = document(run, "order")["units"]
    scores = np.array([u["score"] for u in units])
    expected = shrink(scores, np.array([u["se"] for u in units]) ** 2)
    assert [u["shrunken"] for u in units] == pytest.approx(list(expected.scores))
    assert [u["reliability"] for u in units] == pytest.approx(
        list(expected.reliability)
    )
    assert units[0]["p_first"] > 0.95


# --- what is hidden, and what is kept ------------------------------------------------


def test_no_analysis_names_a_hidden_unit(run: ScoringRun) -> None:
    rows = Analysis.objects.filter(run=run)
    assert rows.count() == 4
    assert not rows.filter(unit__code__in=HIDDEN).exists()
    for text in rows.values_list("document", flat=True):
        for unit in HIDDEN:
            assert f'"{unit}"' not in json.dumps(text)


def test_no_analysis_names_a_companion_whose_score_is_known(wave: Wave) -> None:
    """With a minimum of 13 the twelve people of D and E hide C, of fifteen, too."""
    run = computed(wave, minimum_cell=13)
    private = UnitScore.objects.get(run=run, unit__code="C", dimension="index")
    assert private.score is not None
    assert [u["unit"] for u in document(run, "order")["units"]] == ["A", "B"]
    agreement = document(run, "measurement")["agreement"]
    assert [a["unit"] for a in agreement] == ["A", "B"]
    for found in Analysis.objects.filter(run=run):
        assert '"C"' not in json.dumps(found.document)


def test_any_cut_into_shards_gives_the_same_analyses(run: ScoringRun) -> None:
    again = computed(run.wave)
    assert again.pk != run.pk
    assert again.analyses_digest == run.analyses_digest != ""


def test_verify_run_agrees_and_sees_a_change_in_an_analysis(run: ScoringRun) -> None:
    said = StringIO()
    call_command("verify_run", str(run.pk), stdout=said)
    assert "Cocok: analisis\n" in said.getvalue()
    row = Analysis.objects.get(run=run, kind="order")
    row.document["units"][0]["score"] += 1e-9
    row.save()
    with pytest.raises(CommandError):
        call_command("verify_run", str(run.pk), stdout=said)
    assert "BERBEDA: analisis\n  KEM: isi (order)\n" in said.getvalue()


def test_verify_run_sees_an_analysis_that_is_gone(run: ScoringRun) -> None:
    Analysis.objects.filter(run=run, kind="drivers").delete()
    ScoringRun.objects.filter(pk=run.pk).update(analyses_digest="0" * 64)
    said = StringIO()
    with pytest.raises(CommandError):
        call_command("verify_run", str(run.pk), stdout=said)
    assert "  KEM: isi, sidik (drivers, semua)\n" in said.getvalue()


def test_the_app_writes_an_analysis_once(run: ScoringRun) -> None:
    row = Analysis.objects.filter(run=run, kind="order").get()
    with connection.cursor() as cursor:
        cursor.execute(f"SET LOCAL ROLE {APP}")
        for statement in (
            "UPDATE scoring_analysis SET document = '{}' WHERE id = %s",
            "DELETE FROM scoring_analysis WHERE id = %s",
        ):
            with pytest.raises(DatabaseError), transaction.atomic():
                cursor.execute(statement, [row.pk])
        cursor.execute("RESET ROLE")
