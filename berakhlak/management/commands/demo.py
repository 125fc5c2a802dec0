"""``manage.py demo``: the demo's two waves; what exists already is left alone."""

from __future__ import annotations

import time
from typing import Any

from berakhlak import demo
from surveys.management.recorded import RecordedCommand


class Command(RecordedCommand):
    help = "Mengisi dua gelombang simulasi Kemendagri."

    def handle(self, *args: Any, **options: Any) -> None:
        self.started: float | None = None
        demo.build(self.say)
        self.finish()

    def say(self, text: str) -> None:
        """One line per step, completed with its time by the next one."""
        self.finish()
        self.stdout.write(f"  {text:<50}", ending="")
        self.stdout.flush()
        self.started = time.monotonic()

    def finish(self) -> None:
        if self.started is not None:
            self.stdout.write(f"{time.monotonic() - self.started:6.1f} s")
            self.started = None
