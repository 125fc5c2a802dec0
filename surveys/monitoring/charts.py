"""Answers per hour of one day, in steps: bars, and the day before as a dashed line."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import altair as alt
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from surveys.monitoring.drawing import COLOUR, drawn

WIDTH, HEIGHT = 560, 120
MORNING, EVENING = 6, 22
BAR = 0.86
HEADROOM = 1.3
"""Above the highest bar its number has room, and the time of the count above that."""

TICK = 10
"""As long as the time of the count is high: it never runs through a number below."""

LATE_HOURS = 2.5
"""So near the right end the time of the count stands to the left of its line."""


@dataclass(frozen=True)
class Day:
    """Stepped counts by hour of the day (0–23); hours below a step are left out."""

    hours: Mapping[int, int] = field(default_factory=dict)
    before: Mapping[int, int] = field(default_factory=dict)
    now: float | None = None
    """The hour of the last count, where it is of this day."""

    @property
    def limits(self) -> tuple[int, int]:
        """Office hours, and whatever lies outside them."""
        seen = [*self.hours, *self.before]
        return min([MORNING, *seen]), max([EVENING, *(hour + 1 for hour in seen)])


def hours_chart(day: Day) -> SafeString:
    """The SVG; empty where there is nothing to draw."""
    if not day.hours and not day.before:
        return SafeString()
    layers = [_bars(day)]
    if day.before:
        layers += _before(day)
    if day.hours:
        layers.append(_peak(day))
    if day.now is not None and day.limits[0] <= day.now <= day.limits[1]:
        layers += _now(day, day.now)
    chart = (
        alt.layer(*layers)
        .properties(width=WIDTH, height=HEIGHT, background="transparent", padding=4)
        .configure_view(stroke=None)
    )
    return drawn(chart.to_json(indent=None))


def _x(field: str, day: Day) -> Any:
    first, last = day.limits
    ticks = [hour for hour in range(first, last + 1) if hour % 3 == 0]
    axis = alt.Axis(
        values=ticks,
        labelExpr="(datum.value < 10 ? '0' : '') + datum.value + '.00'",
        title=None,
        grid=False,
        domainColor=COLOUR["line"],
        ticks=False,
        labelColor=COLOUR["ink-3"],
        labelFontSize=12,
        labelPadding=6,
    )
    scale = alt.Scale(domain=[first, last], nice=False, zero=False)
    return alt.X(f"{field}:Q", axis=axis, scale=scale)


def _y(day: Day) -> Any:
    highest = max([*day.hours.values(), *day.before.values()])
    axis = alt.Axis(
        tickCount=3,
        format="d",
        title=None,
        domain=False,
        ticks=False,
        gridColor=COLOUR["line"],
        labelColor=COLOUR["ink-3"],
        labelFontSize=12,
        labelPadding=6,
    )
    scale = alt.Scale(domain=[0, HEADROOM * highest], nice=True)
    return alt.Y("n:Q", axis=axis, scale=scale)


def _data(rows: list[dict[str, Any]]) -> Any:
    return alt.InlineData(values=rows)


def _bars(day: Day) -> Any:
    rows = [
        {"from": hour + (1 - BAR) / 2, "to": hour + (1 + BAR) / 2, "n": n, "zero": 0}
        for hour, n in sorted(day.hours.items())
    ]
    mark = alt.Chart(_data(rows)).mark_bar(cornerRadiusEnd=2)
    return mark.encode(
        x=_x("from", day),
        x2="to",
        y=_y(day),
        y2="zero",
        color=alt.value(COLOUR["nila"]),
    )


def _before(day: Day) -> list[Any]:
    first, last = min(day.before), max(day.before)
    rows = [
        {"hour": hour + 0.5, "n": day.before.get(hour, 0)}
        for hour in range(first, last + 1)
    ]
    line = alt.Chart(_data(rows)).mark_line(strokeDash=[4, 4], strokeWidth=1.5)
    words = alt.Chart(_data(rows[-1:])).mark_text(
        text=_("sehari sebelumnya"), align="right", dy=-12, fontSize=12
    )
    grey = alt.value(COLOUR["edge"])
    return [
        line.encode(x=_x("hour", day), y=_y(day), color=grey),
        words.encode(x=_x("hour", day), y=_y(day), color=alt.value(COLOUR["ink-3"])),
    ]


def _peak(day: Day) -> Any:
    hour, n = max(day.hours.items(), key=lambda item: (item[1], -item[0]))
    mark = alt.Chart(_data([{"hour": hour + 0.5, "n": n}])).mark_text(
        text=str(n), dy=-8, fontSize=12, fontWeight=600
    )
    return mark.encode(x=_x("hour", day), y=_y(day), color=alt.value(COLOUR["ink-2"]))


def _now(day: Day, hour: float) -> list[Any]:
    words = f"{int(hour):02}.{round(hour % 1 * 60):02}"
    rows = _data([{"hour": hour}])
    tick = alt.Chart(rows).mark_rule(strokeWidth=1, y=0, y2=TICK)
    is_late = day.limits[1] - hour < LATE_HOURS
    side: dict[str, Any] = (
        {"align": "right", "dx": -5} if is_late else {"align": "left", "dx": 5}
    )
    text = alt.Chart(rows).mark_text(
        text=words, fontSize=12, fontWeight=600, y=2, **side
    )
    ink = alt.value(COLOUR["ink-2"])
    return [
        tick.encode(x=_x("hour", day), color=ink),
        text.encode(x=_x("hour", day), color=ink),
    ]
