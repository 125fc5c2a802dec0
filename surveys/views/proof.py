"""``/bukti/``: is the answer with this receipt in the sealed box?

The receipt is posted, so that it stands in no address and no log; what is downloaded
does not hold it either.
"""

from __future__ import annotations

from http import HTTPStatus

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from surveys.answering.posted import BadBody, fields_of, shown_again
from surveys.box import ballots
from surveys.box.proofs import (
    Proof,
    document_of,
    find_proof,
    sealed_boxes,
    unsealed_boxes,
)
from surveys.views.pages import page, post_only
from surveys.views.refusals import refusal

FIELD = "tanda_terima"
BOXES_ON_THE_PAGE = 20


@sensitive_post_parameters()
@never_cache
@csrf_exempt
@require_http_methods(["GET", "POST"])
def proof(request: HttpRequest) -> HttpResponse:
    """The roots of the sealed boxes, and whether one of them holds this receipt."""
    if request.method == "GET":
        boxes = sealed_boxes()[:BOXES_ON_THE_PAGE]
        return page(request, "proof", {"boxes": boxes})
    try:
        typed = _typed(request)
    except BadBody as error:
        return refusal(request, error)
    receipt = ballots.normalise(typed[:60])
    if len(receipt) != ballots.RECEIPT_LENGTH:
        return _mistyped(request, typed)
    found = find_proof(receipt)
    if found is None:
        return _unknown(request, typed)
    return _counted(request, receipt, found)


@sensitive_post_parameters()
@never_cache
@csrf_exempt
@post_only("proof")
def download(request: HttpRequest) -> HttpResponse:
    """The proof as a file, to be checked without us."""
    try:
        typed = _typed(request)
    except BadBody as error:
        return refusal(request, error)
    receipt = ballots.normalise(typed[:60])
    if len(receipt) != ballots.RECEIPT_LENGTH:
        return _mistyped(request, typed)
    found = find_proof(receipt)
    if found is None:
        return _unknown(request, typed)
    name = f"bukti-{found.wave.code}.json"
    response = JsonResponse(document_of(found), json_dumps_params={"indent": 1})
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _typed(request: HttpRequest) -> str:
    return fields_of(request).get(FIELD) or ""


def _mistyped(request: HttpRequest, typed: str) -> HttpResponse:
    error = _("Tanda terima terdiri dari enam belas huruf dan angka.")
    context = {"error": error, "typed": shown_again(typed)}
    return page(request, "proof", context, HTTPStatus.BAD_REQUEST)


def _unknown(request: HttpRequest, typed: str) -> HttpResponse:
    context = {
        "outcome": "unknown",
        "typed": shown_again(typed),
        "unsealed": unsealed_boxes()[:BOXES_ON_THE_PAGE],
    }
    return page(request, "proof", context, HTTPStatus.NOT_FOUND)


def _counted(request: HttpRequest, receipt: str, found: Proof) -> HttpResponse:
    context = {
        "outcome": "counted",
        "wave": found.wave,
        "proof": found,
        "receipt": ballots.in_groups(receipt),
    }
    return page(request, "proof", context)
