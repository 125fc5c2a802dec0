"""``manage.py diff_runs``: what changed between two runs, by cause and by unit."""

from __future__ import annotations

from argparse import ArgumentParser
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from scoring.differences import Change, Shown, causes, changes
from scoring.management.commands.verify_run import run_of
from scoring.models import Release, ScoringRun
from scoring.results.exports import demand_writable, write_rows
from scoring.results.releases import record_private_reading
from surveys.errors import SurveyError

SIDES = ("was", "now")
COLUMNS = (
    "unit_code",
    "dimension",
    "change",
    *(
        f"{name}_{side}"
        for name in ("score", "margin", "band", "state")
        for side in SIDES
    ),
)
STATES = {"shown": "tampil", "hidden": "disembunyikan", "absent": "tidak ada"}


class Command(BaseCommand):
    help = "Mengatakan apa yang berubah di antara dua perhitungan, dan sebabnya."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("was", type=int, metavar="A")
        parser.add_argument("now", type=int, metavar="B")
        parser.add_argument("--csv", type=Path, metavar="FILE")
        parser.add_argument(
            "--private",
            action="store_true",
            help="juga skor yang belum dibuka atau disembunyikan; tercatat",
        )
        parser.add_argument("--operator", default="")
        parser.add_argument("--reason", default="")

    def handle(self, *args: Any, was: int, now: int, **options: Any) -> None:
        runs = run_of(was), run_of(now)
        try:
            if options["csv"]:
                demand_writable(options["csv"])
            demand_computed(runs)
            self.tell_causes(*runs)
            if options["private"]:
                record(runs, options["operator"], options["reason"])
            else:
                demand_released(runs)
        except SurveyError as error:
            raise CommandError(str(error)) from error
        found = changes(*runs, is_private=options["private"])
        self.tell_changes(found, *runs)
        if options["csv"]:
            n = write_rows(options["csv"], map(row_of, found), COLUMNS)
            self.stdout.write(f"{n} baris ditulis ke {options['csv']}")

    def tell_causes(self, was: ScoringRun, now: ScoringRun) -> None:
        self.stdout.write(f"Dari #{was.pk} ({was}) ke #{now.pk} ({now})\n\nSebab:")
        found = list(causes(was, now))
        for each in found:
            name = f"{each.kind} {each.name}".strip()
            self.stdout.write(f"  {name}: {each.was} → {each.now}")
        if not found:
            self.stdout.write("  Masukan, metode, kode, dan pustaka sama.")

    def tell_changes(
        self, found: list[Change], was: ScoringRun, now: ScoringRun
    ) -> None:
        n = len({each.unit for each in found})
        self.stdout.write(f"\nUnit yang berubah: {n}")
        if found:
            heads = [f"{name} #{run.pk}" for name in HEADS for run in (was, now)]
            head = ["Unit", "Dimensi", "Perubahan", *heads]
            for line in table([head, *map(cells_of, found)]):
                self.stdout.write(line)


HEADS = ("Skor", "Margin", "Kategori", "Keadaan")


def demand_computed(runs: Sequence[ScoringRun]) -> None:
    for run in runs:
        if run.state != ScoringRun.State.COMPUTED:
            raise SurveyError(f"Perhitungan #{run.pk} belum selesai.")


def demand_released(runs: Sequence[ScoringRun]) -> None:
    """Both open to somebody: then their published rows may be told."""
    opened = set(Release.objects.in_force().values_list("run_id", flat=True))
    for run in runs:
        if run.pk not in opened:
            raise SurveyError(
                f"Hasil #{run.pk} belum dibuka: perubahan skornya memerlukan"
                " --private dengan --operator dan --reason."
            )


@transaction.atomic
def record(runs: Sequence[ScoringRun], operator: str, reason: str) -> None:
    for run in runs:
        record_private_reading(run=run, operator=operator, reason=reason)


def row_of(change: Change) -> dict[str, Any]:
    """A row of the file, numbers in full precision."""
    row: dict[str, Any] = {"unit_code": change.unit, "dimension": change.dimension}
    row["change"] = change.size
    for side in SIDES:
        shown: Shown = getattr(change, side)
        for name in ("score", "margin", "band", "state"):
            row[f"{name}_{side}"] = getattr(shown, name)
    return row


def cells_of(change: Change) -> list[str]:
    """A row of the table; a change however small is not told as none."""
    sides = change.was, change.now
    size = "" if change.size is None else f"{change.size:+.3g}"
    numbers = [in_words(side.score) for side in sides]
    numbers += [in_words(side.margin) for side in sides]
    words = [side.band or "–" for side in sides]
    words += [STATES[side.state] for side in sides]
    return [change.unit, change.dimension, size, *numbers, *words]


def in_words(number: float | None) -> str:
    return "–" if number is None else f"{number:.2f}"


def table(rows: list[list[str]]) -> list[str]:
    """Columns as wide as their widest cell."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return [
        "  ".join(cell.ljust(n) for cell, n in zip(row, widths, strict=True)).rstrip()
        for row in rows
    ]
