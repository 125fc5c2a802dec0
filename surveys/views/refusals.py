"""What a respondent is told when something cannot be done: as a page, or as JSON.

Nothing that was posted is ever part of it.
"""

from __future__ import annotations

from http import HTTPStatus

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from surveys.answering.attempts import TooMany
from surveys.answering.known_receipts import NotOpen
from surveys.answering.posted import BadBody
from surveys.answering.responding import HasLeft, UnknownCode
from surveys.box.ballots import BadBallot
from surveys.box.wave_secret import SecretMissing
from surveys.models import Wave
from surveys.views.pages import end_of, page

Refused = UnknownCode | NotOpen | SecretMissing | BadBallot | BadBody | TooMany
PAUSE_SECONDS = 300


def wants_json(request: HttpRequest) -> bool:
    """Whether a script of ours asked, and not a browser on its way to a page."""
    return "application/json" in request.META.get("HTTP_ACCEPT", "")


def refusal(request: HttpRequest, error: Refused) -> HttpResponse:
    """The plain page or the reply that fits a refusal."""
    if isinstance(error, HasLeft):
        context = {"wave": error.wave}
        response = page(request, "left", context, HTTPStatus.GONE, folder="entry")
    elif isinstance(error, UnknownCode):
        response = page(request, "unknown_code", status=HTTPStatus.NOT_FOUND)
    elif isinstance(error, NotOpen):
        response = _not_open(request, error.wave)
    elif isinstance(error, SecretMissing):
        response = paused(request)
    elif isinstance(error, TooMany):
        response = _too_many(request, error)
    else:
        response = _not_read(request, error)
    return response


def _not_open(request: HttpRequest, wave: Wave) -> HttpResponse:
    is_draft = wave.state == Wave.State.DRAFT
    is_early = is_draft or (wave.state == Wave.State.OPEN and not wave.has_begun)
    if wants_json(request):
        text = _("Survei ini belum dibuka.") if is_early else _ended_words(wave)
        return JsonResponse(
            {"reason": "closed", "text": text, "closes_at": end_of(wave)},
            status=HTTPStatus.GONE,
        )
    name = "not_open" if is_early else "closed"
    context = {"wave": wave, "is_still_taken": _takes_what_was_opened(wave)}
    return page(request, name, context, HTTPStatus.GONE)


def _takes_what_was_opened(wave: Wave) -> bool:
    """Whether forms that were opened in time can still be sent."""
    takes = (Wave.State.OPEN, Wave.State.CLOSED)
    return wave.state in takes and timezone.now() < wave.seals_at


def _ended_words(wave: Wave) -> str:
    ended_at = timezone.localtime(end_of(wave))
    return _("Pengisian berakhir %(day)s pukul %(clock)s.") % {
        "day": date_format(ended_at, "j F Y"),
        "clock": date_format(ended_at, "H.i T"),
    }


def paused(request: HttpRequest) -> HttpResponse:
    """Not now: scripts keep what they have, and ask again."""
    status = HTTPStatus.SERVICE_UNAVAILABLE
    text = _("Pengisian dihentikan sementara. Coba lagi nanti.")
    response = (
        told("paused", text, status)
        if wants_json(request)
        else page(request, "paused", status=status)
    )
    response["Retry-After"] = str(PAUSE_SECONDS)
    return response


def _too_many(request: HttpRequest, error: TooMany) -> HttpResponse:
    status = HTTPStatus.TOO_MANY_REQUESTS
    text = ngettext(
        "Terlalu banyak percobaan. Coba lagi dalam %(n)d menit.",
        "Terlalu banyak percobaan. Coba lagi dalam %(n)d menit.",
        error.minutes,
    ) % {"n": error.minutes}
    minutes = {"minutes": error.minutes}
    response = (
        told("refused", text, status)
        if wants_json(request)
        else page(request, "too_many", minutes, status, folder="entry")
    )
    response["Retry-After"] = str(60 * error.minutes)
    return response


def _not_read(request: HttpRequest, error: BadBallot | BadBody) -> HttpResponse:
    status = error.status if isinstance(error, BadBody) else HTTPStatus.BAD_REQUEST
    text = _sentence(error, status)
    if wants_json(request):
        return told("refused", text, status)
    return page(request, "refused", {"reason": text}, status)


def _sentence(error: BadBallot | BadBody, status: HTTPStatus) -> str:
    if isinstance(error, BadBallot):
        return _("Formulir ini tidak berasal dari tautan survei yang kami kenali.")
    if status == HTTPStatus.REQUEST_ENTITY_TOO_LARGE:
        return _("Kiriman ini terlalu besar. Sebuah jawaban paling besar 64 kB.")
    if status == HTTPStatus.UNSUPPORTED_MEDIA_TYPE:
        return _("Kiriman ini bukan formulir survei dalam UTF-8.")
    return _("Kiriman ini tidak utuh atau memuat tanda yang tidak dapat dibaca.")


def told(reason: str, text: str, status: HTTPStatus) -> HttpResponse:
    """A refusal for scripts: a word to act on, and a sentence to show."""
    return JsonResponse({"reason": reason, "text": text}, status=status)
