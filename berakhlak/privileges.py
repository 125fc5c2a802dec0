"""What the role ``berakhlak_app`` may do: rows, never tables; some rows only once.

A model says what it allows by ``app_privileges = ("SELECT", "INSERT")``; one that says
nothing allows all four.
"""

from __future__ import annotations

from django.apps import apps
from django.db import connection, models, transaction

from berakhlak.engines import APP

ALL_ROWS = ("SELECT", "INSERT", "UPDATE", "DELETE")


def app_privileges(model: type[models.Model]) -> tuple[str, ...]:
    """The privileges of the app on the table of one model."""
    privileges: tuple[str, ...] = getattr(model, "app_privileges", ALL_ROWS)
    unknown = set(privileges) - set(ALL_ROWS)
    if unknown:
        raise ValueError(f"{model.__name__} allows {', '.join(sorted(unknown))}.")
    return privileges


@transaction.atomic
def grant_app_privileges() -> int:
    """Give the app exactly what the models say; tables of no model stay closed.

    Returns the number of tables opened. Runs as the owner; safe to run twice.
    """
    tables = {
        model._meta.db_table: app_privileges(model)
        for model in apps.get_models(include_auto_created=True)
        if model._meta.managed and not model._meta.proxy
    }
    quote = connection.ops.quote_name
    with connection.cursor() as cursor:
        existing = set(connection.introspection.table_names(cursor))
        cursor.execute(f"REVOKE ALL ON ALL TABLES IN SCHEMA public FROM {APP}")
        cursor.execute(f"REVOKE ALL ON ALL SEQUENCES IN SCHEMA public FROM {APP}")
        opened = sorted(existing & set(tables))
        for table in opened:
            rights = ", ".join(tables[table])
            cursor.execute(f"GRANT {rights} ON {quote(table)} TO {APP}")
        cursor.execute(f"GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO {APP}")
        cursor.execute(f"GRANT USAGE ON SCHEMA public TO {APP}")
    return len(opened)
