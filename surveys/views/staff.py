"""Pages beside an account: its invitation, its lost second factor, its sign-ins."""

from __future__ import annotations

import smtplib
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.widgets import UnfoldAdminTextareaWidget

from surveys.errors import SurveyError
from surveys.models import StaffInvitation, User
from surveys.staff import second_factor, staff_invitations
from surveys.staff.history import because
from surveys.staff.sessions import devices_of, end_sessions
from surveys.views.desk import desk_page

LINK = "staff_invitation_link"


class ReasonForm(forms.Form):
    """Why; kept in the history of the account."""

    reason = forms.CharField(
        label=gettext_lazy("Alasan"),
        max_length=500,
        widget=UnfoldAdminTextareaWidget(attrs={"rows": 3}),
    )


def demand(request: HttpRequest, model_admin: Any, user: User) -> None:
    """Only who may change this account, which nobody may of their own."""
    if not model_admin.has_change_permission(request, user):
        raise PermissionDenied


def send_or_show(request: HttpRequest, invitation: StaffInvitation) -> HttpResponse:
    """By e-mail where there is any; else, and when that fails, the link once here."""
    home = f"{request.scheme}://{request.get_host()}"
    email = invitation.user.email
    if staff_invitations.can_send():
        try:
            staff_invitations.send(invitation=invitation, home=home)
        except (smtplib.SMTPException, OSError):
            why = _(
                "Surel ke %(email)s tidak dapat dikirim. Berikan tautannya sendiri."
            )
            messages.error(request, why % {"email": email})
        else:
            said = _("Undangan dikirim ke %(email)s.") % {"email": email}
            messages.success(request, said)
    if invitation.sent_at is None:
        link = f"{home}{staff_invitations.path_of(invitation)}"
        request.session[LINK] = [invitation.pk, link]
    return redirect("admin:surveys_user_invitation", invitation.user_id)


def invitation(request: HttpRequest, model_admin: Any, user: User) -> HttpResponse:
    """How an invitation stands; sending it again and withdrawing it."""
    demand(request, model_admin, user)
    held = StaffInvitation.objects.filter(user=user).first()
    if request.method == "POST":
        return _act(request, user, held)
    shown = request.session.get(LINK)
    link = ""
    if held and shown and shown[0] == held.pk:
        link = request.session.pop(LINK)[1]
    words = {
        "title": _("Undangan"),
        "original": user,
        "invitation": held,
        "is_open": bool(held and staff_invitations.is_open(held)),
        "can_send": staff_invitations.can_send(),
        "link": link,
    }
    return desk_page(request, model_admin, "surveys/desk/staff/invitation.html", words)


def _act(
    request: HttpRequest, user: User, held: StaffInvitation | None
) -> HttpResponse:
    try:
        if "withdraw" in request.POST and held:
            staff_invitations.withdraw(invitation=held)
            messages.success(request, _("Undangan ditarik; tautannya mati."))
        elif held:
            return send_or_show(request, staff_invitations.renew(invitation=held))
    except SurveyError as error:
        messages.error(request, str(error))
    return redirect("admin:surveys_user_invitation", user.pk)


def lost_factor(request: HttpRequest, model_admin: Any, user: User) -> HttpResponse:
    """Take away the second factor of somebody who lost it, with a reason."""
    demand(request, model_admin, user)
    form = ReasonForm(request.POST if request.method == "POST" else None)
    if not form.is_valid():
        words = {
            "title": _("Setel ulang faktor kedua?"),
            "original": user,
            "form": form,
            "has_one": second_factor.has_one(user),
            "is_obliged": second_factor.must_have(user),
        }
        return desk_page(request, model_admin, "surveys/desk/staff/factor.html", words)
    reason = form.cleaned_data["reason"]
    second_factor.reset(user=user, reason=reason)
    said = _("Faktor kedua disetel ulang. Alasan: %(reason)s") % {"reason": reason}
    model_admin.log_change(request, user, said)
    messages.success(request, said)
    return redirect("admin:surveys_user_change", user.pk)


def sign_out(request: HttpRequest, model_admin: Any, user: User) -> HttpResponse:
    """Where somebody is signed in, and signing them out everywhere, with a reason."""
    demand(request, model_admin, user)
    form = ReasonForm(request.POST if request.method == "POST" else None)
    if not form.is_valid():
        words = {
            "title": _("Keluarkan dari semua perangkat?"),
            "original": user,
            "form": form,
            "devices": devices_of(user),
        }
        return desk_page(request, model_admin, "surveys/desk/staff/devices.html", words)
    because(form.cleaned_data["reason"])
    n_ended = end_sessions(user=user)
    said = _("Dikeluarkan dari %(n)d perangkat. Alasan: %(reason)s") % {
        "n": n_ended,
        "reason": form.cleaned_data["reason"],
    }
    model_admin.log_change(request, user, said)
    messages.success(request, said)
    return redirect("admin:surveys_user_change", user.pk)


def pages_beside(user: User) -> list[tuple[str, str]]:
    """What can be done about an account: address and words."""
    name = "admin:surveys_user"
    found = [
        (reverse(f"{name}_factor", args=[user.pk]), _("Setel ulang faktor kedua")),
        (reverse(f"{name}_devices", args=[user.pk]), _("Perangkat yang sedang masuk")),
    ]
    if StaffInvitation.objects.filter(user=user, accepted_at=None).exists():
        found.insert(0, (reverse(f"{name}_invitation", args=[user.pk]), _("Undangan")))
    return found
