"""Measurement, drivers and careless sheets: values of R psych, multilevel, careless."""

from __future__ import annotations

import numpy as np
import pytest

from scoring.arrays import Floats
from scoring.measurement import drivers
from scoring.measurement import reliability as measurement
from scoring.quality import careless
from tests.scoring.sheets import FRAME, unit_codes


def rows(unit: str) -> Floats:
    return unit_codes(unit)[:, :6].astype(np.float64)


EVERYBODY = np.vstack([rows(unit) for unit in FRAME])


def covariance(*items: int) -> Floats:
    chosen = EVERYBODY[:, list(items)]
    n, sums = float(len(chosen)), chosen.sum(axis=0)
    return measurement.covariance_of(n, sums, chosen.T @ chosen)


def test_alpha() -> None:
    assert measurement.alpha(covariance(0, 1, 2)) == pytest.approx(0.8716120836)
    assert measurement.alpha(covariance(3, 4, 5)) == pytest.approx(0.8096820020)
    assert measurement.alpha(covariance(*range(6))) == pytest.approx(0.9303973315)
    assert np.isnan(measurement.alpha(covariance(0)))


def test_omega() -> None:
    assert measurement.omega_of_three(covariance(0, 1, 2)) == pytest.approx(
        0.8718413387
    )
    heywood = np.array([[1, 0.9, 0.9], [0.9, 1, 0.1], [0.9, 0.1, 1]])
    assert np.isnan(measurement.omega_of_three(heywood))


@pytest.mark.parametrize(
    ("unit", "three", "six"),
    [
        ("A", 0.7995018680, 0.8764252696),
        ("B", 0.7755991285, 0.8564047363),
        ("C", 0.8679050568, 0.9048192771),
    ],
)
def test_agreement_within_units(unit: str, three: float, six: float) -> None:
    variances = rows(unit).var(axis=0, ddof=1)
    null = measurement.uniform_null(6)
    assert measurement.rwg_j(variances[:3], null) == pytest.approx(three)
    assert measurement.rwg_j(variances, null) == pytest.approx(six)


def test_null_variances() -> None:
    assert measurement.uniform_null(6) == pytest.approx(2.9166666667)
    assert measurement.uniform_null(5) == 2
    skewed = np.array([0.05, 0.15, 0.20, 0.35, 0.25])
    assert measurement.null_variance(skewed) == pytest.approx(1.34)


def test_icc() -> None:
    index = [20 * (rows(unit) - 1).mean(axis=1) for unit in FRAME]
    found = measurement.icc(
        np.array([float(len(y)) for y in index]),
        np.array([y.sum() for y in index]),
        np.array([(y**2).sum() for y in index]),
    )
    assert found.between == pytest.approx(6447.444444, abs=1e-6)
    assert found.within == pytest.approx(335.758934, abs=1e-6)
    assert found.icc1_mean_size == pytest.approx(0.4764754203)
    assert found.icc1 == pytest.approx(0.4817295297)
    assert found.icc2 == pytest.approx(0.9479237181)


def test_shapley_and_relative_weights() -> None:
    among = np.array([[1, 0.6, 0.5], [0.6, 1, 0.4], [0.5, 0.4, 1]])
    outcome = np.array([0.5, 0.45, 0.3])
    shares = drivers.shapley_shares(among, outcome)
    assert drivers.explained(among, outcome) == pytest.approx(0.286117, abs=1e-6)
    assert shares == pytest.approx([0.146490, 0.105894, 0.033733], abs=1e-6)
    assert shares.sum() == pytest.approx(drivers.explained(among, outcome))
    assert drivers.relative_weights(among, outcome) == pytest.approx(
        [0.144387, 0.107338, 0.034392], abs=1e-6
    )


def test_two_equal_values_share_what_they_explain() -> None:
    among = np.array([[1, 1, 0.0], [1, 1, 0.0], [0.0, 0.0, 1]])
    shares = drivers.shapley_shares(among, np.array([0.5, 0.5, 0.3]))
    assert shares == pytest.approx([0.125, 0.125, 0.09])


def test_careless_sheets() -> None:
    five = EVERYBODY[:5]
    assert careless.longest_run(five).tolist() == [1, 3, 2, 2, 4]
    assert careless.within_person_sd(five) == pytest.approx(
        [1.03279556, 0.81649658, 0.83666003, 0.81649658, 0.63245553]
    )
    alike: Floats = np.asarray(np.corrcoef(EVERYBODY, rowvar=False))
    pairs = careless.synonym_pairs(alike, above=0.70)
    assert len(pairs) == 5
    assert careless.synonym_correlation(five, pairs) == pytest.approx(
        [0.74535599, 0.25, 0.16666667, 0, np.nan], abs=1e-8, nan_ok=True
    )
    distance = careless.mahalanobis(five, EVERYBODY.mean(axis=0), covariance(*range(6)))
    assert distance == pytest.approx(
        [5.50452893, 7.70605307, 7.24244047, 6.28824545, 8.57759571]
    )
    assert careless.mahalanobis_limit(6) == pytest.approx(22.457744)


def test_careless_edges() -> None:
    flat = np.full((1, 6), 4.0)
    assert careless.longest_run(flat).tolist() == [6]
    assert careless.within_person_sd(flat).tolist() == [0]
    pairs = np.array([[0, 1], [2, 3], [4, 5]])
    assert np.isnan(careless.synonym_correlation(flat, pairs)).all()
    assert np.isnan(careless.synonym_correlation(flat, pairs[:2])).all()
    gap = np.array([[4.0, 4, np.nan, 4, 2, 2]])
    assert careless.longest_run(gap).tolist() == [2]
    assert careless.within_person_sd(np.array([[3.0, np.nan]])).tolist() != [0]


def test_even_and_odd_halves() -> None:
    even = np.array([[1.0, 2, 3, 4], [1, 2, 3, 4], [4, 4, 4, 4]])
    odd = np.array([[1.0, 2, 3, 5], [4, 3, 2, 1], [1, 2, 3, 4]])
    found = careless.even_odd(even, odd)
    assert found[0] > 0.98
    assert found[1] == -1
    assert np.isnan(found[2])


def test_speed() -> None:
    seconds = np.array([[5.0, 5], [60, 60], [np.nan, np.nan]])
    n_items = np.array([9.0, 12])
    found = careless.is_too_fast(seconds, n_items, 1.0)
    assert found.tolist() == [True, False, False]
