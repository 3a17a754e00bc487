"""Whether a database can hold the tables of the service."""

from django.db import DEFAULT_DB_ALIAS, connections


def encoding_fault(using: str = DEFAULT_DB_ALIAS) -> str:
    """Return why texts cannot be stored in the database, and what to do; empty if they can."""
    with connections[using].cursor() as cursor:
        cursor.execute("SELECT current_database(), current_setting('server_encoding')")
        name, encoding = cursor.fetchone()
    if encoding == "UTF8":
        return ""
    return (
        f"The database {name} has the encoding {encoding}, in which not every letter can be stored or "
        f"compared. Create one with UTF8, as deploy/roles.sql does: CREATE DATABASE {name} ENCODING 'UTF8' "
        "TEMPLATE template0."
    )


def creation_fault(using: str = DEFAULT_DB_ALIAS) -> str:
    """Return why the role cannot create tables, and what to do; empty if it can."""
    with connections[using].cursor() as cursor:
        cursor.execute(
            "SELECT current_database(), current_user, has_schema_privilege('public', 'CREATE'),"
            " pg_get_userbyid(datdba) = current_user FROM pg_database WHERE datname = current_database()"
        )
        name, role, may_create, is_owner = cursor.fetchone()
    if may_create:
        return ""
    if is_owner:  # of a database that was taken over from PostgreSQL 14 or older
        return (
            f"The role {role} owns the database {name} and may not create tables in its schema: as a "
            f"superuser, in that database, ALTER SCHEMA public OWNER TO pg_database_owner."
        )
    return (
        f"The role {role} may not create tables. Use the environment file of the owner (DATABASE_OWNER_URL; "
        "docs/operators/installation.md, Two database roles)."
    )
