"""Words of the desk that templates need."""

from __future__ import annotations

from django import template

from surveys.views import desk

register = template.Library()


@register.filter
def level_words(level: str) -> str:
    """``ESELON_II`` as people write it."""
    return desk.level_words(level)
