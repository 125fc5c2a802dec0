"""Reading the history: one line for everything that one act did to one kind of thing.

An act is what was written at one moment in one context. A load of fifty thousand units
is one line here, and its fifty thousand rows are a page of their own.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.core.exceptions import ObjectDoesNotExist
from django.db.models import Count, Min, Model, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models import ForeignKey as ForeignKeyField
from django.http import HttpRequest
from django.utils.translation import gettext as _

from surveys.staff.change_words import HIDDEN, in_words, name_of
from surveys.staff.noted import NOTED, Noted
from surveys.staff.recorded import Kept, all_kept

MOMENT, CONTEXT = "pgh_created_at", "pgh_context_id"


@dataclass(frozen=True)
class Asked:
    """What the reader wants to see of the history."""

    who: str = ""
    what: str = ""
    since: datetime | None = None
    about: tuple[str, object] | None = None


@dataclass
class Act:
    """One line: when, by whom, why, what was done to how many of what."""

    kept: Kept
    label: str
    at: datetime
    context_id: UUID | None
    n: int
    first: int
    context: dict[str, Any] = field(default_factory=dict)
    name: str = ""
    changes: list[tuple[str, str, str]] = field(default_factory=list)

    @property
    def who(self) -> str:
        """A name; the clock is called the system, and nothing known is said so."""
        if who := self.context.get("who"):
            return str(who)
        return _("Sistem") if self.context else _("Tidak diketahui")

    @property
    def via(self) -> str:
        """The door through which it came; an act that is its own record keeps none."""
        if self.label == NOTED:
            return ""
        via = str(self.context.get("via", ""))
        if via.startswith("/desk/"):
            return _("meja pengelola")
        if via.startswith("/akun/"):
            return _("halaman akun")
        if via.startswith("/"):
            return _("halaman web")
        if via.startswith("manage.py"):
            return via
        return _("terjadwal") if via else _("langsung di basis data")

    @property
    def reason(self) -> str:
        return str(self.context.get("reason", ""))

    @property
    def did(self) -> str:
        """``diubah``, ``ditambahkan``, ``dihapus``; nothing where the name says it."""
        words = {"insert": _("ditambahkan"), "delete": _("dihapus"), NOTED: ""}
        return words.get(self.label, _("diubah"))

    @property
    def is_dated(self) -> bool:
        """Whether only its day is known."""
        return isinstance(self.kept, Noted) and self.kept.is_dated

    @property
    def kind(self) -> str:
        return str(self.kept.model._meta.verbose_name)


def readable(
    request: HttpRequest, asked: Asked
) -> Iterator[tuple[Kept, QuerySet[Any]]]:
    """Each kind of thing with the events of it that are asked for and may be read."""
    for kept in all_kept():
        if asked.what and asked.what != kept.label:
            continue
        about = kept.about(*asked.about) if asked.about else Q()
        rows = None if about is None else kept.readable(request)
        if rows is None or about is None:
            continue
        if asked.since:
            rows = rows.filter(pgh_created_at__gte=asked.since)
        if asked.who:
            rows = rows.filter(pgh_context__who__icontains=asked.who)
        yield kept, rows.filter(about)


def acts(request: HttpRequest, asked: Asked, *, start: int, size: int) -> list[Act]:
    """The newest first; one more than ``size`` says that there is another page."""
    by_label = {kept.label: kept for kept in all_kept()}
    parts = [
        rows.order_by()
        .values(MOMENT, CONTEXT, "pgh_label")
        .annotate(n=Count("pk"), first=Min("pk"), kind=Value(kept.label))
        for kept, rows in readable(request, asked)
    ]
    if not parts:
        return []
    merged = parts[0].union(*parts[1:], all=True) if len(parts) > 1 else parts[0]
    page = merged.order_by(f"-{MOMENT}", "kind", "pgh_label", "-first")
    found = [
        Act(
            kept=by_label[row["kind"]],
            label=row["pgh_label"],
            at=row[MOMENT],
            context_id=row[CONTEXT],
            n=row["n"],
            first=row["first"],
        )
        for row in page[start : start + size + 1]
    ]
    tell(found)
    return found


def rows_of(request: HttpRequest, act: Act, *, start: int, size: int) -> list[Act]:
    """What one act did, row by row."""
    kept, rows = act.kept, act.kept.readable(request)
    if rows is None:
        return []
    same = rows.filter(
        **{MOMENT: act.at, CONTEXT: act.context_id, "pgh_label": act.label}
    )
    keys = same.order_by("pk").values_list("pk", flat=True)[start : start + size + 1]
    found = [
        Act(kept, act.label, act.at, act.context_id, n=1, first=key) for key in keys
    ]
    tell(found)
    return found


def act_at(request: HttpRequest, label: str, first: int) -> Act | None:
    """The act whose first event this is; None where this reader may not see it."""
    kept = next((one for one in all_kept() if one.label == label), None)
    rows = kept.readable(request) if kept else None
    event = rows.filter(pk=first).first() if rows is not None else None
    if kept is None or event is None:
        return None
    return Act(
        kept=kept,
        label=event.pgh_label,
        at=event.pgh_created_at,
        context_id=event.pgh_context_id,
        n=0,
        first=first,
        context=event.pgh_context or {},
    )


# --- what each line says -------------------------------------------------------------


def tell(found: Iterable[Act]) -> None:
    """Fill in who, why, and for single rows what changed; two queries per kind."""
    by_kind: dict[str, list[Act]] = {}
    for act in found:
        by_kind.setdefault(act.kept.label, []).append(act)
    for lines in by_kind.values():
        _tell_kind(lines[0].kept, lines)


def _tell_kind(kept: Kept, lines: list[Act]) -> None:
    if isinstance(kept, Noted):
        return _tell_noted(kept, lines)
    rows = kept.events.filter(pk__in=[act.first for act in lines])
    earlier = kept.events.filter(pgh_obj=OuterRef("pgh_obj"), pk__lt=OuterRef("pk"))
    before_id = Subquery(earlier.order_by("-pk").values("pk")[:1])
    events = {event.pk: event for event in rows.annotate(before_id=before_id)}
    before = kept.events.in_bulk([e.before_id for e in events.values() if e.before_id])
    single = [events[act.first] for act in lines if act.n == 1]
    related = _related(kept.model, [*single, *before.values()])
    for act in lines:
        event = events[act.first]
        act.context = event.pgh_context or {}
        if act.n == 1:
            act.name = _name(_as_it_was(kept.model, event, related))
            if act.label == "update":
                old = before.get(event.before_id)
                act.changes = _changes(kept.model, old, event, related)
    return None


def _tell_noted(kept: Noted, lines: list[Act]) -> None:
    rows = kept.events.select_related("wave").in_bulk([act.first for act in lines])
    for act in lines:
        act.context = rows[act.first].pgh_context
        act.name = kept.says(rows[act.first])


Related = dict[type[Model], dict[object, Model]]


def _fields(model: type[Model], event: Model) -> list[Any]:
    """Fields of the model that the event holds."""
    held = {f.name for f in event._meta.concrete_fields}
    return [f for f in model._meta.concrete_fields if f.name in held]


def _related(model: type[Model], events: list[Any]) -> Related:
    """Everything the events point to, one query per kind of it."""
    wanted: dict[type[Model], set[object]] = {}
    for event in events:
        for one in _fields(model, event):
            if isinstance(one, ForeignKeyField):
                target: Any = one.related_model
                wanted.setdefault(target, set()).add(getattr(event, one.attname))
    return {
        target: dict(target._default_manager.in_bulk(keys - {None}))
        for target, keys in wanted.items()
    }


def _as_it_was(model: type[Model], event: Model, related: Related) -> Model:
    """The object as the event holds it, so that it can say its own name."""
    held = _fields(model, event)
    was = model(**{one.attname: getattr(event, one.attname) for one in held})
    for one in held:
        if isinstance(one, ForeignKeyField):
            target: Any = one.related_model
            pointed = related.get(target, {}).get(getattr(event, one.attname))
            if pointed is not None:
                setattr(was, one.name, pointed)
    return was


def _name(was: Model) -> str:
    """What it called itself; its number where what it points to is gone as well."""
    try:
        return str(was)
    except ObjectDoesNotExist:
        return f"#{was.pk}"


def _changes(
    model: type[Model], old: Model | None, new: Model, related: Related
) -> list[tuple[str, str, str]]:
    """Each field that differs: its name, what it was, what it is."""
    found = []
    for one in _fields(model, new):
        was, now = getattr(old, one.attname, None), getattr(new, one.attname)
        if was != now and one.name not in HIDDEN:
            then = in_words(one, was, related) if old else "…"
            found.append((name_of(one), then, in_words(one, now, related)))
    return found
