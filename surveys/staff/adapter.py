"""How staff sign in: by invitation only; nobody can register themselves."""

from __future__ import annotations

import time

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.authentication import get_authentication_records
from django.http import HttpRequest

from surveys.models import User

FRESH_SECONDS = 10 * 60


class StaffAccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # untyped library
    """allauth, as far as staff are concerned."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def reauthenticate(self, user: User, password: str) -> bool:
        """The password alone; the address came from an administrator."""
        return user.check_password(password)

    def is_reauthentication_required(self, *, app: str, **kwargs: object) -> bool:
        """Not of somebody who has just signed in: they go on to set up a factor."""
        records = get_authentication_records(self.request, self.request.user)
        if any(time.time() - record["at"] < FRESH_SECONDS for record in records):
            return False
        return bool(super().is_reauthentication_required(app=app, **kwargs))
