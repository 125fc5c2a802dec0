"""Ways to the form beside the link: typed code, lost link, single sign-on."""

from __future__ import annotations

import re
from http import HTTPStatus
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views import View
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET

from surveys.answering import lost_links, passes, single_sign_on
from surveys.answering.attempts import WRONG_CODES, Limit, TooMany, count
from surveys.answering.known_receipts import NotOpen
from surveys.answering.posted import BadBody, fields_of, shown_again
from surveys.answering.responding import HasLeft, UnknownCode, invitation_for
from surveys.answering.single_sign_on import NotRecognised, Recognised
from surveys.box import ballots
from surveys.box.wave_secret import SecretMissing
from surveys.models import Wave
from surveys.views import respond

LOST_LINKS = Limit("lost-links", per_device=5, in_all=3_000)
SIGN_ONS = Limit("sign-ons", per_device=60, in_all=20_000)


def page(
    request: HttpRequest,
    name: str,
    context: dict[str, Any] | None = None,
    status: HTTPStatus = HTTPStatus.OK,
) -> HttpResponse:
    """A respondent page from ``templates/surveys/entry/``."""
    return respond.page(request, name, context, status, folder="entry")


def open_with(request: HttpRequest, code: str) -> HttpResponse:
    """The form behind a pass, the receipt if it was sent, or why there is neither."""
    try:
        invitation = invitation_for(code)
    except (UnknownCode, NotOpen, SecretMissing) as error:
        return respond.refusal(request, error)
    wave = invitation.wave
    if invitation.has_answered:
        return respond.receipt_page(request, wave, invitation.receipt, is_repeat=True)
    return respond.form_page(
        request, wave, invitation.sheet, invitation.ballot, invitation.layout
    )


# -- Typed code ------------------------------------------------------------------------


class Mistyped(Exception):
    """What was typed is no code of ours; says what to look at.

    ``typed`` is what may stand in the box again.
    """

    def __init__(self, sentence: str, typed: str) -> None:
        super().__init__(sentence)
        self.typed = typed


def read_code(request: HttpRequest, device: str) -> tuple[str, Wave]:
    """The typed code and its wave; only wrong ones are counted, against ``device``."""
    typed = fields_of(request).get("kode") or ""
    code = ballots.normalise(_without_address(typed[:200]))
    if len(code) != ballots.CODE_LENGTH:
        sentence = _("Kode terdiri dari dua belas huruf dan angka.")
        raise Mistyped(sentence, shown_again(typed))
    try:
        return code, invitation_for(code).wave
    except HasLeft:
        raise
    except UnknownCode as error:
        count(WRONG_CODES, device)
        raise Mistyped(unknown_words(), shown_again(typed)) from error


def _without_address(typed: str) -> str:
    """The code alone, where the whole personal link was pasted."""
    path = re.split(r"[?#]", typed, maxsplit=1)[0].strip()
    return path.rstrip("/").rpartition("/")[2][:40]


def unknown_words() -> str:
    """For a code of the right length that nobody here has."""
    return _("Kode ini tidak kami kenali. Periksa angka 0 dan huruf O, lalu coba lagi.")


@method_decorator(
    [never_cache, csrf_exempt, sensitive_post_parameters()], name="dispatch"
)
class EnterCode(View):
    """Typing the code by hand."""

    def get(self, request: HttpRequest) -> HttpResponse:
        return respond.name_device(request, respond.page(request, "code"))

    def post(self, request: HttpRequest) -> HttpResponse:
        try:
            code, _wave = read_code(request, respond.device_of(request))
        except Mistyped as error:
            context = {"error": str(error), "typed": error.typed}
            return respond.page(request, "code", context, HTTPStatus.BAD_REQUEST)
        except (BadBody, TooMany, HasLeft, NotOpen, SecretMissing) as error:
            return respond.refusal(request, error)
        return HttpResponseRedirect(reverse("respond:open", args=[code]))


# -- Lost link -------------------------------------------------------------------------


@method_decorator(
    [never_cache, csrf_exempt, sensitive_post_parameters()], name="dispatch"
)
class LostLink(View):
    """The same page, in the same time, whoever asks: nothing is looked up here."""

    def get(self, request: HttpRequest) -> HttpResponse:
        return respond.name_device(request, page(request, "lost_link"))

    def post(self, request: HttpRequest) -> HttpResponse:
        try:
            typed = (fields_of(request).get("siapa") or "").strip()
        except BadBody as error:
            return respond.refusal(request, error)
        if not typed or len(typed) > lost_links.LONGEST:
            status = HTTPStatus.BAD_REQUEST
            return page(request, "lost_link", {"is_wrong": True}, status)
        try:
            count(LOST_LINKS, respond.device_of(request))
        except TooMany as too_many:
            return respond.refusal(request, too_many)
        home = request.build_absolute_uri("/").rstrip("/")
        lost_links.ask(typed=typed, home=home, language=get_language() or "id")
        return page(request, "lost_link_asked")


# -- Single sign-on --------------------------------------------------------------------


@never_cache
@require_GET
def sign_on(request: HttpRequest) -> HttpResponse:
    """To the provider, or a page that says that there is none."""
    if not single_sign_on.is_offered():
        return page(request, "no_sign_on", status=HTTPStatus.NOT_FOUND)
    try:
        count(SIGN_ONS, respond.device_of(request))
        return single_sign_on.to_provider(request)
    except TooMany as error:
        return respond.refusal(request, error)
    except NotRecognised:
        return page(request, "sign_on_failed", status=HTTPStatus.BAD_GATEWAY)


@never_cache
@require_GET
def sign_on_return(request: HttpRequest, provider_id: str) -> HttpResponse:
    """Back from the provider: a pass to the form of each open wave of this person."""
    if not single_sign_on.is_offered():
        return page(request, "no_sign_on", status=HTTPStatus.NOT_FOUND)
    try:
        single_sign_on.from_provider(request)
    except NotRecognised:
        response = page(request, "sign_on_failed", status=HTTPStatus.FORBIDDEN)
    except Recognised as person:
        response = _let_in(request, person.person_key)
    response.delete_cookie(
        single_sign_on.STATE_COOKIE, path=reverse("respond:sign_on"), samesite="Lax"
    )
    return response


def _let_in(request: HttpRequest, person_key: str) -> HttpResponse:
    try:
        codes = single_sign_on.codes_of_person(person_key)
    except SecretMissing as error:
        return respond.refusal(request, error)
    if not codes:
        return page(request, "not_registered", status=HTTPStatus.NOT_FOUND)
    response = HttpResponseRedirect(
        reverse("respond:signed_on", args=list(codes))
        if len(codes) == 1
        else reverse("respond:signed_on_choice")
    )
    passes.give(request, response, codes, reverse("respond:sign_on"))
    return response


@never_cache
@require_GET
def signed_on(request: HttpRequest, wave: str) -> HttpResponse:
    """The form of a wave for the holder of a pass; no code in the address."""
    code = passes.codes_of(request).get(wave)
    if code is None:
        return page(request, "pass_ended", status=HTTPStatus.FORBIDDEN)
    return respond.name_device(request, open_with(request, code))


@never_cache
@require_GET
def signed_on_choice(request: HttpRequest) -> HttpResponse:
    """Several open waves ask the same person."""
    codes = passes.codes_of(request)
    if not codes:
        return page(request, "pass_ended", status=HTTPStatus.FORBIDDEN)
    waves = Wave.objects.filter(code__in=codes)
    return page(request, "signed_on_choice", {"waves": waves})


# -- Ways that ended -------------------------------------------------------------------


@never_cache
@require_GET
def draft_expired(request: HttpRequest) -> HttpResponse:
    """A half-filled form from another phone that is kept no longer."""
    return page(request, "draft_expired", status=HTTPStatus.GONE)
