"""Two runs at the desk: causes for who computes, scores for who may read both."""

from __future__ import annotations

import pytest
from django.urls import reverse

from scoring.models import Release, ScoringRun
from surveys.models import Role, UnitKerja, Wave
from surveys.staff.permissions import grant_role
from tests.desk import cast_at_desk, signed_in, text_of
from tests.factories import (
    HIDDEN,
    SCORES,
    make_run,
    make_units,
    make_user,
    make_wave,
    open_run,
)

pytestmark = pytest.mark.django_db

TRACES = ("66,6", "64,6", "66.6", "64.6", "12,3", "12.3", "Unit 01", "Unit 03")


@pytest.fixture(autouse=True)
def _staff(units: dict[str, UnitKerja]) -> None:
    cast_at_desk(units)


@pytest.fixture
def now(units: dict[str, UnitKerja], run: ScoringRun) -> ScoringRun:
    """A year after ``run``: 01 rose by 2, 02 fell by 5.5, 03 is shown, 02.01 hidden."""
    scores = {**SCORES, "01": 66.6, "02": 52.3, "02.01": HIDDEN}
    later = make_wave(units, "W2")
    return make_run(later, scores, input_digest="2" * 64, code_version="baru")


def comparing(now: ScoringRun, was: ScoringRun | None = None) -> str:
    url = reverse("admin:scoring_scoringrun_compare", args=[now.pk])
    return f"{url}?dengan={was.pk}" if was else url


def test_unreleased_scores_are_told_to_nobody(now: ScoringRun, run: ScoringRun) -> None:
    shown = text_of(signed_in("Ani"), comparing(now, run))
    assert "versi kode" in shown
    assert "4 dari 9 unit berubah" in shown
    assert "1 kini disembunyikan, 1 kini tampil." in shown
    assert "Skornya tidak ditampilkan" in shown
    assert not [trace for trace in TRACES if trace in shown]


def test_one_open_result_is_not_enough(now: ScoringRun, run: ScoringRun) -> None:
    open_run(now, "leaders")
    shown = text_of(signed_in("Ani"), comparing(now, run))
    assert not [trace for trace in TRACES if trace in shown]


def test_open_scores_are_told_to_their_readers(
    now: ScoringRun, run: ScoringRun
) -> None:
    for each in (run, now):
        open_run(each, "leaders")
    shown = text_of(signed_in("Ani"), comparing(now, run))
    rows = shown.partition("<tbody>")[2]
    assert "64,60" in rows
    assert "66,60" in rows
    assert "+2,00" in rows
    assert "disembunyikan → tampil" in rows
    assert "tampil → disembunyikan" in rows
    assert "12,3" not in shown, "a hidden number"
    order = [rows.index(f">Unit {code}<") for code in ("03", "02", "01")]
    assert order == sorted(order)


def test_a_reader_of_a_part_sees_that_part(now: ScoringRun, run: ScoringRun) -> None:
    """Fajar administers the ministry's unit 01 alone; the wave is not all his."""
    fajar = make_user("Fajar")
    unit = UnitKerja.objects.get(code="01")
    grant_role(user=fajar, kind=Role.Kind.ADMINISTRATOR, unit=unit)
    for each in (run, now):
        open_run(each, "leaders")
    shown = text_of(signed_in("Fajar"), comparing(now, run))
    assert "4 dari 9 unit berubah" in shown
    assert ">Unit 01<" in shown
    assert ">Unit 02<" not in shown


def test_withdrawn_results_are_closed_here_too(
    now: ScoringRun, run: ScoringRun
) -> None:
    for each in (run, now):
        open_run(each, "leaders")
    Release.objects.filter(run=run).update(withdrawn_at=now.computed_at)
    shown = text_of(signed_in("Ani"), comparing(now, run))
    assert not [trace for trace in TRACES if trace in shown]


def test_the_committee_at_the_desk_is_not_a_leader(
    now: ScoringRun, run: ScoringRun
) -> None:
    """Ani administers: what is open to the committee alone is not open to her."""
    for each in (run, now):
        open_run(each, "committee")
    shown = text_of(signed_in("Ani"), comparing(now, run))
    assert not [trace for trace in TRACES if trace in shown]


def test_who_does_not_compute_compares_nothing(
    now: ScoringRun, run: ScoringRun
) -> None:
    text_of(signed_in("Budi"), comparing(now, run), 404)


def test_the_runs_of_others_are_no_choice(now: ScoringRun) -> None:
    other = make_units({"91": ()}, root="LAIN")
    foreign = make_run(make_wave({"LAIN": other["LAIN"]}, "LAIN-1"), {"91": 60.0})
    shown = text_of(signed_in("Ani"), comparing(now, foreign))
    assert f"#{foreign.pk} ·" not in shown
    assert "Unit yang berubah" not in shown
    text_of(signed_in("Ani"), comparing(foreign), 404)


def test_an_earlier_run_of_the_wave_is_chosen_first(
    wave: Wave, run: ScoringRun, now: ScoringRun
) -> None:
    again = make_run(wave, SCORES, scheme=run.scheme)
    ani = signed_in("Ani")
    shown = text_of(ani, comparing(again))
    assert f"Dari perhitungan #{run.pk} ke #{again.pk}" in shown
    page = text_of(ani, reverse("admin:scoring_scoringrun_change", args=[again.pk]))
    assert comparing(again) in page


def test_equal_runs_have_no_cause(wave: Wave, run: ScoringRun) -> None:
    again = make_run(wave, {**SCORES, "03": HIDDEN})
    shown = text_of(signed_in("Ani"), comparing(again, run))
    assert "Masukan, metode, kode, pustaka, dan putusan pemeriksaan sama." in shown
    assert "0 dari 9 unit berubah" in shown
