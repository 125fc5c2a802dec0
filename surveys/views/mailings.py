"""Pages of one invitation or reminder: write it, look at it, see how it goes."""

from __future__ import annotations

from typing import Any, cast

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache

from surveys.errors import SurveyError
from surveys.fieldwork.steps import Step
from surveys.messages import channels, wording
from surveys.messages.failures import TROUBLES, words_for
from surveys.messages.mailing_form import MailingForm, begin_with
from surveys.messages.mailings import (
    failures_shown,
    is_announced,
    revise_mailing,
    write_mailing,
)
from surveys.messages.posting import may_go_now
from surveys.messages.recipients import recipients_of, units_of
from surveys.messages.sending_hours import hours_words
from surveys.models import Contact, Mailing, User, Wave
from surveys.staff.permissions import MANAGES, may_act, paths_of, under
from surveys.views.desk import desk_page, in_words

State = Mailing.State
TINTS = {
    State.DRAFT: "",
    State.QUEUED: "info",
    State.SENDING: "info",
    State.PAUSED: "attention",
    State.DONE: "done",
    State.STOPPED: "attention",
}
"""Badge of each state."""

WRITABLE = (Wave.State.DRAFT, Wave.State.OPEN)


def _write_url(kind: str) -> Any:
    return lambda wave: f"{reverse('admin:surveys_mailing_add')}?wave={wave.pk}&{kind}"


def _is_asked(wave: Wave) -> bool:
    return wave.is_online and wave.state == Wave.State.OPEN


STEPS = (
    Step(
        label=gettext_lazy("Kirim undangan"),
        kinds=MANAGES,
        stands=lambda wave: _is_asked(wave) and not is_announced(wave),
        url=_write_url("kind=invitation"),
        rank=1,
    ),
    Step(
        label=gettext_lazy("Kirim pengingat"),
        kinds=MANAGES,
        stands=lambda wave: _is_asked(wave) and is_announced(wave),
        url=_write_url("kind=reminder"),
        rank=1,
    ),
    Step(
        label=gettext_lazy("Tulis undangan"),
        kinds=MANAGES,
        stands=lambda wave: wave.is_online and wave.state in WRITABLE,
        url=_write_url("kind=invitation"),
    ),
)


def url_of(mailing: Mailing) -> str:
    """The page of a mailing."""
    return reverse("admin:surveys_mailing_change", args=[mailing.pk])


def title_of(mailing: Mailing) -> str:
    """The subject as its readers see it; of a short message its beginning."""
    values = wording.values_for(mailing.wave, wording.example_reader(mailing.wave))
    if mailing.subject:
        return wording.fill(mailing.subject, values)
    return wording.fill(mailing.body, {**values, "nama": "…", "tautan": "…"})[:60]


def people_words(mailing: Mailing) -> str:
    """To how many it goes; about how many, if it is a reminder."""
    if mailing.n_shown is None:
        return str(mailing.get_audience_display())
    if mailing.is_reminder:
        return _("paling banyak sekitar %(n)s") % {"n": in_words(mailing.n_shown)}
    return in_words(mailing.n_shown)


# --- Writing -------------------------------------------------------------------------


def write(request: HttpRequest, model_admin: Any) -> HttpResponse:
    """Choose a wave, if none is said, and write from a good default."""
    user = cast(User, request.user)
    wave = _wave_of(request, user)
    if wave is None:
        return _choose_wave(request, model_admin, user)
    form = MailingForm(wave, request.POST or None, initial=begin_with(wave, request))
    if request.method == "POST" and form.is_valid():
        try:
            mailing = write_mailing(wave=wave, plan=form.plan(), created_by=user)
        except SurveyError as error:
            form.add_error(None, str(error))
        else:
            model_admin.log_addition(request, mailing, _("Pesan ditulis"))
            return HttpResponseRedirect(url_of(mailing))
    title = _("Tulis undangan atau pengingat")
    return _form_page(request, model_admin, wave, form, title)


def edit(request: HttpRequest, model_admin: Any, mailing: Mailing) -> HttpResponse:
    """Change a draft."""
    if mailing.state != State.DRAFT:
        messages.error(request, _("Pesan ini sudah dikirim dan tidak dapat diubah."))
        return HttpResponseRedirect(url_of(mailing))
    wave = mailing.wave
    initial = MailingForm.initial_of(mailing)
    form = MailingForm(wave, request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            revise_mailing(mailing=mailing, plan=form.plan())
        except SurveyError as error:
            form.add_error(None, str(error))
        else:
            model_admin.log_change(request, mailing, _("Pesan diubah"))
            return HttpResponseRedirect(url_of(mailing))
    title = _("Ubah pesan")
    return _form_page(request, model_admin, wave, form, title, mailing)


def _wave_of(request: HttpRequest, user: User) -> Wave | None:
    """The wave of the address, or the only one there is; foreign and missing: 404."""
    key = request.GET.get("wave", "")
    if not key:
        mine = list(_writable(user)[:2])
        return mine[0] if len(mine) == 1 else None
    return wave_for(user, key)


def wave_for(user: User, key: str) -> Wave:
    """The online wave with this key that the user manages as a whole, or 404."""
    waves = Wave.objects.filter(source=Wave.Source.ONLINE).select_related("root")
    wave = waves.filter(pk=key).first() if key.isdecimal() else None
    if wave is None or not may_act(user, wave, MANAGES):
        raise Http404
    return wave


def _writable(user: User) -> Any:
    mine = under(paths_of(user, MANAGES), "root__path")
    online = Wave.objects.filter(mine, source=Wave.Source.ONLINE, state__in=WRITABLE)
    return online.select_related("root")


def _choose_wave(request: HttpRequest, model_admin: Any, user: User) -> HttpResponse:
    context = {
        "title": _("Untuk gelombang yang mana?"),
        "add": True,
        "waves": list(_writable(user)[:50]),
        "extra": request.GET.urlencode(),
    }
    page = "surveys/desk/mailings/choose_wave.html"
    return desk_page(request, model_admin, page, context)


def _form_page(
    request: HttpRequest,
    model_admin: Any,
    wave: Wave,
    form: MailingForm,
    title: str,
    mailing: Mailing | None = None,
) -> HttpResponse:
    context = {
        "title": title,
        "crumb": title,
        "original": mailing,
        "wave": wave,
        "form": form,
        "merge_fields": [(f"{{{name}}}", is_) for name, is_ in wording.FIELDS.items()],
        "defaults": {
            f"{kind} {channel}": {"subject": subject, "body": body}
            for (kind, channel), (subject, body) in wording.DEFAULTS.items()
        },
        "hours": hours_words(),
        "channels": {
            channel: channels.readiness(wave, channel)
            for channel in Mailing.Channel.values
        },
        "back": url_of(mailing) if mailing else _list_url(),
    }
    return desk_page(request, model_admin, "surveys/desk/mailings/form.html", context)


def _list_url() -> str:
    return reverse("admin:surveys_mailing_changelist")


# --- Looking -------------------------------------------------------------------------


def show(request: HttpRequest, model_admin: Any, mailing: Mailing) -> HttpResponse:
    """A draft as its readers will see it; later how it goes."""
    reader = wording.example_reader(mailing.wave)
    context = {
        **_standing(mailing),
        "title": title_of(mailing),
        "crumb": title_of(mailing),
        "original": mailing,
        "wave": mailing.wave,
        "message": wording.message_for(mailing, reader),
        "may_demo": channels.readiness(mailing.wave, mailing.channel).is_demo,
        "test_to": cast(User, request.user).email if mailing.is_email else "",
    }
    if mailing.state == State.DRAFT:
        context["recipients"] = recipients_of(mailing)
    return desk_page(request, model_admin, "surveys/desk/mailings/show.html", context)


@never_cache
def progress(request: HttpRequest, mailing: Mailing) -> HttpResponse:
    """How it goes, asked for every few seconds while it does."""
    response = render(
        request, "surveys/desk/mailings/progress.html", _standing(mailing)
    )
    if mailing.state not in (State.QUEUED, State.SENDING):
        response["HX-Refresh"] = "true"
    return response


def _standing(mailing: Mailing) -> dict[str, Any]:
    trouble = TROUBLES.get(mailing.trouble)
    units = units_of(mailing) if mailing.audience != Mailing.Audience.ALL else None
    return {
        "mailing": mailing,
        "tint": TINTS[State(mailing.state)],
        "people": people_words(mailing),
        "units": units,
        "channel": channels.readiness(mailing.wave, mailing.channel),
        "hours": hours_words(),
        "is_quiet": not may_go_now(mailing),
        "trouble": trouble,
        "percent": _percent(mailing),
        "n_failed": failures_shown(mailing),
        "is_running": mailing.state in (State.QUEUED, State.SENDING),
    }


def _percent(mailing: Mailing) -> int | None:
    """How far it is. Of a reminder in fifths, and not at all where that tells much."""
    if not mailing.n_total:
        return None
    share = 100 * mailing.n_done // mailing.n_total
    if not mailing.is_reminder:
        return share
    return share // 20 * 20 if mailing.n_total >= 50 else None


# --- Failures ------------------------------------------------------------------------


def failures(request: HttpRequest, model_admin: Any, mailing: Mailing) -> HttpResponse:
    """Whom an invitation did not reach, why, and what to do. Not of reminders."""
    if mailing.is_reminder:
        raise Http404
    failed = mailing.deliveries.filter(state="failed").order_by("participant")
    people = Contact.objects.filter(wave=mailing.wave)
    words = request.GET.get("q", "").strip()
    if words:
        found = people.filter(name__icontains=words) | people.filter(
            email__icontains=words
        )
        failed = failed.filter(participant__in=found.values("participant"))
    rows = failed.select_related("participant__unit", "participant__contact")
    page = Paginator(rows, 50).get_page(request.GET.get("hal"))
    context = {
        "title": _("Yang tidak sampai"),
        "original": mailing,
        "crumb": _("Yang tidak sampai"),
        "mailing": mailing,
        "wave": mailing.wave,
        "page": page,
        "lines": [(each, *words_for(each.error)) for each in page],
        "words": words,
        "back": url_of(mailing),
    }
    return desk_page(
        request, model_admin, "surveys/desk/mailings/failures.html", context
    )
