"""``/api/v1/``: the router, the shape of pages and the shape of errors.

The apps bring their views and know nothing of this; here they get one way of paging
(``StatedPages``) and one shape of error (``problem``, after RFC 9457).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError as WrongValue
from django.db import DataError
from django.http import Http404, HttpResponseBase, JsonResponse
from django.urls import path, re_path
from django.utils.translation import gettext as _
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.openapi import AutoSchema
from oauth2_provider.settings import oauth2_settings
from rest_framework.exceptions import APIException, NotFound, ValidationError
from rest_framework.pagination import CursorPagination
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.settings import APISettings
from rest_framework.settings import api_settings as defaults
from rest_framework.views import APIView, exception_handler

from awards.api import WaveRanking
from scoring.api import SCOPE, Results, Waves

PROBLEM = "application/problem+json"
LARGEST_PAGE = 1000


class StatedPages(CursorPagination):
    """Pages by cursor. Their size is stated, and never smaller than was asked for."""

    page_size = 100
    page_size_query_param = "page_size"

    def get_page_size(self, request: Request) -> int:
        """The size asked for; one that we cannot give is refused, not cut."""
        asked = request.query_params.get("page_size", str(self.page_size))
        is_short = asked.isascii() and len(asked) <= len(str(LARGEST_PAGE))
        if not (is_short and asked.isdecimal() and 1 <= int(asked) <= LARGEST_PAGE):
            why = _("Isi dengan bilangan 1 sampai %(n)d.") % {"n": LARGEST_PAGE}
            raise ValidationError({"page_size": [why]})
        return int(asked)

    def get_ordering(
        self, request: Request, queryset: Any, view: APIView
    ) -> tuple[str, ...]:
        """Each view says in what order its rows stand."""
        order: tuple[str, ...] = view.paging_order  # type: ignore[attr-defined]  # every paged view has it
        return order

    def get_paginated_response(self, data: Any) -> Response:
        return Response(
            {
                "page_size": self.get_page_size(self.request),
                "next": self.get_next_link(),
                "previous": self.get_previous_link(),
                "results": data,
            }
        )

    def paginate_queryset(
        self, queryset: Any, request: Request, view: APIView | None = None
    ) -> list[Any] | None:
        """One page; a cursor that we never gave out is refused."""
        self.request = request
        try:
            return super().paginate_queryset(queryset, request, view)
        except (NotFound, WrongValue, ValueError, DataError) as error:
            if self.cursor_query_param not in request.query_params:
                raise
            why = _("Pakai penunjuk dari `next` atau `previous`, tanpa diubah.")
            raise ValidationError({self.cursor_query_param: [why]}) from error


def problem(error: Exception, context: dict[str, Any]) -> Response | None:
    """Every refusal as problem details: a stable code, and a sentence in Indonesian."""
    answer = exception_handler(error, context)
    if answer is None:
        return None
    body = _body(answer.status_code, _code_of(error))
    if isinstance(error, ValidationError):
        body["errors"] = error.detail
    answer.data = body
    answer.content_type = PROBLEM
    return answer


def refusal(status: int, code: str) -> JsonResponse:
    """The same shape for a request that no view has seen."""
    return JsonResponse(_body(status, code), status=status, content_type=PROBLEM)


def _body(status: int, code: str) -> dict[str, Any]:
    return {
        "type": "about:blank",
        "title": _title(code),
        "status": status,
        "code": code,
    }


def _code_of(error: Exception) -> str:
    if isinstance(error, Http404):
        return "not_found"
    return error.default_code if isinstance(error, APIException) else "forbidden"


def _title(code: str) -> str:
    titles = {
        "not_found": _("Tidak ada, atau tidak terbuka untuk Anda."),
        "invalid": _("Ada isian yang tidak dapat dipakai."),
        "not_authenticated": _("Sertakan token yang masih berlaku, atau masuk dulu."),
        "authentication_failed": _("Token tidak dikenal atau sudah tidak berlaku."),
        "permission_denied": _("Token ini tidak mencakup hak yang diperlukan."),
        "method_not_allowed": _("Alamat ini hanya dapat dibaca (GET)."),
        "not_acceptable": _("Jawaban hanya tersedia sebagai JSON."),
        "throttled": _("Terlalu banyak permintaan. Coba lagi sebentar lagi."),
    }
    return titles.get(code, _("Permintaan ini tidak dapat dilayani."))


class ClientCredentials(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]  # untyped library
    """How a system gets in, for the OpenAPI document."""

    target_class = "oauth2_provider.contrib.rest_framework.OAuth2Authentication"
    name = "oauth2"
    priority = 1

    def get_security_definition(self, auto_schema: AutoSchema) -> dict[str, Any]:
        known: dict[str, Any] = oauth2_settings.SCOPES
        scopes = {name: str(text) for name, text in known.items()}
        flow = {"tokenUrl": "/api/token/", "scopes": scopes}
        return {"type": "oauth2", "flows": {"clientCredentials": flow}}

    def get_security_requirement(self, auto_schema: AutoSchema) -> dict[str, list[str]]:
        return {self.name: [SCOPE]}


class Nowhere(APIView):
    """An address under the API that means nothing, answered like all others."""

    permission_classes = (AllowAny,)
    schema = None

    def get(self, request: Request, **_rest: str) -> Response:
        raise Http404


_chosen: dict[str, Any] = {**settings.REST_FRAMEWORK, "EXCEPTION_HANDLER": problem}
_settings = APISettings(
    _chosen,  # type: ignore[arg-type]  # the stub asks for all settings, not for ours
    defaults.defaults,
    defaults.import_strings,
)


def _view(kind: type[APIView], **more: Any) -> Callable[..., HttpResponseBase]:
    return kind.as_view(settings=_settings, **more)


urlpatterns = [
    path("waves/", _view(Waves, pagination_class=StatedPages), name="api-waves"),
    path(
        "waves/<str:code>/results/",
        _view(Results, pagination_class=StatedPages),
        name="api-results",
    ),
    path("waves/<str:code>/ranking/", _view(WaveRanking), name="api-ranking"),
    re_path(r"^.*$", _view(Nowhere)),
]
