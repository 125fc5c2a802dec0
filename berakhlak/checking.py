"""``make test``: everything that must hold before a change is kept.

``python -m berakhlak.checking``. The engines live as long as the checks.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from berakhlak import embedded
from berakhlak.embedded import BASE_DIR
from berakhlak.local import in_sentences, step

MIGRATIONS = ("makemigrations", "--check", "--dry-run")
CHECKS: tuple[tuple[str, Sequence[str]], ...] = (
    ("ruff check", ("ruff", "check", "--quiet")),
    ("ruff format", ("ruff", "format", "--check", "--quiet")),
    ("mypy --strict", ("mypy", "--no-error-summary")),
    ("import-linter", ("lint-imports",)),
    ("djlint", ("djlint", "--quiet", "--check", "--lint", "templates")),
    ("makemigrations --check", ("python", "manage.py", *MIGRATIONS)),
)
PYTEST = ("-m", "pytest", "--durations=10", "--no-header")
BESIDE = (("tests/browser",), ("tests/attackers", "tests/scoring", "tests/awards"))
"""Parts of the tests that run beside all the others."""


def test() -> int:
    """Run every check, whatever the others found; 0 when all of them hold."""
    if shutil.which("chromium") is None:
        install_chromium()
    os.environ["DATABASE_ROLE"] = "owner"
    embedded.hold()
    findings = [found for name, command in CHECKS if (found := check(name, command))]
    print("\n".join(["", *findings]), flush=True)
    return run_tests() or bool(findings)


def run_tests() -> int:
    """In parts side by side, each on its own engines: most of the time is waiting."""
    folder = Path(tempfile.mkdtemp(prefix="berakhlak-"))
    folder.chmod(0o711)
    parts = [Part(folder / str(n), names) for n, names in enumerate(BESIDE)]
    others = [f"--ignore={name}" for names in BESIDE for name in names]
    tests = subprocess.run(
        [sys.executable, *PYTEST, *others], cwd=BASE_DIR, check=False
    )
    failed = [code for part in parts if (code := part.end())]
    shutil.rmtree(folder, ignore_errors=True)
    return tests.returncode or next(iter(failed), 0)


class Part:
    """Some of the tests, running; told when it has ended."""

    def __init__(self, folder: Path, names: Sequence[str]) -> None:
        folder.mkdir(mode=0o711)
        self.environment = {**os.environ, "DATA_DIR": str(folder)}
        self.log = (folder / "pytest.log").open("w+")
        self.running = subprocess.Popen(
            [sys.executable, *PYTEST, *names],
            cwd=BASE_DIR,
            env=self.environment,
            stdout=self.log,
            stderr=subprocess.STDOUT,
        )

    def end(self) -> int:
        """Wait, print what it said, and stop its engines; its exit code."""
        code = self.running.wait()
        self.log.seek(0)
        print(self.log.read(), flush=True)
        self.log.close()
        reset = [sys.executable, "-m", "berakhlak.local", "reset"]
        subprocess.run(reset, cwd=BASE_DIR, env=self.environment, check=False)
        return code


def check(name: str, command: Sequence[str]) -> str:
    """What a tool has to say, with its name; nothing when all is well."""
    program = str(Path(sys.executable).parent / command[0])
    try:
        with step(name):
            subprocess.run(
                [program, *command[1:]],
                cwd=BASE_DIR,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                text=True,
                check=True,
            )
    except subprocess.CalledProcessError as error:
        return f"-- {name}\n{error.stdout}"
    return ""


def install_chromium() -> None:
    """For the browser tests; only root on a Debian may."""
    apt = shutil.which("apt-get")
    if apt is not None and os.geteuid() == 0:
        with step("Chromium"):
            quiet: dict[str, Any] = {"stdout": subprocess.DEVNULL, "check": False}
            environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
            subprocess.run([apt, "update", "-qq"], env=environment, **quiet)
            install = [apt, "install", "-qq", "--no-install-recommends", "--yes"]
            subprocess.run([*install, "chromium"], env=environment, **quiet)
    if shutil.which("chromium") is None:
        print("  Chromium tidak ada, jadi uji peramban tidak dapat berjalan;")
        print("  pasang dulu: apt-get install chromium")


if __name__ == "__main__":
    sys.exit(in_sentences(test))
