"""A restore drill: a busy site is saved, destroyed, and restored on the same and on another PostgreSQL."""

import hashlib
import json
import os
import shutil
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.core.management import call_command
from django.db import connection
from django.test import Client

from monographs.backup.archive import checked_manifest
from monographs.editions.models import Edition, Publication
from tests.deployment.conftest import database_url, environment, run
from tests.deployment.other_postgres import installed_versions, server
from tests.factories import make_image, make_monograph, make_user, publish, with_figure

#: Backups that are written while editions are signed.
BACKUPS = 3

#: Seconds within which an edition must be signed between two backups, on a machine with much else to do.
LONGEST_SIGNATURE = 120

#: Restore, and print what patients would be sent from every path, as JSON.
RESTORE_AND_READ = """
import hashlib, json, sys
import django; django.setup()
from django.core.management import call_command
from django.test import Client
file, *paths = sys.argv[1:]
call_command("restore", file)
client = Client()
print(json.dumps({path: hashlib.sha256(client.get(path).getvalue()).hexdigest() for path in paths}))
"""


@pytest.fixture
def empty_database(transactional_db: None) -> Iterator[str]:
    """The URL of an empty database."""
    name = f"{connection.settings_dict['NAME']}_restored"
    with psycopg.connect(database_url("postgres"), autocommit=True) as superuser:
        superuser.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        superuser.execute(f'CREATE DATABASE "{name}"')
        yield database_url(name)
        superuser.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


class BusySite:
    """Medicines that are published one after the other in a thread."""

    def __init__(self) -> None:
        self.names: list[str] = []
        self.signed = threading.Semaphore(0)

    def wait_for_the_next(self) -> None:
        """Return when one more edition was signed than at the last call; fails when nothing is signed."""
        assert self.signed.acquire(timeout=LONGEST_SIGNATURE), "nothing was signed while backups were written"


@contextmanager
def signing() -> Iterator[BusySite]:
    """Publish one medicine after the other in a thread until the block ends."""
    stop = threading.Event()
    site = BusySite()
    writer, reviewer = make_user("busy", "Medical writers"), make_user("signer", "Medical reviewers")

    def sign() -> None:
        try:
            while not stop.is_set():
                name = f"busyumab-{len(site.names)}"
                page = with_figure(make_monograph(name, by=writer), make_image("red", by=writer), writer)
                publish(page, writer, reviewer)
                site.names.append(name)
                site.signed.release()
        finally:
            connection.close()

    thread = threading.Thread(target=sign)
    thread.start()
    try:
        yield site
    finally:
        stop.set()
        thread.join()


def public_bytes() -> dict[str, str]:
    """Return the hash of what patients are sent, by the path of each edition and its figures."""
    paths = [
        *(f"{path}editions/{number}/" for path, number in Edition.objects.values_list("path", "number")),
        *Publication.objects.values_list("path", flat=True),
        *(
            f"/figures/{name}"
            for name in Edition.objects.values_list("figures__file_name", flat=True)
            if name
        ),
    ]
    client = Client()
    return {path: hashlib.sha256(client.get(path).getvalue()).hexdigest() for path in paths}


@pytest.mark.django_db(transaction=True)
def test_a_backup_restores_the_record_the_figures_and_the_uploads(
    committed_edition: Edition, figure_files: None, empty_database: str, tmp_path: Path
) -> None:
    files = [tmp_path / f"{number}.backup" for number in range(BACKUPS)]
    with signing() as busy_site:
        for file in files:
            busy_site.wait_for_the_next()
            call_command("backup", file)  # exit 0: every file that the rows refer to is in it
    manifests = [checked_manifest(file, None) for file in files]
    heads = [manifest.ledger_head.seq for manifest in manifests]
    assert heads == sorted(heads)

    last = tmp_path / "last.backup"
    call_command("backup", last)
    published = public_bytes()
    assert len(published) >= 2 * len(busy_site.names)
    shutil.rmtree(tmp_path / "figures")
    shutil.rmtree(tmp_path / "media")

    assert restored(last, empty_database, tmp_path / "same", published) == published
    majors = installed_versions()
    assert majors or not os.environ.get("CI"), "install postgresql: one drill is on another version"
    for major in majors:
        with server(major) as url:
            assert restored(last, url, tmp_path / str(major), published) == published, major


def restored(file: Path, url: str, folder: Path, paths: dict[str, str]) -> Any:
    """Restore with the command into ``url``, verify, and return the hashes of the public bytes."""
    folders = {"FIGURES_ROOT": str(folder / "figures"), "MEDIA_ROOT": str(folder / "media")}
    env = environment(DATABASE_URL=url, DJANGO_SETTINGS_MODULE="cms.settings.local", **folders)
    env["ALLOWED_HOSTS"] = "testserver"
    result = run(sys.executable, "-c", RESTORE_AND_READ, str(file), *paths, env=env)
    assert result.returncode == 0, result.stderr
    said, verified, hashes = result.stdout.splitlines()
    assert said.startswith(f"Restored {file}")
    assert verified.startswith("OK ")
    return json.loads(hashes)
