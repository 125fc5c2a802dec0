"""The shared device: staff start it, colleagues type their codes, nothing stays."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from http import HTTPStatus
from typing import cast

from django.contrib.auth import logout
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods

from surveys.answering import kiosk, passes
from surveys.answering.attempts import TooMany
from surveys.answering.kiosk import Kiosk
from surveys.answering.known_receipts import NotOpen, receipt_if_taken
from surveys.answering.posted import BadBody, fields_of
from surveys.answering.responding import HasLeft, UnknownCode, invitation_for
from surveys.box import ballots
from surveys.box.wave_secret import SecretMissing
from surveys.models import User
from surveys.people.invitations import qr_svg
from surveys.views import entry, respond
from surveys.views.refusals import wants_json

JUST_SENT = "terkirim"

KioskView = Callable[[HttpRequest, Kiosk], HttpResponse]


# -- Staff -----------------------------------------------------------------------------


@never_cache
@login_required
@require_http_methods(["GET", "POST"])
def begin(request: HttpRequest) -> HttpResponse:
    """Start a kiosk here, which signs out, or show its address for another device."""
    waves = kiosk.waves_to_start(cast(User, request.user))
    if request.method == "GET":
        return render(request, "surveys/entry/kiosk_begin.html", {"waves": waves})
    wave = next((w for w in waves if w.code == request.POST.get("gelombang")), None)
    if wave is None:
        raise PermissionDenied
    started = kiosk.start(wave=wave)
    if "di_sini" in request.POST:
        logout(request)
        return HttpResponseRedirect(started.end_url)
    link = request.build_absolute_uri(started.start_url)
    context = {"wave": wave, "link": link, "qr": qr_svg(link)}
    return render(request, "surveys/entry/kiosk_started.html", context)


# -- Colleagues ------------------------------------------------------------------------


def _at_kiosk(view: KioskView) -> Callable[[HttpRequest, str], HttpResponse]:
    """The view of a kiosk that still runs; the page knows that nothing may stay."""

    @wraps(view)
    def wrapped(request: HttpRequest, token: str) -> HttpResponse:
        found = kiosk.kiosk_of(token)
        if found is None:
            return entry.page(request, "kiosk_over", status=HTTPStatus.GONE)
        request.kiosk = found  # type: ignore[attr-defined]  # read by kiosk_page
        return view(request, found)

    return never_cache(wrapped)


@csrf_exempt
@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
@_at_kiosk
def enter_code(request: HttpRequest, here: Kiosk) -> HttpResponse:
    """The resting page; a known code leads on, without standing in any address."""
    if request.method == "GET":
        return _code_page(request, here)
    try:
        code, wave = entry.read_code(request, device="")
    except entry.Mistyped as error:
        return _code_page(request, here, str(error))
    except (BadBody, TooMany, HasLeft, NotOpen, SecretMissing) as error:
        return respond.refusal(request, error)
    if wave.pk != here.wave.pk:
        return _code_page(request, here, entry.unknown_words())
    response = HttpResponseRedirect(here.form_url)
    passes.give(request, response, {here.wave.code: code}, here.start_url)
    return response


def _code_page(request: HttpRequest, here: Kiosk, error: str = "") -> HttpResponse:
    status = HTTPStatus.BAD_REQUEST if error else HTTPStatus.OK
    context = {"wave": here.wave, "error": error, "is_kiosk_start": True}
    return entry.page(request, "kiosk_code", context, status)


@require_GET
@_at_kiosk
def form(request: HttpRequest, here: Kiosk) -> HttpResponse:
    """The form of whoever typed a code, once it is sent its receipt, then the start."""
    code = passes.codes_of(request).get(here.wave.code)
    if code is None:
        return HttpResponseRedirect(here.start_url)
    try:
        found = invitation_for(code)
    except (UnknownCode, NotOpen, SecretMissing) as error:
        return respond.refusal(request, error)
    if not found.has_answered:
        return respond.form_page(
            request, found.wave, found.sheet, found.ballot, found.layout
        )
    is_repeat = JUST_SENT not in request.GET
    return _forget(
        here,
        respond.receipt_page(request, found.wave, found.receipt, is_repeat=is_repeat),
    )


@csrf_exempt
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
@_at_kiosk
def send(request: HttpRequest, here: Kiosk) -> HttpResponse:
    """As from any phone, without device and network; then the device forgets.

    The receipt is a page of its own. Who goes back through the browser's history and
    posts a form anew sees it again only if it is their own and not yet sent.
    """
    if request.method != "POST":
        return HttpResponseRedirect(here.start_url)
    code = passes.codes_of(request).get(here.wave.code)
    try:
        ballot = fields_of(request).get(respond.BALLOT) or ""
        if ballots.wave_named_by(ballot) != here.wave.pk:
            raise ballots.BadBallot
        if code is None and receipt_if_taken(ballot):
            return _start_anew(here)
    except (BadBody, ballots.BadBallot, NotOpen, SecretMissing) as error:
        return respond.refusal(request, error)
    response = respond.send(kiosk.anonymous(request))
    if response.status_code == HTTPStatus.UNPROCESSABLE_ENTITY:
        return response if _is_of(code, ballot) else _start_anew(here)
    if response.status_code == HTTPStatus.OK and code and not wants_json(request):
        return HttpResponseRedirect(f"{here.form_url}?{JUST_SENT}")
    return _forget(here, response)


def _is_of(code: str | None, ballot: str) -> bool:
    """Whether who typed this code filled this form; it comes back to nobody else."""
    try:
        own = invitation_for(code or "").receipt
    except (UnknownCode, NotOpen, SecretMissing):
        return False
    return own == ballots.claimed_receipt(ballot)


def _start_anew(here: Kiosk) -> HttpResponse:
    return _forget(here, HttpResponseRedirect(here.start_url))


def _forget(here: Kiosk, response: HttpResponse) -> HttpResponse:
    passes.take_back(response, here.start_url)
    return kiosk.forget(response)


@require_GET
@_at_kiosk
def end(request: HttpRequest, here: Kiosk) -> HttpResponse:
    """Forget whoever was here, and rest."""
    return _start_anew(here)
