"""What the database can hold, asked of the models, so that files are checked alike."""

from __future__ import annotations

import re

from django.db import models

from surveys.models.organisation import CODE


def longest(model: type[models.Model], column: str) -> int:
    """How many characters this column takes."""
    field = model._meta.get_field(column)
    return (isinstance(field, models.Field) and field.max_length) or 0


def is_code(text: str) -> bool:
    """Letters, digits, and . _ - after the first."""
    return re.fullmatch(CODE.regex, text) is not None
