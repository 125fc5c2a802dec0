"""What the page of printed letters says of their file."""

from __future__ import annotations

from datetime import datetime

from django import template

from surveys.messages import letters
from surveys.models import Job
from surveys.views import desk

register = template.Library()


@register.filter
def in_words(at: str) -> str:
    """A time that the outcome of a job holds as text."""
    return desk.moment(datetime.fromisoformat(at))


@register.filter
def is_waiting(job: Job) -> bool:
    """Whether the letters of this job can still be fetched."""
    return letters.is_waiting(job)
