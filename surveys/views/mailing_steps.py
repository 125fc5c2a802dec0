"""What is done with a mailing: send it, try it out, hold it back, end it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from surveys import tasks
from surveys.errors import SurveyError
from surveys.messages import channels, mailings, testing
from surveys.messages.letterbox import ChannelDown
from surveys.models import Mailing, User
from surveys.views.desk import desk_page
from surveys.views.mailings import url_of

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise


@dataclass(frozen=True)
class Act:
    """A step: what it calls, what is said afterwards, and whether it asks first."""

    call: Callable[[Mailing], object]
    done: _StrPromise
    title: _StrPromise | str = ""
    button: _StrPromise | str = ""
    explanation: _StrPromise | str = ""
    goes_on: bool = False
    """A worker should look at it at once."""


ACTS = {
    "kirim": Act(
        call=lambda mailing: mailings.send_mailing(mailing=mailing),
        done=gettext_lazy("Pengiriman dimulai. Halaman ini boleh ditutup."),
        goes_on=True,
    ),
    "jeda": Act(
        call=lambda mailing: mailings.pause_mailing(mailing=mailing),
        done=gettext_lazy("Pengiriman dijeda."),
    ),
    "lanjut": Act(
        call=lambda mailing: mailings.resume_mailing(mailing=mailing),
        done=gettext_lazy("Pengiriman dilanjutkan. Tidak ada yang menerima dua kali."),
        goes_on=True,
    ),
    "ulang": Act(
        call=lambda mailing: mailings.send_failed_again(mailing=mailing),
        done=gettext_lazy("Yang gagal dikirim ulang ke alamat yang sekarang."),
        goes_on=True,
    ),
    "henti": Act(
        call=lambda mailing: mailings.stop_mailing(mailing=mailing),
        done=gettext_lazy("Pengiriman dihentikan."),
        title=gettext_lazy("Hentikan pengiriman ini?"),
        button=gettext_lazy("Hentikan sekarang"),
        explanation=gettext_lazy(
            "Yang sudah menerima tetap menerima; yang belum, tidak akan. Pengiriman"
            " yang dihentikan tidak dapat dilanjutkan. Untuk berhenti sebentar,"
            " pakailah jeda."
        ),
    ),
    "hapus": Act(
        call=lambda mailing: mailings.discard_mailing(mailing=mailing),
        done=gettext_lazy("Rancangan pesan dihapus."),
        title=gettext_lazy("Hapus rancangan pesan ini?"),
        button=gettext_lazy("Hapus sekarang"),
        explanation=gettext_lazy("Belum ada yang dikirim dari rancangan ini."),
    ),
}


def step(
    request: HttpRequest, model_admin: Any, mailing: Mailing, slug: str
) -> HttpResponse:
    """POST does it; what ends something says so first."""
    act = ACTS.get(slug)
    if act is None or (request.method != "POST" and not act.title):
        raise Http404
    if request.method != "POST":
        return _confirmation(request, model_admin, mailing, act)
    key = mailing.pk
    try:
        with transaction.atomic():
            act.call(mailing)
            if act.goes_on:
                tasks.send_mailing.delay_on_commit(key)  # type: ignore[attr-defined]  # a method of Celery's task for Django
    except SurveyError as error:
        messages.error(request, str(error))
        return HttpResponseRedirect(url_of(mailing))
    messages.success(request, str(act.done))
    if slug == "hapus":
        return HttpResponseRedirect(reverse("admin:surveys_mailing_changelist"))
    model_admin.log_change(request, mailing, str(act.done))
    return HttpResponseRedirect(url_of(mailing))


def _confirmation(
    request: HttpRequest, model_admin: Any, mailing: Mailing, act: Act
) -> HttpResponse:
    context = {
        "title": act.title,
        "crumb": act.title,
        "original": mailing,
        "wave": mailing.wave,
        "act": act,
        "words": "surveys/desk/mailings/step.html",
        "back": url_of(mailing),
    }
    return desk_page(request, model_admin, "surveys/desk/step.html", context)


@require_POST
def test(request: HttpRequest, model_admin: Any, mailing: Mailing) -> HttpResponse:
    """The message to oneself, with a link that opens nothing."""
    user = cast(User, request.user)
    to = user.email if mailing.is_email else request.POST.get("telepon", "")
    try:
        testing.send_test(mailing=mailing, to=to)
    except ChannelDown as down:
        messages.error(request, testing.refusal(str(down)))
    except SurveyError as error:
        messages.error(request, str(error))
    else:
        is_demo = channels.readiness(mailing.wave, mailing.channel).is_demo
        where = _("kotak surat demo") if is_demo else to
        words = _("Pesan uji dikirim ke %(to)s. Tautannya tidak membuka apa pun.")
        messages.success(request, words % {"to": where})
    return HttpResponseRedirect(url_of(mailing))
