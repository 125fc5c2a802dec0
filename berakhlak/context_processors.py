"""What every page of the shell needs: where this reader can go."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _


def shell(request: HttpRequest) -> dict[str, Any]:
    """``nav_items``: label, address and whether the page at hand lies under it."""
    items = [
        (_("Hasil"), reverse("results:waves")),
        (_("Peringkat"), reverse("awards:waves")),
    ]
    if getattr(getattr(request, "user", None), "is_staff", False):
        items.append((_("Pengelolaan"), reverse("admin:index")))
    return {
        "nav_items": [
            {"label": label, "url": url, "is_active": request.path.startswith(url)}
            for label, url in items
        ]
    }
