"""After a test that committed: only what it filled is emptied.

Django's own flush truncates every table, each of which then gets new files, and makes
content types and rights anew: half a second after each of hundreds of tests.
"""

from __future__ import annotations

from django.db import connection, transaction
from django.db.backends.utils import CursorWrapper
from django.test import TransactionTestCase

KEPT = frozenset({"django_migrations", "django_content_type", "auth_permission"})
"""What migrations wrote, and no test changes."""


def empty_filled_tables() -> None:
    """All rows of all tests go, guarded ones too; sequences run on."""
    with transaction.atomic(), connection.cursor() as cursor:
        filled = filled_tables(cursor)
        for table in filled:
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        for table in filled:
            cursor.execute(f"DELETE FROM {table}")  # noqa: S608  # names of our own
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        for table in filled:
            cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")


def filled_tables(cursor: CursorWrapper) -> list[str]:
    """Quoted names of the tables with a row."""
    names = connection.introspection.django_table_names(
        only_existing=True, include_views=False
    )
    quoted = [connection.ops.quote_name(name) for name in sorted({*names} - KEPT)]
    ask = " UNION ALL ".join(
        f"(SELECT '{name}' FROM {name} LIMIT 1)"  # noqa: S608  # names of our own
        for name in quoted
    )
    cursor.execute(ask)
    return [name for (name,) in cursor.fetchall()]


def fixture_teardown(_test: TransactionTestCase) -> None:
    """In the place of Django's."""
    empty_filled_tables()
