"""Checks, publishing, versions and their differences, and the end of a draft."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from surveys.errors import SurveyError
from surveys.instruments.authoring import document_of
from surveys.instruments.differences import Difference, differences
from surveys.instruments.document import canonical
from surveys.instruments.drafting import discard_draft, publish_draft, revise
from surveys.models import Instrument
from surveys.views.authoring import Editor, check_context, page, url_of

PUBLISHED = gettext_lazy("Terbit. Isinya dibekukan dan diberi sidik.")


def publish(request: HttpRequest, editor: Editor) -> HttpResponse:
    """What is missing, what is new, and the one button that freezes it all."""
    checks = check_context(editor)
    if request.method == "POST":
        is_looked_at = not checks["notes"] or "looked" in request.POST
        return _published(request, editor, is_looked_at=is_looked_at)
    before = previous(editor.instrument)
    return page(
        request,
        editor,
        "publish",
        _("Periksa dan terbitkan"),
        before=before,
        differences=_shown(editor, before) if before else [],
        **checks,
    )


def _published(
    request: HttpRequest, editor: Editor, *, is_looked_at: bool
) -> HttpResponse:
    """Publish and lead there, also who pressed twice; or back to what is missing."""
    if not is_looked_at:
        words = _("Centang dulu bahwa catatan di bawah sudah Anda lihat.")
        messages.error(request, _("Belum terbit. %(words)s") % {"words": words})
        return editor.back(name="publish")
    try:
        published = publish_draft(instrument=editor.instrument, by=editor.user)
    except SurveyError as error:
        latest = Instrument.objects.filter(pk=editor.instrument.pk).first()
        if latest is not None and latest.status == Instrument.Status.PUBLISHED:
            messages.success(request, PUBLISHED)
            return editor.back()
        messages.error(request, str(error))
        return editor.back(name="publish")
    editor.model_admin.log_change(request, published, str(_("Diterbitkan")))
    messages.success(request, PUBLISHED)
    return editor.back()


def previous(instrument: Instrument) -> Instrument | None:
    """The published version before this one."""
    return (
        Instrument.objects.filter(
            code=instrument.code,
            version__lt=instrument.version,
            status=Instrument.Status.PUBLISHED,
        )
        .order_by("-version")
        .first()
    )


def _shown(editor: Editor, before: Instrument) -> list[Difference]:
    return differences(document_of(before), canonical(editor.document))


def changes(request: HttpRequest, editor: Editor) -> HttpResponse:
    """This version beside the one before, change by change."""
    before = previous(editor.instrument)
    if before is None:
        raise Http404
    title = _("Beda versi %(old)d dan %(new)d") % {
        "old": before.version,
        "new": editor.instrument.version,
    }
    return page(
        request,
        editor,
        "changes",
        title,
        before=before,
        differences=_shown(editor, before),
    )


@require_POST
def new_version(request: HttpRequest, editor: Editor) -> HttpResponse:
    """The draft of the next version, begun or taken up."""
    try:
        draft = revise(instrument=editor.instrument, by=editor.user)
    except SurveyError as error:
        messages.error(request, str(error))
        return HttpResponseRedirect(editor.url("change"))
    words = _("Versi %(n)d disiapkan sebagai rancangan.") % {"n": draft.version}
    editor.model_admin.log_addition(request, draft, words)
    messages.success(request, words)
    return HttpResponseRedirect(url_of("change", draft.pk))


def discard(request: HttpRequest, editor: Editor) -> HttpResponse:
    """Ask, then delete the draft for good."""
    if request.method == "POST":
        try:
            with transaction.atomic():
                gone = Instrument.objects.filter(pk=editor.instrument.pk)
                editor.model_admin.log_deletions(request, gone)
                discard_draft(instrument=editor.instrument)
        except SurveyError as error:
            messages.error(request, str(error))
            return editor.back()
        messages.success(request, _("Rancangan dibuang."))
        return HttpResponseRedirect(url_of("changelist"))
    context: dict[str, Any] = {"n_questions": len(editor.document.questions)}
    return page(request, editor, "discard", _("Buang rancangan?"), **context)
