"""``manage.py load_instrument FILE.yaml [--draft]``"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import CommandParser
from django.utils.translation import gettext as _

from surveys.instruments.authoring import Outcome, store_instrument
from surveys.instruments.proofreading import read_document
from surveys.management.loading import sentences
from surveys.management.recorded import RecordedCommand


class Command(RecordedCommand):
    """Load an instrument; a published version never changes."""

    help = "Memuat instrumen dari berkas YAML dan menerbitkannya."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, metavar="FILE.yaml")
        parser.add_argument(
            "--draft", action="store_true", help="Simpan tanpa menerbitkan."
        )

    def handle(self, *args: Any, **options: Any) -> None:
        with sentences(options["file"]):
            document = read_document(options["file"])
            stored = store_instrument(document=document, publish=not options["draft"])
        said = {
            Outcome.STORED: _("%(code)s versi %(version)d disimpan sebagai rancangan."),
            Outcome.PUBLISHED: _("%(code)s versi %(version)d diterbitkan."),
            Outcome.UNCHANGED: _("%(code)s versi %(version)d tidak berubah."),
        }
        names = {"code": document.code, "version": document.version}
        self.stdout.write(said[stored.outcome] % names)
