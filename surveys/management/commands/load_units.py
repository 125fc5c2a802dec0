"""``manage.py load_units FILE.csv``"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils.translation import gettext as _

from surveys.management.loading import sentences
from surveys.organisation import load_units


class Command(BaseCommand):
    """Load the unit tree; safe to run twice."""

    help = "Memuat pohon unit kerja dari berkas CSV."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, metavar="FILE.csv")

    def handle(self, *args: Any, **options: Any) -> None:
        with sentences(options["file"]):
            loaded = load_units(path=options["file"])
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
