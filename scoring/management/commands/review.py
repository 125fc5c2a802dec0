"""``manage.py review``: units with flags, what was decided on them, and deciding."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import CommandError

from scoring import runs
from scoring.management.commands.verify_run import run_of
from scoring.models import Review, ScoringRun
from scoring.results.reviews import cases_of, complete, decide
from surveys.errors import SurveyError
from surveys.management.recorded import RecordedCommand
from surveys.models import User


class Command(RecordedCommand):
    help = "Menampilkan dan memutuskan unit bertanda; skor tidak ditampilkan."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("run", type=int, metavar="RUN_ID")
        parser.add_argument("--unit", help="kode unit yang diputuskan")
        parser.add_argument("--decision", choices=Review.Decision.values)
        parser.add_argument("--reason", default="")
        parser.add_argument("--by", default="", help="surel akun yang memutuskan")
        parser.add_argument(
            "--complete", action="store_true", help="selesaikan, lalu terbitkan"
        )

    def handle(self, *args: Any, run: int, **options: Any) -> None:
        found = run_of(run)
        try:
            if options["unit"]:
                self.decide(found, options)
            if options["complete"]:
                complete(run=found)
                runs.finish_run(found.pk)
                found.refresh_from_db()
        except SurveyError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"{found}: {found.get_state_display()}")
        for case in cases_of(found):
            decision = case.review.decision if case.review else "belum diputuskan"
            kinds = ", ".join(flag.kind for flag in case.flags)
            self.stdout.write(f"{case.unit.code} {case.unit}: {kinds}; {decision}")

    def decide(self, run: ScoringRun, options: dict[str, Any]) -> None:
        unit = run.wave.units.filter(code=options["unit"]).first()
        by = User.objects.filter(email=options["by"], is_active=True).first()
        if unit is None or by is None:
            raise CommandError("Sebutkan --unit dan --by yang dikenal.")
        decide(
            run=run,
            unit=unit,
            decision=options["decision"] or "",
            reason=options["reason"],
            decided_by=by,
        )
