"""What the pages of authoring need beside plain variables."""

from __future__ import annotations

from collections.abc import Mapping

from django import template

from surveys.instruments.checks import name_of
from surveys.instruments.parts import Place

register = template.Library()


@register.filter
def get(text: Mapping[str, str], language: str) -> str:
    """A text in one language, "" where it is missing."""
    return text.get(language, "")


@register.filter
def place_name(place: Place) -> str:
    """``Pertanyaan BP1``."""
    return name_of(place)
