"""What whoever reads a ranking must know of the measurement behind it."""

from __future__ import annotations

from scoring.models import Analysis, ScoringRun
from scoring.permissions import Reader
from scoring.results.analysis_words import checks_in_words, measurement_finding
from scoring.results.measurement_page import item_names, value_names
from scoring.results.reading import reading_of_run
from scoring.schemes_store import scheme_of


def measurement_caution(reader: Reader, run: ScoringRun) -> str:
    """The finding of the page on measurement, where a check denies ranking units.

    Empty where all hold, where nothing was measured, and for who may not see that page.
    """
    reading = reading_of_run(reader, run)
    if reading is None or not reading.is_examined:
        return ""
    rows = Analysis.objects.filter(run=run, unit=None)
    documents = dict(rows.values_list("kind", "document"))
    if not {"measurement", "comparability"} <= documents.keys():
        return ""
    gate, report = documents["comparability"], documents["measurement"]
    names = value_names(reading) | item_names(reading)
    checks = checks_in_words(gate, report, names, scheme_of(run.scheme))
    passes = all(check["state"] is not False for check in checks)
    return "" if passes else measurement_finding((), passes)
