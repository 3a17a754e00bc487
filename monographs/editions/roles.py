"""Privileges of the application's database role, and a check that it has no others.

The append-only tables refuse changes by triggers, which their owner could switch off. So migrations run
as the owner, and the application as a role that owns nothing.
"""

from typing import Any

from django.apps import apps
from django.conf import settings
from django.db import DEFAULT_DB_ALIAS, connections, transaction
from django.db.migrations.recorder import MigrationRecorder
from psycopg import sql

#: All table privileges except SELECT and INSERT.
CHANGE_PRIVILEGES = ("UPDATE", "DELETE", "TRUNCATE", "REFERENCES", "TRIGGER")
#: Of an ordinary table: all that Django needs.
READ_AND_WRITE = ("SELECT", "INSERT", "UPDATE", "DELETE")


def privileges() -> dict[str, tuple[str, ...]]:
    """Privileges the application needs, by table: read and write, or less for tables that refuse changes.

    Such a table is recognised by its own triggers, so a new one needs no entry here.
    """
    needed = {
        model._meta.db_table: _needed(model)
        for model in apps.get_models(include_auto_created=True)
        if model._meta.managed and not model._meta.proxy
    }
    return {**needed, MigrationRecorder.Migration._meta.db_table: ("SELECT",)}


def record_tables() -> dict[str, tuple[str, ...]]:
    """The tables that refuse changes, and what the application may do with them."""
    return {table: allowed for table, allowed in privileges().items() if allowed != READ_AND_WRITE}


def _needed(model: Any) -> tuple[str, ...]:
    refused = {trigger.name for trigger in getattr(model._meta, "triggers", ())}
    if "no_update_or_delete" in refused:
        return ("SELECT", "INSERT")
    return ("SELECT", "INSERT", "UPDATE") if "no_delete" in refused else READ_AND_WRITE


def grant_application(role: str, using: str = DEFAULT_DB_ALIAS) -> None:
    """Grant ``role`` exactly what the application needs. Must run as the owner of the tables."""
    to = sql.Identifier(role)
    statements = [
        sql.SQL("REVOKE ALL ON ALL TABLES IN SCHEMA public FROM {}").format(to),
        sql.SQL("REVOKE ALL ON ALL SEQUENCES IN SCHEMA public FROM {}").format(to),
        sql.SQL("GRANT USAGE ON SCHEMA public TO {}").format(to),
        sql.SQL("GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {}").format(to),
        *(
            sql.SQL("GRANT {} ON public.{} TO {}").format(
                sql.SQL(", ").join(map(sql.SQL, allowed)), sql.Identifier(table), to
            )
            for table, allowed in sorted(privileges().items())
        ),
    ]
    with transaction.atomic(using=using), connections[using].cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


def grant_after_migrating(using: str, **kwargs: Any) -> None:
    """Receiver of ``post_migrate``: renew the grants after every run of ``migrate``."""
    if settings.APPLICATION_ROLE:
        grant_application(settings.APPLICATION_ROLE, using)


def excess_privileges(using: str = DEFAULT_DB_ALIAS) -> list[str]:
    """What the connected role may do beyond ``privileges()``; empty if nothing."""
    tables = record_tables()
    with connections[using].cursor() as cursor:
        cursor.execute("SELECT rolname, rolsuper FROM pg_roles WHERE rolname = current_user")
        role, superuser = cursor.fetchone()
        if superuser:
            return [f"{role} is a superuser"]
        cursor.execute(_ACTUAL_PRIVILEGES_SQL, {"tables": list(tables)})
        return [
            f"{role} may {what} {where}".strip()
            for what, where in cursor.fetchall()
            if what not in tables.get(where, ())
        ]


def reason_not_to_start() -> str:
    """Why a process that serves people, or publishes for them, must not run as its database role; else empty.

    Raises ``DatabaseError`` if the database does not answer.
    """
    if settings.APPLICATION_ROLE:
        return (
            "This process was given DATABASE_OWNER_URL, which is for `manage.py migrate` only: a process of "
            "the service must not be able to change the record. Remove it from the environment."
        )
    excess = excess_privileges() if settings.REQUIRE_RESTRICTED_ROLE else []
    if not excess:
        return ""
    return (
        f"The role in DATABASE_URL could change the record of what was signed ({'; '.join(excess)}).\n\n"
        "Connect as the application's role instead. deploy/roles.sql creates it, and `manage.py migrate` "
        "with DATABASE_OWNER_URL grants it what it needs (docs/operators/installation.md, Two database "
        "roles). On a host that offers one role only, set ONE_DATABASE_ROLE=true, which accepts this "
        "explicitly."
    )


_ACTUAL_PRIVILEGES_SQL = f"""
    SELECT 'own', relname::text FROM pg_class
        WHERE relnamespace = 'public'::regnamespace AND relname = ANY(%(tables)s::text[])
            AND pg_has_role(current_user, relowner, 'MEMBER')
    UNION ALL SELECT 'own', proname || '()' FROM pg_proc
        WHERE oid IN (SELECT tgfoid FROM pg_trigger JOIN pg_class c ON c.oid = tgrelid
                WHERE NOT tgisinternal AND c.relname = ANY(%(tables)s::text[]))
            AND pg_has_role(current_user, proowner, 'MEMBER')
    UNION ALL SELECT privilege, t
        FROM unnest(%(tables)s::text[]) AS t, unnest(ARRAY{list(CHANGE_PRIVILEGES)}) AS privilege
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
"""  # noqa: S608  # built from a constant of this file
