"""Addresses of a wave's register at the desk, and its button on the console."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpResponse
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext_lazy as _

from surveys.fieldwork.steps import Step
from surveys.staff.permissions import MANAGES
from surveys.views import personal, register

View = Callable[..., HttpResponse]

VIEWS: tuple[tuple[str, str, View], ...] = (
    ("pegawai/", "register", register.register_page),
    ("pegawai/kosong.csv", "register_empty", register.empty_file),
    ("pegawai/terapkan/<int:job_id>/", "register_apply", register.apply),
    ("pegawai/<uuid:person>/", "person", personal.person_page),
)


def register_urls(model_admin: Any) -> list[URLPattern]:
    """To stand among those of the wave."""

    def bound(view: View) -> View:
        def call(request: Any, wave_id: int, **more: Any) -> HttpResponse:
            return view(request, model_admin, wave_id, **more)

        return call

    guarded = model_admin.admin_site.admin_view
    return [
        path(
            f"<int:wave_id>/{route}", guarded(bound(view)), name=f"surveys_wave_{name}"
        )
        for route, name, view in VIEWS
    ]


STEPS = (
    Step(
        label=_("Daftar pegawai"),
        kinds=MANAGES,
        stands=lambda wave: wave.is_online,
        url=lambda wave: reverse("admin:surveys_wave_register", args=[wave.pk]),
        rank=6,
    ),
)
