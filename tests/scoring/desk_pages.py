"""Runs as the desk's pages about them want them, by the names in their addresses."""

from __future__ import annotations

from scoring.models import ScoringRun
from scoring.quality.units import FAMILIES
from surveys.models import Wave
from tests.factories import make_run


def run_places(n_more: int) -> dict[str, str]:
    """The wave W1, computed twice, and once more with ``n_more`` units to decide on."""
    wave = Wave.objects.get(code="W1")
    computed = ScoringRun.objects.get(wave=wave)
    make_run(wave, {"01": 61.0, "02": 62.0})
    reviewed = make_run(wave, {})
    ScoringRun.objects.filter(pk=reviewed.pk).update(state=ScoringRun.State.REVIEWING)
    for unit in wave.units.exclude(parent=None)[: 1 + n_more]:
        for family, kind in zip(FAMILIES, ("even_pace", "ceiling"), strict=False):
            reviewed.flags.create(unit=unit, family=family, kind=kind)
    return {
        "{scored}": str(wave.pk),
        "{run}": str(computed.pk),
        "{reviewed}": str(reviewed.pk),
    }
