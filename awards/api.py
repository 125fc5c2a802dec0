"""The ranking of a wave's units, for other systems."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from awards.permissions import ranking_in
from awards.standings import Place, Ranking
from scoring.api import (
    MayRead,
    RunSerializer,
    Score,
    answers,
    chosen,
    demand_known,
    reader_for,
)
from scoring.plan import INDEX
from scoring.results.reading import readable_wave


class PlaceSerializer(serializers.Serializer[Place]):
    """One unit; where ``rank`` is empty the unit is not ranked, and ``reason`` why."""

    unit_code = serializers.CharField(source="unit.code")
    unit_name = serializers.CharField(source="unit.name")
    level = serializers.CharField(source="unit.level")
    rank = serializers.IntegerField(source="standing.rank", allow_null=True)
    rank_lower = serializers.IntegerField(source="standing.rank_lower", allow_null=True)
    rank_upper = serializers.IntegerField(source="standing.rank_upper", allow_null=True)
    is_tied = serializers.BooleanField(source="standing.is_tied")
    is_in_first_set = serializers.BooleanField(source="standing.is_in_first_set")
    n = serializers.IntegerField(source="score.n", allow_null=True, default=None)
    frame = serializers.IntegerField(
        source="score.frame", allow_null=True, default=None
    )
    response_rate = Score(source="score.response_rate", default=None)
    score = Score(source="score.score", default=None)
    se_model = Score(source="score.se_model", default=None)
    lower = Score(source="score.lower", default=None)
    upper = Score(source="score.upper", default=None)
    band = serializers.CharField(source="score.band", default="")
    reason = serializers.CharField(source="standing.reason")


class RankingSerializer(serializers.Serializer[Ranking]):
    """A whole ranking, best first, then the units that are not ranked."""

    wave = serializers.CharField(source="run.wave.code")
    level = serializers.CharField()
    dimension = serializers.CharField(source="measure.code")
    intervals = serializers.ChoiceField(
        ["simultaneous", "marginal", "none"],
        help_text="selang peringkat: berlaku bersama, sendiri-sendiri, atau tidak ada",
    )
    run = RunSerializer()
    results = PlaceSerializer(source="places", many=True)


class WaveRanking(APIView):
    """The units of one level in order."""

    permission_classes = (MayRead,)

    @extend_schema(
        operation_id="ranking",
        parameters=[
            OpenApiParameter(
                "level", str, description="Tingkat unit; bila kosong, yang bersaing."
            ),
            OpenApiParameter(
                "dimension", str, description="Kode dimensi; bila kosong `index`."
            ),
        ],
        description="Peringkat unit satu tingkat beserta selang peringkat 95 %."
        " Hanya bila hasil semua unit di tingkat itu boleh dibaca.",
        responses=answers(RankingSerializer),
        tags=["Peringkat"],
    )
    def get(self, request: Request, code: str) -> Response:
        """The whole ranking, if all of it may be read."""
        asked: dict[str, Any] = chosen(request, "level", "dimension", is_paged=False)
        reading = readable_wave(reader_for(request), code)
        demand_known(reading, asked)
        ranking = ranking_in(
            reading, asked.get("dimension", INDEX), asked.get("level", "")
        )
        return Response(RankingSerializer(ranking).data)
