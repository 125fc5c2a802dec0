"""Importing units from the desk: try a file, show what it would do, do just that."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

from django.db import transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from surveys.errors import SurveyError
from surveys.files import jobfiles
from surveys.files.jobs import Progress, kind
from surveys.files.problems import InputError, Problem
from surveys.models import Job, UnitImport, UnitImportLine, UnitKerja, User
from surveys.staff.history import acting
from surveys.structure.levels import known_levels, new_ones, with_levels
from surveys.structure.organisation import (
    BATCH,
    Edition,
    check_codes,
    codes_elsewhere,
    demand_not_ahead,
    digest_of,
    lock_tree,
    scope_of,
    write_units,
)
from surveys.structure.unitchanges import (
    Change,
    Rows,
    Scope,
    changes_of,
    check_days,
    check_parents,
    check_zeros,
    hung_below_root,
    paths_of,
)
from surveys.structure.unitfile import (
    IN_INDONESIAN,
    UnitRow,
    read_units,
    row_of_json,
)

Kind = UnitImportLine.Kind

HEADINGS = {column: heading for heading, column in IN_INDONESIAN.items()}

MOST_PROBLEMS = 1000
FORGOTTEN_AFTER = timedelta(days=7)
"""A file that was tried and not applied by then is no longer wanted."""

Say = Callable[[str], object]


# --- trying --------------------------------------------------------------------------


@transaction.atomic
def try_units(
    *,
    path: Path,
    root: UnitKerja | None,
    starts_on: date | None,
    reason: str,
    file_name: str,
    tried_by: User | None,
    say: Say | None = None,
) -> UnitImport:
    """Compare the file with the tree and keep what came out; the tree stays as it is.

    Faults of rows are kept with the trial, and then nothing is compared: what a faulty
    row is about would look as if the file did not have it. InputError: the file cannot
    be read at all.
    """
    demand_not_ahead(starts_on)
    say = say or (lambda words: None)
    problems: list[Problem] = []
    say(_("Berkas dibaca"))
    scope = scope_of(root)
    known = known_levels()
    rows = hung_below_root(with_levels(_read(path, problems), known), scope)
    if not (rows or problems):
        raise InputError(_("Tidak ada satu unit pun di berkas ini."))
    say(_("Dibandingkan dengan pohon yang ada"))
    check(rows, scope, starts_on, problems)
    changes = [] if problems else list(changes_of(rows, scope, timezone.localdate()))
    levels = new_ones((row.level for row in rows.values()), known)
    _forget_old_trials()
    trial = UnitImport.objects.create(
        root=root,
        starts_on=starts_on,
        reason=reason,
        file_name=file_name,
        tree_digest=digest_of(scope),
        counts=_counts(changes, len(rows)) | ({"new_levels": levels} if levels else {}),
        problems=_listed(problems),
        n_problems=len(problems),
        tried_by=tried_by,
    )
    say(_("Hasil perbandingan disimpan"))
    UnitImportLine.objects.bulk_create(_lines(trial, changes), batch_size=BATCH)
    return trial


def _read(path: Path, problems: list[Problem]) -> dict[str, UnitRow]:
    try:
        return read_units(path, problems.append)
    except InputError as error:
        raise InputError([_as_headed(p) for p in error.problems]) from None


def _forget_old_trials() -> None:
    old = UnitImport.objects.filter(tried_at__lt=timezone.now() - FORGOTTEN_AFTER)
    old.filter(applied_at__isnull=True).delete()


def check(
    rows: Rows, scope: Scope, starts_on: date | None, problems: list[Problem]
) -> None:
    """Add everything that speaks against these rows to ``problems``."""
    report = problems.append
    check_parents(rows, scope, report)
    check_codes(rows, scope, report)
    check_zeros(rows, scope, report)
    check_days(rows, scope, starts_on, report)
    paths_of({**scope.rows, **rows}, scope.tops, report)


def _counts(changes: Sequence[Change], n_rows: int) -> dict[str, object]:
    counts = Counter(str(kind) for change in changes for kind in change.kinds)
    n_changed = sum(change.after is not None for change in changes)
    return {**counts, "rows": n_rows, "same": n_rows - n_changed}


def _listed(problems: Sequence[Problem]) -> list[dict[str, object]]:
    ordered = sorted(problems, key=lambda p: (p.line, p.column))
    return [
        {"line": p.line, "column": _as_headed(p).column, "reason": p.reason}
        for p in ordered[:MOST_PROBLEMS]
    ]


def _as_headed(problem: Problem) -> Problem:
    """With the column as the file for filling in calls it."""
    return replace(problem, column=HEADINGS.get(problem.column, problem.column))


def _lines(trial: UnitImport, changes: Sequence[Change]) -> Iterator[UnitImportLine]:
    for change in changes:
        yield UnitImportLine(
            trial=trial,
            kinds=[str(kind) for kind in change.kinds],
            code=change.code,
            line=change.line,
            before=change.before.as_json() if change.before else None,
            after=change.after.as_json() if change.after else None,
        )


# --- applying ------------------------------------------------------------------------


@transaction.atomic
def apply_units(
    *,
    trial: UnitImport,
    applied_by: User | None,
    closed_on: date | None = None,
    progress: Progress | None = None,
) -> UnitImport:
    """Do what the trial has shown, or nothing: SurveyError if the tree has changed.

    ``closed_on``: the last day of the units that the file does not name; None leaves
    them as they are.
    """
    lock_tree()
    trial = UnitImport.objects.select_for_update(of=("self",)).get(pk=trial.pk)
    _demand_applicable(trial)
    scope = scope_of(trial.root)
    lines = list(trial.lines.all())
    after = {line.code: row_of_json(line.after) for line in lines if line.after}
    if digest_of(scope) != trial.tree_digest or codes_elsewhere(after, scope):
        raise SurveyError(
            _(
                "Pohon unit berubah sejak berkas ini diperiksa, jadi tidak ada yang"
                " diterapkan. Unggah dan periksa berkas sekali lagi."
            )
        )
    if closed_on:
        after |= _closed(lines, scope, closed_on)
    edition = Edition(trial.starts_on, trial.reason, applied_by)
    tell = (lambda n, total: progress(n, total)) if progress else None
    with acting(user=applied_by, reason=trial.reason):
        write_units(after=after, scope=scope, edition=edition, tell=tell)
    trial.applied_by, trial.applied_at = applied_by, timezone.now()
    trial.closed_on = closed_on
    trial.save(update_fields=("applied_by", "applied_at", "closed_on"))
    return trial


def _demand_applicable(trial: UnitImport) -> None:
    if trial.applied_at:
        at = date_format(timezone.localtime(trial.applied_at), "j F Y H.i")
        raise SurveyError(_("Berkas ini sudah diterapkan pada %(at)s.") % {"at": at})
    if trial.n_problems:
        raise SurveyError(_("Perbaiki dulu kesalahan dalam berkas, lalu unggah lagi."))


def _closed(
    lines: Sequence[UnitImportLine], scope: Scope, closed_on: date
) -> dict[str, UnitRow]:
    """The units that the file does not name, with this as their last day."""
    closed = {}
    for line in lines:
        if str(Kind.MISSING) in line.kinds:
            row = scope.rows[line.code]
            since = scope.since_of(row)
            if closed_on < since:
                raise SurveyError(
                    _(
                        "Unit %(code)s tercatat berlaku mulai %(since)s. Pilih tanggal"
                        " penutupan pada hari itu atau sesudahnya."
                    )
                    % {"code": row.code, "since": date_format(since, "j F Y")}
                )
            closed[line.code] = replace(row, valid_to=closed_on)
    return closed


# --- as long work --------------------------------------------------------------------


def _day(text: object) -> date | None:
    return date.fromisoformat(str(text)) if text else None


@kind("units_trial", label=gettext_lazy("Pemeriksaan berkas unit"))
def try_as_job(job: Job, progress: Progress) -> Mapping[str, object]:
    """Options: ``starts_on`` and ``reason``. Leads to the page of the trial."""
    trial = try_units(
        path=jobfiles.input_of(job),
        root=job.root,
        starts_on=_day(job.options.get("starts_on")),
        reason=str(job.options.get("reason", "")),
        file_name=job.input_name,
        tried_by=job.started_by,
        say=lambda words: progress(0, None, words),
    )
    return {"trial": trial.pk, "n_problems": trial.n_problems, **trial.counts}


@kind("units_apply", label=gettext_lazy("Penerapan berkas unit"), is_atomic=True)
def apply_as_job(job: Job, progress: Progress) -> Mapping[str, object]:
    """Options: ``trial`` and ``closed_on``."""
    trial = apply_units(
        trial=UnitImport.objects.get(pk=job.options["trial"]),
        applied_by=job.started_by,
        closed_on=_day(job.options.get("closed_on")),
        progress=progress,
    )
    return {"trial": trial.pk, **trial.counts}
