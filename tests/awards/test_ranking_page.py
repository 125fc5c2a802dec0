"""The ranking as a committee reads it, on the page and in a file."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest
import redis
from django.conf import settings
from django.core.cache import cache
from django.core.management import CommandError, call_command

from scoring.models import PrivateReading
from scoring.results import cautions_on_ranks
from surveys.models import UnitKerja, Wave
from tests.factories import (
    HIDDEN,
    PRIVATE,
    SCORES,
    Cast,
    make_cast,
    make_run,
    make_unit,
    make_units,
    make_wave,
    open_run,
)
from tests.scoring.analysed import analyse_drawn
from tests.visits import text_of, visit

pytestmark = pytest.mark.django_db

FIVE = {**SCORES, "01": 72.0, "02": 71.5, "03": 60.0, "04": HIDDEN, "05": 60.0}


@pytest.fixture
def units() -> dict[str, UnitKerja]:
    found = make_units()
    for code in ("04", "05"):
        found[code] = make_unit(code, "ESELON_I", found["KEM"])
    return found


@pytest.fixture
def cast(units: dict[str, UnitKerja]) -> Cast:
    return make_cast(units)


@pytest.fixture
def wave(units: dict[str, UnitKerja]) -> Wave:
    return make_wave(units)


def row_of(shown: str, unit: str) -> str:
    return shown[shown.index(f">Unit {unit}</a>") :].split("</tr>")[0]


def test_it_names_the_tie_for_first_and_no_winner(wave: Wave, cast: Cast) -> None:
    open_run(make_run(wave, FIVE), "committee")
    shown = text_of("/anugerah/W1/", cast.citra)
    assert "<h1>Dua unit tidak dapat dibedakan di puncak</h1>" in shown
    assert "1–2" in row_of(shown, "01")
    assert "1–2" in row_of(shown, "02")
    assert 'class="leading"' in shown


def test_it_gives_the_same_rank_to_scores_that_are_printed_the_same(
    wave: Wave, cast: Cast
) -> None:
    open_run(make_run(wave, {**FIVE, "02": 71.96, "03": 71.94}), "committee")
    shown = text_of("/anugerah/W1/", cast.citra)
    assert "72,0" in row_of(shown, "01")
    assert "1 seri" in row_of(shown, "01")
    assert "1 seri" in row_of(shown, "02")
    assert "71,9" in row_of(shown, "03")
    assert "seri" not in row_of(shown, "03")


def test_the_order_is_kept_as_text_and_read_back_the_same(
    wave: Wave, cast: Cast
) -> None:
    cache.clear()
    open_run(make_run(wave, FIVE), "committee")
    first, again = (
        text_of("/anugerah/W1/", cast.citra).partition("<main")[2] for _ in range(2)
    )
    assert first == again
    with redis.Redis.from_url(str(settings.CACHES["default"]["LOCATION"])) as client:
        kept = {key: client.get(key) for key in client.keys("berakhlak:*")}
    assert any(b"standings:" in key for key in kept)
    for value in kept.values():
        json.loads(value)


def test_it_puts_score_margin_n_and_rate_beside_each_rank(
    wave: Wave, cast: Cast
) -> None:
    open_run(make_run(wave, FIVE), "committee")
    row = row_of(text_of("/anugerah/W1/", cast.citra), "01")
    for words in ("72,0", "±1,8", ">358<", "69&nbsp;%"):
        assert words in row


def test_it_lists_hidden_units_apart_with_a_neutral_reason(
    wave: Wave, cast: Cast
) -> None:
    open_run(make_run(wave, FIVE), "committee")
    shown = text_of("/anugerah/W1/", cast.citra)
    apart = shown[shown.index("Tidak diperingkat: 1 unit") :]
    assert "Unit 04" in apart
    assert "Disembunyikan untuk menjaga kerahasiaan jawaban" in apart


def test_it_ranks_by_a_single_value_too(wave: Wave, cast: Cast) -> None:
    open_run(make_run(wave, FIVE), "committee")
    shown = text_of("/anugerah/W1/?menurut=AD", cast.citra)
    assert "peringkat menurut Adaptif" in shown
    assert "62,0" in row_of(shown, "01")
    assert visit("/anugerah/W1/?menurut=XX", cast.citra).status_code == 404


def test_one_unit_alone_is_not_ranked(units: dict[str, UnitKerja], cast: Cast) -> None:
    wave = make_wave(units, competing_level="INSTANSI")
    open_run(make_run(wave, FIVE), "committee")
    shown = text_of("/anugerah/W1/", cast.citra)
    assert "Belum ada unit yang dapat diperingkat" in shown


@pytest.mark.parametrize(
    ("audience", "names"),
    [
        ("committee", {"citra"}),
        ("own_unit", set()),
        ("leaders", {"ani", "budi"}),
        ("public", {"ani", "budi", "citra", "dewi", "nobody"}),
    ],
)
def test_only_who_may_read_all_competitors_sees_the_ranking(
    wave: Wave, cast: Cast, audience: str, names: set[str]
) -> None:
    open_run(make_run(wave, FIVE), audience)
    for name in ("ani", "budi", "citra", "dewi", "nobody"):
        user = getattr(cast, name, None)
        assert (visit("/anugerah/W1/", user).status_code == 200) == (name in names), (
            name
        )
        assert ("Gelombang W1" in text_of("/anugerah/", user)) == (name in names), name


def test_a_ranking_that_is_not_released_does_not_exist(wave: Wave, cast: Cast) -> None:
    make_run(wave, FIVE)
    assert visit("/anugerah/W1/", cast.citra).status_code == 404
    assert visit("/anugerah/W9/", cast.citra).status_code == 404


# --- manage.py rank ------------------------------------------------------------------


def rank(path: Path, *options: str) -> list[dict[str, str]]:
    call_command(
        "rank", "--wave=W1", "--level=ESELON_I", f"--out={path}", *options, verbosity=0
    )
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_the_command_writes_released_rows_and_empties_hidden_ones(
    wave: Wave, tmp_path: Path
) -> None:
    open_run(make_run(wave, FIVE), "own_unit")
    rows = rank(tmp_path / "peringkat.csv")
    assert [row["unit_code"] for row in rows] == ["01", "02", "03", "05", "04"]
    assert [row["rank"] for row in rows] == ["1", "2", "3", "3", ""]
    hidden = rows[-1]
    assert hidden["reason"] == "confidential"
    assert [hidden[name] for name in ("n", "frame", "score", "band")] == [""] * 4
    assert str(PRIVATE) not in (tmp_path / "peringkat.csv").read_text()


def test_the_command_writes_nothing_before_a_release(
    wave: Wave, tmp_path: Path
) -> None:
    make_run(wave, FIVE)
    with pytest.raises(CommandError, match="sudah dibuka"):
        rank(tmp_path / "peringkat.csv")
    assert not (tmp_path / "peringkat.csv").exists()


def test_private_reading_needs_a_name_and_a_reason_and_is_recorded(
    wave: Wave, tmp_path: Path
) -> None:
    run = make_run(wave, FIVE)
    with pytest.raises(CommandError, match="--operator"):
        rank(tmp_path / "a.csv", "--private")
    rows = rank(tmp_path / "b.csv", "--private", "--operator=Ani", "--reason=periksa")
    assert str(PRIVATE) in [row["score"] for row in rows]
    reading = PrivateReading.objects.get()
    assert (reading.run, reading.operator, reading.reason) == (run, "Ani", "periksa")


@pytest.mark.parametrize(
    ("option", "words"),
    [("--dimension=XX", "Dimensi XX"), ("--level=ESELON_IX", "ESELON_IX")],
)
def test_the_command_says_what_it_does_not_know(
    wave: Wave, tmp_path: Path, option: str, words: str
) -> None:
    open_run(make_run(wave, FIVE), "public")
    with pytest.raises(CommandError, match=words):
        rank(tmp_path / "peringkat.csv", option)


def test_a_file_that_cannot_be_written_is_a_sentence(
    wave: Wave, tmp_path: Path
) -> None:
    open_run(make_run(wave, FIVE), "public")
    out = str(tmp_path / "tidak-ada" / "x.csv")
    order = ("--wave", "W1", "--level", "ESELON_I", "--out", out)
    with pytest.raises(CommandError, match="tidak dapat ditulis"):
        call_command("rank", *order)


def test_it_says_when_the_measurement_does_not_bear_a_ranking(
    wave: Wave, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = make_run(wave, FIVE)
    analyse_drawn(run, ["01", "02", "03", "05"])
    open_run(run, "committee")
    caution = "Pengukuran belum cukup baik untuk memeringkat unit"
    fails = caution in text_of("/hasil/W1/analisis/mutu/", cast.citra)
    assert (caution in text_of("/anugerah/W1/", cast.citra)) == fails
    for state in (True, False):
        found = [{"state": state}]
        monkeypatch.setattr(cautions_on_ranks, "checks_in_words", lambda *_, f=found: f)
        assert (caution in text_of("/anugerah/W1/", cast.citra)) == (not state)
