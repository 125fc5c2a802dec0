"""No log line tells who answered when: paths and values of respondents are cut out."""

from __future__ import annotations

import logging

RESPONDENT_PATHS = ("/survei/", "/bukti/")


class RespondentTraces(logging.Filter):
    """Keeps codes (in paths) and answers (in database errors) out of every log."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Let every record through, without what it says about a respondent."""
        text = record.getMessage()
        path = getattr(getattr(record, "request", None), "path", text)
        prefix = next((p for p in RESPONDENT_PATHS if p in path), None)
        if prefix is None:
            return True
        record.msg = "%s on a page under %s"
        record.args = (record.levelname.capitalize(), prefix)
        if record.exc_info:
            kind, _, trace = record.exc_info
            said = kind.__name__ if kind else "unknown"
            record.exc_info = (RuntimeError, RuntimeError(said), trace)
            record.exc_text = None
        return True
