"""A unit's index over the waves, with its intervals; lines only where they may be.

As in ``charts`` a table beside it says the same, so the picture is hidden from screen
readers.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import altair as alt
from django.utils.safestring import SafeString

from scoring.results.findings import rounded
from surveys.monitoring.drawing import COLOUR, drawn

HEIGHT = 190
WAVE_WIDTH = 150
WIDEST = 900


@dataclass(frozen=True, slots=True)
class JourneyMark:
    """One wave; ``is_broken`` where no line leads here from the wave before."""

    label: str
    score: float | None
    lower: float | None
    upper: float | None
    is_broken: bool


def journey_chart(marks: Sequence[JourneyMark]) -> SafeString:
    """Dots with intervals in the order of time; empty with fewer than two scores."""
    rows = _rows(marks)
    if len(rows) < 2:
        return SafeString("")
    layers = _layers(rows, [mark.label for mark in marks])
    chart = (
        alt.layer(*layers, data=alt.InlineData(values=rows))
        .properties(
            width=min(WIDEST, WAVE_WIDTH * len(marks)),
            height=HEIGHT,
            background="transparent",
            padding=0,
        )
        .configure_view(stroke=None)
    )
    return drawn(chart.to_json(indent=None))


def _layers(rows: Sequence[dict[str, Any]], order: list[str]) -> list[Any]:
    """Intervals, lines, dots and numbers, waves in this order."""
    low = max(0, int(min(row["lower"] for row in rows) // 10) * 10)
    high = min(100, -int(-max(row["upper"] for row in rows) // 10) * 10)
    grid = {"grid": True, "gridColor": COLOUR["line"], "format": "d"}
    y = alt.Y(
        "score:Q",
        scale=alt.Scale(domain=[low, high], nice=False, zero=False, clamp=True),
        axis=_axis(values=list(range(low, high + 1, 10)), **grid),
    )
    x = alt.X("wave:N", sort=order, scale=alt.Scale(domain=order), axis=_axis())
    nila, upper = alt.value(COLOUR["nila"]), alt.Y("upper:Q")
    interval = alt.Chart().mark_rule(strokeWidth=8)
    line = alt.Chart().mark_line(strokeWidth=2)
    dot = alt.Chart().mark_point(filled=True, size=70, opacity=1)
    words = alt.Chart().mark_text(dy=-11, fontSize=13, fontWeight=600)
    return [
        interval.encode(
            x=x, y=alt.Y("lower:Q"), y2="upper", color=alt.value(COLOUR["interval"])
        ),
        line.encode(x=x, y=y, detail="part:N", color=nila),
        dot.encode(x=x, y=y, color=nila),
        words.encode(x=x, y=upper, text="words:N", color=nila),
    ]


def _rows(marks: Sequence[JourneyMark]) -> list[dict[str, Any]]:
    """Shown waves; ``part`` grows where a line breaks or a wave is not shown."""
    rows, part = [], 0
    for mark in marks:
        part += mark.is_broken or mark.score is None
        if mark.score is not None:
            rows.append(
                {
                    "wave": mark.label,
                    "score": mark.score,
                    "lower": mark.score if mark.lower is None else mark.lower,
                    "upper": mark.score if mark.upper is None else mark.upper,
                    "words": rounded(mark.score),
                    "part": part,
                }
            )
    return rows


def _axis(**more: Any) -> Any:
    more.setdefault("grid", False)
    return alt.Axis(
        title=None,
        domain=False,
        ticks=False,
        labelAngle=0,
        labelColor=COLOUR["ink-3"],
        labelFontSize=12,
        labelPadding=8,
        labelLimit=WAVE_WIDTH - 10,
        **more,
    )
