"""Load the register of a wave: who is invited, where they stand, how to reach them.

Streams the file; its size does not matter. A person keeps the same participant id and
code through every reload. Once the wave is open nobody is moved any more: people are
added, or marked as having left, and that is recorded as a change of the frame.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from django.db import transaction
from django.utils.translation import gettext as _

from surveys.errors import SurveyError, WrongState
from surveys.files.csvfile import Progress, TableFile, open_table
from surveys.files.faults import Faults
from surveys.files.limits import is_code
from surveys.files.problems import InputError, Problem, demand_none
from surveys.models import FrameChange, Wave
from surveys.people import erased, incoming, register_columns
from surveys.people.register_columns import FIXED, OPTIONAL, USUAL_STRATA
from surveys.people.register_rows import Rows
from surveys.people.strata import Labels, StrataReader, save_stratifiers, strata_columns

NO_LABELS: Labels = {}
USUAL = ("?",)
"""Asks for those of the usual strata that the file has."""


@dataclass(frozen=True)
class Registered:
    """What loading did, or would do.

    ``n_kept`` people of an open wave stayed where they were; ``n_gone`` are in the
    register and not in the file.
    """

    n_rows: int
    n_added: int
    n_changed: int
    n_unchanged: int
    n_kept: int
    n_left: int
    n_returned: int
    n_gone: int
    n_second_posts: int
    n_strangers_who_left: int
    n_erased: int
    unused_columns: tuple[str, ...]
    strata: tuple[str, ...]

    def counts(self) -> dict[str, int]:
        """All numbers by name."""
        return {k: n for k, n in asdict(self).items() if isinstance(n, int)}


@transaction.atomic
def load_participants(
    *,
    wave: Wave,
    path: Path,
    strata: Sequence[str] | None = None,
    labels: Labels = NO_LABELS,
    marks_gone: bool = False,
    expected: Mapping[str, int] | None = None,
    progress: Progress | None = None,
) -> Registered:
    """Add people and update those whose person key is known; all rows or none.

    ``marks_gone``: whoever is not in the file has left. ``expected``: counts of a check
    that must still hold.
    """
    faults = Faults()
    with _staged(wave, path, strata, faults, progress) as file:
        fresh = Wave.objects.select_for_update(no_key=True).get(pk=wave.pk)
        if fresh.state != wave.state:
            raise WrongState(_("Keadaan gelombang berubah. Periksa lagi berkas ini."))
        registered = file.meet_register(faults)
        demand_none(faults.first)
        has_changed = expected is not None and registered.counts() != dict(expected)
        if has_changed or erased.erased_keys(wave) != file.rows.erased:
            raise SurveyError(
                _("Daftar pegawai berubah sejak pemeriksaan. Periksa lagi berkas ini.")
            )
        if wave.state == Wave.State.DRAFT:
            categories = file.strata.categories()
            save_stratifiers(wave=wave, categories=categories, labels=labels)
            incoming.move(wave)
        if marks_gone:
            incoming.mark_gone(wave)
        incoming.write(wave, file.rows.seat)
        _record_frame_change(wave, registered, marks_gone)
    return registered


@transaction.atomic
def check_participants(
    *,
    wave: Wave,
    path: Path,
    faults: Faults,
    strata: Sequence[str] | None = None,
    progress: Progress | None = None,
) -> Registered:
    """What loading would do; every fault goes to ``faults``, nothing is written."""
    with _staged(wave, path, strata, faults, progress) as file:
        return file.meet_register(faults)


def _record_frame_change(wave: Wave, done: Registered, marks_gone: bool) -> None:
    """The frame itself stays as it was frozen."""
    n_left = done.n_left + (done.n_gone if marks_gone else 0)
    if wave.state == Wave.State.OPEN and (done.n_added or n_left or done.n_returned):
        FrameChange.objects.create(
            wave=wave,
            n_added=done.n_added,
            n_left=n_left,
            n_returned=done.n_returned,
        )


class _Staged:
    """The good rows of a file, held in the database."""

    def __init__(self, wave: Wave, file: TableFile, rows: Rows) -> None:
        self.wave, self.file, self.rows = wave, file, rows
        self.strata = rows.strata

    def meet_register(self, faults: Faults) -> Registered:
        """Judge the file as a whole, and compare it with the register."""
        wave = self.wave
        n_second_posts = incoming.drop_second_posts()
        for line, key, earlier in incoming.repeated():
            reason = _("orang ini sudah ada di baris sebelumnya (%(n)d)")
            faults(
                Problem(reason % {"n": earlier}, line, self._called("person_key")), key
            )
        n_strangers = incoming.drop_strangers_who_left(wave)
        if wave.state == Wave.State.OPEN:
            reason = _("unit dan strata ini tidak ada dalam kerangka gelombang")
            for line in incoming.outside_frame(wave):
                faults(Problem(reason, line, self._called("unit_code")))
        known = incoming.compare(wave)
        is_draft = wave.state == Wave.State.DRAFT
        n_moved = known.n_elsewhere if is_draft else 0
        return Registered(
            n_rows=self.file.n_rows,
            n_added=known.n_new,
            n_changed=known.n_contact + n_moved,
            n_unchanged=known.n_same,
            n_kept=known.n_elsewhere - n_moved,
            n_left=known.n_left,
            n_returned=known.n_returned,
            n_gone=known.n_gone,
            n_second_posts=n_second_posts,
            n_strangers_who_left=n_strangers,
            n_erased=self.rows.n_erased,
            unused_columns=self._unused(),
            strata=self.strata.codes,
        )

    def _called(self, column: str) -> str:
        return self.file.called(column)

    def _unused(self) -> tuple[str, ...]:
        used = {*FIXED, *OPTIONAL, *self.strata.codes}
        return tuple(self._called(c) for c in self.file.header if c not in used)


@contextmanager
def _staged(
    wave: Wave,
    path: Path,
    strata: Sequence[str] | None,
    faults: Faults,
    progress: Progress | None,
) -> Iterator[_Staged]:
    demand_taken(wave)
    with open_table(path) as file:
        settled = tuple(wave.stratifiers.values_list("code", flat=True))
        own = {c for c in strata or () if is_code(c)}
        demands_nip = register_columns.rename(file, {*settled, *own})
        asked = _asked(file, settled, strata)
        columns = _strata_of(wave, file, asked)
        reader = StrataReader(file, dict(zip(columns, columns, strict=True)))
        rows = Rows(wave, file, reader, faults, demands_nip=demands_nip)
        with incoming.staged(rows.staged(progress)):
            if not (file.n_rows or faults.n):
                raise InputError(_("Tidak ada satu orang pun di berkas ini."))
            yield _Staged(wave, file, rows)


def _asked(
    file: TableFile, settled: Sequence[str], strata: Sequence[str] | None
) -> tuple[str, ...] | None:
    """The strata by the names that the columns go by now; None leaves it to others."""
    if strata is None or (strata == USUAL and settled):
        return None
    if strata == USUAL:
        return tuple(c for c in USUAL_STRATA if c in file)
    return tuple(c if c in file else register_columns.ours(c) for c in strata)


def _strata_of(
    wave: Wave, file: TableFile, asked: tuple[str, ...] | None
) -> tuple[str, ...]:
    """The strata; a column that the file lacks is called as people know it, too."""
    fixed = (*FIXED, *(c for c in OPTIONAL if c in file))
    try:
        return strata_columns(wave=wave, file=file, fixed=fixed, asked=asked)
    except InputError as error:
        raise InputError([_in_words(problem) for problem in error.problems]) from error


def _in_words(problem: Problem) -> Problem:
    usual = register_columns.SHOWN.get(problem.column)
    if usual is None:
        return problem
    words = {"reason": problem.reason, "usual": usual}
    reason = _("%(reason)s; biasanya bernama “%(usual)s”") % words
    return replace(problem, reason=reason)


def demand_taken(wave: Wave) -> None:
    """WrongState unless this wave's register can still be changed."""
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
