"""What the application's database role may do, and whether this one may do more.

The record's tables refuse changes by triggers, which their owner could switch off. So migrations run as
the owner, and the application as a role that owns nothing.
"""

from typing import Any

from django.apps import apps
from django.conf import settings
from django.db import DEFAULT_DB_ALIAS, connections, transaction
from django.db.migrations.recorder import MigrationRecorder
from psycopg import sql

#: Everything that can be done to a table but reading and adding to it.
CHANGES = ("UPDATE", "DELETE", "TRUNCATE", "REFERENCES", "TRIGGER")
DESK = ("SELECT", "INSERT", "UPDATE", "DELETE")


def privileges() -> dict[str, tuple[str, ...]]:
    """What the application needs, for every table: all of the desk's rows; of the record's, no change.

    A table of the record is told by its own triggers, so one that comes with a later release is too.
    """
    needed = {
        model._meta.db_table: _needed(model)
        for model in apps.get_models(include_auto_created=True)
        if model._meta.managed and not model._meta.proxy
    }
    return {**needed, MigrationRecorder.Migration._meta.db_table: ("SELECT",)}


def record_tables() -> dict[str, tuple[str, ...]]:
    """Tables that must not be changed, and what may be done with them."""
    return {table: may for table, may in privileges().items() if may != DESK}


def _needed(model: Any) -> tuple[str, ...]:
    refused = {trigger.name for trigger in getattr(model._meta, "triggers", ())}
    if "no_update_or_delete" in refused:
        return ("SELECT", "INSERT")
    return ("SELECT", "INSERT", "UPDATE") if "no_delete" in refused else DESK


def grant_application(role: str, using: str = DEFAULT_DB_ALIAS) -> None:
    """Leave ``role`` with what the application needs and nothing else. Run as the tables' owner."""
    to = sql.Identifier(role)
    statements = [
        sql.SQL("REVOKE ALL ON ALL TABLES IN SCHEMA public FROM {}").format(to),
        sql.SQL("REVOKE ALL ON ALL SEQUENCES IN SCHEMA public FROM {}").format(to),
        sql.SQL("GRANT USAGE ON SCHEMA public TO {}").format(to),
        sql.SQL("GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {}").format(to),
        *(
            sql.SQL("GRANT {} ON public.{} TO {}").format(
                sql.SQL(", ").join(map(sql.SQL, may)), sql.Identifier(table), to
            )
            for table, may in sorted(privileges().items())
        ),
    ]
    with transaction.atomic(using=using), connections[using].cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


def grant_after_migrating(using: str, **kwargs: Any) -> None:
    """Receiver of ``post_migrate``: every run of ``migrate`` leaves the grants right; nothing to forget."""
    if settings.APPLICATION_ROLE:
        grant_application(settings.APPLICATION_ROLE, using)


def excess(using: str = DEFAULT_DB_ALIAS) -> list[str]:
    """What the connected role may do that the application must not be able to; empty when all is well."""
    tables = record_tables()
    with connections[using].cursor() as cursor:
        cursor.execute("SELECT rolname, rolsuper FROM pg_roles WHERE rolname = current_user")
        role, superuser = cursor.fetchone()
        if superuser:
            return [f"{role} is a superuser"]
        cursor.execute(_MAY, {"tables": list(tables)})
        return [
            f"{role} may {what} {where}".strip()
            for what, where in cursor.fetchall()
            if what not in tables.get(where, ())
        ]


_MAY = f"""
    SELECT 'own', relname::text FROM pg_class
        WHERE relnamespace = 'public'::regnamespace AND relname = ANY(%(tables)s::text[])
            AND pg_has_role(current_user, relowner, 'MEMBER')
    UNION ALL SELECT 'own', proname || '()' FROM pg_proc
        WHERE oid IN (SELECT tgfoid FROM pg_trigger JOIN pg_class c ON c.oid = tgrelid
                WHERE NOT tgisinternal AND c.relname = ANY(%(tables)s::text[]))
            AND pg_has_role(current_user, proowner, 'MEMBER')
    UNION ALL SELECT privilege, t
        FROM unnest(%(tables)s::text[]) AS t, unnest(ARRAY{list(CHANGES)}) AS privilege
        WHERE has_table_privilege(format('public.%%I', t), privilege)
            OR privilege IN ('UPDATE', 'REFERENCES')
                AND has_any_column_privilege(format('public.%%I', t), privilege)
    UNION ALL SELECT 'create tables in schema', nspname::text FROM pg_namespace
        WHERE nspname = 'public' AND has_schema_privilege(oid, 'CREATE')
    UNION ALL SELECT 'create schemas', '' WHERE has_database_privilege(current_database(), 'CREATE')
    UNION ALL SELECT 'create temporary tables', ''
        WHERE has_database_privilege(current_database(), 'TEMPORARY')
    UNION ALL SELECT 'create roles', '' FROM pg_roles WHERE rolname = current_user AND rolcreaterole
    UNION ALL SELECT 'replicate', '' FROM pg_roles WHERE rolname = current_user AND rolreplication
    UNION ALL SELECT 'set', 'session_replication_role'
        WHERE has_parameter_privilege('session_replication_role', 'SET')
"""  # noqa: S608  # made of a constant of this file
