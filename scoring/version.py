"""Which code computed a run: the digest of the sources that shape its numbers."""

from __future__ import annotations

import hashlib
import platform
from functools import lru_cache
from importlib.metadata import version
from pathlib import Path

SOURCES = (
    "scoring/arrays.py",
    "scoring/composite.py",
    "scoring/results/disclosure.py",
    "scoring/results/voices.py",
    "scoring/indices.py",
    "scoring/linearisation.py",
    "scoring/measurement/comparability.py",
    "scoring/measurement/doubts.py",
    "scoring/measurement/drivers.py",
    "scoring/measurement/drivers_report.py",
    "scoring/measurement/reliability.py",
    "scoring/measurement/report.py",
    "scoring/measurement/sums.py",
    "scoring/measurement/table.py",
    "scoring/ordering/posterior.py",
    "scoring/ordering/ranks.py",
    "scoring/ordering/report.py",
    "scoring/ordering/sensitivity.py",
    "scoring/ordering/size_classes.py",
    "scoring/overlap.py",
    "scoring/plan.py",
    "scoring/results/analyses.py",
    "scoring/quality/careless.py",
    "scoring/quality/checks.py",
    "scoring/quality/duplicates.py",
    "scoring/quality/key.py",
    "scoring/quality/moments.py",
    "scoring/quality/people.py",
    "scoring/quality/rules.py",
    "scoring/quality/scenarios.py",
    "scoring/quality/units.py",
    "scoring/earlier.py",
    "scoring/examination.py",
    "scoring/passes.py",
    "scoring/scheme.py",
    "scoring/tally.py",
    "scoring/tree.py",
    "scoring/uncertainty.py",
    "scoring/votes.py",
    "scoring/weighting/calibration.py",
    "scoring/weighting/cells.py",
    "scoring/weighting/raking.py",
    "scoring/weighting/recipe.py",
    "scoring/weighting/residuals.py",
    "scoring/weighting/trimming.py",
    "surveys/box/cells.py",
    "surveys/instruments/sheet.py",
)
LIBRARIES = ("numpy", "scipy")


@lru_cache(maxsize=1)
def code_version() -> str:
    """``sources-`` and 16 hexadecimal digits over the text of ``SOURCES``."""
    root = Path(__file__).resolve().parent.parent
    digest = hashlib.sha256()
    for name in SOURCES:
        digest.update(name.encode() + b"\0" + (root / name).read_bytes())
    return f"sources-{digest.hexdigest()[:16]}"


def library_versions() -> dict[str, str]:
    return {
        "python": platform.python_version(),
        **{name: version(name) for name in LIBRARIES},
    }
