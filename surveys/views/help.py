"""What a respondent may read before, beside and after the form."""

from __future__ import annotations

from http import HTTPStatus

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from surveys.box import ballots
from surveys.fieldwork.promise import canonical_text
from surveys.fieldwork.windows import extensions_of
from surveys.models import Wave
from surveys.views.entry import page


def _wave(code: str) -> Wave:
    """An online wave that has been opened; a draft is nobody's business."""
    found = (
        Wave.objects.filter(code=code, source=Wave.Source.ONLINE)
        .exclude(state=Wave.State.DRAFT)
        .select_related("instrument")
        .first()
    )
    if found is None:
        raise Http404
    return found


def _waves_with_contact() -> list[Wave]:
    """Waves that take answers, for pages that no wave leads to."""
    return list(
        Wave.objects.filter(
            source=Wave.Source.ONLINE, state__in=(Wave.State.OPEN, Wave.State.CLOSED)
        )
        .exclude(contact="")
        .select_related("instrument")
    )


@never_cache
@require_GET
def promise(request: HttpRequest, code: str) -> HttpResponse:
    """The whole promise: for people, as it was hashed, and how to check the hash."""
    wave = _wave(code)
    context = {
        "wave": wave,
        "canonical": canonical_text(wave.promise),
        "digest": wave.promise_digest,
        "digest_short": ballots.in_groups(wave.promise_digest[:8].upper()),
        "batches": list(wave.batches.all()),
        "extensions": extensions_of(wave),
    }
    return page(request, "promise", context)


@never_cache
@require_GET
def promise_file(request: HttpRequest, code: str) -> HttpResponse:
    """Exactly the bytes whose SHA-256 stands in the promise and in the results."""
    wave = _wave(code)
    response = HttpResponse(
        canonical_text(wave.promise).encode(), content_type="application/json"
    )
    name = f"janji-{wave.code}.json"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


@never_cache
@require_GET
def wrong_unit(request: HttpRequest, code: str) -> HttpResponse:
    """Unit or grade in the register is wrong: whom to tell, and what it means."""
    return page(request, "wrong_unit", {"wave": _wave(code)})


@never_cache
@require_GET
def not_me(request: HttpRequest, code: str = "") -> HttpResponse:
    """Somebody answered in my name: what it means and how to report it."""
    waves = [_wave(code)] if code else _waves_with_contact()
    context = {"wave": waves[0] if code else None, "waves": waves}
    return page(request, "not_me", context)


@never_cache
@require_GET
def accessibility(request: HttpRequest) -> HttpResponse:
    """The published statement, with its known gaps."""
    waves = _waves_with_contact()
    return page(request, "accessibility", {"waves": waves}, HTTPStatus.OK)
