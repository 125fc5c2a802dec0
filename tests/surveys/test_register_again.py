"""Registers sent again, into an open wave, or half: what stays as it was."""

from __future__ import annotations

from pathlib import Path

import pytest

from surveys.answering.responding import HasLeft, invitation_for
from surveys.box.wave_secret import read
from surveys.errors import SurveyError
from surveys.fieldwork import waves
from surveys.files.faults import Faults
from surveys.files.problems import InputError
from surveys.models import Contact, FrameChange, Participant, Wave
from surveys.people.invitations import code_hash
from surveys.people.register import (
    USUAL,
    Registered,
    check_participants,
    load_participants,
)
from tests.surveys.box import answer, code_of, make_draft, make_units, people_of
from tests.surveys.files import write

pytestmark = pytest.mark.django_db

HEADER = "NIP;Nama Lengkap;Kode Unit;E-mail;No. HP;Jenis Kelamin;Jabatan;Status"
ANI, BUDI = "19860926 201505 2 001", "19900117.202421.1.002"
CITRA, DEWI = "197001011995032003", "198812122010011004"


@pytest.fixture
def wave() -> Wave:
    return make_draft(make_units({"01": ["01.01", "01.02"]}))


def line(nip: str, unit: str = "01.01", **more: str) -> str:
    cells = {
        "nama": "Nama",
        "surel": "",
        "hp": "",
        "jk": "P",
        "jabatan": "",
        "status": "",
    }
    cells |= more
    first = (nip, cells["nama"], unit)
    return ";".join(
        (*first, *(cells[c] for c in ("surel", "hp", "jk", "jabatan", "status")))
    )


def staff(n: int, unit: str = "01.01") -> list[str]:
    return [line(f"19860926{2000 + k:04}012{k:03}", unit) for k in range(n)]


def file(folder: Path, *lines: str) -> Path:
    return write(folder, "\n".join((HEADER, *lines)))


def load(wave: Wave, path: Path, **more: object) -> Registered:
    options = {"strata": USUAL, **more}
    return load_participants(wave=wave, path=path, **options)  # type: ignore[arg-type]


def faults_of(wave: Wave, path: Path) -> list[str]:
    faults = Faults()
    check_participants(wave=wave, path=path, strata=USUAL, faults=faults)
    return [str(problem) for problem in faults.first]


def contact_of(nip: str) -> Contact:
    return Contact.objects.get(person_key=nip)


# --- loading again, and an open wave -------------------------------------------------


def test_a_second_load_keeps_codes_that_were_sent(wave: Wave, tmp_path: Path) -> None:
    load(wave, file(tmp_path, line(ANI)))
    before = people_of(wave)[0]
    sent = code_of(before)
    loaded = load(wave, file(tmp_path, line(ANI, "01.02", nama="Baru"), line(BUDI)))
    assert (loaded.n_changed, loaded.n_added) == (1, 1)
    after = Participant.objects.get(pk=before.pk)
    assert (after.unit.code, code_of(after)) == ("01.02", sent)
    assert after.code_hash == code_hash(read(wave), after.pk, 1)


def open_with(wave: Wave, folder: Path) -> Wave:
    load(wave, file(folder, *staff(12), line(ANI)))
    return waves.open_wave(wave=wave)


def test_an_open_wave_takes_people_in_and_moves_nobody(
    wave: Wave, tmp_path: Path
) -> None:
    wave = open_with(wave, tmp_path)
    frame = list(wave.cells.values_list("code", "n_registered"))
    path = file(
        tmp_path,
        *staff(11),
        line(ANI, "01.02", surel="baru@contoh.id"),
        line(DEWI),
    )
    loaded = load(wave, path, marks_gone=True)
    assert (loaded.n_added, loaded.n_kept, loaded.n_gone) == (1, 1, 1)
    ani = contact_of("198609262015052001")
    assert (ani.participant.unit.code, ani.email) == ("01.01", "baru@contoh.id")
    dewi = contact_of(DEWI).participant
    assert dewi.cell_id == ani.participant.cell_id
    assert answer(dewi)
    assert list(wave.cells.values_list("code", "n_registered")) == frame
    change = FrameChange.objects.get()
    assert (change.n_added, change.n_left, change.n_returned) == (1, 1, 0)


def test_an_open_wave_has_no_place_outside_its_frame(
    wave: Wave, tmp_path: Path
) -> None:
    wave = open_with(wave, tmp_path)
    (fault,) = faults_of(wave, file(tmp_path, line(DEWI, "01.02")))
    assert "tidak ada dalam kerangka" in fault
    assert not FrameChange.objects.exists()


def left_before(wave: Wave, folder: Path, unit: str) -> Wave:
    """Open with twelve of 01.01; Dewi had left this unit before."""
    load(wave, file(folder, *staff(12), line(DEWI, unit)))
    load(wave, file(folder, *staff(12), line(DEWI, unit, status="Keluar")))
    return waves.open_wave(wave=wave)


def test_who_had_left_before_the_opening_comes_back_into_the_frame(
    wave: Wave, tmp_path: Path
) -> None:
    wave = left_before(wave, tmp_path, "01.01")
    dewi = contact_of(DEWI).participant
    loaded = load(wave, file(tmp_path, *staff(12), line(DEWI, "01.01")))
    assert loaded.n_returned == 1
    assert dewi.cell_id in wave.cells.values_list("pk", flat=True)
    assert answer(dewi)


def test_who_comes_back_to_where_the_frame_has_nobody_is_refused(
    wave: Wave, tmp_path: Path
) -> None:
    wave = left_before(wave, tmp_path, "01.02")
    (fault,) = faults_of(wave, file(tmp_path, *staff(12), line(DEWI, "01.02")))
    assert "tidak ada dalam kerangka" in fault
    Participant.objects.update(has_left=False)
    with pytest.raises(HasLeft):
        invitation_for(code_of(contact_of(DEWI).participant))


# --- what has changed since the check ------------------------------------------------


def test_a_register_that_changed_since_the_check_is_checked_again(
    wave: Wave, tmp_path: Path
) -> None:
    path = file(tmp_path, line(ANI), line(BUDI))
    checked = check_participants(wave=wave, path=path, strata=USUAL, faults=Faults())
    assert not Participant.objects.exists()
    other = write(tmp_path, "\n".join((HEADER, line(BUDI))), "lain.csv")
    load(wave, other)
    with pytest.raises(SurveyError, match="berubah sejak pemeriksaan"):
        load(wave, path, expected=checked.counts())
    assert Participant.objects.count() == 1


def test_a_wave_opened_since_it_was_read_is_not_loaded_as_a_draft(
    wave: Wave, tmp_path: Path
) -> None:
    open_with(Wave.objects.get(pk=wave.pk), tmp_path)
    assert wave.state == Wave.State.DRAFT
    with pytest.raises(SurveyError, match="Keadaan gelombang berubah"):
        load(wave, file(tmp_path, line(DEWI)))


# --- half a file ---------------------------------------------------------------------


def test_half_a_file_is_refused_by_its_last_line(wave: Wave, tmp_path: Path) -> None:
    path = file(tmp_path, *staff(5))
    path.write_bytes(path.read_bytes()[:-12])
    (fault,) = faults_of(wave, path)
    assert "baris 6: ada" in fault


def test_another_encoding_changes_nothing(wave: Wave, tmp_path: Path) -> None:
    path = file(tmp_path, *staff(3), line(ANI, nama="Zoë"))
    path.write_bytes(path.read_text().encode("cp1252"))
    with pytest.raises(InputError, match="CSV UTF-8"):
        load(wave, path)
    assert not Participant.objects.exists()
