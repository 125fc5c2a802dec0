"""Units over the waves: what is compared, what breaks the line, who sees it."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from scoring.models import PublishedScore, Release, ScoringRun
from scoring.plan import plan_of
from scoring.results import comparability
from scoring.results.charts import ScoreMark, score_chart
from scoring.results.comparability import why_not_comparable
from scoring.results.crossings import earlier_codes
from scoring.scheme import parse_scheme
from scoring.schemes_store import default_scheme, store_scheme
from surveys.models import Bridge, BridgeEnd, UnitKerja, Wave
from surveys.structure.bridges import Step
from tests.factories import (
    HIDDEN,
    SCORES,
    Cast,
    make_instrument,
    make_run,
    make_wave,
    open_run,
)
from tests.scoring.sheets import scheme_of, sheet_of
from tests.visits import text_of, visit

pytestmark = pytest.mark.django_db

Units = dict[str, UnitKerja]


def a_year_before(units: Units, **more: Any) -> Wave:
    return make_wave(units, "W0", reference_date=date(2024, 10, 1), **more)


def opened(wave: Wave, scores: dict[str, float | None], **more: Any) -> ScoringRun:
    run = make_run(wave, {**SCORES, **scores}, **more)
    open_run(run, "leaders", "committee", "own_unit")
    return run


def row_of(page: str, name: str) -> str:
    """The table row of a unit or wave."""
    names = f">{name}</a>", f" {name} "
    rows = page.split("<tr")[1:]
    (found,) = (row for row in rows if any(each in row for each in names))
    return found.split("</tr>")[0]


def framed(run: ScoringRun, code: str, frame: int) -> None:
    rows = PublishedScore.objects.filter(run=run, unit__code=code)
    rows.update(frame=frame)


# --- on the unit's page --------------------------------------------------------------


def test_a_unit_is_compared_with_the_whole_and_with_the_wave_before(
    units: Units, cast: Cast
) -> None:
    """01: 64,6 against 61,7, and against 60,0 a year before (SE 1.56: p .003)."""
    opened(a_year_before(units), {"01": 60.0})
    run = opened(make_wave(units), {})
    framed(run, "KEM", 2000)
    shown = text_of("/hasil/W1/01/", cast.citra)
    card = shown[shown.index("beside-whole") :].split("</section>")[0]
    whole, before = card.split('class="beside-whole"')[:2]
    assert "Kementerian Contoh <b>61,7</b>" in whole
    assert "lebih tinggi</span> 2,9" in whole
    assert "Gelombang W0 <b>60,0</b>" in before
    assert "lebih tinggi</span> 4,6" in before
    assert 'href="/hasil/W1/01/perjalanan/"' in shown


def test_what_may_be_chance_is_no_arrow(units: Units, cast: Cast) -> None:
    """2,0 with an error of 1.56."""
    opened(a_year_before(units), {"KEM": 59.7})
    opened(make_wave(units), {})
    shown = text_of("/hasil/W1/KEM/", cast.citra)
    before = shown[shown.index("beside-whole") :].split("</p>")[0]
    assert "tidak berbeda bermakna" in before
    assert "▲" not in before


def test_children_point_away_from_their_parent(units: Units, cast: Cast) -> None:
    run = opened(make_wave(units), {"03": 62.0})
    framed(run, "KEM", 1548)
    shown = text_of("/hasil/W1/", cast.citra)
    assert "lebih rendah</span> 3,9" in row_of(shown, "Unit 02")
    assert "arrow" not in row_of(shown, "Unit 03")


def test_a_score_between_two_bands_says_so(units: Units, cast: Cast) -> None:
    """75.3 ± 0.9 with 357 degrees of freedom: P(A) = .63."""
    opened(make_wave(units), {"KEM": 75.3, "01": 60.0})
    shown = text_of("/hasil/W1/KEM/", cast.citra)
    assert "Di batas A/B: kemungkinan A 63&nbsp;%, B 37&nbsp;%" in shown
    assert "Kemungkinan B di atas 99 %" in text_of("/hasil/W1/01/", cast.citra)


def test_nothing_hidden_is_compared(units: Units, cast: Cast) -> None:
    opened(a_year_before(units), {"01": HIDDEN, "02": 70.0})
    opened(make_wave(units), {"02": HIDDEN})
    for code in ("01", "02"):
        for page in ("", "perjalanan/"):
            shown = text_of(f"/hasil/W1/{code}/{page}", cast.citra)
            assert "sejak Gelombang W0" not in shown
            assert not [trace for trace in ("12,3", "345678") if trace in shown]
    whole = text_of("/hasil/W1/KEM/perjalanan/", cast.citra)
    assert "▲" not in row_of(whole, "Unit 01")
    assert "▼" not in row_of(whole, "Unit 02")


# --- over the waves ------------------------------------------------------------------


def test_waves_stand_side_by_side_in_words_and_picture(
    units: Units, cast: Cast
) -> None:
    opened(a_year_before(units), {"KEM": 55.0, "02": 60.8})
    opened(make_wave(units), {})
    shown = text_of("/hasil/W1/KEM/perjalanan/", cast.citra)
    assert "Indeks Kementerian Contoh naik 6,7 sejak Gelombang W0" in shown
    assert shown.count("<svg aria-hidden") == 2
    assert "lebih tinggi</span> 6,7" in row_of(shown, "Gelombang W1")
    assert "arrow" not in row_of(shown, "Gelombang W0")
    two = row_of(shown, "Unit 02")
    assert "60,8" in two
    assert "57,8" in two
    assert "=" in two
    assert "style=" not in shown


def test_without_an_earlier_wave_there_is_no_journey(units: Units, cast: Cast) -> None:
    opened(make_wave(units), {})
    assert visit("/hasil/W1/KEM/perjalanan/", cast.citra).status_code == 404
    assert "perjalanan/" not in text_of("/hasil/W1/KEM/", cast.citra)


@pytest.mark.parametrize(
    "more",
    [
        {"is_simulated": False},
        {"instrument": "lain"},
        {"reference_date": date(2026, 10, 1)},
    ],
)
def test_other_waves_are_no_stops(
    units: Units, cast: Cast, more: dict[str, Any]
) -> None:
    """Real ones beside invented, another questionnaire, and later ones."""
    make_instrument()
    if "instrument" in more:
        more = {"instrument": make_instrument("lain")}
    opened(make_wave(units, "W0", **{"reference_date": date(2024, 1, 1), **more}), {})
    opened(make_wave(units), {})
    assert visit("/hasil/W1/KEM/perjalanan/", cast.citra).status_code == 404


def test_only_what_the_reader_may_read_is_a_stop(units: Units, cast: Cast) -> None:
    before = opened(a_year_before(units), {"01": 60.0})
    opened(make_wave(units), {})
    assert "60,0" in text_of("/hasil/W1/01/perjalanan/", cast.budi)
    Release.objects.filter(run=before).exclude(audience="committee").update(
        withdrawn_at=before.computed_at
    )
    assert visit("/hasil/W1/01/perjalanan/", cast.budi).status_code == 404
    assert "60,0" not in text_of("/hasil/W1/01/", cast.budi)
    assert "60,0" in text_of("/hasil/W1/01/perjalanan/", cast.citra)
    for stranger in (cast.dewi, None):
        assert visit("/hasil/W1/01/perjalanan/", stranger).status_code == 404


def test_a_leader_reads_the_journey_of_the_own_unit_only(
    units: Units, cast: Cast
) -> None:
    for wave in (a_year_before(units), make_wave(units)):
        open_run(make_run(wave), "own_unit")
    text_of("/hasil/W1/01.01/perjalanan/", cast.budi)
    for code in ("KEM", "02"):
        url = f"/hasil/W1/{code}/perjalanan/"
        assert visit(url, cast.budi).status_code == 404


def test_another_version_of_the_method_breaks_the_line(
    units: Units, cast: Cast
) -> None:
    document = {**default_scheme().document, "version": 2}
    opened(a_year_before(units), {"KEM": 50.0})
    scheme = store_scheme(parse_scheme(document))
    opened(make_wave(units), {}, scheme=scheme)
    shown = text_of("/hasil/W1/KEM/perjalanan/", cast.citra)
    assert "Garis terputus sebelum Gelombang W1." in shown
    assert "Metode berubah dari" in shown
    assert "tidak dapat dibandingkan" in shown
    assert 'class="arrow' not in shown
    assert "Unit di bawahnya" not in shown
    assert "50,0" in shown, "the number itself may be read"
    assert "Gelombang W0 <b>" not in text_of("/hasil/W1/KEM/", cast.citra)


def test_numbers_are_rounded_half_up_everywhere(units: Units, cast: Cast) -> None:
    """61,66 − 50,01 = 11,65."""
    opened(a_year_before(units), {"KEM": 50.01})
    opened(make_wave(units), {"KEM": 61.66})
    shown = text_of("/hasil/W1/KEM/perjalanan/", cast.citra)
    assert "naik 11,7 sejak" in shown
    assert "</span> 11,7</span>" in row_of(shown, "Gelombang W1")
    assert ">61,7</text>" in shown


# --- across reorganisations ----------------------------------------------------------


def bridged(kind: str, unit: UnitKerja, ends: dict[UnitKerja, Decimal | None]) -> None:
    bridge = Bridge.objects.create(
        kind=kind, unit=unit, happened_on=date(2025, 1, 1), reason="Permen 1/2025"
    )
    for end, share in ends.items():
        BridgeEnd.objects.create(bridge=bridge, unit=end, share=share)


def frozen(units: Units, code: str, *without: str, **more: Any) -> Wave:
    """A wave in whose tree some units do not stand."""
    wave = make_wave(units, code, **more)
    wave.units.filter(code__in=without).delete()
    return wave


def test_a_merged_unit_goes_on_from_its_parts(units: Units, cast: Cast) -> None:
    """02 before, of 516 people with 60 and 03 of 1,548 with 56: together 57."""
    bridged("merge", units["02"], {units["02"]: None, units["03"]: None})
    before = opened(a_year_before(units), {"02": 60.0, "03": 56.0})
    framed(before, "03", 3 * 516)
    now = frozen(units, "W1", "03")
    make = {code: score for code, score in SCORES.items() if code != "03"}
    open_run(make_run(now, {**make, "02": 63.0}), "committee")
    shown = text_of("/hasil/W1/02/perjalanan/", cast.citra)
    stop = row_of(shown, "Gelombang W0")
    assert "57,0" in stop
    assert "Unit 02 dan Unit 03" in stop
    assert "naik 6,0 sejak Gelombang W0" in shown
    below = row_of(text_of("/hasil/W1/KEM/perjalanan/", cast.citra), "Unit 02")
    assert "dari Unit 02 dan Unit 03" in below
    assert "57,0" in below


def test_a_merged_unit_has_no_past_where_a_part_is_hidden(
    units: Units, cast: Cast
) -> None:
    bridged("merge", units["02"], {units["02"]: None, units["03"]: None})
    opened(a_year_before(units), {"02": 60.0, "03": HIDDEN})
    now = frozen(units, "W1", "03")
    make = {code: score for code, score in SCORES.items() if code != "03"}
    open_run(make_run(now, make), "committee")
    shown = text_of("/hasil/W1/02/perjalanan/", cast.citra)
    assert "sebelumnya tidak ditampilkan" in shown
    assert "60,0" not in row_of(shown, "Gelombang W0")


def test_a_split_unit_is_compared_with_its_siblings_together(
    units: Units, cast: Cast
) -> None:
    """01 before; 01 and 03 now, of equally many people, with 60 and 70: 65."""
    bridged("split", units["01"], {units["01"]: Decimal("0.5"), units["03"]: None})
    before = frozen(units, "W0", "03", reference_date=date(2024, 10, 1))
    make = {code: score for code, score in SCORES.items() if code != "03"}
    open_run(make_run(before, {**make, "01": 58.0}), "committee")
    opened(make_wave(units), {"01": 60.0, "03": 70.0})
    shown = text_of("/hasil/W1/01/perjalanan/", cast.citra)
    assert "Unit berubah susunan." in shown
    assert "Unit 01 dan Unit 03 bersama: 65,0; pada Gelombang W0: 58,0." in shown
    assert "lebih tinggi</span> 7,0" in shown
    assert "tidak dapat dibandingkan" in shown


def test_a_renamed_unit_goes_on(units: Units, cast: Cast) -> None:
    """03 before goes on as 02.03, wherever that stands."""
    bridged("succession", units["03"], {units["02.03"]: None})
    before = frozen(units, "W0", "02.03", reference_date=date(2024, 10, 1))
    make = {code: score for code, score in SCORES.items() if code != "02.03"}
    open_run(make_run(before, {**make, "03": 50.0}), "committee")
    now = frozen(units, "W1", "03")
    make = {code: score for code, score in SCORES.items() if code != "03"}
    open_run(make_run(now, make), "committee")
    shown = text_of("/hasil/W1/02.03/perjalanan/", cast.citra)
    assert "naik 8,8 sejak Gelombang W0" in shown
    assert "Unit 03" in row_of(shown, "Gelombang W0")


def test_a_root_is_known_by_what_led_to_it() -> None:
    steps = [
        Step(date(2024, 1, 1), frozenset("A"), frozenset("BC")),
        Step(date(2025, 1, 1), frozenset("BX"), frozenset("D")),
    ]
    assert earlier_codes("D", steps) == {"A", "B", "D", "X"}
    assert earlier_codes("C", steps) == {"A", "C"}


# --- comparable questionnaires -------------------------------------------------------


def test_questionnaires_without_the_counted_items_are_not_compared(
    units: Units,
) -> None:
    before = make_run(a_year_before(units, instrument=make_instrument()))
    now = make_run(make_wave(units, instrument=make_instrument(version=2)))
    assert why_not_comparable(before, now) == "Pertanyaan yang dihitung berubah."
    assert why_not_comparable(before, before) == ""


def test_another_scale_is_named_by_its_number_of_options() -> None:
    items = {"v1": ["q1", "q2"]}
    five, six = (plan_of(sheet_of(items, n_points=n), scheme_of()) for n in (5, 6))
    words = "Skala jawaban berubah dari 5 ke 6 pilihan."
    assert comparability.what_differs(five, six) == words
    turned = plan_of(sheet_of(items, reversed_items=["q2"]), scheme_of())
    assert comparability.what_differs(six, turned) == "Skala jawaban berubah."
    more = plan_of(sheet_of({"v1": ["q1", "q2", "q3"]}), scheme_of())
    assert "Pertanyaan" in comparability.what_differs(six, more)
    again = plan_of(sheet_of(items, has_dont_know=True), scheme_of())
    assert comparability.what_differs(six, again) == "", "nothing that counts"


def test_marks_stand_beside_their_own_row_where_others_are_hidden() -> None:
    """Rows are 44 high, so the middle of the second is at 66."""
    hidden, shown = ScoreMark(None, None, None), ScoreMark(60.0, 58.0, 62.0)
    drawn = score_chart([hidden, shown, hidden], own="", reference="")
    dot = r'translate\([\d.]+,66\)" d="M[^"]+" fill="var\(--nila\)"'
    assert re.search(dot, drawn)
