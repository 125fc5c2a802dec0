"""What sealing does when ballots or copies of the secret are not as they should be."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from django.core.management import CommandError, call_command

from surveys import tasks
from surveys.box import envelope, sealing
from surveys.box.envelope import Content
from surveys.box.proofs import find_proof
from surveys.box.wave_secret import (
    SecretMissing,
    create,
    destroy,
    n_copies,
    path_of,
    paths_of,
    read,
)
from surveys.errors import SealingBroken, SealingWaits, SurveyError
from surveys.fieldwork import waves
from surveys.models import (
    Answer,
    Ballot,
    Wave,
)
from tests.surveys.box import (
    answer,
    make_draft,
    make_open_wave,
    make_units,
    people_of,
)
from tests.surveys.test_sealing import answered_wave, close_and_seal

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_ballot_of_nobody_stops_it_before_anything_is_lost() -> None:
    wave, receipts = answered_wave()
    stuff(wave)
    is_refused(wave, "1 surat suara tidak terbaca", n_ballots=len(receipts) + 1)


def stuff(wave: Wave) -> None:
    """A ballot that nobody on the register sent, closed with the real secret."""
    stuffed = Ballot.objects.filter(wave=wave)[0]
    stuffed.serial = UUID(int=1)
    where = envelope.place(wave.pk, stuffed.cell_id, stuffed.serial)
    stuffed.envelope = envelope.close(read(wave), where, Content([1, 1, 1]), 512)
    stuffed.save(force_insert=True)


def test_an_answer_that_was_exchanged_stops_it_too() -> None:
    wave, receipts = answered_wave()
    one, other = Ballot.objects.all()[:2]
    Ballot.objects.filter(pk=one.pk).update(envelope=other.envelope)
    is_refused(wave, "1 surat suara tidak terbaca", n_ballots=len(receipts))


def test_what_cannot_be_read_is_left_out_by_a_recorded_decision() -> None:
    """Of 20 and 10 answers one cannot be read: the small unit joins the other."""
    wave = make_open_wave({"01.01": "F" * 30, "01.02": "F" * 15})
    people = [*people_of(wave, "01.01")[:20], *people_of(wave, "01.02")[:10]]
    receipts = [answer(person) for person in people]
    broken = Ballot.objects.filter(cell__unit__code="01.02")[0]
    Ballot.objects.filter(pk=broken.pk).update(envelope=b"x")
    nowhere = Ballot(pk=UUID(int=2), wave=wave, cell_id=0, envelope=b"x")
    nowhere.save(force_insert=True)
    stuff(wave)
    is_refused(wave, "3 surat suara tidak terbaca", n_ballots=32)
    call_command("wave", "seal", wave.code, "--without-unreadable", "dua baris asing")
    wave.refresh_from_db()
    assert (wave.state, wave.n_answers, wave.n_unreadable) == ("sealed", 29, 3)
    assert wave.left_out == "dua baris asing"
    assert [find_proof(receipt) is None for receipt in receipts].count(True) == 1
    assert Counter(Answer.objects.values_list("cell__unit__code", flat=True)) == {
        "01": 29
    }


def is_refused(wave: Wave, sentence: str, *, n_ballots: int) -> None:
    waves.close_wave(wave=wave)
    waves.start_sealing(wave=wave)
    with pytest.raises(SealingBroken, match=sentence):
        sealing.seal_wave(wave=wave)
    assert Ballot.objects.count() == n_ballots
    assert not Answer.objects.exists()
    assert path_of(wave).exists()


def test_a_lost_secret_is_a_recorded_decision() -> None:
    wave, receipts = answered_wave()
    waves.close_wave(wave=wave)
    with pytest.raises(CommandError, match="masih ada"):
        call_command("wave", "seal", wave.code, "--secret-lost", "salah ketik")
    path_of(wave).unlink()
    with pytest.raises(SecretMissing):
        waves.start_sealing(wave=wave)
    call_command("wave", "seal", wave.code, "--secret-lost", "diska rusak")
    wave.refresh_from_db()
    assert (wave.state, wave.n_answers) == (Wave.State.SEALED, 0)
    assert (wave.secret_lost, wave.n_unreadable) == ("diska rusak", len(receipts))
    assert find_proof(receipts[0]) is None
    assert not Ballot.objects.exists()


def test_the_copy_of_the_secret_steps_in_and_goes_with_it(
    settings: Any, tmp_path: Path
) -> None:
    settings.SECRETS_COPY_DIR = str(tmp_path)
    wave, receipts = answered_wave()
    first, copy = paths_of(wave)
    assert first.read_bytes() == copy.read_bytes()
    first.write_bytes(b"rusak" * 7)
    answer(people_of(wave)[-1])
    wave = close_and_seal(wave)
    assert wave.n_answers == len(receipts) + 1
    assert sorted(path.name for path in tmp_path.iterdir()) == ["W1.destroyed"]
    assert not first.exists()
    assert not find_proof("0" * 16)


@pytest.mark.parametrize("damage", [b"", b"rusak", b"x" * 32])
def test_a_damaged_copy_is_written_anew_and_said(
    settings: Any, tmp_path: Path, caplog: pytest.LogCaptureFixture, damage: bytes
) -> None:
    settings.SECRETS_COPY_DIR = str(tmp_path)
    wave, _receipts = answered_wave()
    first, copy = paths_of(wave)
    first.write_bytes(damage)
    assert n_copies(wave) == 1
    tasks.look_into_box(wave.pk)
    assert n_copies(wave) == 2
    assert "written anew" in caplog.text
    copy.unlink()
    first.unlink()
    with pytest.raises(SecretMissing):
        tasks.look_into_box(wave.pk)
    assert "is lost" in caplog.text


def test_a_copy_that_cannot_be_reached_holds_up_its_destruction(
    settings: Any, tmp_path: Path
) -> None:
    settings.SECRETS_COPY_DIR = str(tmp_path / "salinan")
    (tmp_path / "salinan").mkdir()
    wave, _receipts = answered_wave()
    (tmp_path / "salinan").rename(tmp_path / "terlepas")
    with pytest.raises(SealingWaits, match="Salinan rahasia tidak ditemukan"):
        close_and_seal(wave)
    wave.refresh_from_db()
    assert (wave.state, wave.sealing_step) == ("sealing", "scrubbed")
    assert path_of(wave).exists()
    call_command("wave", "seal", wave.code, "--copy-lost", "disk terbakar")
    wave.refresh_from_db()
    assert (wave.state, wave.copy_lost) == ("sealed", "disk terbakar")
    assert not path_of(wave).exists()


def test_two_folders_that_are_one_hold_one_copy(settings: Any) -> None:
    settings.SECRETS_COPY_DIR = str(settings.SECRETS_DIR)
    wave, _receipts = answered_wave()
    assert (n_copies(wave), wave.n_secret_copies) == (1, 1)


def test_without_the_folder_of_the_copy_no_wave_is_set_up(
    settings: Any, tmp_path: Path
) -> None:
    settings.SECRETS_COPY_DIR = str(tmp_path / "belum-dipasang")
    with pytest.raises(SurveyError, match="Folder salinan rahasia tidak ada"):
        answered_wave()


def test_a_new_wave_of_the_same_code_has_no_gravestone(
    settings: Any, tmp_path: Path
) -> None:
    settings.SECRETS_COPY_DIR = str(tmp_path)
    earlier = make_draft(make_units({"01": []}), "GANTI")
    destroy(earlier)
    assert list(tmp_path.glob("GANTI.destroyed"))
    earlier.secret_check = ""
    create(earlier)
    assert not list(tmp_path.glob("GANTI.destroyed"))
    (tmp_path / "GANTI.secret").rename(tmp_path / "moved")
    with pytest.raises(SealingWaits):
        destroy(earlier)
