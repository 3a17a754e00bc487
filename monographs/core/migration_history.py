"""Which migrations a database has, and whether this release can go on from there."""

from functools import cache

from django.db import DEFAULT_DB_ALIAS, connections
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder

#: The last version with the migrations that `0001_release_1_0` of each app replaces.
VERSION_BEFORE_1_0 = "0.1.0 (commit a069b21d)"


def pending_migrations(using: str = DEFAULT_DB_ALIAS) -> list[str]:
    """Return the migrations that the database lacks, ``app.name``, in the order in which they are applied.

    If an earlier release was not finished (``unfinished_release``): those that it lacks. To read all modules
    of migrations takes 30 ms, so it is done only if one seems to be missing. Raises ``DatabaseError``.
    """
    applied = set(MigrationRecorder(connections[using]).applied_migrations())
    if missing := _missing_of_earlier_release(applied):
        return missing
    if _migrations_of_this_release() <= applied:
        return []
    executor = MigrationExecutor(connections[using])
    return [str(step) for step, _ in executor.migration_plan(executor.loader.graph.leaf_nodes())]


def unfinished_release(using: str = DEFAULT_DB_ALIAS) -> str:
    """Return why this release cannot migrate the database, and what to do; empty if it can.

    A database with some of the migrations that one of ours replaces, but not with all, needs the rest, which
    only an earlier release has. Django would stop with an error about its graph, or see nothing to do.
    """
    missing = _missing_of_earlier_release(set(MigrationRecorder(connections[using]).applied_migrations()))
    if not missing:
        return ""
    return (
        f"This database was made by a version before 1.0, and {len(missing)} of that version's migrations "
        f"are missing: {', '.join(missing)}. Nothing was changed. Install version {VERSION_BEFORE_1_0} first "
        "and run its `manage.py migrate`, then install this version and migrate again."
    )


def _missing_of_earlier_release(applied: set[tuple[str, str]]) -> list[str]:
    missing = {name for replaced in _replaced_and_gone() if replaced & applied for name in replaced - applied}
    return sorted(map(".".join, missing))


@cache
def _replaced_and_gone() -> list[frozenset[tuple[str, str]]]:
    """Per migration of this release, the ones that it replaces and that only earlier releases have.

    Those that are still on disk are applied one by one, as Wagtail's.
    """
    loader = MigrationLoader(None, load=False)
    loader.load_disk()
    found = loader.disk_migrations
    return [frozenset(migration.replaces) - set(found) for migration in found.values()]


@cache
def _migrations_of_this_release() -> frozenset[tuple[str, str]]:
    return frozenset(MigrationLoader(None).graph.nodes)
