"""What would have been sent, on a machine without a mail server."""

from __future__ import annotations

from typing import Any, cast

from django.conf import settings
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from surveys.messages import demo_mailbox as box
from surveys.models import User, Wave
from surveys.staff.permissions import MANAGES, paths_of, under
from surveys.views.desk import desk_page


def _waves(request: HttpRequest) -> dict[int, str]:
    """Simulated waves this reader manages; no mailbox anywhere else."""
    if not settings.EMBEDDED:
        raise Http404
    paths = paths_of(cast(User, request.user), MANAGES)
    waves = Wave.objects.filter(under(paths, "root__path"), is_simulated=True)
    return dict(waves.values_list("pk", "name"))


def mailbox(request: HttpRequest, model_admin: Any) -> HttpResponse:
    """The newest messages first."""
    waves = _waves(request)
    words = request.GET.get("q", "").strip()
    found = [
        kept
        for kept in box.messages_of(waves)
        if words.lower() in f"{kept.to} {kept.subject}".lower()
    ]
    context = {
        "title": _("Kotak surat demo"),
        "crumb": _("Kotak surat demo"),
        "is_simulated": True,
        "page": Paginator(found, 50).get_page(request.GET.get("hal")),
        "words": words,
    }
    return desk_page(
        request, model_admin, "surveys/desk/mailings/mailbox.html", context
    )


def kept(request: HttpRequest, model_admin: Any, key: str) -> HttpResponse:
    """One message as it would have arrived."""
    waves = _waves(request)
    message = box.message(key, waves)
    if message is None:
        raise Http404
    context = {
        "title": message.subject,
        "crumb": message.subject,
        "is_simulated": True,
        "message": message,
        "wave_name": waves[message.wave],
    }
    return desk_page(request, model_admin, "surveys/desk/mailings/kept.html", context)
