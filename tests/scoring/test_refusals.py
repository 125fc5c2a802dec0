"""What cannot be computed or written is refused in a sentence, before the work."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from scoring.models import ScoringRun
from scoring.runs import start_run
from scoring.schemes_store import default_scheme
from surveys.errors import SurveyError
from surveys.fieldwork import waves
from surveys.models import UnitKerja, Wave
from tests.surveys.box import make_draft

pytestmark = pytest.mark.django_db


def test_a_wave_without_answers_is_not_computed(units: dict[str, UnitKerja]) -> None:
    wave = waves.open_wave(wave=make_draft(units, source=Wave.Source.IMPORTED))
    Wave.objects.update(state=Wave.State.SEALING)
    Wave.objects.update(state=Wave.State.SEALED, sealed_at=wave.opened_at)
    wave.refresh_from_db()
    with pytest.raises(SurveyError, match="tidak berisi satu jawaban pun"):
        start_run(wave=wave, scheme=default_scheme())
    assert not ScoringRun.objects.exists()


@pytest.mark.parametrize("name", ["tidak-ada/x.csv", "."])
def test_a_file_that_cannot_be_written_stops_before_computing(
    wave: Wave, tmp_path: Path, name: str
) -> None:
    order = ("--wave", wave.code, "--release", "public", "--out", str(tmp_path / name))
    with pytest.raises(CommandError, match="tidak dapat ditulis"):
        call_command("score", *order)
    assert not ScoringRun.objects.exists()
