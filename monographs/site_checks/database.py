"""The database: its version, its tables, the role, the clock, and the record's head."""

import time
from collections.abc import Iterator

from django.conf import settings
from django.core.checks import CheckMessage, Error, Warning
from django.db import DatabaseError, connection

from monographs.checks import publish_permissions
from monographs.core.db_clock import database_now
from monographs.core.db_pooler import follows_prepared_statements, is_behind_pooler, shares_sessions
from monographs.core.db_suitability import encoding_fault
from monographs.core.db_version import server_major
from monographs.core.migration_history import pending_migrations
from monographs.editions.ledger import is_intact
from monographs.editions.models import LedgerEntry
from monographs.editions.roles import reason_not_to_start
from monographs.site_checks.site_check import DATABASE_HINT, first_line, site_check

#: The oldest PostgreSQL that has what we use (docs/operators/settings.md).
OLDEST_POSTGRESQL = 15
#: Seconds by which clocks may differ. A code of a second factor is valid for 30 seconds (RFC 6238, 5.2).
CLOCK_WARNING, CLOCK_ERROR = 2, 30


@site_check(unfit="the database does not answer")
def database_answers() -> Iterator[CheckMessage]:
    """The database answers."""
    try:
        database_now()
    except DatabaseError as error:
        yield Error(f"The database does not answer: {first_line(error)}", hint=DATABASE_HINT)


@site_check()
def postgresql_version() -> Iterator[CheckMessage]:
    """The database server is recent enough."""
    found = server_major()
    if found < OLDEST_POSTGRESQL:
        yield Error(
            f"The server is PostgreSQL {found}; {OLDEST_POSTGRESQL} or later is needed.",
            hint="Back up with `manage.py backup`, and restore on a newer server.",
        )


@site_check()
def database_encoding() -> Iterator[CheckMessage]:
    """The database can store and compare every letter."""
    if fault := encoding_fault():
        sentence, _, remedy = fault.partition(". ")
        yield Error(f"{sentence}.", hint=f"{remedy} Then back up, and restore into it.")


@site_check()
def database_letters() -> Iterator[CheckMessage]:
    """The database knows capital and small letters of every language."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_database(), lower('Ä') = 'ä'")
        name, knows = cursor.fetchone()
    if not knows:
        yield Warning(
            f"The database {name} has a locale that knows capitals of English only: lists of the admin do "
            "not find “Ärzte” by “ärzte”. Pages and search of readers are not concerned.",
            hint=f"Create one as deploy/roles.sql does: CREATE DATABASE {name} ENCODING 'UTF8' LC_CTYPE "
            "'C.UTF-8' TEMPLATE template0. Then back up, and restore into it.",
        )


@site_check(unfit="migrations are not applied")
def migrations() -> Iterator[CheckMessage]:
    """Every migration of this release is applied."""
    if pending := pending_migrations():
        yield Error(
            f"{len(pending)} migrations are not applied, {pending[0]} first; until then /readyz answers 503.",
            hint="Run `manage.py migrate` with the environment file of the owner (DATABASE_OWNER_URL).",
        )


@site_check(unfit="the database role could change the record")
def database_role() -> Iterator[CheckMessage]:
    """The database role can do its work, and cannot change the record."""
    if reason := reason_not_to_start():
        yield Error(reason, hint="See docs/operators/installation.md, Two database roles.")
    elif not settings.REQUIRE_RESTRICTED_ROLE:
        yield Warning(
            "ONE_DATABASE_ROLE=true: anybody with the application's password could disable the triggers "
            "that protect the record.",
            hint="Use two roles if the host offers them (deploy/roles.sql); else store heads elsewhere.",
        )
    with connection.cursor() as cursor:
        cursor.execute("SELECT to_regclass('editions_ledgerentry') IS NULL")
        if not cursor.fetchone()[0]:
            cursor.execute("SELECT has_table_privilege('editions_ledgerentry', 'INSERT')")
            if not cursor.fetchone()[0]:
                yield Error(
                    "The database role may not add to the record, so nothing can be signed.",
                    hint="Run `manage.py migrate` with DATABASE_OWNER_URL: it grants what the role needs.",
                )


@site_check()
def pooler() -> Iterator[CheckMessage]:
    """A pooler before the database is one that the settings know."""
    if not is_behind_pooler():
        if settings.DATABASE_POOLER:
            yield Warning(
                "DATABASE_POOLER=transaction, but nothing stands before the database: limits of time are not "
                "set, and each public page is planned anew.",
                hint="Remove DATABASE_POOLER, or let DATABASE_URL name the pooler.",
            )
        return
    if not settings.DATABASE_POOLER and shares_sessions():
        yield Error(
            "A pooler in transaction mode stands before the database, and the service does not know it: "
            "statements and cursors get into sessions of others.",
            hint="Set DATABASE_POOLER=transaction, or let the pooler keep sessions (pool_mode = session).",
        )
    if settings.PREPARED_STATEMENTS and not follows_prepared_statements():
        yield Error(
            "PREPARED_STATEMENTS=true, and the pooler does not follow them, so public pages fail at random.",
            hint="Remove PREPARED_STATEMENTS, or use PgBouncer 1.21 with max_prepared_statements = 200.",
        )
    if not settings.DATABASE_SESSION_LIMITS and _setting("statement_timeout") == "0":
        yield Warning(
            "Nothing limits the time of a statement: behind a pooler the service cannot.",
            hint=f"ALTER ROLE {connection.settings_dict['USER']} SET statement_timeout = "
            f"'{settings.DATABASE_STATEMENT_SECONDS:g}s', lock_timeout and "
            "idle_in_transaction_session_timeout in the same way, and let the pooler reconnect (RECONNECT).",
        )


@site_check()
def connection_number() -> Iterator[CheckMessage]:
    """The database server has a connection for each that the workers of a container may open."""
    if is_behind_pooler():
        return
    each = max(settings.DATABASE_POOL_SIZE, 1)
    wanted, allowed = settings.WEB_CONCURRENCY * each, _connections_allowed()
    if wanted >= allowed:
        yield Warning(
            f"WEB_CONCURRENCY={settings.WEB_CONCURRENCY} workers with {each} connections each "
            f"(DATABASE_POOL_SIZE) open {wanted}, and the server gives this role {allowed} at most, those of "
            "the scheduler and of other containers included: requests fail while it is busy.",
            hint="Set fewer, raise max_connections of the server (or the limit of the role), or put "
            "PgBouncer before it (docs/operators/installation.md, PgBouncer).",
        )


def _connections_allowed() -> int:
    """How many connections the server gives the role that signed in, and which is no superuser."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT least(current_setting('max_connections')::int "
            "- current_setting('superuser_reserved_connections')::int "
            "- coalesce(current_setting('reserved_connections', true)::int, 0), "
            "nullif(rolconnlimit, -1), nullif(datconnlimit, -1)) FROM pg_roles, pg_database "
            "WHERE rolname = session_user AND datname = current_database()"
        )
        found: int = cursor.fetchone()[0]
    return found


def _setting(name: str) -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting(%s)", [name])
        found: str = cursor.fetchone()[0]
    return found


@site_check()
def clock() -> Iterator[CheckMessage]:
    """This machine's clock agrees with the database's, by which everything due is decided."""
    before = time.time()
    there = database_now().timestamp()
    after = time.time()
    apart = max(before - there, there - after, 0.0)
    if apart > CLOCK_WARNING:
        kind = Error if apart > CLOCK_ERROR else Warning
        yield kind(
            f"This machine's clock and the database's differ by {apart:.0f} seconds: sessions and codes "
            "of second factors fail.",
            hint="Let both set their clocks by NTP (`timedatectl set-ntp true`).",
        )


@site_check(unfit="a group or account holds a permission to publish by hand")
def nobody_publishes_by_hand() -> Iterator[CheckMessage]:
    """Nobody holds a permission to publish, which follows from signatures only."""
    for holder, permission in publish_permissions("default"):
        yield Error(
            f"{holder} may publish by hand ({permission}).",
            hint="Remove the permission; `manage.py setup_site` does so for page permissions.",
        )


@site_check(unfit="the ledger's head does not match its hash", manual="Evidence")
def ledger_head() -> Iterator[CheckMessage]:
    """The ledger's last entry is intact, and not of the future."""
    last = LedgerEntry.objects.order_by("-seq").first()
    if last is None:
        yield Warning(
            "The ledger is empty: set-up has not run, or this is not the database of the site.",
            hint="Run `manage.py setup_site`, or correct DATABASE_URL.",
        )
    elif not is_intact(last):
        yield Error(
            f"Entry {last.seq} of the ledger does not match its hash: it was changed outside the service.",
            hint="Run `manage.py ledger verify --anchor FILE` with a head stored elsewhere, and keep "
            "the database as it is for whoever finds out what happened.",
        )
    elif (ahead := (last.at - database_now()).total_seconds()) > CLOCK_WARNING:
        yield Error(
            f"The ledger's last entry is {ahead:.0f} seconds ahead of the database's clock.",
            hint="That clock was set back. Correct it before anything is signed.",
        )
