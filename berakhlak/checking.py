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
SLOW = ("tests/browser", "tests/attackers")


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
    """Those that wait for a browser beside all others, each on engines of their own."""
    folder = Path(tempfile.mkdtemp(prefix="berakhlak-"))
    folder.chmod(0o711)
    environment = {**os.environ, "DATA_DIR": str(folder)}
    with (folder / "pytest.log").open("w+") as log:
        beside = subprocess.Popen(
            [sys.executable, *PYTEST, *SLOW],
            cwd=BASE_DIR,
            env=environment,
            stdout=log,
            stderr=subprocess.STDOUT,
        )
        others = [f"--ignore={name}" for name in SLOW]
        tests = subprocess.run(
            [sys.executable, *PYTEST, *others], cwd=BASE_DIR, check=False
        )
        failed = beside.wait() or tests.returncode
        log.seek(0)
        print(log.read(), flush=True)
    reset = [sys.executable, "-m", "berakhlak.local", "reset"]
    subprocess.run(reset, cwd=BASE_DIR, env=environment, check=False)
    shutil.rmtree(folder, ignore_errors=True)
    return failed


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
