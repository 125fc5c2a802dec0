"""The rows of a register's file, each judged by itself."""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Sequence
from dataclasses import replace

from django.utils.translation import gettext as _

from surveys.box import wave_secret
from surveys.files.csvfile import Progress, Row, TableFile
from surveys.files.faults import Faults
from surveys.files.limits import longest
from surveys.files.problems import Problem
from surveys.models import Contact, UnitKerja, Wave
from surveys.people import erased, registrants
from surveys.people.invitations import code_hash
from surveys.people.register_columns import FIXED, OPTIONAL
from surveys.people.strata import StrataReader

FIRST_EDITION = 1


class Rows:
    """Checks cell by cell; good rows come out as the staging table takes them."""

    def __init__(
        self,
        wave: Wave,
        file: TableFile,
        strata: StrataReader,
        faults: Faults,
        *,
        demands_nip: bool,
    ) -> None:
        self.file, self.strata, self.faults = file, strata, faults
        self.demands_nip = demands_nip
        self.secret = wave_secret.read(wave)
        self.erased = erased.erased_keys(wave)
        self.n_erased = 0
        self.units = _units_of(wave)
        self.wrong_units = _units_elsewhere(wave)
        self.unit_names = _names_of_units(wave)
        self.longest = {c: longest(Contact, c) for c in FIXED if c != "unit_code"}
        self._at = {c: file.index(c) for c in (*FIXED, *OPTIONAL) if c in file}

    def staged(self, progress: Progress | None) -> Iterator[Sequence[object]]:
        """Good rows; what is wrong with the others has been reported."""
        for row in self.file.rows(self.faults, progress):
            n_faults = self.faults.n
            has_left = self._has_left(row)
            key = self._key(row)
            if self.erased and self._is_erased(key):
                self.n_erased += 1
                continue
            unit = strata = None
            name = email = phone = ""
            if not has_left:
                unit = self._unit(row)
                strata = self.strata.read(row, self._stratum_fault)
                name, email, phone = self._name(row), self._email(row), self._phone(row)
            if self.faults.n != n_faults:
                continue
            yield (
                row.line,
                key,
                unit,
                self.strata.json_of(strata) if strata is not None else None,
                name,
                email,
                phone,
                "t" if has_left else "f",
                "t" if self._is_second_post(row) else "f",
            )

    def seat(self) -> tuple[str, str]:
        """The random id of somebody new, and the hash of the code they will get."""
        person = uuid.uuid4()
        return str(person), code_hash(self.secret, person, FIRST_EDITION)

    def _cell(self, row: Row, column: str) -> str:
        place = self._at.get(column)
        return row.cells[place] if place is not None else ""

    def _fault(self, row: Row, column: str, reason: str) -> None:
        shown = Problem(reason, row.line, self.file.called(column))
        self.faults(shown, self._cell(row, column))

    def _stratum_fault(self, problem: Problem) -> None:
        self.faults(replace(problem, column=self.file.called(problem.column)))

    def _fits(self, row: Row, column: str, text: str) -> str:
        most = self.longest[column]
        if len(text) > most:
            reason = _("lebih dari %(n)d karakter") % {"n": most}
            self._fault(row, column, reason)
        return text

    def _key(self, row: Row) -> str:
        key = registrants.plain_key(self._cell(row, "person_key"))
        if not key:
            self._fault(row, "person_key", _("tidak boleh kosong"))
        elif self.demands_nip and not registrants.is_nip(key):
            reason = _("bukan NIP: harus 18 angka yang diawali tanggal lahir")
            self._fault(row, "person_key", reason)
        elif key.startswith(erased.ERASED):
            self._fault(row, "person_key", _("tidak boleh diawali tanda ~"))
        return self._fits(row, "person_key", key)

    def _is_erased(self, key: str) -> bool:
        return erased.erased_key(self.secret, key) in self.erased

    def _has_left(self, row: Row) -> bool:
        status = self._cell(row, "status")
        left = registrants.has_left(status)
        if left is None:
            reason = _("status tidak dikenal; isi Aktif, Keluar, Pensiun, atau kosong")
            self._fault(row, "status", reason)
        return bool(left)

    def _is_second_post(self, row: Row) -> bool:
        return registrants.is_second_post(self._cell(row, "post"))

    def _unit(self, row: Row) -> int | None:
        code = self._cell(row, "unit_code")
        unit = self.units.get(code)
        if unit is None:
            self._fault(row, "unit_code", self._why_not(code))
        return unit

    def _why_not(self, code: str) -> str:
        if not code:
            return _("tidak boleh kosong")
        if code.casefold() in self.unit_names:
            return _("ini nama unit; tulis kodenya")
        return self.wrong_units.get(code, _("unit ini tidak dikenal"))

    def _name(self, row: Row) -> str:
        return self._fits(row, "name", self._cell(row, "name"))

    def _email(self, row: Row) -> str:
        email = self._fits(row, "email", self._cell(row, "email"))
        if email and not registrants.is_email(email):
            self._fault(row, "email", _("bukan alamat surel yang benar"))
        return email

    def _phone(self, row: Row) -> str:
        phone = registrants.phone_of(self._cell(row, "phone"))
        if phone is None:
            reason = _("harus nomor telepon dengan 8 sampai 15 angka")
            self._fault(row, "phone", reason)
        return phone or ""


def _units_of(wave: Wave) -> dict[str, int]:
    """Units people may stand in: those of the reference date, or the frozen ones."""
    if wave.state == Wave.State.OPEN:
        frozen = wave.units.filter(unit__isnull=False)
        return dict(frozen.values_list("code", "unit_id"))
    units = UnitKerja.objects.in_subtree(wave.root).on(wave.reference_date)
    return dict(units.values_list("code", "pk"))


def _names_of_units(wave: Wave) -> set[str]:
    """How units are called, for those who write names where codes belong."""
    units = UnitKerja.objects.in_subtree(wave.root)
    called = units.values_list("name", "acronym")
    return {name.casefold() for names in called for name in names if name}


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
