"""The dated tree of units: reading a part of it, and writing what changes in it.

Codes identify. Whoever writes holds ``lock_tree``, so that two administrators come one
after the other.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby
from pathlib import Path

from django.db import connection, transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from surveys.files.csvfile import Report
from surveys.files.problems import InputError, Problem, demand_none
from surveys.models import FormerUnit, UnitKerja, User
from surveys.models.organisation import UnitQuerySet
from surveys.structure.levels import known_levels, with_levels
from surveys.structure.unitchanges import (
    Rows,
    Scope,
    becomes_past,
    changes_of,
    check_days,
    check_parents,
    hung_below_root,
    paths_of,
)
from surveys.structure.unitfile import TEXT_FIELDS, UnitRow, read_units

BATCH = 2000
LOCK_TREE = "SELECT pg_advisory_xact_lock(hashtext('units'))"

Tell = Callable[[int, int], object]
"""Told now and then how many units are done, of how many."""


@dataclass(frozen=True)
class Loaded:
    """How many rows were new, different from before, or the same."""

    n_added: int = 0
    n_changed: int = 0
    n_unchanged: int = 0


@dataclass(frozen=True)
class Edition:
    """What every change states: from when on, why, by whom.

    Without a day it is a correction: what stood there was never true.
    """

    starts_on: date | None = None
    reason: str = ""
    by: User | None = None


def lock_tree() -> None:
    """One writer of the tree at a time, until the end of the transaction."""
    with connection.cursor() as cursor:
        cursor.execute(LOCK_TREE)


def demand_not_ahead(day: date | None) -> None:
    """The tree is how it stands; what is to come is recorded when it has come."""
    if day and day > timezone.localdate():
        reason = _("Perubahan dicatat paling awal pada hari berlakunya, bukan sebelum.")
        raise InputError([Problem(reason)])


def scope_of(root: UnitKerja | None) -> Scope:
    """A unit and everything below it; the whole tree where there is no root."""
    units = UnitKerja.objects.all() if root is None else _below(root)
    former = FormerUnit.objects.all()
    if root is not None:
        former = former.filter(unit__path__startswith=root.path)
    until = former.order_by().values_list("unit__code").annotate(Max("valid_to"))
    tops = {"": ""}
    if root is not None and root.parent is not None:
        tops = {root.parent.code: root.parent.path}
    columns = (*TEXT_FIELDS, "parent__code", "valid_from", "valid_to")
    rows = {
        values[0]: UnitRow(*values[:5], values[5] or "", *values[6:])  # type: ignore[call-arg]  # eight columns, as listed
        for values in units.values_list(*columns)
    }
    return Scope(
        rows=rows,
        tops=tops,
        root=root.code if root else "",
        since={code: day + timedelta(days=1) for code, day in until},
    )


def _below(root: UnitKerja) -> UnitQuerySet:
    return UnitKerja.objects.in_subtree(root)


def digest_of(scope: Scope) -> str:
    """Changes with anything that a comparison with this scope relies on."""
    digest = hashlib.sha256(repr(sorted(scope.tops.items())).encode())
    for code in sorted(scope.rows):
        digest.update(repr((scope.rows[code], scope.since.get(code))).encode())
    return digest.hexdigest()


def codes_elsewhere(codes: Iterable[str], scope: Scope) -> set[str]:
    """Which of these codes units outside of the scope have."""
    wanted = [code for code in codes if code not in scope.rows]
    found: set[str] = set()
    for start in range(0, len(wanted) if scope.root else 0, BATCH):
        batch = UnitKerja.objects.filter(code__in=wanted[start : start + BATCH])
        found.update(batch.values_list("code", flat=True))
    return found


def check_codes(rows: Rows, scope: Scope, report: Report) -> None:
    """No unit gets a code that one outside of the scope has."""
    for code in codes_elsewhere(rows, scope):
        reason = _("kode ini sudah dipakai unit di luar bagian pohon ini")
        report(Problem(reason, rows[code].line, "code"))


@transaction.atomic
def load_units(*, path: Path, starts_on: date | None = None) -> Loaded:
    """Add units and update those whose code is known; InputError writes nothing.

    Units that the file does not name stay as they are.
    """
    lock_tree()
    problems: list[Problem] = []
    scope = scope_of(None)
    read = with_levels(read_units(path, problems.append), known_levels())
    rows = hung_below_root(read, scope)
    if not (rows or problems):
        raise InputError(_("Tidak ada satu unit pun di berkas ini."))
    check_parents(rows, scope, problems.append)
    demand_none(problems)
    check_days(rows, scope, starts_on, problems.append)
    changes = [c for c in changes_of(rows, scope, timezone.localdate()) if c.after]
    fresh = {c.code: c.after for c in changes if c.after}
    write_units(after=fresh, scope=scope, edition=Edition(starts_on), found=problems)
    n_added = sum(change.before is None for change in changes)
    n_changed = len(changes) - n_added
    return Loaded(n_added, n_changed, len(rows) - n_added - n_changed)


# --- writing -------------------------------------------------------------------------


@transaction.atomic
def write_units(
    *,
    after: Rows,
    scope: Scope,
    edition: Edition,
    found: list[Problem] | None = None,
    tell: Tell | None = None,
) -> None:
    """Make these units what they are to be, and keep what they were.

    Moving a unit rewrites the paths of everything below it. A circle, or anything in
    ``found``, is an InputError and writes nothing. The caller holds ``lock_tree``.
    """
    demand_not_ahead(edition.starts_on)
    problems = found or []
    tree = {**scope.rows, **after}
    paths = paths_of(tree, scope.tops, problems.append)
    demand_none(problems)
    known = {u.code: u for u in _known(scope)}
    _keep_past(after, scope, edition, known)
    stale = {c for c, unit in known.items() if c in paths and unit.path != paths[c]}
    todo = sorted({*after, *stale}, key=lambda c: paths[c].count("/"))
    n_done = 0
    for _depth, codes in groupby(todo, key=lambda c: paths[c].count("/")):
        units = [_fill(tree[c], paths[c], known) for c in codes]
        for start in range(0, len(units), BATCH):
            batch = units[start : start + BATCH]
            for unit in _upsert(batch):
                known[unit.code] = unit
            n_done += len(batch)
            if tell:
                tell(n_done, len(todo))


def _known(scope: Scope) -> Iterable[UnitKerja]:
    """Units of the scope, and the parents above it."""
    if not scope.root:
        return UnitKerja.objects.all()
    root = UnitKerja.objects.select_related("parent").get(code=scope.root)
    return [*_below(root), *([root.parent] if root.parent else [])]


def _keep_past(
    after: Rows, scope: Scope, edition: Edition, known: Mapping[str, UnitKerja]
) -> None:
    """One row of the past for each unit that is called or stands otherwise now."""
    past = []
    for code, row in after.items():
        before = scope.rows.get(code)
        if before is None or edition.starts_on is None:
            continue
        since = scope.since_of(before)
        if becomes_past(before, row, since, edition.starts_on):
            unit = known[code]
            past.append(
                FormerUnit(
                    unit=unit,
                    name=unit.name,
                    acronym=unit.acronym,
                    level=unit.level,
                    kind=unit.kind,
                    parent_id=unit.parent_id,
                    valid_from=since,
                    valid_to=edition.starts_on - timedelta(days=1),
                    reason=edition.reason,
                    recorded_by=edition.by,
                )
            )
    FormerUnit.objects.bulk_create(past, batch_size=BATCH)


def _fill(row: UnitRow, path: str, known: Mapping[str, UnitKerja]) -> UnitKerja:
    unit = UnitKerja(path=path, valid_from=row.valid_from, valid_to=row.valid_to)
    for name in TEXT_FIELDS:
        setattr(unit, name, getattr(row, name))
    unit.parent = known[row.parent_code] if row.parent_code else None
    return unit


def _upsert(units: list[UnitKerja]) -> list[UnitKerja]:
    """Insert units, or update those whose code exists; with their keys."""
    return UnitKerja.objects.bulk_create(
        units,
        update_conflicts=True,
        unique_fields=("code",),
        update_fields=(*TEXT_FIELDS[1:], "parent", "path", "valid_from", "valid_to"),
    )
