"""Words of the desk that templates need."""

from __future__ import annotations

import re

from django import template
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext

from surveys.views import desk

register = template.Library()


@register.filter
def level_words(level: str) -> str:
    """``ESELON_II`` as people write it."""
    return desk.level_words(level)


@register.filter
def with_our_labels(table: SafeString) -> SafeString:
    """A list as unfold draws it, each stacked cell headed as the column would be.

    Unfold heads them with the name of the field as the model has it, in small letters,
    and the first one, as if it held a box to tick, with words of its own.
    """
    first = f'data-label="{gettext("Select record")}"'
    return mark_safe(  # noqa: S308  # what unfold has escaped
        re.sub(
            r'(?<=data-label=")\w',
            lambda letter: letter[0].upper(),
            table.replace(first, 'data-label=""'),
        )
    )
