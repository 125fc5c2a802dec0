"""Who corresponds to whom between two days, and how that is recorded."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from surveys.errors import SurveyError
from surveys.models import Bridge, BridgeEnd, UnitKerja
from surveys.structure.bridges import Correspondence, Step, bridge_between
from surveys.structure.organisation import Edition
from surveys.structure.reorganisation import (
    record_bridge,
    recorded_steps,
    remove_bridge,
)

START, END = date(2025, 10, 1), date(2026, 10, 1)
NEW_YEAR = date(2026, 1, 1)


def step(sources: str, targets: str, day: date = NEW_YEAR, **shares: float) -> Step:
    """Units are single letters; ``AB=0.4`` is the share of A that went to B."""
    pairs = {(pair[0], pair[1]): share for pair, share in shares.items()}
    return Step(day, frozenset(sources), frozenset(targets), pairs)


def groups(*steps: Step, before: str, after: str) -> list[tuple[str, str]]:
    """Each correspondence as two words."""
    found = between(*steps, before=before, after=after)
    return [("".join(sorted(c.before)), "".join(sorted(c.after))) for c in found]


def between(*steps: Step, before: str, after: str) -> list[Correspondence]:
    return bridge_between(steps=steps, start=START, end=END, before=before, after=after)


def test_without_bridges_each_unit_corresponds_to_itself() -> None:
    assert groups(before="AB", after="AB") == [("A", "A"), ("B", "B")]
    assert all(c.is_same for c in between(before="AB", after="AB"))


def test_a_merger_puts_its_sources_together() -> None:
    assert groups(step("AB", "C"), before="ABD", after="CD") == [
        ("AB", "C"),
        ("D", "D"),
    ]


def test_a_split_puts_its_targets_together() -> None:
    [found] = between(step("A", "BC", AB=0.7), before="A", after="BC")
    assert (sorted(found.before), sorted(found.after)) == (["A"], ["B", "C"])
    assert found.shares == {("A", "B"): 0.7, ("A", "C"): pytest.approx(0.3)}


def test_who_absorbs_others_goes_on_under_its_code() -> None:
    [found] = between(step("AB", "A"), before="AB", after="A")
    assert (sorted(found.before), sorted(found.after)) == (["A", "B"], ["A"])
    assert not found.is_same


def test_a_split_in_which_nobody_counted_has_no_shares() -> None:
    [found] = between(step("A", "BC"), before="A", after="BC")
    assert set(found.shares.values()) == {None}


def test_two_reorganisations_are_crossed_one_after_the_other() -> None:
    later = date(2026, 7, 1)
    split = step("A", "BC", AB=0.5, AC=0.5)
    merger = step("CD", "E", later)
    for order in ((split, merger), (merger, split)):
        [found] = between(*order, before="AD", after="BE")
        assert found.before == {"A", "D"}
        assert found.after == {"B", "E"}
        assert found.shares == {("A", "B"): 0.5, ("A", "E"): 0.5, ("D", "E"): 1.0}


def test_what_was_given_to_nobody_stays_where_it_was() -> None:
    """Four in ten of A went into C; A itself goes on."""
    [found] = between(step("AB", "C", AC=0.4), before="AB", after="AC")
    assert found.shares == {
        ("A", "C"): 0.4,
        ("A", "A"): pytest.approx(0.6),
        ("B", "C"): 1.0,
    }


def test_closed_and_new_units_correspond_to_nothing() -> None:
    assert groups(before="AB", after="AC") == [("A", "A"), ("B", ""), ("", "C")]
    assert not between(before="B", after="")[0].is_comparable


@pytest.mark.parametrize("day", [START, END + timedelta(days=1)])
def test_only_what_lies_between_the_days_is_crossed(day: date) -> None:
    assert groups(step("A", "B", day), before="A", after="A") == [("A", "A")]


def test_the_last_day_counts() -> None:
    assert groups(step("A", "B", END), before="A", after="B") == [("A", "B")]


def test_days_in_the_wrong_order_are_refused() -> None:
    with pytest.raises(ValueError, match="lies after"):
        bridge_between(steps=(), start=END, end=START, before="A", after="A")


UNITS = "ABCDEF"
STEPS = st.lists(
    st.builds(
        Step,
        day=st.dates(START, END + timedelta(days=30)),
        sources=st.frozensets(st.sampled_from(UNITS), min_size=1, max_size=3),
        targets=st.frozensets(st.sampled_from(UNITS), min_size=1, max_size=3),
    ),
    max_size=5,
)


@given(
    steps=STEPS,
    before=st.sets(st.sampled_from(UNITS)),
    after=st.sets(st.sampled_from(UNITS)),
)
def test_every_unit_is_in_exactly_one_correspondence(
    steps: list[Step], before: set[str], after: set[str]
) -> None:
    days = {"start": START, "end": END}
    found = bridge_between(steps=steps, before=before, after=after, **days)
    assert sorted(code for c in found for code in c.before) == sorted(before)
    assert sorted(code for c in found for code in c.after) == sorted(after)
    for each in found:
        assert {old for old, _new in each.shares} <= each.before
        assert {new for _old, new in each.shares} <= each.after


# --- recorded ------------------------------------------------------------------------

TODAY = timezone.localdate()
BY_LAW = Edition(TODAY, "Perpres 2")


@pytest.mark.django_db
def test_a_merger_is_recorded_and_ends_its_sources(units: dict[str, UnitKerja]) -> None:
    new = units["02.03"]
    ends = {units["02.01"]: None, units["02.02"]: None, new: None}
    record_bridge(kind="merge", unit=new, ends=ends, edition=BY_LAW, closes=True)
    yesterday = TODAY - timedelta(days=1)
    closed = UnitKerja.objects.filter(valid_to=yesterday).order_by("code")
    assert [unit.code for unit in closed] == ["02.01", "02.02"]
    [read] = recorded_steps(start=START, end=TODAY)
    assert read.sources == {"02.01", "02.02", "02.03"}
    assert read.targets == {"02.03"}


@pytest.mark.django_db
def test_shares_of_a_split_are_read_back(units: dict[str, UnitKerja]) -> None:
    ends = {units["01"]: Decimal("0.6"), units["02"]: None}
    record_bridge(kind="split", unit=units["01"], ends=ends, edition=BY_LAW)
    [read] = recorded_steps(start=START, end=TODAY)
    assert read.shares == {("01", "01"): 0.6}
    remove_bridge(bridge=Bridge.objects.get(), reason="keliru")
    assert not recorded_steps(start=START, end=TODAY)
    assert not BridgeEnd.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("kind", "ends", "sentence"),
    [
        ("merge", {"01": None}, "dua unit asal"),
        ("split", {"01": None}, "dua unit hasil"),
        ("split", {"01": "0.7", "02": "0.5"}, "lebih dari 100"),
        ("split", {"01": "1.2", "02": None}, "paling banyak 100"),
        ("succession", {"03": None}, "satu unit lain"),
        ("succession", {"01": None, "02": None}, "satu unit lain"),
        ("merge", {"01": None, "besok": None}, "tidak berlaku"),
    ],
)
def test_nonsense_is_refused_in_words(
    units: dict[str, UnitKerja], kind: str, ends: dict[str, str | None], sentence: str
) -> None:
    tomorrow = TODAY + timedelta(days=1)
    UnitKerja.objects.create(
        code="besok", name="Besok", level="I", path="besok/", valid_from=tomorrow
    )
    known = {unit.code: unit for unit in UnitKerja.objects.all()}
    shares = {known[c]: Decimal(s) if s else None for c, s in ends.items()}
    with pytest.raises(SurveyError, match=sentence):
        record_bridge(kind=kind, unit=units["03"], ends=shares, edition=BY_LAW)
    assert not Bridge.objects.exists()


@pytest.mark.django_db
def test_the_same_event_is_recorded_once(units: dict[str, UnitKerja]) -> None:
    ends = {units["01"]: None, units["02"]: None}
    record_bridge(kind="merge", unit=units["03"], ends=ends, edition=BY_LAW)
    with pytest.raises(SurveyError, match="sudah dicatat"):
        record_bridge(kind="merge", unit=units["03"], ends=ends, edition=BY_LAW)


@pytest.mark.django_db
def test_the_database_refuses_what_no_function_has_checked(
    units: dict[str, UnitKerja],
) -> None:
    facts = {"kind": "merge", "unit": units["01"], "happened_on": NEW_YEAR}
    bridge = Bridge.objects.create(**facts)
    with pytest.raises(IntegrityError), transaction.atomic():
        Bridge.objects.create(**facts)
    with pytest.raises(IntegrityError), transaction.atomic():
        Bridge.objects.create(**{**facts, "kind": "pindah"})
    for share in (Decimal(0), Decimal("1.5")):
        with pytest.raises(IntegrityError), transaction.atomic():
            BridgeEnd.objects.create(bridge=bridge, unit=units["02"], share=share)
