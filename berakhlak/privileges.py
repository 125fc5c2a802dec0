"""What the role ``berakhlak_app`` may do: rows, never tables; some rows only once.

A model says what it allows by ``app_privileges = ("SELECT", "INSERT")``; one that says
nothing allows all four. For models of other packages ``OF_OTHERS`` says it.
"""

from __future__ import annotations

from django.apps import apps
from django.db import connection, models, transaction

from berakhlak.engines import APP

ALL_ROWS = ("SELECT", "INSERT", "UPDATE", "DELETE")
OF_OTHERS: dict[str, tuple[str, ...]] = {
    "admin.LogEntry": ("SELECT", "INSERT"),
    "pghistory.Context": (),
}

# pgtrigger lets any session switch its triggers off by a variable, and pghistory keeps
# the context of a change in a table that has to stay changeable. Neither here: the
# history cannot be switched off, and its lines hold their context themselves.
HISTORY_ALWAYS = (
    """
    CREATE OR REPLACE FUNCTION public._pgtrigger_should_ignore(trigger_name name)
    RETURNS boolean LANGUAGE sql IMMUTABLE AS 'SELECT false'
    """,
    """
    CREATE OR REPLACE FUNCTION _pgh_attach_context()
    RETURNS uuid LANGUAGE sql STABLE AS 'SELECT NULL::uuid'
    """,
)


def app_privileges(model: type[models.Model]) -> tuple[str, ...]:
    """The privileges of the app on the table of one model."""
    of_others = OF_OTHERS.get(model._meta.label, ALL_ROWS)
    privileges: tuple[str, ...] = getattr(model, "app_privileges", of_others)
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
        for function in HISTORY_ALWAYS:
            cursor.execute(function)
        opened = sorted(name for name in existing & set(tables) if tables[name])
        for table in opened:
            rights = ", ".join(tables[table])
            cursor.execute(f"GRANT {rights} ON {quote(table)} TO {APP}")
        cursor.execute(f"GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO {APP}")
        cursor.execute(f"GRANT USAGE ON SCHEMA public TO {APP}")
    return len(opened)
