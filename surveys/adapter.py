"""How staff sign in: by invitation only; nobody can register themselves."""

from __future__ import annotations

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest


class StaffAccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # untyped library
    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False
