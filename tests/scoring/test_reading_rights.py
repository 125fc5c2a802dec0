"""Which pages under ``/hasil/`` open to whom, and what they say until then."""

from __future__ import annotations

import pytest

from scoring.models import ScoringRun
from surveys.models import Role, UnitKerja, Wave
from tests.factories import (
    Cast,
    give_role,
    make_run,
    make_wave,
    open_run,
)
from tests.visits import text_of, visit

pytestmark = pytest.mark.django_db


OPENED_TO = {
    "committee": {"citra"},
    "own_unit": {"budi"},
    "leaders": {"ani", "budi"},
    "public": {"ani", "budi", "citra", "dewi", "nobody"},
}


@pytest.mark.parametrize("audience", OPENED_TO)
@pytest.mark.parametrize("name", ["ani", "budi", "citra", "dewi", "nobody"])
def test_it_opens_a_unit_to_its_audience_and_to_nobody_else(
    wave: Wave, cast: Cast, audience: str, name: str
) -> None:
    open_run(make_run(wave), audience)
    user = getattr(cast, name, None)
    answer = visit("/hasil/W1/01/", user)
    shown = answer.content.decode()
    if name in OPENED_TO[audience]:
        assert "64,6" in shown
    elif user is None or name == "dewi":
        assert answer.status_code == 404
    else:
        assert "belum dibuka" in shown
        assert "64,6" not in shown


def test_a_leader_gets_404_for_units_of_others(wave: Wave, cast: Cast) -> None:
    open_run(make_run(wave), "own_unit")
    for code in ("KEM", "02", "02.01", "03", "tidak-ada"):
        assert visit(f"/hasil/W1/{code}/", cast.budi).status_code == 404


def test_a_nul_in_an_address_names_nothing(wave: Wave, cast: Cast) -> None:
    open_run(make_run(wave), "public")
    for url in ("/hasil/%00/", "/hasil/W1/%00/", "/anugerah/W1/?menurut=%00"):
        answer = visit(url, cast.dewi)
        assert answer.status_code == 404
        assert "Halaman ini tidak ada" in answer.content.decode()


def test_a_closed_wave_and_no_wave_read_the_same_to_a_stranger(
    wave: Wave, cast: Cast
) -> None:
    make_run(wave)
    for user in (cast.dewi, None):
        real, none = visit("/hasil/W1/", user), visit("/hasil/W9/", user)
        assert real.status_code == none.status_code == 404
        assert real.content == none.content


def test_it_says_not_opened_to_those_who_hold_a_role(wave: Wave, cast: Cast) -> None:
    make_run(wave)
    for user in (cast.ani, cast.budi, cast.citra):
        shown = text_of("/hasil/W1/", user)
        assert "belum dibuka" in shown
        assert "tidak ada data" not in shown.lower()
        assert "61,7" not in shown


def test_it_tells_an_api_client_nothing_of_a_wave_under_way(
    units: dict[str, UnitKerja], wave: Wave, cast: Cast
) -> None:
    make_run(wave)
    give_role(cast.dewi, Role.Kind.API_CLIENT, units["KEM"])
    assert visit("/hasil/W1/", cast.dewi).status_code == 404


@pytest.mark.parametrize(
    ("state", "words"),
    [
        (Wave.State.OPEN, "Survei masih berjalan"),
        (Wave.State.CLOSED, "sedang disegel"),
        (Wave.State.SEALED, "Hasil belum dihitung"),
    ],
)
def test_it_says_what_a_waiting_reader_waits_for(
    units: dict[str, UnitKerja], cast: Cast, state: str, words: str
) -> None:
    make_wave(units, state=state)
    assert words in text_of("/hasil/W1/", cast.budi)
    assert "Gelombang W1" in text_of("/hasil/", cast.budi)


def test_it_shows_progress_while_a_run_is_computed(wave: Wave, cast: Cast) -> None:
    state = ScoringRun.State.RUNNING
    make_run(wave, {}, state=state, computed_at=None, n_shards=12)
    shown = text_of("/hasil/W1/", cast.ani)
    assert "Hasil sedang dihitung" in shown
    assert "0 dari 12 bagian selesai" in shown


# --- Ways in -------------------------------------------------------------------------


def test_the_list_shows_what_may_be_read_first(wave: Wave, cast: Cast) -> None:
    open_run(make_run(wave), "own_unit")
    shown = text_of("/hasil/", cast.budi)
    assert '<a href="/hasil/W1/">Gelombang W1</a>' in shown
    assert "Indeks Unit 01" in shown
    assert "64,6" in shown
    assert "61,7" not in shown


def test_an_empty_list_says_what_to_do_next(cast: Cast) -> None:
    assert "minta administrator" in text_of("/hasil/", cast.dewi)
    assert 'href="/akun/login/"' in text_of("/hasil/")


def test_the_front_page_shows_three_doors_or_leads_to_the_results(cast: Cast) -> None:
    shown = text_of("/")
    for words in ("Masuk", "Masukkan kode survei", "Periksa tanda terima"):
        assert words in shown
    assert visit("/", cast.budi)["Location"] == "/hasil/"


def test_results_are_not_kept_by_shared_caches(wave: Wave, cast: Cast) -> None:
    open_run(make_run(wave), "committee")
    assert "no-store" in visit("/hasil/W1/", cast.citra)["Cache-Control"]
