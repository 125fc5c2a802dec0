"""Released results for other systems: waves, and the scores of one wave."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from django.db.models import F
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework import serializers
from rest_framework.exceptions import ValidationError
from rest_framework.generics import GenericAPIView
from rest_framework.permissions import BasePermission
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from scoring.composite import COMPOSITE, EVIDENCE
from scoring.models import PublishedScore, ScoringRun
from scoring.permissions import Reader, client_reader, reader_of
from scoring.plan import INDEX
from scoring.results.reading import Reading, readable_wave, readings
from scoring.results.unit_rows import measures_of
from scoring.votes import LIMITING
from surveys.models import Wave

SCOPE = "read"
SCORE_DECIMALS = 6
BESIDE = (COMPOSITE, EVIDENCE, LIMITING)
"""Outputs that are listed with the dimensions, and are never ranked."""

PAGING = (
    OpenApiParameter(
        "page_size",
        int,
        description="Banyak baris per halaman, 1 sampai 1000 (bila kosong 100). "
        "Permintaan di luar batas ditolak, tidak dipotong.",
    ),
    OpenApiParameter("cursor", str, description="Penunjuk halaman dari `next`."),
)


class MayRead(BasePermission):
    """A signed-in person, or a client whose token carries the scope ``read``."""

    def has_permission(self, request: Request, view: APIView) -> bool:
        token: Any = request.auth
        if token is not None:
            return bool(token.is_valid([SCOPE]))
        return bool(request.user and request.user.is_authenticated)


def reader_for(request: Request) -> Reader:
    """A token of client credentials has no user: its application's owner reads."""
    token: Any = request.auth
    if token is not None:
        return client_reader(token.application.user)
    return reader_of(request.user)


class Score(serializers.DecimalField):
    """A number as a string with six decimals, so that no reader rounds it."""

    def __init__(self, **options: Any) -> None:
        super().__init__(
            max_digits=None,
            decimal_places=SCORE_DECIMALS,
            coerce_to_string=True,
            allow_null=True,
            read_only=True,
            **options,
        )


class RunSerializer(serializers.Serializer[ScoringRun]):
    """How the numbers came to be; part of every answer that holds numbers."""

    scheme = serializers.CharField(source="scheme.code")
    scheme_name = serializers.CharField(source="scheme.name")
    scheme_version = serializers.CharField(source="scheme.version")
    scheme_digest = serializers.CharField(source="scheme.digest")
    result_digest = serializers.CharField()
    computed_at = serializers.DateTimeField()
    is_simulated = serializers.BooleanField(source="wave.is_simulated")
    source = serializers.ChoiceField(  # type: ignore[assignment]  # fields leave the class
        Wave.Source.choices, source="wave.source"
    )
    is_official = serializers.SerializerMethodField()
    note = serializers.SerializerMethodField()

    def get_is_official(self, run: ScoringRun) -> bool:
        return bool(run.scheme.document.get("official"))

    def get_note(self, run: ScoringRun) -> str:
        return str(run.scheme.document.get("note", {}).get("id", ""))


class WaveSerializer(serializers.Serializer[ScoringRun]):
    """A wave of which at least one unit may be read."""

    code = serializers.CharField(source="wave.code")
    name = serializers.CharField(source="wave.name")
    organisation_code = serializers.CharField(source="wave.root.code")
    organisation_name = serializers.CharField(source="wave.root.name")
    reference_date = serializers.DateField(source="wave.reference_date")
    competing_level = serializers.CharField(source="wave.competing_level")
    instrument = serializers.CharField(source="wave.instrument.code")
    instrument_version = serializers.IntegerField(source="wave.instrument.version")
    instrument_digest = serializers.CharField(source="wave.instrument.digest")
    run = RunSerializer(source="*")


class ResultSerializer(serializers.Serializer[PublishedScore]):
    """One unit on one dimension, or on ``index``; a hidden row is empty."""

    unit_code = serializers.CharField(source="unit.code")
    unit_name = serializers.CharField(source="unit.name")
    level = serializers.CharField(source="unit.level")
    parent_code = serializers.CharField(
        source="unit.parent.code", allow_null=True, default=None
    )
    dimension = serializers.CharField()
    n = serializers.IntegerField(allow_null=True)
    frame = serializers.IntegerField(allow_null=True)
    response_rate = Score(help_text="0 sampai 1")
    score = Score(help_text="0 sampai 100")
    se_fpc = Score()
    se_model = Score()
    lower = Score()
    upper = Score()
    favourable = Score(help_text="persen")
    band = serializers.CharField()
    is_hidden = serializers.BooleanField()
    reason = serializers.CharField(help_text="kosong bila ditampilkan")


class _Page(serializers.Serializer[Any]):
    page_size = serializers.IntegerField()
    next = serializers.URLField(allow_null=True)
    previous = serializers.URLField(allow_null=True)


class ProblemSerializer(serializers.Serializer[Any]):
    """Why a request was refused (RFC 9457); ``code`` never changes its meaning."""

    type = serializers.CharField()
    title = serializers.CharField()
    status = serializers.IntegerField()
    code = serializers.CharField()
    errors = serializers.DictField(  # type: ignore[assignment]  # fields leave the class
        child=serializers.ListField(child=serializers.CharField()), required=False
    )


def answers(page: type[serializers.Serializer[Any]]) -> dict[Any, Any]:
    """Every answer of an address, for the OpenAPI document."""
    refusals = {
        400: _("Ada isian yang tidak dapat dipakai."),
        401: _("Tanpa token yang berlaku."),
        403: _("Token tidak mencakup hak membaca."),
        404: _("Tidak ada, atau tidak terbuka untuk Anda."),
    }
    return {200: page} | {
        (status, "application/problem+json"): OpenApiResponse(ProblemSerializer, why)
        for status, why in refusals.items()
    }


class WavePage(_Page):
    results = WaveSerializer(many=True)


class ResultPage(_Page):
    wave = serializers.CharField()
    run = RunSerializer()
    results = ResultSerializer(many=True)


def chosen(request: Request, *names: str, is_paged: bool = True) -> dict[str, str]:
    """The filters that were asked for; one that we do not know is refused."""
    known = {*names, *(("page_size", "cursor") if is_paged else ())}
    unknown = sorted(set(request.query_params) - known)
    if unknown:
        raise ValidationError(
            {name: [_("Saringan ini tidak dikenal.")] for name in unknown}
        )
    return {name: value for name in names if (value := request.query_params.get(name))}


def demand_known(
    reading: Reading, asked: Mapping[str, str], beside: Collection[str] = ()
) -> None:
    """Refuse what means nothing to this reader, by the name of its parameter.

    A unit that they may not read is as unknown as one that does not exist. Of the
    outputs ``beside`` the dimensions, those are known that this run has.
    """
    units = reading.units()
    known = {
        "level": lambda code: units.filter(level=code).exists(),
        "unit": lambda code: units.filter(code=code).exists(),
        "dimension": lambda code: (
            reading.scores().filter(dimension=code).exists()
            if code in beside
            else is_measure(reading, code)
        ),
    }
    why = _("Nilai ini tidak dikenal di gelombang ini.")
    refused = {name: [why] for name, code in asked.items() if not known[name](code)}
    if refused:
        raise ValidationError(refused)


def is_measure(reading: Reading, code: str) -> bool:
    """The index, or a dimension that the run's scheme counts."""
    return code in {INDEX, *(measure.code for measure in measures_of(reading.run))}


class Waves(GenericAPIView[ScoringRun]):
    """Waves the asker may read, newest first."""

    permission_classes = (MayRead,)
    serializer_class = WaveSerializer
    paging_order = ("-reference_date", "code")

    @extend_schema(
        operation_id="waves",
        description="Gelombang yang boleh dibaca, yang terbaru lebih dulu.",
        parameters=list(PAGING),
        responses=answers(WavePage),
        tags=["Hasil"],
    )
    def get(self, request: Request) -> Response:
        """One page of waves."""
        chosen(request)
        runs = ScoringRun.objects.filter(
            pk__in=[reading.run.pk for reading in readings(reader_for(request))]
        )
        page: Any = self.paginate_queryset(
            runs.select_related("wave__root", "wave__instrument", "scheme").annotate(
                reference_date=F("wave__reference_date"), code=F("wave__code")
            )
        )
        return self.get_paginated_response(WaveSerializer(page, many=True).data)


class Results(GenericAPIView[PublishedScore]):
    """Released scores of one wave, by unit and dimension."""

    permission_classes = (MayRead,)
    serializer_class = ResultSerializer
    paging_order = ("unit_path", "dimension")

    @extend_schema(
        operation_id="results",
        parameters=[
            OpenApiParameter("level", str, description="Tingkat unit, mis. ESELON_I."),
            OpenApiParameter("unit", str, description="Kode satu unit."),
            OpenApiParameter(
                "dimension",
                str,
                description="Kode dimensi atau `index`; juga `composite`, `evidence`,"
                " atau `limiting` bila gelombang ini memilikinya.",
            ),
            *PAGING,
        ],
        description="Skor yang sudah dibuka dari satu gelombang, menurut unit dan"
        " dimensi. Baris tersembunyi kosong dan menyebut alasannya.",
        responses=answers(ResultPage),
        tags=["Hasil"],
    )
    def get(self, request: Request, code: str) -> Response:
        """One page of scores."""
        asked = chosen(request, "level", "unit", "dimension")
        reading = readable_wave(reader_for(request), code)
        demand_known(reading, asked, BESIDE)
        fields = {"level": "unit__level", "unit": "unit__code"}
        filters = {fields.get(name, name): value for name, value in asked.items()}
        page: Any = self.paginate_queryset(
            reading.scores()
            .filter(**filters)
            .select_related("unit__parent")
            .annotate(unit_path=F("unit__path"))
        )
        answer = self.get_paginated_response(ResultSerializer(page, many=True).data)
        answer.data = {
            "wave": reading.wave.code,
            "run": RunSerializer(reading.run).data,
            **answer.data,
        }
        return answer
