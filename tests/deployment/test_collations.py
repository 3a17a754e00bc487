"""Databases of every locale order, compare and find names alike."""

import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db import connection
from django.test import Client

from home.site_setup import set_up_site
from monographs.editions.models import LedgerEntry
from monographs.editions.verify import verify
from monographs.models import MonographIndexPage
from monographs.public.models import ListedPage
from tests.database import connected_to
from tests.deployment.conftest import database_url, postgres_tool
from tests.deployment.other_postgres import installed_versions, server
from tests.factories import make_monograph, make_user, publish
from tests.site_checks.findings import found

pytestmark = pytest.mark.extended

_LIBC = "LOCALE_PROVIDER libc LC_COLLATE '{0}' LC_CTYPE '{0}'"
LOCALES = {
    "C": _LIBC.format("C"),
    "C.UTF-8": _LIBC.format("C.UTF-8"),
    "de_DE.UTF-8": _LIBC.format("de_DE.UTF-8"),
    "ICU": "LOCALE_PROVIDER icu ICU_LOCALE 'und' LC_COLLATE 'C' LC_CTYPE 'C'",
}
#: By address, in the order of A to Z: capitals, accents and hyphens count for nothing.
MEDICINES = {
    "athinib": "Äthinib",
    "co-trimab": "Co-Trimab",
    "cotrimib": "cotrimib",
    "epsilonib": "epsilonib",
    "odemab": "Ödemab",
    "zebrab": "Zebrab",
}


@pytest.fixture(scope="module")
def debian_server() -> Iterator[str]:
    """The URL of a server of Debian's, which has ICU, and German as its machine would have it."""
    if not (installed_versions() and shutil.which("localedef")) and not os.environ.get("CI"):
        pytest.skip("needs PostgreSQL and localedef of Debian (apt-get install postgresql locales)")
    with tempfile.TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patch:
        os.chmod(folder, 0o755)  # noqa: S103  # the server has a user of its own
        subprocess.run(["localedef", "-i", "de_DE", "-f", "UTF-8", f"{folder}/de_DE.UTF-8"], check=True)
        patch.setenv("LOCPATH", folder)
        with server(installed_versions()[-1]) as url:
            yield url


@pytest.fixture
def locale_database(
    request: pytest.FixtureRequest,
    debian_server: str,
    migrated_database: str,
    transactional_db: None,
    tmp_path: Path,
) -> Iterator[str]:
    """The name of a locale, of which Django is connected to a migrated database."""
    with psycopg.connect(debian_server, autocommit=True) as superuser:
        superuser.execute("DROP DATABASE IF EXISTS other")
        superuser.execute(
            f"CREATE DATABASE other ENCODING 'UTF8' TEMPLATE template0 {LOCALES[request.param]}"
        )
    file, url = tmp_path / "tables.sql", debian_server.replace("/postgres?", "/other?")
    dumped = postgres_tool("pg_dump", "--no-owner", f"--file={file}", database_url(migrated_database))
    assert dumped.returncode == 0, dumped.stderr
    # The one line that an older server does not know
    file.write_text(file.read_text().replace("SET transaction_timeout = 0;", ""))
    loaded = postgres_tool("psql", "--quiet", "--set=ON_ERROR_STOP=1", f"--file={file}", url)
    assert loaded.returncode == 0, loaded.stderr
    with _on_server(debian_server), connected_to("other"):
        yield request.param


@contextmanager
def _on_server(url: str) -> Iterator[None]:
    """Let Django connect to another server."""
    usual, given = dict(connection.settings_dict), psycopg.conninfo.conninfo_to_dict(url)
    connection.settings_dict |= {"HOST": given["host"], "USER": given["user"], "PASSWORD": "", "PORT": ""}
    try:
        yield
    finally:
        connection.settings_dict |= usual


@pytest.mark.parametrize("locale_database", LOCALES, indirect=True)
def test_names_are_ordered_compared_and_found_alike(locale_database: str) -> None:
    set_up_site()
    writer, reviewer = make_user("writer", "Medical writers"), make_user("reviewer", "Medical reviewers")
    publish(MonographIndexPage.objects.get(collection="medicines"), writer, reviewer)
    for slug, title in reversed(MEDICINES.items()):
        publish(make_monograph(title, slug=slug, by=writer), writer, reviewer)
    client = Client()
    page = client.get("/medicines/").content.decode()
    assert re.findall(r'href="/medicines/([\w-]+)/"', page) == list(MEDICINES)
    assert _listed_by_the_api(client) == set(MEDICINES)
    for words, slug in (("ÖDEMAB", "odemab"), ("ödemab", "odemab"), ("athinib", "athinib")):
        assert _searched(client, words) == [slug], words
    assert verify()["editions"] == len(MEDICINES) + 1
    numbers = list(LedgerEntry.objects.order_by("seq").values_list("seq", flat=True))
    assert numbers == list(range(1, len(numbers) + 1))
    with pytest.raises(ValidationError, match="slug"):
        make_monograph("Zebrab two", slug="zebrab", by=writer)
    assert User.objects.filter(email__iexact="WRITER@example.org").exists()
    knows_letters = locale_database != "C"
    assert ListedPage.objects.filter(title__icontains="äTH").exists() == knows_letters
    assert (found("database_letters") == "") == knows_letters


def _searched(client: Client, words: str) -> list[str]:
    return [row["slug"] for row in client.get("/api/v1/search", {"q": words}).json()["results"]]


def _listed_by_the_api(client: Client) -> set[str]:
    """The medicines that the API lists, two a page; none twice."""
    listed: list[str] = []
    address: Any = "/api/v1/monographs?limit=2"
    while address:
        answer = client.get(address).json()
        listed += [row["slug"] for row in answer["items"]]
        address = answer["next"]
    assert len(listed) == len(set(listed))
    return set(listed)
