"""``/hasil/<wave>/analisis/``: who sees it, and what it says."""

from __future__ import annotations

from datetime import date

import pytest

from scoring.models import Analysis, ScoringRun
from surveys.models import Wave
from tests.factories import HIDDEN, SCORES, Cast, make_run, make_wave, open_run
from tests.scoring.analysed import analyse_drawn
from tests.visits import text_of, visit

pytestmark = pytest.mark.django_db

QUALITY, ORDER = "/hasil/W1/analisis/mutu/", "/hasil/W1/analisis/urutan/"
PAGES = (QUALITY, ORDER)


@pytest.fixture
def analysed(wave: Wave) -> ScoringRun:
    """Unit 03 is hidden; the analyses are of 01 and 02, and of what is below 02."""
    run = make_run(wave, {**SCORES, "03": HIDDEN})
    analyse_drawn(run, ["01", "02"], below="02")
    return run


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize(
    ("audience", "allowed"),
    [
        ("committee", {"citra"}),
        ("own_unit", set()),
        ("leaders", {"ani"}),
        ("public", {"ani", "citra"}),
    ],
)
def test_it_opens_to_committee_and_administrators_once_the_run_does(
    analysed: ScoringRun, cast: Cast, page: str, audience: str, allowed: set[str]
) -> None:
    open_run(analysed, audience)
    for name in ("ani", "budi", "citra", "dewi", "nobody"):
        status = visit(page, getattr(cast, name, None)).status_code
        assert status == (200 if name in allowed else 404), name


@pytest.mark.parametrize("page", PAGES)
def test_nothing_opens_before_the_run_does(
    analysed: ScoringRun, cast: Cast, page: str
) -> None:
    for name in ("ani", "budi", "citra"):
        assert visit(page, getattr(cast, name)).status_code == 404


def test_a_run_without_analyses_leads_nowhere(wave: Wave, cast: Cast) -> None:
    open_run(make_run(wave), "committee")
    for page in PAGES:
        assert visit(page, cast.citra).status_code == 404
    assert QUALITY not in text_of("/hasil/W1/", cast.citra)


def test_the_way_in_is_for_those_who_examine(analysed: ScoringRun, cast: Cast) -> None:
    open_run(analysed, "committee", "leaders")
    assert f'href="{QUALITY}"' in text_of("/hasil/W1/", cast.citra)
    assert f'href="{QUALITY}"' not in text_of("/hasil/W1/01/", cast.budi)
    assert f'href="{ORDER}"' in text_of(QUALITY, cast.citra)


def test_it_says_how_well_the_wave_measures(analysed: ScoringRun, cast: Cast) -> None:
    open_run(analysed, "committee")
    shown = text_of(QUALITY, cast.citra)
    assert "Sebelum unit dibandingkan" in shown
    assert "Berorientasi Pelayanan" in shown
    assert "Unit 01" in shown
    assert "menyebabkan" in shown
    assert shown.count("<svg") >= 4
    assert "style=" not in shown


def test_it_says_how_sure_the_order_is(analysed: ScoringRun, cast: Cast) -> None:
    open_run(analysed, "committee")
    shown = text_of(ORDER, cast.citra)
    assert "Unit terlalu sedikit untuk menghitung peluang" in shown
    assert "Peringkat yang mungkin" in shown
    assert "Unit 02.01" not in shown
    below = text_of(f"{ORDER}?di=02", cast.citra)
    assert "unit di bawah Unit 02" in below
    assert "Unit 02.01" in below
    assert visit(f"{ORDER}?di=03", cast.citra).status_code == 404


@pytest.mark.parametrize("page", PAGES)
def test_no_hidden_unit_is_named(analysed: ScoringRun, cast: Cast, page: str) -> None:
    open_run(analysed, "committee")
    assert "Unit 03" not in text_of(page, cast.citra)


def test_an_earlier_wave_is_compared_item_by_item(
    analysed: ScoringRun, cast: Cast
) -> None:
    earlier = make_wave(
        {"KEM": analysed.wave.root}, "W0", reference_date=date(2024, 10, 1)
    )
    run = make_run(earlier)
    analyse_drawn(run, ["01", "02"])
    open_run(analysed, "committee")
    assert "antargelombang" not in text_of(QUALITY, cast.citra)
    open_run(run, "committee")
    assert "bergeser sendiri sejak Gelombang W0" in text_of(QUALITY, cast.citra)
    gate = Analysis.objects.get(run=run, kind="comparability")
    gate.document["profile"][3]["mean"] += 30
    gate.save()
    assert "Bergeser sendiri sejak Gelombang W0: AK1" in text_of(QUALITY, cast.citra)
