"""``/anugerah/``: the competing units of a wave in order, with what the data allow."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from awards.findings import ranking_finding, reason_in_words
from awards.permissions import ranked_waves, readable_ranking
from awards.standings import Place, Ranking, rankable
from scoring.permissions import reader_of
from scoring.plan import INDEX
from scoring.results.as_of import as_of
from scoring.results.cautions_on_ranks import measurement_caution
from scoring.results.charts import RankMark, rank_chart

PARAMETER = "menurut"


@never_cache
@require_safe
def waves(request: HttpRequest) -> HttpResponse:
    """Waves whose whole ranking this reader may see."""
    found = ranked_waves(reader_of(request.user))
    return render(request, "awards/waves.html", {"readable": found})


@never_cache
@require_safe
def ranking(request: HttpRequest, wave_code: str) -> HttpResponse:
    """The units of the competing level, by the index or by one dimension."""
    chosen = request.GET.get(PARAMETER, INDEX)
    reader = reader_of(request.user)
    found = readable_ranking(reader, wave_code, chosen)
    wave = found.run.wave
    context: dict[str, Any] = {
        "wave": wave,
        "is_simulated": wave.is_simulated,
        "ranking": found,
        "finding": ranking_finding(found),
        "choices": _choices(found),
        "caution": measurement_caution(reader, found.run),
        "chart_svg": _chart(found.ranked),
        "unranked": [
            {"unit": place.unit, "reason": reason_in_words(place.standing.reason)}
            for place in found.unranked
        ],
        "breadcrumb": [
            {"label": _("Peringkat"), "url": reverse("awards:waves")},
            {"label": wave.name, "url": ""},
        ],
        "as_of": as_of(found.run),
    }
    return render(request, "awards/ranking.html", context)


def _choices(found: Ranking) -> list[dict[str, Any]]:
    address = reverse("awards:ranking", args=[found.run.wave.code])
    return [
        {
            "name": measure.name,
            "url": address
            if measure.code == INDEX
            else f"{address}?{PARAMETER}={measure.code}",
            "is_chosen": measure == found.measure,
        }
        for measure in rankable(found.run)
    ]


def _chart(places: list[Place]) -> str:
    marks = [
        RankMark(
            rank=place.standing.rank,
            lower=place.standing.rank_lower,
            upper=place.standing.rank_upper,
            is_tied_first=place.standing.is_in_first_set,
        )
        for place in places
        if place.standing.rank
        and place.standing.rank_lower
        and place.standing.rank_upper
    ]
    return rank_chart(marks) if marks else ""
