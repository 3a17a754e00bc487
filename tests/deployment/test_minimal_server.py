"""A server as a minimal Debian makes it: no locale, texts as bytes, and a schema that belongs to nobody."""

import subprocess
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from devtools.last_release import BACKUP
from tests.deployment.conftest import BASE_DIR, PRODUCTION, environment, folders, postgres_tool, run
from tests.deployment.other_postgres import programs_by_version, server_of


@pytest.fixture(scope="module")
def minimal_server() -> Iterator[str]:
    """The URL of such a server's first database, of the oldest version that this machine has."""
    programs = next(iter(programs_by_version().values()))
    with server_of(programs, ["--locale=C", "--encoding=SQL_ASCII"], ["-c", "fsync=off"]) as url:
        yield url


@pytest.fixture(scope="module")
def roles_made(minimal_server: str) -> str:
    """The same server after the documented script has made both roles and the database."""
    script = f"--file={BASE_DIR / 'deploy' / 'roles.sql'}"
    made = postgres_tool("psql", "--no-psqlrc", "--quiet", script, minimal_server)
    assert (made.returncode, made.stderr) == (0, "")
    return minimal_server


def manage(owner_url: str, folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """Run a management command with the owner's environment file."""
    urls = {
        "DATABASE_OWNER_URL": owner_url,
        "DATABASE_URL": owner_url.replace("monographs_owner@", "monographs_app@"),
    }
    settings = PRODUCTION | folders(folder) | urls
    return run("python", "manage.py", *words, env=environment(**settings))


def of(url: str, role: str, database: str) -> str:
    return url.replace("postgres@/postgres?", f"{role}@/{database}?")


def test_the_scripts_database_stores_every_letter_and_takes_a_backup(roles_made: str, tmp_path: Path) -> None:
    url = of(roles_made, "monographs_owner", "monographs")
    with psycopg.connect(url) as owner:
        assert owner.execute("SHOW server_encoding").fetchone() == ("UTF8",)
        assert owner.execute("SELECT lower('Ä')").fetchone() == ("ä",)
    restored = manage(url, tmp_path, "restore", str(BACKUP))
    assert restored.returncode == 0, restored.stderr
    migrated = manage(url, tmp_path, "migrate", "--verbosity=0")
    assert migrated.returncode == 0, migrated.stderr
    verified = manage(url, tmp_path, "ledger", "verify")
    assert verified.stdout.startswith("OK "), verified.stderr


@pytest.mark.parametrize("command", ["migrate", "restore"])
def test_a_database_that_cannot_store_every_letter_is_refused(
    roles_made: str, tmp_path: Path, command: str
) -> None:
    url = of(roles_made, "monographs_owner", "bytes")
    with psycopg.connect(roles_made, autocommit=True) as superuser:
        superuser.execute("DROP DATABASE IF EXISTS bytes")
        superuser.execute("CREATE DATABASE bytes OWNER monographs_owner")
    done = manage(url, tmp_path, command, *([str(BACKUP)] if command == "restore" else []))
    assert done.returncode == 1
    assert "The database bytes has the encoding SQL_ASCII" in done.stderr
    assert "ENCODING 'UTF8' TEMPLATE template0" in done.stderr


def test_a_schema_in_which_the_owner_may_create_nothing_is_named(roles_made: str, tmp_path: Path) -> None:
    """As in a database that PostgreSQL 14 made, whose schema is a superuser's, with rights taken away."""
    with psycopg.connect(roles_made, autocommit=True) as superuser:
        superuser.execute("DROP DATABASE IF EXISTS closed")
        superuser.execute("CREATE DATABASE closed OWNER monographs_owner ENCODING 'UTF8' TEMPLATE template0")
    closed = roles_made.replace("/postgres?", "/closed?")
    with psycopg.connect(closed, autocommit=True) as superuser:
        superuser.execute("ALTER SCHEMA public OWNER TO postgres")
    url = of(roles_made, "monographs_owner", "closed")
    done = manage(url, tmp_path, "migrate", "--verbosity=0")
    assert done.returncode == 1
    assert "monographs_owner owns the database closed and may not create tables" in done.stderr
    (remedy,) = [part for part in done.stderr.split(", ") if part.startswith("ALTER SCHEMA")]
    with psycopg.connect(closed, autocommit=True) as superuser:
        superuser.execute(remedy.strip().rstrip("."))
    with psycopg.connect(url) as owner:
        owner.execute("CREATE TABLE public.first (id integer)")
