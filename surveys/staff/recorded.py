"""Which history belongs to which page of the desk, and so who may read it.

A line of the history may be read by whoever may open the object it is about. Objects
that are gone leave a path behind; the subtree it lies in decides.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.contrib import admin
from django.db.models import Model, Q, QuerySet
from django.http import HttpRequest

from surveys.models import User
from surveys.staff.permissions import EVERYWHERE, paths_of, under


def nobody(paths: list[str]) -> Q:
    """Nothing that is gone."""
    return Q(pk__in=[])


def lying_in(field: str) -> Callable[[list[str]], Q]:
    """Events whose own path, or that of the unit they name, lies in the subtrees."""
    return lambda paths: under(paths, field)


@dataclass(frozen=True)
class Kept:
    """A recorded model; ``home`` is the list of the desk whose rights hold for it.

    ``leads`` goes from an event to the object of that list, ``beside`` from an event to
    another page that shows it as well.
    """

    label: str
    home: str = ""
    leads: str = "pgh_obj"
    gone: Callable[[list[str]], Q] = nobody
    beside: tuple[str, str] = ("", "")

    @property
    def model(self) -> type[Model]:
        return apps.get_model(self.label)

    @property
    def events(self) -> QuerySet[Any]:
        rows: QuerySet[Any] = self.model.pgh_event_model.objects.all()  # type: ignore[attr-defined]  # pghistory adds it
        return rows

    def readable(self, request: HttpRequest) -> QuerySet[Any] | None:
        """The events this reader may see; None where there can be none."""
        home = apps.get_model(self.home or self.label)
        if not admin.site.is_registered(home) or not isinstance(request.user, User):
            return None
        keeper: Any = admin.site.get_model_admin(home)
        paths = paths_of(request.user, keeper.reads)
        if EVERYWHERE in paths:
            return self.events
        if not paths:
            return None
        mine = keeper.get_queryset(request).order_by().values("pk")
        return self.events.filter(Q(**{f"{self.leads}__in": mine}) | self.gone(paths))

    def about(self, label: str, pk: object) -> Q | None:
        """Events that stand on the page of this object; None where none do."""
        if label == self.label:
            return Q(pgh_obj=pk)
        if label == self.beside[0]:
            return Q(**{self.beside[1]: pk})
        if label == self.home:
            return Q(**{self.leads: pk})
        return None


USER, INSTRUMENT, WAVE = "surveys.User", "surveys.Instrument", "surveys.Wave"

_kept: dict[str, Kept] = {}


def keep(*kept: Kept) -> None:
    """Add recorded models; apps to the left of this one bring their own."""
    _kept.update({one.label: one for one in kept})


def is_recorded(row: Model) -> bool:
    """Whether what happens to this row stands in the history."""
    return row._meta.label in _kept


def all_kept() -> list[Kept]:
    """Every recorded model, in the order of the filter."""
    return list(_kept.values())


keep(
    Kept(WAVE, gone=lying_in("root__path")),
    Kept("surveys.Batch", WAVE, "wave"),
    Kept("surveys.BatchUnit", WAVE, "wave"),
    Kept("surveys.Stratifier", WAVE, "wave"),
    Kept("surveys.Mailing", gone=lying_in("wave__root__path"), beside=(WAVE, "wave")),
    Kept(INSTRUMENT),
    Kept("surveys.Dimension", INSTRUMENT, "instrument"),
    Kept("surveys.Section", INSTRUMENT, "instrument"),
    Kept("surveys.Question", INSTRUMENT, "instrument"),
    Kept("surveys.Option", INSTRUMENT, "question__instrument"),
    Kept("surveys.UnitKerja", gone=lying_in("path")),
    Kept("surveys.Bridge", "surveys.UnitKerja", "unit"),
    Kept("surveys.BridgeEnd", "surveys.UnitKerja", "unit"),
    Kept(USER),
    Kept("surveys.Role", gone=lying_in("unit__path"), beside=(USER, "user")),
    Kept("surveys.StaffInvitation", USER, "user"),
    Kept("surveys.SecondFactor", USER, "user"),
)
