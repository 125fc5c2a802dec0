"""The chart of the hours tells nothing that the stepped count beside it keeps back."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import timedelta

import pytest
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from surveys.models import Arrival, HourCount, UnitCount, Wave
from surveys.monitoring import counters
from surveys.monitoring.charts import Day, hours_chart
from surveys.monitoring.hours import hours_of
from surveys.monitoring.stepping import floored, step_of, stepped
from tests.desk import cast_at_desk, signed_in
from tests.surveys.box import make_open_wave


@given(
    st.lists(st.integers(0, 3000), min_size=1, max_size=48),
    st.integers(0, 3),
)
def test_no_reader_narrows_the_total_by_adding_the_hours(
    hours: Sequence[int], height: int
) -> None:
    """Whoever adds up what is drawn has no better lower bound than the total's own."""
    total = sum(hours)
    step = step_of(total, height)
    drawn = [floored(n, step) or 0 for n in hours]
    assert sum(drawn) <= (stepped(total, height) or 0)
    assert all(n % step == 0 for n in drawn)
    assert all(n == 0 or n >= 10 for n in drawn)


@pytest.mark.django_db
def test_console_chart_and_table_speak_of_the_same_total() -> None:
    """1,675 answers in three hours: neither a label nor a sum tells more than 1,600."""
    wave = made_wave()
    top = UnitCount.objects.get(wave=wave, unit__parent=None)
    hours = hours_of(top)
    assert hours is not None
    shown = stepped(top.n_answered, top.height)
    assert (top.n_answered, shown, hours.step) == (1675, 1600, 100)
    assert sum(n for _hour, n in hours.rows) <= 1600
    assert all(n % 100 == 0 for n in hours.day.before.values())
    page = signed_in("Ani").get(f"/desk/surveys/wave/{wave.pk}/change/")
    text = page.content.decode()
    assert "<strong>1.600</strong>" in text
    chart = text[text.index('class="sheet hours"') :].partition("</section>")[0]
    assert "per 100" in chart
    words = re.findall(r">([\d.]+)<", chart)
    assert {"800", "700"} <= set(words)
    assert not {"830", "780", "775", "65", "50", "825"} & set(words)


def made_wave() -> Wave:
    wave = make_open_wave({"01.01": "F" * 120})
    cast_at_desk({unit.unit.code: unit.unit for unit in wave.units.all() if unit.unit})
    unit = wave.units.get(code="01.01")
    noon = timezone.localtime().replace(hour=12, minute=0, second=0, microsecond=0)
    for ago, n in ((3, 830), (2, 780), (1, 65)):
        at = noon - timedelta(days=1, hours=ago)
        Arrival.objects.create(wave=wave, unit=unit, quarter_hour=at, n_new=n)
    counters.refresh(wave=wave)
    assert HourCount.objects.filter(wave=wave).exists()
    return wave


def test_the_time_of_the_count_keeps_clear_of_the_numbers() -> None:
    """At the right end it stands to the left of its line, above the highest number."""
    svg = hours_chart(Day({20: 1600, 21: 1600}, {}, 21.75))
    places = {
        word: (float(x), float(y))
        for x, y, word in re.findall(
            r'transform="translate\(([\d.]+),([\d.]+)\)"[^>]*>([\d.]+)</text>', svg
        )
    }
    assert "1600" in places, svg
    assert places["21.45"][1] < places["1600"][1] - 12
    assert places["21.45"][0] < 560
