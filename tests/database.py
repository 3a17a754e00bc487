"""The test database: migrated once, kept as a template, copied by each worker of each run."""

import hashlib
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection, transaction

from monographs.core.conflict_retry import retry_conflicts
from monographs.editions import models as editions
from monographs.label_watch.models import LabelAnswer, LabelVersion
from monographs.review.models import DraftAuthorship, SuggestionExemption
from monographs.source_library.models import SourceChange

#: Tables whose triggers refuse to delete rows: pages that had an edition, accounts that wait, suggestions,
#: drafts that were set aside.
GUARDED = [
    *("wagtailcore_page", "monographs_monographpage", "monographs_drugclasspage", "accounts_signinghold"),
    "review_setasidedraft",
    "monographs_standardtextpage",
    "review_suggestion",
]
#: Tables whose triggers refuse UPDATE, DELETE and TRUNCATE.
APPEND_ONLY = [
    model._meta.db_table
    for model in (
        editions.ConflictEnd,
        editions.ConflictOfInterest,
        editions.Contribution,
        editions.Edition,
        editions.EditionFigure,
        editions.LedgerEntry,
        editions.PreparedSentence,
        editions.Publication,
        editions.Retraction,
        editions.Signature,
        editions.TimeStamp,
        editions.Withdrawal,
        DraftAuthorship,
        LabelAnswer,
        LabelVersion,
        SourceChange,
        SuggestionExemption,
    )
]

TEMPLATE = "test_template_"
#: Held while databases are created; any number that nothing else uses.
CREATION_LOCK = 1_911_284_155
PACKAGES = ("cms", "devtools", "home", "monographs")
#: What a migrated database depends on besides migrations and the project's modules that they import.
OTHER_SOURCES = ("cms/settings/base.py", "monographs/editions/roles.py", "requirements-dev.txt")
_PROJECT_IMPORT = re.compile(rf"^(?:import|from) ((?:{'|'.join(PACKAGES)})\.[\w.]+)", re.MULTILINE)


def schema_fingerprint() -> str:
    """Return a hash of everything that decides what a migrated database looks like."""
    base: Path = settings.BASE_DIR
    sources = {base / name for name in OTHER_SOURCES}
    for package in PACKAGES:
        for migration in (base / package).rglob("migrations/*.py"):
            sources.add(migration)
            for module in _PROJECT_IMPORT.findall(migration.read_text()):
                file = base.joinpath(*module.split("."))
                sources |= {path for path in (file.with_suffix(".py"), file / "__init__.py") if path.exists()}
    digest = hashlib.sha256()
    for source in sorted(sources):
        digest.update(f"{source.relative_to(base)}\0".encode() + source.read_bytes())
    return digest.hexdigest()[:16]


def database_template() -> str:
    """Return the name of a migrated database to copy, made first if it is missing or outdated."""
    prefix = f"{TEMPLATE}{connection.settings_dict['NAME']}_"
    template = f"{prefix}{schema_fingerprint()}"
    with connection._nodb_cursor() as server:
        server.execute("SELECT pg_advisory_lock(%s)", [CREATION_LOCK])
        _drop_outdated_templates(server, prefix, template)
        server.execute("SELECT 1 FROM pg_database WHERE datname = %s", [template])
        if server.fetchone() is None:
            _create_template(server, template)
    return template


@contextmanager
def copied_database(template: str, name: str) -> Iterator[None]:
    """Make ``name`` a copy of ``template``, replacing any database of that name; drop it afterwards."""
    with connection._nodb_cursor() as server:
        server.execute("SELECT pg_advisory_lock(%s)", [CREATION_LOCK])
        server.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        server.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
    try:
        yield
    finally:
        with connection._nodb_cursor() as server:
            server.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


@contextmanager
def connected_to(name: str) -> Iterator[None]:
    """Let Django use the database ``name``."""
    original = connection.settings_dict["NAME"]
    connect_to(name)
    try:
        yield
    finally:
        connect_to(original)


@contextmanager
def connection_to(name: str) -> Iterator[Any]:
    """A second connection, to the database ``name``, outside any transaction.

    Its sequences go on at another number, so that no primary key is also one of the first database's.
    """
    opened = connection.get_new_connection({**connection.get_connection_params(), "dbname": name})
    opened.autocommit = True
    opened.execute("SET TIME ZONE 'UTC'")
    opened.execute("SELECT setval(seqrelid::regclass, 1000000) FROM pg_sequence")
    opened.autocommit = False
    try:
        yield opened
    finally:
        opened.close()


@contextmanager
def connected_through(other: Any) -> Iterator[None]:
    """Let Django, in a test's transaction, send its statements through ``other``; undo these afterwards."""
    original, connection.connection = connection.connection, other
    try:
        yield
    finally:
        other.rollback()
        connection.connection = original


def connect_to(name: str) -> None:
    """Use the database ``name`` from now on."""
    connection.close()
    settings.DATABASES["default"]["NAME"] = connection.settings_dict["NAME"] = name


def _drop_outdated_templates(server: Any, prefix: str, current: str) -> None:
    server.execute(
        "SELECT datname FROM pg_database WHERE starts_with(datname, %s) AND datname <> %s", [prefix, current]
    )
    for (outdated,) in server.fetchall():
        server.execute(f'DROP DATABASE IF EXISTS "{outdated}" WITH (FORCE)')


def _create_template(server: Any, name: str) -> None:
    """Migrate a database under another name, so that an interrupted run leaves no incomplete template."""
    original, test_name = connection.settings_dict["NAME"], connection.settings_dict["TEST"]["NAME"]
    connection.settings_dict["TEST"]["NAME"] = unfinished = f"{name}_new"
    try:
        connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
    finally:
        connection.settings_dict["TEST"]["NAME"] = test_name
        connect_to(original)
    server.execute(f'ALTER DATABASE "{unfinished}" RENAME TO "{name}"')


class SavedRows:
    """Every row of the database at one moment, to be restored after tests that commit."""

    def __init__(self) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1")
            self.tables = [row[0] for row in cursor.fetchall()]
            self.digests = self._digests(cursor)
            self.rows = {table: self._rows(cursor, table) for table in self.tables}

    def restore(self) -> None:
        """Replace the rows of each table that has changed; sequences go on counting.

        As the tables' owner may, it turns the triggers of append-only tables off meanwhile. A late request of
        the test may want its tables in another order, so a deadlock is no failure.
        """
        retry_conflicts(self._restore)

    def _restore(self) -> None:
        with transaction.atomic(), connection.cursor() as cursor:
            digests = self._digests(cursor)
            changed = [table for table in self.tables if digests[table] != self.digests[table]]
            guarded = [table for table in changed if table in (*APPEND_ONLY, *GUARDED)]
            for table in guarded:
                cursor.execute(f'ALTER TABLE public."{table}" DISABLE TRIGGER USER')
            for table in changed:
                cursor.execute(f'DELETE FROM public."{table}"')  # noqa: S608  # a name from the catalogue
            for table in changed:
                with cursor.copy(f'COPY public."{table}" FROM STDIN') as copy:
                    copy.write(self.rows[table])
            if guarded:  # no trigger may be pending when a table is altered
                cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            for table in guarded:
                cursor.execute(f'ALTER TABLE public."{table}" ENABLE TRIGGER USER')

    def _digests(self, cursor: Any) -> dict[str, str | None]:
        each = (
            f"SELECT '{table}', md5(string_agg(each::text, ' ' ORDER BY each::text)) "  # noqa: S608
            f'FROM public."{table}" each'
            for table in self.tables
        )
        cursor.execute(" UNION ALL ".join(each))
        return dict(cursor.fetchall())

    @staticmethod
    def _rows(cursor: Any, table: str) -> bytes:
        with cursor.copy(f'COPY public."{table}" TO STDOUT') as copy:
            return b"".join(copy)


def without_trigger(table: str, name: str) -> None:
    """Switch a trigger off for the rest of the test's transaction, as an owner of the tables can."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE; SET CONSTRAINTS ALL DEFERRED")  # none may be pending
        cursor.execute(
            "SELECT tgname FROM pg_trigger WHERE tgrelid = %s::regclass AND tgname LIKE %s",
            [table, f"pgtrigger_{name}_%"],
        )
        (trigger,) = (row[0] for row in cursor.fetchall())
        cursor.execute(f'ALTER TABLE {table} DISABLE TRIGGER "{trigger}"')
