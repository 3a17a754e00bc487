"""Whether the release before still works on what a migration makes, and migrations stay as they landed.

Servers are updated one after the other, and the database first. So the code of the release before reads,
writes and signs on the new tables for a while (docs/releasing.md). ``manage.py lint_migrations`` is part of
``make lint``. The checks of SQL are django-migration-linter's, and two of our own.

A migration that is right all the same says so, by the check's code:
``accepted = {"DROP_COLUMN": "Nothing reads or writes it since 1.1."}``.
"""

import re
from collections.abc import Iterator
from typing import Any

from django.db import connection
from django.db.migrations import Migration
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.state import ProjectState
from django_migration_linter.sql_analyser.analyser import analyse_sql_statements
from django_migration_linter.sql_analyser.base import Check, CheckMode, CheckType
from django_migration_linter.sql_analyser.postgresql import PostgresqlAnalyser

from devtools.migration_manifest import PACKAGES, edited, landed, migrations, unlisted

#: The migration of each app with which the first release began: nothing was before it.
FIRST_RELEASE = "0001_release_1_0"
_FUNCTION_BODY = re.compile(r"\$(\w*)\$.*?\$\1\$", re.DOTALL)
_COMMENT = re.compile(r"^\s*--.*$", re.MULTILINE)
_CREATED = re.compile(r'^CREATE TABLE (?:IF NOT EXISTS )?(?:public\.)?"?(\w+)')
_CHECK = re.compile(r'^ALTER TABLE "?(\w+)"? .*\bCHECK \(')
_TRIGGER = re.compile(r'^CREATE (?:OR REPLACE )?(?:CONSTRAINT )?TRIGGER \w+ .*? ON (?:public\.)?"?(\w+)')


def _on_older_table(pattern: re.Pattern[str]) -> Any:
    """A check for statements of ``pattern`` on a table that the same migration does not create."""

    def found(statements: list[str], **kwargs: Any) -> bool:
        created = {match[1] for match in map(_CREATED.match, statements) if match}
        return any(match[1] not in created for match in map(pattern.match, statements) if match)

    return found


class _ReleaseAnalyser(PostgresqlAnalyser):
    migration_checks = [
        *PostgresqlAnalyser.migration_checks,
        Check(
            code="ADD_CHECK",
            fn=_on_older_table(_CHECK),
            message="ADDING a check constraint",
            mode=CheckMode.TRANSACTION,
            type=CheckType.ERROR,
        ),
        Check(
            code="TRIGGER",
            fn=_on_older_table(_TRIGGER),
            message="A NEW OR CHANGED trigger of an existing table",
            mode=CheckMode.TRANSACTION,
            type=CheckType.ERROR,
        ),
    ]


def statements(migration: Migration, state: ProjectState) -> list[str]:
    """Return the SQL of ``migration`` applied to ``state``, a line per statement, without function bodies."""
    with connection.schema_editor(collect_sql=True, atomic=migration.atomic) as editor:
        migration.apply(state, editor, collect_sql=True)
    script = "\n".join(statement.rstrip("; \n") + ";" for statement in editor.collected_sql)
    script = _COMMENT.sub("", _FUNCTION_BODY.sub("''", script))
    return [" ".join(statement.split()) for statement in script.split(";") if statement.strip()]


def incompatibilities(migration: Migration, state: ProjectState) -> Iterator[str]:
    """Yield why the release before may fail after ``migration``, unless it accepts that with a reason."""
    accepted: dict[str, str] = getattr(migration, "accepted", {})
    issues, _, _ = analyse_sql_statements(_ReleaseAnalyser, statements(migration, state))
    for code, message in {issue.code: issue.message for issue in issues}.items():
        if not accepted.get(code, "").strip():
            yield (
                f"{migration}: {message} ({code}): the release before may fail on it. Do it in two releases "
                "(docs/releasing.md), or say why it does not: accepted = {" + f'"{code}": "…"' + "}"
            )


def faults() -> Iterator[str]:
    """Yield every fault of this project's migrations."""
    listed, found = landed(), migrations()
    yield from edited(listed, found)
    yield from unlisted(listed, found)
    loader = MigrationLoader(connection, replace_migrations=False)
    for key, migration in sorted(loader.disk_migrations.items()):
        if type(migration).__module__.split(".")[0] in PACKAGES and migration.name != FIRST_RELEASE:
            yield from incompatibilities(migration, loader.project_state(key, at_end=False))
