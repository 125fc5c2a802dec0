"""What a person sees under ``/hasil/``, and what nobody sees."""

from __future__ import annotations

import re

import pytest

from scoring.models import ScoringRun
from scoring.results.charts import ScoreMark, score_chart
from surveys.models import UnitKerja, Wave
from tests.factories import (
    HIDDEN,
    SCORES,
    Cast,
    make_group,
    make_run,
    make_wave,
    open_run,
)
from tests.visits import text_of, visit

pytestmark = pytest.mark.django_db

WORDS_OF_HIDING = "Disembunyikan untuk menjaga kerahasiaan jawaban"


def test_it_shows_the_unit_its_children_and_how_sure_it_is(
    wave: Wave, cast: Cast
) -> None:
    open_run(make_run(wave), "committee")
    shown = text_of("/hasil/W1/", cast.citra)
    assert "Indeks Kementerian Contoh 61,7 (B), Adaptif paling rendah" in shown
    assert "antara <b>59,9</b> dan <b>63,5</b>" in shown
    for child, index in (("01", "64,6"), ("02", "57,8"), ("03", "63,9")):
        assert f'<a href="/hasil/W1/{child}/">Unit {child}</a>' in shown
        assert index in shown
    assert "±1,8" in shown
    assert "358 jawaban dari 516 pegawai" in shown
    assert "69&nbsp;%" in shown


def test_it_closes_with_moment_method_and_result(wave: Wave, cast: Cast) -> None:
    open_run(make_run(wave), "committee")
    shown = text_of("/hasil/W1/", cast.citra)
    assert "Metode Rata-rata 7 nilai (6 poin) versi 1" in shown
    assert "bukan metode resmi" in shown
    assert "<code>7be1 4c09 d2f8</code>" in shown
    assert "Selang 95 %" in shown


def test_it_marks_simulated_and_imported_data(
    units: dict[str, UnitKerja], cast: Cast
) -> None:
    options = {"is_simulated": False, "source": Wave.Source.IMPORTED}
    open_run(make_run(make_wave(units, "W1")), "committee")
    open_run(make_run(make_wave(units, "W2", **options)), "committee")
    assert "Data simulasi" in text_of("/hasil/W1/", cast.citra)
    assert "Data diimpor" not in text_of("/hasil/W1/", cast.citra)
    assert "Data simulasi" not in text_of("/hasil/W2/", cast.citra)
    assert "Data diimpor" in text_of("/hasil/W2/", cast.citra)


def test_it_shows_a_part_beside_the_whole(wave: Wave, cast: Cast) -> None:
    open_run(make_run(wave), "leaders")
    shown = text_of("/hasil/W1/01/", cast.budi)
    assert "Indeks Unit 01 64,6 (B)" in shown
    assert "Garis tegak: Kementerian Contoh." in shown
    assert '<a href="/hasil/W1/KEM/">Kementerian Contoh</a>' in shown


def test_it_leads_a_leader_to_the_own_unit(wave: Wave, cast: Cast) -> None:
    open_run(make_run(wave), "own_unit")
    answer = visit("/hasil/W1/", cast.budi)
    assert answer.status_code == 302
    assert answer["Location"] == "/hasil/W1/01/"
    shown = text_of("/hasil/W1/01/", cast.budi)
    assert "Kementerian Contoh" not in shown
    assert "61,7" not in shown
    assert "Lihat peringkat" not in shown


def test_it_draws_charts_that_the_content_policy_allows(wave: Wave, cast: Cast) -> None:
    open_run(make_run(wave), "leaders")
    answer = visit("/hasil/W1/01/", cast.budi)
    shown = answer.content.decode()
    assert shown.count("<svg") > 2
    assert 'fill="var(--nila)"' in shown
    assert "style=" not in shown
    assert "<style" not in shown
    assert "'unsafe-" not in answer["Content-Security-Policy"]


def test_values_of_each_unit_wait_behind_their_name_on_a_phone(
    wave: Wave, cast: Cast
) -> None:
    open_run(make_run(wave), "committee")
    shown = text_of("/hasil/W1/", cast.citra)
    row = shown[shown.index(">Unit 01</a>") :].split("</tr>")[0]
    assert row.count("<summary>Tujuh nilai</summary>") == 1
    assert row.count('class="score value"') == 7


def test_an_interval_is_never_hidden_behind_its_dot() -> None:
    drawn = score_chart([ScoreMark(61.0, 60.9, 61.1)], own="", reference="")
    (thickness,) = re.findall(r'stroke="var\(--interval\)" stroke-width="(\d+)"', drawn)
    (radius,) = re.findall(r'd="M([\d.]+),0A', drawn)
    assert 2 * float(radius) < int(thickness)


# --- Hidden --------------------------------------------------------------------------


@pytest.fixture
def hiding(wave: Wave) -> ScoringRun:
    """Two units of 02 are shown in a group; 03 is hidden alone."""
    frozen = {unit.code: unit for unit in wave.units.all()}
    make_group(frozen["02"], [frozen["02.01"], frozen["02.02"]])
    hidden = {"02.01": HIDDEN, "02.02": HIDDEN, "03": HIDDEN}
    return make_run(wave, {**SCORES, **hidden, "02+": 56.4})


def test_it_hatches_hidden_rows_and_never_shows_their_size(
    hiding: ScoringRun, cast: Cast
) -> None:
    open_run(hiding, "committee")
    shown = text_of("/hasil/W1/", cast.citra)
    row = shown[shown.index(">Unit 03</a>") :].split("</tr>")[0]
    assert WORDS_OF_HIDING in row
    assert "hatched" in row
    assert ">7<" not in row
    assert ">0<" not in row
    assert row.count(">–<") == 2


def test_a_hidden_unit_says_so_and_nothing_else(hiding: ScoringRun, cast: Cast) -> None:
    open_run(hiding, "committee")
    shown = text_of("/hasil/W1/03/", cast.citra)
    assert "Hasil Unit 03 tidak ditampilkan" in shown
    assert WORDS_OF_HIDING in shown
    assert "pegawai" not in shown


def test_members_of_a_group_name_the_group_they_are_shown_in(
    hiding: ScoringRun, cast: Cast
) -> None:
    open_run(hiding, "committee")
    group = "Unit kecil di Unit 02, digabung"
    assert f"Ditampilkan bersama di baris “{group}”" in text_of(
        "/hasil/W1/02/", cast.citra
    )
    assert f">{group}</a>" in text_of("/hasil/W1/02.01/", cast.citra)
    shown = text_of("/hasil/W1/02+/", cast.citra)
    assert "56,4" in shown
    assert "Unit yang ditampilkan bersama" in shown


PRIVATE_TRACES = ("12.3", "12,3", "345678")
ADDRESSES = (
    "/hasil/",
    "/hasil/W1/",
    "/hasil/W1/02/",
    "/hasil/W1/02+/",
    "/hasil/W1/02.01/",
    "/hasil/W1/03/",
    "/anugerah/",
    "/anugerah/W1/",
    "/anugerah/W1/?menurut=AD",
    "/api/v1/waves/",
    "/api/v1/waves/W1/results/",
    "/api/v1/waves/W1/results/?unit=03",
    "/api/v1/waves/W1/ranking/",
)


@pytest.mark.parametrize("address", ADDRESSES)
def test_no_face_tells_a_hidden_number(
    hiding: ScoringRun, cast: Cast, address: str
) -> None:
    open_run(hiding, "committee", "leaders", "public")
    shown = text_of(address, cast.citra)
    assert not [trace for trace in PRIVATE_TRACES if trace in shown]
