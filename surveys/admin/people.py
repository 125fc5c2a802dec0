"""Staff of the platform and their roles. Employees who answer are never here."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from django import forms
from django.contrib import admin
from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin
from django.db.models import Exists, Model, OuterRef, Prefetch, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from unfold.admin import TabularInline
from unfold.decorators import display
from unfold.forms import AdminPasswordChangeForm
from unfold.widgets import UnfoldAdminTextInputWidget

from surveys.admin.scoped import ScopedAdmin, badge, user_of, without_side_doors
from surveys.models import Role, SecondFactor, UnitKerja, User
from surveys.staff import staff_invitations
from surveys.staff.permissions import (
    MANAGES,
    grant_role,
    paths_of,
    people_under,
    under,
    withdraw_role,
)
from surveys.staff.second_factor import FACTORS
from surveys.structure.placing import in_full, place_of, placed
from surveys.views import staff
from surveys.views.desk import moment
from surveys.views.unit_choice import UnitChoice

if TYPE_CHECKING:
    AccountAdmin = DjangoUserAdmin[User]
    ModelForm = forms.ModelForm[User]
else:
    AccountAdmin = DjangoUserAdmin
    ModelForm = forms.ModelForm


class AddressForm(ModelForm):
    """However it is spelled, an address is one account."""

    def clean_email(self) -> str:
        address = User.objects.normalize_email(self.cleaned_data["email"])
        others = User.objects.exclude(pk=self.instance.pk)
        if others.filter(email__iexact=address).exists():
            raise forms.ValidationError(_("Sudah ada akun dengan surel ini."))
        return address


class InvitedForm(AddressForm):
    """Who is invited chooses the password, not who invites."""

    class Meta:
        model = User
        fields = ("email", "name")
        widgets = {"email": UnfoldAdminTextInputWidget(attrs={"type": "email"})}  # noqa: RUF012  # Django reads a plain dict


class KnownUserForm(AddressForm):
    """The password has a page of its own."""

    class Meta:
        model = User
        fields = ("email", "name", "is_active")


class RoleInline(TabularInline):  # type: ignore[misc]  # unfold has no types
    """A role is given or taken back, never changed into another."""

    model = Role
    fields = ("kind", "unit", "place")
    readonly_fields = ("place",)
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

    def get_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        """Roles that are held already say which of two namesakes the unit is."""
        return self.fields if obj else ("kind", "unit")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Role]:
        rows: QuerySet[Role] = super().get_queryset(request).select_related("unit")
        return placed(rows, paths_of(user_of(request), MANAGES), "unit__parent")

    @display(description=_("Kode dan induk"))  # type: ignore[untyped-decorator]
    def place(self, role: Role) -> str:
        return place_of(role.unit) if role.pk else "–"

    def formfield_for_choice_field(
        self, db_field: Any, request: HttpRequest, **kwargs: Any
    ) -> Any:
        """None is chosen beforehand: the first in the list is the strongest."""
        kwargs["choices"] = db_field.get_choices(blank_choice=[("", _("Pilih peran"))])
        return super().formfield_for_choice_field(db_field, request, **kwargs)

    def formfield_for_foreignkey(
        self, db_field: Any, request: HttpRequest, **kwargs: Any
    ) -> Any:
        if db_field.name == "unit":
            paths = paths_of(user_of(request), MANAGES)
            mine = UnitKerja.objects.filter(under(paths, "path"))
            kwargs |= {"queryset": placed(mine, paths), "form_class": UnitChoice}
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
    add_label = _("Undang pengguna")
    form = KnownUserForm
    add_form = InvitedForm
    add_form_template = None
    change_password_form = AdminPasswordChangeForm
    inlines: ClassVar[tuple[type[RoleInline], ...]] = (RoleInline,)
    list_display = ("email", "name", "held", "active", "protected", "last_seen")
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
            {
                "fields": ("email", "name"),
                "description": _(
                    "Undangan berisi tautan yang berlaku 72 jam dan hanya sekali. Yang"
                    " diundang memilih sendiri kata sandinya."
                ),
            },
        ),
    )

    def get_urls(self) -> list[URLPattern]:
        return [
            path(
                f"<int:user_id>/{words}/",
                self.admin_site.admin_view(self.beside(view)),
                name=f"surveys_user_{name}",
            )
            for words, name, view in (
                ("undangan", "invitation", staff.invitation),
                ("faktor-kedua", "factor", staff.lost_factor),
                ("perangkat", "devices", staff.sign_out),
            )
        ] + super().get_urls()

    def beside(self, view: Any) -> Any:
        """A page about an account that this reader may see; others do not exist."""

        def page(request: HttpRequest, user_id: int) -> HttpResponse:
            answer: HttpResponse = view(request, self, self.found(request, user_id))
            return answer

        return page

    def get_queryset(self, request: HttpRequest) -> QuerySet[User]:
        paths = paths_of(user_of(request), self.reads)
        roles = Prefetch("roles", Role.objects.select_related("unit"))
        factor = SecondFactor.objects.filter(user=OuterRef("pk"), type__in=FACTORS)
        people = people_under(paths).annotate(has_factor=Exists(factor))
        people = people.select_related("invitation").prefetch_related(roles)
        return people.order_by(*self.ordering)

    def has_change_permission(
        self, request: HttpRequest, obj: Model | None = None
    ) -> bool:
        return self.has_add_permission(request) and obj != request.user

    def save_model(
        self, request: HttpRequest, obj: User, form: ModelForm, change: bool
    ) -> None:
        """A new account has no password until its owner chooses one."""
        if not change:
            obj.set_unusable_password()
        super().save_model(request, obj, form, change)

    def response_add(
        self, request: HttpRequest, obj: User, post_url_continue: str | None = None
    ) -> HttpResponse:
        """The invitation goes out, or its link is shown once."""
        invited = staff_invitations.invitation_to(user=obj, invited_by=user_of(request))
        return staff.send_or_show(request, invited)

    def save_formset(
        self, request: HttpRequest, form: ModelForm, formset: Any, change: bool
    ) -> None:
        """Roles are written by the functions that also open and close the desk."""
        formset.save(commit=False)
        for role in formset.deleted_objects:
            withdraw_role(role=role)
        for role in formset.new_objects:
            grant_role(user=form.instance, kind=role.kind, unit=role.unit)

    @display(description=_("Masuk ke akun"))  # type: ignore[untyped-decorator]
    def signing_in(self, user: User) -> SafeString:
        url = reverse("admin:auth_user_password_change", args=[user.pk])
        links = [*staff.pages_beside(user), (url, _("Beri kata sandi baru"))]
        return format_html_join(" · ", '<a href="{}">{}</a>', links)

    @display(description=_("Peran"))  # type: ignore[untyped-decorator]
    def held(self, user: User) -> SafeString | str:
        if user.is_superuser:
            return badge(str(_("Pengelola sistem")), "info")
        return format_html_join(
            " ",
            '<span class="tint">{} ({})</span>',
            ((role, role.unit.code) for role in user.roles.all()),
        )

    @display(description=_("Aktif"), ordering="is_active")  # type: ignore[untyped-decorator]
    def active(self, user: User) -> SafeString:
        invited = getattr(user, "invitation", None)
        if not user.is_active:
            return badge(str(_("Tidak aktif")))
        if invited is None or invited.accepted_at:
            return badge(str(_("Aktif")), "done")
        if staff_invitations.is_open(invited):
            return badge(str(_("Diundang")), "info")
        return badge(str(_("Undangan lewat")), "attention")

    @display(description=_("Faktor kedua"))  # type: ignore[untyped-decorator]
    def protected(self, user: Any) -> str:
        return str(_("Terpasang")) if user.has_factor else "–"

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

    def get_queryset(self, request: HttpRequest) -> QuerySet[Role]:
        rows = super().get_queryset(request)
        return placed(rows, paths_of(user_of(request), self.reads), "unit__parent")

    @display(description=_("Unit"))  # type: ignore[untyped-decorator]
    def held_for(self, role: Role) -> str:
        return in_full(role.unit)
