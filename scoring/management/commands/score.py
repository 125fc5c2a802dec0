"""``manage.py score``: compute a sealed wave, and write what has been released."""

from __future__ import annotations

import sys
import time
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from tqdm import tqdm

from scoring import runs, tasks
from scoring.models import Release, ScoringRun
from scoring.results.exports import (
    demand_writable,
    private_rows,
    released_rows,
    write_rows,
)
from scoring.results.releases import record_private_reading, release
from scoring.results.reviews import pending
from scoring.scheme_errors import SchemeError
from scoring.schemes_store import default_scheme, take_scheme
from surveys.errors import SurveyError
from surveys.models import Wave


class Command(BaseCommand):
    help = "Menghitung skor gelombang yang sudah disegel."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--wave", required=True)
        parser.add_argument("--scheme", type=Path, help="berkas YAML metode")
        parser.add_argument("--out", type=Path, help="berkas .csv atau .json")
        parser.add_argument(
            "--release",
            nargs="+",
            default=[],
            choices=Release.Audience.values,
            help="buka hasil untuk pembaca ini",
        )
        parser.add_argument("--private", action="store_true")
        parser.add_argument("--operator", default="")
        parser.add_argument("--reason", default="")

    def handle(self, *args: Any, wave: str, **options: Any) -> None:
        out: Path | None = options["out"]
        if options["private"] and not (options["operator"] and options["reason"]):
            raise CommandError("--private memerlukan --operator dan --reason.")
        if out and not (options["release"] or options["private"]):
            raise CommandError(
                "--out menulis hasil yang sudah dibuka: tambahkan --release, atau"
                " --private dengan --operator dan --reason."
            )
        try:
            if out:
                demand_writable(out)
            run = start(wave, options["scheme"])
            self.wait_for(run)
            self.open_and_write(run, out, options)
        except (SurveyError, SchemeError) as error:
            raise CommandError(str(error)) from error

    def wait_for(self, run: ScoringRun) -> None:
        """Help the workers until the run has ended."""
        with tqdm(
            total=run.n_shards,
            desc="Menghitung",
            unit=" bagian",
            disable=not sys.stderr.isatty(),
        ) as bar:
            while run.is_running:
                for n_done in runs.work_through(run):
                    bar.update(n_done - bar.n)
                run.refresh_from_db()
                if run.is_running:
                    time.sleep(0.2)
        if run.state == ScoringRun.State.FAILED:
            raise CommandError(f"Perhitungan gagal: {run.error}")
        if run.state == ScoringRun.State.CANCELLED:
            raise CommandError(f"Perhitungan dibatalkan: {run.error}")
        if run.state == ScoringRun.State.REVIEWING:
            raise CommandError(
                f"Perhitungan {run.pk} menunggu pemeriksaan {len(pending(run))} unit"
                " bertanda; skor belum dapat dibuka. Putuskan di desk, atau dengan"
                f" `manage.py review {run.pk}`, lalu buka dengan `manage.py release`."
            )
        self.stdout.write(
            f"Selesai dihitung: {run.n_shards} bagian,"
            f" sidik hasil {run.result_digest[:12]}"
        )
        for warning in run.warnings:
            self.stdout.write(f"Perhatian: {warning}")

    def open_and_write(
        self, run: ScoringRun, out: Path | None, options: dict[str, Any]
    ) -> None:
        if options["release"]:
            name = options["operator"] or "manage.py score"
            release(run=run, audiences=options["release"], released_by=name)
            self.stdout.write(f"Dibuka untuk: {', '.join(options['release'])}")
        if out is None:
            return
        rows = released_rows(run)
        if options["private"]:
            record_private_reading(
                run=run, operator=options["operator"], reason=options["reason"]
            )
            rows = private_rows(run)
        self.stdout.write(f"{write_rows(out, rows)} baris ditulis ke {out}")


def start(wave_code: str, scheme_file: Path | None) -> ScoringRun:
    """Start a run of the named wave; the workers are called too."""
    try:
        wave = Wave.objects.select_related("instrument").get(code=wave_code)
    except Wave.DoesNotExist as error:
        raise CommandError(f"Gelombang {wave_code} tidak ada.") from error
    scheme = take_scheme(scheme_file) if scheme_file else default_scheme()
    run = runs.start_run(wave=wave, scheme=scheme)
    tasks.queue_run.delay(run.pk)
    return run
