"""Acts that are recorded of themselves: their rows are lines of the history.

Printing links, and what was done with one person's data. Nobody's line says whose: the
seat in ``PersonalDataAct`` is not read here.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db.models import (
    DateTimeField,
    F,
    Func,
    Q,
    QuerySet,
    TextField,
    UUIDField,
    Value,
)
from django.db.models.functions import Cast, JSONObject, LPad
from django.http import HttpRequest
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from surveys.models import LinkPrinting, PersonalDataAct, User
from surveys.staff.permissions import DESK, MANAGES, paths_of, touched, under
from surveys.staff.recorded import WAVE, Kept, keep

NOTED = "noted"

DAY_END = Func(
    Value(settings.TIME_ZONE),
    F("happened_on") + Value(timedelta(days=1, seconds=-1)),
    function="timezone",
    output_field=DateTimeField(),
)
"""Where only the day was kept: its last second, so that no filter leaves it out."""

OWN = Cast(LPad(Cast("pk", TextField()), 32, Value("0")), UUIDField())
"""A context of its own for each row: two acts of one day are two lines."""


@dataclass(frozen=True)
class Noted(Kept):
    """A model whose rows are acts: ``says`` what was done, to how many."""

    at: Any = None
    says: Callable[[Any], str] = str
    readers: tuple[str, ...] = ()
    within: Callable[[list[str]], Q] = Q
    is_dated: bool = False

    @property
    def events(self) -> QuerySet[Any]:
        return self.model._default_manager.annotate(
            pgh_created_at=self.at,
            pgh_context_id=OWN,
            pgh_label=Value(NOTED),
            pgh_context=JSONObject(who="operator", reason="reason"),
        )

    def readable(self, request: HttpRequest) -> QuerySet[Any] | None:
        """The acts this reader may see; None where there can be none."""
        user = request.user
        paths = paths_of(user, self.readers) if isinstance(user, User) else []
        return self.events.filter(self.within(paths)) if paths else None


def _links(row: LinkPrinting) -> str:
    words = ngettext("%(n)s tautan · %(wave)s", "%(n)s tautan · %(wave)s", row.n_links)
    return words % {"n": _number(row.n_links), "wave": row.wave}


def _people(row: PersonalDataAct) -> str:
    n = row.n_people
    several = ngettext("%(n)s orang", "%(n)s orang", n) % {"n": _number(n)}
    whom = _("satu orang") if n == 1 else several
    return f"{row.get_kind_display()} · {whom} · {row.wave}"


def _number(n: int) -> str:
    return number_format(n, force_grouping=True)


keep(
    Noted(
        "surveys.LinkPrinting",
        WAVE,
        "wave",
        at=F("printed_at"),
        says=_links,
        readers=DESK,
        within=lambda paths: touched(paths, "wave__"),
    ),
    # A reason may speak of the person: for those who may open the person's page.
    Noted(
        "surveys.PersonalDataAct",
        WAVE,
        "wave",
        at=DAY_END,
        says=_people,
        readers=MANAGES,
        within=lambda paths: under(paths, "wave__root__path"),
        is_dated=True,
    ),
)
