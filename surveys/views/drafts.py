"""Half-filled forms on their way to another phone: put and got by scripts."""

from __future__ import annotations

import re
from http import HTTPStatus
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from surveys.answering import attempts
from surveys.answering.drafts import SIZE, draft_with, keep_draft
from surveys.answering.posted import BadBody, body_of
from surveys.views.refusals import refusal, told
from surveys.views.respond import device_of

CIPHERTEXT = "application/octet-stream"


@never_cache
@csrf_exempt
@require_http_methods(["GET", "PUT"])
def draft(request: HttpRequest, key: str) -> HttpResponse:
    """``key`` is 32 lower-case hexadecimal digits, derived from a key we never see."""
    if re.fullmatch("[0-9a-f]{32}", key) is None:
        raise Http404
    return _put(request, UUID(key)) if request.method == "PUT" else _get(UUID(key))


def _put(request: HttpRequest, key: UUID) -> HttpResponse:
    try:
        ciphertext = body_of(request, CIPHERTEXT)
        if len(ciphertext) != SIZE:
            raise BadBody(HTTPStatus.BAD_REQUEST)
        attempts.count(attempts.DRAFTS, device_of(request))
    except (BadBody, attempts.TooMany) as error:
        return refusal(request, error)
    keep_draft(key=key, ciphertext=ciphertext)
    return HttpResponse(status=HTTPStatus.NO_CONTENT)


def _get(key: UUID) -> HttpResponse:
    found = draft_with(key)
    if found is None:
        text = _("Isian ini tidak ada, atau masanya sudah lewat.")
        return told("unknown", text, HTTPStatus.NOT_FOUND)
    return HttpResponse(found, content_type=CIPHERTEXT)
