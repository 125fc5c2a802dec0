"""Which code computed a run: the digest of the sources that shape its numbers."""

from __future__ import annotations

import ast
import hashlib
import platform
from collections.abc import Iterator
from functools import lru_cache
from importlib.metadata import version
from pathlib import Path

BEGIN = "scoring.runs"
ROOM = "scoring"
BESIDE = ("surveys/box/cells.py", "surveys/instruments/sheet.py")
"""Of what lies outside the room, the parts that shape numbers."""

ROOT = Path(__file__).resolve().parent.parent
LIBRARIES = ("numpy", "scipy")


@lru_cache(maxsize=1)
def code_version() -> str:
    """``sources-`` and 16 hexadecimal digits over the text of all ``sources``."""
    digest = hashlib.sha256()
    for name in sources():
        digest.update(name.encode() + b"\0" + (ROOT / name).read_bytes())
    return f"sources-{digest.hexdigest()[:16]}"


def sources() -> list[str]:
    """Every file of this room that a run imports, and those beside."""
    found: set[Path] = set()
    waiting = {path_of(BEGIN)}
    while waiting:
        path = waiting.pop()
        if path is not None and path not in found:
            found.add(path)
            waiting |= {path_of(name) for name in imported_by(path)}
    return sorted({str(path.relative_to(ROOT)) for path in found} | {*BESIDE})


def imported_by(path: Path) -> Iterator[str]:
    """Names of modules, and of what may be one."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def path_of(module: str) -> Path | None:
    """The file of a module of this room; None for everything else."""
    path = ROOT.joinpath(*module.split(".")).with_suffix(".py")
    return path if module.split(".")[0] == ROOM and path.is_file() else None


def library_versions() -> dict[str, str]:
    return {
        "python": platform.python_version(),
        **{name: version(name) for name in LIBRARIES},
    }
