"""The page behind "berhenti diingatkan": one question, one button, nobody told."""

from __future__ import annotations

from http import HTTPStatus

from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from surveys.messages import opting_out
from surveys.views.entry import page


@csrf_exempt  # the signed link is the right to ask; mail programs send it by themselves
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def opt_out(request: HttpRequest, token: str) -> HttpResponse:
    """GET asks, for programs that follow every link; POST does it (RFC 8058)."""
    is_asked = request.method == "POST"
    find = opting_out.opt_out if is_asked else opting_out.wave_of
    wave = find(token=token)
    status = HTTPStatus.OK if wave else HTTPStatus.NOT_FOUND
    context = {"wave": wave, "is_done": is_asked and wave is not None}
    return page(request, "opt_out", context, status)
