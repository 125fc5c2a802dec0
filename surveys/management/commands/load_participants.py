"""``manage.py load_participants --wave W FILE.csv``"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import CommandParser
from django.utils.translation import gettext as _

from surveys.management.loading import (
    add_strata_arguments,
    columns,
    progress_bar,
    sentences,
    wave_named,
)
from surveys.management.recorded import RecordedCommand
from surveys.people.register import Registered, load_participants
from surveys.people.strata import read_labels


class Command(RecordedCommand):
    """Load the register of a wave; people known already are updated."""

    help = "Memuat daftar pegawai satu gelombang dari berkas CSV."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, metavar="FILE.csv")
        parser.add_argument("--wave", required=True)
        add_strata_arguments(parser)

    def handle(self, *args: Any, **options: Any) -> None:
        path, labels = options["file"], options["strata_labels"]
        with sentences(path), progress_bar(path) as progress:
            loaded = load_participants(
                wave=wave_named(options["wave"]),
                path=path,
                strata=columns(options["strata"]),
                labels=read_labels(labels) if labels else {},
                progress=progress,
            )
        self.stdout.write("\n".join(_said(loaded)))


def _said(loaded: Registered) -> list[str]:
    counts = {
        "added": loaded.n_added,
        "changed": loaded.n_changed,
        "unchanged": loaded.n_unchanged,
    }
    said = [
        _(
            "%(added)d orang ditambahkan, %(changed)d berubah,"
            " %(unchanged)d tidak berubah."
        )
        % counts
    ]
    if loaded.n_kept:
        kept = _("%(n)d orang tetap di unit dan strata tanggal acuan.")
        said.append(kept % {"n": loaded.n_kept})
    if loaded.unused_columns:
        names = ", ".join(loaded.unused_columns)
        said.append(_("Kolom yang tidak dipakai: %(names)s.") % {"names": names})
    return said
