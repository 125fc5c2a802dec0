"""A unit with its code and its parent, so that nobody takes it for its namesake."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypeVar

from django.db.models import Model, Prefetch, QuerySet

from surveys.models import UnitKerja
from surveys.staff.permissions import under

Row = TypeVar("Row", bound=Model)


def placed(
    rows: QuerySet[Row], paths: Iterable[str], parent: str = "parent"
) -> QuerySet[Row]:
    """The rows, their units with the parents that lie in these subtrees.

    A foreign parent is not named: a unit below one seems to have none.
    """
    known = UnitKerja.objects.filter(under(paths, "path"))
    return rows.prefetch_related(Prefetch(parent, known))


def in_full(unit: UnitKerja) -> str:
    """``Biro Umum (01.03) · Sekretariat Jenderal``."""
    return f"{unit.name} ({unit.code}){_below(unit)}"


def place_of(unit: UnitKerja) -> str:
    """What its name leaves open: ``01.03 · Sekretariat Jenderal``."""
    return f"{unit.code}{_below(unit)}"


def _below(unit: UnitKerja) -> str:
    return f" · {unit.parent.name}" if unit.parent else ""
