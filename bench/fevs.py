"""The main job on real answers: load, open, seal, score and rank FEVS 2018.

``python -m bench.fevs`` runs the commands of the product one after the other, and
prints seconds and peak memory (MiB) of each as JSON. It needs an empty database; the
wave is called FEVS2018.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from bench.sources import FEVS, ROOT, write_fevs_units

DATA = ROOT / "tests" / "data"
WAVE = "FEVS2018"


def steps(folder: Path) -> dict[str, list[str]]:
    """Each command of the chain, by the name it is reported under."""
    create = ["--name", "FEVS 2018", "--instrument", "fevs-eei", "--root", "FED"]
    create += ["--source", "imported", "--competing-level", "AGENCY"]
    create += ["--reference-date", "2018-06-30"]
    responses = [str(FEVS), "--map", str(DATA / "fevs-map.yaml")]
    responses += ["--rejects", str(folder / "rejects.csv")]
    ranks = ["--out", str(folder / "ranks.csv")]
    scheme = ["--scheme", "scoring/schemes/fevs-eei.yaml", "--release", "public"]
    scheme += ["--out", str(folder / "scores.csv")]
    return {
        "prepare": ["prepare_database", "-v", "0"],
        "load_units": ["load_units", str(folder / "units.csv")],
        "load_instrument": ["load_instrument", str(DATA / "fevs.yaml")],
        "create": ["wave", "create", WAVE, *create],
        "open": ["wave", "open", WAVE],
        "load_responses": ["load_responses", "--wave", WAVE, *responses],
        "close": ["wave", "close", WAVE],
        "seal": ["wave", "seal", WAVE],
        "score": ["score", "--wave", WAVE, *scheme],
        "rank": ["rank", "--wave", WAVE, "--level", "AGENCY", *ranks],
    }


def measure(command: list[str]) -> dict[str, float | str]:
    """Run one command of the product; OSError or its own sentence ends the chain."""
    started = time.monotonic()
    process = subprocess.Popen([sys.executable, "manage.py", *command], cwd=ROOT)
    _pid, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(f"{' '.join(command)}: {process.returncode}")
    return {
        "seconds": round(time.monotonic() - started, 2),
        "peak_mib": round(usage.ru_maxrss / 1024, 1),
    }


def main() -> None:
    if not FEVS.exists():
        raise SystemExit(f"The real answers are not here: {FEVS}")
    folder = Path(sys.argv[1] if len(sys.argv) > 1 else tempfile.mkdtemp())
    folder.mkdir(parents=True, exist_ok=True)
    n_units = write_fevs_units(folder / "units.csv")
    figures = {name: measure(command) for name, command in steps(folder).items()}
    report = {"n_units": n_units, "folder": str(folder), "steps": figures}
    print(json.dumps(report, indent=2))


if __name__ == "__main__":
    main()
