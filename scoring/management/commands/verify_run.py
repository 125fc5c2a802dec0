"""``manage.py verify_run``: compute a run again; is it what is stored?"""

from __future__ import annotations

import sys
from argparse import ArgumentParser
from collections.abc import Iterable
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from tqdm import tqdm

from scoring import verification
from scoring.computed import Computed
from scoring.models import ScoringRun
from scoring.tally import Tally
from scoring.verification import Difference
from surveys.errors import SurveyError

NAMED = 20
"""Units that are named; of the others there is a count."""


class Command(BaseCommand):
    help = "Menghitung ulang dari jawaban tersegel, lalu membandingkan setiap bit."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("run", type=int, metavar="RUN_ID")

    def handle(self, *args: Any, run: int, **options: Any) -> None:
        found = run_of(run)
        self.stdout.write(f"Perhitungan #{found.pk}: {found.wave}, {found.scheme}")
        self.say_what_changed(found)
        try:
            tallies = self.tally_again(found)
            computed = verification.compute_again(found, tallies)
            examined = verification.examine_again(found, computed, tallies)
        except SurveyError as error:
            raise CommandError(str(error)) from error
        except (ValueError, IndexError) as error:
            raise CommandError(
                f"Jawaban tersegel tidak dapat dihitung lagi: {error}"
            ) from error
        are_same = self.compare_digests(found, computed)
        private = verification.private_differences(found, computed)
        published = verification.published_differences(found, computed)
        quality = verification.examined_differences(found, computed, examined)
        are_same &= self.compare_rows("skor unit", private)
        are_same &= self.compare_rows("tanda dan skenario", quality)
        are_same &= self.compare_rows("skor yang boleh tampil", published)
        analyses = verification.analysis_differences(found, computed)
        are_same &= self.compare_rows("analisis", analyses)
        if not are_same:
            raise CommandError("Hasil hitung ulang berbeda dari yang tersimpan.")
        self.stdout.write("Semuanya cocok sampai bit terakhir.")

    def say_what_changed(self, run: ScoringRun) -> None:
        """Told before the comparison: it is where a difference would come from."""
        for name, then, now in verification.changed_since(run):
            self.stdout.write(
                f"Perhatian: {name} dulu {then}, sekarang {now};"
                " bila ada yang berbeda, mungkin ini sebabnya."
            )

    def tally_again(self, run: ScoringRun) -> dict[int, tuple[Tally, int]]:
        tallies: dict[int, tuple[Tally, int]] = {}
        for part in tqdm(
            verification.tally_again(run),
            total=run.n_shards,
            desc="Menghitung ulang",
            unit=" bagian",
            disable=not sys.stderr.isatty(),
        ):
            tallies |= part
        return tallies

    def compare_digests(self, run: ScoringRun, computed: Computed) -> bool:
        found = verification.digests(run, computed)
        for name, is_same in found.items():
            self.stdout.write(f"{'Cocok' if is_same else 'BERBEDA'}: {name}")
        return all(found.values())

    def compare_rows(self, name: str, differences: Iterable[Difference]) -> bool:
        """One line a unit, those of another score first: columns (dimensions)."""
        by_unit: dict[str, list[Difference]] = {}
        for difference in differences:
            by_unit.setdefault(difference.unit, []).append(difference)
        self.stdout.write(f"{'BERBEDA' if by_unit else 'Cocok'}: {name}")
        found = sorted(by_unit.items(), key=lambda item: not has_other_score(item[1]))
        for unit, wrong in found[:NAMED]:
            self.stdout.write(f"  {unit}: {words_of(wrong)}")
        if len(by_unit) > NAMED:
            self.stdout.write(f"  dan {len(by_unit) - NAMED} unit lain")
        return not by_unit


def run_of(pk: int) -> ScoringRun:
    runs = ScoringRun.objects.select_related("wave__instrument", "scheme")
    try:
        return runs.get(pk=pk)
    except ScoringRun.DoesNotExist as error:
        raise CommandError(f"Perhitungan #{pk} tidak ada.") from error


def has_other_score(differences: Iterable[Difference]) -> bool:
    """Or other people; margins alone borrow from all units, and so differ in all."""
    return any(
        not found.columns or {"score", "n"} & {*found.columns} for found in differences
    )


def words_of(differences: Iterable[Difference]) -> str:
    """``score, lower (A, index)``; a row that is missing or too many is called so."""
    columns: dict[str, None] = {}
    dimensions: dict[str, None] = {}
    for difference in differences:
        names = difference.columns or ("barisnya hilang atau berlebih",)
        columns |= dict.fromkeys(names)
        dimensions[difference.dimension] = None
    return f"{', '.join(columns)} ({', '.join(dimensions)})"
