"""From sent picks to the page "Suara budaya"; a small unit's voices stay unheard."""

from __future__ import annotations

import numpy as np
import pytest
from django.core.management import call_command
from django.test import Client

from scoring import runs
from scoring.models import Analysis, PublishedScore, Review, ScoringRun
from scoring.plan import INDEX
from scoring.results.disclosure import Disclosure
from scoring.results.publication import Decision
from scoring.results.releases import release
from scoring.results.voices import voices_of
from scoring.scheme import parse_scheme
from scoring.schemes_store import scheme_of, store_scheme
from scoring.verification import compute_again
from surveys.box import sealing
from surveys.fieldwork import waves
from surveys.models import Instrument, Wave
from tests.factories import make_user
from tests.scoring.sheets import shipped
from tests.surveys.box import answer, make_draft, make_units, people_of, register
from tests.surveys.files import run as command
from tests.surveys.test_three_lenses import THREE_LENSES
from tests.visits import text_of

pytestmark = pytest.mark.django_db(transaction=True)

STAFF = {"01": "F" * 14, "02": "F" * 14, "03": "F" * 12, "04": "F" * 12}
N_ANSWERS = {"01": 13, "02": 12, "03": 11, "04": 4}
JUJUR = 8
"""Place of "Jujur" in the catalogue."""


@pytest.fixture
def run() -> ScoringRun:
    """Everybody picks "Jujur" for the unit as it is; the rest is drawn."""
    command("load_instrument", THREE_LENSES)
    units = make_units({code: [] for code in STAFF})
    wave: Wave = make_draft(units, "SUARA", instrument=Instrument.objects.get())
    register(wave, units, STAFF)
    waves.open_wave(wave=wave)
    generator = np.random.default_rng(5)
    for unit, n in N_ANSWERS.items():
        for person in people_of(wave, unit)[:n]:
            picks = [generator.permutation(79)[:10] + 1 for _ in range(3)]
            if JUJUR not in picks[1]:
                picks[1][0] = JUJUR
            codes = [code for lens in picks for code in lens.tolist()]
            answer(person, *[5] * 21, *codes)
    waves.close_wave(wave=wave)
    sealed = sealing.seal_wave(wave=waves.start_sealing(wave=wave))
    scheme = store_scheme(parse_scheme(shipped("suara-budaya-tiga-lensa.yaml")))
    run = runs.start_run(wave=sealed, scheme=scheme)
    list(runs.work_through(run))
    run.refresh_from_db()
    assert run.state == ScoringRun.State.COMPUTED, run.error
    return run


def test_votes_are_scored_told_and_rebuilt(run: ScoringRun) -> None:
    documents = {
        row.unit.code: row.document
        for row in Analysis.objects.filter(run=run, kind="lenses").select_related(
            "unit"
        )
        if row.unit
    }
    assert set(documents) == {"KEM", "01", "02"}  # 03 goes with the small 04
    assert documents["KEM"]["top"]["present"][0] == ["AK-2", 96]  # more is not told
    assert documents["01"]["n"] == {"personal": 13, "present": 13, "desired": 13}
    run_scores = PublishedScore.objects.filter(run=run)
    honest = run_scores.get(unit__code="01", dimension="AK")
    assert (honest.score, honest.n) == (100, 13)
    limiting = run_scores.get(unit__code="KEM", dimension="limiting")
    assert limiting.score is not None
    assert 20 < limiting.score < 50
    assert limiting.band == ""
    call_command("verify_run", str(run.pk))

    address = "/hasil/SUARA/01/suara/"
    assert Client().get(address).status_code == 404
    release(run=run, audiences=["public"], released_by="uji")
    page = text_of(address)
    assert "Jujur" in page
    assert "13 orang memilih" in page
    assert "&gt;95&nbsp;%" in page
    assert "Lantai kebetulan" in page
    assert address in text_of("/hasil/SUARA/01/")
    for hidden in ("03", "04"):
        assert Client().get(f"/hasil/SUARA/{hidden}/suara/").status_code == 404
        assert "/suara/" not in text_of(f"/hasil/SUARA/{hidden}/")


def heard(run: ScoringRun, outputs: dict[str, set[str]]) -> set[str]:
    """Units whose voices are told where these outputs of the units may be shown."""
    computed = compute_again(run, runs.tallies_of(run))
    shown = {unit.path: frozenset(outputs[unit.code]) for unit in computed.tree.units}
    decision = Decision(Disclosure(shown), shown)
    found = voices_of(run, scheme_of(run.scheme), computed, decision)
    return {unit.code for unit, _document in found}


def test_voices_of_the_withheld_stay_unheard_and_have_companions(
    run: ScoringRun,
) -> None:
    everything = {code: {"AK", INDEX} for code in ("KEM", *STAFF)}
    assert heard(run, everything) == {"KEM", "01", "02"}
    assert heard(run, everything | {"02": {"AK"}}) == {"KEM", "01"}
    Review.objects.create(
        run=run,
        unit=run.wave.units.get(code="02"),
        decision=Review.Decision.WITHHELD,
        reason="diperiksa",
        decided_by=make_user("Ani"),
    )
    assert heard(run, everything) == {"KEM", "01", "03"}  # 04 covers 02
