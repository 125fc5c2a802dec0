"""How the desk (Django admin with unfold) looks, and what stands in its sidebar."""

from __future__ import annotations

from typing import Any

from django.apps import apps
from django.http import HttpRequest
from django.templatetags.static import static
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

SIDEBAR = (
    (
        _("Survei"),
        ("surveys.Wave", "surveys.Instrument", "surveys.Mailing"),
    ),
    (
        _("Hasil"),
        (
            "scoring.ScoringRun",
            "scoring.Release",
            "scoring.Scheme",
        ),
    ),
    (_("Organisasi"), ("surveys.UnitKerja", "surveys.User", "surveys.Role")),
    (_("Catatan"), ("desk_history", "surveys.Job", "scoring.PrivateReading")),
)
"""Groups of the sidebar and what they lead to: lists of models, and pages by name."""

PAGES = {"desk_history": _("Riwayat perubahan")}
"""Pages that are no list of a model, for whoever has a role at the desk."""


def navigation(request: HttpRequest) -> list[dict[str, Any]]:
    """The sidebar for this reader: only lists that exist and that they may open."""
    groups = [
        {"title": title, "separator": False, "items": _items(request, labels)}
        for title, labels in SIDEBAR
    ]
    return [group for group in groups if group["items"]]


def _items(request: HttpRequest, labels: tuple[str, ...]) -> list[dict[str, str]]:
    from django.contrib import admin  # settings import this module before apps load

    from surveys.admin.scoped import may_enter

    items = []
    for label in labels:
        if label in PAGES:
            if may_enter(request):
                items.append({"title": str(PAGES[label]), "link": reverse(label)})
            continue
        model = apps.get_model(label)
        if not admin.site.is_registered(model):
            continue
        if admin.site.get_model_admin(model).has_view_permission(request):
            title = capfirst(str(model._meta.verbose_name_plural))
            link = reverse(f"admin:{model._meta.db_table}_changelist")
            items.append({"title": title, "link": link})
    return items


def _stylesheet(name: str) -> Any:
    return lambda request: static(f"css/{name}.css")


UNFOLD: dict[str, Any] = {
    "SITE_TITLE": "Indeks BerAKHLAK",
    "SITE_HEADER": "Indeks BerAKHLAK",
    "SITE_FAVICONS": [
        {
            "rel": "icon",
            "type": "image/svg+xml",
            "href": lambda request: static("img/favicon.svg"),
        },
    ],
    "SHOW_VIEW_ON_SITE": False,
    "BORDER_RADIUS": "8px",
    "STYLES": [
        _stylesheet("tokens"),
        _stylesheet("parts"),
        _stylesheet("desk"),
        _stylesheet("desk-staff"),
        _stylesheet("desk-waves"),
    ],
    "SCRIPTS": [lambda request: static("js/desk/file-fields.js")],
    "COLORS": {
        # Paper and ink: 50 page, 200 line, 500 notes, 600 text, 900 dark page.
        "base": {
            "50": "#faf6ef",
            "100": "#f2ebdf",
            "200": "#e2d8c7",
            "300": "#c6c4bc",
            "400": "#a3a59f",
            "500": "#5f676b",
            "600": "#46525a",
            "700": "#323b40",
            "800": "#232b30",
            "900": "#14191c",
            "950": "#0f1315",
        },
        # Nila: 100 tint, 500 links on dark, 600 the accent, 700 pressed.
        "primary": {
            "50": "#f1f7fa",
            "100": "#e3eef4",
            "200": "#c5dde8",
            "300": "#b0d8ec",
            "400": "#8cc4e0",
            "500": "#5fa3c7",
            "600": "#17506f",
            "700": "#0f3b54",
            "800": "#1c3644",
            "900": "#0c2c3f",
            "950": "#081f2d",
        },
        "font": {
            "subtle-light": "var(--color-base-500)",
            "subtle-dark": "var(--color-base-400)",
            "default-light": "var(--color-base-600)",
            "default-dark": "var(--color-base-300)",
            "important-light": "#1c2830",
            "important-dark": "#f1ece3",
        },
    },
    "DASHBOARD_CALLBACK": "surveys.views.desk.front_page",
    "SIDEBAR": {"navigation": navigation},
}
