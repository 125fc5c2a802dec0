"""What a file of units would change in a tree, and what speaks against it.

Nothing here reads or writes the database: ``surveys.structure.unit_imports`` does.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from surveys.files.csvfile import Report
from surveys.files.limits import longest
from surveys.files.problems import Problem
from surveys.models import UnitImportLine, UnitKerja
from surveys.structure.unitfile import STATE_FIELDS, UnitRow

Kind = UnitImportLine.Kind

COLUMNS_OF = {
    Kind.RENAMED: ("name", "acronym"),
    Kind.MOVED: ("parent_code",),
    Kind.CLOSED: ("valid_to",),
    Kind.CHANGED: ("level", "kind", "valid_from", "valid_to"),
}
"""What a change of each kind is about."""
Rows = Mapping[str, UnitRow]


@dataclass(frozen=True)
class Scope:
    """The part of the tree that is looked at, as it stands.

    ``tops`` are the paths of the parents it hangs below: of none, or of what stands
    above its root. ``since`` says from when on units with a past are what they are.
    """

    rows: Rows
    tops: Mapping[str, str]
    root: str = ""
    since: Mapping[str, date] = field(default_factory=dict)

    def since_of(self, row: UnitRow) -> date:
        return self.since.get(row.code, row.valid_from)


@dataclass(frozen=True)
class Change:
    """One unit, as it is and as it is to be; nothing before means new."""

    kinds: tuple[Kind, ...]
    code: str
    line: int
    before: UnitRow | None
    after: UnitRow | None


def hung_below_root(rows: Rows, scope: Scope) -> dict[str, UnitRow]:
    """The rows, the scope's root below the parent that it has, if they name none."""
    rows = dict(rows)
    top = rows.get(scope.root)
    if top and not top.parent_code and scope.root in scope.rows:
        parent = scope.rows[scope.root].parent_code
        rows[scope.root] = replace(top, parent_code=parent)
    return rows


def changes_of(rows: Rows, scope: Scope, today: date) -> Iterator[Change]:
    """Each unit that the file changes, or that exists and is not in the file."""
    for code, after in rows.items():
        before = scope.rows.get(code)
        if before is None:
            yield Change((Kind.ADDED,), code, after.line, None, after)
        elif before != after:
            kinds = tuple(_kinds(before, after))
            yield Change(kinds, code, after.line, before, after)
    needed = _needed(rows, scope)
    for code, before in scope.rows.items():
        is_over = before.valid_to is not None and before.valid_to < today
        if code not in rows and code != scope.root and not is_over:
            kind = Kind.KEPT if code in needed else Kind.MISSING
            yield Change((kind,), code, 0, before, None)


def _kinds(before: UnitRow, after: UnitRow) -> Iterator[Kind]:
    columns = {column for group in COLUMNS_OF.values() for column in group}
    differing = {c for c in columns if getattr(before, c) != getattr(after, c)}
    if before.valid_to is None and after.valid_to is not None:
        differing.discard("valid_to")
        yield Kind.CLOSED
    for kind in (Kind.RENAMED, Kind.MOVED, Kind.CHANGED):
        if differing & set(COLUMNS_OF[kind]):
            yield kind


def _needed(rows: Rows, scope: Scope) -> set[str]:
    """Codes above a unit of the file that stays open."""
    tree = {**scope.rows, **rows}
    needed: set[str] = set()
    for row in rows.values():
        above = row.parent_code if row.valid_to is None else ""
        while above in tree and above not in needed:
            needed.add(above)
            above = tree[above].parent_code
    return needed


# --- what speaks against it ----------------------------------------------------------


def check_parents(rows: Rows, scope: Scope, report: Report) -> None:
    """Every parent stands in the file or in the scope."""
    for row in rows.values():
        parent = row.parent_code
        if parent in rows or parent in scope.rows:
            continue
        is_top = parent in scope.tops and row.code == scope.root
        if is_top or (not parent and not scope.root):
            continue
        reason = _("induk tidak ada dalam berkas maupun di bagian pohon ini")
        if not parent:
            reason = _("induk harus diisi: Anda mengelola satu bagian pohon")
        report(Problem(reason, row.line, "parent_code"))


def check_zeros(rows: Rows, scope: Scope, report: Report) -> None:
    """A new code that differs from a missing one by zeros in front is Excel's doing."""
    missing = {c.lstrip("0"): c for c in scope.rows.keys() - rows.keys() if c[0] == "0"}
    for code in rows.keys() - scope.rows.keys():
        if code in missing:
            reason = _("mungkin maksudnya %(code)s: Excel membuang nol di depan")
            reason %= {"code": missing[code]}
            report(Problem(reason, rows[code].line, "code"))


def check_days(
    rows: Rows, scope: Scope, starts_on: date | None, report: Report
) -> None:
    """No change before the last one that is recorded; no child outlives its parent."""
    for code, after in rows.items():
        before = scope.rows.get(code)
        if before is None or before == after or not after.is_whole:
            continue
        since = scope.since_of(before)
        words = {"since": date_format(since, "j F Y")}
        if code in scope.since and before.valid_from != after.valid_from:
            reason = _("tidak dapat diubah: riwayat unit ini sudah tercatat")
            report(Problem(reason, after.line, "valid_from"))
        if after.valid_to and after.valid_to < since != before.valid_from:
            reason = _("lebih awal daripada perubahan terakhir, %(since)s") % words
            report(Problem(reason, after.line, "valid_to"))
        if starts_on and starts_on < since and _differs(before, after):
            reason = _("keadaan unit ini tercatat mulai %(since)s, sesudah perubahan")
            report(Problem(reason % words, after.line))
    _check_closing(rows, scope, report)


def _check_closing(rows: Rows, scope: Scope, report: Report) -> None:
    tree = {**scope.rows, **rows}
    for row in tree.values():
        parent = tree.get(row.parent_code)
        if parent is None or parent.valid_to is None or not (row.line or parent.line):
            continue
        if not (row.is_whole and parent.is_whole):
            continue
        if row.valid_to is None or row.valid_to > parent.valid_to:
            day = date_format(parent.valid_to, "j F Y")
            if row.line:
                reason = _("berlaku lebih lama daripada induknya, sampai %(day)s")
                report(Problem(reason % {"day": day}, row.line, "valid_to"))
            else:
                reason = _("masih ada unit di bawahnya: %(code)s")
                reason %= {"code": row.code}
                report(Problem(reason, parent.line, "valid_to"))


def _differs(before: UnitRow, after: UnitRow) -> bool:
    return any(getattr(before, c) != getattr(after, c) for c in STATE_FIELDS)


def becomes_past(
    before: UnitRow, after: UnitRow, since: date, starts_on: date | None
) -> bool:
    """Whether what a unit was until now is kept as its past."""
    if starts_on is None or starts_on <= since or not _differs(before, after):
        return False
    return after.valid_to is None or after.valid_to >= starts_on


# --- paths ---------------------------------------------------------------------------


def paths_of(tree: Rows, tops: Mapping[str, str], report: Report) -> dict[str, str]:
    """Path of each unit, parents first; units in a circle are reported instead."""
    children: dict[str, list[str]] = defaultdict(list)
    for code in sorted(tree):
        children[tree[code].parent_code].append(code)
    most = longest(UnitKerja, "path")
    above, paths = dict(tops), {}
    waiting = [code for code in above if code not in tree]
    for parent in waiting:
        for code in children[parent]:
            paths[code] = above[code] = f"{above[parent]}{code}/"
            waiting.append(code)
            if len(paths[code]) > most:
                reason = _("pohon terlalu dalam untuk unit ini")
                report(Problem(reason, tree[code].line, "parent_code"))
    for code in tree.keys() - paths.keys():
        if tree[code].line and code in _ancestors(tree, code):
            reason = _("unit ini menjadi induk dari induknya sendiri")
            report(Problem(reason, tree[code].line, "parent_code"))
    return paths


def _ancestors(tree: Rows, code: str) -> set[str]:
    seen: set[str] = set()
    above = tree[code].parent_code
    while above in tree and above not in seen:
        seen.add(above)
        above = tree[above].parent_code
    return seen
