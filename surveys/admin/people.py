"""Staff of the platform and their roles. Employees who answer are never here."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from django import forms
from django.contrib import admin
from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin
from django.db.models import Model, Prefetch, Q, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from unfold.admin import TabularInline
from unfold.decorators import display
from unfold.forms import AdminPasswordChangeForm, UserCreationForm

from surveys.admin.scoped import ScopedAdmin, badge, user_of, without_side_doors
from surveys.models import Role, UnitKerja, User
from surveys.permissions import (
    MANAGES,
    grant_role,
    paths_of,
    people_under,
    under,
    withdraw_role,
)
from surveys.views.desk import moment

if TYPE_CHECKING:
    AccountAdmin = DjangoUserAdmin[User]
    ModelForm = forms.ModelForm[User]
else:
    AccountAdmin = DjangoUserAdmin
    ModelForm = forms.ModelForm


class NewUserForm(UserCreationForm):  # type: ignore[misc]  # unfold has no types
    usable_password = None

    class Meta:
        model = User
        fields = ("email", "name")


class KnownUserForm(ModelForm):
    """The password has a page of its own."""

    class Meta:
        model = User
        fields = ("email", "name", "is_active")


class RoleInline(TabularInline):  # type: ignore[misc]  # unfold has no types
    """A role is given or taken back, never changed into another."""

    model = Role
    fields = ("kind", "unit")
    autocomplete_fields = ("unit",)
    extra = 0
    hide_title = True
    verbose_name_plural = _("Peran")

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return bool(paths_of(user_of(request), MANAGES))

    has_view_permission = has_add_permission
    has_delete_permission = has_add_permission

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def formfield_for_foreignkey(
        self, db_field: Any, request: HttpRequest, **kwargs: Any
    ) -> Any:
        if db_field.name == "unit":
            mine = under(paths_of(user_of(request), MANAGES), "path")
            kwargs["queryset"] = UnitKerja.objects.filter(mine)
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def formfield_for_dbfield(
        self, db_field: Any, request: HttpRequest, **kwargs: Any
    ) -> Any:
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        return without_side_doors(field)

    def get_formset(self, request: HttpRequest, obj: Any = None, **kwargs: Any) -> Any:
        """A new user needs a role: without one nobody could find the account again."""
        if obj is None:
            kwargs.update(min_num=1, validate_min=True)
        return super().get_formset(request, obj, **kwargs)


@admin.register(User)
class UserAdmin(ScopedAdmin, AccountAdmin):
    """Accounts whose every role lies in the administrator's subtree; not one's own."""

    reads = MANAGES
    writes = MANAGES
    actions = None
    lead = _("Siapa yang boleh masuk, dan untuk apa. Yang menjawab tidak punya akun.")
    empty_title = _("Belum ada pengguna")
    empty_text = _("Tambahkan rekan yang ikut mengelola, dan beri peran untuk unitnya.")
    add_label = _("Tambah pengguna")
    form = KnownUserForm
    add_form = NewUserForm
    change_password_form = AdminPasswordChangeForm
    inlines: ClassVar[tuple[type[RoleInline], ...]] = (RoleInline,)
    list_display = ("email", "name", "held", "active", "last_seen")
    list_filter = ("roles__kind", "is_active")
    search_fields = ("email", "name")
    search_help_text = _("Cari surel atau nama")
    ordering = ("email",)
    filter_horizontal = ()
    readonly_fields = ("signing_in",)
    fieldsets = ((None, {"fields": ("email", "name", "signing_in", "is_active")}),)
    add_fieldsets = (
        (
            None,
            {"fields": ("email", "name", "password1", "password2")},
        ),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[User]:
        paths = paths_of(user_of(request), self.reads)
        roles = Prefetch("roles", Role.objects.select_related("unit"))
        return people_under(paths).prefetch_related(roles).order_by(*self.ordering)

    def has_change_permission(
        self, request: HttpRequest, obj: Model | None = None
    ) -> bool:
        return self.has_add_permission(request) and obj != request.user

    def save_formset(
        self, request: HttpRequest, form: ModelForm, formset: Any, change: bool
    ) -> None:
        """Roles are written by the functions that also open and close the desk."""
        formset.save(commit=False)
        for role in formset.deleted_objects:
            withdraw_role(role=role)
        for role in formset.new_objects:
            grant_role(user=form.instance, kind=role.kind, unit=role.unit)

    @display(description=_("Kata sandi"))  # type: ignore[untyped-decorator]
    def signing_in(self, user: User) -> SafeString:
        url = reverse("admin:auth_user_password_change", args=[user.pk])
        return format_html('<a href="{}">{}</a>', url, _("Beri kata sandi baru"))

    @display(description=_("Peran"))  # type: ignore[untyped-decorator]
    def held(self, user: User) -> SafeString | str:
        if user.is_superuser:
            return badge(str(_("Pengelola sistem")), "info")
        return format_html_join(
            " ", '<span class="tint">{}</span>', ((role,) for role in user.roles.all())
        )

    @display(description=_("Aktif"), ordering="is_active")  # type: ignore[untyped-decorator]
    def active(self, user: User) -> SafeString:
        if user.is_active:
            return badge(str(_("Aktif")), "done")
        return badge(str(_("Tidak aktif")))

    @display(description=_("Masuk terakhir"), ordering="last_login")  # type: ignore[untyped-decorator]
    def last_seen(self, user: User) -> str:
        return moment(user.last_login) if user.last_login else "–"


@admin.register(Role)
class RoleAdmin(ScopedAdmin):
    """All roles of the subtree at a glance; given and taken on the user's page."""

    reads = MANAGES
    lead = _("Satu hak, dipegang untuk satu unit dan semua di bawahnya.")
    empty_title = _("Belum ada peran")
    empty_text = _("Peran diberikan pada halaman pengguna.")
    list_display = ("kind", "held_for", "user")
    list_display_links = None
    list_filter = ("kind",)
    list_select_related = ("user", "unit")
    search_fields = ("user__email", "user__name", "unit__code", "unit__name")
    search_help_text = _("Cari pengguna atau unit")
    ordering = ("kind", "unit__path")
    sortable_by = ()

    def within(self, paths: list[str]) -> Q:
        return under(paths, "unit__path")

    @display(description=_("Unit"))  # type: ignore[untyped-decorator]
    def held_for(self, role: Role) -> str:
        return str(role.unit)
