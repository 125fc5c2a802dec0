"""``manage.py release``: open the latest computed run of a wave to an audience."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import CommandError

from scoring.models import Release, ScoringRun
from scoring.results.releases import release
from surveys.errors import SurveyError
from surveys.management.recorded import RecordedCommand


class Command(RecordedCommand):
    help = "Membuka hasil perhitungan terakhir untuk pembaca tertentu."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--wave", required=True)
        parser.add_argument(
            "--audience", nargs="+", required=True, choices=Release.Audience.values
        )
        parser.add_argument("--operator", required=True, help="siapa yang membuka")

    def handle(self, *args: Any, **options: Any) -> None:
        run = ScoringRun.objects.filter(
            wave__code=options["wave"], state=ScoringRun.State.COMPUTED
        ).first()
        if run is None:
            raise CommandError("Gelombang ini belum punya perhitungan yang selesai.")
        try:
            release(
                run=run, audiences=options["audience"], released_by=options["operator"]
            )
        except SurveyError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"{run.wave.code}: dibuka untuk {options['audience']}")
