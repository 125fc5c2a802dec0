"""One statement straight to the database, on the connection as it is."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, ParamSpec, TypeVar

from django.db import InterfaceError, OperationalError, connection

Values = list[Any] | dict[str, Any]
Arguments = ParamSpec("Arguments")
Result = TypeVar("Result")


def safe_to_repeat(work: Callable[Arguments, Result]) -> Callable[Arguments, Result]:
    """Use the connection as it is, and once more a new one if it turns out dead.

    Asking each time whether it lives would be one statement more for each request.
    """

    @wraps(work)
    def repeating(*args: Arguments.args, **kwargs: Arguments.kwargs) -> Result:
        connection.health_check_done = True  # type: ignore[attr-defined]  # no stub
        try:
            return work(*args, **kwargs)
        except (OperationalError, InterfaceError):
            no_longer = connection.connection is not None and not connection.is_usable()
            if connection.in_atomic_block or not no_longer:
                raise
            connection.close()
            return work(*args, **kwargs)

    return repeating


def one_row(query: str, values: Values) -> tuple[Any, ...] | None:
    """Straight to the database: the ORM would take longer than PostgreSQL does."""
    with connection.cursor() as cursor:
        cursor.execute(query, values)
        row: tuple[Any, ...] | None = cursor.fetchone()
    return row
