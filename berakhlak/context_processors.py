"""What every page of the shell needs: where this reader can go."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from surveys.models import User
from surveys.staff.demo_accounts import is_demo_account


def shell(request: HttpRequest) -> dict[str, Any]:
    """``nav_items``: label, address and whether the page at hand lies under it.

    ``is_demo`` says that this account is let off what a real one must have.
    """
    items = [
        (_("Hasil"), reverse("results:waves")),
        (_("Peringkat"), reverse("awards:waves")),
    ]
    user = getattr(request, "user", None)
    if getattr(user, "is_staff", False):
        items.append((_("Pengelolaan"), reverse("admin:index")))
    return {
        "is_demo": isinstance(user, User) and is_demo_account(user),
        "nav_items": [
            {"label": label, "url": url, "is_active": request.path.startswith(url)}
            for label, url in items
        ],
    }
