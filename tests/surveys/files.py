"""Input files for the loading commands, and what the commands say."""

from __future__ import annotations

from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

DATA = Path(__file__).parents[1] / "data"


def write(folder: Path, text: str, name: str = "berkas.csv") -> Path:
    """A file with this text, one row a line, indentation taken away."""
    lines = (line.strip() for line in text.strip().splitlines())
    path = folder / name
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def run(command: str, *arguments: object) -> str:
    """What the command prints."""
    out = StringIO()
    call_command(command, *map(str, arguments), stdout=out)
    return out.getvalue().strip()


def refusal(command: str, *arguments: object) -> str:
    """What the command says when it refuses."""
    with pytest.raises(CommandError) as caught:
        run(command, *arguments)
    assert caught.value.returncode == 1
    return str(caught.value)
