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

from surveys import ballots
from surveys.proofs import Proof, document_of, find_proof, sealed_boxes
from surveys.views.pages import page, post_only

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
    receipt = _typed_receipt(request)
    if len(receipt) != ballots.RECEIPT_LENGTH:
        return _mistyped(request)
    found = find_proof(receipt)
    if found is None:
        return _unknown(request)
    return _counted(request, receipt, found)


@sensitive_post_parameters()
@never_cache
@csrf_exempt
@post_only("proof")
def download(request: HttpRequest) -> HttpResponse:
    """The proof as a file, to be checked without us."""
    receipt = _typed_receipt(request)
    if len(receipt) != ballots.RECEIPT_LENGTH:
        return _mistyped(request)
    found = find_proof(receipt)
    if found is None:
        return _unknown(request)
    name = f"bukti-{found.wave.code}.json"
    response = JsonResponse(document_of(found), json_dumps_params={"indent": 1})
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _typed_receipt(request: HttpRequest) -> str:
    return ballots.normalise(request.POST.get(FIELD, "")[:60])


def _mistyped(request: HttpRequest) -> HttpResponse:
    error = _("Tanda terima terdiri dari enam belas huruf dan angka.")
    return page(request, "proof", {"error": error}, HTTPStatus.BAD_REQUEST)


def _unknown(request: HttpRequest) -> HttpResponse:
    return page(request, "proof", {"outcome": "unknown"}, HTTPStatus.NOT_FOUND)


def _counted(request: HttpRequest, receipt: str, found: Proof) -> HttpResponse:
    context = {
        "outcome": "counted",
        "wave": found.wave,
        "proof": found,
        "receipt": ballots.in_groups(receipt),
    }
    return page(request, "proof", context)
