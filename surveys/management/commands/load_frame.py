"""``manage.py load_frame --wave W FILE.csv``"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import CommandParser
from django.utils.translation import gettext as _

from surveys.files.imported import load_frame
from surveys.management.loading import (
    add_strata_arguments,
    columns,
    sentences,
    wave_named,
)
from surveys.management.recorded import RecordedCommand
from surveys.people.strata import read_labels


class Command(RecordedCommand):
    """Load how many people an imported wave could have asked."""

    help = "Memuat kerangka (unit_code, strata, n) gelombang yang diimpor."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, metavar="FILE.csv")
        parser.add_argument("--wave", required=True)
        add_strata_arguments(parser)

    def handle(self, *args: Any, **options: Any) -> None:
        labels = options["strata_labels"]
        with sentences(options["file"]):
            loaded = load_frame(
                wave=wave_named(options["wave"]),
                path=options["file"],
                strata=columns(options["strata"]),
                labels=read_labels(labels) if labels else {},
            )
        said = _("Kerangka %(people)d orang dalam %(rows)d baris dimuat.")
        if loaded.is_unchanged:
            said = _("Kerangka %(people)d orang dalam %(rows)d baris tidak berubah.")
        counts = {"people": loaded.n_people, "rows": loaded.n_rows}
        self.stdout.write(said % counts)
