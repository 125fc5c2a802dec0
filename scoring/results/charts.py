"""Charts beside tables: one Vega-Lite specification each, drawn to SVG on the server.

Every chart stands in a table cell that spans the rows, a step as high as a row; the
table says the same in words and numbers, so the picture is hidden from screen readers.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import altair as alt
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from surveys.monitoring.drawing import COLOUR, drawn

ROW_HEIGHT = 44
AXIS_HEIGHT = 24
EDGE = 10
"""Room for half a tick label at either end of a score axis."""


@dataclass(frozen=True, slots=True)
class ScoreMark:
    """One row of a score chart; ``reference`` is the parent's score, if it is shown."""

    score: float | None
    lower: float | None
    upper: float | None
    reference: float | None = None


@dataclass(frozen=True, slots=True)
class RankMark:
    """One row of a rank chart."""

    rank: int
    lower: int
    upper: int
    is_tied_first: bool


@dataclass(frozen=True, slots=True)
class NumberMark:
    """One row of a number chart: a dot, the range it lies in, an upright mark."""

    value: float
    lower: float
    upper: float
    reference: float | None = None


def score_chart(
    marks: Sequence[ScoreMark], *, own: str, reference: str, width: int = 300
) -> SafeString:
    """Scores with their intervals, and an upright mark where the reference stands.

    ``own`` and ``reference`` are written above the first row, away from each other.
    """
    rows = [
        {
            "row": row,
            "score": mark.score,
            "lower": mark.lower,
            "upper": mark.upper,
            "reference": mark.reference,
        }
        for row, mark in enumerate(marks)
        if mark.score is not None
    ]
    if not rows:
        return SafeString("")
    low, high = _round_limits(rows)
    scale = alt.Scale(
        domain=[low, high],
        range=[EDGE, width - EDGE],
        nice=False,
        zero=False,
        clamp=True,
    )
    ticks = list(range(low, high + 1, 20 if high - low > 60 else 10))
    layers = [_interval(_axis(ticks, scale), _token("interval"), strokeWidth=10)]
    if any(row["reference"] is not None for row in rows):
        layers.append(_upright(scale))
    # The dot is lower than its interval, which shows beside it however short it is.
    layers.append(_dot("score", scale, _token("nila"), size=45))
    layers += _labels(rows[0], own, reference, scale)
    return _draw(rows, layers, len(marks), width)


def rank_chart(marks: Sequence[RankMark], *, width: int = 252) -> SafeString:
    """Ranks that each unit may have, best at the left; the tie for first stands out."""
    rows = [
        {
            "row": row,
            "rank": mark.rank,
            "lower": mark.lower,
            "upper": mark.upper,
            "tied": mark.is_tied_first,
        }
        for row, mark in enumerate(marks)
    ]
    n = len(rows)
    scale = alt.Scale(domain=[0.5, n + 0.5], nice=False, zero=False)
    step = next(s for s in (1, 2, 5, 10, 25, 50, 100, 250) if n / s <= 10)
    ticks = [1, *range(step, n + 1, step)] if step > 1 else list(range(1, n + 1))
    interval = _either(_token("interval-tied"), _token("edge"))
    layers = [
        _interval(_axis(ticks, scale), interval, strokeWidth=5, strokeCap="round"),
        _dot("rank", scale, _either(_token("nila"), _token("ink-2")), size=120),
    ]
    if rows[0]["upper"] <= 0.55 * n and sum(mark.is_tied_first for mark in marks) > 1:
        words = [_("tidak dapat"), _("dibedakan")]
        layers.append(_text(rows[:1], "upper", words, scale, "nila", dx=12, dy=-6))
    return _draw(rows, layers, n, width)


def number_chart(
    marks: Sequence[NumberMark], *, ticks: Sequence[float], width: int = 252
) -> SafeString:
    """Numbers between the first tick and the last; what lies beyond stands there."""
    if not marks:
        return SafeString("")
    rows = [
        {
            "row": row,
            "value": mark.value,
            "lower": mark.lower,
            "upper": mark.upper,
            "reference": mark.reference,
        }
        for row, mark in enumerate(marks)
    ]
    scale = alt.Scale(
        domain=[ticks[0], ticks[-1]],
        range=[EDGE, width - EDGE],
        nice=False,
        zero=False,
        clamp=True,
    )
    layers = [_interval(_axis(ticks, scale), _token("interval"), strokeWidth=10)]
    if any(row["reference"] is not None for row in rows):
        layers.append(_upright(scale))
    layers.append(_dot("value", scale, _token("nila"), size=45))
    return _draw(rows, layers, len(marks), width)


def _round_limits(rows: Sequence[dict[str, Any]]) -> tuple[int, int]:
    names = ("score", "lower", "upper", "reference")
    values = [row[name] for row in rows for name in names if row[name] is not None]
    low = max(0, int(min(values) // 10) * 10)
    high = min(100, -int(-max(values) // 10) * 10)
    return (low, high) if low < high else (max(0, low - 10), min(100, low + 10))


def _token(name: str) -> Any:
    return alt.value(COLOUR[name])


def _either(tied: Any, other: Any) -> Any:
    return alt.condition("datum.tied", tied, other)


_WHOLE = "format(datum.value, 'd')"
_DECIMAL = "replace(format(datum.value, '.1f'), '.', ',')"


def _axis(ticks: Sequence[float], scale: Any) -> Any:
    is_whole = all(tick == int(tick) for tick in ticks)
    return alt.X(
        field="lower",
        type="quantitative",
        scale=scale,
        axis=alt.Axis(
            orient="top",
            values=list(ticks),
            tickCount=len(ticks),
            title=None,
            domain=False,
            ticks=False,
            labelExpr=_WHOLE if is_whole else _DECIMAL,
            gridColor=COLOUR["line"],
            labelColor=COLOUR["ink-3"],
            labelFontSize=12,
            labelPadding=8,
            minExtent=AXIS_HEIGHT,
            maxExtent=AXIS_HEIGHT,
            labelOverlap=False,
            labelFlush=False,
            labelBound=False,
        ),
    )


def _y() -> Any:
    return alt.Y("row:O", axis=None, scale=alt.Scale(padding=0))


def _interval(x: Any, colour: Any, **stroke: Any) -> Any:
    mark = alt.Chart().mark_rule(**stroke)
    return mark.encode(x=x, x2="upper", y=_y(), color=colour)


def _dot(field: str, scale: Any, colour: Any, *, size: int) -> Any:
    mark = alt.Chart().mark_point(filled=True, size=size, opacity=1)
    return mark.encode(x=alt.X(f"{field}:Q", scale=scale), y=_y(), color=colour)


def _upright(scale: Any) -> Any:
    mark = alt.Chart().mark_tick(thickness=2.5, size=22, orient="vertical", opacity=1)
    x = alt.X("reference:Q", scale=scale)
    return mark.encode(x=x, y=_y(), color=_token("soga"))


def _labels(row: dict[str, Any], own: str, reference: str, scale: Any) -> list[Any]:
    """Names of the two marks, over those of the first row."""
    if row["reference"] is None:
        return []
    side = 1 if row["score"] >= row["reference"] else -1
    return [
        _text([row], "score", [own], scale, "nila", dx=4 * side, dy=-15),
        _text([row], "reference", [reference], scale, "soga", dx=-4 * side, dy=-15),
    ]


def _text(
    rows: Sequence[dict[str, Any]],
    field: str,
    words: list[str],
    scale: Any,
    token: str,
    *,
    dx: int,
    dy: int,
) -> Any:
    data = alt.InlineData(values=list(rows))
    mark = alt.Chart(data).mark_text(
        text=words if len(words) > 1 else words[0],
        align="left" if dx > 0 else "right",
        dx=dx,
        dy=dy,
        fontSize=12,
        lineHeight=14,
        fontWeight=600,
    )
    x = alt.X(f"{field}:Q", scale=scale)
    return mark.encode(x=x, y=_y(), color=_token(token))


def _draw(
    rows: Sequence[dict[str, Any]], layers: Sequence[Any], n_rows: int, width: int
) -> SafeString:
    if len(rows) < n_rows:  # a row without a mark keeps its place beside the table
        every = alt.InlineData(values=[{"row": row} for row in range(n_rows)])
        layers = [alt.Chart(every).mark_point(opacity=0).encode(y=_y()), *layers]
    chart = (
        alt.layer(*layers, data=alt.InlineData(values=list(rows)))
        .properties(
            width=width, height=ROW_HEIGHT * n_rows, background="transparent", padding=0
        )
        .configure_view(stroke=None)
    )
    return drawn(chart.to_json(indent=None))
