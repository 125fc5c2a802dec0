"""Frames and answers gathered elsewhere. Only waves whose source is ``imported``.

Both loads are all or nothing, and neither can be doubled: a frame that is loaded again
has to be the same, and a wave that holds answers takes no second file.
"""

from __future__ import annotations

import csv
import os
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from django.db import transaction
from django.utils.translation import gettext as _

from surveys.box.cells import Key
from surveys.errors import SurveyError, WrongState
from surveys.fieldwork.frames import build_cells
from surveys.files import copying
from surveys.files.csvfile import Progress, Report, Row, TableFile, open_table
from surveys.files.mapping import ExtrasReader, ResponseMap, SheetReader
from surveys.files.problems import N_LISTED, InputError, Problem, demand_none
from surveys.instruments.authoring import sheet_of
from surveys.models import Answer, Wave
from surveys.people.strata import (
    Labels,
    StrataReader,
    categories_of,
    save_stratifiers,
    strata_columns,
)

FRAME_COLUMNS = ("unit_code", "n")
NO_LABELS: Labels = {}


@dataclass(frozen=True)
class FrameLoaded:
    """People and rows of the frame, and whether it was there already."""

    n_people: int
    n_rows: int
    is_unchanged: bool = False


@transaction.atomic
def load_frame(
    *,
    wave: Wave,
    path: Path,
    strata: Sequence[str] | None = None,
    labels: Labels = NO_LABELS,
) -> FrameLoaded:
    """Count the people of a wave by unit and strata, and merge its cells from them."""
    wave = _imported_and_open(wave)
    problems: list[Problem] = []
    with open_table(path) as file:
        columns = strata_columns(
            wave=wave, file=file, fixed=FRAME_COLUMNS, asked=strata
        )
        reader = StrataReader(file, dict(zip(columns, columns, strict=True)))
        people = _count_frame(wave, file, reader, problems.append)
    demand_none(problems)
    loaded = FrameLoaded(sum(people.values()), len(people))
    if wave.frame.exists():
        if people != _frame_of(wave):
            raise SurveyError(
                _("Gelombang %(code)s sudah punya kerangka lain, yang tidak diganti.")
                % {"code": wave.code}
            )
        return FrameLoaded(loaded.n_people, loaded.n_rows, is_unchanged=True)
    save_stratifiers(wave=wave, categories=reader.categories(), labels=labels)
    build_cells(wave=wave, people=people, known=True)
    return loaded


def _imported_and_open(wave: Wave) -> Wave:
    wave = Wave.objects.select_for_update(no_key=True).get(pk=wave.pk)
    if wave.is_online:
        raise WrongState(
            _("Gelombang %(code)s dijawab di sini; jawaban dari luar tidak diterima.")
            % {"code": wave.code}
        )
    if wave.state != Wave.State.OPEN:
        raise WrongState(
            _("Gelombang %(code)s tidak sedang terbuka.") % {"code": wave.code}
        )
    return wave


def _count_frame(
    wave: Wave, file: TableFile, reader: StrataReader, report: Report
) -> dict[Key, int]:
    paths = dict(wave.units.filter(is_group=False).values_list("code", "path"))
    people: dict[Key, int] = {}
    for row in file.rows(report):
        path = paths.get(row.cells[file.index("unit_code")])
        text = row.cells[file.index("n")]
        strata = reader.read(row, report)
        if path is None:
            report(Problem(_("unit ini tidak dikenal"), row.line, "unit_code"))
        elif not (text.isascii() and text.isdecimal() and len(text) < 10):
            report(Problem(_("harus bilangan bulat, paling kecil 0"), row.line, "n"))
        elif strata is not None and (path, strata) in people:
            report(Problem(_("unit dan strata ini sudah ada"), row.line))
        elif strata is not None and int(text):
            people[path, strata] = int(text)
    if not people:
        report(Problem(_("kerangka kosong")))
    return people


def _frame_of(wave: Wave) -> dict[Key, int | None]:
    codes = list(wave.stratifiers.values_list("code", flat=True))
    rows = wave.frame.values_list("unit__path", "strata", "n")
    return {(path, tuple(s[code] for code in codes)): n for path, s, n in rows}


@dataclass(frozen=True)
class ResponsesLoaded:
    """How many answers went in, and how many rows were rejected into which file."""

    n_answers: int
    n_rejected: int
    rejects: Path


@transaction.atomic
def load_responses(
    *,
    wave: Wave,
    path: Path,
    mapping: ResponseMap,
    rejects: Path,
    allow_rejects: bool = False,
    labels: Labels = NO_LABELS,
    progress: Progress | None = None,
) -> ResponsesLoaded:
    """Put the answers of a file into the wave's box, through the cells of its frame.

    Without a frame the answers themselves are counted into cells. A row that cannot be
    taken goes to ``rejects`` with its line, column and reason, and stops the load
    unless ``allow_rejects``.
    """
    wave = _imported_and_open(wave)
    if Answer.objects.filter(wave=wave).exists():
        raise WrongState(
            _("Gelombang %(code)s sudah berisi jawaban; tidak dimuat lagi.")
            % {"code": wave.code}
        )
    with open_table(path) as file, Rejects(rejects) as rejected:
        responses = _Responses(wave, file, mapping, rejected)
        with copying.staged_answers(responses.rows(progress)):
            if rejected.n_rows and not allow_rejects:
                raise _too_many(rejected)
            if not responses.counts:
                raise InputError(_("Tidak ada satu jawaban pun di berkas ini."))
            if responses.frame is None:
                categories = categories_of(
                    responses.strata.codes,
                    (strata for _path, strata in responses.counts),
                )
                save_stratifiers(wave=wave, categories=categories, labels=labels)
                build_cells(wave=wave, people=responses.counts, known=False)
            n_answers = copying.move_answers(wave)
    if n_answers != sum(responses.counts.values()):
        raise RuntimeError("Answers were lost between file and box.")
    return ResponsesLoaded(n_answers, rejected.n_rows, rejects)


def _too_many(rejected: Rejects) -> InputError:
    numbers = {"n": rejected.n_rows, "file": rejected.path}
    sentence = _("%(n)d baris ditolak; daftar lengkap di %(file)s.") % numbers
    return InputError([*rejected.first, Problem(sentence)])


class Rejects:
    """The reject file, for its owner alone: written when the first row is rejected.

    A row stands there at most once for each of its columns.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.first: list[Problem] = []
        self.n_rows = 0
        self._line = 0
        self._columns: set[str] = set()
        self._file: IO[str] | None = None

    def __enter__(self) -> Rejects:
        return self

    def __exit__(self, *_error: object) -> None:
        if self._file:
            self._file.close()

    def __call__(self, problem: Problem) -> None:
        if self._file is None:
            self._file = _open_to_write(self.path)
            csv.writer(self._file).writerow(("baris", "kolom", "alasan"))
        if problem.line != self._line:
            self.n_rows += 1
            self._line, self._columns = problem.line, set()
        if problem.column in self._columns:
            return
        self._columns.add(problem.column)
        row = (problem.line, problem.column, problem.reason)
        csv.writer(self._file).writerow(row)
        if len(self.first) < N_LISTED - 1:
            self.first.append(problem)


def _open_to_write(path: Path) -> IO[str]:
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        os.fchmod(descriptor, 0o600)  # a file of an earlier load keeps its mode
        return os.fdopen(descriptor, "w", encoding="utf-8", newline="")
    except OSError as error:
        raise InputError(
            _("Berkas %(path)s tidak dapat ditulis.") % {"path": path}
        ) from error


class _Responses:
    """The file's rows, checked, as the staging table takes them; counted by key."""

    def __init__(
        self, wave: Wave, file: TableFile, mapping: ResponseMap, rejected: Rejects
    ) -> None:
        file.require([mapping.unit.column])
        self.file, self.mapping, self.rejected = file, mapping, rejected
        settled = dict(wave.stratifiers.values_list("code", "code"))
        if mapping.strata and settled and list(mapping.strata) != list(settled):
            raise InputError(
                [Problem(_("berbeda dari strata kerangka"), path="strata")]
            )
        self.strata = StrataReader(file, mapping.strata or settled)
        self.sheet = SheetReader(file, sheet_of(wave.instrument), mapping)
        self.extras = ExtrasReader(file, mapping)
        self.units = {
            unit.code: (unit.pk, unit.path)
            for unit in wave.units.filter(is_group=False)
        }
        self.frame = set(_frame_of(wave)) if wave.frame.exists() else None
        self.counts: dict[Key, int] = defaultdict(int)

    def rows(self, progress: Progress | None) -> Iterator[Sequence[object]]:
        """Good rows; the others have been rejected."""
        for row in self.file.rows(self.rejected, progress):
            n_rejected = self.rejected.n_rows
            place = self._place(row)
            answers = self.sheet.read(row, self.rejected)
            weight = self.extras.weight(row, self.rejected)
            seconds = self.extras.seconds(row, self.rejected)
            is_good = self.rejected.n_rows == n_rejected
            if is_good and place is not None and answers is not None:
                unit, key = place
                self.counts[key] += 1
                strata = self.strata.json_of(key[1])
                yield unit, strata, _array(answers), weight, _array(seconds)

    def _place(self, row: Row) -> tuple[int, Key] | None:
        """Unit of the wave, and the key of the finest group within its frame."""
        column = self.mapping.unit.column
        code = self.mapping.unit.prefix + row.cells[self.file.index(column)]
        unit = self.units.get(code)
        strata = self.strata.read(row, self.rejected)
        if unit is None:
            self.rejected(Problem(_("unit ini tidak dikenal"), row.line, column))
        if unit is None or strata is None:
            return None
        key = (unit[1], strata)
        if self.frame is not None and key not in self.frame:
            reason = _("unit dan strata ini tidak ada dalam kerangka")
            self.rejected(Problem(reason, row.line, column))
        return unit[0], key


def _array(numbers: Sequence[int]) -> str:
    return "{" + ",".join(map(str, numbers)) + "}"
