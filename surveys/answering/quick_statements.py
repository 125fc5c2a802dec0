"""A few statements straight to the database, planned once for each connection."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import wraps
from typing import Any, ParamSpec, TypeVar
from weakref import WeakKeyDictionary

from django.db import InterfaceError, OperationalError, connection

Arguments = ParamSpec("Arguments")
Result = TypeVar("Result")

_prepared: WeakKeyDictionary[Any, set[str]] = WeakKeyDictionary()
"""Names of the statements that a connection of psycopg2 knows."""


@dataclass(frozen=True)
class Quick:
    """A statement with values ``$1``, ``$2``, …; planning it took longer than doing it.

    ``first`` is sent along in the same transaction, with the same values in Python's
    placeholders (``%(p1)s``), as locks must be taken before the statement looks.
    """

    name: str
    text: str
    n_values: int
    first: str = ""

    def one_row(self, values: Sequence[Any]) -> tuple[Any, ...] | None:
        """The first row, or None; the ORM would take longer than PostgreSQL does."""
        numbered = {f"p{n}": value for n, value in enumerate(values, start=1)}
        with connection.cursor() as cursor:
            known = _prepared.setdefault(connection.connection, set())
            if self.name not in known:
                cursor.execute(f"PREPARE {self.name} AS {self.text}")
                known.add(self.name)
            cursor.execute(self._call, numbered)
            row: tuple[Any, ...] | None = cursor.fetchone()
        return row

    @property
    def _call(self) -> str:
        places = ", ".join(f"%(p{n})s" for n in range(1, self.n_values + 1))
        return f"{self.first}EXECUTE {self.name} ({places})"


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
