"""The language of a respondent's pages: chosen by the reader, kept on the device alone.

Pages of staff stay Indonesian. A language that only an instrument speaks shows its
questions; the words around them stay Indonesian.
"""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.translation import override

from surveys.models import Wave

COOKIE = "bahasa"
"""Name of the cookie, and of the parameter of the link that sets it."""

KEPT_SECONDS = 365 * 24 * 60 * 60
PAGES = ("/survei/", "/bukti/", "/aksesibilitas/")
DEFAULT = "id"

NAMES = {
    "id": "Bahasa Indonesia",
    "en": "English",
    "ace": "Bahsa Acèh",
    "ban": "Basa Bali",
    "bbc": "Hata Batak Toba",
    "bjn": "Bahasa Banjar",
    "bug": "Basa Ugi",
    "jv": "Basa Jawa",
    "mad": "Basa Madhurâ",
    "mak": "Basa Mangkasara’",
    "min": "Baso Minangkabau",
    "ms": "Bahasa Melayu",
    "sas": "Base Sasak",
    "su": "Basa Sunda",
}
"""Languages by the name their readers give them. Others are not offered."""

GetResponse = Callable[[HttpRequest], HttpResponse]


class RespondentLanguage:
    """Middleware: respondent pages speak the language of the cookie ``bahasa``.

    ``?bahasa=en`` on any of them keeps the choice and comes back without it.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not request.path_info.startswith(PAGES):
            return self.get_response(request)
        chosen = request.GET.get(COOKIE, "") if request.META.get("QUERY_STRING") else ""
        if chosen in NAMES and request.method == "GET":
            return _keep(request, chosen)
        with override(_language_of(request)):
            return self.get_response(request)


def _language_of(request: HttpRequest) -> str:
    kept = request.COOKIES.get(COOKIE, "")
    return kept if kept in NAMES else DEFAULT


def _keep(request: HttpRequest, chosen: str) -> HttpResponse:
    rest = request.GET.copy()
    del rest[COOKIE]
    query = rest.urlencode()
    # What answers a POST cannot be asked for again: back to where it was filled in.
    path = request.path.removesuffix("kirim/")
    address = f"{path}?{query}" if query else path
    response = HttpResponseRedirect(address)
    response.set_cookie(
        COOKIE,
        chosen,
        max_age=KEPT_SECONDS,
        secure=request.is_secure(),
        httponly=True,
        samesite="Lax",
    )
    response["Cache-Control"] = "no-store"
    response["Referrer-Policy"] = "no-referrer"
    return response


def offered(wave: Wave | None) -> list[str]:
    """Languages a page can be read in: those of the product, then the instrument's."""
    own = [code for code, _ in settings.LANGUAGES]
    spoken = wave.instrument.languages if wave else []
    return own + [code for code in spoken if code in NAMES and code not in own]
