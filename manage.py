#!/usr/bin/env python
"""Django's command line, as the owner of the database unless told otherwise."""

import os
import sys

WITHOUT_DATABASE = {"help", "version", "collectstatic", "makemessages", "spectacular"}


def main() -> None:
    """Run one command, with the embedded engines if no server is named."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "berakhlak.settings")
    os.environ.setdefault("DATABASE_ROLE", "owner")
    from django.core.management import execute_from_command_line

    from berakhlak import embedded, engines

    command = sys.argv[1] if len(sys.argv) > 1 else "help"
    if embedded.is_wanted() and command not in WITHOUT_DATABASE:
        try:
            embedded.hold()
        except engines.EngineError as error:
            sys.exit(str(error))
    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
