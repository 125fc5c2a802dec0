"""Waves whose pages at the desk are counted: one that is open, and a draft."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

from django.utils import timezone

from surveys.fieldwork import waves, windows
from surveys.models import UnitKerja
from surveys.monitoring.progress import count_arrivals
from tests.surveys.box import answer, make_draft, people_of, register

OPEN = {"01.01": "F" * 110, "01.02": "F" * 6, "02.01": "M" * 20}
DRAFT = {"01.01": "F" * 12, "01.02": "M" * 6, "02.01": "M" * 20}


def wave_places(units: Mapping[str, UnitKerja], n_more: int) -> dict[str, str]:
    """Both with a batch; the more people, units and extensions, the larger."""
    more = {code: "M" * 10 for code in units if code > "03" and code != "KEM"}
    found = {}
    for name, people in (("open", OPEN), ("draft", DRAFT)):
        wave = make_draft(units, name.upper())
        register(wave, units, {**people, **more})
        end = timezone.now() + timedelta(days=3)
        plan = windows.BatchPlan("Timur", end, units=[units["02"]])
        windows.set_batches(wave=wave, plans=[plan])
        found[f"{{{name}}}"] = str(wave.pk)
        if name == "open":
            wave = waves.open_wave(wave=wave)
            for person in people_of(wave, "01.01")[: 12 + n_more]:
                answer(person)
            count_arrivals(wave=wave)
            for day in range(8, 9 + n_more):
                windows.extend(
                    wave=wave,
                    closes_at=timezone.now() + timedelta(days=day),
                    reason="Jaringan terputus.",
                    extended_by=None,
                )
    return found
