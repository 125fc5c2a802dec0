"""Icons written into the respondent's page: none costs a request of its own."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

from django import template
from django.contrib.staticfiles import finders
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

SYMBOL = re.compile(r'<symbol id="([\w-]+)" viewBox="0 0 24 24">(.*?)</symbol>', re.S)

register = template.Library()


@cache
def _symbols() -> dict[str, str]:
    found = str(finders.find("img/icons.svg"))
    return dict(SYMBOL.findall(Path(found).read_text(encoding="utf-8")))


@register.simple_tag
def inline_icon(name: str) -> SafeString:
    """The icon of this name in ``img/icons.svg``; KeyError if there is none."""
    paths = mark_safe(_symbols()[name])  # noqa: S308  # our own file
    return format_html(
        '<svg class="icon" viewBox="0 0 24 24" aria-hidden="true" focusable="false">'
        "{}</svg>",
        paths,
    )
