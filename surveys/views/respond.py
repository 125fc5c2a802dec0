"""The respondent's pages: one GET opens the form, one POST sends it.

No session, no user, no access log. The wave's ballot in the form is what protects the
POST against forgery from other sites, so these pages need no CSRF cookie.
"""

from __future__ import annotations

import secrets
from functools import cache, partial
from http import HTTPStatus
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse
from django.utils.datastructures import MultiValueDict
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET

from surveys.answering import attempts
from surveys.answering.forms import (
    ShownSection,
    Typed,
    input_name,
    left_out,
    naming,
    read_form,
    reason_in_words,
    shown_sections,
    spoken,
)
from surveys.answering.kiosk import IDLE_SECONDS
from surveys.answering.known_receipts import NotOpen, receipt_if_taken, wave_of_ballot
from surveys.answering.posted import BadBody, fields_of
from surveys.answering.responding import (
    Filled,
    HasLeft,
    UnknownCode,
    invitation_for,
    take_response,
)
from surveys.box import ballots, wave_secret
from surveys.box.wave_secret import SecretMissing
from surveys.instruments.authoring import sheet_of
from surveys.instruments.sheet import Sheet, SheetError, SheetQuestion, check_answers
from surveys.models import Wave
from surveys.views.pages import filled, not_stored, post_only
from surveys.views.pages import page as page
from surveys.views.refusals import Refused, paused, wants_json
from surveys.views.refusals import refusal as refusal

DEVICE = "perangkat"
BALLOT = "surat_suara"
CONFIRMED = "konfirmasi"
"""Pressed by whoever was told what is left out or masked, and sends it all the same."""


def device_of(request: HttpRequest) -> str:
    """The device's own random name, as far as it kept the cookie."""
    return request.COOKIES.get(DEVICE, "")[:64]


@not_stored
@require_GET
def open_form(request: HttpRequest, code: str) -> HttpResponse:
    """Promise and form of a personal link; writes nothing anywhere."""
    try:
        invitation = invitation_for(code)
    except (UnknownCode, NotOpen, SecretMissing) as error:
        return name_device(request, _not_opened(request, error))
    if invitation.has_answered:
        return receipt_page(
            request, invitation.wave, invitation.receipt, is_repeat=True
        )
    response = form_page(
        request, invitation.wave, invitation.sheet, invitation.ballot, invitation.layout
    )
    return name_device(request, response)


def _not_opened(request: HttpRequest, error: Refused) -> HttpResponse:
    """Only wrong codes are counted, and only those can become too many."""
    if isinstance(error, UnknownCode) and not isinstance(error, HasLeft):
        try:
            attempts.count(attempts.WRONG_CODES, device_of(request))
        except attempts.TooMany as too_many:
            error = too_many
    return refusal(request, error)


@cache
def _home() -> str:
    return reverse("respond:code")


def name_device(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """Give a device without a name a random one."""
    if DEVICE not in request.COOKIES:
        response.set_cookie(
            DEVICE,
            secrets.token_urlsafe(12),
            max_age=60 * 24 * 60 * 60,
            path=_home(),
            secure=request.is_secure(),
            httponly=True,
            samesite="Lax",
        )
    return response


@sensitive_post_parameters()
@not_stored
@csrf_exempt
@post_only("respond:code")
def send(request: HttpRequest) -> HttpResponse:
    """Take the form: a receipt, a refusal, or the form again.

    Again with what is wrong; and, as an answer is final, with what is left out and what
    will be masked. Scripts have shown their own page of that before.
    """
    try:
        return _take_or_ask(request, fields_of(request))
    except NotOpen as error:
        if error.wave.state == Wave.State.DRAFT:
            return paused(request)  # put back to a draft, and may be opened again
        return refusal(request, error)
    except (SecretMissing, ballots.BadBallot, BadBody) as error:
        return refusal(request, error)


def _take_or_ask(
    request: HttpRequest, fields: MultiValueDict[str, str]
) -> HttpResponse:
    ballot = fields.get(BALLOT) or ""
    wave = wave_of_ballot(ballot)
    typed = read_form(sheet_of(wave.instrument), fields)
    try:
        if wants_json(request) or CONFIRMED in fields:
            doubts = set()
        else:
            doubts = _doubts(wave, ballot, typed)
        if not doubts:
            taken = take_response(ballot=ballot, filled=_filled(request, typed))
            how = {"is_repeat": taken.is_repeat, "is_sent": True}
            return receipt_page(request, wave, taken.receipt, **how)
        form_again = partial(_form_to_confirm, doubts=doubts)
    except SheetError as error:
        if wants_json(request):
            return _errors_for_scripts(wave, error)
        form_again = partial(_form_with_errors, error=error)
    # What was sent is never shown again: also not to who goes back and posts it anew.
    if receipt := receipt_if_taken(ballot):
        return receipt_page(request, wave, receipt, is_repeat=True, is_sent=True)
    return form_again(request, wave, ballot, typed)


def _doubts(wave: Wave, ballot: str, typed: Typed) -> set[str]:
    """What is left out of a form that would be taken, and comments to be masked.

    BadBallot or SheetError if it would not be taken.
    """
    sheet = sheet_of(wave.instrument)
    doubts = left_out(sheet, typed.answers) | naming(sheet, typed).keys()
    if doubts:
        try:
            secret = wave_secret.read(wave)
        except SecretMissing:  # stands still or is sealed: sending says which
            return set()
        ballots.verify(secret, ballot)
        check_answers(sheet, typed.answers, typed.faults)
    return doubts


def _filled(request: HttpRequest, typed: Typed) -> Filled:
    return Filled(
        answers=typed.answers,
        comments=typed.comments,
        seconds=typed.seconds,
        faults=typed.faults,
        device=device_of(request),
        address=_address_of(request),
    )


def _address_of(request: HttpRequest) -> str:
    """The sender's, as far as proxies of our own vouch for it."""
    n_proxies: int = settings.ALLAUTH_TRUSTED_PROXY_COUNT
    told = request.headers.get("X-Forwarded-For", "").split(",")
    if 0 < n_proxies <= len(told):
        return told[-n_proxies].strip()
    return str(request.META.get("REMOTE_ADDR", ""))


def form_page(
    request: HttpRequest, wave: Wave, sheet: Sheet, ballot: str, layout: int
) -> HttpResponse:
    """Promise and empty questionnaire, in the order of the ballot's layout."""

    def context(ballot: str) -> dict[str, Any]:
        return _form_context(wave, ballot, shown_sections(sheet, layout))

    return filled(request, "promise_and_form", wave, (layout,), context, ballot)


def _errors_for_scripts(wave: Wave, error: SheetError) -> HttpResponse:
    """Sentences alone: nothing of what was posted."""
    found = _in_words(sheet_of(wave.instrument), error)
    words = {input_name(question): text for question, text in found}
    return JsonResponse({"errors": words}, status=HTTPStatus.UNPROCESSABLE_ENTITY)


def _form_with_errors(
    request: HttpRequest, wave: Wave, ballot: str, typed: Typed, error: SheetError
) -> HttpResponse:
    sheet = sheet_of(wave.instrument)
    layout = ballots.claimed_layout(ballot)
    sections = shown_sections(sheet, layout, typed, error.errors)
    wrong = [
        {"anchor": input_name(q), "label": spoken(q.label), "text": text}
        for q, text in _in_words(sheet, error)
    ]
    return _form_again(request, _form_context(wave, ballot, sections), errors=wrong)


def _form_to_confirm(
    request: HttpRequest, wave: Wave, ballot: str, typed: Typed, doubts: set[str]
) -> HttpResponse:
    sheet = sheet_of(wave.instrument)
    layout = ballots.claimed_layout(ballot)
    sections = shown_sections(sheet, layout, typed, naming(sheet, typed))
    questions = [question for section in sections for question in section.questions]
    found = [shown for shown in questions if shown.question.code in doubts]
    return _form_again(
        request,
        _form_context(wave, ballot, sections),
        missing=[shown for shown in found if shown.kind != "comment"],
        named=[shown for shown in found if shown.kind == "comment"],
        n_asked=sum(section.n_asked for section in sections),
    )


def _form_again(
    request: HttpRequest, context: dict[str, Any], **why: object
) -> HttpResponse:
    """With everything typed, on one page without scripts; a kiosk soon empties it."""
    context |= {"is_again": True, "unscripted_seconds": IDLE_SECONDS, **why}
    return page(request, "promise_and_form", context, HTTPStatus.UNPROCESSABLE_ENTITY)


def _in_words(sheet: Sheet, error: SheetError) -> list[tuple[SheetQuestion, str]]:
    """The questions with something wrong, each with its sentence."""
    wrong = [q for q in sheet.questions if q.code in error.errors]
    return [(q, reason_in_words(error.errors[q.code], q)) for q in wrong]


def _form_context(
    wave: Wave, ballot: str, sections: list[ShownSection]
) -> dict[str, Any]:
    return {
        "wave": wave,
        "ballot": ballot,
        "promise_digest_short": ballots.in_groups(wave.promise_digest[:8].upper()),
        "sections": sections,
        "n_questions": sum(section.n_asked for section in sections),
    }


def receipt_page(
    request: HttpRequest,
    wave: Wave,
    receipt: str,
    *,
    is_repeat: bool = False,
    is_sent: bool = False,
) -> HttpResponse:
    """The receipt, the same to every phone; said when it was given before.

    ``is_sent``: something was just filled in, which may not be what was taken.
    """
    is_extra = is_repeat and is_sent
    number = ballots.in_groups(receipt)
    if wants_json(request):
        is_sealed = wave.state in (Wave.State.SEALING, Wave.State.SEALED)
        return JsonResponse(
            {"receipt": number, "is_repeat": is_repeat, "is_sealed": is_sealed}
        )

    def context(number: str) -> dict[str, Any]:
        proof_url = reverse("proof")
        return {
            "receipt": number,
            "is_repeat": is_repeat,
            "is_extra": is_extra,
            "proof_url": proof_url,
        }

    return filled(request, "receipt", wave, (is_repeat, is_extra), context, number)
