"""Pages of one's own account: what protects it, where it is signed in, the way in."""

from __future__ import annotations

from typing import Any, cast

from allauth.account.internal.flows.login import record_authentication
from allauth.account.utils import perform_login
from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator
from allauth.mfa.webauthn.views import remove_webauthn
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.contrib.auth.forms import SetPasswordForm
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from surveys.errors import SurveyError
from surveys.models import User
from surveys.staff import second_factor, sessions, staff_invitations
from surveys.staff.demo_accounts import is_demo_account
from surveys.staff.history import acting


def end_other_sessions(
    sender: object, request: HttpRequest, user: User, **_: Any
) -> None:
    """A new password: whoever came in by the old one is out."""
    sessions.end_sessions(user=user, but=request.session.session_key)


@require_safe
@login_required
@never_cache
def security(request: HttpRequest) -> HttpResponse:
    """What protects this account: factors, codes, and where it is signed in."""
    user = cast(User, request.user)
    factors = list(Authenticator.objects.filter(user=user).order_by("created_at"))
    codes = [f for f in factors if f.type == Authenticator.Type.RECOVERY_CODES]
    words = {
        "totp": [f for f in factors if f.type == Authenticator.Type.TOTP],
        "passkeys": [f for f in factors if f.type == Authenticator.Type.WEBAUTHN],
        "n_codes": len(codes[0].wrap().get_unused_codes()) if codes else None,
        "is_obliged": second_factor.must_have(user),
        "is_demo": is_demo_account(user),
        "has_factor": any(f.type in second_factor.FACTORS for f in factors),
        "devices": sessions.devices_of(user, request.session.session_key),
        "next": _onward(request),
    }
    return render(request, "account/security.html", words)


def _onward(request: HttpRequest) -> str:
    """Where they were going, kept through the set-up; only within this site."""
    wanted = request.GET.get("next", "")
    if url_has_allowed_host_and_scheme(wanted, {request.get_host()}):
        request.session["onward"] = wanted
    onward: str = request.session.get("onward", "")
    return onward


@require_safe
@login_required
def onward(request: HttpRequest) -> HttpResponse:
    """On to where they were going before the set-up."""
    fallback = "admin:index" if cast(User, request.user).is_staff else "results:waves"
    return redirect(request.session.pop("onward", "") or fallback)


@require_safe
@login_required
def again(request: HttpRequest) -> HttpResponse:
    """Show the second factor in this session too, by what this account has."""
    user = cast(User, request.user)
    has_app = get_adapter().is_mfa_enabled(user, [Authenticator.Type.TOTP])
    name = "mfa_reauthenticate" if has_app else "mfa_reauthenticate_webauthn"
    answer = redirect(name)
    answer["Location"] += f"?{request.GET.urlencode()}"
    return answer


@login_required
def remove_passkey(request: HttpRequest, pk: int) -> HttpResponseBase:
    """allauth's page, unless it is the last factor of somebody who must have one."""
    mine = Authenticator.objects.filter(user=cast(User, request.user))
    passkey = get_object_or_404(mine, pk=pk, type=Authenticator.Type.WEBAUTHN)
    adapter = get_adapter()
    if not adapter.can_delete_authenticator(passkey):
        why = adapter.error_messages["cannot_delete_authenticator"]
        messages.error(request, str(why))
        return redirect("mfa_index")
    response: HttpResponseBase = remove_webauthn(request, pk=pk)
    return response


@require_POST
@login_required
def end_session(request: HttpRequest) -> HttpResponse:
    """Sign out one device, or every other one."""
    user, here = cast(User, request.user), request.session.session_key
    word = request.POST.get("id", "")
    only = int(word) if word.isascii() and word.isdecimal() else None
    n_ended = sessions.end_sessions(user=user, only=only, but=here)
    if n_ended:
        messages.success(request, _("%(n)d perangkat dikeluarkan.") % {"n": n_ended})
    return redirect("mfa_index")


@never_cache
def accept_invitation(request: HttpRequest, token: str) -> HttpResponse:
    """The way in of somebody invited: a password, and on to the second factor."""
    invitation = staff_invitations.invitation_of(token)
    if invitation is None:
        return render(request, "account/invitation_over.html", status=410)
    form = SetPasswordForm(invitation.user, request.POST or None)
    if request.method == "POST" and form.is_valid():
        password = form.cleaned_data["new_password1"]
        try:
            with acting(user=invitation.user, reason=_("Undangan diterima")):
                user = staff_invitations.accept(
                    invitation=invitation, password=password
                )
        except SurveyError:
            return render(request, "account/invitation_over.html", status=410)
        record_authentication(request, user, "password")
        response: HttpResponse = perform_login(request, user, redirect_url="/desk/")
        return response
    roles = invitation.user.roles.select_related("unit")
    words = {"form": form, "invitation": invitation, "roles": roles}
    return render(request, "account/invitation.html", words)
