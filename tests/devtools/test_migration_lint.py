"""What the linter of migrations says of each change of a table, and of migrations that have landed."""

from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection, models
from django.db.migrations import Migration
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.operations import (
    AddConstraint,
    AddField,
    AddIndex,
    AlterField,
    AlterModelTable,
    CreateModel,
    DeleteModel,
    RemoveField,
    RenameField,
    RenameModel,
    RunPython,
    RunSQL,
)
from django.db.migrations.state import ProjectState
from pgtrigger.compiler import Trigger
from pgtrigger.migrations import AddTrigger

from devtools import migration_lint, migration_manifest
from monographs.editions.triggers import FirmTriggerSql

pytestmark = pytest.mark.django_db


def trigger(table: str) -> Trigger:
    """A trigger of this project as a migration installs it."""
    sql = FirmTriggerSql(
        table=table, func="RETURN NEW;", hash="", operation="INSERT", when="BEFORE", pgid="pgtrigger_new"
    )
    return Trigger(name="new", sql=sql)


def new_table(*constraints: Any) -> CreateModel:
    fields: list[Any] = [
        ("id", models.BigAutoField(primary_key=True)),
        ("name", models.CharField(max_length=9)),
    ]
    return CreateModel("Invoice", fields, {"constraints": list(constraints)})


POSITIVE = models.CheckConstraint(condition=models.Q(id__gt=0), name="positive")
UNIQUE = models.UniqueConstraint(fields=["slug"], name="only_one")
TEXT: Any = models.CharField(max_length=9)

#: The operation, and the code of what is wrong with it for the release before; empty: nothing.
OPERATIONS = [
    (RemoveField("feedback", "slug"), "DROP_COLUMN"),
    (RenameField("feedback", "slug", "name"), "RENAME_COLUMN"),
    (RenameModel("Feedback", "Comment"), "RENAME_TABLE"),
    (AlterModelTable("feedback", "comments"), "RENAME_TABLE"),
    (DeleteModel("Feedback"), "DROP_TABLE"),
    (AddField("feedback", "new", TEXT), "NOT_NULL"),
    (AddField("feedback", "new", models.CharField(max_length=9, default="")), "NOT_NULL"),
    (AlterField("feedback", "slug", models.IntegerField()), "ALTER_COLUMN"),
    (AddConstraint("feedback", UNIQUE), "ADD_UNIQUE"),
    (AddConstraint("feedback", POSITIVE), "ADD_CHECK"),
    (AddTrigger("feedback", trigger("feedback_feedback")), "TRIGGER"),
    (RunSQL("\n  -- gone\n  ALTER TABLE feedback_feedback\n  DROP COLUMN slug;"), "DROP_COLUMN"),
    (RunSQL("CREATE TRIGGER t BEFORE INSERT ON feedback_feedback EXECUTE FUNCTION f();"), "TRIGGER"),
    (RunSQL("CREATE FUNCTION f() RETURNS TRIGGER AS $$ BEGIN DROP TABLE x; END $$ LANGUAGE plpgsql;"), ""),
    (AddField("feedback", "new", models.CharField(max_length=9, null=True)), ""),
    (AddField("feedback", "new", models.CharField(max_length=9, db_default="")), ""),
    (AlterField("feedback", "slug", models.CharField(max_length=255, null=True)), ""),
    (AddIndex("feedback", models.Index(fields=["slug"], name="by_slug")), ""),
    (new_table(models.UniqueConstraint(fields=["name"], name="one_name")), ""),
    (RunPython(RunPython.noop), ""),
]


@pytest.fixture(scope="module")
def before(django_db_setup: None, django_db_blocker: Any) -> ProjectState:
    """The tables of the feedback app."""
    with django_db_blocker.unblock():
        return MigrationLoader(connection).project_state(("feedback", "0001_release_1_0"))


def said(before: ProjectState, *operations: Any, **attributes: Any) -> str:
    """What the linter says of a migration with these operations."""
    migration_type = type("Migration", (Migration,), {"operations": list(operations)} | attributes)
    migration = migration_type("0002_x", "feedback")
    return "\n".join(migration_lint.incompatibilities(migration, before.clone()))


def name_of(value: Any) -> str:
    return value if isinstance(value, str) else type(value).__name__


@pytest.mark.parametrize(("operation", "code"), OPERATIONS, ids=name_of)
def test_what_the_release_before_cannot_do_with(before: ProjectState, operation: Any, code: str) -> None:
    message = said(before, operation)
    assert (f"({code})" in message and message.count("\n") == 0) if code else message == ""


def test_a_new_table_may_have_any_rule(before: ProjectState) -> None:
    assert said(before, new_table(POSITIVE), AddTrigger("invoice", trigger("feedback_invoice"))) == ""


def test_a_reason_is_accepted_for_its_own_fault_alone(before: ProjectState) -> None:
    removal, rename = RemoveField("feedback", "slug"), RenameField("feedback", "key", "name")
    assert "two releases" in said(before, removal)
    assert said(before, removal, accepted={"DROP_COLUMN": "Nobody reads it since 1.1."}) == ""
    assert "DROP_COLUMN" in said(before, removal, accepted={"DROP_COLUMN": " "})
    assert "RENAME_COLUMN" in said(before, removal, rename, accepted={"DROP_COLUMN": "unused"})


def test_this_projects_migrations_pass() -> None:
    call_command("lint_migrations")
    assert len(migration_manifest.landed()) >= 9, "the manifest lists one migration per app"


def repository(folder: Path) -> Path:
    """A manifest, and two migrations that it lists."""
    below = folder / "monographs" / "rules" / "migrations"
    below.mkdir(parents=True)
    for name in ("__init__.py", "0001_a.py", "0002_b.py"):
        (below / name).write_text(name)
    assert len(migration_manifest.add(folder / "list", folder)) == 2
    return below


def test_an_edited_and_a_removed_migration_are_refused(tmp_path: Path) -> None:
    below = repository(tmp_path)
    listed = migration_manifest.landed(tmp_path / "list")
    assert not list(migration_manifest.edited(listed, migration_manifest.migrations(tmp_path)))
    (below / "0001_a.py").write_text("other")
    (below / "0002_b.py").unlink()
    found = migration_manifest.migrations(tmp_path)
    changed, removed = migration_manifest.edited(listed, found)
    assert "0002_b.py has landed and was removed" in removed
    assert "0001_a.py has landed and was edited" in changed
    before = (tmp_path / "list").read_text()
    with pytest.raises(ValueError, match="was edited"):
        migration_manifest.add(tmp_path / "list", tmp_path)
    assert (tmp_path / "list").read_text() == before


def test_a_new_migration_is_only_added(tmp_path: Path) -> None:
    below = repository(tmp_path)
    before = (tmp_path / "list").read_text()
    (below / "0003_c.py").write_text("new")
    listed = migration_manifest.landed(tmp_path / "list")
    assert "--add" in next(migration_manifest.unlisted(listed, migration_manifest.migrations(tmp_path)))
    assert migration_manifest.add(tmp_path / "list", tmp_path) == ["monographs/rules/migrations/0003_c.py"]
    assert (tmp_path / "list").read_text().startswith(before)
    assert migration_manifest.add(tmp_path / "list", tmp_path) == []
