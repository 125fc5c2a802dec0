"""``manage.py load_evidence WAVE FILE.csv``"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import CommandParser
from django.utils.translation import gettext as _

from scoring.evidence import load_evidence
from surveys.management.loading import sentences, wave_named
from surveys.management.recorded import RecordedCommand


class Command(RecordedCommand):
    """Keep evidence scores of a wave's units; safe to run twice."""

    help = "Memuat nilai bukti unit (kode_unit, nilai 0–100) untuk metode gabungan."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("wave", metavar="GELOMBANG")
        parser.add_argument("file", type=Path, metavar="FILE.csv")

    def handle(self, *args: Any, **options: Any) -> None:
        path = options["file"]
        with sentences(path):
            found = load_evidence(
                wave=wave_named(options["wave"]), path=path, name=path.name, by=None
            )
        self.stdout.write(
            _("Nilai bukti nomor %(number)d: %(n)d unit.")
            % {"number": found.number, "n": len(found.scores)}
        )
