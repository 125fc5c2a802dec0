"""Two runs side by side: why they may differ, and where it shows.

Causes and counts are told to whoever computes. Scores are told to whoever may read
both runs, as far as they may read them; before both are open, to nobody here.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby
from typing import Any, cast

from django import forms
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.widgets import UnfoldAdminSelectWidget

from scoring.desk.releases import url_of_run
from scoring.differences import Change, causes, changed, scores_of
from scoring.models import ScoringRun
from scoring.permissions import reader_of
from scoring.plan import INDEX
from scoring.results.reading import Reading, reading_of_run
from scoring.scheme import round_half_up
from surveys.models import User
from surveys.views.desk import desk_page

UNITS_SHOWN = 200
STATES = {
    "shown": gettext_lazy("tampil"),
    "hidden": gettext_lazy("disembunyikan"),
    "absent": gettext_lazy("tidak ada"),
}


class RunField(forms.ModelChoiceField):  # type: ignore[type-arg]  # no generic at run time
    """Runs by number, wave, moment and method."""

    def label_from_instance(self, run: Any) -> str:
        return f"#{run.pk} · {run} · {run.scheme}"


class OtherForm(forms.Form):
    """The run that this one is compared with."""

    dengan = RunField(
        label=gettext_lazy("Bandingkan dengan"),
        queryset=ScoringRun.objects.none(),
        empty_label=None,
        widget=UnfoldAdminSelectWidget,
    )

    def __init__(self, others: QuerySet[ScoringRun], data: Any) -> None:
        super().__init__(data)
        cast(RunField, self.fields["dengan"]).queryset = others


def others_of(run: ScoringRun, mine: QuerySet[ScoringRun]) -> QuerySet[ScoringRun]:
    """Computed runs, among those this user sees, of the same organisation."""
    computed = mine.filter(state=ScoringRun.State.COMPUTED, wave__root=run.wave.root)
    return computed.exclude(pk=run.pk).order_by("-computed_at", "-pk")


def compare(
    request: HttpRequest,
    model_admin: Any,
    run: ScoringRun,
    mine: QuerySet[ScoringRun],
) -> HttpResponse:
    """This run against an earlier one; without a choice, the latest of its wave."""
    others = others_of(run, mine)
    form = OtherForm(others, request.GET if "dengan" in request.GET else None)
    was = form.cleaned_data["dengan"] if form.is_valid() else None
    if not form.is_bound:
        was = others.filter(wave=run.wave, pk__lt=run.pk).first() or others.first()
        form.initial["dengan"] = was and was.pk
    context = {
        "title": _("Apa yang berubah"),
        "original": run,
        "crumb": f"{run.wave} #{run.pk}",
        "run": run,
        "was": was,
        "form": form,
        "back": url_of_run(run),
    }
    if was is not None and run.state == ScoringRun.State.COMPUTED:
        context |= found_between(cast(User, request.user), was, run)
    return desk_page(request, model_admin, "scoring/desk/compare.html", context)


def found_between(user: User, was: ScoringRun, now: ScoringRun) -> dict[str, Any]:
    """Causes, how many units changed, and those whose scores this user may read."""
    before, after = (scores_of(each, is_private=False) for each in (was, now))
    found = changed(before, after)
    readings = [reading_of_run(reader_of(user), run) for run in (was, now)]
    sides = [
        _Side({unit for unit, _dimension in scores}, _names(reading))
        for scores, reading in zip((before, after), readings, strict=True)
    ]
    may_read = all(readings)
    rows = list(_readable(sides, found)) if may_read else []
    return {
        "causes": list(causes(was, now)),
        "n_units": len({change.unit for change in found}),
        "n_compared": len({unit for unit, _dimension in (*before, *after)}),
        "n_hidden": _turned(found, "hidden"),
        "n_shown": _turned(found, "shown"),
        "may_read": may_read,
        "rows": rows[:UNITS_SHOWN],
        "n_more": max(0, len(rows) - UNITS_SHOWN),
    }


def _turned(found: Iterable[Change], state: str) -> int:
    """Units whose index is in this state now, and was not before."""
    return sum(
        change.now.state == state != change.was.state
        for change in found
        if change.dimension == INDEX
    )


@dataclass(frozen=True)
class Row:
    """One unit: its index on both sides, and how many dimensions changed."""

    name: str
    index: Change | None
    n_dimensions: int

    @property
    def moved(self) -> str:
        """How far the index moved; however little, it is not told as nothing."""
        size = (self.index and self.index.size) or 0.0
        points = round_half_up(abs(size), 2)
        words = number_format(points, 2) if points else "< 0,01"
        return f"{'+' if size > 0 else '−'}{words}" if size else words

    @property
    def states(self) -> str:
        """How the index is shown, where that is not a number on both sides."""
        if self.index is None or self.index.size is not None:
            return ""
        was, now = STATES[self.index.was.state], STATES[self.index.now.state]
        return f"{was} → {now}"


@dataclass(frozen=True)
class _Side:
    """Units that one run scored, and the names of those open to the reader."""

    scored: set[str]
    names: Mapping[str, str]

    def is_open(self, code: str) -> bool:
        return code in self.names or code not in self.scored


def _names(reading: Reading | None) -> dict[str, str]:
    return {unit.code: str(unit) for unit in reading.units()} if reading else {}


def _readable(sides: list[_Side], found: list[Change]) -> Iterator[Row]:
    """Changed units that are open to the reader wherever they were scored."""
    names = {code: name for side in sides for code, name in side.names.items()}
    for code, group in groupby(found, key=lambda change: change.unit):
        if all(side.is_open(code) for side in sides):
            mine = list(group)
            index = next((each for each in mine if each.dimension == INDEX), None)
            n = sum(each.dimension != INDEX for each in mine)
            yield Row(names[code], index, n)
