"""``manage.py load_responses --wave W FILE.csv[.gz] [--map MAP.yaml]``"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import CommandParser
from django.utils.translation import gettext as _

from surveys.files.imported import load_responses
from surveys.files.mapping import ResponseMap, read_map
from surveys.management.loading import progress_bar, sentences, wave_named
from surveys.management.recorded import RecordedCommand
from surveys.people.strata import read_labels


class Command(RecordedCommand):
    """Load answers gathered elsewhere into the box of an imported wave."""

    help = "Memuat jawaban yang dikumpulkan di luar ke gelombang yang diimpor."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, metavar="FILE.csv")
        parser.add_argument("--wave", required=True)
        parser.add_argument("--map", type=Path, help="Arti kolom dan isi sel (YAML).")
        parser.add_argument("--strata-labels", type=Path, help="Nama strata (YAML).")
        parser.add_argument(
            "--allow-rejects", action="store_true", help="Lewati baris yang ditolak."
        )
        parser.add_argument(
            "--rejects", type=Path, help="Bawaan: nama berkas + .rejects.csv."
        )

    def handle(self, *args: Any, **options: Any) -> None:
        path: Path = options["file"]
        mapping, labels = ResponseMap(), options["strata_labels"]
        if options["map"]:
            with sentences(options["map"]):
                mapping = read_map(options["map"])
        with sentences(path), progress_bar(path) as progress:
            loaded = load_responses(
                wave=wave_named(options["wave"]),
                path=path,
                mapping=mapping,
                rejects=options["rejects"] or Path(f"{path.name}.rejects.csv"),
                allow_rejects=options["allow_rejects"],
                labels=read_labels(labels) if labels else {},
                progress=progress,
            )
        counts = {"n": loaded.n_answers, "rejected": loaded.n_rejected}
        said = _("%(n)d jawaban dimuat, %(rejected)d baris ditolak.") % counts
        if loaded.n_rejected:
            said += " " + _("Daftar: %(file)s.") % {"file": loaded.rejects}
        self.stdout.write(said)
