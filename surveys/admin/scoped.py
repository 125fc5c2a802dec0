"""The one place where a list of the desk is bound to the roles of whoever looks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, NoReturn, cast

from django.db.models import Model, Q, QuerySet
from django.http import Http404, HttpRequest
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from unfold.admin import ModelAdmin

from surveys.admin.history import object_history
from surveys.models import UnitKerja, User
from surveys.staff.permissions import DESK, paths_of
from surveys.staff.recorded import is_recorded
from surveys.structure.placing import placed
from surveys.views.unit_choice import UnitChoice

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise


def user_of(request: HttpRequest) -> User:
    """The signed-in user; pages of the desk have no other readers."""
    return cast(User, request.user)


def may_enter(request: HttpRequest) -> bool:
    """Whether this reader holds any role at the desk."""
    return isinstance(request.user, User) and bool(paths_of(request.user, DESK))


def badge(text: str, kind: str = "") -> SafeString:
    """A state in words on a tint."""
    return format_html('<span class="tint {}">{}</span>', kind, text)


def simulated(is_simulated: bool) -> SafeString:
    """The tag that everything simulated carries."""
    if not is_simulated:
        return SafeString()
    return format_html(' <span class="tag">{}</span>', _("Data simulasi"))


def without_side_doors(field: Any) -> Any:
    """A form field without the links that would open another list in a window."""
    if hasattr(getattr(field, "widget", None), "can_view_related"):
        field.widget.can_view_related = False
        field.widget.can_add_related = False
    return field


class ScopedAdmin(ModelAdmin):  # type: ignore[misc]  # unfold has no types
    """Read-only by default; a row outside the reader's subtrees does not exist."""

    reads: ClassVar[tuple[str, ...]] = ()
    writes: ClassVar[tuple[str, ...]] = ()
    lead: ClassVar[_StrPromise | str] = ""
    empty_title: ClassVar[_StrPromise | str] = ""
    empty_text: ClassVar[_StrPromise | str] = ""
    add_label: ClassVar[_StrPromise | str] = ""

    actions = None
    list_per_page = 50
    show_full_result_count = False
    list_filter_sheet = True

    def within(self, paths: list[str]) -> Q:
        """The rows that lie in these subtrees: none, unless a list says which."""
        return Q(pk__in=[])

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        rows: QuerySet[Any] = super().get_queryset(request)
        return rows.filter(self.within(paths_of(user_of(request), self.reads)))

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self.has_view_permission(request)

    def has_view_permission(
        self, request: HttpRequest, obj: Model | None = None
    ) -> bool:
        return bool(paths_of(user_of(request), self.reads))

    def has_add_permission(
        self, request: HttpRequest, obj: Model | None = None
    ) -> bool:
        return bool(paths_of(user_of(request), self.writes))

    def has_change_permission(
        self, request: HttpRequest, obj: Model | None = None
    ) -> bool:
        return False

    def has_delete_permission(
        self, request: HttpRequest, obj: Model | None = None
    ) -> bool:
        return False

    def formfield_for_dbfield(
        self, db_field: Any, request: HttpRequest, **kwargs: Any
    ) -> Any:
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        return without_side_doors(field)

    def formfield_for_foreignkey(
        self, db_field: Any, request: HttpRequest, **kwargs: Any
    ) -> Any:
        """A unit that is chosen stands there with its code and its parent."""
        if db_field.related_model is UnitKerja and kwargs.get("queryset") is not None:
            units = placed(kwargs["queryset"], paths_of(user_of(request), DESK))
            kwargs |= {"queryset": units, "form_class": UnitChoice}
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> Any:
        """One button saves; what comes next is on the page that follows."""
        buttons = {"show_save_and_add_another": False, "show_save_and_continue": False}
        return super().changeform_view(
            request, object_id, form_url, {**buttons, **(extra_context or {})}
        )

    def history_view(
        self,
        request: HttpRequest,
        object_id: str,
        extra_context: dict[str, Any] | None = None,
    ) -> Any:
        """Who did what here, when and why."""
        return object_history(request, self, self.found(request, object_id))

    def log_change(self, request: HttpRequest, obj: Model, message: Any) -> Any:
        """Words of ours are kept; which fields changed, the history knows better."""
        if isinstance(message, list) and is_recorded(obj):
            return None
        return super().log_change(request, obj, message)

    def log_addition(self, request: HttpRequest, obj: Model, message: Any) -> Any:
        """The same of something new."""
        if isinstance(message, list) and is_recorded(obj):
            return None
        return super().log_addition(request, obj, message)

    def found(self, request: HttpRequest, object_id: object) -> Any:
        """The row with this key, or 404: foreign and missing look the same."""
        row = self.get_object(request, str(object_id))
        if row is None:
            raise Http404
        return row

    def _get_obj_does_not_exist_redirect(
        self, request: HttpRequest, opts: Any, object_id: str
    ) -> NoReturn:
        raise Http404
