"""A command whose changes stand in the history under a name and a reason."""

from __future__ import annotations

import getpass
from argparse import SUPPRESS, ArgumentParser, _SubParsersAction
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from surveys.staff.history import acting

OPTIONS = {
    "--operator": "siapa yang mengubah; bila kosong: akun di mesin ini",
    "--reason": "mengapa; tercatat di riwayat perubahan",
}


class RecordedCommand(BaseCommand):
    """Adds ``--operator`` and ``--reason``, unless the command has its own."""

    def create_parser(
        self, prog_name: str, subcommand: str, **kwargs: Any
    ) -> CommandParser:
        self.subcommand = subcommand
        parser = super().create_parser(prog_name, subcommand, **kwargs)
        known = {word for action in parser._actions for word in action.option_strings}
        self.added = [option for option in OPTIONS if option not in known]
        for option in self.added:
            parser.add_argument(option, default="", help=OPTIONS[option])
        for below in parsers_below(parser):
            for option in self.added:
                below.add_argument(option, default=SUPPRESS, help=OPTIONS[option])
        return parser

    def execute(self, *args: Any, **options: Any) -> str | None:
        """As usual, with every change inside recorded as this operator's."""
        said = {
            option.strip("-"): str(options.get(option.strip("-")) or "").strip()
            for option in OPTIONS
        }
        for option in self.added:
            options.pop(option.strip("-"), None)
        who, via = said["operator"] or account(), f"manage.py {self.subcommand}"
        with acting(operator=who, reason=said["reason"], via=via):
            printed: str | None = super().execute(*args, **options)
        return printed


def parsers_below(parser: ArgumentParser) -> list[ArgumentParser]:
    """Of a command that is several: ``wave open``, ``wave close``."""
    choices = [a for a in parser._actions if isinstance(a, _SubParsersAction)]
    return [below for action in choices for below in action.choices.values()]


def account() -> str:
    """The account at this machine's shell; a container may have no name for it."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return "shell"
