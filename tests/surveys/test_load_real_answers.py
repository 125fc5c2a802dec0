"""The loading commands on real answers, where the files are present."""

from __future__ import annotations

import csv
import gzip
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest

from bench.sources import FEVS, LQ, write_fevs_units, write_lq_units
from surveys.models import Answer, Wave
from tests.surveys.files import DATA, run

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(
        not (FEVS.exists() and LQ.exists()), reason="the real answers are not here"
    ),
]


FEVS_WAVE = {
    "--instrument": "fevs-eei",
    "--root": "FED",
    "--competing-level": "AGENCY",
    "--reference-date": "2018-06-30",
}
LQ_WAVE = {
    "--instrument": "lq2002",
    "--root": "LQ",
    "--competing-level": "COMPANY",
    "--reference-date": "2002-06-30",
}


def load_real(
    folder: Path,
    write_units: Callable[[Path], int],
    source: Path,
    name: str,
    *,
    wave: dict[str, str],
) -> int:
    """Units, instrument, wave, answers; returns how many units there are."""
    n_units = write_units(folder / "units.csv")
    run("load_units", folder / "units.csv")
    run("load_instrument", DATA / f"{name}.yaml")
    options = [part for pair in wave.items() for part in pair]
    run("wave", "create", "NYATA", "--source", "imported", "--name", name, *options)
    run("wave", "open", "NYATA")
    order = ("--map", DATA / f"{name}-map.yaml", "--rejects", folder / "ditolak.csv")
    run("load_responses", "--wave", "NYATA", source, *order)
    return n_units


def percent_positive(codes: range) -> float:
    """Weighted share of 4 and 5 over these slots, among those who answered any."""
    share = weight = 0.0
    for answers, given in Answer.objects.values_list("answers", "weight").iterator():
        answered = [answers[i] for i in codes if answers[i]]
        assert given is not None
        share += given * sum(a >= 4 for a in answered) / len(answered)
        weight += given
    return 100 * share / weight


def test_fevs_comes_in_whole_and_keeps_its_sums(tmp_path: Path) -> None:
    n_units = load_real(tmp_path, write_fevs_units, FEVS, "fevs", wave=FEVS_WAVE)
    assert n_units == 1 + 45 + 234
    assert Answer.objects.count() == 101_881
    wave = Wave.objects.get()
    assert wave.frame.count() == 8122
    assert next(s.code for s in wave.stratifiers.all()) == "DSEX"
    assert percent_positive(range(5)) == pytest.approx(72.4108, abs=5e-5)
    assert percent_positive(range(5, 10)) == pytest.approx(76.0425, abs=5e-5)
    assert percent_positive(range(10, 15)) == pytest.approx(57.6820, abs=5e-5)


def test_lq_answers_on_a_scale_from_zero_become_positions(tmp_path: Path) -> None:
    assert load_real(tmp_path, write_lq_units, LQ, "lq", wave=LQ_WAVE) == 1 + 49
    with gzip.open(LQ, "rt") as file:
        rows = list(csv.DictReader(file))
    expected = Counter(int(row["HOSTIL05"]) + 1 for row in rows)
    sheets = Answer.objects.values_list("answers", flat=True)
    assert Counter(sheet[18] for sheet in sheets) == expected
    by_company = Counter(Answer.objects.values_list("cell__unit__code", flat=True))
    assert by_company == Counter(f"LQ-{row['COMPID']}" for row in rows)
