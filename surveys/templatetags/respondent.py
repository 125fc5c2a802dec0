"""What the switch of languages and the questionnaire need to know."""

from __future__ import annotations

from typing import NamedTuple

from django import template
from django.utils.translation import get_language

from surveys.answering import single_sign_on
from surveys.answering.language import COOKIE, DEFAULT, NAMES, offered
from surveys.models import Wave

register = template.Library()


class Choice(NamedTuple):
    """A language one may change to."""

    code: str
    name: str
    query: str


@register.simple_tag
def other_languages(wave: Wave | str | None = None) -> list[Choice]:
    """All languages of this page but the one it is read in."""
    known = wave if isinstance(wave, Wave) else None
    now = get_language() or DEFAULT
    return [
        Choice(code, NAMES[code], f"?{COOKIE}={code}")
        for code in offered(known)
        if code != now
    ]


@register.simple_tag
def language_of_words() -> str:
    """The language of the page's own words, for ``lang`` on ``html``."""
    now = get_language() or DEFAULT
    return now if now in offered(None) else DEFAULT


@register.simple_tag
def language_of_questions(wave: Wave | str | None) -> str:
    """The language the questions are shown in, for ``lang`` around them."""
    now = get_language() or DEFAULT
    known = wave.instrument.languages if isinstance(wave, Wave) else []
    return now if now in known else DEFAULT


@register.simple_tag
def sign_on_is_offered() -> bool:
    """Whether respondents can come in with their staff account."""
    return single_sign_on.is_offered()
