"""Who reads which units: every role against every audience, with the whole cast."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.contrib.auth.models import AnonymousUser
from django.http import Http404
from django.utils import timezone

from scoring.models import ScoringRun
from scoring.permissions import Reader, client_reader, reader_of
from scoring.results.reading import readable_wave, readings
from scoring.results.releases import withdraw
from surveys.models import Role, UnitKerja, Wave
from tests.factories import (
    SCORES,
    give_role,
    make_group,
    make_run,
    make_unit,
    make_units,
    make_user,
    make_wave,
    open_run,
)

pytestmark = pytest.mark.django_db

ALL = sorted(SCORES)
OWN = ["01", "01.01", "01.02"]
NOTHING: list[str] = []

# What a release to one audience opens to somebody who holds one role for unit 01.
MATRIX = {
    ("committee", "committee"): OWN,
    ("committee", "leader"): NOTHING,
    ("committee", "coordinator"): NOTHING,
    ("committee", "analyst"): NOTHING,
    ("committee", "administrator"): NOTHING,
    ("committee", "operator"): NOTHING,
    ("committee", "api_client"): NOTHING,
    ("own_unit", "committee"): NOTHING,
    ("own_unit", "leader"): OWN,
    ("own_unit", "coordinator"): OWN,
    ("own_unit", "analyst"): NOTHING,
    ("own_unit", "administrator"): NOTHING,
    ("own_unit", "operator"): NOTHING,
    ("own_unit", "api_client"): NOTHING,
    ("leaders", "committee"): NOTHING,
    ("leaders", "leader"): ALL,
    ("leaders", "coordinator"): ALL,
    ("leaders", "analyst"): ALL,
    ("leaders", "administrator"): OWN,
    ("leaders", "operator"): OWN,
    ("leaders", "api_client"): NOTHING,
    ("public", "committee"): ALL,
    ("public", "leader"): ALL,
    ("public", "coordinator"): ALL,
    ("public", "analyst"): ALL,
    ("public", "administrator"): ALL,
    ("public", "operator"): ALL,
    ("public", "api_client"): ALL,
}


@pytest.fixture
def units() -> dict[str, UnitKerja]:
    return make_units()


@pytest.fixture
def wave(units: dict[str, UnitKerja]) -> Wave:
    return make_wave(units)


@pytest.fixture
def run(wave: Wave) -> ScoringRun:
    return make_run(wave)


def readable(reader: Reader, code: str = "W1") -> list[str]:
    """Codes of the units that this reader may read."""
    try:
        reading = readable_wave(reader, code)
    except Http404:
        return []
    listed = sorted(unit.code for unit in reading.units())
    scored = reading.scores().values_list("unit__code", flat=True)
    assert sorted(set(scored)) == listed
    return listed


@pytest.mark.parametrize(("audience", "kind"), MATRIX)
def test_it_opens_exactly_what_role_and_audience_say(
    units: dict[str, UnitKerja], run: ScoringRun, audience: str, kind: str
) -> None:
    user = make_user("Budi")
    give_role(user, kind, units["01"])
    open_run(run, audience)
    assert readable(reader_of(user)) == MATRIX[audience, kind]


def test_every_role_and_audience_is_in_the_matrix() -> None:
    audiences = {audience for audience, _ in MATRIX}
    assert len(MATRIX) == len(audiences) * len(Role.Kind.values)
    assert {kind for _, kind in MATRIX} == set(Role.Kind.values)


@pytest.mark.parametrize("audience", ["committee", "own_unit", "leaders"])
def test_it_opens_nothing_to_a_stranger_or_to_nobody(
    run: ScoringRun, audience: str
) -> None:
    open_run(run, audience)
    assert readable(reader_of(make_user("Dewi"))) == NOTHING
    assert readable(reader_of(AnonymousUser())) == NOTHING


def test_it_opens_public_results_to_everybody(run: ScoringRun) -> None:
    open_run(run, "public")
    assert readable(reader_of(make_user("Dewi"))) == ALL
    assert readable(reader_of(AnonymousUser())) == ALL


@pytest.mark.parametrize(
    ("audience", "expected"),
    [("committee", []), ("own_unit", []), ("leaders", []), ("public", OWN)],
)
def test_it_keeps_a_client_to_public_results_of_its_subtree(
    units: dict[str, UnitKerja], run: ScoringRun, audience: str, expected: list[str]
) -> None:
    client = make_user("Sistem")
    give_role(client, "api_client", units["01"])
    give_role(client, "committee", units["KEM"])
    open_run(run, audience)
    assert readable(client_reader(client)) == expected


def test_it_gives_a_client_without_a_role_nothing(run: ScoringRun) -> None:
    open_run(run, "public")
    assert readable(client_reader(make_user("Dewi"))) == NOTHING
    assert readable(client_reader(None)) == NOTHING


def test_it_adds_up_what_several_releases_open(
    units: dict[str, UnitKerja], run: ScoringRun
) -> None:
    user = make_user("Budi")
    give_role(user, "leader", units["01.01"])
    give_role(user, "committee", units["03"])
    open_run(run, "own_unit", "committee")
    assert readable(reader_of(user)) == ["01.01", "03"]


def test_it_waits_for_the_hour_of_a_release(run: ScoringRun) -> None:
    open_run(run, "public", not_before=timezone.now() + timedelta(hours=1))
    assert readable(reader_of(AnonymousUser())) == NOTHING


def test_it_closes_what_is_withdrawn(run: ScoringRun) -> None:
    (release,) = open_run(run, "public")
    withdraw(release=release)
    assert readable(reader_of(AnonymousUser())) == NOTHING


def test_it_opens_nothing_without_a_release(
    units: dict[str, UnitKerja], run: ScoringRun
) -> None:
    user = make_user("Ani")
    for kind in Role.Kind.values:
        give_role(user, kind, units["KEM"])
    assert readable(reader_of(user)) == NOTHING


def test_it_shows_the_latest_run_that_the_reader_may_use(
    units: dict[str, UnitKerja], wave: Wave
) -> None:
    hour = timedelta(hours=1)
    old = make_run(wave, computed_at=timezone.now() - 2 * hour)
    new = make_run(wave, computed_at=timezone.now() - hour)
    make_run(wave)
    open_run(old, "public")
    open_run(new, "committee")
    citra = make_user("Citra")
    give_role(citra, "committee", units["KEM"])
    assert readable_wave(reader_of(citra), "W1").run == new
    assert readable_wave(reader_of(make_user("Dewi")), "W1").run == old


def test_it_gives_an_inactive_user_what_is_public(
    units: dict[str, UnitKerja], run: ScoringRun
) -> None:
    user = make_user("Budi", is_active=False)
    give_role(user, "committee", units["KEM"])
    open_run(run, "committee")
    assert readable(reader_of(user)) == NOTHING


def test_it_leaves_waves_of_other_organisations_alone(
    units: dict[str, UnitKerja], run: ScoringRun
) -> None:
    other = make_unit("LAIN", "INSTANSI", None)
    user = make_user("Budi")
    give_role(user, "leader", other)
    give_role(user, "analyst", other)
    open_run(run, "leaders", "own_unit")
    assert readable(reader_of(user)) == NOTHING


def test_a_code_that_begins_like_another_opens_nothing_of_it(
    units: dict[str, UnitKerja],
) -> None:
    make_unit("012", "ESELON_I", units["KEM"])
    open_run(make_run(make_wave(units), {**SCORES, "012": 60.0}), "own_unit")
    user = make_user("Budi")
    give_role(user, "leader", units["01"])
    assert readable(reader_of(user)) == OWN


def test_a_group_goes_with_its_parent(units: dict[str, UnitKerja], wave: Wave) -> None:
    frozen = {unit.code: unit for unit in wave.units.all()}
    make_group(frozen["02"], [frozen["02.01"], frozen["02.02"]])
    open_run(make_run(wave, {**SCORES, "02+": 56.0}), "own_unit")
    budi, other = make_user("Budi"), make_user("Bambang")
    give_role(budi, "leader", units["02"])
    give_role(other, "leader", units["02.01"])
    assert readable(reader_of(budi)) == ["02", "02+", "02.01", "02.02", "02.03"]
    assert readable(reader_of(other)) == ["02.01"]


def test_it_lists_readable_waves_newest_first(units: dict[str, UnitKerja]) -> None:
    for year in (2023, 2025, 2024):
        wave = make_wave(units, f"W{year}", reference_date=f"{year}-10-01")
        open_run(make_run(wave), "public")
    make_run(make_wave(units, "W2026"))
    found = readings(reader_of(AnonymousUser()))
    assert [reading.wave.code for reading in found] == ["W2025", "W2024", "W2023"]
