"""Lighthouse on the respondent's pages, as a cheap phone sees them.

``python -m bench.lighthouse [FOLDER]`` serves a wave of its own by the production web
server, writes a report per page (HTML and JSON) and prints the scores as JSON; it ends
with 1 if a score is under its floor. Lighthouse comes from npm, into ``.data``.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

from bench import stage
from bench.sources import ROOT

TRIES = 3
VERSION = "13.5.0"
FLOORS = {"performance": 95, "accessibility": 100, "best-practices": 95}
FLAGS = (
    "--headless --no-sandbox --disable-gpu --disable-quic --no-first-run"
    " --disable-background-networking --disable-component-update --disable-sync"
)


def main() -> None:
    folder = Path(sys.argv[1] if len(sys.argv) > 1 else ROOT / "test-artifacts")
    folder.mkdir(parents=True, exist_ok=True)
    program = install()
    stage.begin()
    try:
        codes = stage.open_wave(10 * stage.UNITS)
        with stage.gunicorn("berakhlak.wsgi") as server:
            home = f"http://localhost:{server.port}"
            pages = {
                "formulir": f"{home}/survei/{codes[0]}/",
                "kode": f"{home}/survei/",
                "bukti": f"{home}/bukti/",
            }
            scores = {
                name: measure(program, address, folder / f"lighthouse-{name}")
                for name, address in pages.items()
            }
    finally:
        stage.end()
    print(json.dumps(scores, indent=2))
    sys.exit(any(is_under_its_floor(page) for page in scores.values()))


def install() -> Path:
    """Lighthouse of one version; a sentence where npm or Chromium is missing."""
    npm, chromium = shutil.which("npm"), shutil.which("chromium")
    if npm is None or chromium is None:
        sys.exit("Lighthouse perlu npm dan chromium; pasang dulu.")
    home = ROOT / ".data" / "lighthouse"
    program = home / "node_modules" / ".bin" / "lighthouse"
    if not program.exists():
        home.mkdir(parents=True, exist_ok=True)
        subprocess.run(
            [
                npm,
                "install",
                "--silent",
                "--no-audit",
                "--no-fund",
                f"--prefix={home}",
                f"lighthouse@{VERSION}",
            ],
            check=True,
        )
    return program


def measure(program: Path, address: str, report: Path) -> dict[str, int]:
    """Scores (0–100) of one page under the mobile preset.

    On a busy machine the browser may lose the beginning of its record; the program then
    asks to be run again.
    """
    command: list[str | Path] = [
        program,
        address,
        "--quiet",
        "--output=json",
        "--output=html",
        f"--output-path={report}",
        f"--only-categories={','.join(FLOORS)}",
        f"--chrome-flags={FLAGS}",
    ]
    environment = {**os.environ, "CHROME_PATH": shutil.which("chromium") or ""}
    for _ in range(TRIES):
        if subprocess.run(command, env=environment, check=False).returncode == 0:
            break
    else:
        sys.exit(f"Lighthouse tidak selesai untuk {address}.")
    written = Path(f"{report}.report.json").read_text(encoding="utf-8")
    categories: dict[str, Any] = json.loads(written)["categories"]
    return {name: round(100 * found["score"]) for name, found in categories.items()}


def is_under_its_floor(page: dict[str, int]) -> bool:
    return any(page[name] < floor for name, floor in FLOORS.items())


if __name__ == "__main__":
    main()
