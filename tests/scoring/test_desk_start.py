"""Before a run and while it goes on: what is looked at, what blocks, how long."""

from __future__ import annotations

from datetime import timedelta
from functools import partial

import pytest
from django.db import connection
from django.utils import timezone

from scoring.desk import checks
from scoring.desk.pace import left_in_words, seconds_left
from scoring.models import Scheme, ScoringRun, Shard
from scoring.quality.units import FAMILIES
from scoring.results.reviews import decide
from scoring.scheme import parse_scheme
from scoring.schemes_store import store_scheme
from surveys.models import Role, UnitKerja, Wave
from surveys.staff.permissions import grant_role
from tests.desk import cast_at_desk, said, signed_in, text_of
from tests.factories import make_user, make_wave
from tests.scoring.test_desk import page_of, running, start_of
from tests.scoring.test_runs import SCHEME, sealed_wave

pytestmark = pytest.mark.django_db


def digest_of(wave: Wave) -> str:
    return f"{start_of(wave)}sidik/"


@pytest.fixture
def stored() -> Scheme:
    return store_scheme(parse_scheme(SCHEME))


def administered(wave: Wave) -> None:
    """Ani administers the organisation of the wave, Budi coordinates unit 01."""
    for name, kind, code in (
        ("Ani", Role.Kind.ADMINISTRATOR, wave.root.code),
        ("Budi", Role.Kind.COORDINATOR, "01"),
    ):
        unit = UnitKerja.objects.get(code=code)
        grant_role(user=make_user(name), kind=kind, unit=unit)


# --- before --------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_a_sealed_wave_is_looked_at_and_started_at_once() -> None:
    """The method that does not fit says where; the one that fits is chosen."""
    wave, fits = sealed_wave(), store_scheme(parse_scheme(SCHEME))
    administered(wave)
    ani = signed_in("Ani")
    shown = text_of(ani, start_of(wave))
    assert "31 jawaban tersegel." in shown
    assert "Jumlah pegawai diketahui di semua 3 sel." in shown
    assert shown.count("bukan metode resmi") == 4
    assert "Bukan metode resmi. Rumus resmi belum diumumkan" in shown
    assert "Dimensi ke-1, kode <code>dimensions[0].code</code>" in shown
    assert f'value="{fits.digest}" checked' in shown
    assert shown.count("disabled>") == 3
    assert "Cocok dengan sidik" in text_of(ani, digest_of(wave))
    said(ani, start_of(wave), {"scheme": fits.digest})
    assert ScoringRun.objects.get().scheme == fits


@pytest.mark.django_db(transaction=True)
def test_answers_that_were_changed_are_told_before_the_run() -> None:
    wave = sealed_wave()
    administered(wave)
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE surveys_wave DISABLE TRIGGER USER")
        cursor.execute("UPDATE surveys_wave SET answers_digest = repeat('0', 64)")
        cursor.execute("ALTER TABLE surveys_wave ENABLE TRIGGER USER")
    shown = text_of(signed_in("Ani"), digest_of(wave))
    assert "Jawaban tersegel tidak cocok dengan sidiknya." in shown
    assert "Menahan" in shown


def test_a_method_that_does_not_fit_is_refused_with_its_places(
    units: dict[str, UnitKerja], stored: Scheme
) -> None:
    cast_at_desk(units)
    wave = make_wave(units, sealed_at=timezone.now())
    shown = text_of(signed_in("Ani"), start_of(wave))
    assert "tidak berisi satu jawaban pun" in shown
    assert "Hitung sekarang" not in shown
    assert said(signed_in("Ani"), start_of(wave), {"scheme": stored.digest})
    assert not ScoringRun.objects.exists()


def test_a_frame_with_gaps_is_told_and_does_not_block(
    units: dict[str, UnitKerja],
) -> None:
    wave = make_wave(units)
    unit = wave.units.get(code="01")
    wave.cells.create(unit=unit, code="01", n_registered=None)
    check = checks.frame_check(wave)
    assert check.state == "attention"
    assert check.text.startswith("1 dari 1 sel tanpa jumlah pegawai")


@pytest.mark.parametrize(
    ("state", "words"),
    [
        (Wave.State.DRAFT, "masih rancangan"),
        (Wave.State.OPEN, "Jawaban masih masuk"),
        (Wave.State.SEALING, "Tunggu sampai selesai"),
    ],
)
def test_what_blocks_says_what_to_do_next(state: str, words: str) -> None:
    check = checks.sealed_check(Wave(pk=1, state=state))
    assert check.is_blocked
    assert words in check.text
    assert check.action == "Ke gelombang"


def test_the_digest_is_told_to_nobody_else(units: dict[str, UnitKerja]) -> None:
    cast_at_desk(units)
    wave = make_wave(units)
    text_of(signed_in("Budi"), digest_of(wave), 404)


def test_flagged_units_of_the_last_run_are_told(units: dict[str, UnitKerja]) -> None:
    wave = make_wave(units)
    assert "diputuskan sebelum skor dibuka" in checks.review_check(wave).text
    run = running(wave, seconds_ago=60)
    ScoringRun.objects.filter(pk=run.pk).update(state=ScoringRun.State.REVIEWING)
    unit = wave.units.get(code="01")
    for family in FAMILIES[:2]:
        run.flags.create(unit=unit, family=family, kind=family)
    check = checks.review_check(wave)
    assert (check.state, check.url) == ("attention", page_of(run, "change"))
    assert check.text == f"1 unit dari perhitungan #{run.pk} belum diputuskan."
    ani = make_user("Ani")
    decide(run=run, unit=unit, decision="cleared", reason="Wajar", decided_by=ani)
    assert checks.review_check(wave).text.startswith("Semua 1 unit bertanda")


def test_an_unknown_method_starts_nothing(units: dict[str, UnitKerja]) -> None:
    cast_at_desk(units)
    wave = make_wave(units, sealed_at=timezone.now())
    response = signed_in("Ani").post(start_of(wave), {"scheme": "0" * 64})
    assert "Metode ini tidak ada." in response.content.decode()
    assert not ScoringRun.objects.exists()


# --- while it goes on ----------------------------------------------------------------


def test_the_time_left_follows_the_pace_of_what_is_done() -> None:
    left = partial(seconds_left, answers=1000, elapsed=60.0)
    assert left(answers_done=0, shards_done=0) is None
    assert left(answers_done=100, shards_done=1) is None
    assert left(answers_done=250, shards_done=2) == 180
    assert left_in_words(None) == "Sisa waktu belum dapat diperkirakan."
    assert left_in_words(12) == "Kurang dari satu menit lagi."
    assert left_in_words(180) == "Kira-kira 3 menit lagi."
    assert left_in_words(3 * 3600) == "Kira-kira 3 jam lagi."


def test_the_monitor_says_how_long_it_still_takes(
    units: dict[str, UnitKerja],
) -> None:
    cast_at_desk(units)
    run, ani = running(make_wave(units), seconds_ago=240), signed_in("Ani")
    shown = text_of(ani, page_of(run, "progress"))
    assert "menjumlahkan: 1 dari 3 bagian, 100 dari 300 jawaban." in shown
    assert "Sisa waktu belum dapat diperkirakan." in shown
    run.shards.filter(number=1).update(state=Shard.State.DONE, tally=b"x")
    assert "Kira-kira 14 menit lagi." in text_of(ani, page_of(run, "progress"))
    run.shards.update(state=Shard.State.DONE, tally=b"x")
    run.shards.filter(number=2).update(state=Shard.State.CHECKED, checks=b"x")
    shown = text_of(ani, page_of(run, "progress"))
    assert "memeriksa kewajaran: 1 dari 3 bagian, 100 dari 300 jawaban." in shown
    assert '<progress max="6" value="4">' in shown
    ScoringRun.objects.update(
        state=ScoringRun.State.FINISHING,
        leased_until=timezone.now() + timedelta(seconds=60),
    )
    shown = text_of(ani, page_of(run, "progress"))
    assert "skor sedang dirangkum" in shown
    assert "menit lagi" not in shown
