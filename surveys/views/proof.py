"""``/bukti/``: is the answer with this receipt in the sealed box?"""

from __future__ import annotations

from http import HTTPStatus

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from surveys import ballots
from surveys.proofs import find_proof
from surveys.views.respond import page


@never_cache
@csrf_exempt
@require_http_methods(["GET", "POST"])
def proof(request: HttpRequest) -> HttpResponse:
    """The receipt is posted, so that it stands in no address and no log."""
    if request.method == "GET":
        return page(request, "proof")
    typed = ballots.normalise(request.POST.get("tanda_terima", "")[:60])
    if len(typed) != ballots.RECEIPT_LENGTH:
        error = _("Tanda terima terdiri dari enam belas huruf dan angka.")
        return page(request, "proof", {"error": error}, HTTPStatus.BAD_REQUEST)
    found = find_proof(typed)
    if found is None:
        return page(request, "proof", {"outcome": "unknown"}, HTTPStatus.NOT_FOUND)
    return page(
        request, "proof", {"outcome": "counted", "wave": found.wave, "proof": found}
    )
