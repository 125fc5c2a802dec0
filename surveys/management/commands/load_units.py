"""``manage.py load_units FILE.csv``"""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

from django.core.management.base import CommandParser
from django.utils.translation import gettext as _

from surveys.management.loading import sentences
from surveys.management.recorded import RecordedCommand
from surveys.structure.organisation import load_units


class Command(RecordedCommand):
    """Load the unit tree; safe to run twice."""

    help = "Memuat pohon unit kerja dari berkas CSV."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, metavar="FILE.csv")
        parser.add_argument(
            "--from",
            dest="starts_on",
            type=date.fromisoformat,
            metavar="TTTT-BB-HH",
            help="Berlaku mulai tanggal ini; tanpa ini, berkas hanya membetulkan data.",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        with sentences(options["file"]):
            loaded = load_units(path=options["file"], starts_on=options["starts_on"])
        self.stdout.write(
            _(
                "%(added)d unit ditambahkan, %(changed)d berubah,"
                " %(unchanged)d tidak berubah."
            )
            % {
                "added": loaded.n_added,
                "changed": loaded.n_changed,
                "unchanged": loaded.n_unchanged,
            }
        )
