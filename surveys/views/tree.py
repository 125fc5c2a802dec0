"""The tree of units at the desk: opened level by level, searched, on any day."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from datetime import date
from typing import Any, cast

from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from surveys.models import UnitKerja, User
from surveys.staff.permissions import DESK, MANAGES, paths_of, under
from surveys.structure.tree import Hit, Node, Tree
from surveys.structure.unitfile import UnitRow, table_of
from surveys.views.desk import desk_page

FOUND_AT_ONCE = 10
"""So many units a field offers while one types."""


def tree_page(request: HttpRequest, model_admin: Any) -> HttpResponse:
    """The top levels, or opened down to ``buka``, or what ``cari`` finds."""
    tree, day_text = tree_of(request)
    words = request.GET.get("cari", "").strip()
    opened = _number(request.GET.get("buka", ""))
    hits = tree.search(words) if words else []
    if len(hits) == 1:
        opened = hits[0].node.pk
    if opened and tree.find(opened) is None:
        raise Http404
    user = cast(User, request.user)
    context = {
        "title": _("Unit kerja"),
        "crumb": _("Pohon"),
        "nodes": tree.opened_to(opened),
        "opened": opened,
        "words": words,
        "hits": [] if len(hits) == 1 else [_shown(hit, tree) for hit in hits],
        "found_none": bool(words) and not hits,
        "day": tree.day,
        "day_text": day_text,
        "day_is_wrong": bool(day_text) and tree.day is None and not _is_today(day_text),
        "today": timezone.localdate(),
        "may_manage": bool(paths_of(user, MANAGES)),
        "query": query_of(tree),
    }
    return desk_page(request, model_admin, "surveys/desk/tree.html", context)


def tree_level(request: HttpRequest, unit_id: int) -> HttpResponse:
    """What stands right below a unit, for the page to hang in; ``dari`` goes on."""
    tree, _day_text = tree_of(request)
    if tree.find(unit_id) is None:
        raise Http404
    start = max(0, _number(request.GET.get("dari", "")) or 0)
    nodes, n_more = tree.children_of(unit_id, start)
    context = {
        "nodes": nodes,
        "parent_pk": unit_id,
        "n_more": n_more,
        "next_start": start + len(nodes),
        "query": query_of(tree),
    }
    return render(request, "surveys/desk/tree_level.html", context)


def found_units(request: HttpRequest) -> HttpResponse:
    """Options for a field that takes a unit's code; the name tells them apart."""
    words = str(next(iter(request.GET.values()), "")).strip()
    tree = Tree(paths_of(cast(User, request.user), MANAGES))
    hits = tree.search(words)[:FOUND_AT_ONCE] if len(words) > 1 else []
    return render(request, "surveys/desk/unit_options.html", {"hits": hits})


def tree_of(request: HttpRequest) -> tuple[Tree, str]:
    """The tree for this reader on the day that was asked for, and that day as typed."""
    day_text = request.GET.get("tanggal", "").strip()
    paths = paths_of(cast(User, request.user), DESK)
    day = _day(day_text)
    return Tree(paths, None if day == timezone.localdate() else day), day_text


def query_of(tree: Tree) -> str:
    """What every link of the tree carries along."""
    return urlencode(_asked(tree))


def _asked(tree: Tree, **more: str) -> dict[str, str]:
    return {**more, **({"tanggal": tree.day.isoformat()} if tree.day else {})}


def _day(text: str) -> date | None:
    try:
        return parse_date(text)
    except ValueError:
        return None


def _is_today(text: str) -> bool:
    return _day(text) == timezone.localdate()


def _number(text: str) -> int | None:
    return int(text) if text.isdecimal() and len(text) < 16 else None


def _shown(hit: Hit, tree: Tree) -> dict[str, Any]:
    node: Node = hit.node
    query = urlencode(_asked(tree, buka=str(node.pk)))
    url = f"{reverse('admin:surveys_unitkerja_tree')}?{query}"
    return {"node": node, "above": hit.above, "url": f"{url}#unit-{node.pk}"}


# --- the tree as a file --------------------------------------------------------------


class _Echo:
    """A file for ``csv.writer`` that hands the line back."""

    def write(self, line: str) -> str:
        return line


def download(request: HttpRequest) -> StreamingHttpResponse:
    """The reader's part of the tree as a file that the import takes back."""
    user = cast(User, request.user)
    paths = paths_of(user, DESK)
    units = UnitKerja.objects.filter(under(paths, "path")).select_related("parent")
    writer = csv.writer(_Echo())
    rows = table_of(_row(unit) for unit in units.order_by("path").iterator())
    lines = (writer.writerow(row) for row in rows)
    response = StreamingHttpResponse(_with_mark(lines), content_type="text/csv")
    name = f"unit-kerja-{timezone.localdate():%Y-%m-%d}.csv"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _with_mark(lines: Iterator[str]) -> Iterator[str]:
    """Excel takes a file for UTF-8 only if it begins with this."""
    yield "\ufeff"
    yield from lines


def _row(unit: UnitKerja) -> UnitRow:
    return UnitRow(
        code=unit.code,
        name=unit.name,
        acronym=unit.acronym,
        level=unit.level,
        kind=unit.kind,
        parent_code=unit.parent.code if unit.parent else "",
        valid_from=unit.valid_from,
        valid_to=unit.valid_to,
    )
