"""Counters of the console: equal to a full recount, and small to read."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.db import connection
from django.db.models import Sum
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from surveys.box.merging import merge_cells
from surveys.box.moving import move_answers
from surveys.fieldwork import waves, windows
from surveys.models import (
    Arrival,
    Ballot,
    Cell,
    HourCount,
    LevelCount,
    Participant,
    UnitCount,
    UnitKerja,
    Wave,
    WaveUnit,
)
from surveys.monitoring import counters
from surveys.monitoring.progress import count_arrivals, participation
from surveys.monitoring.stepping import stepped
from tests.desk import cast_at_desk, signed_in, text_of
from tests.surveys.box import answer, make_draft, make_units, people_of, register

pytestmark = pytest.mark.django_db

PEOPLE = {
    "01.01": "F" * 25 + "M" * 25,
    "01.02": "F" * 4,
    "01.03": "M" * 7,
    "01.04": "F" * 40,
    "02": "F" * 30 + "M" * 30,
}


@pytest.fixture
def units() -> dict[str, UnitKerja]:
    return make_units({"01": ["01.01", "01.02", "01.03", "01.04"], "02": []})


@pytest.fixture
def wave(units: dict[str, UnitKerja]) -> Wave:
    draft = make_draft(units)
    register(draft, units, PEOPLE)
    return waves.open_wave(wave=draft)


def counts() -> dict[str, UnitCount]:
    found = UnitCount.objects.select_related("unit")
    return {count.unit.code: count for count in found}


def recount(count: UnitCount) -> tuple[int, int]:
    """Registered and answered of a unit and all below it, from the rows themselves."""
    chosen = Cell.objects.filter(unit__path__startswith=count.unit.path)
    n_answered = Ballot.objects.filter(cell__in=chosen.values("pk")).count()
    return chosen.aggregate(n=Sum("n_registered"))["n"] or 0, n_answered


def tree(parts: int) -> counters.Tree:
    """A root without people of its own, and so many units below it."""
    paths = ["R/", *(f"R/{n}/" for n in range(parts))]
    units = {key: WaveUnit(pk=key, path=path) for key, path in enumerate(paths)}
    return counters.Tree(units, {"R/": 1} | dict.fromkeys(paths[1:], 0))


def told(*answered: int) -> list[int | None]:
    """What the console shows of the root and of each part."""
    small = tree(len(answered))
    rows = [(key, n, 0) for key, n in enumerate(answered, 1)]
    now, _before = small.told(rows, [(key, 50) for key in range(1, 1 + len(answered))])
    return [stepped(now[path], height) for path, height in small.heights.items()]


@pytest.mark.parametrize("others", [(20,), (40,), (13, 27), (90, 31, 12)])
def test_no_total_depends_on_the_only_part_below_ten(others: tuple[int, ...]) -> None:
    shown = {tuple(told(small, *others)) for small in range(10)}
    assert len(shown) == 1
    assert told(9, 9) == [15, None, None], "two of them hide each other"
    assert told(4, 0, 20)[0] == 20


def test_a_small_part_is_left_out_on_every_level_above(wave: Wave) -> None:
    for unit, n in (("01.01", 20), ("01.04", 20), ("02", 17)):
        for person in people_of(wave, unit)[:n]:
            answer(person)
    count_arrivals(wave=wave)
    before = {code: each.n_told for code, each in counts().items()}
    for person in [*people_of(wave, "01.02")[:3], *people_of(wave, "01.03")[:5]]:
        answer(person)
    count_arrivals(wave=wave)
    after = counts()
    assert (after["01"].n_answered, after["KEM"].n_answered) == (48, 65)
    assert (after["01"].n_told, after["KEM"].n_told) == (before["01"], before["KEM"])


def test_counters_equal_a_full_recount_on_every_level(wave: Wave) -> None:
    for unit, n in (("01.01", 20), ("01.02", 3), ("01.03", 2), ("02", 17)):
        for person in people_of(wave, unit)[:n]:
            answer(person)
    count_arrivals(wave=wave)
    for person in people_of(wave, "01.04")[:12]:
        answer(person)
    count_arrivals(wave=wave)
    found = counts()
    for code in ("KEM", "01", "01.01", "01.04", "02"):
        kept = (found[code].n_registered, found[code].n_answered)
        assert kept == recount(found[code]), code
    assert found["01+"].n_registered == 11
    assert found["01+"].n_answered == 5
    assert "01.02" not in found
    assert found["KEM"].n_answered == 54
    assert [found[code].height for code in ("KEM", "01", "02")] == [2, 1, 0]
    rows, counted_at = participation(wave=wave)
    assert {row.unit.code: row.n_answered for row in rows} == {
        "KEM": 45,
        "01": 25,
        "01+": None,
        "01.01": 20,
        "01.04": 10,
        "02": 15,
    }
    assert counted_at == found["KEM"].counted_at


def test_counting_twice_changes_nothing(wave: Wave) -> None:
    for person in people_of(wave, "02")[:13]:
        answer(person)
    now = timezone.now()
    seen = []
    for _ in range(3):
        count_arrivals(wave=wave, now=now)
        rows = (UnitCount, HourCount, LevelCount)
        seen.append([sorted(map(str, model.objects.values())) for model in rows])
        seen[-1][2] = sorted(map(str, LevelCount.objects.values("level", "n_units")))
        seen[-1][1] = sorted(map(str, HourCount.objects.values("unit", "n_new")))
    assert seen[0] == seen[1] == seen[2]


def test_leavers_and_additions_since_opening_are_a_change(wave: Wave) -> None:
    gone = people_of(wave, "02")[:3]
    Participant.objects.filter(pk__in=[p.pk for p in gone]).update(has_left=True)
    like = people_of(wave, "02")[-1]
    Participant.objects.create(
        wave=wave, unit=like.unit, strata=like.strata, cell=like.cell
    )
    count_arrivals(wave=wave)
    for code in ("02", "KEM"):
        count = counts()[code]
        assert (count.n_added, count.n_left) == (1, 3), code
        assert count.n_registered == {"02": 60, "KEM": 161}[code]
    assert (counts()["01"].n_added, counts()["01"].n_left) == (0, 0)


def test_who_had_left_before_opening_is_no_change(
    units: dict[str, UnitKerja],
) -> None:
    draft = make_draft(units)
    register(draft, units, PEOPLE)
    early = people_of(draft, "02")[:5]
    Participant.objects.filter(pk__in=[p.pk for p in early]).update(has_left=True)
    wave = waves.open_wave(wave=draft)
    count_arrivals(wave=wave)
    count = counts()["02"]
    assert (count.n_registered, count.n_added, count.n_left) == (55, 0, 0)


def test_needs_follow_the_rule_of_the_wave_and_stay(wave: Wave) -> None:
    needs = {code: count.n_needed for code, count in counts().items()}
    assert needs == {"KEM": 81, "01": 51, "01+": 10, "01.01": 25, "01.04": 20, "02": 30}


# --- what is expected ----------------------------------------------------------------


def answered_over_days(wave: Wave, unit: str, per_day: list[int]) -> datetime:
    """Arrivals spread over the days before now; returns the moment of counting."""
    now = timezone.now().replace(minute=0, second=0, microsecond=0)
    target = wave.units.get(code=unit)
    for ago, n in enumerate(reversed(per_day)):
        Arrival.objects.create(
            wave=wave,
            unit=target,
            quarter_hour=now - timedelta(days=ago, hours=1),
            n_new=n,
        )
    return now


def opened_days_ago(draft: Wave, days: int) -> Wave:
    """An open wave whose beginning is told as if it were some days past."""
    wave = waves.open_wave(wave=draft)
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE surveys_wave DISABLE TRIGGER wave_moves_forward")
        cursor.execute(
            "UPDATE surveys_wave SET opened_at = now() - make_interval(days => %s)",
            [days],
        )
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE surveys_wave ENABLE TRIGGER wave_moves_forward")
    return Wave.objects.get(pk=wave.pk)


def test_units_are_told_apart_by_where_they_head(
    units: dict[str, UnitKerja],
) -> None:
    draft = make_draft(units, closes_at=timezone.now() + timedelta(days=7))
    register(draft, units, PEOPLE)
    wave = opened_days_ago(draft, 8)
    # Of 50, 40 and 60 people: steady, silent, and enough already.
    now = answered_over_days(wave, "01.01", [2] * 7)
    answered_over_days(wave, "01.04", [0, 3, 0, 0, 0, 0, 0])
    answered_over_days(wave, "02", [8] * 5)
    counters.refresh(wave=wave, now=now)
    found = counts()
    assert found["02"].outlook == "reached"
    assert found["01.04"].outlook == "quiet"
    assert found["01.01"].outlook in ("maybe_short", "on_plan")
    low, high = found["01.01"].low, found["01.01"].high
    assert low is not None
    assert high is not None
    assert 10 <= low <= 25 <= high <= 50
    assert low % 5 == 0
    levels = LevelCount.objects.filter(level="ESELON_II")
    assert levels.aggregate(n=Sum("n_units"))["n"] == 3


def test_nothing_is_foretold_too_early_or_after_the_end(wave: Wave) -> None:
    for person in people_of(wave, "02")[:20]:
        answer(person)
    count_arrivals(wave=wave)
    assert (counts()["02"].low, counts()["02"].outlook) == (None, "early")
    waves.close_wave(wave=wave)
    count_arrivals(wave=Wave.objects.get(pk=wave.pk))
    assert counts()["02"].outlook == "missed"


def test_a_batch_that_has_not_begun_is_said_so(units: dict[str, UnitKerja]) -> None:
    draft = make_draft(units)
    register(draft, units, PEOPLE)
    now = timezone.now()
    later = windows.BatchPlan(
        "Timur", now + timedelta(days=6), now + timedelta(days=2), [units["02"]]
    )
    windows.set_batches(wave=draft, plans=[later])
    waves.open_wave(wave=draft)
    assert counts()["02"].outlook == "waiting"
    assert counts()["01.01"].outlook == "early"


# --- hours and sealing ---------------------------------------------------------------


def test_hours_add_up_the_tree_and_only_for_large_units(wave: Wave) -> None:
    at = timezone.localtime().replace(hour=10, minute=5, second=0, microsecond=0)
    for n, minutes in ((12, 0), (11, 70)):
        people = people_of(wave, "02") + people_of(wave, "01.01")
        left = [p for p in people if not Ballot.objects.filter(cell=p.cell).exists()]
        for person in (left or people)[:n]:
            answer(person)
        count_arrivals(wave=wave, now=at + timedelta(minutes=minutes))
    hours = HourCount.objects.values_list("unit__code", "hour", "n_new")
    shown = {(code, timezone.localtime(hour).hour): n for code, hour, n in hours}
    assert {code for code, _hour in shown} <= {"KEM", "01"}
    assert sum(n for (code, _h), n in shown.items() if code == "KEM") == (
        counts()["KEM"].n_answered
    )
    assert ("KEM", 9) in shown  # counted at ten, so it came before ten


def test_sealing_leaves_days_and_groups_and_no_hour(wave: Wave) -> None:
    for unit, n in (("01.01", 20), ("01.02", 4), ("01.03", 7), ("02", 12)):
        for person in people_of(wave, unit)[:n]:
            answer(person)
    count_arrivals(wave=wave)
    waves.close_wave(wave=wave)
    wave = waves.start_sealing(wave=wave)
    merge_cells(wave)
    move_answers(wave)
    assert not HourCount.objects.exists()
    shown = UnitCount.objects.filter(wave=wave)
    assert not shown.filter(unit__group__isnull=False).exists()
    assert not shown.filter(n_answered__lt=10, n_answered__gt=0, height=0).exists()
    assert counts()["KEM"].n_answered == 43


# --- the page ------------------------------------------------------------------------


def queries_of(name: str, url: str) -> int:
    client = signed_in(name)
    text_of(client, url)
    with CaptureQueriesContext(connection) as queries:
        text_of(client, url)
    return len(queries)


@pytest.mark.parametrize("n_more", [0, 30])
def test_the_console_asks_as_much_for_many_units_as_for_few(n_more: int) -> None:
    more = {f"{n:02}": [f"{n:02}.01"] for n in range(10, 10 + n_more)}
    units = make_units({"01": ["01.01"], "02": [], **more})
    cast_at_desk(units)
    draft = make_draft(units)
    people = {"01.01": "F" * 120, "02": "F" * 12}
    register(draft, units, {**people, **{f"{n}.01": "M" * 10 for n in more}})
    wave = waves.open_wave(wave=draft)
    for person in people_of(wave, "01.01")[:15]:
        answer(person)
    count_arrivals(wave=wave)
    page = reverse("admin:surveys_wave_change", args=[wave.pk])
    assert queries_of("Ani", page) <= 26
    assert queries_of("Ani", f"{page}?unit=01") <= 25
    assert queries_of("Budi", page) <= 26


def test_the_console_shows_need_shortfall_change_and_time(wave: Wave) -> None:
    cast_at_desk({unit.code: unit for unit in UnitKerja.objects.all()})
    for person in people_of(wave, "02")[:23]:
        answer(person)
    person = people_of(wave, "02")[40]
    Participant.objects.filter(pk=person.pk).update(has_left=True)
    count_arrivals(wave=wave)
    page = reverse("admin:surveys_wave_change", args=[wave.pk])
    text = " ".join(text_of(signed_in("Ani"), page).split())
    for words in ("Per <b>", "kurang 10", "di bawah 10 jawaban", "+0, −1", "−1 keluar"):
        assert words in text, words
    assert "50 % dari pegawai tiap unit" in text
    group = text_of(signed_in("Ani"), f"{page}?unit=01")
    assert "Unit kecil di Unit 01, digabung" in group
    assert "Unit 01.02" not in group


def test_numbers_that_were_not_renewed_say_so(wave: Wave) -> None:
    cast_at_desk({unit.code: unit for unit in UnitKerja.objects.all()})
    page = reverse("admin:surveys_wave_change", args=[wave.pk])
    count_arrivals(wave=wave)
    late = "Pembaruan seperempat jam terlambat"
    assert late not in text_of(signed_in("Ani"), page)
    UnitCount.objects.update(counted_at=timezone.now() - timedelta(minutes=50))
    assert late in text_of(signed_in("Ani"), page)


def test_the_console_works_with_the_rights_of_the_worker(
    wave: Wave, as_app: None
) -> None:
    for person in people_of(wave, "02")[:11]:
        answer(person)
    count_arrivals(wave=wave)
    assert counts()["02"].n_answered == 11
