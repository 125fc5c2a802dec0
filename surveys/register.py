"""Load the register of a wave: who is invited, where they stand, how to reach them.

Streams the file; its size does not matter. A person keeps the same participant id and
code through every reload. Once the wave is open nobody is moved any more.
"""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.utils.translation import gettext as _

from surveys import copying, wave_secret
from surveys.csvfile import CsvFile, Progress, Report, Row, open_csv
from surveys.errors import WrongState
from surveys.invitations import code_hash
from surveys.limits import longest
from surveys.models import Contact, UnitKerja, Wave
from surveys.problems import InputError, Problem, demand_none
from surveys.strata import Labels, StrataReader, save_stratifiers, strata_columns

COLUMNS = ("person_key", "unit_code", "name", "email", "phone")
CONTACT_COLUMNS = ("person_key", "name", "email", "phone")
FIRST_EDITION = 1
NO_LABELS: Labels = {}


@dataclass(frozen=True)
class Registered:
    """What loading did. ``n_kept`` people of an open wave stayed where they were."""

    n_added: int
    n_changed: int
    n_unchanged: int
    n_kept: int
    unused_columns: tuple[str, ...]


@transaction.atomic
def load_participants(
    *,
    wave: Wave,
    path: Path,
    strata: Sequence[str] | None = None,
    labels: Labels = NO_LABELS,
    progress: Progress | None = None,
) -> Registered:
    """Add people and update those whose person key is known; all rows or none."""
    wave = Wave.objects.select_for_update(no_key=True).get(pk=wave.pk)
    _demand_taken(wave)
    problems: list[Problem] = []
    with open_csv(path) as file:
        columns = strata_columns(wave=wave, file=file, fixed=COLUMNS, asked=strata)
        reader = StrataReader(file, dict(zip(columns, columns, strict=True)))
        people = _People(wave, file, reader, problems.append)
        with copying.staged_people(people.rows(progress)):
            if not (file.n_rows or problems):
                raise InputError(_("Tidak ada satu orang pun di berkas ini."))
            problems += _repeated()
            if wave.state == Wave.State.OPEN:
                problems += _outside_frame(wave)
            demand_none(problems)
            compared = _write(wave, reader, labels)
        unused = [c for c in file.header if c not in COLUMNS and c not in columns]
    n_new, n_elsewhere, n_contact, n_all = compared
    is_draft = wave.state == Wave.State.DRAFT
    n_changed = n_contact + (n_elsewhere if is_draft else 0)
    return Registered(
        n_added=n_new,
        n_changed=n_changed,
        n_unchanged=n_all - n_new - n_elsewhere - n_contact,
        n_kept=0 if is_draft else n_elsewhere,
        unused_columns=tuple(unused),
    )


def _demand_taken(wave: Wave) -> None:
    if not wave.is_online:
        raise WrongState(
            _("Gelombang %(code)s diimpor; pakai load_frame dan load_responses.")
            % {"code": wave.code}
        )
    if wave.state not in (Wave.State.DRAFT, Wave.State.OPEN):
        raise WrongState(
            _("Daftar pegawai gelombang %(code)s tidak dapat diubah lagi.")
            % {"code": wave.code}
        )


def _repeated() -> list[Problem]:
    reason = _("orang ini sudah ada di baris sebelumnya")
    return [Problem(reason, n, "person_key") for n in copying.repeated_people()]


def _outside_frame(wave: Wave) -> list[Problem]:
    reason = _("unit dan strata ini tidak ada dalam kerangka gelombang yang dibuka")
    lines = copying.people_outside_frame(wave)
    return [Problem(reason, n, "unit_code") for n in lines]


def _write(
    wave: Wave, reader: StrataReader, labels: Labels
) -> tuple[int, int, int, int]:
    compared = copying.compare_people(wave)
    if wave.state == Wave.State.DRAFT:
        save_stratifiers(wave=wave, categories=reader.categories(), labels=labels)
        copying.move_people(wave)
    copying.add_people(wave)
    return compared


def plain_key(text: str) -> str:
    """A person key as it is compared; blanks and dots within a number say nothing.

    >>> plain_key("19860926 201505 1 001"), plain_key("a.b-7")
    ('198609262015051001', 'a.b-7')
    """
    digits = re.sub(r"[ .]", "", text)
    return digits if digits.isdecimal() else text


class _People:
    """The file's rows, checked, as the staging table takes them."""

    def __init__(
        self, wave: Wave, file: CsvFile, strata: StrataReader, report: Report
    ) -> None:
        self.file, self.strata, self.report = file, strata, report
        self.secret = wave_secret.read(wave)
        self.units = _units_of(wave)
        self.wrong_units = _units_elsewhere(wave)
        self.longest = {column: longest(Contact, column) for column in CONTACT_COLUMNS}

    def rows(self, progress: Progress | None) -> Iterator[Sequence[object]]:
        """Good rows; what is wrong with the others has been reported."""
        for row in self.file.rows(self.report, progress):
            unit = self._unit(row)
            strata = self.strata.read(row, self.report)
            contact = self._contact(row)
            if unit is None or strata is None or contact is None:
                continue
            person = uuid.uuid4()
            yield (
                row.line,
                contact["person_key"],
                unit,
                self.strata.json_of(strata),
                contact["name"],
                contact["email"],
                contact["phone"],
                str(person),
                code_hash(self.secret, person, FIRST_EDITION),
            )

    def _unit(self, row: Row) -> int | None:
        code = row.cells[self.file.index("unit_code")]
        if code not in self.units:
            reason = self.wrong_units.get(code, _("unit ini tidak dikenal"))
            self.report(Problem(reason, row.line, "unit_code"))
        return self.units.get(code)

    def _contact(self, row: Row) -> Mapping[str, str] | None:
        contact = {c: row.cells[self.file.index(c)] for c in CONTACT_COLUMNS}
        contact["person_key"] = plain_key(contact["person_key"])
        faults = {
            column: _("lebih dari %(n)d karakter") % {"n": most}
            for column, most in self.longest.items()
            if len(contact[column]) > most
        }
        if not contact["person_key"]:
            faults["person_key"] = _("tidak boleh kosong")
        if contact["email"] and not _is_email(contact["email"]):
            faults["email"] = _("bukan alamat surel yang benar")
        if contact["phone"] and not is_phone(contact["phone"]):
            faults.setdefault(
                "phone", _("harus nomor telepon dengan 8 sampai 15 angka")
            )
        for column, reason in faults.items():
            self.report(Problem(reason, row.line, column))
        return None if faults else contact


def is_phone(text: str) -> bool:
    """Eight to fifteen digits; a plus before them, blanks, dots and dashes between.

    >>> is_phone("+62 812-3456.7890"), is_phone("abc"), is_phone("12")
    (True, False, False)
    """
    digits = re.sub(r"[ .-]", "", text.removeprefix("+"))
    return re.fullmatch(r"[0-9]{8,15}", digits) is not None


def _is_email(text: str) -> bool:
    try:
        validate_email(text)
    except ValidationError:
        return False
    return True


def _units_of(wave: Wave) -> dict[str, int]:
    """Units people may stand in: those of the reference date, or the frozen ones."""
    if wave.state == Wave.State.OPEN:
        frozen = wave.units.filter(unit__isnull=False)
        return dict(frozen.values_list("code", "unit_id"))
    units = UnitKerja.objects.in_subtree(wave.root).on(wave.reference_date)
    return dict(units.values_list("code", "pk"))


def _units_elsewhere(wave: Wave) -> dict[str, str]:
    """Why units that exist are not open to this wave's people."""
    day = wave.reference_date.isoformat()
    outside = _("unit ini di luar organisasi gelombang")
    expired = _("unit ini tidak berlaku pada tanggal acuan %(day)s") % {"day": day}
    units = UnitKerja.objects.values_list("code", "path")
    return {
        code: expired if path.startswith(wave.root.path) else outside
        for code, path in units
    }
