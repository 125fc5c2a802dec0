"""What scoring adds to the wave's console: compute, look, open."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext_lazy

from scoring.models import Release, ScoringRun
from surveys.fieldwork.steps import Step
from surveys.models import Wave
from surveys.staff.permissions import COMPUTES, MANAGES


def _latest(wave: Wave) -> ScoringRun | None:
    """Asked once for each wave that was fetched; only sealed ones have any."""
    if wave.state != Wave.State.SEALED:
        return None
    if "latest_run" not in wave.__dict__:
        wave.__dict__["latest_run"] = ScoringRun.objects.filter(wave=wave).first()
    run: ScoringRun | None = wave.__dict__["latest_run"]
    return run


def _is_computed(wave: Wave) -> bool:
    run = _latest(wave)
    return run is not None and run.state == ScoringRun.State.COMPUTED


def _is_open(wave: Wave) -> bool:
    return Release.objects.in_force().filter(run__wave=wave).exists()


def _latest_url(name: str, wave: Wave) -> str:
    run = _latest(wave)
    return reverse(f"admin:scoring_scoringrun_{name}", args=[run.pk if run else 0])


STEPS = (
    Step(
        label=gettext_lazy("Buka hasil"),
        kinds=MANAGES,
        stands=lambda wave: _is_computed(wave) and not _is_open(wave),
        url=lambda wave: _latest_url("open", wave),
    ),
    Step(
        label=gettext_lazy("Lihat perhitungan"),
        kinds=COMPUTES,
        stands=lambda wave: _latest(wave) is not None,
        url=lambda wave: _latest_url("change", wave),
    ),
    Step(
        label=gettext_lazy("Hitung"),
        kinds=COMPUTES,
        stands=lambda wave: wave.state == Wave.State.SEALED and _latest(wave) is None,
        url=lambda wave: reverse("admin:scoring_scoringrun_start", args=[wave.pk]),
    ),
)
