"""``manage.py print_links``: personal links of a wave, for whoever sends them out."""

from __future__ import annotations

import csv
import os
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from surveys.box import wave_secret
from surveys.errors import SurveyError
from surveys.files.faults import neutral
from surveys.management.commands.wave import wave_named
from surveys.models import Wave
from surveys.people.invitations import links_of, record_printing

COLUMNS = ("person_key", "unit_code", "name", "email", "phone", "code", "link")


class Command(BaseCommand):
    help = "Menulis tautan pribadi semua peserta; siapa dan mengapa dicatat."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--wave", required=True)
        parser.add_argument("--out", type=Path, required=True, metavar="FILE.csv")
        parser.add_argument("--base", default=settings.SITE_URL, help="awal alamat")
        parser.add_argument("--operator", required=True, help="siapa yang mencetak")
        parser.add_argument("--reason", required=True, help="untuk apa")

    def handle(self, *args: Any, **options: Any) -> None:
        wave, out = wave_named(options["wave"]), options["out"]
        if out.exists():
            raise CommandError(f"{out} sudah ada; sebutkan berkas lain.")
        if wave.state in (Wave.State.SEALING, Wave.State.SEALED):
            raise CommandError(
                f"{wave.code} sudah disegel: tautannya tidak berlaku lagi."
            )
        try:
            wave_secret.read(wave)  # or nothing is recorded and no file is begun
            record_printing(
                wave=wave, operator=options["operator"], reason=options["reason"]
            )
            descriptor = os.open(out, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(descriptor, "w", encoding="utf-8", newline="") as file:
                writer = csv.DictWriter(file, COLUMNS, extrasaction="ignore")
                writer.writeheader()
                base = options["base"].rstrip("/")
                for row in links_of(wave):
                    typed = {name: neutral(row[name]) for name in ("name", "email")}
                    writer.writerow({**row, **typed, "link": base + row["path"]})
        except SurveyError as error:
            raise CommandError(str(error)) from error
        except OSError as error:
            raise CommandError(f"{out}: {error.strerror}") from error
        self.stdout.write(f"Tautan ditulis ke {out}; hanya Anda yang dapat membacanya.")
