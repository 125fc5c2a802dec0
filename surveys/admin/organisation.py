"""Units of the organisation: a tree, a list, a page of each, and their import."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display

from surveys.admin.scoped import ScopedAdmin, user_of
from surveys.models import UnitKerja
from surveys.staff.permissions import DESK, MANAGES, paths_of, under
from surveys.views import bridges, tree, unit_imports, units
from surveys.views.desk import level_words


class ValidityFilter(admin.SimpleListFilter):
    """Whether a unit exists today."""

    title = _("keadaan")
    parameter_name = "keadaan"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("berlaku", _("Berlaku hari ini")), ("lain", _("Tidak berlaku"))]

    def queryset(self, request: HttpRequest, queryset: Any) -> QuerySet[UnitKerja]:
        today: QuerySet[UnitKerja] = queryset.on(timezone.localdate())
        if self.value() == "lain":
            rows: QuerySet[UnitKerja] = queryset.exclude(pk__in=today.values("pk"))
            return rows
        return today if self.value() == "berlaku" else queryset


@admin.register(UnitKerja)
class UnitKerjaAdmin(ScopedAdmin):
    """The tree greets; the list behind it finds and filters everything at once."""

    reads = DESK
    change_list_template = "surveys/desk/units_list.html"
    lead = _("Semua unit dalam satu daftar, juga yang sudah ditutup.")
    empty_title = _("Tidak ada unit")
    empty_text = _("Impor pohon unit dari berkas CSV atau Excel.")
    list_display = ("unit", "code", "level_name", "kind", "validity")
    list_display_links = ("unit",)
    list_filter = (ValidityFilter, "level", "kind")
    list_per_page = 100
    search_fields = ("code", "name", "acronym")
    search_help_text = _("Cari kode, nama, atau singkatan")
    ordering = ("path",)
    sortable_by = ()

    def within(self, paths: list[str]) -> Q:
        return under(paths, "path")

    def has_add_permission(
        self, request: HttpRequest, obj: object | None = None
    ) -> bool:
        return False

    def get_urls(self) -> list[URLPattern]:
        def to(route: str, door: Callable[..., Any], name: str) -> URLPattern:
            view: Callable[..., Any] = self.admin_site.admin_view(door)
            return path(route, view, name=f"surveys_unitkerja_{name}")

        return [
            to("pohon/", self.tree_view, "tree"),
            to("pohon/<int:unit_id>/", self.level_view, "level"),
            to("cari/", self.found_view, "found"),
            to("unduh/", self.download_view, "download"),
            to("impor/", self.upload_view, "upload"),
            to("impor/kosong.csv", self.empty_view, "empty"),
            to("impor/<int:trial_id>/", self.trial_view, "trial"),
            to("<int:unit_id>/langkah/<slug:slug>/", self.step_view, "step"),
            to("<int:unit_id>/jembatan/", self.bridge_view, "bridge"),
            to(
                "<int:unit_id>/jembatan/<int:bridge_id>/hapus/",
                self.bridge_removal_view,
                "bridge_removal",
            ),
            *super().get_urls(),
        ]

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> Any:
        """The tree, until something of the list is asked for."""
        if request.method == "GET" and not request.GET:
            return self.tree_view(request)
        may = bool(paths_of(user_of(request), MANAGES))
        context = {"may_manage": may, **(extra_context or {})}
        return super().changelist_view(request, context)

    def tree_view(self, request: HttpRequest) -> HttpResponse:
        self._demand_reader(request)
        return tree.tree_page(request, self)

    def level_view(self, request: HttpRequest, unit_id: int) -> HttpResponse:
        self._demand_reader(request)
        return tree.tree_level(request, unit_id)

    def found_view(self, request: HttpRequest) -> HttpResponse:
        self._demand_reader(request)
        return tree.found_units(request)

    def download_view(self, request: HttpRequest) -> Any:
        self._demand_reader(request)
        return tree.download(request)

    def upload_view(self, request: HttpRequest) -> HttpResponse:
        return unit_imports.upload(request, self)

    def empty_view(self, request: HttpRequest) -> HttpResponse:
        self._demand_reader(request)
        return unit_imports.empty_file(request)

    def trial_view(self, request: HttpRequest, trial_id: int) -> HttpResponse:
        return unit_imports.trial_page(request, self, trial_id)

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        return units.unit_page(request, self, self.found(request, object_id))

    def step_view(self, request: HttpRequest, unit_id: int, slug: str) -> HttpResponse:
        return units.step(request, self, self.found(request, unit_id), slug)

    def bridge_view(self, request: HttpRequest, unit_id: int) -> HttpResponse:
        return bridges.record(request, self, self.found(request, unit_id))

    def bridge_removal_view(
        self, request: HttpRequest, unit_id: int, bridge_id: int
    ) -> HttpResponse:
        unit = self.found(request, unit_id)
        return bridges.remove(request, self, unit, bridge_id)

    def _demand_reader(self, request: HttpRequest) -> None:
        if not self.has_view_permission(request):
            raise PermissionDenied

    def get_queryset(self, request: HttpRequest) -> QuerySet[UnitKerja]:
        rows: QuerySet[UnitKerja] = super().get_queryset(request)
        return rows.select_related("parent")

    @display(description=_("Unit"), ordering="path")  # type: ignore[untyped-decorator]
    def unit(self, unit: UnitKerja) -> SafeString:
        return format_html(
            '<span class="branch depth-{}"><b>{}</b>{}</span>',
            min(unit.depth, 6),
            unit.acronym or unit.name,
            format_html(" <small>{}</small>", unit.name) if unit.acronym else "",
        )

    @display(description=_("Tingkat"))  # type: ignore[untyped-decorator]
    def level_name(self, unit: UnitKerja) -> str:
        return level_words(unit.level)

    @display(description=_("Berlaku"), ordering="valid_from")  # type: ignore[untyped-decorator]
    def validity(self, unit: UnitKerja) -> str:
        since = date_format(unit.valid_from, "j F Y")
        until = date_format(unit.valid_to, "j F Y") if unit.valid_to else ""
        return f"{since} – {until}".strip()
