"""The respondent's pages: one GET opens the form, one POST sends it.

No session, no user, no access log. The wave's ballot in the form is what protects the
POST against forgery from other sites, so these pages need no CSRF cookie.
"""

from __future__ import annotations

import secrets
from http import HTTPStatus
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views import View
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_POST

from surveys import ballots
from surveys.authoring import sheet_of
from surveys.forms import Typed, read_form, reason_in_words, shown_sections
from surveys.models import Wave
from surveys.responding import (
    Filled,
    NotOpen,
    UnknownCode,
    invitation_for,
    submit_response,
    wave_of_ballot,
)
from surveys.sheet import Sheet, SheetError
from surveys.wave_secret import SecretMissing

DEVICE = "perangkat"
BALLOT = "surat_suara"


def page(
    request: HttpRequest,
    name: str,
    context: dict[str, Any] | None = None,
    status: HTTPStatus = HTTPStatus.OK,
) -> HttpResponse:
    """A respondent page from ``templates/surveys/respond/``."""
    context = context or {}
    wave = context.get("wave")
    context.setdefault("is_simulated", bool(wave and wave.is_simulated))
    name = f"surveys/respond/{name}.html"
    response = render(request, name, context, status=status)
    # The address holds a personal code: it must reach no other page.
    response["Referrer-Policy"] = "no-referrer"
    return response


def refusal(request: HttpRequest, error: Exception) -> HttpResponse:
    """The plain page that fits a refusal."""
    if isinstance(error, UnknownCode):
        return page(request, "unknown_code", status=HTTPStatus.NOT_FOUND)
    if isinstance(error, NotOpen):
        is_draft = error.wave.state == Wave.State.DRAFT
        name = "not_open" if is_draft else "closed"
        return page(request, name, {"wave": error.wave}, HTTPStatus.GONE)
    if isinstance(error, SecretMissing):
        return page(request, "paused", status=HTTPStatus.SERVICE_UNAVAILABLE)
    reason = _("Formulir ini tidak berasal dari tautan survei yang kami kenali.")
    return page(request, "refused", {"reason": reason}, HTTPStatus.BAD_REQUEST)


@method_decorator([never_cache, csrf_exempt], name="dispatch")
class EnterCode(View):
    """Typing the code by hand."""

    def get(self, request: HttpRequest) -> HttpResponse:
        return page(request, "code")

    def post(self, request: HttpRequest) -> HttpResponse:
        code = ballots.normalise(request.POST.get("kode", "")[:40])
        if len(code) != ballots.CODE_LENGTH:
            error = _("Kode terdiri dari dua belas huruf dan angka.")
            return page(request, "code", {"error": error}, HTTPStatus.BAD_REQUEST)
        return HttpResponseRedirect(reverse("respond:open", args=[code]))


@never_cache
@require_GET
def open_form(request: HttpRequest, code: str) -> HttpResponse:
    """Promise and form of a personal link; writes nothing anywhere."""
    try:
        invitation = invitation_for(code)
    except (UnknownCode, NotOpen, SecretMissing) as error:
        return refusal(request, error)
    if invitation.has_answered:
        return receipt_page(
            request, invitation.wave, invitation.receipt, is_repeat=True
        )
    response = form_page(
        request, invitation.wave, invitation.sheet, invitation.ballot, invitation.layout
    )
    if DEVICE not in request.COOKIES:
        _name_device(request, response)
    return response


def _name_device(request: HttpRequest, response: HttpResponse) -> None:
    response.set_cookie(
        DEVICE,
        secrets.token_urlsafe(12),
        max_age=60 * 24 * 60 * 60,
        path=reverse("respond:code"),
        secure=request.is_secure(),
        httponly=True,
        samesite="Lax",
    )


@sensitive_post_parameters()
@never_cache
@csrf_exempt
@require_POST
def send(request: HttpRequest) -> HttpResponse:
    """Take the form: a receipt, the form again with what is wrong, or a refusal."""
    ballot = request.POST.get(BALLOT, "")
    try:
        wave = wave_of_ballot(ballot)
        sheet = sheet_of(wave.instrument)
        typed = read_form(sheet, request.POST)
        filled = Filled(
            answers=typed.answers,
            comments=typed.comments,
            device=request.COOKIES.get(DEVICE, "")[:64],
            address=request.META.get("REMOTE_ADDR", ""),
        )
        receipt = submit_response(ballot=ballot, filled=filled)
    except SheetError as error:
        return form_page(
            request, wave, sheet, ballot, ballots.claimed_layout(ballot), typed, error
        )
    except (NotOpen, SecretMissing, ballots.BadBallot) as error:
        return refusal(request, error)
    return receipt_page(request, wave, receipt)


def form_page(
    request: HttpRequest,
    wave: Wave,
    sheet: Sheet,
    ballot: str,
    layout: int,
    typed: Typed | None = None,
    error: SheetError | None = None,
) -> HttpResponse:
    """The whole questionnaire, with what was filled in and what is wrong with it."""
    wrong = error.errors if error else {}
    context = {
        "wave": wave,
        "ballot": ballot,
        "promise_digest_short": ballots.in_groups(wave.promise_digest[:8].upper()),
        "sections": shown_sections(sheet, layout, typed, wrong),
        "n_questions": len(sheet.questions),
        "errors": [
            {
                "anchor": f"q-{question.code}",
                "text": reason_in_words(wrong[question.code]),
            }
            for question in sheet.questions
            if question.code in wrong
        ],
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if error else HTTPStatus.OK
    return page(request, "promise_and_form", context, status)


def receipt_page(
    request: HttpRequest, wave: Wave, receipt: str, *, is_repeat: bool = False
) -> HttpResponse:
    context = {
        "wave": wave,
        "receipt": ballots.in_groups(receipt),
        "is_repeat": is_repeat,
        "proof_url": reverse("proof"),
    }
    return page(request, "receipt", context)
