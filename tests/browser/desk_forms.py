"""Filling in the desk's forms as somebody who reads their words."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.utils import timezone


def day(days: int) -> str:
    return (timezone.localtime() + timedelta(days=days)).strftime("%d-%m-%Y")


def press(page: Any, name: str) -> None:
    """A button or link of the page, by its words."""
    link = page.get_by_role("link", name=name, exact=True)
    link.or_(page.get_by_role("button", name=name, exact=True)).first.click()


def choose(page: Any, field: str, words: str) -> None:
    """From a list that is searched as one types."""
    page.locator(f"#id_{field} + .select2").click()
    page.locator(".select2-search__field:visible").last.fill(words)
    page.locator(".select2-results__option", has_text=words).first.click()
