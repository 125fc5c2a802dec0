"""``manage.py rank``: the units of one level in order, as far as they are released."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.http import Http404
from django.utils.translation import gettext as _

from awards.exports import COLUMNS, ranking_rows
from awards.findings import ranking_finding
from awards.standings import Ranking, competing_units, measure_named, rank_units
from scoring.models import PublishedScore, Release, ScoringRun, UnitScore
from scoring.plan import INDEX
from scoring.results.exports import demand_writable, write_rows
from scoring.results.releases import record_private_reading
from surveys.errors import SurveyError
from surveys.models import WaveUnit


class Command(BaseCommand):
    help = "Menulis peringkat unit satu tingkat dari hasil yang sudah dibuka."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--wave", required=True)
        parser.add_argument("--level", required=True, help="misalnya ESELON_I")
        parser.add_argument("--out", type=Path, required=True, metavar="FILE.csv")
        parser.add_argument("--dimension", default=INDEX)
        parser.add_argument("--private", action="store_true")
        parser.add_argument("--operator", default="")
        parser.add_argument("--reason", default="")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            demand_writable(options["out"])
        except SurveyError as error:
            raise CommandError(str(error)) from error
        run = latest_run(options["wave"], is_private=options["private"])
        if options["private"]:
            record(run, options["operator"], options["reason"])
        ranking = ranking_of(run, **options)
        n = write_rows(options["out"], ranking_rows(ranking), COLUMNS)
        self.stdout.write(ranking_finding(ranking))
        self.stdout.write(
            _("%(n)d baris ditulis ke %(file)s") % {"n": n, "file": options["out"]}
        )


def latest_run(wave: str, *, is_private: bool) -> ScoringRun:
    """The latest computed run; unless read privately, the latest that is released."""
    runs = ScoringRun.objects.filter(
        wave__code=wave, state=ScoringRun.State.COMPUTED
    ).select_related("wave", "scheme")
    if not is_private:
        runs = runs.filter(pk__in=Release.objects.in_force().values("run"))
    run = runs.order_by("-computed_at", "-pk").first()
    if run is None:
        raise CommandError(
            _("Tidak ada hasil gelombang %(code)s yang sudah dibuka.") % {"code": wave}
        )
    return run


def record(run: ScoringRun, operator: str, reason: str) -> None:
    try:
        record_private_reading(run=run, operator=operator, reason=reason)
    except SurveyError as error:
        raise CommandError(str(error)) from error


def ranking_of(
    run: ScoringRun, *, level: str, dimension: str, private: bool, **_rest: Any
) -> Ranking:
    """From published scores, or, on the record, from all."""
    units = competing_units(run.wave, level)
    if not units:
        raise CommandError(_("Tidak ada unit bertingkat %(level)s.") % {"level": level})
    try:
        measure = measure_named(run, dimension)
    except Http404 as error:
        raise CommandError(
            _("Dimensi %(code)s tidak dihitung.") % {"code": dimension}
        ) from error
    return rank_units(
        run, measure, level, units, scores_of(run, units, dimension, private)
    )


def scores_of(
    run: ScoringRun, units: list[WaveUnit], dimension: str, is_private: bool
) -> list[PublishedScore | UnitScore]:
    model = UnitScore if is_private else PublishedScore
    found = model._default_manager.filter(run=run, unit__in=units, dimension=dimension)
    return list(found)
