"""`make backup` and `make restore`: complete, and without overwriting anything."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.db import connection

from monographs.editions.ledger import head
from monographs.editions.models import Edition
from tests.deployment.conftest import database_url, environment, run

FIGURE = Path("ab.png")
UPLOAD = Path("original_images/draft.png")


@pytest.fixture
def empty_database(transactional_db: None) -> Iterator[str]:
    """The URL of an empty database."""
    name = f"{connection.settings_dict['NAME']}_restored"
    with psycopg.connect(database_url("postgres"), autocommit=True) as server:
        server.execute(f'DROP DATABASE IF EXISTS "{name}"')
        server.execute(f'CREATE DATABASE "{name}"')
        yield database_url(name)
        server.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


def make(target: str, file: Path, folder: Path, database: str) -> Any:
    """Run a target of the Makefile on ``database`` with figures and uploads below ``folder``."""
    folders = {"FIGURES_ROOT": str(folder / "figures"), "MEDIA_ROOT": str(folder / "media")}
    env = environment(DATABASE_URL=database, **folders)
    installed = ("-o", "setup")  # the environment that runs the tests will do
    return run("make", *installed, target, f"FILE={file}", env=env)


@pytest.mark.django_db(transaction=True)
def test_a_backup_restores_the_record_the_figures_and_the_uploads(
    committed_edition: Edition, empty_database: str, tmp_path: Path
) -> None:
    before, after, file = tmp_path / "before", tmp_path / "after", tmp_path / "backup.tar"
    for kept in (before / "figures" / FIGURE, before / "media" / UPLOAD):
        kept.parent.mkdir(parents=True)
        kept.write_bytes(b"bytes of a picture")
    here = database_url(connection.settings_dict["NAME"])

    saved = make("backup", file, before, here)
    assert (saved.returncode, saved.stderr) == (0, "")
    restored = make("restore", file, after, empty_database)
    assert (restored.returncode, restored.stderr) == (0, "")

    with psycopg.connect(empty_database) as copy:
        ledger = copy.execute("SELECT seq, hash FROM editions_ledgerentry ORDER BY seq DESC LIMIT 1")
        assert ledger.fetchone() == head()
        with pytest.raises(psycopg.errors.RestrictViolation):
            copy.execute("DELETE FROM editions_edition")
    assert (after / "figures" / FIGURE).read_bytes() == b"bytes of a picture"
    assert (after / "media" / UPLOAD).read_bytes() == b"bytes of a picture"

    again = make("restore", file, after, empty_database)
    assert again.returncode != 0
    assert "Refused: the database already holds" in again.stderr
