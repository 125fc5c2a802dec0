"""Units of the organisation, as a list that reads like a tree."""

from __future__ import annotations

from django.contrib import admin
from django.db.models import Q
from django.http import HttpRequest
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display

from surveys.admin.scoped import ScopedAdmin
from surveys.models import UnitKerja
from surveys.permissions import DESK, under
from surveys.views.desk import level_words


@admin.register(UnitKerja)
class UnitKerjaAdmin(ScopedAdmin):
    """Loaded by ``manage.py load_units``; read and searched here."""

    reads = DESK
    lead = _("Pohon unit sebagaimana berlaku. Gelombang menyimpan salinannya sendiri.")
    empty_title = _("Belum ada unit kerja")
    empty_text = _(
        "Unit kerja dimuat dari berkas CSV dengan perintah manage.py load_units."
    )
    list_display = ("unit", "code", "level_name", "kind", "validity")
    list_display_links = ("unit",)
    list_filter = ("level", "kind")
    list_per_page = 100
    search_fields = ("code", "name", "acronym")
    search_help_text = _("Cari kode, nama, atau singkatan")
    ordering = ("path",)
    sortable_by = ()
    fields = (
        ("code", "level", "kind"),
        "name",
        "acronym",
        "parent",
        ("valid_from", "valid_to"),
    )

    def within(self, paths: list[str]) -> Q:
        return under(paths, "path")

    def has_add_permission(
        self, request: HttpRequest, obj: object | None = None
    ) -> bool:
        return False

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
