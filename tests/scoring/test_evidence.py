"""Evidence scores: a file of units, and the composite that a scheme makes of them."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from scoring import runs
from scoring.differences import input_causes
from scoring.models import Evidence, PublishedScore, ScoringRun, UnitScore
from scoring.scheme import parse_scheme
from scoring.schemes_store import store_scheme
from surveys.errors import SurveyError
from surveys.models import Wave
from tests.scoring.test_runs import SCHEME, sealed_wave
from tests.surveys.files import run as command

pytestmark = pytest.mark.django_db(transaction=True)

HEADER = "kode_unit;nilai\n"


@pytest.fixture
def wave() -> Wave:
    return sealed_wave()


def load(wave: Wave, path: Path, text: str) -> str:
    file = path / "bukti.csv"
    file.write_text(text)
    return command("load_evidence", wave.code, file)


def computed(wave: Wave) -> ScoringRun:
    scheme = parse_scheme(SCHEME | {"composite": {"survey_share": 0.8}})
    run = runs.start_run(wave=wave, scheme=store_scheme(scheme))
    list(runs.work_through(run))
    run.refresh_from_db()
    assert run.state == ScoringRun.State.COMPUTED, run.error
    return run


def test_the_composite_is_eighty_and_twenty_with_eighty_of_the_error(
    wave: Wave, tmp_path: Path
) -> None:
    assert load(wave, tmp_path, HEADER + "01;92,5\n03;50\n") == (
        "Nilai bukti nomor 1: 2 unit."
    )
    run = computed(wave)
    rows = {
        (row.unit.code, row.dimension): row for row in UnitScore.objects.filter(run=run)
    }
    index, both = rows["01", "index"], rows["01", "composite"]
    assert index.score is not None
    assert both.score == pytest.approx(0.8 * index.score + 0.2 * 92.5)
    for name in ("se_fpc", "se_model"):
        assert getattr(both, name) == pytest.approx(0.8 * getattr(index, name))
    assert rows["01", "evidence"].score == 92.5
    assert rows["02", "composite"].score is None
    published = PublishedScore.objects.filter(run=run, unit__code="03")
    assert set(published.values_list("is_hidden", "score")) == {(True, None)}
    call_command("verify_run", str(run.pk))


def test_a_run_keeps_the_evidence_it_began_with(wave: Wave, tmp_path: Path) -> None:
    load(wave, tmp_path, HEADER + "01;90\n")
    before = computed(wave)
    load(wave, tmp_path, HEADER + "01;90.0\n")
    assert Evidence.objects.count() == 1  # the same scores
    load(wave, tmp_path, HEADER + "01;80\n")
    after = computed(wave)
    assert (before.evidence_id, after.evidence_id) == tuple(
        Evidence.objects.order_by("number").values_list("pk", flat=True)
    )
    assert before.input_digest != after.input_digest
    assert [cause.name for cause in input_causes(before, after)] == ["nilai bukti"]
    call_command("verify_run", str(before.pk))


@pytest.mark.parametrize(
    ("rows", "reasons"),
    [
        ("01;101\nXX;5\n", ["baris 2", "0 sampai 100", "baris 3", "tidak ada"]),
        ("01;1\n01;2\n", ["baris 3", "dua kali"]),
        ("01;sembilan\n01;NaN\n", ["baris 2", "baris 3"]),
        ("01;1,2345\n02;1e-999999\n", ["baris 2", "baris 3", "paling banyak 3 angka"]),
        ("", ["tidak berisi satu nilai pun"]),
    ],
)
def test_a_bad_file_names_its_rows_and_keeps_nothing(
    wave: Wave, tmp_path: Path, rows: str, reasons: list[str]
) -> None:
    with pytest.raises(CommandError) as refusal:
        load(wave, tmp_path, HEADER + rows)
    assert all(reason in str(refusal.value) for reason in reasons), refusal.value
    assert not Evidence.objects.exists()


def test_a_score_is_kept_in_one_way_of_writing(wave: Wave, tmp_path: Path) -> None:
    load(wave, tmp_path, HEADER + "01;92,125\n02;7,5000\n03;-0.0\n")
    kept = Evidence.objects.get().scores
    assert kept == {"01": "92.125", "02": "7.5", "03": "0"}


def test_a_run_without_the_evidence_it_needs_is_refused(wave: Wave) -> None:
    scheme = parse_scheme(SCHEME | {"composite": {"survey_share": 0.8}})
    with pytest.raises(SurveyError, match="muat dulu nilai bukti"):
        runs.start_run(wave=wave, scheme=store_scheme(scheme))
    assert not ScoringRun.objects.exists()
