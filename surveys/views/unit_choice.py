"""Choosing a unit: by name, code and parent, wherever a form asks for one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from django import forms
from django.contrib.admin.views.autocomplete import AutocompleteJsonView
from django.db.models import QuerySet

from surveys.models import UnitKerja, User
from surveys.staff.permissions import DESK, paths_of
from surveys.structure.placing import in_full, placed

if TYPE_CHECKING:
    OneUnit = forms.ModelChoiceField[UnitKerja]
    Units = forms.ModelMultipleChoiceField[UnitKerja]
else:
    OneUnit = forms.ModelChoiceField
    Units = forms.ModelMultipleChoiceField


class UnitChoice(OneUnit):
    """One unit."""

    def label_from_instance(self, unit: UnitKerja) -> str:
        return in_full(unit)


class UnitsChoice(Units):
    """Any number of units."""

    def label_from_instance(self, unit: UnitKerja) -> str:
        return in_full(unit)


class Choices(AutocompleteJsonView):
    """What a field offers while one types."""

    def get_queryset(self) -> QuerySet[Any]:
        rows: QuerySet[Any] = super().get_queryset()
        if rows.model is not UnitKerja:
            return rows
        user = cast(User, self.request.user)
        return placed(rows.select_related(None), paths_of(user, DESK))

    def serialize_result(self, obj: Any, to_field_name: str) -> dict[str, str]:
        shown: dict[str, str] = super().serialize_result(obj, to_field_name)
        if isinstance(obj, UnitKerja):
            shown["text"] = in_full(obj)
        return shown
